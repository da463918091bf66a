import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { ClientProtocol, Endpoint, Purpose } from "../../protocol/base/client-protocol";
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
import { PathModel, RequestPlan } from "../exchange/request-plan";
import { NativeApi, NativeRequest } from "../provider/base/native-api";
import { ModelLookup } from "../runtime/model-lookup";
import { ProviderRuntime } from "../runtime/provider-runtime";
import { withoutCredentials } from "./query-credentials";

const GET = Bytes.of("GET");

/** Plans a request: its API, its protocol, and how its body is read. */
export function planRequest(runtime: ProviderRuntime, headers: HeaderSnapshot): RequestPlan {
  const provider = runtime.config;
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
    if (found !== null && !(found instanceof Endpoint) && method.equals(GET)) {
      const shared = sharedEndpointOf(path.plain, headers);
      if (shared !== null) found = shared;
    }
    isKnown = found !== null;
    if (found !== null) api = found.api;
    if (found instanceof Endpoint) endpoint = found as Endpoint;
    const query = provider.passesClientKeys ? queryOf(target) : withoutCredentials(queryOf(target));
    target = withQuery(isKnown ? path.escaped : path.sent, query);
  }
  let protocol = NEUTRAL;
  if (endpoint !== null) protocol = endpoint.protocol;
  else if (!isKnown) protocol = protocolByHeaders(headers);
  let adoption = Adoption.Unchanged;
  let native: NativeApi | null = null;
  let pathModel: PathModel | null = null;
  const isPost = method.equals(header.POST);
  if (isPost && endpoint !== null && !protocol.isNeutral) {
    const isNative = provider.isNative(api);
    native = provider.nativeOf(api);
    if (isNative || native !== null) pathModel = modelAt(runtime.models, protocol, target, native);
    const hasTarget = pathModel !== null && pathModel.target.length > 0;
    if (!isNative && !hasTarget) adoption = adopt(provider, endpoint);
    // For a body with the model, the model decides whether it is sent natively.
    if (!hasTarget && adoption == Adoption.Unchanged) native = null;
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
  return <RequestPlan>{
    provider,
    api,
    dialect: provider.dialectOf(api),
    apiDialect: provider.apiDialectOf(api),
    endpoint,
    protocol,
    path,
    target,
    becomesChat,
    native,
    pathModel,
    countsTokens: adoption == Adoption.Count,
    isJson: isRead && isJsonType(type),
    boundary: isForm ? boundaryOf(type) : Bytes.empty(),
  };
}

/** Whether a path means its API with this `method`: models are listed with GET only. */
function isAsked(found: ApiPath, method: Bytes): bool {
  if (!(found instanceof Endpoint)) return true;
  return (found as Endpoint).purpose != Purpose.Models || method.equals(GET);
}

/** What a request at an endpoint of a client protocol becomes where the vendor has no such API. */
enum Adoption {
  Unchanged,
  /** It is sent as a chat. */
  Chat,
  /** It is sent as OpenAI's request for embeddings. */
  Embeddings,
  /** Its tokens are counted by the module. */
  Count,
  /** It is sent as OpenAI's request for the list of models. */
  Models,
}

function adopt(provider: ProviderConfig, endpoint: Endpoint): Adoption {
  if (endpoint.purpose == Purpose.Other) return Adoption.Unchanged;
  if (endpoint.purpose == Purpose.Embeddings) {
    return provider.offers(ApiName.Embeddings) ? Adoption.Embeddings : Adoption.Unchanged;
  }
  if (endpoint.purpose == Purpose.Models) {
    return provider.offers(ApiName.Models) ? Adoption.Models : Adoption.Unchanged;
  }
  if (!provider.offers(ApiName.ChatCompletions)) return Adoption.Unchanged;
  return endpoint.purpose == Purpose.CountTokens ? Adoption.Count : Adoption.Chat;
}

/**
 * The model that the client's path names; null if it names none. With `native` also the vendor's path for the
 * unchanged request.
 */
function modelAt(
  models: ModelLookup,
  protocol: ClientProtocol,
  target: Bytes,
  native: NativeApi | null,
): PathModel | null {
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
