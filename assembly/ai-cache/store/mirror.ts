import { NumberedSlots } from "../policy/admission";
import { SlotEntry, SlotTable } from "../policy/slot-table";
import { StoreState } from "../policy/store-state";
import { Journal } from "./journal";
import { SlotMeta } from "./slot-meta";
import { Slots } from "./slots";

/** Most slots and numbers read by one look-up: bounds the work of a worker that starts with a full store. */
const BATCH: u32 = 1024;
/** Most numbers that are assigned but not yet written, which are retried. */
const MAX_PENDING: i32 = 32;
/** Most retries of each. */
const PENDING_TRIES: i32 = 64;

/**
 * Keeps a worker's table of slots in step with the store: reads all slots once, a part at each look-up, and
 * follows the journal from then on.
 */
export class Mirror extends NumberedSlots {
  /** The next journal number; 0 before the first call. */
  private next: u64 = 0;
  /** Slots below are known. */
  private scanned: u32 = 0;
  private scanEnd: u32 = 0;
  private readonly pending: u64[] = [];
  private pendingTries: i32 = 0;
  private readonly scratch: SlotEntry = new SlotEntry();

  constructor(
    readonly table: SlotTable,
    private readonly slots: Slots,
    private readonly journal: Journal,
  ) {
    super();
  }

  /** Whether the table has all entries of the state. */
  get isWhole(): bool {
    return this.scanned >= this.scanEnd && this.pending.length == 0;
  }

  /** Whether it has followed up to `state`. */
  isAt(state: StoreState): bool {
    return this.isWhole && this.next == state.head;
  }

  /** Follows towards `state`, as far as one look-up may. */
  follow(state: StoreState): void {
    this.journal.resize(state.journalPages);
    this.journal.refresh();
    const isLost = this.next + this.journal.length < state.head;
    if (this.next == 0 || this.next > state.head || isLost) this.restart(state);
    if (this.pending.length > 0) this.retry();
    const until = min(this.scanEnd, this.scanned + BATCH);
    for (; this.scanned < until; this.scanned++) this.learn(this.scanned);
    const last = min(state.head, this.next + <u64>BATCH);
    for (; this.next < last; this.next++) {
      if (this.takeNumber(this.next) || this.pending.length >= MAX_PENDING) continue;
      this.pending.push(this.next);
      this.pendingTries = 0;
    }
  }

  slotOf(entry: u64): i32 {
    const slot = this.journal.slotOf(entry);
    if (slot >= 0 && this.table.entryOf(slot) != entry) this.learn(slot);
    return slot;
  }

  /** Records the current contents of a slot. */
  learn(slot: u32): void {
    const meta = this.slots.meta(slot);
    if (meta !== null) this.take(slot, meta);
  }

  /** Records what this worker has written under a number. */
  note(slot: u32, meta: SlotMeta): void {
    this.take(slot, meta);
    if (this.next == meta.entry) this.next++;
  }

  private restart(state: StoreState): void {
    this.table.clear();
    this.pending.length = 0;
    this.scanned = 0;
    this.scanEnd = state.fresh;
    this.next = state.head;
  }

  private take(slot: u32, meta: SlotMeta): void {
    if (!meta.isCounted) {
      this.table.release(slot);
      return;
    }
    if (this.table.entryOf(slot) == meta.entry) return;
    const entry = this.scratch;
    entry.fingerprint = meta.fingerprint;
    entry.entry = meta.entry;
    entry.size = meta.size;
    entry.cost = meta.cost;
    entry.expires = meta.expires;
    entry.keptFor = meta.keptFor;
    entry.tenant = meta.tenant;
    entry.first = meta.first;
    this.table.put(slot, entry);
  }

  /** False when the slot of the number is not written yet. */
  private takeNumber(number: u64): bool {
    const slot = this.journal.slotOf(number);
    if (slot < 0) return false;
    const meta = this.slots.meta(slot);
    if (meta === null || meta.entry < number) return false;
    this.take(slot, meta);
    return true;
  }

  /** A number is assigned before its slot is written: retry a few times, then give up. */
  private retry(): void {
    let kept = 0;
    for (let i = 0; i < this.pending.length; i++) {
      const number = this.pending[i];
      if (this.takeNumber(number)) continue;
      this.pending[kept++] = number;
    }
    this.pending.length = ++this.pendingTries >= PENDING_TRIES ? 0 : kept;
  }
}
