import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { requestHeaders } from "../../proxy-wasm/header-map";
import { xxhash64 } from "../../text/xxhash64";
import { Exchange } from "../exchange/exchange";
import { addCacheKey, markPrompt } from "../prompt-cache/mark-prompt";
import { clientKey } from "../route/client-credential";
import { RequestRun } from "./request-run";
import { Part, Stage, StageResult } from "./stage";

/** Marks what the vendor should cache of the prompt, where that pays. */
export class MarkPrompt extends Stage {
  constructor() {
    super(Part.Body | Part.Key, Part.Prompt);
  }

  run(run: RequestRun): StageResult {
    const exchange = run.exchange;
    const settings = exchange.provider.prompts;
    if (!settings.isAuto || run.whole === null || !exchange.plan.isPrompt)
      return StageResult.Continue;
    const form = exchange.marks;
    if (form !== null) {
      const isHour = settings.isHour && keepsHour(exchange);
      const cache = cacheOf(exchange);
      const marked = markPrompt(run.out.whole(), run.document, form, settings, isHour, cache);
      if (marked !== null) run.out = marked;
    } else if (exchange.takesCacheKey) {
      const named = addCacheKey(run.out.whole(), run.document, settings, cacheOf(exchange));
      if (named !== null) run.out = named;
    }
    return StageResult.Continue;
  }
}

/** Whether the model can cache prompts for an hour. */
function keepsHour(exchange: Exchange): bool {
  const features = exchange.runtime.models.featuresOf(exchange.upstreamModel);
  return features !== null && features.keepsHour;
}

/**
 * A number for the vendor's cache of a request: vendors cache prompts per account and model. Clients learn
 * no more about each other than from the vendor's own cache.
 */
function cacheOf(exchange: Exchange): u64 {
  const provider = exchange.provider;
  let key = provider.tokens.token(exchange.key);
  if (key.length == 0 && !provider.hasCredential) {
    key = clientKey(requestHeaders.snapshot(), provider.client.authHeaderKey);
  }
  const out = new ByteWriter(256).framed(provider.labelBytes).framed(exchange.upstreamModel);
  return xxhash64(out.framed(key).toBytes());
}
