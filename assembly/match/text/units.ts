import { xxhash64At } from "../../text/xxhash64";

const UNIT_BYTES: i32 = 4;

/**
 * A text of bounded length as code points. Reading outside of it gives 0; what does not fit is
 * dropped and noted.
 */
export class Units {
  private readonly data: StaticArray<u32>;
  private count: i32 = 0;
  /** Whether something did not fit. */
  overflow: bool = false;

  /** `capacity`: most code points. */
  constructor(private readonly capacity: i32) {
    this.data = new StaticArray<u32>(capacity);
  }

  get length(): i32 {
    return this.count;
  }

  /** Code point `index`, or 0 when it is out of range. */
  @inline
  at(index: i32): u32 {
    return <u32>index < <u32>this.count ? unchecked(this.data[index]) : 0;
  }

  /** Replaces code point `index`; nothing happens out of range. */
  set(index: i32, unit: u32): void {
    if (<u32>index < <u32>this.count) unchecked((this.data[index] = unit));
  }

  push(unit: u32): void {
    if (this.count >= this.capacity) {
      this.overflow = true;
      return;
    }
    unchecked((this.data[this.count++] = unit));
  }

  /** Removes the last code point. */
  pop(): void {
    if (this.count > 0) this.count--;
  }

  clear(): void {
    this.count = 0;
    this.overflow = false;
  }

  /** Appends the range `[from, to)` of `source`. */
  append(source: Units, from: i32, to: i32): void {
    for (let i = from; i < to; i++) this.push(source.at(i));
  }

  /** Appends `count` 16-bit code units of static data. */
  appendStatic(pointer: usize, count: i32): void {
    for (let i = 0; i < count; i++) this.push(<u32>load<u16>(pointer + ((<usize>i) << 1)));
  }

  /** Address of code point `index`, four bytes each. */
  pointerAt(index: i32): usize {
    return changetype<usize>(this.data) + ((<usize>index) << 2);
  }

  /** XXH64 of the range `[from, to)`. */
  hash(from: i32, to: i32): u64 {
    const first = max(0, min(from, this.count));
    const last = max(first, min(to, this.count));
    return xxhash64At(this.pointerAt(first), (last - first) * UNIT_BYTES);
  }

  /** Whether `count` 16-bit code units of static data are at `index`. */
  hasStatic(index: i32, pointer: usize, count: i32): bool {
    if (index < 0 || index + count > this.count) return false;
    for (let i = 0; i < count; i++) {
      if (this.at(index + i) != <u32>load<u16>(pointer + ((<usize>i) << 1))) return false;
    }
    return true;
  }

  /** Index of the first occurrence of static data at or after `from`, or −1. */
  findStatic(pointer: usize, count: i32, from: i32 = 0): i32 {
    const first = <u32>load<u16>(pointer);
    for (let i = from; i + count <= this.count; i++) {
      if (this.at(i) == first && this.hasStatic(i, pointer, count)) return i;
    }
    return -1;
  }
}
