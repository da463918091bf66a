import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { HeaderSnapshot, HeaderWriter, requestHeaders } from "../../proxy-wasm/header-map";
import { nowSeconds } from "../../proxy-wasm/clock";
import { CONSUMER } from "../../http/identity-names";
import * as header from "../../http/names";
import { ProviderConfig } from "../config/provider-config";
import { Affinity } from "../prompt-cache/settings";
import { beginningOf } from "../prompt-cache/beginning";
import { translateTarget } from "../convert/translate-api";
import { clientKey, clientKeys, setKey } from "./client-credential";
import { noteTriedKey, triedKeys } from "../credential/tried-keys";
import { NO_KEY } from "../credential/token-pool";
import { Exchange } from "../exchange/exchange";
import { OutgoingRequest } from "../provider/base/dialect";
import { ApiName, isStateful } from "../api/api-name";
import { queryOf, withQuery } from "../../http/url";
import { dropHeaders } from "./forward-headers";
import { upstreamTarget } from "./upstream-path";

const ORIGINAL_AUTH = Bytes.of("x-hi-original-auth");
const FALLBACK_FROM = Bytes.of("x-higress-fallback-from");
const RESPONSES_PATH = Bytes.of("/v1/responses");
const EMBEDDINGS_PATH = Bytes.of("/v1/embeddings");
const MODELS_PATH = Bytes.of("/v1/models");
const CHAT_PATH = Bytes.of("/v1/chat/completions");

/** Sets host, path and credential for the provider. */
export function rewriteHeaders(exchange: Exchange, headers: HeaderSnapshot): void {
  const provider = exchange.provider;
  dropHeaders(exchange, headers);
  noteBetas(exchange, headers);
  const dialect = provider.vendor.dialect;
  if (dialect !== null && !provider.original) {
    dialect.setHeaders(requestHeaders);
  }
  if (!exchange.needsModel) rewritePath(exchange, headers);
  const authority = headers.getOrEmpty(header.AUTHORITY);
  const host = upstreamHost(provider);
  if (host.length > 0 && !host.equals(authority)) {
    requestHeaders.set(header.AUTHORITY, host);
  }
  setCredential(exchange, headers);
  keepAuthorization(exchange, headers);
}

/**
 * On Higress a failed request may be sent to another route, whose authentication needs the consumer's
 * credential again.
 */
function keepAuthorization(exchange: Exchange, headers: HeaderSnapshot): void {
  if (!exchange.provider.client.keepsOriginalAuth || headers.has(FALLBACK_FROM)) return;
  const original = headers.getOrEmpty(header.AUTHORIZATION);
  if (original.length > 0 && headers.has(CONSUMER)) requestHeaders.set(ORIGINAL_AUTH, original);
}

/**
 * Writes the path, again if the body changes it. `headers`: what the request has; null where that is not
 * known, which costs more to ask than to write.
 */
export function rewritePath(exchange: Exchange, headers: HeaderSnapshot | null = null): void {
  const target = exchange.target;
  const api = exchange.apiDialect;
  if (api !== null && !api.hasBody) translateTarget(exchange, api);
  // A path in `capabilities` decides the target of a request, not its protocol.
  let own = exchange.apiPath;
  if (own.length > 0 && exchange.provider.vendor.paths.has(exchange.api)) own = Bytes.empty();
  const isOver = exchange.isOverResponses;
  let client = exchange.becomesChat ? CHAT_PATH : target;
  if (exchange.plan.becomesEmbeddings) client = EMBEDDINGS_PATH;
  if (exchange.plan.becomesModels) client = MODELS_PATH;
  if (isOver) client = withQuery(RESPONSES_PATH, queryOf(client));
  const upstream = upstreamTarget(
    exchange.provider,
    isOver ? ApiName.Responses : exchange.api,
    client,
    exchange.upstreamModel,
    exchange.stream,
    own,
  );
  const isThere = headers !== null && upstream.equals(headers.getOrEmpty(header.PATH));
  if (!isThere) requestHeaders.set(header.PATH, upstream);
}

/** `providerDomain`, else the custom URL's host, else the vendor's; empty keeps the client's. */
export function upstreamHost(provider: ProviderConfig): Bytes {
  if (provider.paths.domain.length > 0) return provider.paths.domain;
  const custom = provider.vendor.customUrl;
  return custom !== null ? custom.authority : provider.vendor.host;
}

/**
 * Sends another key where the choice depends on the model or on the prompt, both known from the body now, and
 * records which one is sent. `body`: the client's; null for one that is not read.
 */
export function settleKey(exchange: Exchange, body: Bytes | null): void {
  const provider = exchange.provider;
  const tokens = provider.tokens;
  if (tokens.size > 1) {
    const failover = tokens.failover;
    const hasModel = exchange.upstreamModel.length > 0;
    let isNew = failover !== null && failover.perModel && hasModel;
    if (body !== null && followsPrompt(exchange)) {
      exchange.consumer = beginningOf(body);
      isNew = true;
    }
    if (isNew) {
      exchange.chooseKey(exchange.consumer);
      setKey(provider, tokens.token(exchange.key), requestHeaders);
    }
    if (provider.isUpstreamFilter) noteTriedKey(provider.labelBytes, exchange.key);
  }
}

