import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { EntrySelector, questionHash } from "./entry-selector";
import { AnswerRecord } from "./record";
import { fingerprintOf, SlotMeta } from "./slot-meta";

/**
 * Entries that a VM takes into its index during one look-up: bounds the work of a VM that starts
 * beside a full store.
 */
const SYNC_BATCH: i32 = 1024;
/** Entries announced but not written yet that a VM remembers to look at again. */
const MAX_PENDING: i32 = 32;
/** How often it looks again. */
const PENDING_TRIES: i32 = 64;
/** "RNG" and the version of the layout of the ring's state. */
const RING_MAGIC: u32 = 0x32474e52;
/** Most entries that a store may have. */
export const MAX_ENTRIES: u32 = 1_000_000;
const CAS_TRIES: i32 = 16;
const MAX_EVICTIONS: u64 = 4096;
/** The oldest fourth of a store that is three fourths full is near eviction. */
const NEARLY: u64 = 4;
/** One entry may take at most this part of the bytes, so that it cannot flush the rest. */
const LARGEST_PART: i64 = 8;

/** Why an entry was not taken. */
export enum PutResult {
  Ok = 0,
  TooLarge = 1,
  Contention = 2,
}

/** The state of the ring that all workers share. */
class Ring {
  constructor(
    /** Number of slots: entry `n` lives in slot `n % slots`. */
    public slots: u32,
    /** The oldest entry that is alive. */
    public tail: u64,
    /** The next entry. */
    public head: u64,
    /** Bytes of the entries alive. */
    public bytes: u64,
    /** For the conditional write. */
    public cas: u32,
  ) {}

  encode(): Bytes {
    return new ByteWriter(32)
      .uint(<u64>RING_MAGIC, 4)
      .uint(<u64>this.slots, 4)
      .uint(this.tail, 8)
      .uint(this.head, 8)
      .uint(this.bytes, 8)
      .toBytes();
  }
}

/** The entries that a store may hold now. */
export class EntryRange {
  constructor(
    /** The oldest entry that is alive. */
    readonly first: u64,
    /** The entry that comes next. */
    readonly end: u64,
  ) {}
}

/**
 * Answers in Envoy's shared data, one store for all workers of the process. It is a ring: a number
 * is drawn for each new entry by a conditional write of the ring's state, the oldest entries are
 * given up when the slots or the bytes run out, and slots are used again, because shared data has
 * no deletion. Each VM keeps an index from fingerprints to entry numbers and catches up with the
 * others lazily.
 *
 * Every race ends in a miss: a record carries its key's digest and a checksum, and is served only
 * if both are right.
 */
export class MemoryStore {
  private readonly stateKey: Bytes;
  private readonly metaPrefix: string;
  private readonly bodyPrefix: string;
  private readonly index: Map<u64, u64> = new Map();
  private bySlot: StaticArray<u64> = new StaticArray<u64>(0);
  private synced: u64 = 0;
  private pending: u64[] = [];
  private pendingTries: i32 = 0;
  /** Entries alive when this VM last stored one. */
  entries: u64 = 0;
  /** Bytes of the entries alive when this VM last stored one. */
  bytes: u64 = 0;

  /**
   * `name` tells stores apart. `capacity`: entries. `maxBytes`: bytes of all records together. A
   * store that another capacity had before is emptied.
   */
  constructor(
    name: string,
    private readonly capacity: u32,
    private readonly maxBytes: u64,
  ) {
    this.stateKey = Bytes.of(name + "/ring");
    this.metaPrefix = name + "/m";
    this.bodyPrefix = name + "/b";
  }

  /**
   * Makes the ring, or empties it when its capacity has changed. At configuration time, which the
   * main thread reaches first.
   */
  open(): void {
    const ring = this.readRing();
    if (ring === null) {
      setShared(this.stateKey, new Ring(this.capacity, 0, 0, 0, 0).encode());
      return;
    }
    if (ring.slots == this.capacity) return;
    const emptied = new Ring(this.capacity, ring.head, ring.head, 0, ring.cas);
    if (!setSharedIf(this.stateKey, emptied.encode(), ring.cas)) return;
    for (let slot: u32 = 0; slot < ring.slots; slot++) this.clearSlot(slot);
  }

