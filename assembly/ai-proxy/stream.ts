import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { appendBuffer, replaceBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { StreamContext } from "../proxy-wasm/context";
import { HeaderSnapshot, requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../proxy-wasm/types";
import { ClientProtocol, errorBody } from "../chat/error-body";
import { errorReply } from "../chat/error-reply";
import { isJsonType, isEventStreamType } from "../http/media-type";
import * as header from "../http/names";
import { pathOf } from "../http/url";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { ProviderConfig } from "./config/provider-config";
import { EditPlan, editRequest } from "./convert/request-body";
import { clientKey, setBearer, stripClientKeys } from "./credential/client-credential";
import { countRequest } from "./metrics";
import { ClientAuth, ProviderType } from "./provider/provider-type";
import { AiProxyRoot } from "./root";
import { ApiName, detectApi, isStateful } from "./route/api-name";
import { upstreamTarget } from "./route/upstream-path";

const ORIGINAL_PATH = Bytes.of("x-envoy-original-path");
const ORIGINAL_HOST = Bytes.of("x-envoy-original-host");
const ORIGINAL_AUTH = Bytes.of("x-hi-original-auth");
const FALLBACK_FROM = Bytes.of("x-higress-fallback-from");
const CONSUMER = Bytes.of("x-mse-consumer");
const FIRST_BYTE_TIMEOUT = Bytes.of("x-envoy-upstream-rq-first-byte-timeout-ms");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** The largest request body, in bytes; what the Go plugin asks Envoy for. */
const MAX_BODY_BYTES: i64 = 104857600;

const DETAILS_TOO_LARGE = "request_payload_too_large";
const DETAILS_HEADERS = "ai-proxy.proc_req_headers_failed";
const DETAILS_BODY = "ai-proxy.proc_req_body_failed";

/** One exchange: route it to the provider, with the provider's key, path and model names. */
export class AiProxyStream extends StreamContext {
  private provider: ProviderConfig | null = null;
  private api: string = ApiName.Unknown;
  private protocol: i32 = ClientProtocol.OpenAi;
  private body: BodyBuffer | null = null;
  private headersHeld: bool = false;
  private model: string = "none";
  /**
   * The error that takes the place of an upstream error in another form; empty when the response
   * passes.
   */
  private substitute: Bytes = Bytes.empty();

  onRequestHeaders(endOfStream: bool): i32 {
    const provider = this.proxyRoot.selectProvider();
    if (provider === null) return HeadersStatus.Continue;
    this.provider = provider;
    platform().keepRoute();
    const headers = requestHeaders.snapshot();
    const target = headers.getOrEmpty(header.PATH);
    this.api = detectApi(pathOf(target));
    if (this.api.startsWith("anthropic/")) this.protocol = ClientProtocol.Anthropic;
    const type = provider.type;
    if (provider.fault.length > 0 || type === null) {
      return this.refuseHeaders(
        500,
        DETAILS_HEADERS,
        "invalid_configuration",
        "this provider's configuration is not valid: " + provider.fault,
      );
    }
    if (!this.isOffered(provider, type)) {
      return this.refuseHeaders(
        404,
        DETAILS_HEADERS,
        "unsupported_api",
        "provider " + type.name + " does not offer this API",
      );
    }
    const length = headers.get(header.CONTENT_LENGTH);
    const expected = length === null ? <i64>-1 : parseDecimal(length, -1);
    if (expected > MAX_BODY_BYTES) return this.refuseLarge();
    this.rewriteHeaders(provider, headers, target);
    if (endOfStream || !this.readsBody(provider, headers)) return HeadersStatus.Continue;
    platform().raiseBodyLimit(MAX_BODY_BYTES);
    this.body = new BodyBuffer(
      BufferType.RequestBody,
      MAX_BODY_BYTES,
      this.proxyRoot.budget,
      expected,
    );
    this.headersHeld = true;
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      this.dropBody();
      this.refuseLarge();
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return DataStatus.StopIterationNoBuffer;
    return this.finishBody(body, endOfStream);
  }

  onRequestTrailers(): i32 {
    if (this.body === null) return TrailersStatus.Continue;
    this.dropBody();
    this.refuse(
      400,
      DETAILS_BODY,
      "request_trailers",
      "request trailers are not supported without content-length",
    );
    return TrailersStatus.StopIteration;
  }

  onResponseHeaders(endOfStream: bool): i32 {
    if (this.provider === null || this.replied) return HeadersStatus.Continue;
    const value = responseHeaders.get(header.STATUS);
    const status = value === null ? 0 : <i32>parseDecimal(value, 0);
    if (status < 400 || endOfStream) return HeadersStatus.Continue;
    const type = responseHeaders.get(header.CONTENT_TYPE);
    if (type !== null && (isJsonType(type) || isEventStreamType(type)))
      return HeadersStatus.Continue;
    // The host's own replies and vendors' HTML pages: a client that speaks JSON cannot read them.
    this.substitute = errorBody(
      this.protocol,
      status,
      "upstream_error",
      "the model's service answered with status " + status.toString(),
    );
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    responseHeaders.remove(header.CONTENT_ENCODING);
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>this.substitute.length));
    return HeadersStatus.Continue;
  }

  onResponseBody(size: i32, endOfStream: bool): i32 {
    if (this.substitute.length == 0) return DataStatus.Continue;
    replaceBuffer(BufferType.ResponseBody, Bytes.empty());
    if (endOfStream) appendBuffer(BufferType.ResponseBody, this.substitute);
    return DataStatus.Continue;
  }

  onHoldTimeout(): void {
    // The body can still be edited when it comes, if its length is not promised.
    requestHeaders.remove(header.CONTENT_LENGTH);
    this.headersHeld = false;
  }

  onLog(): void {
    const provider = this.provider;
    if (provider === null || provider.type === null) return;
    const value = responseHeaders.get(header.STATUS);
    countRequest(providerName(provider), this.model, value === null ? "none" : value.toString());
  }

  onDelete(): void {
    this.dropBody();
  }

  /**
   * Whether the provider has the API that the client calls. Paths of no known API pass: the
   * operator may know better.
   */
  private isOffered(provider: ProviderConfig, type: ProviderType): bool {
    if (provider.original || type.keepsPath || this.api.length == 0) return true;
    if (provider.capabilities.has(this.api)) return true;
    // Messages would have to be converted, which this version does not do.
    if (this.protocol == ClientProtocol.Anthropic) return false;
    return provider.customUrl !== null || type.offers(this.api);
  }

  private get proxyRoot(): AiProxyRoot {
    return changetype<AiProxyRoot>(this.root);
  }

  /** Host, path and credential as the provider wants them. */
  private rewriteHeaders(provider: ProviderConfig, headers: HeaderSnapshot, target: Bytes): void {
    const type = provider.type;
    if (type === null) return;
    const isFirstPass = !headers.has(FALLBACK_FROM);
    removeIfThere(headers, header.ACCEPT_ENCODING);
    removeIfThere(headers, ORIGINAL_PATH);
    removeIfThere(headers, ORIGINAL_HOST);
    if (isFirstPass) removeIfThere(headers, ORIGINAL_AUTH);

    const upstream = upstreamTarget(provider, this.api, target);
    if (!upstream.equals(target)) {
      requestHeaders.set(header.PATH, upstream);
      requestHeaders.set(ORIGINAL_PATH, target);
    }
    const authority = headers.getOrEmpty(header.AUTHORITY);
    const host = upstreamHost(provider);
    if (host.length > 0 && !host.equals(authority)) {
      requestHeaders.set(header.AUTHORITY, host);
      requestHeaders.set(ORIGINAL_HOST, authority);
    }
    this.setCredential(provider, headers);
    const original = headers.get(header.AUTHORIZATION);
    if (provider.keepOriginalAuth && isFirstPass && original !== null && original.length > 0) {
      requestHeaders.set(ORIGINAL_AUTH, original);
    }
  }

  /**
   * The provider's key; without one what `clientAuth` says. No other credential of the client goes
   * upstream.
   */
  private setCredential(provider: ProviderConfig, headers: HeaderSnapshot): void {
    const type = provider.type;
    const consumer = isStateful(this.api) ? headers.getOrEmpty(CONSUMER) : Bytes.empty();
    const token = provider.tokens.choose(consumer);
    if (token === null && provider.clientAuth == ClientAuth.Pass) return;
    const takesClientKey = token === null && provider.clientAuth == ClientAuth.Own;
    const clients = takesClientKey ? clientKey(headers, provider.authHeaderKey) : Bytes.empty();
    stripClientKeys(headers, provider.authHeaderKey);
    setBearer(token === null ? clients : token, type !== null && type.keepsScheme);
  }

  /** Whether the request's body may have to change. */
  private readsBody(provider: ProviderConfig, headers: HeaderSnapshot): bool {
    if (provider.original) return false;
    const type = headers.get(header.CONTENT_TYPE);
    if (type === null || !isJsonType(type)) return false;
    if (headers.has(header.CONTENT_ENCODING)) return false;
    const vendor = provider.type;
    const editsChat = vendor !== null && !vendor.keepsBody && this.isChat;
    return editsChat || (this.api.length > 0 && !provider.mapping.isEmpty);
  }

  private planEdit(provider: ProviderConfig): EditPlan {
    const plan = new EditPlan(provider.mapping);
    const type = provider.type;
    if (type === null || type.keepsBody || !this.isChat) return plan;
    plan.settings = provider.customSettings;
    if (this.api == ApiName.ChatCompletions) plan.responseFormat = provider.responseFormat;
    plan.askForUsage = provider.streamUsage;
    // A server behind a URL of the operator's may be anything: only OpenAI itself is known to take
    // the role.
    plan.replaceDeveloper = !type.knowsDeveloper || provider.customUrl !== null;
    plan.renameMaxTokens = type.renamesMaxTokens;
    return plan;
  }

  private get isChat(): bool {
    return this.api == ApiName.ChatCompletions || this.api == ApiName.Completions;
  }

  private finishBody(body: BodyBuffer, endOfStream: bool): i32 {
    const provider = this.provider;
    if (provider === null || provider.type === null) return DataStatus.Continue;
    const whole = body.whole();
    const inPlace = body.isInPlace;
    const edit = editRequest(whole, this.planEdit(provider));
    this.dropBody();
    if (edit.error.length > 0) {
      const reply = this.refusal(400, DETAILS_BODY, "invalid_json", edit.error);
      return this.replyWhenComplete(reply, endOfStream);
    }
    if (edit.upstreamModel.length > 0) this.model = edit.upstreamModel.toString();
    const changed = edit.body !== whole;
    if (changed || !inPlace) body.putBack(edit.body);
    if (this.headersHeld) {
      if (changed) {
        requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>edit.body.length));
      }
      if (edit.stream) this.prepareStream(provider);
    }
    return DataStatus.Continue;
  }

  /** Headers of a request whose answer is a stream, while they are held. */
  private prepareStream(provider: ProviderConfig): void {
    requestHeaders.set(header.ACCEPT, EVENT_STREAM);
    if (provider.firstByteTimeoutMs == 0) return;
    requestHeaders.set(FIRST_BYTE_TIMEOUT, formatDecimal(<u64>provider.firstByteTimeoutMs));
  }

  private refuseLarge(): i32 {
    return this.refuseHeaders(
      413,
      DETAILS_TOO_LARGE,
      "request_too_large",
      "the request body is larger than " + MAX_BODY_BYTES.toString() + " bytes",
    );
  }

  private refuseHeaders(status: i32, details: string, code: string, message: string): i32 {
    this.refuse(status, details, code, message);
    return HeadersStatus.StopAllIterationAndWatermark;
  }

  private refuse(status: i32, details: string, code: string, message: string): void {
    this.reply(this.refusal(status, details, code, message));
  }

  private refusal(status: i32, details: string, code: string, message: string): LocalReply {
    return errorReply(this.protocol, status, details, code, message);
  }

  private dropBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }
}

/** `providerDomain`, else the custom URL's host, else the vendor's; empty keeps the client's. */
function upstreamHost(provider: ProviderConfig): Bytes {
  if (provider.domain.length > 0) return provider.domain;
  const custom = provider.customUrl;
  if (custom !== null) return custom.authority;
  return provider.host;
}

function providerName(provider: ProviderConfig): string {
  if (provider.id.length > 0) return provider.id;
  const type = provider.type;
  return type === null ? "none" : type.name;
}

function removeIfThere(headers: HeaderSnapshot, name: Bytes): void {
  if (headers.has(name)) requestHeaders.remove(name);
}
