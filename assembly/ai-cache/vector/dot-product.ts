/** Rows are padded to a multiple of this many bytes. */
export const PADDING: i32 = 16;

/**
 * The inner product of two rows of signed bytes. `length` is a multiple of `PADDING`. Built with
 * SIMD, 16 bytes a step; without it (`--disable simd`), byte by byte.
 */
export function dotProduct(a: usize, b: usize, length: i32): i32 {
  return ASC_FEATURE_SIMD ? dotProductSimd(a, b, length) : dotProductScalar(a, b, length);
}

/** `dotProduct` with SIMD instructions. */
export function dotProductSimd(a: usize, b: usize, length: i32): i32 {
  let sum = i32x4.splat(0);
  for (let i: usize = 0; i < <usize>length; i += <usize>PADDING) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(x, y)));
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(x, y)));
  }
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}

/** `dotProduct` without SIMD. */
export function dotProductScalar(a: usize, b: usize, length: i32): i32 {
  let sum = 0;
  for (let i: usize = 0; i < <usize>length; i++) {
    sum += <i32>load<i8>(a + i) * <i32>load<i8>(b + i);
  }
  return sum;
}
