import { Bytes } from "../../proxy-wasm/bytes";
import {
  CELLS,
  lifeOf,
  noiseOf,
  observe,
  posterior,
  QuestionKind,
  staleShare,
} from "./change-model";
import { ClassStore, MIN_WEIGHT, QuestionClass } from "./class-store";
import { Popularity, ProfileStore } from "./profile-store";

const TRIES: i32 = 3;
const HOUR: f64 = 3600;
/** A class is discounted when its weight exceeds this. */
const MAX_WEIGHT: f64 = 4000;
const FORGETS: f64 = 0.75;
/** Answers to one question within this many seconds are twins: a difference is noise. */
const TWIN_AGE: u64 = 600;
const OLDEST: u64 = 10 * 366 * 86_400;

/** An answer was replaced before it had expired, so the wait for its next request is unknown. */
export const NO_WAIT: f64 = -1;

/** Configuration of lifetimes. */
export class LifeLimits {
  /** Expected share of stale answers among all hits. */
  maxStaleRate: f64 = 0.05;
  /** Seconds. */
  least: u32 = 60;
  most: u32 = 604_800;
}

/** A lifetime, and how certain it is. */
export class Life {
  constructor(
    /** Seconds. */
    readonly seconds: u32,
    /** The expected share of stale hits. */
    readonly staleShare: f64,
  ) {}
}

/**
 * Learns how long answers remain right, from differences between answers and those that they replace.
 * Observations of a question count for itself and, through its class (`QuestionClass`), for similar ones.
 */
export class Learner {
  private readonly profiles: ProfileStore;
  private readonly own: QuestionClass = new QuestionClass();
  private readonly before: StaticArray<f64> = new StaticArray<f64>(CELLS);
  private readonly after: StaticArray<f64> = new StaticArray<f64>(CELLS);

  /** `prefix`: of its keys in shared data. `entries`: of the store. */
  constructor(
    private readonly classes: ClassStore,
    prefix: string,
    entries: u32,
    popularity: Popularity,
  ) {
    this.profiles = new ProfileStore(prefix, entries, popularity);
  }

  /** The lifetime of an answer that is cached now. `fingerprint`: of its key. `id`: of its class. */
  lifeFor(fingerprint: u64, id: u64, kind: QuestionKind, limits: LifeLimits): Life {
    this.classes.read(id, kind, this.own);
    const isKnown = this.profiles.read(fingerprint);
    posterior(this.own.all, isKnown ? this.profiles.seen : null, this.after);
    const least = <f64>limits.least / HOUR;
    const most = <f64>limits.most / HOUR;
    const rate = this.profiles.rate;
    const hours = lifeOf(this.after, limits.maxStaleRate, rate, least, most);
    const seconds = <u32>max<f64>(1, Math.round(hours * HOUR));
    return new Life(seconds, staleShare(this.after, hours));
  }

  /** The observations of a question, for other Envoys; empty for none. */
  profileOf(fingerprint: u64): Bytes {
    return this.profiles.read(fingerprint) ? this.profiles.encode() : Bytes.empty();
  }

  /** Adopts another Envoy's observations of a question that this one does not know. `now`: seconds. */
  adopt(fingerprint: u64, profile: Bytes, now: u32): void {
    if (this.profiles.read(fingerprint) || !this.profiles.decode(profile)) return;
    this.profiles.write(fingerprint, now);
  }

  /** The least score at which answers of a class agree. `usual`: as long as little is known. */
  thresholdFor(id: u64, kind: QuestionKind, usual: i32): i32 {
    this.classes.read(id, kind, this.own);
    return this.own.twins.threshold(usual);
  }

  /**
   * Records that an answer of `age` seconds was replaced by one that agrees with it by `score`, or differs.
   * `waited`: seconds since it had expired, or `NO_WAIT`. `now`: seconds.
   */
  observe(
    fingerprint: u64,
    id: u64,
    kind: QuestionKind,
    age: u64,
    score: i32,
    differs: bool,
    waited: f64,
    now: u32,
  ): void {
    const seen = this.profiles.seen;
    const hours = <f64>min(age, OLDEST) / HOUR;
    const isKnown = this.profiles.read(fingerprint);
    if (waited >= 0) this.profiles.wait(waited / HOUR);
    for (let i = 0; i < TRIES; i++) {
      const own = this.own;
      this.classes.read(id, kind, own);
      if (i == 0) {
        if (isKnown) posterior(own.all, seen, this.before);
        observe(seen, hours, differs);
      }
      posterior(own.all, seen, this.after);
      this.learn(own, isKnown);
      own.observations++;
      if (age < TWIN_AGE) own.twins.add(score);
      if (this.classes.write(own)) break;
    }
    this.profiles.write(fingerprint, now);
  }

  /** How often simultaneous answers of the last observed class differ. */
  get noise(): f64 {
    return noiseOf(this.own.all);
  }

  private learn(own: QuestionClass, isKnown: bool): void {
    let sum: f64 = 0;
    for (let i = 0; i < CELLS; i++) {
      const previous = isKnown ? unchecked(this.before[i]) : 0;
      const weight = unchecked(own.weights[i]) + unchecked(this.after[i]) - previous;
      unchecked((own.weights[i] = max(MIN_WEIGHT, weight)));
      sum += unchecked(own.weights[i]);
    }
    if (sum <= MAX_WEIGHT) return;
    for (let i = 0; i < CELLS; i++) unchecked((own.weights[i] *= FORGETS));
  }
}
