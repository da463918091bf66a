import { Bytes } from "../proxy-wasm/bytes";
import { nowMilliseconds } from "../proxy-wasm/clock";
import { logDebug, logEnabled, logWarn } from "../proxy-wasm/log";
import { setProperty } from "../proxy-wasm/property";
import { LogLevel } from "../proxy-wasm/types";
import { clusterName } from "../rules/request-facts";
import { formatDecimal } from "../text/decimal";
import { logModel } from "../chat/access-log";
import { AiLogMembers } from "../chat/ai-log";
import { HostFailure } from "./answer/host-failure";
import { ResponseSide } from "./answer/response-side";
import { transportFault } from "./answer/transport";
import { formatMoney, MICRO } from "../rules/prices";
import { Cost, costOf, countCosts } from "./report/costs";
import { Usage } from "./report/usage";
import { Exchange } from "./exchange/exchange";
import { countRequest, countTokens, modelLabel, recordTimes } from "./report/metrics";

const PROVIDER = Bytes.of("ai_proxy_provider");
const ATTEMPTS = Bytes.of("ai_proxy_attempts");
const INPUT_TOKENS = Bytes.of("ai_proxy_input_tokens");
const OUTPUT_TOKENS = Bytes.of("ai_proxy_output_tokens");

const CACHE_WRITE_TOKEN = Bytes.of("cache_write_token");
const CACHED_TOKEN = Bytes.of("cached_token");
const REASONING_TOKEN = Bytes.of("reasoning_token");
const SAVED_COST = Bytes.of("prompt_cache_saved_cost");
const INPUT_TOKEN = Bytes.of("input_token");
const FIRST_TOKEN_DURATION = Bytes.of("llm_first_token_duration");
const SERVICE_DURATION = Bytes.of("llm_service_duration");
const MODEL = Bytes.of("model");
const OUTPUT_TOKEN = Bytes.of("output_token");
const PROVIDER_MEMBER = Bytes.of("provider");
const RESPONSE_TYPE = Bytes.of("response_type");
const TOTAL_TOKEN = Bytes.of("total_token");
const STREAM = Bytes.of("stream");
const NORMAL = Bytes.of("normal");
const NONE = Bytes.of("none");

/**
 * Logs that the cluster's transport does not match the provider's URL. `failure`: why there was no answer.
 * `status`: of the answer.
 */
export function reportTransport(
  exchange: Exchange,
  failure: HostFailure | null,
  status: i32,
): void {
  const fault = transportFault(exchange.runtime, failure, status);
  if (fault.length == 0) return;
  logWarn("cluster " + clusterName().toString() + " " + fault + " (logged once a minute)");
}

/** Reports an exchange to metrics, access log and `ai_log`, when it has ended. */
export function reportExchange(exchange: Exchange, side: ResponseSide | null): void {
  const label = exchange.provider.label;
  const model = exchange.upstreamModel.length > 0 ? exchange.upstreamModel : NONE;
  const duration = <i64>(nowMilliseconds() - exchange.startedMs);
  let usage: Usage | null = null;
  if (side !== null) usage = side.usage();
  const name = modelLabel(exchange.upstreamModel, exchange.status);
  countRequest(label, name, exchange.status);
  if (logEnabled(LogLevel.Debug)) logExchange(exchange, label, name);
  recordTimes(label, exchange.firstByteMs, duration);
  let cost: Cost | null = null;
  if (usage !== null) {
    countTokens(label, name, usage);
    cost = costOf(usage, exchange.provider.prices, exchange.upstreamModel);
    if (cost !== null) countCosts(label, cost);
  }
  if (exchange.attempts > 1) setProperty(ATTEMPTS, Bytes.of(exchange.attempts.toString()));
  // Of several attempts of an upstream filter the last one is reported.
  setProperty(PROVIDER, exchange.provider.labelBytes);
  logModel(Bytes.of(name));
  if (usage !== null) {
    setProperty(INPUT_TOKENS, formatDecimal(<u64>usage.prompt));
    setProperty(OUTPUT_TOKENS, formatDecimal(<u64>usage.completion));
  }

  const log = new AiLogMembers();
  if (usage !== null) {
    if (usage.written > 0) log.addNumber(CACHE_WRITE_TOKEN, usage.written);
    if (usage.cached > 0) log.addNumber(CACHED_TOKEN, usage.cached);
    log.addNumber(INPUT_TOKEN, usage.prompt);
  }
  log.addNumber(FIRST_TOKEN_DURATION, exchange.firstByteMs).addNumber(SERVICE_DURATION, duration);
  log.add(MODEL, model);
  if (usage !== null) log.addNumber(OUTPUT_TOKEN, usage.completion);
  if (cost !== null && cost.saved > 0) {
    log.add(SAVED_COST, Bytes.of(formatMoney(cost.saved / MICRO, cost.price.currency)));
  }
  log.add(PROVIDER_MEMBER, exchange.provider.labelBytes);
  if (usage !== null && usage.reasoning > 0) log.addNumber(REASONING_TOKEN, usage.reasoning);
  log.add(RESPONSE_TYPE, exchange.stream ? STREAM : NORMAL);
  if (usage !== null) log.addNumber(TOTAL_TOKEN, usage.prompt + usage.completion);
  log.write();
}

/** What was decided about a request, without any of its content. */
function logExchange(exchange: Exchange, label: string, model: string): void {
  const key = exchange.key < 0 ? "no key" : "key " + exchange.key.toString();
  let message =
    "ai-proxy sent " + (exchange.api.length > 0 ? exchange.api : "a path of no known API");
  message += " to provider " + label + " with " + key + ", model " + model;
  logDebug(message + ", status " + exchange.status.toString());
}
