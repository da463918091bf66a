import { MemoryStore } from "../store/memory-store";
import { QuestionIndex } from "./question-index";
import { QuestionNote } from "./question-note";

/** Entries that are taken in during one look-up: bounds the work of a worker that starts late. */
const BATCH: u64 = 32;
/** Entries that are forgotten during one look-up. */
const FORGET_BATCH: u64 = 256;
/** How often an entry that is announced but not written yet is looked at again. */
const PATIENCE: i32 = 64;

/**
 * Keeps a worker's index of questions in step with the store that all workers share: new entries are
 * taken in, those that the store has given up are forgotten.
 */
export class IndexFeed {
  private next: u64 = 0;
  private oldest: u64 = 0;
  private tries: i32 = 0;

  constructor(
    private readonly store: MemoryStore,
    readonly index: QuestionIndex,
  ) {}

  /** Takes in what is new, as far as one call may. */
  catchUp(): void {
    const range = this.store.range();
    if (range === null) return;
    const forgotten = min(range.first, this.oldest + FORGET_BATCH);
    for (; this.oldest < forgotten; this.oldest++) this.index.remove(this.oldest);
    this.next = max(this.next, range.first);
    if (this.next == range.first) this.oldest = max(this.oldest, range.first);
    const last = min(range.end, this.next + BATCH);
    while (this.next < last && this.take(this.next)) this.next++;
  }

  /** Takes an entry in; false when it should be looked at again later. */
  private take(entry: u64): bool {
    const data = this.store.note(entry);
    if (data === null) {
      if (++this.tries < PATIENCE) return false;
    } else if (data.length > 0) {
      const note = QuestionNote.decode(data);
      if (note !== null) this.index.put(entry, note);
    }
    this.tries = 0;
    return true;
  }
}
