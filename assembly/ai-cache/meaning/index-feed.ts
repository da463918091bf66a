import { MemoryStore } from "../store/memory-store";
import { SlotMeta, SlotState } from "../store/slot-meta";
import { QuestionIndex } from "./question-index";
import { QuestionNote } from "./question-note";

/** Most questions indexed during one look-up: bounds the work of a worker that starts late. */
const BATCH: i32 = 32;
/** Most slots visited for it. */
const STEPS: i32 = 256;
/** How often an entry that is announced but not yet written is retried. */
const PATIENCE: i32 = 64;

/**
 * Keeps a worker's index of questions in step with the store that all workers share: reads all slots once,
 * a part at each look-up, and follows the journal from then on. Slots identify entries in the index.
 */
export class IndexFeed {
  /** The next journal number; 0 before the first call. */
  private next: u64 = 0;
  /** Slots below have been read. */
  private scanned: u32 = 0;
  private scanEnd: u32 = 0;
  private tries: i32 = 0;
  private left: i32 = 0;

  constructor(
    private readonly store: MemoryStore,
    readonly index: QuestionIndex,
  ) {}

  /** Indexes new entries, as many as one call may. */
  catchUp(): void {
    const state = this.store.readState();
    if (state === null) return;
    const journal = this.store.journal;
    journal.resize(state.journalPages);
    journal.refresh();
    const isLost = this.next + journal.length < state.head;
    if (this.next == 0 || this.next > state.head || isLost) {
      this.scanned = 0;
      this.scanEnd = state.fresh;
      this.next = state.head;
    }
    this.left = BATCH;
    let steps = STEPS;
    for (; this.scanned < this.scanEnd && this.left > 0 && steps-- > 0; this.scanned++) {
      const meta = this.store.slots.meta(this.scanned);
      if (meta !== null) this.take(this.scanned, meta);
    }
    while (this.next < state.head && this.left > 0 && steps-- > 0 && this.takeNumber(this.next)) {
      this.next++;
    }
  }

  /** Indexes the entry of a number; false when it should be retried later. */
  private takeNumber(number: u64): bool {
    const slot = this.store.journal.slotOf(number);
    let meta: SlotMeta | null = null;
    if (slot >= 0) meta = this.store.slots.meta(slot);
    if (meta === null || meta.entry < number) {
      if (++this.tries < PATIENCE) return false;
    } else this.take(slot, meta);
    this.tries = 0;
    return true;
  }

  private take(slot: u32, meta: SlotMeta): void {
    this.index.remove(<u64>slot);
    if (meta.state != SlotState.Live || meta.note.length == 0) return;
    const note = QuestionNote.decode(meta.note);
    if (note === null) return;
    this.left--;
    this.index.put(<u64>slot, note);
  }
}
