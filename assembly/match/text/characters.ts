import * as data from "../tables/data";
import { Char } from "../../proxy-wasm/char";

/** Index of `value` in sorted static data, or −1. */
export function searchSorted(pointer: usize, size: i32, value: u32): i32 {
  let low = 0;
  let high = size - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = <u32>load<u16>(pointer + ((<usize>middle) << 1));
    if (found == value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Blanks as Unicode has them. */
export function isSpace(c: u32): bool {
  if (c <= Char.Space)
    return (
      c == Char.Space || (c >= Char.Tab && c <= Char.CarriageReturn) || (c >= 0x1c && c <= 0x1f)
    );
  if (c < 0x85) return false;
  return (
    c == 0x85 ||
    c == 0xa0 ||
    c == 0x1680 ||
    (c >= 0x2000 && c <= 0x200a) ||
    c == 0x2028 ||
    c == 0x2029 ||
    c == 0x202f ||
    c == 0x205f ||
    c == 0x3000
  );
}

/** An ASCII digit. */
export function isDigit(c: u32): bool {
  return c >= Char.Zero && c <= Char.Nine;
}

export function isLowerAscii(c: u32): bool {
  return c >= Char.LowerA && c <= Char.LowerZ;
}

export function isAsciiLetter(c: u32): bool {
  return isLowerAscii(c | 0x20);
}

export function isHan(c: u32): bool {
  return c >= 0x3400 && c <= 0x9fff;
}

/**
 * A letter: of ASCII, and above it every code point but punctuation and symbols, so that no script
 * is left out of a comparison.
 */
export function isLetter(c: u32): bool {
  if (c < 0x80) return isAsciiLetter(c);
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  if (c < 0x2000) return true;
  if (c < 0x2c00) return false;
  if (c >= 0x3000 && c <= 0x303f) return c == 0x3005;
  if (c >= 0xfe00 && c <= 0xfe6f) return false;
  if (c >= 0xff00 && c <= 0xffef) {
    return (c >= 0xff21 && c <= 0xff3a) || (c >= 0xff41 && c <= 0xff5a) || c >= 0xff66;
  }
  return !(c >= 0x1f000 && c <= 0x1faff);
}

/** Whether a question with the code point may be matched semantically: `tables/characters.txt`. */
export function isKnown(c: u32): bool {
  if (c < Char.Delete)
    return c >= Char.Space || c == Char.Tab || c == Char.LineFeed || c == Char.CarriageReturn;
  let low = 0;
  let high = data.KNOWN_SIZE / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = data.KNOWN + ((<usize>middle) << 3);
    if (c < load<u32>(range)) high = middle - 1;
    else if (c > load<u32>(range, 4)) low = middle + 1;
    else return true;
  }
  return false;
}

/** Signs, arrows and emoji, which are compared: "what does 😀 mean" is not "what does 😡 mean". */
export function isSymbol(c: u32): bool {
  if (c < 0x2190) return c == 0xb0;
  return c <= 0x27bf || (c >= 0x2900 && c <= 0x2bff) || (c >= 0x1f000 && c <= 0x1faff);
}

/** A letter, a digit or `_`: what `\w` is in regular expressions. */
export function isWord(c: u32): bool {
  return isLetter(c) || isDigit(c) || c == Char.Underscore || c == 0x3007;
}

/** A letter or a numeral that is written like one. */
export function isWordLetter(c: u32): bool {
  return isLetter(c) || c == 0x3007;
}

/** The lower case of a Latin, Greek or Cyrillic letter, else the code point itself. */
export function toLower(c: u32): u32 {
  if (c < 0x80) return c >= Char.UpperA && c <= Char.UpperZ ? c | 0x20 : c;
  if (c < 0xc0 || c > 0x1eff || (c > 0x52f && c < 0x1e00)) return c;
  const found = searchSorted(data.UPPER, data.UPPER_SIZE, c);
  return found < 0 ? c : <u32>load<u16>(data.LOWER + ((<usize>found) << 1));
}

export function isUpper(c: u32): bool {
  return toLower(c) != c;
}

/** Whether a letter has two cases and this is the lower one. */
export function isLower(c: u32): bool {
  if (c < 0x80) return isLowerAscii(c);
  for (let i = 0; i < data.LOWER_SIZE; i++) {
    if (<u32>load<u16>(data.LOWER + ((<usize>i) << 1)) == c) return true;
  }
  return c == 0xdf;
}
