import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { setProperty } from "../proxy-wasm/property";
import { addToAiLog } from "../chat/ai-log";
import { ResponseSide } from "./answer/response-side";
import { Usage } from "./answer/usage";
import { Exchange } from "./exchange";
import { countRequest, countTokens, recordTimes } from "./metrics";

const PROVIDER = Bytes.of("ai_proxy_provider");
const MODEL = Bytes.of("ai_proxy_model");
const ATTEMPTS = Bytes.of("ai_proxy_attempts");

/** Tells metrics, access log and `ai_log` how an exchange went. When it is over. */
export function reportExchange(exchange: Exchange, side: ResponseSide | null): void {
  const provider = exchange.provider.label;
  const model = exchange.upstreamModel.length > 0 ? exchange.upstreamModel.toString() : "none";
  const status = exchange.status > 0 ? exchange.status.toString() : "none";
  const duration = <i64>(nowMilliseconds() - exchange.startedMs);
  countRequest(provider, model, status);
  recordTimes(provider, exchange.firstByteMs, duration);
  setProperty(PROVIDER, Bytes.of(provider));
  if (exchange.upstreamModel.length > 0) setProperty(MODEL, exchange.upstreamModel);
  if (exchange.attempts > 1) setProperty(ATTEMPTS, Bytes.of(exchange.attempts.toString()));
  let usage: Usage | null = null;
  if (side !== null) usage = side.usage();
  const first = exchange.firstByteMs.toString();
  const type = exchange.stream ? "stream" : "normal";
  if (usage === null) {
    addToAiLog(
      ["llm_first_token_duration", "llm_service_duration", "model", "response_type"],
      [first, duration.toString(), model, type],
    );
    return;
  }
  countTokens(provider, model, usage.prompt, usage.completion, usage.cached);
  addToAiLog(
    [
      "input_token",
      "llm_first_token_duration",
      "llm_service_duration",
      "model",
      "output_token",
      "response_type",
      "total_token",
    ],
    [
      usage.prompt.toString(),
      first,
      duration.toString(),
      model,
      usage.completion.toString(),
      type,
      (usage.prompt + usage.completion).toString(),
    ],
  );
}
