import { Bytes } from "../../proxy-wasm/bytes";
import { nowSeconds } from "../../proxy-wasm/clock";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { Admission, discount } from "../policy/admission";
import { FrequencySketch } from "../policy/sketch";
import { SlotTable, TableSum } from "../policy/slot-table";
import { PAGE_COUNTERS } from "../policy/sketch-page";
import { countEvicted } from "../report/metrics";
import { Advice, Tuner } from "../policy/tuner";
import { StoreState } from "../policy/store-state";
import { DEFAULT_STRATEGY, Value } from "../policy/strategy";
import { AliasRecord } from "./alias";
import { EntrySelector, questionHash } from "./entry-selector";
import { Journal } from "./journal";
import { Mirror } from "./mirror";
import { Pace } from "./pace";
import { AnswerRecord } from "./record";
import { fingerprintOf, SlotMeta, SlotState } from "./slot-meta";
import { SlotWriter, StateHolder } from "./slot-writer";
import { Slots } from "./slots";

/** Version of the layout; data of other versions is ignored. */
const LAYOUT = "/4/";
/** Assumed least mean size of entries, for the size of tables. */
const DEFAULT_ENTRY: u64 = 1024;
/** Sketch counters per entry, and requests after which they are halved. */
const COUNTERS: u64 = 32;
const PERIOD: u64 = 20;
const JOURNAL_PAGE: u64 = 64;
const CAS_TRIES: i32 = 16;
/** Largest share of the capacity for one entry, so that it cannot flush the rest. */
const LARGEST_PART: u64 = 8;
/** Overhead of an entry in shared data: two keys, their nodes, and its description. */
const ENTRY_OVERHEAD: u64 = 320;

/** Results of storing an entry. */
export enum PutResult {
  Ok = 0,
  TooLarge = 1,
  Contention = 2,
}

/** Capacity and policy of a store. */
export class StoreLimits {
  value: Value = Value.Balanced;
  /** Largest share of the store for one tenant while there are others. */
  tenantShare: f64 = 0.5;
  /** Number of a strategy, −1 for automatic choice. */
  strategy: i32 = -1;

  constructor(
    readonly entries: u32,
    /** Bytes of all entries, including the overhead of shared data. */
    readonly bytes: u64,
  ) {}
}

/**
 * Answers in Envoy's shared data, one store for all workers of the process. An entry has a slot, which is used
 * again when the entry goes, because shared data has no deletion; which entries go, the policy decides
 * (`policy/admission.ts`). Each VM keeps a table of the slots and follows the others by a journal.
 *
 * Every race ends in a miss: a record carries its key's digest and a checksum, and is served only
 * if both are right.
 */
export class MemoryStore extends StateHolder {
  private readonly stateKey: Bytes;
  readonly slots: Slots;
  readonly journal: Journal;
  private readonly table: SlotTable;
  private readonly mirror: Mirror;
  private readonly sketch: FrequencySketch;
  private readonly writer: SlotWriter;
  private readonly pace: Pace = new Pace();
  /** Null where the strategy is fixed. */
  private readonly tuner: Tuner | null;
  /** Entries alive when this VM last stored one. */
  entries: u64 = 0;
  /** Bytes of the entries alive when this VM last stored one. */
  bytes: u64 = 0;
  /** Of them, those of the window. */
  windowBytes: u64 = 0;

  /** `name` distinguishes stores. */
  constructor(
    name: string,
    private readonly limits: StoreLimits,
  ) {
    super();
    const prefix = name + LAYOUT;
    const slots = new Slots(prefix);
    const journal = new Journal(prefix);
    const table = new SlotTable();
    const mirror = new Mirror(table, slots, journal);
    const sketch = new FrequencySketch(prefix);
    const admission = new Admission(
      table,
      sketch,
      mirror,
      limits.bytes,
      limits.value,
      limits.tenantShare,
    );
    this.stateKey = Bytes.of(prefix + "S");
    this.slots = slots;
    this.journal = journal;
    this.table = table;
    this.mirror = mirror;
    this.sketch = sketch;
    let tuner: Tuner | null = null;
    if (limits.strategy < 0) tuner = new Tuner(prefix, limits.bytes, limits.value);
    this.tuner = tuner;
    this.writer = new SlotWriter(admission, table, mirror, slots, journal);
  }

