import { Lease } from "./lease";
import { Miniature } from "./miniature";
import { LOG_PAGES, sampleAt, SampleLog, Samples, samplesIn } from "./sample-log";
import { StoreState } from "./store-state";
import { STRATEGIES, Value } from "./strategy";

/** Entries of a miniature cache. */
const MINI_ENTRIES: u32 = 512;
/** Samples after which the strategies are compared. */
const EVERY: i32 = 512;
/** Samples before the first comparison. */
const COLD: i32 = 1024;
/** By how much another strategy must be better over many results. */
const MARGIN: f64 = 1.005;
/** By how much over the latest, in multiples of what chance makes of their hits: then what is asked has changed. */
const CLEARLY: f64 = 0.35;
/** Discount of the latest results and of many, at each comparison. */
const FADES: f64 = 0.7;
const LASTS: f64 = 0.97;
/** Most pages read per tick. */
const BATCH: i32 = 16;

/** The result of a comparison. */
export class Advice {
  /** Number in `STRATEGIES`. */
  best: u8 = 0;
  /** The current one. */
  previous: u8 = 0;
  /** For each strategy: the share of hits, or of saved costs, in thousandths. */
  readonly scores: i32[] = [];
  /** Share of hits with half of the capacity, the same, and double, in thousandths. */
  readonly hits: i32[] = [];

  get changes(): bool {
    return this.best != this.previous;
  }
}

/**
 * Finds the currently best strategy: one worker simulates each of them in a miniature cache with requests
 * for sampled keys, which all workers log, and two more with half and double the capacity.
 */
export class Tuner {
  private readonly lease: Lease;
  private readonly log: SampleLog;
  private samples: Samples = new Samples();
  /** A key is sampled if its hash is below. */
  private limit: u64 = 0;
  private minis: Miniature[] = [];
  private capacity: u32 = 0;
  /** The next page to read. */
  private next: u64 = 0;
  private seen: i32 = 0;
  private since: i32 = 0;
  private all: f64 = 0;
  private requests: f64 = 0;

  /** `prefix`: of its keys. `bytes`: of the store. */
  constructor(
    prefix: string,
    private readonly bytes: u64,
    private readonly value: Value,
  ) {
    this.lease = new Lease(prefix);
    this.log = new SampleLog(prefix);
  }

  /** Records how many entries the store has. */
  fit(state: StoreState): void {
    const entries = <u64>max<u32>(1, state.capacity(this.bytes));
    this.limit = min<u64>(0x100000000, ((<u64>MINI_ENTRIES) << 32) / entries);
  }

  /** Records a request for a key, with the cost and size of its answer. */
  note(key: u64, cost: u32, size: u32): void {
    if ((key * 0x9e3779b97f4a7c15) >> 32 >= this.limit) return;
    this.samples.add(key, cost, size);
    if (this.samples.isFull) this.flush();
  }

  /**
   * Reads the log, if it is this worker's turn. Returns the result when strategies were compared, else
   * null. `now`: seconds.
   */
  tick(state: StoreState, now: u32): Advice | null {
    if (this.samples.length > 0) this.flush();
    if (!this.lease.hold(now)) {
      this.minis = [];
      return null;
    }
    this.prepare(state);
    const head = this.log.head();
    if (this.next > head) this.next = head;
    if (this.next + LOG_PAGES < head) this.next = head - LOG_PAGES;
    for (let i = 0; i < BATCH && this.next < head; i++) {
      const page = this.log.read(this.next);
      // Not written yet: others continue, and it is skipped if it never arrives.
      if (page === null && this.next + LOG_PAGES / 2 > head) break;
      this.next++;
      if (page === null) continue;
      for (let k = 0; k < samplesIn(page); k++) this.feed(sampleAt(page, k));
    }
    if (this.since < EVERY || this.seen < COLD) return null;
    return this.compare(state);
  }

  private flush(): void {
    this.log.add(this.samples);
    this.samples = new Samples();
  }

  /** Makes the stores in miniature, anew when the capacity is another. */
  private prepare(state: StoreState): void {
    const capacity = state.capacity(this.bytes);
    const isFit = this.capacity <= capacity * 2 && capacity <= this.capacity * 2;
    if (this.minis.length > 0 && isFit) return;
    if (this.minis.length == 0) this.next = this.log.head();
    this.capacity = capacity;
    this.seen = 0;
    this.since = 0;
    this.all = 0;
    this.requests = 0;
    this.minis = [];
    for (let i = 0; i < STRATEGIES.length; i++) this.minis.push(this.miniature(state, <u8>i, 1));
    this.minis.push(this.miniature(state, state.strategy, 0.5));
    this.minis.push(this.miniature(state, state.strategy, 2));
  }

  private miniature(state: StoreState, strategy: u8, part: f64): Miniature {
    const rate = min<f64>(1, <f64>MINI_ENTRIES / <f64>this.capacity) * part;
    const entries = <u32>max<f64>(8, <f64>this.capacity * rate);
    const slots = <u32>max<f64>(8, <f64>state.slots * rate);
    const bytes = <u64>max<f64>(1024, <f64>this.bytes * rate);
    return new Miniature(entries, slots, bytes, this.value, strategy);
  }

  private feed(sample: usize): void {
    const key = load<u64>(sample);
    const cost = load<u32>(sample, 8);
    const size = load<u32>(sample, 12);
    for (let i = 0; i < this.minis.length; i++) this.minis[i].access(key, cost, size);
    this.all += this.value == Value.Hits ? 1 : <f64>cost;
    this.requests++;
    this.seen++;
    this.since++;
  }

  private compare(state: StoreState): Advice {
    const advice = new Advice();
    const count = STRATEGIES.length;
    const current = <i32>state.strategy < count ? <i32>state.strategy : 0;
    let best = current;
    for (let i = 0; i < count; i++) {
      if (this.leads(i, current) && (best == current || this.leads(i, best))) best = i;
      advice.scores.push(share(this.minis[i].saved, this.all));
    }
    advice.previous = state.strategy;
    advice.best = <u8>best;
    advice.hits.push(share(this.minis[count].hits, this.requests));
    advice.hits.push(share(this.minis[current].hits, this.requests));
    advice.hits.push(share(this.minis[count + 1].hits, this.requests));
    // What is asked has changed: what was saved before tells nothing any more.
    const isNew = advice.changes && this.leadsClearly(best, current);
    this.minis[count].follow(advice.best);
    this.minis[count + 1].follow(advice.best);
    for (let i = 0; i < this.minis.length; i++) {
      if (isNew) this.minis[i].lasting = this.minis[i].saved;
      this.minis[i].fade(FADES, LASTS);
    }
    this.all *= FADES;
    this.requests *= FADES;
    this.since = 0;
    return advice;
  }

  /** Whether one strategy is better than another. */
  private leads(one: i32, other: i32): bool {
    const a = this.minis[one];
    const b = this.minis[other];
    return a.saved > b.saved && (a.lasting > b.lasting * MARGIN || this.leadsClearly(one, other));
  }

  /** Whether the latest results alone tell that it is. */
  private leadsClearly(one: i32, other: i32): bool {
    const b = this.minis[other];
    return this.minis[one].saved - b.saved > (CLEARLY * b.saved) / sqrt<f64>(max<f64>(1, b.hits));
  }
}

/** In thousandths. */
function share(part: f64, all: f64): i32 {
  return all > 0 ? <i32>Math.round((1000 * part) / all) : 0;
}
