import { Bytes } from "../../proxy-wasm/bytes";
import { setProperty } from "../../proxy-wasm/property";
import { countAnswer, countElsewhere } from "./metrics";

const STORE_ATTRIBUTE = Bytes.of("ai_cache_store");
const SCOPE_ATTRIBUTE = Bytes.of("ai_cache_scope");
const ELSEWHERE = Bytes.of("elsewhere");

/** Reports to access log and metrics what happened to the current answer. */
export function reportAnswer(result: string): void {
  countAnswer(result);
  setProperty(STORE_ATTRIBUTE, Bytes.of(result));
}

/**
 * Reports to access log and metrics that the current request is cached under another scope. Clients do not
 * see it.
 */
export function reportElsewhere(): void {
  countElsewhere();
  setProperty(SCOPE_ATTRIBUTE, ELSEWHERE);
}