  /**
   * Creates the store, or changes its capacity: entries stay, and surplus ones are evicted as others
   * arrive. At configuration time, which the main thread reaches first.
   */
  open(): void {
    const limits = this.limits;
    const most = max<u64>(16, min<u64>(<u64>limits.entries, limits.bytes / DEFAULT_ENTRY));
    const journalPages = <u32>((2 * most + JOURNAL_PAGE - 1) / JOURNAL_PAGE);
    const sketchPages = <u32>((most * COUNTERS + <u64>PAGE_COUNTERS - 1) / <u64>PAGE_COUNTERS);
    const strategy = limits.strategy < 0 ? DEFAULT_STRATEGY : <u8>limits.strategy;
    for (let i = 0; i < CAS_TRIES; i++) {
      const found = this.readState();
      const state = found === null ? new StoreState() : found;
      if (found === null) {
        // Numbers are never reused, even if the state was lost.
        state.head = max<u64>(1, nowSeconds() << 20);
        state.windowFrom = state.head;
        state.strategy = strategy;
      }
      const isSame =
        state.slots == limits.entries &&
        state.journalPages == journalPages &&
        state.sketchPages == sketchPages &&
        (limits.strategy < 0 || state.strategy == strategy);
      if (isSame && found !== null) return this.fitSketch(state);
      if (state.journalPages != journalPages) {
        state.windowFrom = state.head;
        state.windowBytes = 0;
        state.windowCount = 0;
      }
      state.slots = limits.entries;
      state.journalPages = journalPages;
      state.sketchPages = sketchPages;
      if (limits.strategy >= 0) state.strategy = strategy;
      this.fitSketch(state);
      if (found !== null ? this.writeState(state) : setShared(this.stateKey, state.encode()))
        return;
    }
  }

  /** Counts a request for a key, hit or miss. */
  touch(digest: Bytes): void {
    this.table.now++;
    this.sketch.record(fingerprintOf(digest));
  }

  /** How often a key was requested recently, 15 for 15 or more. */
  countOf(digest: Bytes): i32 {
    return this.sketch.count(fingerprintOf(digest));
  }

  /** The same by `fingerprintOf` the key. */
  countOfFingerprint(fingerprint: u64): i32 {
    return this.sketch.count(fingerprint);
  }

  get maxEntries(): u32 {
    return this.limits.entries;
  }

  /** The record under `digest`, which may have expired; null when there is none that is whole. `now`: seconds. */
  get(digest: Bytes, now: u64 = nowSeconds()): AnswerRecord | null {
    const fingerprint = fingerprintOf(digest);
    if (this.pace.mayWait(now)) {
      const known = this.table.find(fingerprint);
      const record = this.recordAt(known, digest);
      if (record !== null && !record.isExpired(now)) {
        this.pace.wait();
        this.noteHit(known);
        return record;
      }
    }
    this.pace.look(now);
    if (this.sync() === null) return null;
    const slot = this.table.find(fingerprint);
    if (slot < 0) return null;
    const body = this.slots.body(slot);
    const record = AnswerRecord.decode(body);
    if (record !== null && record.digest.equals(digest)) {
      this.noteHit(slot);
      return record;
    }
    const alias = AliasRecord.decode(body);
    if (alias !== null && alias.digest.equals(digest)) return this.follow(slot, alias);
    this.mirror.learn(slot);
    return null;
  }

  /** The same, not counted as asked for; without following another key's answer. */
  peek(digest: Bytes): AnswerRecord | null {
    const slot = this.sync() === null ? -1 : this.table.find(fingerprintOf(digest));
    return this.recordAt(slot, digest);
  }

  /** What a slot holds; null when that is not under `digest`, or not whole, or there is no slot. */
  private recordAt(slot: i32, digest: Bytes): AnswerRecord | null {
    if (slot < 0) return null;
    const record = AnswerRecord.decode(this.slots.body(slot));
    return record !== null && record.digest.equals(digest) ? record : null;
  }

  private noteHit(slot: u32): void {
    const table = this.table;
    table.touch(slot);
    const tuner = this.tuner;
    if (tuner === null) return;
    tuner.note(table.fingerprintOf(slot), table.costOf(slot), table.sizeOf(slot));
  }

  /**
   * Looks whether another strategy would do better, and follows it. To be called now and then; null when there is
   * nothing to tell.
   */
  tick(): Advice | null {
    const tuner = this.tuner;
    const state = this.readState();
    if (tuner === null || state === null) return null;
    const advice = tuner.tick(state, <u32>nowSeconds());
    if (advice === null || !advice.changes) return advice;
    for (let i = 0; i < CAS_TRIES; i++) {
      const current = this.readState();
      if (current === null) break;
      current.strategy = advice.best;
      if (this.writeState(current)) break;
    }
    return advice;
  }

  /** Whether there is an entry under a digest, as far as this worker knows. */
  has(digest: Bytes): bool {
    return this.table.find(fingerprintOf(digest)) >= 0;
  }

  /**
   * Stores `record` under its digest, in place of what was there. `scope`: what clients must share,
   * 32 bytes. `note`: what an index needs to know of the entry, without reading the record.
   */
  put(record: AnswerRecord, scope: Bytes, note: Bytes = Bytes.empty()): PutResult {
    const meta = metaOf(record, scope);
    meta.origin = fingerprintOf(record.origin);
    meta.note = note;
    const body = record.encode();
    const usual = <u32>min<i32>(i32.MAX_VALUE, record.answer.length / 4);
    meta.cost = record.cost > 0 ? record.cost : max<u32>(1, usual);
    return this.write(record.digest, meta, body);
  }

  /** Lets `digest` find the answer that is stored under the digest of `record`. */
  putAlias(digest: Bytes, record: AnswerRecord, scope: Bytes): PutResult {
    const meta = metaOf(record, scope);
    const slot = this.table.find(fingerprintOf(record.digest));
    meta.origin = fingerprintOf(record.digest);
    meta.cost = slot < 0 ? 1 : this.table.costOf(slot);
    const alias = new AliasRecord(digest, record.digest, record.created);
    return this.write(digest, meta, alias.encode());
  }

