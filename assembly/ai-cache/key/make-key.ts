import { Bytes } from "../../proxy-wasm/bytes";
import { ChatRequest } from "../../chat/request";
import { CacheConfig, KeyMode } from "../config/cache-config";
import { Reason } from "../reasons";
import { CacheKey } from "./cache-key";
import { keyText } from "./text-key";

/** Why the last call of `makeKey` gave none. */
export let keyFault: string = "";

/** The key of a request in its scope; null with `keyFault` set when it has none. */
export function makeKey(
  config: CacheConfig,
  request: ChatRequest,
  requestScope: Bytes,
): CacheKey | null {
  keyFault = "";
  if (!request.singleChoice) return fail(Reason.IneligibleChoices);
  if (request.dependsOnState) return fail(Reason.IneligibleState);
  if (config.keyMode == KeyMode.Text) {
    const text = keyText(request, config);
    if (text.trim().length == 0) return fail(Reason.IneligibleNoKey);
    return CacheKey.ofText(text);
  }
  const key = CacheKey.of(request, requestScope, config.match.standalone);
  return key === null ? fail(Reason.IneligibleDuplicateKey) : key;
}

function fail(reason: string): CacheKey | null {
  keyFault = reason;
  return null;
}
