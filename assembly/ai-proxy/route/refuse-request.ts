import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import * as header from "../../http/names";
import { RequestPath } from "../../http/path";
import { Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { protocolByHeaders } from "../../protocol/registry";
import { ApiName } from "../api/api-name";
import { Exchange } from "../exchange/exchange";
import {
  badPath,
  methodRefused,
  notProxied,
  pathRefused,
  providerFault,
} from "../exchange/refusals";
import { admitsOther } from "./admission";

const OPTIONS = Bytes.of("OPTIONS");
const GET = Bytes.of("GET");
const HEAD = Bytes.of("HEAD");
const ROOT = Bytes.of("/");

/**
 * The answer to a request that does not continue: the provider cannot be used, or does not have what is
 * asked for. Null for one that does. `headers`: those that the plan was made of.
 */
export function refuseRequest(exchange: Exchange, headers: HeaderSnapshot): LocalReply | null {
  const provider = exchange.provider;
  const method = headers.getOrEmpty(header.METHOD);
  const path = exchange.plan.path;
  if (provider.fault.length == 0 && !provider.keepsRequests) {
    if (isForGateway(method, path)) return notProxied(method);
    const endpoint = exchange.plan.endpoint;
    if (endpoint !== null && isForAnswers(endpoint) && !method.equals(header.POST)) {
      // What passes through a WebSocket is not seen here: no model would be mapped.
      const wantsUpgrade = headers.has(header.UPGRADE);
      const isUnknown = !provider.isNative(endpoint.api);
      if (wantsUpgrade || isUnknown) return methodRefused(exchange, wantsUpgrade);
    }
  }
  // At a path of no protocol the headers decide the form of the error.
  const isTold = exchange.plan.endpoint !== null;
  const fault = providerFault(exchange, isTold ? exchange.protocol : protocolByHeaders(headers));
  if (fault !== null) return fault;
  if (provider.fixedPath.length > 0 || exchange.api != ApiName.Unknown) return null;
  if (path === null) return badPath(exchange);
  return admitsOther(provider, path.plain) ? null : pathRefused(exchange, path.plain);
}

/** Whether an endpoint returns answers of models and nothing else; chats can be listed, too. */
function isForAnswers(endpoint: Endpoint): bool {
  return endpoint.purpose == Purpose.Answer && !endpoint.protocol.isNeutral;
}

/** What browsers, load balancers and clients ask whoever is there; no vendor needs to see it. */
export function isForGateway(method: Bytes, path: RequestPath | null): bool {
  if (method.equals(OPTIONS)) return true;
  if (!method.equals(GET) && !method.equals(HEAD)) return false;
  return path !== null && path.plain.equals(ROOT);
}
