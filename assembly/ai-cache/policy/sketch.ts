import { Bytes } from "../../proxy-wasm/bytes";
import {
  getShared,
  lastCas,
  readShared,
  setShared,
  setSharedIf,
} from "../../proxy-wasm/shared-data";
import { Frequencies } from "./frequencies";
import { agePage, countIn, MOST, PAGE_BYTES, raiseIn } from "./sketch-page";
import { NumberedKey } from "./numbered-key";

/** Requests of a worker after which it updates the shared count. */
const STEP: u32 = 32;
const TRIES: i32 = 4;
/** epoch u32 · nothing u32 · requests in the epoch u64 · requests in all u64 */
const CLOCK_BYTES: i32 = 24;
const MIN_PERIOD: u64 = 64;
/** Most keys with full counters that a worker remembers. */
const FULL_KEYS: u32 = 256;

/**
 * How often each key was requested recently, in one sketch in shared data for all workers: four-bit
 * counters that are halved once in each epoch of requests. A count is never less than the true one within
 * an epoch, but for updates that two workers make at the same moment, of which one is lost. A key whose
 * counter is full is not read again within an epoch: there is nothing more to count.
 */
export class FrequencySketch extends Frequencies {
  private readonly pageKey: NumberedKey;
  private readonly clockKey: Bytes;
  private pages: u32 = 1;
  private period: u64 = MIN_PERIOD;
  private epoch: u32 = 0;
  /** Requests that are not in the shared count yet. */
  private unrecorded: u32 = 0;
  private lastTotal: u64 = 0;
  /** The page that was read last. */
  private readonly page: Bytes = Bytes.wrap(new ArrayBuffer(PAGE_BYTES));
  /** Keys whose counters were full in `fullEpoch`, each in its slot. */
  private readonly full: StaticArray<u64> = new StaticArray<u64>(FULL_KEYS);
  private fullEpoch: u32 = 0;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    super();
    this.pageKey = new NumberedKey(prefix + "c");
    this.clockKey = Bytes.of(prefix + "a");
  }

  /** `pages`: of counters. `period`: requests after which counts are halved. */
  resize(pages: u32, period: u64): void {
    if (pages != this.pages) this.full.fill(0);
    this.pages = max<u32>(1, pages);
    this.period = max(MIN_PERIOD, period);
  }

  /** Counts a key; returns how often it was seen, 15 for 15 or more. */
  record(key: u64): i32 {
    this.advance();
    if (this.isFull(key)) return MOST;
    const name = this.pageKey.at(this.pageOf(key));
    const page = this.page;
    const p = page.pointer;
    if (readShared(name, p, PAGE_BYTES) != PAGE_BYTES) {
      memory.fill(p, 0, <usize>PAGE_BYTES);
      store<u32>(p, this.epoch);
      const count = raiseIn(p, key);
      setShared(name, page);
      return count;
    }
    const cas = lastCas();
    const previous = load<u32>(p);
    const epoch = agePage(p, this.epoch);
    if (epoch > this.epoch) this.epoch = epoch;
    const count = raiseIn(p, key);
    if (count < 0) this.noteFull(key);
    // Another worker has counted in the same page: one update is lost.
    if (count >= 0 || previous != epoch) setSharedIf(name, page, cas);
    return count < 0 ? MOST : count;
  }

  /** Whether the counter of a key is known to be full in this epoch. */
  private isFull(key: u64): bool {
    return this.fullEpoch == this.epoch && key != 0 && this.full[placeOf(key)] == key;
  }

  private noteFull(key: u64): void {
    if (this.fullEpoch != this.epoch) {
      this.full.fill(0);
      this.fullEpoch = this.epoch;
    }
    this.full[placeOf(key)] = key;
  }

  /** How often a key was seen, 15 for 15 or more. */
  count(key: u64): i32 {
    const p = this.page.pointer;
    if (readShared(this.pageKey.at(this.pageOf(key)), p, PAGE_BYTES) != PAGE_BYTES) return 0;
    // This is a copy.
    agePage(p, this.epoch);
    return countIn(p, key);
  }

  private pageOf(key: u64): u32 {
    return <u32>(key >> 32) % this.pages;
  }

  /** Counts a request, and shares the counts now and then. */
  private advance(): void {
    if (++this.unrecorded < STEP) return;
    for (let i = 0; i < TRIES; i++) {
      const value = getShared(this.clockKey);
      const isThere = value !== null && value.data.length == CLOCK_BYTES;
      const data =
        value !== null && isThere ? value.data : Bytes.wrap(new ArrayBuffer(CLOCK_BYTES));
      const p = data.pointer;
      let epoch = load<u32>(p);
      let seen = load<u64>(p, 8) + <u64>this.unrecorded;
      const total = load<u64>(p, 16) + <u64>this.unrecorded;
      // What foreign bytes say must not take forever.
      if (seen >= this.period) {
        epoch++;
        seen = seen >= 2 * this.period ? 0 : seen - this.period;
      }
      store<u32>(p, epoch);
      store<u64>(p, seen, 8);
      store<u64>(p, total, 16);
      const cas = value !== null ? value.cas : 0;
      if (!setSharedIf(this.clockKey, data, cas)) continue;
      this.learnPace(total);
      this.epoch = epoch;
      break;
    }
    this.unrecorded = 0;
  }

  private learnPace(total: u64): void {
    if (this.lastTotal > 0 && total > this.lastTotal) {
      const now = <f32>(total - this.lastTotal) / <f32>this.unrecorded;
      this.perOwn += (min<f32>(1024, max<f32>(1, now)) - this.perOwn) / 8;
    }
    this.lastTotal = total;
  }
}

function placeOf(key: u64): i32 {
  return <i32>(<u32>(key >> 24) % FULL_KEYS);
}
