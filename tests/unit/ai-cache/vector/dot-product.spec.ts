import {
  dotProduct,
  dotProductScalar,
  dotProductSimd,
} from "../../../../assembly/ai-cache/vector/dot-product";

let state: u32 = 1;

/** A repeatable number between −1 and 1. */
function random(): f32 {
  state = state * 1664525 + 1013904223;
  return <f32>(<i32>(state >> 8) - (1 << 23)) / <f32>(1 << 23);
}

describe("the inner product", () => {
  test("is the same in vector and in plain instructions", () => {
    for (let length = 0; length <= 512; length += 16) {
      const a = new ArrayBuffer(length);
      const b = new ArrayBuffer(length);
      for (let i = 0; i < length; i++) {
        store<i8>(changetype<usize>(a) + i, <i8>(random() * 127));
        store<i8>(changetype<usize>(b) + i, i % 7 == 0 ? -127 : <i8>(random() * 127));
      }
      const x = changetype<usize>(a);
      const y = changetype<usize>(b);
      expect(dotProductSimd(x, y, length)).toBe(dotProductScalar(x, y, length));
      expect(dotProduct(x, y, length)).toBe(dotProductScalar(x, y, length));
    }
  });

  test("does not overflow where all are extreme", () => {
    const a = new ArrayBuffer(8192);
    memory.fill(changetype<usize>(a), 0x81, 8192);
    const p = changetype<usize>(a);
    expect(dotProductSimd(p, p, 8192)).toBe(127 * 127 * 8192);
  });
});
