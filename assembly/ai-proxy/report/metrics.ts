import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { LabelTable } from "../../proxy-wasm/label-table";
import { counters, gauges, histograms, MetricFamily } from "../../proxy-wasm/metrics";
import { Usage } from "./usage";

const requests = counters("ai_proxy_requests_total", ["provider", "model", "status"]);
const tokens = counters("ai_proxy_tokens_total", ["provider", "model", "kind"]);
const firstByte = histograms("ai_proxy_first_byte_ms", ["provider"]);
const duration = histograms("ai_proxy_duration_ms", ["provider"]);
const keys = gauges("ai_proxy_keys_available", ["provider"]);
const refusals = counters("ai_proxy_refusals_total", ["code"]);
const failures = counters("ai_proxy_failures_total", ["provider", "reason"]);
const estimates = counters("ai_proxy_estimates_total", ["provider", "status"]);
const losses = counters("ai_proxy_translation_losses_total", ["provider", "field"]);
const retries = counters("ai_proxy_retries_total", ["provider"]);
const costs = counters("ai_proxy_cost_micro_total", ["provider", "currency", "kind"]);

/** Clients choose models: 128 that vendors have answered for get series of their own. */
const MAX_MODELS: i32 = 128;
const IDLE_MS: u64 = 3_600_000;
const models = new LabelTable(MAX_MODELS, IDLE_MS);

/**
 * The label of a model: its name, cut; `none` for no name, `other` for one without a series of its own.
 * `status`: of the answer; a rejected name gets no series.
 */
export function modelLabel(model: Bytes, status: i32): string {
  if (model.length == 0) return "none";
  const isAnswered = status > 0 && status < 400;
  return models.labelOf(model, isAnswered, nowMilliseconds());
}

/** The series of one family that was used last: an exchange mostly has those of the one before. */
class LastSeries {
  private provider: string = "";
  private model: string = "";
  private status: i32 = -1;
  private handle: u32 = 0;

  constructor(
    private readonly family: MetricFamily,
    /** The third label; empty for the status, or for a family with one label. */
    private readonly kind: string = "",
  ) {}

  /** The series of a provider alone. */
  of(provider: string): u32 {
    if (this.handle != 0 && isSame(provider, this.provider)) return this.handle;
    this.provider = provider;
    this.handle = this.family.handleOf([provider]);
    return this.handle;
  }

  /** That of a provider and a model. `status`: the third label where there is no other. */
  at(provider: string, model: string, status: i32 = 0): u32 {
    const isLast = status == this.status && isSame(provider, this.provider);
    if (this.handle != 0 && isLast && isSame(model, this.model)) return this.handle;
    this.provider = provider;
    this.model = model;
    this.status = status;
    let last = this.kind;
    if (last.length == 0) last = status > 0 ? status.toString() : "none";
    this.handle = this.family.handleOf([provider, model, last]);
    return this.handle;
  }
}

/** Whether two labels are one object: equal ones that are two only cost a look-up. */
function isSame(a: string, b: string): bool {
  return changetype<usize>(a) == changetype<usize>(b);
}

const lastRequests = new LastSeries(requests);
const lastInput = new LastSeries(tokens, "input");
const lastOutput = new LastSeries(tokens, "output");
const lastFirstByte = new LastSeries(firstByte);
const lastDuration = new LastSeries(duration);

/** Counts a request that has ended. `model`: its `modelLabel`. */
export function countRequest(provider: string, model: string, status: i32): void {
  requests.addTo(lastRequests.at(provider, model, max(status, 0)), 1);
}

/** Counts the tokens of an exchange, as the vendor counted them. */
export function countTokens(provider: string, model: string, usage: Usage): void {
  if (usage.prompt > 0) tokens.addTo(lastInput.at(provider, model), usage.prompt);
  if (usage.completion > 0) tokens.addTo(lastOutput.at(provider, model), usage.completion);
  if (usage.cached > 0) tokens.add([provider, model, "cached"], usage.cached);
  if (usage.written > 0) tokens.add([provider, model, "written"], usage.written);
  if (usage.reasoning > 0) tokens.add([provider, model, "reasoning"], usage.reasoning);
}

/** Records how long an exchange took, in ms. `first`: −1 when the answer had no body. */
export function recordTimes(provider: string, first: i64, total: i64): void {
  if (first >= 0) firstByte.recordTo(lastFirstByte.of(provider), <u64>first);
  duration.recordTo(lastDuration.of(provider), <u64>max<i64>(total, 0));
}

/** Records how many of a provider's keys can be used. */
export function recordKeys(provider: string, available: i32): void {
  keys.record(<u64>available, [provider]);
}

/** Counts a request rejected by the module. `code`: of the error. */
export function countRefusal(code: string): void {
  refusals.add([code]);
}

/** Counts a request that the vendor did not answer. `reason`: of `HostFailure`. */
export function countFailure(provider: string, reason: string): void {
  failures.add([provider, reason]);
}

/** Counts an estimate in place of a token count. `status`: with which the vendor has refused to count. */
export function countEstimate(provider: string, status: i32): void {
  estimates.add([provider, status.toString()]);
}

/** Counts a field of a request that its translation has left out. */
export function countLoss(provider: string, field: string): void {
  losses.add([provider, field]);
}

/** Counts millionths of a currency. `kind`: `spent`, `saved` or `surcharge`. */
export function countCost(provider: string, currency: string, kind: string, micros: u64): void {
  costs.add([provider, currency, kind], <i64>micros);
}

/** Counts a further attempt of `retryOnFailure`. */
export function countRetry(provider: string): void {
  retries.add([provider]);
}