  /**
   * Looks at `most` slots from slot `from` on, and deletes the entries that `selector` means unless
   * `isDry`. Adds the fingerprints of those to `found`. Returns the slot to continue with, 0 at the end.
   */
  purge(selector: EntrySelector, from: u64, most: u64, isDry: bool, found: u64[]): u64 {
    const state = this.readState();
    if (state === null) return 0;
    const last = min<u64>(<u64>state.fresh, from + most);
    const now = <u32>nowSeconds();
    const gone: u32[] = [];
    const metas: SlotMeta[] = [];
    for (let slot = <u32>min<u64>(from, last); slot < <u32>last; slot++) {
      const meta = this.slots.meta(slot);
      if (meta === null || !meta.isCounted || !selector.matches(meta)) continue;
      found.push(meta.fingerprint);
      if (isDry) continue;
      const isOurs = this.slots.claim(slot, meta.entry, now);
      this.slots.empty(slot);
      if (!isOurs) continue;
      gone.push(slot);
      metas.push(meta);
    }
    if (gone.length > 0) this.release(gone, metas);
    return last < <u64>state.fresh ? last : 0;
  }

  /** The entries that this worker knows. */
  get known(): TableSum {
    return this.table.sumFrom(0);
  }

  /** Those of them with this number or a higher one. */
  knownFrom(entry: u64): TableSum {
    return this.table.sumFrom(entry);
  }

  /** The state as others have left it; null when there is none. */
  readState(): StoreState | null {
    const value = getShared(this.stateKey);
    return value === null ? null : StoreState.decode(value.data, value.cas);
  }

  /** Writes the state if it has not changed since it was read. */
  writeState(state: StoreState): bool {
    return setSharedIf(this.stateKey, state.encode(), state.cas);
  }

  /** Reads the state and follows it. */
  sync(): StoreState | null {
    const state = this.readState();
    if (state === null) return null;
    this.mirror.follow(state);
    this.fitSketch(state);
    return state;
  }

  private fitSketch(state: StoreState): void {
    const period = PERIOD * <u64>state.capacity(this.limits.bytes);
    this.sketch.resize(state.sketchPages, period);
    const tuner = this.tuner;
    if (tuner !== null) tuner.fit(state);
  }

  private write(digest: Bytes, meta: SlotMeta, body: Bytes): PutResult {
    const size = <u64>body.length + <u64>meta.note.length + ENTRY_OVERHEAD;
    if (size > this.limits.bytes / LARGEST_PART) return PutResult.TooLarge;
    meta.fingerprint = fingerprintOf(digest);
    meta.size = <u32>size;
    meta.first = <u8>this.sketch.count(meta.fingerprint);
    const state = this.writer.write(this, meta, body);
    if (state === null) return PutResult.Contention;
    const tuner = this.tuner;
    if (tuner !== null) tuner.note(meta.fingerprint, meta.cost, meta.size);
    this.entries = <u64>state.live;
    this.bytes = state.bytes;
    this.windowBytes = state.windowBytes;
    return PutResult.Ok;
  }

  /** The answer that an alias refers to, if it is still the same. */
  private follow(slot: u32, alias: AliasRecord): AnswerRecord | null {
    const fingerprint = fingerprintOf(alias.origin);
    const origin = this.table.find(fingerprint);
    const record = this.recordAt(origin, alias.origin);
    if (record !== null && record.created == alias.created) {
      this.noteHit(slot);
      this.table.touch(origin);
      this.sketch.record(fingerprint);
      return record;
    }
    this.table.bury(slot);
    return null;
  }

  /** Tells the others of slots that have come free. */
  private release(gone: u32[], metas: SlotMeta[]): void {
    for (let i = 0; i < CAS_TRIES; i++) {
      const state = this.readState();
      if (state === null) return;
      for (let k = 0; k < metas.length; k++) discount(state, metas[k].entry, metas[k].size);
      const event = state.head;
      state.head += <u64>gone.length;
      if (!this.writeState(state)) continue;
      countEvicted("purged", gone.length);
      this.journal.resize(state.journalPages);
      for (let k = 0; k < gone.length; k++) {
        this.slots.free(gone[k], event + <u64>k);
        this.journal.write(event + <u64>k, gone[k]);
      }
      return;
    }
  }
}

function metaOf(record: AnswerRecord, scope: Bytes): SlotMeta {
  const meta = new SlotMeta(0, SlotState.Live);
  const hasQuestion = record.question.length > 0;
  meta.question = hasQuestion ? fingerprintOf(questionHash(record.question)) : 0;
  meta.created = <u32>record.created;
  meta.expires = <u32>min<u64>(<u64>u32.MAX_VALUE, max(record.kept, record.expires));
  const isKept = record.expires > 0 && record.kept > record.expires;
  if (isKept) meta.keptFor = <u32>min<u64>(<u64>u32.MAX_VALUE, record.kept - record.expires);
  meta.tenant = record.tenant;
  meta.scope = scope;
  return meta;
}
