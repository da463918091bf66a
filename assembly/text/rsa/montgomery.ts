import { Big } from "./big";

/**
 * Arithmetic modulo an odd number (P. Montgomery, 1985; the form is CIOS of Koç, Acar and Kaliski, 1996).
 * Not constant-time: for the operator's own keys in the operator's own gateway.
 */
export class Montgomery {
  private readonly n: StaticArray<u32>;
  private readonly width: i32;
  /** −1/n modulo 2³². */
  private readonly inverse: u32;
  /** R² modulo n, where R is 2 to the width. */
  private readonly square: StaticArray<u32>;

  /** `modulus`: odd. */
  constructor(modulus: Big) {
    const n = modulus.limbs;
    const width = modulus.width;
    let inverse: u32 = 1;
    // Newton's method: each step doubles the number of correct bits.
    for (let i = 0; i < 5; i++) inverse *= 2 - n[0] * inverse;
    const square = new StaticArray<u32>(width);
    square[0] = 1;
    for (let i = 0; i < width * 64; i++) Big.double(square, n);
    this.n = n;
    this.width = width;
    this.inverse = 0 - inverse;
    this.square = square;
  }

  /** `value` modulo the modulus. */
  reduce(value: Big): Big {
    const result = new StaticArray<u32>(this.width);
    for (let i = value.bits - 1; i >= 0; i--) Big.double(result, this.n, value.bit(i));
    return new Big(result);
  }

  /** a·b modulo the modulus, for both below it. */
  multiply(a: Big, b: Big): Big {
    return new Big(this.product(this.product(a.limbs, this.square), b.limbs));
  }

  /** baseᵉ modulo the modulus, for a base below it. */
  power(base: Big, exponent: Big): Big {
    const one = new StaticArray<u32>(this.width);
    one[0] = 1;
    const factor = this.product(base.limbs, this.square);
    let result = this.product(one, this.square);
    for (let i = exponent.bits - 1; i >= 0; i--) {
      result = this.product(result, result);
      if (exponent.bit(i) != 0) result = this.product(result, factor);
    }
    return new Big(this.product(result, one));
  }

  /** a·b/R modulo n. */
  private product(a: StaticArray<u32>, b: StaticArray<u32>): StaticArray<u32> {
    const width = this.width;
    const n = this.n;
    const t = new StaticArray<u32>(width + 2);
    for (let i = 0; i < width; i++) {
      const factor = <u64>unchecked(b[i]);
      let carry: u64 = 0;
      for (let j = 0; j < width; j++) {
        const sum = <u64>unchecked(t[j]) + <u64>unchecked(a[j]) * factor + carry;
        unchecked((t[j] = <u32>sum));
        carry = sum >>> 32;
      }
      let top = <u64>unchecked(t[width]) + carry;
      unchecked((t[width] = <u32>top));
      unchecked((t[width + 1] = <u32>(top >>> 32)));
      const m = <u64>(unchecked(t[0]) * this.inverse);
      carry = (<u64>unchecked(t[0]) + m * <u64>unchecked(n[0])) >>> 32;
      for (let j = 1; j < width; j++) {
        const sum = <u64>unchecked(t[j]) + m * <u64>unchecked(n[j]) + carry;
        unchecked((t[j - 1] = <u32>sum));
        carry = sum >>> 32;
      }
      top = <u64>unchecked(t[width]) + carry;
      unchecked((t[width - 1] = <u32>top));
      unchecked((t[width] = unchecked(t[width + 1]) + <u32>(top >>> 32)));
    }
    const result = new StaticArray<u32>(width);
    for (let i = 0; i < width; i++) unchecked((result[i] = unchecked(t[i])));
    if (t[width] != 0 || Big.compare(result, n) >= 0) Big.subtract(result, n);
    return result;
  }
}
