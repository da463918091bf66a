import { Frequencies } from "./frequencies";
import { SlotTable } from "./slot-table";
import { StoreState } from "./store-state";
import { STRATEGIES, Strategy, DEFAULT_STRATEGY, Value } from "./strategy";

/** Entries in one sample. */
const SAMPLE: i32 = 8;
/** Slots drawn for it; some are free or in the window. */
const DRAWS: i32 = 48;
/** Most entries evicted for one new entry. */
const MAX_VICTIMS: i32 = 64;
/** Most numbers that the start of the window may advance for one new entry. */
const MAX_STEPS: i32 = 512;
/** Most entries that leave the window for one new entry: a shrinking window shrinks gradually. */
const MAX_LEAVING: i32 = 64;
/** Requests after which a count weighs half for an entry that nobody asks for, in multiples of the entries. */
const TIE_LIFE: f64 = 4;
/** The worth of an expired answer that is only compared with the next one. */
const EVIDENCE: f64 = 0.25;
const OVER_SHARE: f64 = 1e9;

/** What admission needs from the store. */
export abstract class NumberedSlots {
  /** The slot of the entry with this number, −1 if there is no such entry any more. */
  abstract slotOf(entry: u64): i32;
}

/** Why an entry is evicted. */
export enum EvictionReason {
  /** Its key is replaced, or it had expired. */
  Replaced,
  /** It lost a contest. */
  Contest,
  /** For lack of room. */
  Room,
  Expired,
}

/** The new entry. */
export class Newcomer {
  constructor(
    public size: u32,
    readonly tenant: u32,
    /** Seconds. */
    readonly now: u32,
    /** Whether the slots of `going` suffice. */
    public hasSlot: bool,
    /** Slots of evicted entries. */
    readonly evicted: u32[],
    /** The reason for each of them. */
    readonly reasons: EvictionReason[],
  ) {}
}

/**
 * Decides which entries make room for a new one. New entries pass through a FIFO window; an entry that
 * leaves it competes with the least valuable of a sample of the others, and stays only if it is worth more,
 * by recent frequency times savings per byte. It only reads: what it decides appears in the state, which is
 * written if nobody else has changed it meanwhile.
 */
export class Admission {
  private random: u64 = 0x9e3779b97f4a7c15;
  private score: f64 = 0;
  private readonly window: Window = new Window();

  constructor(
    private readonly table: SlotTable,
    private readonly sketch: Frequencies,
    private readonly numbers: NumberedSlots,
    /** Bytes of all entries. */
    private readonly maxBytes: u64,
    private readonly value: Value,
    /** Largest share of the store for one tenant while there are others. */
    private readonly tenantShare: f64,
  ) {}

  /** Seed of the random draws of a worker. */
  stir(by: u64): void {
    this.random ^= by | 1;
    this.draw();
  }

  /**
   * Adds the slots to evict to `newcomer.going`, and updates `state`. False when not enough room can be
   * made: then nothing may be written.
   */
  makeRoom(state: StoreState, newcomer: Newcomer): bool {
    const index = <i32>state.strategy;
    const isKnown = index < STRATEGIES.length;
    const strategy = unchecked(STRATEGIES[isKnown ? index : <i32>DEFAULT_STRATEGY]);
    const window = this.window;
    window.fit(state, strategy, this.maxBytes, newcomer.size);
    let steps = this.keepShare(state, newcomer);
    for (let i = 0; i < MAX_LEAVING && window.isOver; i++) {
      const slot = this.oldestInWindow(state, newcomer);
      if (slot < 0 || !window.fitsMain(this.table.sizeOf(slot))) break;
      this.leaveWindow(state, slot);
    }
    for (; steps < MAX_STEPS && this.isFull(state, newcomer); steps++) {
      if (newcomer.evicted.length >= MAX_VICTIMS) return false;
      const isContest = state.windowCount > 0 && (window.isOver || window.hasNoMain);
      const slot = isContest ? this.oldestInWindow(state, newcomer) : -1;
      if (slot >= 0) this.contest(state, newcomer, strategy, slot);
      else {
        const victim = this.leastOf(state, newcomer, strategy, false);
        if (victim < 0 && (isContest || state.windowCount == 0)) return false;
        if (victim >= 0) this.evictFor(state, newcomer, victim);
        else if (!this.evictOldest(state, newcomer)) return false;
      }
    }
    return !this.isFull(state, newcomer);
  }

  /** Evicts the entry of a slot: its bytes no longer count. */
  evict(state: StoreState, newcomer: Newcomer, slot: u32, reason: EvictionReason): void {
    newcomer.evicted.push(slot);
    newcomer.reasons.push(reason);
    discount(state, this.table.entryOf(slot), this.table.sizeOf(slot));
  }

