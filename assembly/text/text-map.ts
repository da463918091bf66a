import { Bytes } from "../proxy-wasm/bytes";
import { keyedHash } from "./keyed-hash";

/** Slots of a new table; a power of two. */
const FIRST_SLOTS: i32 = 16;

/**
 * A map with untrusted keys. Unlike `Map<string>` it hashes with a key of the VM, and creates no strings.
 * Keys are kept by reference: copy what does not live as long.
 */
export class TextMap<V> {
  private readonly texts: Bytes[] = [];
  private readonly values: V[] = [];
  private readonly hashes: u64[] = [];
  /** Entry numbers plus one, with linear probing; never more than half full. */
  private slots: StaticArray<i32> = new StaticArray<i32>(FIRST_SLOTS);

  /** Number of keys. */
  get size(): i32 {
    return this.texts.length;
  }

  /** Whether `key` is there. */
  has(key: Bytes): bool {
    return unchecked(this.slots[this.probe(key, keyedHash(key))]) > 0;
  }

  /** The value of `key`, `other` when it is absent. */
  get(key: Bytes, other: V): V {
    const entry = unchecked(this.slots[this.probe(key, keyedHash(key))]);
    return entry > 0 ? this.values[entry - 1] : other;
  }

  /** Sets the value of `key`. */
  set(key: Bytes, value: V): void {
    const hash = keyedHash(key);
    const slot = this.probe(key, hash);
    const entry = unchecked(this.slots[slot]);
    if (entry > 0) {
      this.values[entry - 1] = value;
      return;
    }
    this.texts.push(key);
    this.values.push(value);
    this.hashes.push(hash);
    unchecked((this.slots[slot] = this.texts.length));
    if (this.texts.length * 2 > this.slots.length) this.grow();
  }

  /** The keys in insertion order. */
  keys(): Bytes[] {
    return this.texts.slice(0);
  }

  /** The slot of `key`, or the empty one where it belongs. */
  private probe(key: Bytes, hash: u64): i32 {
    const mask = this.slots.length - 1;
    let slot = (<i32>hash) & mask;
    while (true) {
      const entry = unchecked(this.slots[slot]) - 1;
      if (entry < 0) return slot;
      if (this.hashes[entry] == hash && this.texts[entry].equals(key)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const slots = new StaticArray<i32>(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < this.hashes.length; i++) {
      let slot = (<i32>this.hashes[i]) & mask;
      while (unchecked(slots[slot]) > 0) slot = (slot + 1) & mask;
      unchecked((slots[slot] = i + 1));
    }
    this.slots = slots;
  }
}
