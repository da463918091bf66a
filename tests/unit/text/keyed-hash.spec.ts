import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { keyedHash, sipHash13 } from "../../../assembly/text/keyed-hash";

describe("SipHash-1-3", () => {
  it("gives what a reference implementation gives", () => {
    const key0: u64 = 0x0706050403020100;
    const key1: u64 = 0x0f0e0d0c0b0a0908;
    expect(sipHash13(Bytes.of(""), key0, key1)).toBe(0xabac0158050fc4dc);
    expect(sipHash13(Bytes.of("a"), key0, key1)).toBe(0x1c2697ab786a6237);
    expect(sipHash13(Bytes.of("abcdefgh"), key0, key1)).toBe(0x12d8c08c2ee9e620);
    expect(sipHash13(Bytes.of("The quick brown fox jumps"), key0, key1)).toBe(0x2ca994928a0d2c1f);
  });

  it("depends on the key of the VM, which stays", () => {
    const text = Bytes.of("call_1");
    expect(keyedHash(text)).toBe(keyedHash(text));
    expect(keyedHash(text)).not.toBe(sipHash13(text, 0, 0));
  });
});
