import { TenantTable, DEFAULT_TENANTS } from "./tenant-table";

/** Slots of a block; blocks are allocated as slots are used. */
const BLOCK_SLOTS: u32 = 1024;
const BLOCK_SHIFT: u32 = 10;
const RECORD: usize = 40;
const MIN_PLACES: i32 = 64;
const NONE: u32 = 0;

/*
 * A slot's record:
 *   fingerprint u64 · entry u64 · size u32 · cost u32 · used u32 · expires u32 · tenant u32 · first u8 · flags u8 ·
 *   kept u16
 */
const ENTRY: usize = 8;
const SIZE: usize = 16;
const COST: usize = 20;
const USED: usize = 24;
const EXPIRES: usize = 28;
const TENANT: usize = 32;
const FIRST: usize = 36;
const FLAGS: usize = 37;
const KEPT: usize = 38;
/** Unit in seconds of how long an entry is kept. */
const KEPT_UNIT: u32 = 64;
/** The entry is unreachable and evicted first. */
const DEAD: u8 = 1;
/** The slot is in the free list. */
const LISTED: u8 = 2;

/** What a worker knows about the entry in a slot. */
export class SlotEntry {
  fingerprint: u64 = 0;
  /** Its number; entries are numbered as they come. */
  entry: u64 = 0;
  /** Bytes. */
  size: u32 = 0;
  /** The cost of asking the model again, in tokens or money. */
  cost: u32 = 0;
  /** Seconds since 1970 when it becomes useless, 0 for never. */
  expires: u32 = 0;
  /** Seconds before `expires` for which it is evidence only: its answer is no longer served. */
  keptFor: u32 = 0;
  /** The tenant. */
  tenant: u32 = 0;
  /** How often it had been requested when it was cached. */
  first: u8 = 0;
}

/** Sums over some entries. */
export class TableSum {
  count: u32 = 0;
  bytes: u64 = 0;
}

/**
 * A worker's view of all slots, without the answers: which entry is in which slot, and what the policy
 * needs. Uses memory only for slots that have been in use.
 */
export class SlotTable {
  readonly tenants: TenantTable;
  private readonly blocks: StaticArray<u8>[] = [];
  /** Slots by fingerprint, plus one; 0 for an empty place. */
  private places: StaticArray<u32> = new StaticArray<u32>(MIN_PLACES);
  private taken: i32 = 0;
  private readonly free: u32[] = [];
  /** Number of known entries. */
  live: u32 = 0;
  /** Their bytes. */
  bytes: u64 = 0;
  /** This worker's clock: its requests. */
  now: u32 = 0;

  /** `tenants`: number of counters, a power of two. */
  constructor(tenants: i32 = DEFAULT_TENANTS) {
    this.tenants = new TenantTable(tenants);
  }

  /** Forgets everything. */
  clear(): void {
    this.blocks.length = 0;
    this.free.length = 0;
    this.places = new StaticArray<u32>(MIN_PLACES);
    this.taken = 0;
    this.live = 0;
    this.bytes = 0;
    this.tenants.clear();
  }

  /** Number of known slots. */
  get slots(): u32 {
    return (<u32>this.blocks.length) << BLOCK_SHIFT;
  }

  /** The slot with a fingerprint, −1 when none is known. */
  find(fingerprint: u64): i32 {
    const mask = this.places.length - 1;
    const home = <i32>(fingerprint & (<u64>mask));
    for (let i = 0; i <= mask; i++) {
      const slot = unchecked(this.places[(home + i) & mask]);
      if (slot == NONE) break;
      if (this.fingerprintOf(slot - 1) == fingerprint) return <i32>(slot - 1);
    }
    return -1;
  }

  /** Records the entry in a slot, replacing the previous one. */
  put(slot: u32, e: SlotEntry): void {
    this.drop(slot);
    this.describe(slot);
    const twin = this.find(e.fingerprint);
    let isDead = false;
    if (twin >= 0) {
      // Two workers have cached the same key: the later entry counts.
      isDead = this.entryOf(<u32>twin) > e.entry;
      if (!isDead) this.bury(<u32>twin);
    }
    const p = this.at(slot);
    store<u64>(p, e.fingerprint);
    store<u64>(p, e.entry, ENTRY);
    store<u32>(p, e.size, SIZE);
    store<u32>(p, e.cost, COST);
    store<u32>(p, this.now, USED);
    store<u32>(p, e.expires, EXPIRES);
    store<u32>(p, e.tenant, TENANT);
    store<u8>(p, e.first, FIRST);
    const units = (e.keptFor + KEPT_UNIT - 1) / KEPT_UNIT;
    store<u16>(p, <u16>min<u32>(<u32>u16.MAX_VALUE, units), KEPT);
    if (isDead) this.flag(slot, DEAD);
    this.live++;
    this.bytes += <u64>e.size;
    this.tenants.add(e.tenant, e.size);
    if (!isDead) this.link(slot, e.fingerprint);
  }

  /** Takes note that a slot is free. */
  release(slot: u32): void {
    this.drop(slot);
    this.describe(slot);
    if (this.hasFlag(slot, LISTED)) return;
    this.flag(slot, LISTED);
    this.free.push(slot);
  }

  /** A slot that was free when this worker last heard of it, −1 when it knows none. */
  takeFree(): i32 {
    while (this.free.length > 0) {
      const slot = this.free.pop();
      store<u8>(this.at(slot), load<u8>(this.at(slot), FLAGS) & ~LISTED, FLAGS);
      if (this.entryOf(slot) == 0) return <i32>slot;
    }
    return -1;
  }

  get hasFree(): bool {
    return this.free.length > 0;
  }

