import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { toHex } from "../../../assembly/text/hex";
import { Sha256 } from "../../../assembly/text/sha256";
import { fnv1a32 } from "../../../assembly/text/fnv";
import { xxhash64 } from "../../../assembly/text/xxhash64";

function sha256(text: string): string {
  return toHex(Sha256.digest(Bytes.of(text)));
}

describe("SHA-256", () => {
  it("gives the digests of FIPS 180-4", () => {
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(sha256("a".repeat(1000000))).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });

  it("does not depend on how the message is divided", () => {
    const text = Bytes.of("x".repeat(200));
    const whole = toHex(Sha256.digest(text));
    for (let cut = 0; cut <= text.length; cut++) {
      const hash = new Sha256().update(text.slice(0, cut)).update(text.slice(cut)).digest();
      expect(toHex(hash)).toBe(whole);
    }
  });
});

describe("XXH64", () => {
  it("gives the digests of the reference implementation", () => {
    expect(xxhash64(Bytes.empty())).toBe(0xef46db3751d8e999);
    expect(xxhash64(Bytes.of("a"))).toBe(0xd24ec4f1a98c6e5b);
    expect(xxhash64(Bytes.of("abc"))).toBe(0x44bc2cf5ad770999);
    expect(xxhash64(Bytes.of("Nobody inspects the spammish repetition"))).toBe(0xfbcea83c8a378bf1);
  });
});

describe("FNV-1a", () => {
  it("gives the index of the Go plugin for a consumer", () => {
    expect(fnv1a32(Bytes.of("alice"))).toBe(0x872213e7);
    expect(fnv1a32(Bytes.of("bob"))).toBe(0x86c6a0d4);
    expect(fnv1a32(Bytes.of("consumer-1"))).toBe(0xd483aee7);
    expect(fnv1a32(Bytes.of("用户"))).toBe(0x1be4cbb9);
  });
});
