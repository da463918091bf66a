import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { countEvicted } from "../report/metrics";
import { Admission, discount, Newcomer, EvictionReason } from "../policy/admission";
import { SlotTable } from "../policy/slot-table";
import { StoreState } from "../policy/store-state";
import { Journal } from "./journal";
import { Mirror } from "./mirror";
import { SlotMeta } from "./slot-meta";
import { Slots } from "./slots";

/** The names of `Why` in metrics. */
const EVICTED = ["replaced", "contest", "room", "expired"];
const CAS_TRIES: i32 = 16;
/** Most free slots tried before a new one is taken. */
const FREE_TRIES: i32 = 4;
/** Writes for which the state may differ from this worker's counts before it is corrected. */
const DRIFT_TRIES: i32 = 64;
/** Writes after which the window is recounted. */
const WINDOW_EVERY: u32 = 4096;
/** Smoothing of the mean size. */
const MEAN_PARTS: u64 = 64;

/** What a writer needs from the store. */
export abstract class StateHolder {
  /** Reads the state and follows it; null when there is none. */
  abstract sync(): StoreState | null;

  /** Writes the state if it has not changed since it was read. */
  abstract writeState(state: StoreState): bool;
}

/**
 * Writes entries into slots: plans the evictions, claims their slots, updates the state by
 * compare-and-swap, and writes. The claims of a writer that dies expire some seconds later.
 */
export class SlotWriter {
  private drift: i32 = 0;
  private writes: u32 = 0;
  /** Slots that this write has claimed. */
  private evicted: u32[] = [];
  private reasons: EvictionReason[] = [];
  /** A free slot that this write has claimed, −1 for none. */
  private reserved: i32 = -1;

  constructor(
    private readonly admission: Admission,
    private readonly table: SlotTable,
    private readonly mirror: Mirror,
    private readonly slots: Slots,
    private readonly journal: Journal,
  ) {}

  /** Writes an entry. Returns the state including it, null after too many conflicts with other workers. */
  write(holder: StateHolder, draft: SlotMeta, body: Bytes): StoreState | null {
    const now = <u32>nowSeconds();
    this.evicted = [];
    this.reasons = [];
    this.reserved = -1;
    this.admission.stir(draft.fingerprint);
    let mayReplace = true;
    for (let i = 0; i < CAS_TRIES; i++) {
      const state = holder.sync();
      if (state === null) return null;
      this.correct(state);
      const claimed = this.evicted.length;
      const own = mayReplace ? this.table.find(draft.fingerprint) : -1;
      if (!this.plan(state, draft, own, now)) {
        this.evicted.length = claimed;
        this.reasons.length = claimed;
        continue;
      }
      if (!this.claim(claimed, now)) {
        // Another worker is replacing it: both are kept, and the later counts.
        if (own >= 0 && this.evicted.indexOf(own) < 0) mayReplace = false;
        continue;
      }
      const slot = this.place(state, now);
      if (slot < 0) continue;
      const entry = this.count(state, draft.size, slot);
      if (!holder.writeState(state)) continue;
      this.finish(entry, slot, draft, body);
      return state;
    }
    return null;
  }

  /** Decides which entries are evicted, in addition to those already claimed. */
  private plan(state: StoreState, draft: SlotMeta, own: i32, now: u32): bool {
    const evicted = this.evicted;
    for (let i = 0; i < evicted.length; i++) {
      discount(state, this.table.entryOf(evicted[i]), this.table.sizeOf(evicted[i]));
    }
    const hasSlot = this.reserved >= 0 || this.table.hasFree;
    const newcomer = new Newcomer(draft.size, draft.tenant, now, hasSlot, evicted, this.reasons);
    if (own >= 0 && evicted.indexOf(own) < 0) {
      this.admission.evict(state, newcomer, own, EvictionReason.Replaced);
    }
    return this.admission.makeRoom(state, newcomer);
  }

  /** Claims the slots from `from` on in `going`; those of others are taken out. Whether all could be. */
  private claim(from: i32, now: u32): bool {
    const evicted = this.evicted;
    let kept = from;
    for (let i = from; i < evicted.length; i++) {
      const slot = evicted[i];
      if (this.slots.claim(slot, this.table.entryOf(slot), now)) {
        this.reasons[kept] = this.reasons[i];
        evicted[kept++] = slot;
      } else this.mirror.learn(slot);
    }
    const isWhole = kept == evicted.length;
    evicted.length = kept;
    this.reasons.length = kept;
    return isWhole;
  }

  /** A slot for the entry: one that comes free, one that is free, or a new one; −1 when there is none. */
  private place(state: StoreState, now: u32): i32 {
    if (this.reserved >= 0) return this.reserved;
    if (this.evicted.length > 0) return <i32>this.evicted[0];
    const taken: i32[] = [];
    while (taken.length < FREE_TRIES && this.reserved < 0) {
      const free = this.table.takeFree();
      if (free < 0) break;
      if (this.slots.claim(free, 0, now)) this.reserved = free;
      else taken.push(free);
    }
    // Another worker has them, or has died with them.
    for (let i = 0; i < taken.length; i++) this.mirror.learn(taken[i]);
    if (this.reserved >= 0) return this.reserved;
    if (state.fresh >= state.slots) return -1;
    state.fresh++;
    return <i32>state.fresh - 1;
  }

  /** Counts the entry, and what comes free besides, in the state. Returns its number. */
  private count(state: StoreState, size: u32, slot: i32): u64 {
    const entry = state.head;
    let events = this.evicted.length;
    if (events > 0 && <i32>this.evicted[0] == slot) events--;
    state.head += <u64>(1 + events);
    state.bytes += <u64>size;
    state.live++;
    state.windowBytes += <u64>size;
    state.windowCount++;
    const mean = state.meanSize == 0 ? <u64>size : <u64>state.meanSize;
    state.meanSize = <u32>((mean * (MEAN_PARTS - 1) + <u64>size) / MEAN_PARTS);
    return entry;
  }

  private finish(entry: u64, slot: u32, draft: SlotMeta, body: Bytes): void {
    draft.entry = entry;
    this.slots.write(slot, draft, body);
    this.journal.write(entry, slot);
    this.mirror.note(slot, draft);
    for (let i = 0; i < this.reasons.length; i++) {
      const reason = this.reasons[i];
      if (reason != EvictionReason.Replaced) countEvicted(EVICTED[reason], 1);
    }
    let event = entry;
    for (let i = 0; i < this.evicted.length; i++) {
      const gone = this.evicted[i];
      if (gone == slot) continue;
      event++;
      this.mirror.note(gone, this.slots.free(gone, event));
      this.journal.write(event, gone);
    }
    this.evicted = [];
  }

  /**
   * A writer that died leaves the state's sums wrong. Every worker has sums of its own: when they differ for long
   * though nothing is under way, the state is corrected.
   */
  private correct(state: StoreState): void {
    const isDue = ++this.writes % WINDOW_EVERY == 0;
    if (!this.mirror.isAt(state)) {
      this.drift = 0;
      return;
    }
    const differs = state.bytes != this.table.bytes || state.live != this.table.live;
    this.drift = differs ? this.drift + 1 : 0;
    if (this.drift < DRIFT_TRIES && !isDue) return;
    this.drift = 0;
    const window = this.table.sumFrom(state.windowFrom);
    state.bytes = this.table.bytes;
    state.live = this.table.live;
    state.windowBytes = window.bytes;
    state.windowCount = window.count;
  }
}
