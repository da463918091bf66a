/** A short list of hashes. What does not fit is dropped, see `overflow`. */
export class HashList {
  private readonly data: StaticArray<u64>;
  private count: i32 = 0;
  /** Whether something did not fit. */
  overflow: bool = false;

  constructor(private readonly capacity: i32) {
    this.data = new StaticArray<u64>(capacity);
  }

  get length(): i32 {
    return this.count;
  }

  /** Address of the first one, eight bytes each. */
  get pointer(): usize {
    return changetype<usize>(this.data);
  }

  clear(): void {
    this.count = 0;
    this.overflow = false;
  }

  /** Inserts `hash` in ascending order. */
  add(hash: u64): void {
    if (this.count >= this.capacity) {
      this.overflow = true;
      return;
    }
    let at = this.count++;
    while (at > 0 && unchecked(this.data[at - 1]) > hash) {
      unchecked((this.data[at] = this.data[at - 1]));
      at--;
    }
    unchecked((this.data[at] = hash));
  }

  /** Appends `hash`: for lists whose order matters. */
  append(hash: u64): void {
    if (this.count < this.capacity) unchecked((this.data[this.count++] = hash));
    else this.overflow = true;
  }

  /** `add`, unless it is there already. */
  addOnce(hash: u64): void {
    if (!this.has(hash)) this.add(hash);
  }

  /** Hash `index`, 0 when it is out of range. */
  at(index: i32): u64 {
    return <u32>index < <u32>this.count ? unchecked(this.data[index]) : 0;
  }

  /** Removes hash `index`. */
  drop(index: i32): void {
    if (<u32>index >= <u32>this.count) return;
    this.count--;
    for (let i = index; i < this.count; i++) unchecked((this.data[i] = this.data[i + 1]));
  }

  has(hash: u64): bool {
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.data[i]) == hash) return true;
    }
    return false;
  }
}
