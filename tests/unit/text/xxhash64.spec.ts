import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { xxhash64 } from "../../../assembly/text/xxhash64";

describe("XXH64", () => {
  it("gives the digests of the reference implementation", () => {
    expect(xxhash64(Bytes.empty())).toBe(0xef46db3751d8e999);
    expect(xxhash64(Bytes.of("a"))).toBe(0xd24ec4f1a98c6e5b);
    expect(xxhash64(Bytes.of("abc"))).toBe(0x44bc2cf5ad770999);
    expect(xxhash64(Bytes.of("Nobody inspects the spammish repetition"))).toBe(0xfbcea83c8a378bf1);
  });
});
