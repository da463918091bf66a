import { Bytes } from "../proxy-wasm/bytes";
import { requestHeaders } from "../proxy-wasm/header-map";
import { labelValue, MAX_LABEL } from "../proxy-wasm/label-table";
import { logDebug, logEnabled } from "../proxy-wasm/log";
import { setProperty } from "../proxy-wasm/property";
import { LogLevel } from "../proxy-wasm/types";
import { PATH } from "../http/names";
import { logClientPath, logModel } from "../chat/access-log";
import { AiLogMembers } from "../chat/ai-log";
import { formatSimilarity } from "./cache-status";
import { MeaningSearch } from "./lookup/meaning-search";
import { NO_SIMILARITY } from "./lookup/verdict";
import { countAnswer, countElsewhere, countRequest } from "./metrics";
import { kindOf } from "./reasons";

const REASON_ATTRIBUTE = Bytes.of("ai_cache");
const CACHE_REASON = Bytes.of("cache_reason");
const CACHE_SCORE = Bytes.of("cache_score");
const CACHE_STATUS = Bytes.of("cache_status");
const MODEL = Bytes.of("model");
const STORE_ATTRIBUTE = Bytes.of("ai_cache_store");
const SCOPE_ATTRIBUTE = Bytes.of("ai_cache_scope");
const ELSEWHERE = Bytes.of("elsewhere");

/**
 * Tells access log, `ai_log` and metrics what was decided about the current request. `model`: the one
 * that is asked for, where the request ends here and no other module tells it; else null.
 */
export function reportDecision(
  reason: string,
  search: MeaningSearch | null,
  model: Bytes | null,
): void {
  countRequest(reason);
  if (logEnabled(LogLevel.Debug)) logDebug("ai-cache decided " + reason);
  setProperty(REASON_ATTRIBUTE, Bytes.of(reason));
  const kind = kindOf(reason);
  const isLookUp = kind == "hit" || kind == "miss" || kind == "error";
  const status = kind == "hit" ? "hit" : isLookUp ? "miss" : "skip";
  const log = new AiLogMembers().add(CACHE_REASON, Bytes.of(reason));
  if (search !== null && search.similarity != NO_SIMILARITY) {
    log.add(CACHE_SCORE, Bytes.of(formatSimilarity(search.similarity)));
  }
  log.add(CACHE_STATUS, Bytes.of(status));
  if (model !== null) {
    const name = labelValue(model.slice(0, MAX_LABEL).toString());
    const target = requestHeaders.get(PATH);
    if (target !== null) logClientPath(target);
    logModel(name);
    log.add(MODEL, Bytes.of(name));
  }
  log.write();
}

/** Tells access log and metrics what became of the current answer. */
export function reportAnswer(result: string): void {
  countAnswer(result);
  setProperty(STORE_ATTRIBUTE, Bytes.of(result));
}

/**
 * Tells access log and metrics that the current request is stored under another scope. No client is
 * told.
 */
export function reportElsewhere(): void {
  countElsewhere();
  setProperty(SCOPE_ATTRIBUTE, ELSEWHERE);
}
