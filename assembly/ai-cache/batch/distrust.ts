import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

const SLOTS: i32 = 256;
/** Seconds. */
const PERIOD: u64 = 600;

/**
 * Remembers where partial answers could not be combined with cached ones: for a while, all items are
 * requested there. A table of fixed size.
 */
export class Distrust {
  private readonly table: StaticArray<u64> = new StaticArray<u64>(2 * SLOTS);

  /** Records such a failure for requests of a form. `now`: seconds. */
  note(form: Bytes, now: u64): void {
    const key = xxhash64(form);
    const at = slotOf(key);
    this.table[at] = key;
    this.table[at + 1] = now + PERIOD;
  }

  /** Whether it has happened recently. */
  has(form: Bytes, now: u64): bool {
    const key = xxhash64(form);
    const at = slotOf(key);
    return this.table[at] == key && now < this.table[at + 1];
  }
}

function slotOf(key: u64): i32 {
  return <i32>(key % <u64>SLOTS) * 2;
}
