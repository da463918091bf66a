import { nextByte } from "../proxy-wasm/byte-scan";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Approximate bytes of text in one event. */
const PIECE = 64;

/**
 * Where to cut escaped text: after a space near the wanted length, else at a character, never inside an
 * escape or between the halves of an escaped surrogate pair.
 */
export function pieceEnd(text: Bytes, from: i32): i32 {
  let at = skipPlain(text, from);
  while (at < text.length) {
    const byte = text.at(at);
    if (byte == Char.Backslash) {
      at += text.at(at + 1) == Char.LowerU ? unicodeEscapeLength(text, at) : 2;
    } else {
      at++;
      while ((text.at(at) & 0xc0) == 0x80) at++;
    }
    const length = at - from;
    if (length >= 2 * PIECE || (length >= PIECE && byte == Char.Space)) break;
  }
  return min(at, text.length);
}

/** Skips unescaped characters from `from` on, fewer bytes than a piece. Returns where they end. */
function skipPlain(text: Bytes, from: i32): i32 {
  const last = min(text.length, from + PIECE) - 1;
  let at = nextByte(text.pointer, from, max(from, last), Char.Backslash);
  while ((text.at(at) & 0xc0) == 0x80) at++;
  return at;
}

/** 6 bytes, or 12 for a surrogate pair. */
function unicodeEscapeLength(text: Bytes, at: i32): i32 {
  const high = text.at(at + 2) | 0x20;
  const second = text.at(at + 3) | 0x20;
  const isHigh =
    high == Char.LowerD &&
    (second == Char.Eight || second == Char.Nine || second == Char.LowerA || second == Char.LowerB);
  return isHigh && text.at(at + 6) == Char.Backslash && text.at(at + 7) == Char.LowerU ? 12 : 6;
}
