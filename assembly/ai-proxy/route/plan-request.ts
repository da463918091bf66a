import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { Endpoint, Purpose } from "../../protocol/base/client-protocol";
import { ApiPath } from "../../protocol/base/api-path";
import { NEUTRAL, protocolByHeaders, sharedEndpointOf } from "../../protocol/registry";
import { isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { RequestPath } from "../../http/path";
import { pathOf, queryOf, withQuery } from "../../http/url";
import { logClientPath } from "../../chat/access-log";
import { ApiName } from "../api/api-name";
import { detectApi, detectPath } from "../provider/detect-api";
import { ProviderConfig } from "../config/provider-config";
import { boundaryOf, isMultipart } from "../convert/multipart";
import {
  Adoption,
  BodyForm,
  ClientRequest,
  PathModel,
  RequestPlan,
} from "../exchange/request-plan";
import { NativeApi, NativeRequest } from "../provider/base/native-api";
import { ModelLookup } from "../runtime/model-lookup";
import { ProviderRuntime } from "../runtime/provider-runtime";
import { withoutCredentials } from "./query-credentials";

const GET = Bytes.of("GET");

/** Plans a request: its API, its protocol, and how its body is read. */
export function planRequest(runtime: ProviderRuntime, headers: HeaderSnapshot): RequestPlan {
  const provider = runtime.config;
  const client = readClient(provider, headers);
  const endpoint = client.endpoint;
  let adoption = Adoption.None;
  let native: NativeApi | null = null;
  let pathModel: PathModel | null = null;
  const isPost = headers.getOrEmpty(header.METHOD).equals(header.POST);
  if (endpoint !== null && isPost && !client.protocol.isNeutral) {
    const isNative = provider.isNative(client.api);
    native = provider.nativeOf(client.api);
    if (isNative || native !== null) pathModel = modelAt(runtime.models, client, native);
    const hasTarget = pathModel !== null && pathModel.target.length > 0;
    if (!isNative && !hasTarget) adoption = adopt(provider, endpoint);
    // For a body with the model, the model decides whether it is sent natively.
    if (!hasTarget && adoption == Adoption.None) native = null;
  }
  if (endpoint !== null && endpoint.purpose == Purpose.Models && !provider.isNative(client.api)) {
    adoption = adopt(provider, endpoint);
  }
  const api = upstreamApi(provider, client, adoption);
  const body = bodyForm(provider, api, headers);
  return new RequestPlan(provider, api, client, body, adoption, native, pathModel);
}

/** What path and headers say; the path is logged. */
function readClient(provider: ProviderConfig, headers: HeaderSnapshot): ClientRequest {
  const target = headers.getOrEmpty(header.PATH);
  logClientPath(target);
  const path = RequestPath.read(pathOf(target));
  if (path === null) {
    return new ClientRequest(protocolByHeaders(headers), null, null, target, ApiName.Unknown);
  }
  const found = apiPathOf(path, headers);
  const query = provider.passesClientKeys ? queryOf(target) : withoutCredentials(queryOf(target));
  if (found === null) {
    const sent = withQuery(path.sent, query);
    return new ClientRequest(protocolByHeaders(headers), null, path, sent, ApiName.Unknown);
  }
  const escaped = withQuery(path.escaped, query);
  if (!(found instanceof Endpoint)) {
    return new ClientRequest(NEUTRAL, null, path, escaped, found.api);
  }
  const endpoint = found as Endpoint;
  return new ClientRequest(endpoint.protocol, endpoint, path, escaped, found.api);
}

/** The API of a path; null for none. Clients of several protocols list models at the same path. */
function apiPathOf(path: RequestPath, headers: HeaderSnapshot): ApiPath | null {
  const method = headers.getOrEmpty(header.METHOD);
  const found = detectPath(path.plain);
  if (found === null || !isAsked(found, method)) return null;
  if (found instanceof Endpoint || !method.equals(GET)) return found;
  const shared = sharedEndpointOf(path.plain, headers);
  if (shared !== null) return shared;
  return found;
}

/** `ApiName` of the upstream request. */
function upstreamApi(provider: ProviderConfig, client: ClientRequest, adoption: Adoption): string {
  switch (adoption) {
    case Adoption.Chat:
      return ApiName.ChatCompletions;
    case Adoption.Embeddings:
      return ApiName.Embeddings;
    case Adoption.Models:
      return ApiName.Models;
  }
  const endpoint = client.endpoint;
  if (endpoint !== null && endpoint.protocol.isForeign) return client.api;
  return apiAtFixedPath(provider, client.api);
}

/** How the body of a request for `api` is read. */
function bodyForm(provider: ProviderConfig, api: string, headers: HeaderSnapshot): BodyForm {
  const type = headers.getOrEmpty(header.CONTENT_TYPE);
  const isRead = readsForm(provider, api) && !headers.has(header.CONTENT_ENCODING);
  const isForm = isRead && !provider.original && isMultipart(type);
  return new BodyForm(isRead && isJsonType(type), isForm ? boundaryOf(type) : Bytes.empty());
}

/** Whether a path means its API with this `method`: models are listed with GET only. */
function isAsked(found: ApiPath, method: Bytes): bool {
  if (!(found instanceof Endpoint)) return true;
  return (found as Endpoint).purpose != Purpose.Models || method.equals(GET);
}

/** What a request becomes whose API the vendor does not have. */
function adopt(provider: ProviderConfig, endpoint: Endpoint): Adoption {
  if (endpoint.purpose == Purpose.Other) return Adoption.None;
  if (endpoint.purpose == Purpose.Embeddings) {
    return provider.offers(ApiName.Embeddings) ? Adoption.Embeddings : Adoption.None;
  }
  if (endpoint.purpose == Purpose.Models) {
    return provider.offers(ApiName.Models) ? Adoption.Models : Adoption.None;
  }
  if (!provider.offers(ApiName.ChatCompletions)) return Adoption.None;
  return endpoint.purpose == Purpose.CountTokens ? Adoption.Count : Adoption.Chat;
}

/**
 * The model that the client's path names; null if it names none. With `native` also the vendor's path for the
 * unchanged request.
 */
function modelAt(
  models: ModelLookup,
  client: ClientRequest,
  native: NativeApi | null,
): PathModel | null {
  const protocol = client.protocol;
  const target = client.target;
  const model = protocol.modelIn(target);
  if (model.length == 0) return null;
  const mapped = models.nameOf(model);
  const upstream = mapped === null ? model : mapped;
  const stream = protocol.streamsAt(target);
  let own = Bytes.empty();
  if (native !== null && native.takes(upstream, target)) {
    own = native.path(new NativeRequest(upstream, target, stream));
  }
  return new PathModel(model, upstream, stream, own);
}

/** The API of a fixed upstream path, whatever path the client uses. */
function apiAtFixedPath(provider: ProviderConfig, api: string): string {
  const fixed = provider.fixedPath;
  if (fixed.length == 0) return api;
  const found = detectApi(fixed);
  return found.length > 0 ? found : api;
}

/** Whether the content type of a body for an API matters. */
function readsForm(provider: ProviderConfig, api: string): bool {
  if (!provider.original) return api.length > 0;
  const setsSome = !provider.chat.customSettings.isEmpty || provider.firstByteTimeoutMs > 0;
  return setsSome || provider.prompts.readsPrompts;
}
