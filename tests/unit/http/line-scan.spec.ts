import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { lineEnd } from "../../../assembly/http/line-scan";

describe("the end of a line", () => {
  it("is found wherever it stands, from wherever the line begins", () => {
    const ends = ["\n", "\r"];
    for (let length = 0; length <= 40; length++) {
      for (let place = 0; place < length; place++) {
        for (let i = 0; i < ends.length; i++) {
          // Bytes that differ from an end in one bit, or by one.
          const text = Bytes.of(
            "\u000b".repeat(place) + ends[i] + "\u000c\n\r\u000e".repeat(length),
          ).slice(0, length);
          for (let from = 0; from <= place; from++) {
            expect(lineEnd(text.pointer, from, length)).toBe(place);
          }
        }
      }
      const none = Bytes.of("\u008a\u008d\u000b".repeat(length)).slice(0, length);
      expect(lineEnd(none.pointer, 0, length)).toBe(length);
      expect(lineEnd(none.pointer, length, length)).toBe(length);
    }
  });
});
