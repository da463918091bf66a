import { Bytes } from "../../proxy-wasm/bytes";
import { setProperty } from "../../proxy-wasm/property";
import { countAnswer, countElsewhere } from "./metrics";

const STORE_ATTRIBUTE = Bytes.of("ai_cache_store");
const SCOPE_ATTRIBUTE = Bytes.of("ai_cache_scope");
const ELSEWHERE = Bytes.of("elsewhere");

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
