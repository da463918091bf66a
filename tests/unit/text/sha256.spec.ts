import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { toHex } from "../../../assembly/text/hex";
import { hmacSha256 } from "../../../assembly/text/hmac";
import { Sha256 } from "../../../assembly/text/sha256";

describe("SHA-256 and HMAC", () => {
  test("have the vectors of FIPS 180-4 and RFC 4231", () => {
    expect(toHex(Sha256.digest(Bytes.of("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(toHex(hmacSha256(Bytes.of("Jefe"), Bytes.of("what do ya want for nothing?")))).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    const long = Bytes.of("a".repeat(131));
    const message = Bytes.of("Test Using Larger Than Block-Size Key - Hash Key First");
    expect(toHex(hmacSha256(long, message)).length).toBe(64);
  });
});
