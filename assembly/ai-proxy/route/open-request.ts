import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { ClientProtocol } from "../../chat/error-body";
import * as header from "../../http/names";
import { RequestPath } from "../../http/path";
import { pathOf, queryOf } from "../../http/url";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Exchange } from "../exchange";
import { badPath, notProxied, pathRefused, providerFault } from "../refusals";
import { adoptApi } from "./adopt-api";
import { admitsOther } from "./admission";
import { ApiName } from "./api-name";
import { detectApi } from "./api-patterns";

const OPTIONS = Bytes.of("OPTIONS");
const GET = Bytes.of("GET");
const HEAD = Bytes.of("HEAD");
const ROOT = Bytes.of("/");
const ANTHROPIC_VERSION = Bytes.of("anthropic-version");

/**
 * Notes what a request asks for and in which protocol. Gives the answer when it does not go on: the
 * provider cannot be used, or does not have what is asked for.
 */
export function openRequest(exchange: Exchange, headers: HeaderSnapshot): LocalReply | null {
  const provider = exchange.provider;
  const target = headers.getOrEmpty(header.PATH);
  const method = headers.getOrEmpty(header.METHOD);
  exchange.target = target;
  exchange.isPost = method.equals(header.POST);
  if (headers.has(ANTHROPIC_VERSION)) exchange.protocol = ClientProtocol.Anthropic;
  const path = RequestPath.read(pathOf(target));
  if (path !== null) {
    exchange.api = detectApi(path.plain);
    const isKnown = exchange.api.length > 0;
    exchange.target = withQueryOf(isKnown ? path.escaped : path.sent, target);
  }
  adoptApi(exchange);
  const isUsable = provider.type !== null && provider.fault.length == 0;
  if (isUsable && !provider.keepsRequests && isForGateway(method, path)) return notProxied(method);
  const fault = providerFault(exchange);
  if (fault !== null) return fault;
  if (provider.fixedPath.length > 0) return null;
  if (path === null) return badPath(exchange);
  if (exchange.api != ApiName.Unknown || admitsOther(provider, path.plain)) return null;
  return pathRefused(exchange, path.plain);
}

function withQueryOf(path: Bytes, target: Bytes): Bytes {
  const query = queryOf(target);
  return new ByteWriter(path.length + query.length).bytes(path).bytes(query).toBytes();
}

/** What browsers, load balancers and clients ask whoever is there; no vendor needs to see it. */
function isForGateway(method: Bytes, path: RequestPath | null): bool {
  if (method.equals(OPTIONS)) return true;
  const isLook = method.equals(GET) || method.equals(HEAD);
  return isLook && path !== null && path.plain.equals(ROOT);
}
