import { counters, gauges } from "../proxy-wasm/metrics";
import { kindOf, StoreResult } from "./reasons";

const requests = counters("ai_cache_requests_total", ["result", "reason"]);
const answers = counters("ai_cache_answers_total", ["result", "reason"]);
const entries = gauges("ai_cache_entries");
const bytes = gauges("ai_cache_bytes");

/** Counts what was decided about a request. */
export function countRequest(reason: string): void {
  requests.add([kindOf(reason), reason]);
}

/** Counts what became of an answer that was not in the cache. */
export function countAnswer(result: string): void {
  answers.add([result == StoreResult.Stored ? "stored" : "rejected", result]);
}

/** Records the size of the store that all workers share. */
export function recordStore(entryCount: u64, byteCount: u64): void {
  entries.record(entryCount);
  bytes.record(byteCount);
}
