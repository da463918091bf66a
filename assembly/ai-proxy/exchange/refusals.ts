/** The module's own error replies. */
import { HoldEnd } from "../../proxy-wasm/hold-watch";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { Bytes } from "../../proxy-wasm/bytes";
import { estimateTokens } from "../../chat/token-estimate";
import { ClientProtocol } from "../../protocol/base/client-protocol";
import { errorReply } from "../../protocol/base/error-reply";
import { NEUTRAL } from "../../protocol/registry";
import { logWarn } from "../../proxy-wasm/log";
import { Throttle } from "../../proxy-wasm/throttle";
import { APPLICATION_JSON, CONTENT_TYPE, POST, RETRY_AFTER, UPGRADE } from "../../http/names";
import { AwaitedText } from "../provider/base/awaited-text";
import { Exchange } from "./exchange";
import { countRefusal } from "../report/metrics";

const DETAILS_TOO_LARGE = "request_payload_too_large";
const DETAILS_ESTIMATE = "ai_proxy_token_estimate";
const DETAILS_GATEWAY = "ai-proxy.answered_by_gateway";
const OPTIONS = Bytes.of("OPTIONS");
const ALLOW = Bytes.of("allow");
const METHODS = Bytes.of("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const HTTP = Bytes.of("HTTP/1.1");
const ALIVE = Bytes.of('{"status":"ok"}');
const DETAILS_NO_BODY = "ai-proxy.no_request_body";
const DETAILS_NO_ROOM = "ai-proxy.no_room";
const DETAILS_HEADERS = "ai-proxy.proc_req_headers_failed";
const ONE_SECOND = Bytes.of("1");
const DETAILS_BODY = "ai-proxy.proc_req_body_failed";

/** The reply to a request that this provider cannot serve, in the client's protocol; null when it can. */
export function providerFault(exchange: Exchange, protocol: ClientProtocol): LocalReply | null {
  const provider = exchange.provider;
  const type = provider.type;
  if (provider.fault.length > 0) {
    const message = "this provider's configuration is not valid: " + provider.fault;
    return refusal(exchange, 500, DETAILS_HEADERS, "invalid_configuration", message);
  }
  if (exchange.plan.isOffered) return null;
  const message = "provider " + type.name + " does not offer this API";
  countRefusal("unsupported_api");
  return errorReply(protocol, 404, DETAILS_HEADERS, "unsupported_api", message);
}

/** For one warning a minute. */
const refusedPaths = new Throttle(60);
/** Most bytes of a rejected path in a warning. */
const MAX_SHOWN: i32 = 128;

/** The reply to a request for a model that no provider has; `model` is empty if none is named. */
export function noProvider(protocol: ClientProtocol, model: Bytes): LocalReply {
  const code = "model_not_found";
  countRefusal(code);
  const message = "no provider has the model " + model.clip(MAX_SHOWN).toString();
  const none = "the request has no model, which selects the provider";
  return errorReply(protocol, 404, DETAILS_HEADERS, code, model.length > 0 ? message : none);
}

/** The list of models that choose providers. */
export function modelList(list: Bytes): LocalReply {
  const reply = new LocalReply(200, DETAILS_GATEWAY);
  reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
  reply.body = list;
  return reply;
}

/** The reply to a path that is not forwarded. `path`: without its query. */
export function pathRefused(exchange: Exchange, path: Bytes): LocalReply {
  if (refusedPaths.pass()) {
    const shown = path.slice(0, MAX_SHOWN).toString();
    const message =
      "is not an API of provider " + exchange.provider.label + " and refused: allowedPaths";
    logWarn("path " + shown + " " + message + " allows further paths (logged once a minute)");
  }
  const type = exchange.provider.type;
  const message = "provider " + type.name + " does not offer this path";
  return refusal(exchange, 404, DETAILS_HEADERS, "unsupported_api", message);
}

/**
 * The reply to a request for a model's answer without POST. A WebSocket request is rejected with a status
 * on which clients fall back to HTTP at once (openai/codex).
 */
export function methodRefused(exchange: Exchange, wantsUpgrade: bool): LocalReply {
  const message = wantsUpgrade
    ? "WebSocket is not supported here: send the request with POST"
    : "this API requires POST";
  const status = wantsUpgrade ? 426 : 405;
  const reply = refusal(exchange, status, DETAILS_HEADERS, "unsupported_api", message);
  if (wantsUpgrade) reply.headers.add(UPGRADE, HTTP);
  else reply.headers.add(ALLOW, POST);
  return reply;
}

/** The reply to a path that servers interpret differently. */
export function badPath(exchange: Exchange): LocalReply {
  const message = "the request path is not valid";
  return refusal(exchange, 400, DETAILS_HEADERS, "invalid_path", message);
}

/** The reply to requests for the gateway itself: OPTIONS, health checks. */
export function notProxied(method: Bytes): LocalReply {
  if (method.equals(OPTIONS)) {
    const reply = new LocalReply(204, DETAILS_GATEWAY);
    reply.headers.add(ALLOW, METHODS);
    return reply;
  }
  const reply = new LocalReply(200, DETAILS_GATEWAY);
  reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
  reply.body = ALIVE;
  return reply;
}

/** The reply to a body that cannot be converted. `code`: the kind of fault, `message`: why. */
export function badBody(exchange: Exchange, code: string, message: string): LocalReply {
  return refusal(exchange, 400, DETAILS_BODY, code, message);
}

/** The reply to a request for token counts if the vendor cannot count: an estimate. */
function tokenCount(exchange: Exchange, body: Bytes): LocalReply {
  const reply = new LocalReply(200, DETAILS_ESTIMATE);
  reply.headers.add(CONTENT_TYPE, APPLICATION_JSON);
  reply.body = estimateOf(exchange, body);
  return reply;
}

/** An estimate of a request's tokens, in the form of the client's protocol. */
export function estimateOf(exchange: Exchange, body: Bytes): Bytes {
  return exchange.protocol.tokenCount(estimateTokens(body));
}

/** The reply to a body that is not read: an estimate of its tokens, or an error. */
export function unreadBody(exchange: Exchange, body: Bytes, isJson: bool): LocalReply {
  if (exchange.plan.countsTokens && isJson) return tokenCount(exchange, body);
  const message = "the request body must be JSON without a content-encoding";
  return refusal(exchange, 400, DETAILS_BODY, "invalid_request", message);
}

export function trailersRefused(exchange: Exchange | null): LocalReply {
  const message = "request trailers are not supported without content-length";
  return refusal(exchange, 400, DETAILS_BODY, "request_trailers", message);
}

/** The reply when a text that the request needs is unavailable. */
export function textMissing(exchange: Exchange, text: AwaitedText): LocalReply {
  const type = exchange.provider.type;
  const details = "ai-proxy." + type.name + "." + text.details;
  return refusal(exchange, 502, details, text.code, text.message);
}

export function modelMissing(exchange: Exchange): LocalReply {
  return refusal(exchange, 400, DETAILS_BODY, "invalid_request", "the model is missing");
}

/** The reply to a request whose headers cannot be written without its body. */
export function bodyMissing(exchange: Exchange | null, why: HoldEnd, waitedMs: u64): LocalReply {
  if (why == HoldEnd.OptionMissing) {
    const message =
      "ai-proxy cannot hold request headers until the body arrives: its plugin needs " +
      "allow_on_headers_stop_iteration: true (Envoy 1.35 or newer)";
    return refusal(exchange, 500, DETAILS_HEADERS, "option_missing", message);
  }
  const message = "no request body arrived within " + waitedMs.toString() + " ms";
  return refusal(exchange, 408, DETAILS_NO_BODY, "request_timeout", message);
}

/** The reply to a body of more than `limit` bytes, which exceeds the budget. */
export function tooLarge(exchange: Exchange | null, limit: i64): LocalReply {
  const message = "the request body is larger than " + limit.toString() + " bytes";
  return refusal(exchange, 413, DETAILS_TOO_LARGE, "request_too_large", message);
}

/** The reply to a body for which the budget currently has no room. */
export function noRoom(exchange: Exchange | null): LocalReply {
  const message = "the gateway is holding too many large requests: try again in a moment";
  const reply = refusal(exchange, 503, DETAILS_NO_ROOM, "overloaded", message);
  reply.headers.add(RETRY_AFTER, ONE_SECOND);
  return reply;
}

function refusal(
  exchange: Exchange | null,
  status: i32,
  details: string,
  code: string,
  message: string,
): LocalReply {
  const protocol = exchange === null ? NEUTRAL : exchange.protocol;
  countRefusal(code);
  return errorReply(protocol, status, details, code, message);
}
