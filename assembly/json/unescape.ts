import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Replaces lone surrogates and invalid code points. */
const REPLACEMENT: u32 = 0xfffd;

/**
 * The text of a JSON string's content (without quotes) that a `JsonDocument` has checked. Surrogate
 * pairs become one character; a lone surrogate becomes U+FFFD. Anything malformed is dropped.
 */
export function unescape(content: Bytes): Bytes {
  const out = new ByteWriter(content.length);
  writeUnescaped(out, content.pointer, content.length);
  return out.toBytes();
}

/** Like `unescape`, for the `length` bytes at `p`; appends to `out`. */
export function writeUnescaped(out: ByteWriter, p: usize, length: i32): void {
  const end = p + <usize>length;
  let from = p;
  while (p < end) {
    if (load<u8>(p) != Char.Backslash) {
      p++;
      continue;
    }
    out.memory(from, <i32>(p - from));
    const code = escapedCode(p, end);
    p += <usize>escapedLength(p, end);
    if (code >= 0) writeCodePoint(out, <u32>code);
    from = p;
  }
  out.memory(from, <i32>(end - from));
}

/**
 * Appends the UTF-8 form of a code point; a surrogate or anything above U+10FFFF becomes U+FFFD.
 */
function writeCodePoint(out: ByteWriter, code: u32): void {
  let word = utf8Of(code);
  for (let left = utf8Length(word); left > 0; left--, word >>= 8) out.byte(<u8>word);
}

/**
 * Whether the string content of `length` bytes at `p`, which has escapes, equals `key` when unescaped. Its
 * cost is bounded by the length of `key`; no memory is used.
 */
export function meansKey(p: usize, length: i32, key: Bytes): bool {
  const end = p + <usize>length;
  let at = key.pointer;
  const to = at + <usize>key.length;
  while (p < end) {
    let word: u32 = load<u8>(p);
    if (word != <u32>Char.Backslash) p++;
    else {
      const code = escapedCode(p, end);
      p += <usize>escapedLength(p, end);
      if (code < 0) continue;
      word = utf8Of(<u32>code);
    }
    do {
      if (at >= to || load<u8>(at) != <u8>word) return false;
      at++;
      word >>= 8;
    } while (word != 0);
  }
  return at == to;
}

/** Bytes of a key that its mark covers. */
const MARKED: i32 = 24;

/**
 * A number of 23 bits for the text of `length` bytes at `p`, by which keys are distinguished: the first
 * byte in the upper eight, a sum of the first 24 bytes in the others. `isContent`: whether the bytes are a
 * JSON string's content, whose escapes are read.
 */
export function markOf(p: usize, length: i32, isContent: bool): u32 {
  const end = p + <usize>length;
  let first: u32 = 0;
  let sum: u32 = 0x811c9dc5;
  let count = 0;
  while (p < end && count < MARKED) {
    let word: u32 = load<u8>(p);
    if (!isContent || word != <u32>Char.Backslash) p++;
    else {
      const code = escapedCode(p, end);
      p += <usize>escapedLength(p, end);
      if (code < 0) continue;
      word = utf8Of(<u32>code);
    }
    if (count == 0) first = word & 0xff;
    do {
      if (count == MARKED) break;
      sum = (sum ^ (word & 0xff)) * 0x01000193;
      count++;
      word >>= 8;
    } while (word != 0);
  }
  return (first << 15) | ((sum >> 16) & 0x7fff);
}

/** The code point that the escape at `p` means, −1 for none. */
function escapedCode(p: usize, end: usize): i32 {
  if (p + 1 >= end) return -1;
  const letter = load<u8>(p, 1);
  if (letter != Char.LowerU) return simpleEscape(letter);
  const unit = hexUnit(p + 2, end);
  if (unit < 0xd800 || unit >= 0xe000) return <i32>unit;
  return isPair(p, end)
    ? <i32>(0x10000 + ((unit - 0xd800) << 10) + (hexUnit(p + 8, end) - 0xdc00))
    : <i32>REPLACEMENT;
}

/** Length of the escape at `p`, or of the escaped surrogate pair. */
function escapedLength(p: usize, end: usize): i32 {
  const length = p + 1 >= end || load<u8>(p, 1) != Char.LowerU ? 2 : isPair(p, end) ? 12 : 6;
  return min(length, <i32>(end - p));
}

/** Whether two halves of a surrogate pair are escaped at `p`. */
function isPair(p: usize, end: usize): bool {
  if (p + 12 > end || load<u8>(p, 6) != Char.Backslash || load<u8>(p, 7) != Char.LowerU)
    return false;
  const high = hexUnit(p + 2, end);
  const low = hexUnit(p + 8, end);
  return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

function simpleEscape(letter: u8): i32 {
  switch (letter) {
    case Char.LowerB:
      return Char.Backspace;
    case Char.LowerF:
      return Char.FormFeed;
    case Char.LowerN:
      return Char.LineFeed;
    case Char.LowerR:
      return Char.CarriageReturn;
    case Char.LowerT:
      return Char.Tab;
    case Char.Quote:
    case Char.Backslash:
    case Char.Slash:
      return <i32>letter;
    default:
      return -1;
  }
}

/** Four hexadecimal digits; missing ones count as 0. */
function hexUnit(p: usize, end: usize): u32 {
  let value: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = p + i < end ? <u32>load<u8>(p + i) : Char.Zero;
    const digit = byte <= Char.Nine ? byte - Char.Zero : (byte | 0x20) - Char.LowerA + 10;
    value = (value << 4) | (digit & 15);
  }
  return value;
}

/** The UTF-8 bytes of a code point, the first one lowest. */
function utf8Of(code: u32): u32 {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = REPLACEMENT;
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6) | ((0x80 | (code & 0x3f)) << 8);
  if (code < 0x10000) {
    return (
      0xe0 | (code >> 12) | ((0x80 | ((code >> 6) & 0x3f)) << 8) | ((0x80 | (code & 0x3f)) << 16)
    );
  }
  return (
    0xf0 |
    (code >> 18) |
    ((0x80 | ((code >> 12) & 0x3f)) << 8) |
    ((0x80 | ((code >> 6) & 0x3f)) << 16) |
    ((0x80 | (code & 0x3f)) << 24)
  );
}

/** Number of bytes in a word of `utf8Of`. */
function utf8Length(word: u32): i32 {
  const first = word & 0xff;
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
