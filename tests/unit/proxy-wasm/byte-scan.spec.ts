import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { nextByte } from "../../../assembly/proxy-wasm/byte-scan";

describe("the next byte of a value", () => {
  it("is found wherever it stands, and nothing that resembles it", () => {
    const wanted: u8[] = [0, 1, 0x22, 0x7f];
    for (let w = 0; w < wanted.length; w++) {
      const byte = wanted[w];
      for (let length = 0; length <= 40; length++) {
        // Bytes that differ in one bit, or by one.
        const others = new Uint8Array(length);
        for (let i = 0; i < length; i++) others[i] = i % 2 == 0 ? byte ^ 0x80 : byte + 1;
        const text = Bytes.wrap(others.buffer);
        expect(nextByte(text.pointer, 0, length, byte)).toBe(length);
        expect(text.indexOf(byte)).toBe(-1);
        expect(text.indexOf(byte, length + 20)).toBe(-1);
        for (let place = 0; place < length; place++) {
          const former = others[place];
          others[place] = byte;
          for (let from = 0; from <= place; from++) {
            expect(nextByte(text.pointer, from, length, byte)).toBe(place);
          }
          expect(text.indexOf(byte, place + 1)).toBe(-1);
          others[place] = former;
        }
      }
    }
  });
});
