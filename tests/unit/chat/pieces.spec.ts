import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { pieceEnd } from "../../../assembly/chat/pieces";

let state: u32 = 1;

function random(most: i32): i32 {
  state = state * 1664525 + 1013904223;
  return <i32>((state >> 8) % <u32>most);
}

const PARTS: string[] = [
  "a",
  "b",
  " ",
  "é",
  "模",
  "😀",
  "\\n",
  '\\"',
  "\\\\",
  "\\u00e9",
  "\\ud83d\\ude00",
];

/** The length in bytes of each part: one or more characters that must not be cut. */
function partAt(text: Bytes, at: i32): i32 {
  for (let i = PARTS.length - 1; i >= 0; i--) {
    const part = Bytes.of(PARTS[i]);
    if (text.slice(at).startsWith(part)) return part.length;
  }
  return 0;
}

/** Where the first piece ends: a blank behind 64 bytes, or 128. */
function firstEnd(text: Bytes, from: i32): i32 {
  let at = from;
  while (at < text.length) {
    const isBlank = text.at(at) == 0x20;
    at += partAt(text, at);
    if (at - from >= 128 || (at - from >= 64 && isBlank)) break;
  }
  return at;
}

describe("pieces of a text", () => {
  it("end at a blank or a character, never inside an escape", () => {
    for (let round = 0; round < 300; round++) {
      let text = "";
      const parts = random(260);
      const kinds = 1 + random(PARTS.length);
      for (let i = 0; i < parts; i++) text += PARTS[random(kinds)];
      const bytes = Bytes.of(text);
      let at = 0;
      while (at < bytes.length) {
        const end = pieceEnd(bytes, at);
        expect(end).toBe(firstEnd(bytes, at), text);
        if (end <= at) break;
        at = end;
      }
      expect(at).toBe(bytes.length);
    }
  });
});
