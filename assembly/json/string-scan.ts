import { Char } from "../text/char";

const ONES: u64 = 0x0101010101010101;
const HIGHS: u64 = 0x8080808080808080;

/** Whether none of eight bytes is a quote, a backslash, a control character or outside ASCII. */
export function isPlain(word: u64): bool {
  const quote = word ^ (ONES * Char.Quote);
  const backslash = word ^ (ONES * Char.Backslash);
  const special = (quote - ONES) | (backslash - ONES) | (word - ONES * 0x20) | word;
  return (special & HIGHS) == 0;
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
