import { ONES, zeroesIn } from "../proxy-wasm/byte-scan";
import { Char } from "../proxy-wasm/char";

/**
 * Where the line that begins `at` ends: the offset from `base` of the next LF or CR, `length` without one. 16 bytes at
 * a time, in a build without vector instructions 8.
 */
export function lineEnd(base: usize, at: i32, length: i32): i32 {
  if (ASC_FEATURE_SIMD) {
    const feeds = i8x16.splat(Char.LineFeed);
    const returns = i8x16.splat(Char.CarriageReturn);
    for (; at + 16 <= length; at += 16) {
      const bytes = v128.load(base + <usize>at);
      const ends = v128.or(i8x16.eq(bytes, feeds), i8x16.eq(bytes, returns));
      const found = i8x16.bitmask(ends);
      if (found != 0) return at + ctz(found);
    }
  }
  for (; at + 8 <= length; at += 8) {
    const word = load<u64>(base + <usize>at);
    const found =
      zeroesIn(word ^ (ONES * Char.LineFeed)) | zeroesIn(word ^ (ONES * Char.CarriageReturn));
    if (found != 0) return at + ((<i32>ctz(found)) >> 3);
  }
  for (; at < length; at++) {
    const byte = load<u8>(base + <usize>at);
    if (byte == Char.LineFeed || byte == Char.CarriageReturn) return at;
  }
  return length;
}
