import { Bytes } from "../../proxy-wasm/bytes";

/** Whole numbers of a fixed width: 32-bit limbs, the lowest first. */
export class Big {
  constructor(readonly limbs: StaticArray<u32>) {}

  /** From bytes, the highest first; the width is the least that holds them, or `width` limbs. */
  static of(bytes: Bytes, width: i32 = 0): Big {
    let from = 0;
    while (from < bytes.length && bytes.at(from) == 0) from++;
    const needed = (bytes.length - from + 3) >> 2;
    const limbs = new StaticArray<u32>(max(max(needed, width), 1));
    for (let i = bytes.length - 1, shift = 0; i >= from; i--, shift++) {
      const byte: u32 = bytes.at(i);
      limbs[shift >> 2] |= byte << ((shift & 3) << 3);
    }
    return new Big(limbs);
  }

  get width(): i32 {
    return this.limbs.length;
  }

  get isOdd(): bool {
    return (this.limbs[0] & 1) != 0;
  }

  /** Number of bits, without leading zeros. */
  get bits(): i32 {
    for (let i = this.width - 1; i >= 0; i--) {
      if (this.limbs[i] != 0) return (i << 5) + 32 - <i32>clz(this.limbs[i]);
    }
    return 0;
  }

  /** Bit `index`, 0 for the lowest. */
  bit(index: i32): u32 {
    return (this.limbs[index >> 5] >>> (index & 31)) & 1;
  }

  /** The number in `size` bytes, the highest first; higher ones are cut. */
  toBytes(size: i32): Bytes {
    const bytes = Bytes.wrap(new ArrayBuffer(size));
    for (let i = 0; i < size && i >> 2 < this.width; i++) {
      const byte = <u8>(this.limbs[i >> 2] >>> ((i & 3) << 3));
      store<u8>(bytes.pointer + <usize>(size - 1 - i), byte);
    }
    return bytes;
  }

  /** −1, 0 or 1; both of one width. */
  static compare(a: StaticArray<u32>, b: StaticArray<u32>): i32 {
    for (let i = a.length - 1; i >= 0; i--) {
      if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
  }

  /** a −= b; returns the borrow. */
  static subtract(a: StaticArray<u32>, b: StaticArray<u32>): u32 {
    let borrow: u64 = 0;
    for (let i = 0; i < a.length; i++) {
      const value = <u64>a[i] - <u64>b[i] - borrow;
      a[i] = <u32>value;
      borrow = (value >>> 32) & 1;
    }
    return <u32>borrow;
  }

  /** a = 2a + bit modulo n, for a < n. */
  static double(a: StaticArray<u32>, n: StaticArray<u32>, bit: u32 = 0): void {
    let carry = bit;
    for (let i = 0; i < a.length; i++) {
      const value = a[i];
      a[i] = (value << 1) | carry;
      carry = value >>> 31;
    }
    if (carry != 0 || Big.compare(a, n) >= 0) Big.subtract(a, n);
  }
}
