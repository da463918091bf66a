import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { ClientProtocol, Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { ApiPath } from "../../protocol/base/api-path";
import { NEUTRAL, protocolByHeaders } from "../../protocol/registry";
import { QUERY_KEYS } from "../../http/identity-names";
import { isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { decodeOnce, RequestPath } from "../../http/path";
import { pathOf, queryOf, withQuery } from "../../http/url";
import { logClientPath } from "../../chat/access-log";
import { ApiName } from "../api/api-name";
import { detectApi, detectPath } from "../provider/detect-api";
import { ProviderConfig } from "../config/provider-config";
import { boundaryOf, isMultipart } from "../convert/multipart";
import { Exchange } from "../exchange/exchange";
import {
  badPath,
  methodRefused,
  notProxied,
  pathRefused,
  providerFault,
} from "../exchange/refusals";
import { PathModel, RequestPlan } from "../exchange/request-plan";
import { NativeApi, NativeRequest } from "../provider/base/native-api";
import { admitsOther } from "./admission";
import { Char } from "../../proxy-wasm/char";

const OPTIONS = Bytes.of("OPTIONS");
const GET = Bytes.of("GET");
const HEAD = Bytes.of("HEAD");
const ROOT = Bytes.of("/");
/** Azure's and OAuth's query parameters for credentials. */
const MORE_QUERY_KEYS: Bytes[] = [Bytes.of("api-key"), Bytes.of("access_token")];

/** Plans a request: its API, its protocol, and how its body is read. */
export function planRequest(provider: ProviderConfig, headers: HeaderSnapshot): RequestPlan {
  let target = headers.getOrEmpty(header.PATH);
  const method = headers.getOrEmpty(header.METHOD);
  logClientPath(target);
  const path = RequestPath.read(pathOf(target));
  let endpoint: Endpoint | null = null;
  let isKnown = false;
  let api: string = ApiName.Unknown;
  if (path !== null) {
    let found = detectPath(path.plain);
    if (found !== null && !isAsked(found, method)) found = null;
    isKnown = found !== null;
    if (found !== null) api = found.api;
    if (found instanceof Endpoint) endpoint = found as Endpoint;
    const query = provider.passesClientKeys ? queryOf(target) : withoutKeys(queryOf(target));
    target = withQuery(isKnown ? path.escaped : path.sent, query);
  }
  let protocol = NEUTRAL;
  if (endpoint !== null) protocol = endpoint.protocol;
  else if (!isKnown) protocol = protocolByHeaders(headers);
  let adoption = Adoption.AsItIs;
  let native: NativeApi | null = null;
  let told: PathModel | null = null;
  const isPost = method.equals(header.POST);
  if (isPost && endpoint !== null && !protocol.isNeutral) {
    const isNative = provider.isNative(api);
    native = provider.nativeOf(api);
    if (isNative || native !== null) told = modelAt(provider, protocol, target, native);
    const hasTarget = told !== null && told.target.length > 0;
    if (!isNative && !hasTarget) adoption = adopt(provider, endpoint);
    // For a body with the model, the model decides whether it is sent natively.
    if (!hasTarget && adoption == Adoption.AsItIs) native = null;
  }
  if (endpoint !== null && endpoint.purpose == Purpose.Models && !provider.isNative(api)) {
    adoption = adopt(provider, endpoint);
  }
  const becomesChat = adoption == Adoption.Chat;
  if (becomesChat) api = ApiName.ChatCompletions;
  else if (adoption == Adoption.Embeddings) api = ApiName.Embeddings;
  else if (adoption == Adoption.Models) api = ApiName.Models;
  else if (endpoint === null || !endpoint.protocol.isForeign) api = apiAtFixedPath(provider, api);
  const type = headers.getOrEmpty(header.CONTENT_TYPE);
  const isRead = readsForm(provider, api) && !headers.has(header.CONTENT_ENCODING);
  const isForm = isRead && !provider.original && isMultipart(type);
  return new RequestPlan(
    provider,
    api,
    endpoint,
    protocol,
    path,
    target,
    becomesChat,
    native,
    told,
    adoption == Adoption.Count,
    isRead && isJsonType(type),
    isForm ? boundaryOf(type) : Bytes.empty(),
  );
}

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
  // Who asks at a path of no protocol is answered in the words that his headers tell.
  const isTold = exchange.plan.endpoint !== null;
  const fault = providerFault(exchange, isTold ? exchange.protocol : protocolByHeaders(headers));
  if (fault !== null) return fault;
  if (provider.fixedPath.length > 0 || exchange.api != ApiName.Unknown) return null;
  if (path === null) return badPath(exchange);
  return admitsOther(provider, path.plain) ? null : pathRefused(exchange, path.plain);
}

/** Whether an endpoint gives answers of models and nothing else; chats can be listed, too. */
function isForAnswers(endpoint: Endpoint): bool {
  return endpoint.purpose == Purpose.Answer && !endpoint.protocol.isNeutral;
}

/** Whether a path means its API when it is asked with `method`: models are listed with GET alone. */
function isAsked(found: ApiPath, method: Bytes): bool {
  if (!(found instanceof Endpoint)) return true;
  return (found as Endpoint).purpose != Purpose.Models || method.equals(GET);
}

/** What a request at an endpoint of a client protocol becomes where the vendor has no such API. */
enum Adoption {
  AsItIs,
  /** It goes upstream as a chat. */
  Chat,
  /** It goes upstream as OpenAI's request for embeddings. */
  Embeddings,
  /** Its tokens are counted here. */
  Count,
  /** It goes upstream as OpenAI's request for the list of models. */
  Models,
}

function adopt(provider: ProviderConfig, endpoint: Endpoint): Adoption {
  if (endpoint.purpose == Purpose.Other) return Adoption.AsItIs;
  if (endpoint.purpose == Purpose.Embeddings) {
    return provider.offers(ApiName.Embeddings) ? Adoption.Embeddings : Adoption.AsItIs;
  }
  if (endpoint.purpose == Purpose.Models) {
    return provider.offers(ApiName.Models) ? Adoption.Models : Adoption.AsItIs;
  }
  if (!provider.offers(ApiName.ChatCompletions)) return Adoption.AsItIs;
  return endpoint.purpose == Purpose.CountTokens ? Adoption.Count : Adoption.Chat;
}

/**
 * What a path of the client's tells of the model; null where it names none. With `native` also where the
 * vendor takes the request as it is.
 */
function modelAt(
  provider: ProviderConfig,
  protocol: ClientProtocol,
  target: Bytes,
  native: NativeApi | null,
): PathModel | null {
  const model = protocol.modelIn(target);
  if (model.length == 0) return null;
  const mapped = provider.mapping.mapBytes(model);
  const upstream = mapped === null ? model : mapped;
  const stream = protocol.streamsAt(target);
  let own = Bytes.empty();
  if (native !== null && native.takes(upstream, target)) {
    own = native.path(new NativeRequest(upstream, target, stream));
  }
  return new PathModel(model, upstream, stream, own);
}

/** What goes to one address is what that address takes, whatever the client calls it. */
function apiAtFixedPath(provider: ProviderConfig, api: string): string {
  const fixed = provider.fixedPath;
  if (fixed.length == 0) return api;
  const found = detectApi(fixed);
  return found.length > 0 ? found : api;
}

/** Whether it matters what form a body has that goes to an API. */
function readsForm(provider: ProviderConfig, api: string): bool {
  if (!provider.original) return api.length > 0;
  const setsSome = !provider.chat.customSettings.isEmpty || provider.firstByteTimeoutMs > 0;
  return setsSome || provider.prompts.readsPrompts;
}

/** A query without the keys in which clients send credentials. */
function withoutKeys(query: Bytes): Bytes {
  const out = new ByteWriter(query.length);
  let from = 1;
  while (from < query.length) {
    const mark = query.indexOf(Char.Ampersand, from);
    const to = mark < 0 ? query.length : mark;
    const part = query.slice(from, to);
    from = to + 1;
    if (isKey(part)) continue;
    out.byte(out.length == 0 ? Char.Question : Char.Ampersand).bytes(part);
  }
  return out.length == query.length ? query : out.toBytes();
}

function isKey(part: Bytes): bool {
  const equals = part.indexOf(Char.Equals);
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

/** What browsers, load balancers and clients ask whoever is there; no vendor needs to see it. */
export function isForGateway(method: Bytes, path: RequestPath | null): bool {
  if (method.equals(OPTIONS)) return true;
  if (!method.equals(GET) && !method.equals(HEAD)) return false;
  return path !== null && path.plain.equals(ROOT);
}
