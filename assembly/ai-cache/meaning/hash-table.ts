import { tableKey } from "../../text/keyed-hash";

/** Slots of a new table. */
const FIRST_SLOTS: i32 = 1024;

/**
 * A table from 64-bit hashes to two numbers, by linear probing. Unlike `Map` it has no tombstones and
 * creates no garbage under churn. Slots are chosen by multiplication with a number of this VM's own
 * (Dietzfelbinger, "A reliable randomized algorithm for the closest-pair problem"), so that nobody can
 * choose keys that meet.
 */
export class HashTable {
  private keys: StaticArray<u64> = new StaticArray<u64>(FIRST_SLOTS);
  private firsts: StaticArray<i32> = new StaticArray<i32>(FIRST_SLOTS);
  private counts: StaticArray<i32> = new StaticArray<i32>(FIRST_SLOTS);
  private used: i32 = 0;
  /** Odd. */
  private readonly factor: u64 = tableKey();

  /** Number of keys. */
  get size(): i32 {
    return this.used;
  }

  /** Slot of `key`, −1 when it is not there. */
  find(key: u64): i32 {
    const slot = this.probe(key);
    return unchecked(this.counts[slot]) > 0 ? slot : -1;
  }

  /** First number at a slot that `find` gave. */
  first(slot: i32): i32 {
    return slot < 0 ? -1 : unchecked(this.firsts[slot]);
  }

  /** Second number: how often the key was added; 0 when it is not there. */
  count(slot: i32): i32 {
    return slot < 0 ? 0 : unchecked(this.counts[slot]);
  }

  /** Sets the first number and adds one to the second. */
  add(key: u64, first: i32): void {
    if ((this.used + 1) * 2 > this.keys.length) this.grow();
    const slot = this.probe(key);
    if (unchecked(this.counts[slot]) == 0) {
      unchecked((this.keys[slot] = key));
      this.used++;
    }
    unchecked((this.firsts[slot] = first));
    unchecked((this.counts[slot] += 1));
  }

  /** Sets the first number and decrements the second; at zero the key is removed. */
  take(key: u64, first: i32): void {
    const slot = this.find(key);
    if (slot < 0) return;
    unchecked((this.firsts[slot] = first));
    unchecked((this.counts[slot] -= 1));
    if (unchecked(this.counts[slot]) == 0) this.close(slot);
  }

  /** Sets the first number of an existing key. */
  set(key: u64, first: i32): void {
    const slot = this.find(key);
    if (slot >= 0) unchecked((this.firsts[slot] = first));
  }

  /** The longest probe; for tests. */
  get longestProbe(): i32 {
    const mask = this.keys.length - 1;
    let longest = 0;
    for (let i = 0; i < this.keys.length; i++) {
      if (unchecked(this.counts[i]) == 0) continue;
      longest = max(longest, (i - this.home(unchecked(this.keys[i]))) & mask);
    }
    return longest;
  }

  /** The home slot of a key. */
  private home(key: u64): i32 {
    return <i32>((key * this.factor) >> (<u64>(64 - ctz(this.keys.length))));
  }

  private probe(key: u64): i32 {
    const mask = this.keys.length - 1;
    let slot = this.home(key);
    while (unchecked(this.counts[slot]) > 0 && unchecked(this.keys[slot]) != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Empties a slot and moves later entries up, so that no probe ends too early. */
  private close(slot: i32): void {
    const mask = this.keys.length - 1;
    this.used--;
    let hole = slot;
    let at = (hole + 1) & mask;
    while (unchecked(this.counts[at]) > 0) {
      const key = unchecked(this.keys[at]);
      const home = this.home(key);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        unchecked((this.keys[hole] = key));
        unchecked((this.firsts[hole] = this.firsts[at]));
        unchecked((this.counts[hole] = this.counts[at]));
        unchecked((this.counts[at] = 0));
        hole = at;
      }
      at = (at + 1) & mask;
    }
  }

  private grow(): void {
    const keys = this.keys;
    const firsts = this.firsts;
    const counts = this.counts;
    this.keys = new StaticArray<u64>(keys.length * 2);
    this.firsts = new StaticArray<i32>(keys.length * 2);
    this.counts = new StaticArray<i32>(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      if (unchecked(counts[i]) == 0) continue;
      const slot = this.probe(unchecked(keys[i]));
      unchecked((this.keys[slot] = keys[i]));
      unchecked((this.firsts[slot] = firsts[i]));
      unchecked((this.counts[slot] = counts[i]));
    }
  }
}