  private isFull(state: StoreState, newcomer: Newcomer): bool {
    if (state.bytes + <u64>newcomer.size > this.maxBytes) return true;
    if (state.live >= state.slots) return true;
    const hasSlot = newcomer.hasSlot || newcomer.evicted.length > 0 || state.fresh < state.slots;
    return !hasSlot;
  }

  /** The entry at the window's end competes with the least valuable one of the main part. */
  private contest(state: StoreState, newcomer: Newcomer, strategy: Strategy, slot: i32): void {
    const isUseless = this.isUseless(slot, newcomer.now);
    this.leaveWindow(state, slot);
    if (isUseless) return this.evict(state, newcomer, slot, EvictionReason.Expired);
    const count = this.sketch.count(this.table.fingerprintOf(slot));
    if (strategy.promotes && count > this.table.firstOf(slot)) return;
    const victim = this.leastOf(state, newcomer, strategy, false, slot);
    // On a tie the incumbent stays, which repeated sets of questions depend on.
    if (victim >= 0 && <f64>count * this.weightOf(slot, newcomer.now) > this.score) {
      this.evictFor(state, newcomer, victim, EvictionReason.Contest);
    } else this.evict(state, newcomer, slot, EvictionReason.Contest);
  }

  private evictOldest(state: StoreState, newcomer: Newcomer): bool {
    const slot = this.oldestInWindow(state, newcomer);
    if (slot < 0) return false;
    this.leaveWindow(state, slot);
    this.evictFor(state, newcomer, slot);
    return true;
  }

  /** As `evict`, where what is of no use goes because of that. */
  private evictFor(
    state: StoreState,
    newcomer: Newcomer,
    slot: u32,
    reason: EvictionReason = EvictionReason.Room,
  ): void {
    this.evict(
      state,
      newcomer,
      slot,
      this.isUseless(slot, newcomer.now) ? EvictionReason.Expired : reason,
    );
  }

  /** The oldest entry of the window, which then begins with it; −1 when it is empty. */
  private oldestInWindow(state: StoreState, newcomer: Newcomer): i32 {
    for (let i = 0; i < MAX_STEPS && state.windowFrom < state.head; i++) {
      const entry = state.windowFrom;
      const slot = this.numbers.slotOf(entry);
      const isThere = slot >= 0 && this.table.entryOf(slot) == entry;
      if (isThere && newcomer.evicted.indexOf(slot) < 0) return slot;
      state.windowFrom++;
    }
    if (state.windowFrom == state.head) {
      state.windowBytes = 0;
      state.windowCount = 0;
    }
    return -1;
  }

  /** The oldest entry of the window becomes one of the main part. */
  private leaveWindow(state: StoreState, slot: u32): void {
    state.windowFrom++;
    state.windowBytes -= min(<u64>this.table.sizeOf(slot), state.windowBytes);
    if (state.windowCount > 0) state.windowCount--;
  }

  /**
   * The least worthy of a sample of the main part, or of one tenant's entries; −1 when none was met. Its
   * worth appears in `score`, without what only orders equals.
   */
  private leastOf(
    state: StoreState,
    newcomer: Newcomer,
    strategy: Strategy,
    ofTenant: bool,
    except: i32 = -1,
  ): i32 {
    const entries = <f64>state.capacity(this.maxBytes);
    let best = -1;
    let least: f64 = Infinity;
    let seen = 0;
    for (let i = 0; i < DRAWS && seen < SAMPLE && state.fresh > 0; i++) {
      const slot = <u32>(this.draw() % <u64>state.fresh);
      const entry = this.table.entryOf(slot);
      if (entry == 0 || <i32>slot == except || newcomer.evicted.indexOf(slot) >= 0) continue;
      const tenant = this.table.tenantOf(slot);
      if (ofTenant && !this.table.tenants.isSame(tenant, newcomer.tenant)) continue;
      if (this.isUseless(slot, newcomer.now)) {
        this.score = -1;
        return slot;
      }
      if (!ofTenant && entry >= state.windowFrom) continue;
      seen++;
      const age = <f64>(<f32>this.table.idleOf(slot) * this.sketch.perOwn) / entries;
      const fade = strategy.fade > 0 ? Math.pow(2, -age / strategy.fade) : 1;
      const count = <f64>this.sketch.count(this.table.fingerprintOf(slot));
      const weight = this.weightOf(slot, newcomer.now) * fade;
      let order = (count + 0.99 * Math.pow(2, -age / TIE_LIFE)) * weight;
      const isOver = this.isOverShare(state, tenant);
      if (isOver) order -= OVER_SHARE;
      if (order >= least) continue;
      least = order;
      best = slot;
      this.score = isOver ? -1 : count * weight;
    }
    return best;
  }

