import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { toHex } from "../../../assembly/text/hex";
import { hmacSha256 } from "../../../assembly/text/hmac";

function mac(key: Bytes, text: string): string {
  return toHex(hmacSha256(key, Bytes.of(text)));
}

describe("HMAC-SHA-256", () => {
  it("has the values of RFC 4231", () => {
    expect(mac(Bytes.of("Jefe"), "what do ya want for nothing?")).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    const long = new ArrayBuffer(131);
    memory.fill(changetype<usize>(long), 0xaa, 131);
    expect(mac(Bytes.wrap(long), "Test Using Larger Than Block-Size Key - Hash Key First")).toBe(
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    );
  });
});
