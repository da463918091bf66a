import { Bytes } from "../../proxy-wasm/bytes";
import { Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { NativeApi, NativeRequest } from "../provider/base/native-api";
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
  if (provider.isNative(endpoint.api)) return noteTarget(exchange);
  const native = provider.vendor.nativeOf(endpoint.api);
  if (native !== null && endpoint.protocol.modelIn(exchange.target).length > 0) {
    noteTarget(exchange);
    if (native.takes(exchange.upstreamModel)) return goNatively(exchange, native);
  }
  if (endpoint.purpose == Purpose.Other) return;
  if (!provider.offers(ApiName.ChatCompletions)) return;
  if (endpoint.purpose == Purpose.CountTokens) {
    exchange.countsTokens = true;
    return;
  }
  // Whether a body that names the model goes as it is, its model decides.
  exchange.native = native;
  exchange.becomesChat = true;
  exchange.api = ApiName.ChatCompletions;
}

/** Notes the model and whether a stream is wanted, where the path tells it. */
function noteTarget(exchange: Exchange): void {
  const protocol = exchange.protocol;
  const model = protocol.modelIn(exchange.target);
  if (model.length == 0) return;
  const mapped = exchange.provider.mapping.mapBytes(model);
  exchange.model = model;
  exchange.upstreamModel = mapped === null ? model : mapped;
  exchange.stream = protocol.streamsAt(exchange.target);
}

/** The request goes to the vendor as it is, at the path that the vendor has for its model. */
function goNatively(exchange: Exchange, native: NativeApi): void {
  const target = exchange.target;
  const model = exchange.upstreamModel;
  exchange.native = native;
  const request = new NativeRequest(model, target, exchange.stream, Bytes.empty());
  exchange.apiPath = native.path(request);
}