  private isUseless(slot: u32, now: u32): bool {
    return this.table.isDead(slot) || this.table.isExpired(slot, now);
  }

  /** What an entry saves for each byte, to the power that the configuration wants. */
  private weightOf(slot: u32, now: u32): f64 {
    const part = this.table.isEvidence(slot, now) ? EVIDENCE : 1;
    if (this.value == Value.Hits) return part;
    const size = this.table.sizeOf(slot);
    const density = <f64>this.table.costOf(slot) / <f64>max<u32>(1, size);
    return part * (this.value == Value.Balanced ? sqrt<f64>(density) : density);
  }

  /** A tenant that would have more than its share gives up entries of its own. Returns the steps taken. */
  private keepShare(state: StoreState, newcomer: Newcomer): i32 {
    const tenants = this.table.tenants;
    const tenant = newcomer.tenant;
    if (this.tenantShare >= 1 || tenants.count < 2) return 0;
    let bytes = tenants.bytesOf(tenant) + <u64>newcomer.size;
    let entries = tenants.entriesOf(tenant) + 1;
    for (let i = 0; i < newcomer.evicted.length; i++) {
      const slot = newcomer.evicted[i];
      if (!tenants.isSame(this.table.tenantOf(slot), tenant)) continue;
      bytes -= min(bytes, <u64>this.table.sizeOf(slot));
      if (entries > 0) entries--;
    }
    const strategy = unchecked(STRATEGIES[<i32>DEFAULT_STRATEGY]);
    let steps = 0;
    while (steps < SAMPLE && entries > 1 && this.exceeds(state, bytes, entries)) {
      const slot = this.leastOf(state, newcomer, strategy, true);
      if (slot < 0) break;
      this.evictFor(state, newcomer, slot);
      bytes -= min(bytes, <u64>this.table.sizeOf(slot));
      entries--;
      steps++;
    }
    return steps;
  }

  private isOverShare(state: StoreState, tenant: u32): bool {
    const tenants = this.table.tenants;
    if (this.tenantShare >= 1 || tenants.count < 2) return false;
    return this.exceeds(state, tenants.bytesOf(tenant), tenants.entriesOf(tenant));
  }

  private exceeds(state: StoreState, bytes: u64, entries: u32): bool {
    return (
      <f64>bytes > this.tenantShare * <f64>this.maxBytes ||
      <f64>entries > max(1, this.tenantShare * <f64>state.slots)
    );
  }

  /** Marsaglia's xorshift64. */
  private draw(): u64 {
    let x = this.random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    this.random = x;
    return x >> 11;
  }
}

/** The state without an entry that is given up. */
export function discount(state: StoreState, entry: u64, size: u32): void {
  state.bytes -= min(<u64>size, state.bytes);
  if (state.live > 0) state.live--;
  if (entry < state.windowFrom) return;
  state.windowBytes -= min(<u64>size, state.windowBytes);
  if (state.windowCount > 0) state.windowCount--;
}

/** The window's part of both capacities. */
class Window {
  private state: StoreState = new StoreState();
  private size: u32 = 0;
  private mostBytes: f64 = 0;
  private most: f64 = 0;
  private mainBytes: f64 = 0;
  private main: f64 = 0;

  /** Takes the capacities of a state, and the size of the newcomer. */
  fit(state: StoreState, strategy: Strategy, maxBytes: u64, size: u32): void {
    this.state = state;
    this.size = size;
    this.mostBytes = strategy.window * <f64>maxBytes;
    this.most = strategy.window * <f64>state.slots;
    this.mainBytes = <f64>maxBytes - this.mostBytes;
    this.main = <f64>state.slots - this.most;
  }

  /** Whether it holds more than its part when the newcomer is in. */
  get isOver(): bool {
    const state = this.state;
    if (state.windowCount == 0) return false;
    return (
      <f64>(state.windowBytes + <u64>this.size) > this.mostBytes ||
      <f64>(state.windowCount + 1) > this.most
    );
  }

  get hasNoMain(): bool {
    return this.state.live <= this.state.windowCount;
  }

  /** Whether the main part has room for an entry of the window. */
  fitsMain(size: u32): bool {
    const state = this.state;
    const bytes = state.bytes - min(state.bytes, state.windowBytes) + <u64>size;
    const count = state.live - min(state.live, state.windowCount) + 1;
    return <f64>bytes <= this.mainBytes && <f64>count <= this.main;
  }
}
