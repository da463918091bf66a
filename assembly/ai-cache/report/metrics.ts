import { counters, gauges, histograms } from "../../proxy-wasm/metrics";
import { kindOf, StoreResult } from "./reasons";

const requests = counters("ai_cache_requests_total", ["result", "reason"]);
const answers = counters("ai_cache_answers_total", ["result", "reason"]);
const judged = counters("ai_cache_judged_total", ["result"]);
const items = counters("ai_cache_items_total", ["result"]);
const elsewhere = counters("ai_cache_elsewhere_total");
const entries = gauges("ai_cache_entries");
const bytes = gauges("ai_cache_bytes");
const windowBytes = gauges("ai_cache_window_bytes");
const evicted = counters("ai_cache_evicted_total", ["why"]);
const kindNoise = gauges("ai_cache_noise", ["kind"]);
const questions = gauges("ai_cache_questions");
const questionBytes = gauges("ai_cache_question_bytes");
const shadows = counters("ai_cache_shadow_total", ["similarity", "agree"]);
const embeddings = counters("ai_cache_embeddings_total", ["result"]);
const redis = counters("ai_cache_redis_total", ["operation", "result"]);
const redisTime = histograms("ai_cache_redis_ms", ["operation"]);
const vectors = counters("ai_cache_vectors_total", ["operation", "result"]);
const vectorTime = histograms("ai_cache_vector_ms", ["operation"]);
const purged = counters("ai_cache_purged_total", ["store"]);
const observations = counters("ai_cache_observations_total", ["kind", "agree"]);
const lives = histograms("ai_cache_life_seconds", ["kind"]);
const strategies = gauges("ai_cache_strategy", ["strategy"]);
const scores = gauges("ai_cache_strategy_score", ["strategy"]);
const advice = gauges("ai_cache_advice_hit_ratio", ["capacity"]);
const labels = counters("ai_cache_explore_total", ["stratum", "label"]);
const thresholds = gauges("ai_cache_threshold", ["stratum"]);
const bounds = gauges("ai_cache_error_bound", ["stratum"]);
const labelNoise = gauges("ai_cache_label_noise", ["kind"]);
const learned = counters("ai_cache_learning_total", ["result"]);
const saved = counters("ai_cache_saved_tokens_total", ["model", "by", "kind"]);
const savedMs = counters("ai_cache_saved_ms_total", ["by"]);
const savedMicros = counters("ai_cache_saved_micro_total", ["currency", "by"]);
const expectedStale = gauges("ai_cache_expected_stale");
const spent = counters("ai_cache_spent_tokens_total", ["kind"]);
const stales = counters("ai_cache_stale_total", ["status"]);
const refreshes = counters("ai_cache_refreshes_total", ["result"]);
const embeddingTime = histograms("ai_cache_embedding_ms");

/** Counts a call to Redis, and the time that it took. `operation`: `get`, `set` or `purge`. */
export function countRedis(operation: string, result: string, milliseconds: u64): void {
  redis.add([operation, result]);
  redisTime.record(milliseconds, [operation]);
}

/** Counts a call to the vector store, and the time that it took. */
export function countVector(operation: string, result: string, milliseconds: u64): void {
  vectors.add([operation, result]);
  vectorTime.record(milliseconds, [operation]);
}

/** Counts entries that an operator has deleted. `store`: `memory` or `redis`. */
export function countPurged(store: string, count: u64): void {
  purged.add([store], <i64>count);
}

/** The series of the last decision, which usually repeats. */
let lastReason: string = "";
let lastSeries: u32 = 0;

/** Counts the decision about a request. */
export function countRequest(reason: string): void {
  if (reason != lastReason) {
    lastReason = reason;
    lastSeries = requests.handleOf([kindOf(reason), reason]);
  }
  requests.addTo(lastSeries, 1);
}

/** Counts what happened to an answer that was not in the cache. */
export function countAnswer(result: string): void {
  answers.add([result == StoreResult.Stored ? "stored" : "rejected", result]);
}

/** Counts a pair of questions that a model was to compare. */
export function countJudged(result: string): void {
  judged.add([result]);
}

/** Counts the items of a batch: those that were cached, and those that were requested. */
export function countItems(known: i32, asked: i32): void {
  if (known > 0) items.add(["known"], <i64>known);
  if (asked > 0) items.add(["asked"], <i64>asked);
}

/** Counts a miss of a request that is cached under another scope. */
export function countElsewhere(): void {
  elsewhere.add();
}

/** Records the size of the shared store. */
export function recordStore(entryCount: u64, byteCount: u64, windowByteCount: u64): void {
  entries.record(entryCount);
  bytes.record(byteCount);
  windowBytes.record(windowByteCount);
}

/** Counts evicted entries. `reason`: `contest`, `room`, `expired` or `purged`. */
export function countEvicted(reason: string, count: i64): void {
  evicted.add([reason], count);
}

