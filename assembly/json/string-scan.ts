import { HIGHS, ONES } from "../proxy-wasm/byte-scan";
import { Char } from "../proxy-wasm/char";

/**
 * How many bytes from `p` on are none of a quote, a backslash, a control character or outside ASCII. The last seven of
 * the `length` bytes are not looked at. 16 bytes at a time, in a build without vector instructions 8.
 */
export function plainLength(p: usize, length: i32): i32 {
  let at = 0;
  if (ASC_FEATURE_SIMD) {
    const quotes = i8x16.splat(Char.Quote);
    const backslashes = i8x16.splat(Char.Backslash);
    const blanks = i8x16.splat(Char.Space);
    for (; at + 16 <= length; at += 16) {
      const bytes = v128.load(p + <usize>at);
      // Bytes outside ASCII are negative.
      const others = i8x16.lt_s(bytes, blanks);
      const marks = v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes));
      const special = i8x16.bitmask(v128.or(others, marks));
      if (special != 0) return at + ctz(special);
    }
  }
  for (; at + 8 <= length; at += 8) {
    const special = specialIn(load<u64>(p + <usize>at));
    if (special != 0) return at + ((<i32>ctz(special)) >> 3);
  }
  return at;
}

/** The highest bit of each of eight bytes that is not plain, and of some after the first of them. */
function specialIn(word: u64): u64 {
  const quote = word ^ (ONES * Char.Quote);
  const backslash = word ^ (ONES * Char.Backslash);
  return ((quote - ONES) | (backslash - ONES) | (word - ONES * 0x20) | word) & HIGHS;
}

/** Length of the escape at `p`, 0 when it is malformed or cut off. */
export function escapeLength(p: usize, left: i32): i32 {
  if (left < 2) return 0;
  switch (load<u8>(p, 1)) {
    case Char.Quote:
    case Char.Backslash:
    case Char.Slash:
    case Char.LowerB:
    case Char.LowerF:
    case Char.LowerN:
    case Char.LowerR:
    case Char.LowerT:
      return 2;
    case Char.LowerU:
      break;
    default:
      return 0;
  }
  if (left < 6) return 0;
  for (let i: usize = 2; i < 6; i++) {
    const digit = <u32>load<u8>(p + i);
    const letter = digit | 0x20;
    if (digit - Char.Zero > 9 && letter - Char.LowerA > 5) return 0;
  }
  return 6;
}
