import { Bytes } from "../../proxy-wasm/bytes";
import { ChatRequest } from "../../chat/request";
import { hasLoneSurrogate } from "../../json/surrogates";
import { CacheConfig, KeyMode } from "../config/cache-config";
import { Reason } from "../reasons";
import { KeyDraft } from "./cache-key";
import { keyText } from "./text-key";

/** Why the last call of `makeKey` gave none. */
export let keyFault: string = "";

/** The draft of a request's key in its scope; null with `keyFault` set when it has none. */
export function makeKey(
  config: CacheConfig,
  request: ChatRequest,
  requestScope: Bytes,
): KeyDraft | null {
  keyFault = "";
  if (!request.singleChoice) return fail(Reason.IneligibleChoices);
  if (request.dependsOnState) return fail(Reason.IneligibleState);
  if (hasLoneSurrogate(request.document)) return fail(Reason.IneligibleSurrogate);
  if (config.keyMode == KeyMode.Text) {
    const text = keyText(request, config);
    if (text.trim().length == 0) return fail(Reason.IneligibleNoKey);
    return KeyDraft.ofText(text);
  }
  const draft = KeyDraft.of(request, requestScope, config.match.standalone);
  return draft === null ? fail(Reason.IneligibleDuplicateKey) : draft;
}

function fail(reason: string): KeyDraft | null {
  keyFault = reason;
  return null;
}
