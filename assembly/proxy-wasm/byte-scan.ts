/** A 1 in each of eight bytes. */
export const ONES: u64 = 0x0101010101010101;
/** The highest bit of each. */
export const HIGHS: u64 = 0x8080808080808080;

/**
 * The offset from `base` of the first `byte` at or after `at`, `length` without one. 16 bytes at a time, in a build
 * without vector instructions 8.
 */
export function nextByte(base: usize, at: i32, length: i32, byte: u8): i32 {
  if (ASC_FEATURE_SIMD) {
    const wanted = i8x16.splat(<i8>byte);
    for (; at + 16 <= length; at += 16) {
      const found = i8x16.bitmask(i8x16.eq(v128.load(base + <usize>at), wanted));
      if (found != 0) return at + ctz(found);
    }
  }
  for (; at + 8 <= length; at += 8) {
    const found = zeroesIn(load<u64>(base + <usize>at) ^ (ONES * byte));
    if (found != 0) return at + ((<i32>ctz(found)) >> 3);
  }
  for (; at < length; at++) {
    if (load<u8>(base + <usize>at) == byte) return at;
  }
  return length;
}

/** The highest bit of each of eight bytes that is 0, and of some after the first of them. */
export function zeroesIn(word: u64): u64 {
  return (word - ONES) & ~word & HIGHS;
}