  /** Nothing finds the entry of a slot any more. */
  bury(slot: u32): void {
    if (slot >= this.slots || this.isDead(slot)) return;
    this.unlink(slot);
    this.flag(slot, DEAD);
  }

  /** Takes note that the entry of a slot has been asked for. */
  touch(slot: u32): void {
    if (slot < this.slots) store<u32>(this.at(slot), this.now, USED);
  }

  /** Number of the entry in a slot, 0 when there is none. */
  entryOf(slot: u32): u64 {
    return slot < this.slots ? load<u64>(this.at(slot), ENTRY) : 0;
  }

  fingerprintOf(slot: u32): u64 {
    return slot < this.slots ? load<u64>(this.at(slot)) : 0;
  }

  sizeOf(slot: u32): u32 {
    return slot < this.slots ? load<u32>(this.at(slot), SIZE) : 0;
  }

  costOf(slot: u32): u32 {
    return slot < this.slots ? load<u32>(this.at(slot), COST) : 0;
  }

  tenantOf(slot: u32): u32 {
    return slot < this.slots ? load<u32>(this.at(slot), TENANT) : 0;
  }

  firstOf(slot: u32): i32 {
    return slot < this.slots ? <i32>load<u8>(this.at(slot), FIRST) : 0;
  }

  /** Requests of this worker since the entry was asked for. */
  idleOf(slot: u32): u32 {
    return slot < this.slots ? this.now - load<u32>(this.at(slot), USED) : 0;
  }

  isDead(slot: u32): bool {
    return slot < this.slots && this.hasFlag(slot, DEAD);
  }

  /** Whether the entry of a slot is of no use at `now` (seconds). */
  isExpired(slot: u32, now: u32): bool {
    const expires = slot < this.slots ? load<u32>(this.at(slot), EXPIRES) : 0;
    return expires != 0 && now >= expires;
  }

  /** Whether the answer of a slot is kept as evidence only at `now` (seconds). */
  isEvidence(slot: u32, now: u32): bool {
    if (slot >= this.slots) return false;
    const expires = load<u32>(this.at(slot), EXPIRES);
    const kept = <u32>load<u16>(this.at(slot), KEPT) * KEPT_UNIT;
    return kept > 0 && now < expires && now + kept >= expires;
  }

  /** Bytes of the known entries from a number on, and how many they are. In time of the slots. */
  sumFrom(entry: u64): TableSum {
    const sum = new TableSum();
    for (let slot: u32 = 0; slot < this.slots; slot++) {
      const own = this.entryOf(slot);
      if (own == 0 || own < entry) continue;
      sum.count++;
      sum.bytes += <u64>this.sizeOf(slot);
    }
    return sum;
  }

  private describe(slot: u32): void {
    while (slot >= this.slots) {
      this.blocks.push(new StaticArray<u8>(<i32>BLOCK_SLOTS * <i32>RECORD));
    }
  }

  private flag(slot: u32, flag: u8): void {
    store<u8>(this.at(slot), load<u8>(this.at(slot), FLAGS) | flag, FLAGS);
  }

  private hasFlag(slot: u32, flag: u8): bool {
    return (load<u8>(this.at(slot), FLAGS) & flag) != 0;
  }

  private at(slot: u32): usize {
    const block = unchecked(this.blocks[<i32>(slot >> BLOCK_SHIFT)]);
    return changetype<usize>(block) + <usize>(slot & (BLOCK_SLOTS - 1)) * RECORD;
  }

  private drop(slot: u32): void {
    if (slot >= this.slots || this.entryOf(slot) == 0) return;
    if (!this.isDead(slot)) this.unlink(slot);
    const size = this.sizeOf(slot);
    this.tenants.remove(this.tenantOf(slot), size);
    this.bytes -= min(<u64>size, this.bytes);
    if (this.live > 0) this.live--;
    const flags = load<u8>(this.at(slot), FLAGS);
    memory.fill(this.at(slot), 0, RECORD);
    store<u8>(this.at(slot), flags & LISTED, FLAGS);
  }

  private link(slot: u32, fingerprint: u64): void {
    if (this.taken * 2 >= this.places.length) this.grow();
    this.place(slot, fingerprint);
    this.taken++;
  }

  private place(slot: u32, fingerprint: u64): void {
    const mask = this.places.length - 1;
    let at = <i32>(fingerprint & (<u64>mask));
    while (unchecked(this.places[at]) != NONE) at = (at + 1) & mask;
    unchecked((this.places[at] = slot + 1));
  }

  private unlink(slot: u32): void {
    const mask = this.places.length - 1;
    let at = <i32>(this.fingerprintOf(slot) & (<u64>mask));
    while (unchecked(this.places[at]) != slot + 1) {
      if (unchecked(this.places[at]) == NONE) return;
      at = (at + 1) & mask;
    }
    unchecked((this.places[at] = NONE));
    this.taken--;
    // What appears after moves up, so that no search ends too early.
    for (let next = (at + 1) & mask; unchecked(this.places[next]) != NONE;) {
      const moved = unchecked(this.places[next]);
      const home = <i32>(this.fingerprintOf(moved - 1) & (<u64>mask));
      if (((next - home) & mask) >= ((next - at) & mask)) {
        unchecked((this.places[at] = moved));
        unchecked((this.places[next] = NONE));
        at = next;
      }
      next = (next + 1) & mask;
    }
  }

  private grow(): void {
    const previous = this.places;
    this.places = new StaticArray<u32>(previous.length * 2);
    for (let i = 0; i < previous.length; i++) {
      const slot = unchecked(previous[i]);
      if (slot != NONE) this.place(slot - 1, this.fingerprintOf(slot - 1));
    }
  }
}
