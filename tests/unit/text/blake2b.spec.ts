import { ByteWriter } from "../../../assembly/proxy-wasm/byte-writer";
import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { toHex } from "../../../assembly/text/hex";
import { Blake2b } from "../../../assembly/text/blake2b";

function blake2b(text: string): string {
  return toHex(Blake2b.digest(Bytes.of(text)));
}

describe("BLAKE2b-256", () => {
  it("gives the digests of Python's hashlib", () => {
    expect(blake2b("")).toBe("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    expect(blake2b("abc")).toBe("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    expect(blake2b("x".repeat(128))).toBe(
      "164ffb7089bae6f5a62fb0795e751dc9e88eac92e1a5b2fafe93a25abf2d9c3b",
    );
    expect(blake2b("x".repeat(129))).toBe(
      "03b0758fa71d249c846c2304a2b9996e6ae66ffa7e5528f9e612e089a360fc8d",
    );
    expect(blake2b("x".repeat(1000))).toBe(
      "ab75119ede14ef06ebf31f745fb655ed006cccfe8054c635308a557f7c9beaba",
    );
  });

  it("does not depend on how the message is divided", () => {
    const text = Bytes.of("x".repeat(400));
    const whole = toHex(Blake2b.digest(text));
    for (let cut = 0; cut <= text.length; cut++) {
      const hash = new Blake2b().update(text.slice(0, cut)).update(text.slice(cut)).digest();
      expect(toHex(hash)).toBe(whole);
    }
  });

  it("begins anew with the instance that is shared", () => {
    const text = Bytes.of("a text that fills more than one block, ".repeat(8));
    Blake2b.begin().update(text);
    expect(toHex(Blake2b.begin().update(text).digest())).toBe(blake2b(text.toString()));
    const length = new ByteWriter(4).uint(<u64>text.length, 4).toBytes();
    const framed = Blake2b.begin().updateLength(text.length).update(text).digest();
    expect(toHex(framed)).toBe(toHex(new Blake2b().update(length).update(text).digest()));
  });
});