  /**
   * The record under `digest`, which may have expired; null when there is none that is whole.
   * `now`: seconds. One that is about to be given up is stored anew, so that what is asked for
   * stays.
   */
  get(digest: Bytes, now: u64): AnswerRecord | null {
    const ring = this.sync();
    const fingerprint = fingerprintOf(digest);
    if (ring === null || !this.index.has(fingerprint)) return null;
    const entry = this.index.get(fingerprint);
    if (entry >= ring.tail) {
      const value = getShared(this.bodyKey(<u32>(entry % <u64>ring.slots)));
      const record = AnswerRecord.decode(value === null ? Bytes.empty() : value.data);
      if (record !== null && record.digest.equals(digest)) {
        if (!record.isExpired(now) && this.isNearEviction(ring, entry)) {
          const meta = this.readMeta(<u32>(entry % <u64>ring.slots));
          if (meta !== null && meta.entry == entry) {
            this.write(record, meta.scope, meta.origin, meta.note);
          }
        }
        return record;
      }
    }
    this.index.delete(fingerprint);
    return null;
  }

  /** The entries alive now, null when there is no ring. */
  range(): EntryRange | null {
    const ring = this.readRing();
    return ring === null ? null : new EntryRange(ring.tail, ring.head);
  }

  /**
   * The note of an entry, empty when it has none; null when the entry is not written yet or its slot
   * belongs to another one.
   */
  note(entry: u64): Bytes | null {
    if (this.bySlot.length == 0) return null;
    const meta = this.readMeta(<u32>(entry % <u64>this.bySlot.length));
    return meta === null || meta.entry != entry ? null : meta.note;
  }

  /**
   * Stores `record` under its digest, in place of what was there. `scope`: what askers must share,
   * 32 bytes. `note`: what an index needs to know of the entry, without reading the record.
   * `PutResult`.
   */
  put(record: AnswerRecord, scope: Bytes, note: Bytes = Bytes.empty()): i32 {
    return this.write(record, scope, fingerprintOf(record.origin), note);
  }

  /**
   * Looks at `most` entries from entry `from` on, and deletes those that `selector` means unless
   * `isDry`. Adds the fingerprints of those to `found`. Gives the entry to go on with, 0 at the end.
   */
  purge(selector: EntrySelector, from: u64, most: u64, isDry: bool, found: u64[]): u64 {
    const ring = this.readRing();
    if (ring === null) return 0;
    const first = max(from, ring.tail);
    const last = min(ring.head, first + most);
    for (let entry = first; entry < last; entry++) {
      const slot = <u32>(entry % <u64>ring.slots);
      const value = getShared(this.metaKey(slot));
      if (value === null) continue;
      const meta = SlotMeta.decode(value.data);
      if (meta === null || meta.entry != entry || !selector.matches(meta)) continue;
      found.push(meta.fingerprint);
      if (isDry) continue;
      // Whoever writes the slot now has drawn it for another entry.
      if (!setSharedIf(this.metaKey(slot), meta.tombstone().encode(), value.cas)) continue;
      setShared(this.bodyKey(slot), Bytes.empty());
    }
    return last < ring.head ? last : 0;
  }

  private write(record: AnswerRecord, scope: Bytes, origin: u64, note: Bytes): i32 {
    const body = record.encode();
    const size = <u64>body.length + <u64>note.length;
    if (<i64>size > <i64>this.maxBytes / LARGEST_PART) return PutResult.TooLarge;
    for (let i = 0; i < CAS_TRIES; i++) {
      const ring = this.sync();
      if (ring === null) return PutResult.Contention;
      const entry = ring.head;
      const oldTail = ring.tail;
      this.makeRoom(ring, size);
      ring.head = entry + 1;
      ring.bytes += size;
      if (!setSharedIf(this.stateKey, ring.encode(), ring.cas)) continue;
      this.entries = ring.head - ring.tail;
      this.bytes = ring.bytes;
      const slot = <u32>(entry % <u64>ring.slots);
      for (let gone = oldTail; gone < ring.tail; gone++) {
        const goneSlot = <u32>(gone % <u64>ring.slots);
        if (goneSlot != slot) this.clearSlot(goneSlot);
      }
      const fingerprint = fingerprintOf(record.digest);
      const hasQuestion = record.question.length > 0;
      const question = hasQuestion ? fingerprintOf(questionHash(record.question)) : 0;
      const meta = new SlotMeta(entry, fingerprint, origin, question, size, scope, note);
      setShared(this.bodyKey(slot), body);
      setShared(this.metaKey(slot), meta.encode());
      this.remember(fingerprint, entry, slot);
      if (this.synced == entry) this.synced = entry + 1;
      return PutResult.Ok;
    }
    return PutResult.Contention;
  }

