import { Bytes } from "../../proxy-wasm/bytes";

/** "SLT" and the version of the layout. */
const MAGIC: u32 = 0x34544c53;
const BYTES: i32 = 72;
/** Most slots that a store may have. */
export const MAX_SLOTS: u32 = 1_000_000;

/**
 * The state of a store that all workers share, little-endian:
 *
 *   SLT4 · slots u32 · head u64 · windowFrom u64 · bytes u64 · windowBytes u64 · windowCount u32 · live u32 ·
 *   fresh u32 · meanSize u32 · journalPages u32 · sketchPages u32 · strategy u8, seven zeros
 */
export class StoreState {
  /** Most entries. */
  slots: u32 = 0;
  /** The next number. Each stored entry and each freed slot takes one. */
  head: u64 = 1;
  /** An entry is in the window if its number is not below this, else in the main part. */
  windowFrom: u64 = 1;
  /** Bytes of all entries. */
  bytes: u64 = 0;
  windowBytes: u64 = 0;
  windowCount: u32 = 0;
  /** Entries in all. */
  live: u32 = 0;
  /** Slots that have ever been used. */
  fresh: u32 = 0;
  /** Running mean size of stored entries; 0 before the first. */
  meanSize: u32 = 0;
  journalPages: u32 = 1;
  sketchPages: u32 = 1;
  /** Number in `STRATEGIES`. */
  strategy: u8 = 0;
  /** For the conditional write. */
  cas: u32 = 0;

  /** Null when the bytes are of another layout. */
  static decode(data: Bytes, cas: u32): StoreState | null {
    if (data.length != BYTES) return null;
    const p = data.pointer;
    if (load<u32>(p) != MAGIC) return null;
    const s = new StoreState();
    s.slots = load<u32>(p, 4);
    s.head = load<u64>(p, 8);
    s.windowFrom = load<u64>(p, 16);
    s.bytes = load<u64>(p, 24);
    s.windowBytes = load<u64>(p, 32);
    s.windowCount = load<u32>(p, 40);
    s.live = load<u32>(p, 44);
    s.fresh = load<u32>(p, 48);
    s.meanSize = load<u32>(p, 52);
    s.journalPages = load<u32>(p, 56);
    s.sketchPages = load<u32>(p, 60);
    s.strategy = load<u8>(p, 64);
    s.cas = cas;
    return s.isSound() ? s : null;
  }

  encode(): Bytes {
    const out = Bytes.wrap(new ArrayBuffer(BYTES));
    const p = out.pointer;
    store<u32>(p, MAGIC);
    store<u32>(p, this.slots, 4);
    store<u64>(p, this.head, 8);
    store<u64>(p, this.windowFrom, 16);
    store<u64>(p, this.bytes, 24);
    store<u64>(p, this.windowBytes, 32);
    store<u32>(p, this.windowCount, 40);
    store<u32>(p, this.live, 44);
    store<u32>(p, this.fresh, 48);
    store<u32>(p, this.meanSize, 52);
    store<u32>(p, this.journalPages, 56);
    store<u32>(p, this.sketchPages, 60);
    store<u8>(p, this.strategy, 64);
    return out;
  }

  /** Estimated number of entries that fit, by their mean size. */
  capacity(maxBytes: u64): u32 {
    if (this.meanSize == 0) return this.slots;
    return <u32>max<u64>(8, min<u64>(<u64>this.slots, maxBytes / <u64>this.meanSize));
  }

  private isSound(): bool {
    return (
      this.slots > 0 &&
      this.slots <= MAX_SLOTS &&
      this.fresh <= MAX_SLOTS &&
      this.head > 0 &&
      this.windowFrom > 0 &&
      this.windowFrom <= this.head &&
      this.journalPages > 0 &&
      this.journalPages <= MAX_SLOTS &&
      this.sketchPages > 0 &&
      this.sketchPages <= MAX_SLOTS
    );
  }
}
