/** Further digits do not change a double. */
import { Char } from "../proxy-wasm/char";

const MAX_DIGITS: i32 = 19;
const MAX_EXPONENT: i32 = 400;
/** Powers of ten that are exact, from 0 to 15. */
const POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]);

/**
 * The value of the JSON number in the `length` bytes at `p`, to within a unit in the last place or two: for
 * vectors, where exact rounding does not matter. NaN when it is not a number.
 */
export function parseFloatAt(p: usize, length: i32): f64 {
  let i = 0;
  const negative = byteAt(p, length, 0) == Char.Hyphen;
  if (negative) i++;
  let mantissa: u64 = 0;
  let digits = 0;
  let exponent = 0;
  let any = false;
  let fraction = false;
  for (; i < length; i++) {
    const c = byteAt(p, length, i);
    if (c == Char.Dot && !fraction) {
      fraction = true;
      continue;
    }
    if (c < Char.Zero || c > Char.Nine) break;
    any = true;
    if (digits < MAX_DIGITS) {
      mantissa = mantissa * 10 + <u64>(c - Char.Zero);
      if (mantissa > 0) digits++;
      if (fraction) exponent--;
    } else if (!fraction) {
      exponent++;
    }
  }
  if (!any) return NaN;
  if (i < length) {
    if ((byteAt(p, length, i) | 0x20) != Char.LowerE) return NaN;
    i++;
    const sign = byteAt(p, length, i);
    if (sign == Char.Plus || sign == Char.Hyphen) i++;
    if (i >= length) return NaN;
    let value = 0;
    for (; i < length; i++) {
      const c = byteAt(p, length, i);
      if (c < Char.Zero || c > Char.Nine) return NaN;
      value = min(MAX_EXPONENT * 10, value * 10 + <i32>(c - Char.Zero));
    }
    exponent += sign == Char.Hyphen ? -value : value;
  }
  const value = scale(<f64>mantissa, exponent);
  return negative ? -value : value;
}

function byteAt(p: usize, length: i32, index: i32): u8 {
  return index < length ? load<u8>(p + <usize>index) : 0;
}

/** `value` times ten to the power of `exponent`, in steps that are exact as long as they can be. */
function scale(value: f64, exponent: i32): f64 {
  let result = value;
  let left = max(-MAX_EXPONENT, min(MAX_EXPONENT, exponent));
  for (; left >= 16; left -= 16) result *= 1e16;
  for (; left <= -16; left += 16) result /= 1e16;
  const power = load<f64>(POWERS + ((<usize>abs(left)) << 3));
  return left < 0 ? result / power : result * power;
}
