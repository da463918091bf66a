import { Bytes } from "../proxy-wasm/bytes";
import { requestHeaders } from "../proxy-wasm/header-map";
import { labelValue, MAX_LABEL } from "../proxy-wasm/label-table";
import { logDebug, logEnabled } from "../proxy-wasm/log";
import { setProperty } from "../proxy-wasm/property";
import { LogLevel } from "../proxy-wasm/types";
import { PATH } from "../http/names";
import { logClientPath, logModel } from "../chat/access-log";
import { AiLogMembers } from "../chat/ai-log";
import { Hit } from "./hit";
import { MeaningSearch } from "./meaning/meaning-search";
import { countRequest } from "./report/metrics";
import { kindOf } from "./report/reasons";
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

/**
 * Tells access log, `ai_log` and metrics what was decided about the current request. `model`: the one
 * that is asked for, where the request ends here and no other module tells it; else null. `hit`: the answer that
 * is served, null for none.
 */
export function reportDecision(
  reason: string,
  search: MeaningSearch | null,
  model: Bytes | null,
  hit: Hit | null,
): void {
  countRequest(reason);
  if (logEnabled(LogLevel.Debug)) logDebug("ai-cache decided " + reason);
  setProperty(REASON_ATTRIBUTE, Bytes.of(reason));
  const kind = kindOf(reason);
  const isLookUp = kind == "hit" || kind == "miss" || kind == "error";
  const status = kind == "hit" ? "hit" : isLookUp ? "miss" : "skip";
  const log = new AiLogMembers();
  if (hit !== null && hit.life > 0) log.addNumber(CACHE_LIFE, <i64>hit.life);
  log.add(CACHE_REASON, Bytes.of(reason));
  if (hit !== null) {
    const saved = hit.saved;
    if (saved.currency.length > 0) log.add(SAVED_COST, Bytes.of(hit.cost));
    log.addNumber(SAVED_INPUT, saved.input).addNumber(SAVED_MS, saved.ms);
    log.addNumber(SAVED_OUTPUT, saved.output);
  }
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
