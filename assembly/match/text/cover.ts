/** Marks the characters of a text that are compared literally. */
export class Cover {
  private readonly data: StaticArray<u8>;

  /** `capacity`: most characters; further ones are never marked. */
  constructor(private readonly capacity: i32) {
    this.data = new StaticArray<u8>(capacity);
  }

  /** Clears all marks. */
  clear(): void {
    memory.fill(changetype<usize>(this.data), 0, <usize>this.capacity);
  }

  /** Marks the range `[from, to)`. */
  mark(from: i32, to: i32): void {
    const first = max(0, min(from, this.capacity));
    const last = max(first, min(to, this.capacity));
    memory.fill(changetype<usize>(this.data) + <usize>first, 1, <usize>(last - first));
  }

  has(index: i32): bool {
    return <u32>index < <u32>this.capacity && unchecked(this.data[index]) != 0;
  }
}
