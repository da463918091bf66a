/**
 * Two sets of hashes in one table, for counting common elements. A table is created once and reused; adding
 * takes constant time. 64-bit hashes identify the elements.
 */
export class ElementSet {
  private readonly hashes: StaticArray<u64>;
  /** The round in which a slot was taken, and the sides that have it. */
  private readonly rounds: StaticArray<u32>;
  private readonly sides: StaticArray<u8>;
  private readonly counts: StaticArray<i32> = new StaticArray<i32>(2);
  private readonly mask: i32;
  private round: u32 = 1;
  private common: i32 = 0;

  /** `most`: most distinct elements of a side. */
  constructor(private readonly most: i32) {
    // A third is taken at most: two sides, and room between.
    let places = 4;
    while (places < most * 4) places <<= 1;
    this.mask = places - 1;
    this.hashes = new StaticArray<u64>(places);
    this.rounds = new StaticArray<u32>(places);
    this.sides = new StaticArray<u8>(places);
  }

  /** Empties both sets. */
  clear(): void {
    this.round++;
    this.common = 0;
    unchecked((this.counts[0] = 0));
    unchecked((this.counts[1] = 0));
    if (this.round != 0) return;
    // The number has gone round: no place may look taken.
    for (let i = 0; i < this.rounds.length; i++) unchecked((this.rounds[i] = 0));
    this.round = 1;
  }

  /** Whether a side (0 or 1) takes nothing more. */
  isFull(side: i32): bool {
    return unchecked(this.counts[side & 1]) >= this.most;
  }

  /** Adds an element to a side, unless that is full. */
  add(side: i32, hash: u64): void {
    if (this.isFull(side)) return;
    const bit: u8 = (side & 1) == 0 ? 1 : 2;
    let at = <i32>(hash & (<u64>this.mask));
    while (unchecked(this.rounds[at]) == this.round) {
      if (unchecked(this.hashes[at]) == hash) {
        if ((unchecked(this.sides[at]) & bit) != 0) return;
        unchecked((this.sides[at] |= bit));
        unchecked(this.counts[side & 1]++);
        this.common++;
        return;
      }
      at = (at + 1) & this.mask;
    }
    unchecked((this.rounds[at] = this.round));
    unchecked((this.hashes[at] = hash));
    unchecked((this.sides[at] = bit));
    unchecked(this.counts[side & 1]++);
  }

  /** How many elements a side has that the other does not. */
  own(side: i32): i32 {
    return unchecked(this.counts[side & 1]) - this.common;
  }

  /** What both have of what either has (Jaccard), as a share of `whole`; all when both are empty. */
  similarity(whole: i32): i32 {
    const all = unchecked(this.counts[0]) + unchecked(this.counts[1]) - this.common;
    return all == 0 ? whole : (this.common * whole) / all;
  }
}
