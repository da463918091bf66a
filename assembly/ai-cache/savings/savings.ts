import { Bytes } from "../../proxy-wasm/bytes";
import { labelValue, MAX_LABEL, OTHER } from "../../proxy-wasm/label-table";
import { xxhash64 } from "../../text/xxhash64";
import { countSavedMicros, recordExpectedStale, SavedTokens } from "../report/metrics";
import { AnswerRecord } from "../store/record";
import { MICRO, Prices } from "../../rules/prices";

/** Most models with series of their own. */
const MODELS: i32 = 32;
/** Approximate bytes per token, for answers without usage. */
const TOKEN_BYTES: u32 = 4;
/** Smoothing of the mean expected staleness, and hits between two records of it. */
const STALE_PART: f64 = 1.0 / 256;
const STALE_EVERY: u32 = 32;

/** How an answer was found. */
export enum FoundBy {
  Exact,
  Meaning,
}

const FOUND = ["exact", "semantic"];

/** The savings of a hit. */
export class Saved {
  constructor(
    readonly input: u32,
    readonly output: u32,
    /** Milliseconds. */
    readonly ms: u32,
    /** Millionths of the currency. */
    readonly micros: u64,
    /** Empty if the model has no price. */
    readonly currency: string,
  ) {}
}

/** Adds up the savings of hits exactly: integers, with the remainders carried over. */
export class Savings {
  /** Series by model, for each kind of hit. */
  private readonly series: Map<u64, SavedTokens>[] = [new Map(), new Map()];
  /** Remainders below a millionth, by currency and kind of hit. */
  private readonly remainders: Map<string, u64> = new Map();
  private stale: f64 = 0;
  private hits: u32 = 0;

  /**
   * Counts a hit. `spentMs`: milliseconds that the look-up took. `now`: seconds. Money is computed with the
   * currently configured prices.
   */
  add(record: AnswerRecord, by: FoundBy, spentMs: u64, prices: Prices, now: u64): Saved {
    const series = this.seriesOf(record.model, by);
    if (record.hasUsage) series.add(record.input, record.cached, record.output);
    else series.addEstimated(<u32>record.answer.length / TOKEN_BYTES);
    const spent = <u32>min<u64>(<u64>u32.MAX_VALUE, spentMs);
    const ms = record.duration > spent ? record.duration - spent : 0;
    series.addMs(ms);
    this.noteStale(record.staleRisk(now));
    const price = prices.of(record.model);
    if (price === null || !record.hasUsage)
      return new Saved(record.input, record.output, ms, 0, "");
    const picos = price.of(record.input, record.cached, record.output);
    this.addMoney(price.currency, FOUND[by], picos);
    return new Saved(record.input, record.output, ms, picos / MICRO, price.currency);
  }

  private addMoney(currency: string, by: string, picos: u64): void {
    const key = currency + by;
    const sum = (this.remainders.has(key) ? this.remainders.get(key) : 0) + picos;
    this.remainders.set(key, sum % MICRO);
    if (sum >= MICRO) countSavedMicros(currency, by, sum / MICRO);
  }

  private seriesOf(model: Bytes, by: FoundBy): SavedTokens {
    const known = this.series[by];
    let key = xxhash64(model);
    if (known.has(key)) return known.get(key);
    let name = OTHER;
    if (known.size < MODELS) name = labelValue(model.slice(0, MAX_LABEL).toString());
    else key = 0;
    if (known.has(key)) return known.get(key);
    const series = new SavedTokens(name, FOUND[by]);
    known.set(key, series);
    return series;
  }

  private noteStale(risk: f64): void {
    this.stale += (risk - this.stale) * max(STALE_PART, 1 / <f64>(this.hits + 1));
    if (this.hits++ % STALE_EVERY == 0) recordExpectedStale(this.stale);
  }
}