/** Records how often simultaneous answers of a kind of question differ. */
export function recordKindNoise(kind: string, share: f64): void {
  kindNoise.record(<u64>nearest<f64>(share * 1000), [kind]);
}

/** Records the size of the index of questions of one worker. */
export function recordIndex(count: i32, byteCount: u64): void {
  questions.record(<u64>count);
  questionBytes.record(byteCount);
}

/** Counts an answer that shadow mode found, and whether the fresh answer agreed with it. */
export function countShadow(similarity: string, agrees: bool): void {
  shadows.add([similarity, agrees ? "yes" : "no"]);
}

/** Records the current strategy, and the result of each, in thousandths. */
export function recordStrategy(name: string, isFollowed: bool, score: i32): void {
  strategies.record(isFollowed ? 1 : 0, [name]);
  scores.record(<u64>score, [name]);
}

/** Records the simulated share of hits, in thousandths. `capacity`: `half`, `same` or `double`. */
export function recordAdvice(capacity: string, hits: i32): void {
  advice.record(<u64>hits, [capacity]);
}

/** Counts a stored answer that was replaced, and whether the fresh one agreed with it. */
export function countObservation(kind: string, agrees: bool): void {
  observations.add([kind, agrees ? "yes" : "no"]);
}

/** Counts a candidate that was not served, by the result of its comparison: `right`, `wrong` or `none`. */
export function countLabel(stratum: string, label: string): void {
  labels.add([stratum, label]);
}

/** Records the score threshold, and the upper bound of the share of false hits. */
export function recordThreshold(stratum: string, score: f64, bound: f64): void {
  thresholds.record(<u64>nearest<f64>(score * 1000), [stratum]);
  bounds.record(<u64>nearest<f64>(bound * 1000), [stratum]);
}

/** Records the label noise: `n0` for right answers, `n1` for wrong ones. */
export function recordNoise(kind: string, share: f64): void {
  labelNoise.record(<u64>nearest<f64>(share * 1000), [kind]);
}

/** Counts the fate of an observation: `applied`, `contention` or `foreign`. */
export function countLearning(result: string): void {
  learned.add([result]);
}

/** Counts tokens and time that hits have saved: the series of one model and one way to find answers. */
export class SavedTokens {
  private readonly input: u32;
  private readonly output: u32;
  private cached: u32 = 0;
  private estimated: u32 = 0;
  private ms: u32 = 0;

  constructor(
    private readonly model: string,
    private readonly by: string,
  ) {
    this.input = saved.handleOf([model, by, "input"]);
    this.output = saved.handleOf([model, by, "output"]);
  }

  /** Counts the tokens of an answer. `cached` is part of `input`. */
  add(input: u32, cached: u32, output: u32): void {
    saved.addTo(this.input, <i64>input);
    saved.addTo(this.output, <i64>output);
    if (cached == 0) return;
    if (this.cached == 0) this.cached = saved.handleOf([this.model, this.by, "cached"]);
    saved.addTo(this.cached, <i64>cached);
  }

  /** Counts the estimated tokens of an answer without usage. */
  addEstimated(tokens: u32): void {
    if (this.estimated == 0) this.estimated = saved.handleOf([this.model, this.by, "estimated"]);
    saved.addTo(this.estimated, <i64>tokens);
  }

  /** Counts saved milliseconds of all models. */
  addMs(milliseconds: u32): void {
    if (milliseconds == 0) return;
    if (this.ms == 0) this.ms = savedMs.handleOf([this.by]);
    savedMs.addTo(this.ms, <i64>milliseconds);
  }
}

/** Counts millionths of a currency that hits have saved. */
export function countSavedMicros(currency: string, by: string, micros: u64): void {
  savedMicros.add([currency, by], <i64>micros);
}

/** Records the expected share of stale hits. */
export function recordExpectedStale(share: f64): void {
  expectedStale.record(<u64>nearest<f64>(share * 1000));
}

/** Counts tokens that caching has cost. `kind`: `embedding`, `judge`, `explore` or `refresh`. */
export function countSpent(kind: string, tokens: u64): void {
  if (tokens > 0) spent.add([kind], <i64>tokens);
}

/** Counts a refresh. `result`: `ok`, `failed`, or `skipped` if too many were pending. */
export function countRefresh(result: string): void {
  refreshes.add([result]);
}

/** Counts an expired answer that was served instead of an error. `status`: of the error. */
export function countStale(status: string): void {
  stales.add([status]);
}

/** Records the lifetime of an answer, in seconds. */
export function recordLife(seconds: u64, kind: string): void {
  lives.record(seconds, [kind]);
}

/** Counts an answer of the embedding service, and the time that it took. */
export function countEmbedding(result: string, milliseconds: u64): void {
  embeddings.add([result]);
  embeddingTime.record(milliseconds);
}
