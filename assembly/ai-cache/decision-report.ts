import { Bytes } from "../proxy-wasm/bytes";
import { requestHeaders } from "../proxy-wasm/header-map";
import { labelBytes } from "../proxy-wasm/label-table";
import { LastText } from "../proxy-wasm/last-text";
import { logDebug, logEnabled } from "../proxy-wasm/log";
import { setProperty } from "../proxy-wasm/property";
import { LogLevel } from "../proxy-wasm/types";
import { PATH } from "../http/names";
import { logClientPath, logModel } from "../chat/access-log";
import { AiLogMembers } from "../chat/ai-log";
import { Hit } from "./hit";
import { MeaningSearch } from "./meaning/meaning-search";
import { countRequest, countStale } from "./report/metrics";
import { KIND_ERROR, KIND_HIT, KIND_MISS, kindOf, Reason } from "./report/reasons";
import { formatSimilarity, NO_SIMILARITY } from "./report/similarity";

const REASON_ATTRIBUTE = Bytes.of("ai_cache");
const CACHE_REASON = Bytes.of("cache_reason");
const CACHE_SCORE = Bytes.of("cache_score");
const CACHE_LIFE = Bytes.of("cache_life");
const SAVED_COST = Bytes.of("cache_saved_cost");
const SAVED_INPUT = Bytes.of("cache_saved_input_token");
const SAVED_MS = Bytes.of("cache_saved_ms");
const SAVED_OUTPUT = Bytes.of("cache_saved_output_token");
const CACHE_STATUS = Bytes.of("cache_status");
const MODEL = Bytes.of("model");
const HIT = Bytes.of("hit");
const MISS = Bytes.of("miss");
const SKIP = Bytes.of("skip");

/** The last decision, which usually repeats. */
const lastReason = new LastText();

/**
 * Reports the decision about the current request to access log, `ai_log` and metrics. `model`: the
 * requested one, if the request ends here and no other module reports it; else null. `target`: its path and
 * query, empty to read them from the host. `hit`: the served answer, null for none.
 */
export function reportDecision(
  reason: string,
  search: MeaningSearch | null,
  model: Bytes | null,
  target: Bytes,
  hit: Hit | null,
): void {
  countRequest(reason);
  if (logEnabled(LogLevel.Debug)) logDebug("ai-cache decided " + reason);
  const word = lastReason.bytesOf(reason);
  setProperty(REASON_ATTRIBUTE, word);
  const kind = kindOf(reason);
  const isMiss = kind == KIND_MISS || kind == KIND_ERROR;
  const status = kind == KIND_HIT ? HIT : isMiss ? MISS : SKIP;
  const log = new AiLogMembers();
  if (hit !== null && hit.life > 0) log.addNumber(CACHE_LIFE, <i64>hit.life);
  log.add(CACHE_REASON, word);
  if (hit !== null) {
    const saved = hit.saved;
    if (saved.currency.length > 0) log.add(SAVED_COST, Bytes.of(hit.cost));
    log.addNumber(SAVED_INPUT, saved.input).addNumber(SAVED_MS, saved.ms);
    log.addNumber(SAVED_OUTPUT, saved.output);
  }
  if (search !== null && search.similarity != NO_SIMILARITY) {
    log.add(CACHE_SCORE, Bytes.of(formatSimilarity(search.similarity)));
  }
  log.add(CACHE_STATUS, status);
  if (model !== null) {
    const name = labelBytes(model);
    const path = target.length > 0 ? target : requestHeaders.get(PATH);
    if (path !== null) logClientPath(path);
    logModel(name);
    log.add(MODEL, name);
  }
  log.write();
}

/**
 * Reports that an expired answer is served instead of the model's error. The request has been counted as a
 * miss; there are no savings.
 */
export function reportStale(status: string): void {
  countStale(status);
  const reason = Bytes.of(Reason.HitStale);
  setProperty(REASON_ATTRIBUTE, reason);
  new AiLogMembers().add(CACHE_REASON, reason).add(CACHE_STATUS, HIT).write();
}
