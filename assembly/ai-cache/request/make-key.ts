import { Bytes } from "../../proxy-wasm/bytes";
import { RequestView } from "../../protocol/base/request-view";
import { hasLoneSurrogate } from "../../json/surrogates";
import { CacheConfig } from "../config/cache-config";
import { KeyMode } from "../key/key-mode";
import { Reason } from "../report/reasons";
import { KeyDraft } from "../key/cache-key";
import { keyText } from "./text-key";

/** The draft of a request's key, or why it has none. */
export class KeyResult {
  constructor(
    readonly draft: KeyDraft | null,
    /** `Reason`; empty with a draft. */
    readonly fault: string,
  ) {}
}

/** The draft of a request's key in its scope. */
export function makeKey(config: CacheConfig, request: RequestView, requestScope: Bytes): KeyResult {
  if (!request.singleChoice) return fail(Reason.IneligibleChoices);
  if (!request.isFormClear) return fail(Reason.IneligibleStream);
  if (request.acts && !config.cacheActing) return fail(Reason.IneligibleActing);
  if (request.dependsOnState) return fail(Reason.IneligibleState);
  if (hasLoneSurrogate(request.document)) return fail(Reason.IneligibleSurrogate);
  if (config.keyMode == KeyMode.Text) {
    const text = keyText(request.document, request.turns, config);
    if (text.trim().length == 0) return fail(Reason.IneligibleNoKey);
    return new KeyResult(KeyDraft.ofText(text), "");
  }
  const draft = KeyDraft.of(request, requestScope, config.match.standalone);
  return draft === null ? fail(Reason.IneligibleDuplicateKey) : new KeyResult(draft, "");
}

function fail(reason: string): KeyResult {
  return new KeyResult(null, reason);
}
