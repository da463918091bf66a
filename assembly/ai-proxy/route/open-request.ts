import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { protocolByHeaders } from "../../protocol/registry";
import * as header from "../../http/names";
import { QUERY_KEYS } from "../../http/identity-names";
import { decodeOnce, RequestPath } from "../../http/path";
import { pathOf, queryOf, withQuery } from "../../http/url";
import { logClientPath } from "../../chat/access-log";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Exchange } from "../exchange/exchange";
import {
  badPath,
  methodRefused,
  notProxied,
  pathRefused,
  providerFault,
} from "../exchange/refusals";
import { adoptApi } from "./adopt-api";
import { admitsOther } from "./admission";
import { ApiName } from "../api/api-name";
import { detectPath } from "../api/api-patterns";

const OPTIONS = Bytes.of("OPTIONS");
const GET = Bytes.of("GET");
const HEAD = Bytes.of("HEAD");
const ROOT = Bytes.of("/");
const QUESTION_MARK: u8 = 0x3f;
const AMPERSAND: u8 = 0x26;
const EQUALS: u8 = 0x3d;
/** What Azure and OAuth call a credential in a query. */
const MORE_QUERY_KEYS: Bytes[] = [Bytes.of("api-key"), Bytes.of("access_token")];

/**
 * Notes what a request asks for and in which protocol. Gives the answer when it does not go on: the
 * provider cannot be used, or does not have what is asked for.
 */
export function openRequest(exchange: Exchange, headers: HeaderSnapshot): LocalReply | null {
  const provider = exchange.provider;
  const target = headers.getOrEmpty(header.PATH);
  const method = headers.getOrEmpty(header.METHOD);
  exchange.target = target;
  logClientPath(target);
  exchange.isPost = method.equals(header.POST);
  const path = RequestPath.read(pathOf(target));
  let endpoint: Endpoint | null = null;
  let isKnown = false;
  if (path !== null) {
    const found = detectPath(path.plain);
    isKnown = found !== null;
    if (found !== null) exchange.api = found.api;
    if (found instanceof Endpoint) endpoint = found as Endpoint;
    const query = provider.passesClientKeys ? queryOf(target) : withoutKeys(queryOf(target));
    const kept = isKnown ? path.escaped : path.sent;
    exchange.target = withQuery(kept, query);
  }
  if (endpoint !== null) exchange.protocol = endpoint.protocol;
  else if (!isKnown) exchange.protocol = protocolByHeaders(headers);
  adoptApi(exchange, endpoint);
  const isLent = provider.fault.length == 0 && !provider.keepsRequests;
  if (isLent && isForGateway(method, path)) return notProxied(method);
  if (isLent && endpoint !== null && !exchange.isPost && isForAnswers(endpoint)) {
    // What passes through a WebSocket is not seen here: no model would be mapped.
    const wantsUpgrade = headers.get(header.UPGRADE) !== null;
    const isUnknown = !provider.isNative(endpoint.api);
    if (wantsUpgrade || isUnknown) return methodRefused(exchange, wantsUpgrade);
  }
  const fault = providerFault(exchange);
  if (fault !== null) return fault;
  if (provider.fixedPath.length > 0) return null;
  if (path === null) return badPath(exchange);
  if (exchange.api != ApiName.Unknown || admitsOther(provider, path.plain)) return null;
  return pathRefused(exchange, path.plain);
}

/** A query without the keys in which clients send credentials. */
function withoutKeys(query: Bytes): Bytes {
  const out = new ByteWriter(query.length);
  let from = 1;
  while (from < query.length) {
    const mark = query.indexOf(AMPERSAND, from);
    const to = mark < 0 ? query.length : mark;
    const part = query.slice(from, to);
    from = to + 1;
    if (isKey(part)) continue;
    out.byte(out.length == 0 ? QUESTION_MARK : AMPERSAND).bytes(part);
  }
  return out.length == query.length ? query : out.toBytes();
}

function isKey(part: Bytes): bool {
  const equals = part.indexOf(EQUALS);
  const written = equals < 0 ? part : part.slice(0, equals);
  const name = decodeOnce(written);
  if (name === null) return false;
  return isNamed(name.trim(), QUERY_KEYS) || isNamed(name.trim(), MORE_QUERY_KEYS);
}

function isNamed(name: Bytes, names: Bytes[]): bool {
  for (let i = 0; i < names.length; i++) {
    if (name.equalsIgnoreCase(names[i])) return true;
  }
  return false;
}

/** Whether an endpoint gives answers of models and nothing else; chats can be listed, too. */
function isForAnswers(endpoint: Endpoint): bool {
  return endpoint.purpose == Purpose.Answer && !endpoint.protocol.isNeutral;
}

/** What browsers, load balancers and clients ask whoever is there; no vendor needs to see it. */
function isForGateway(method: Bytes, path: RequestPath | null): bool {
  if (method.equals(OPTIONS)) return true;
  const isLook = method.equals(GET) || method.equals(HEAD);
  return isLook && path !== null && path.plain.equals(ROOT);
}
