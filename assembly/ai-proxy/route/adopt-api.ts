import { Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { Exchange } from "../exchange/exchange";
import { ApiName } from "../api/api-name";
import { detectApi } from "../api/api-patterns";

/**
 * Notes what a request at an endpoint of a client protocol (null for any other) becomes where the vendor
 * has no such API.
 */
export function adoptApi(exchange: Exchange, endpoint: Endpoint | null): void {
  const provider = exchange.provider;
  if (endpoint !== null) adoptEndpoint(exchange, endpoint);
  // What goes to one address is what that address takes, whatever the client calls it.
  const fixed = provider.fixedPath;
  const isForeign = endpoint !== null && endpoint.protocol.isForeign;
  if (fixed.length > 0 && !exchange.becomesChat && !isForeign) {
    const api = detectApi(fixed);
    if (api.length > 0) exchange.api = api;
  }
  exchange.apiDialect = provider.apiDialectOf(exchange.api);
}

function adoptEndpoint(exchange: Exchange, endpoint: Endpoint): void {
  const provider = exchange.provider;
  if (!exchange.isPost || endpoint.protocol.isNeutral) return;
  if (endpoint.purpose == Purpose.Other || provider.isNative(endpoint.api)) return;
  if (!provider.offers(ApiName.ChatCompletions)) return;
  if (endpoint.purpose == Purpose.CountTokens) {
    exchange.countsTokens = true;
    return;
  }
  exchange.becomesChat = true;
  exchange.api = ApiName.ChatCompletions;
}