  /** Whether `entry` is in the oldest part of a store that is almost full. */
  private isNearEviction(ring: Ring, entry: u64): bool {
    const alive = ring.head - ring.tail;
    const isFull =
      alive * NEARLY > <u64>ring.slots * (NEARLY - 1) ||
      ring.bytes * NEARLY > this.maxBytes * (NEARLY - 1);
    return isFull && (entry - ring.tail) * NEARLY < alive;
  }

  /** Gives up the oldest entries until one of `size` bytes fits. */
  private makeRoom(ring: Ring, size: u64): void {
    const limit = ring.tail + MAX_EVICTIONS;
    while (ring.tail < ring.head && ring.tail < limit) {
      const full = ring.head - ring.tail >= <u64>ring.slots;
      if (!full && ring.bytes + size <= this.maxBytes) break;
      const meta = this.readMeta(<u32>(ring.tail % <u64>ring.slots));
      if (meta !== null && meta.entry == ring.tail) ring.bytes -= min(meta.size, ring.bytes);
      ring.tail++;
    }
    if (ring.tail == ring.head) ring.bytes = 0;
  }

  /** Reads the ring and takes entries of other workers into the index. */
  private sync(): Ring | null {
    const ring = this.readRing();
    if (ring === null) return null;
    if (<u32>this.bySlot.length != ring.slots) {
      this.index.clear();
      this.bySlot = new StaticArray<u64>(<i32>ring.slots);
      this.pending.length = 0;
      this.synced = ring.tail;
    }
    if (this.pending.length > 0) this.retryPending(ring);
    let entry = max(this.synced, ring.tail);
    const last = min(ring.head, entry + <u64>SYNC_BATCH);
    for (; entry < last; entry++) {
      if (!this.learn(ring, entry) && this.pending.length < MAX_PENDING) {
        this.pending.push(entry);
        this.pendingTries = 0;
      }
    }
    this.synced = max(entry, this.synced);
    return ring;
  }

  /**
   * An entry's number is drawn before its slot is written: look again a few times, then give up.
   */
  private retryPending(ring: Ring): void {
    let kept = 0;
    for (let i = 0; i < this.pending.length; i++) {
      const entry = this.pending[i];
      if (entry < ring.tail || this.learn(ring, entry)) continue;
      this.pending[kept++] = entry;
    }
    this.pending.length = ++this.pendingTries >= PENDING_TRIES ? 0 : kept;
  }

  private learn(ring: Ring, entry: u64): bool {
    const slot = <u32>(entry % <u64>ring.slots);
    const meta = this.readMeta(slot);
    if (meta === null || meta.entry != entry) return false;
    this.remember(meta.fingerprint, entry, slot);
    return true;
  }

  private remember(fingerprint: u64, entry: u64, slot: u32): void {
    if (slot >= <u32>this.bySlot.length) return;
    const former = this.bySlot[slot];
    const slots = <u64>this.bySlot.length;
    if (this.index.has(former) && this.index.get(former) % slots == <u64>slot) {
      this.index.delete(former);
    }
    this.bySlot[slot] = fingerprint;
    if (!this.index.has(fingerprint) || this.index.get(fingerprint) < entry) {
      this.index.set(fingerprint, entry);
    }
  }

  private readRing(): Ring | null {
    const value = getShared(this.stateKey);
    if (value === null || value.data.length != 32) return null;
    const p = value.data.pointer;
    const slots = load<u32>(p, 4);
    if (load<u32>(p) != RING_MAGIC || slots == 0 || slots > MAX_ENTRIES) return null;
    return new Ring(slots, load<u64>(p, 8), load<u64>(p, 16), load<u64>(p, 24), value.cas);
  }

  private readMeta(slot: u32): SlotMeta | null {
    const value = getShared(this.metaKey(slot));
    return value === null ? null : SlotMeta.decode(value.data);
  }

  private clearSlot(slot: u32): void {
    setShared(this.metaKey(slot), Bytes.empty());
    setShared(this.bodyKey(slot), Bytes.empty());
  }

  private metaKey(slot: u32): Bytes {
    return Bytes.of(this.metaPrefix + slot.toString());
  }

  private bodyKey(slot: u32): Bytes {
    return Bytes.of(this.bodyPrefix + slot.toString());
  }
}
