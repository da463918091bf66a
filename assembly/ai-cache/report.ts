import { Bytes } from "../proxy-wasm/bytes";
import { setProperty } from "../proxy-wasm/property";
import { addToAiLog } from "../chat/ai-log";
import { formatSimilarity } from "./cache-status";
import { MeaningSearch, NO_SIMILARITY } from "./lookup/meaning-search";
import { countAnswer, countRequest } from "./metrics";
import { kindOf } from "./reasons";

const REASON_ATTRIBUTE = Bytes.of("ai_cache");
const STORE_ATTRIBUTE = Bytes.of("ai_cache_store");

/** Tells access log, `ai_log` and metrics what was decided about the current request. */
export function reportDecision(reason: string, search: MeaningSearch | null): void {
  countRequest(reason);
  setProperty(REASON_ATTRIBUTE, Bytes.of(reason));
  const kind = kindOf(reason);
  const isLookUp = kind == "hit" || kind == "miss" || kind == "error";
  const status = kind == "hit" ? "hit" : isLookUp ? "miss" : "skip";
  if (search !== null && search.similarity != NO_SIMILARITY) {
    const score = formatSimilarity(search.similarity);
    addToAiLog(["cache_reason", "cache_score", "cache_status"], [reason, score, status]);
  } else {
    addToAiLog(["cache_reason", "cache_status"], [reason, status]);
  }
}

/** Tells access log and metrics what became of the current answer. */
export function reportAnswer(result: string): void {
  countAnswer(result);
  setProperty(STORE_ATTRIBUTE, Bytes.of(result));
}