/** Whether the prompt decides the key. */
function followsPrompt(exchange: Exchange): bool {
  const isWanted = exchange.provider.prompts.affinity == Affinity.Prefix;
  return isWanted && exchange.plan.readsPrompt && exchange.consumer.length == 0;
}

/** Whether `completeHeaders` has something to do. */
export function completes(exchange: Exchange): bool {
  const dialect = exchange.provider.vendor.dialect;
  if (dialect === null) return false;
  return dialect.completesAll || exchange.dialect !== null || exchange.apiDialect !== null;
}

/**
 * Sets the headers that depend on the request as it is sent, such as a signature over it. `sent`:
 * what `out` holds.
 */
export function completeHeaders(
  exchange: Exchange,
  sent: HeaderSnapshot,
  body: EditedBytes,
  out: HeaderWriter,
): void {
  const provider = exchange.provider;
  const dialect = provider.vendor.dialect;
  if (dialect === null || !completes(exchange)) return;
  const isOwn = exchange.dialect !== null || exchange.apiDialect !== null;
  const key = exchange.key == NO_KEY ? Bytes.empty() : provider.tokens.token(exchange.key);
  const model = exchange.upstreamModel;
  const stream = exchange.stream;
  const api = exchange.api;
  dialect.complete(new OutgoingRequest(sent, body, stream, key, model, api, out, isOwn));
}

/**
 * Notes the beta flags of a request that the vendor may take as it is. What the client has put into several
 * lines becomes one, so that no flag passes unseen.
 */
function noteBetas(exchange: Exchange, headers: HeaderSnapshot): void {
  const name = exchange.protocol.betaHeader;
  const isNative = exchange.plan.native !== null;
  if (name.length == 0 || (!isNative && exchange.apiDialect === null)) return;
  const lines = headers.all(name);
  if (lines.length == 0) return;
  let named = lines[0];
  if (lines.length > 1) {
    const out = new ByteWriter(64).bytes(named);
    for (let i = 1; i < lines.length; i++) out.byte(Char.Comma).bytes(lines[i]);
    named = out.toBytes();
    if (isNative) requestHeaders.set(name, named);
  }
  if (named.length == 0) requestHeaders.remove(name);
  exchange.noteBetas(named);
}

/**
 * Settles what the client has named of its protocol's versions, once the body has decided whether it goes to
 * the vendor as it is: then the betas continue that the vendor takes. A version that no vendor's API reads is
 * gone already (`dropHeaders`).
 */
export function settleVersions(exchange: Exchange): void {
  const native = exchange.plan.native;
  if (native === null || exchange.plan.pathModel !== null) return;
  const isNative = exchange.isNative;
  const protocol = exchange.protocol;
  const named = exchange.betas;
  if (named.length > 0) {
    const betas = isNative ? native.betas(named) : Bytes.empty();
    if (betas.length == 0) requestHeaders.remove(protocol.betaHeader);
    else if (!betas.equals(named)) requestHeaders.set(protocol.betaHeader, betas);
  }
  if (native.takesVersion && !isNative) requestHeaders.remove(protocol.versionHeader);
}

/** Sends the access token of a service account, where the provider has one. */
export function setAccessToken(exchange: Exchange): void {
  if (exchange.credential.length == 0) return;
  requestHeaders.set(
    header.AUTHORIZATION,
    exchange.provider.type.authorizationFor(exchange.credential),
  );
}

/** The client's identity if it decides which key is sent; else empty. */
function consumerOf(exchange: Exchange, headers: HeaderSnapshot): Bytes {
  const provider = exchange.provider;
  const isWanted = provider.prompts.affinity == Affinity.Consumer && exchange.plan.isPrompt;
  if (!isWanted && !isStateful(exchange.api)) return Bytes.empty();
  const named = headers.getOrEmpty(CONSUMER);
  if (!isWanted || named.length > 0) return named;
  return clientKey(headers, provider.client.authHeaderKey);
}

/**
 * The provider's key; without one what `clientAuth` says. No other credential of the client goes
 * upstream.
 */
function setCredential(exchange: Exchange, headers: HeaderSnapshot): void {
  const provider = exchange.provider;
  exchange.consumer = consumerOf(exchange, headers);
  const isAttempt = provider.isUpstreamFilter && provider.tokens.size > 1;
  if (isAttempt) exchange.tried = triedKeys(provider.labelBytes);
  exchange.chooseKey(exchange.consumer);
  const named = provider.client.authHeaderKey;
  if (provider.logsErrors) exchange.clientKeys = clientKeys(headers, named);
  if (provider.passesClientKeys) return;
  const takesClientKey = provider.sendsClientKeys;
  const clients = takesClientKey ? clientKey(headers, named) : Bytes.empty();
  if (provider.vendor.credential !== null && exchange.key == NO_KEY) {
    const live = exchange.runtime.credential;
    setKey(provider, live === null ? Bytes.empty() : live.keyAt(nowSeconds()), requestHeaders);
    return;
  }
  const key = exchange.key == NO_KEY ? clients : provider.tokens.token(exchange.key);
  setKey(provider, key, requestHeaders);
}
