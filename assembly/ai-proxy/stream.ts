import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { replaceBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { Pause, StreamContext } from "../proxy-wasm/context";
import { HeaderSnapshot, requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import {
  BufferType,
  DataStatus,
  HeadersStatus,
  StreamType,
  TrailersStatus,
} from "../proxy-wasm/types";
import { ClientProtocol } from "../chat/error-body";
import { errorReply } from "../chat/error-reply";
import { isJsonType } from "../http/media-type";
import * as header from "../http/names";
import { pathOf } from "../http/url";
import { clusterName } from "../rules/request-facts";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { ResponseSide } from "./answer/response-side";
import { ProviderConfig } from "./config/provider-config";
import { ContextFile, ContextListener } from "./context/context-file";
import { boundaryOf, isMultipart } from "./convert/multipart";
import { planEdit } from "./convert/plan";
import { editForm, editRequest, RequestEdit } from "./convert/request-body";
import { Exchange } from "./exchange";
import { isRepeatable, Retry, SentRequest } from "./failover/retry";
import { retryAfterMs } from "./failover/retry-after";
import { reportExchange } from "./report";
import { AiProxyRoot } from "./root";
import { detectApi } from "./route/api-name";
import { restoreOriginal } from "./route/original-request";
import { chooseKeyForModel, needsModel, rewriteHeaders, rewritePath } from "./route/rewrite";

const FIRST_BYTE_TIMEOUT = Bytes.of("x-envoy-upstream-rq-first-byte-timeout-ms");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** The largest request body, in bytes; what the Go plugin asks Envoy for. */
const MAX_BODY_BYTES: i64 = 104857600;
/** Bytes of a failed answer that is held while another key is tried. */
const MAX_HELD_ERROR: i64 = 524288;

const DETAILS_TOO_LARGE = "request_payload_too_large";
const DETAILS_HEADERS = "ai-proxy.proc_req_headers_failed";
const DETAILS_BODY = "ai-proxy.proc_req_body_failed";

/** A request that waits for a context file. */
class WaitingRequest extends ContextListener {
  constructor(
    private readonly stream: AiProxyStream,
    private readonly pause: Pause,
    private readonly body: Bytes,
  ) {
    super();
  }

  onContext(text: Bytes | null): void {
    this.stream.resumeWith(text, this.pause, this.body);
  }
}

/** One exchange: route it to the provider, with the provider's key, path and model names. */
export class AiProxyStream extends StreamContext {
  private exchange: Exchange | null = null;
  private body: BodyBuffer | null = null;
  /** Whether the body is JSON, or the boundary of its parts when it is a form. */
  private isJson: bool = false;
  private form: Bytes = Bytes.empty();
  private headersHeld: bool = false;
  /** Whether the request waits for a context file. */
  private isWaiting: bool = false;
  private sent: SentRequest | null = null;
  private side: ResponseSide | null = null;
  private retry: Retry | null = null;

  onRequestHeaders(endOfStream: bool): i32 {
    const provider = this.proxyRoot.selectProvider();
    if (provider === null) return HeadersStatus.Continue;
    const exchange = new Exchange(provider);
    this.exchange = exchange;
    platform().keepRoute();
    let headers = requestHeaders.snapshot();
    if (provider.isUpstreamFilter) headers = restoreOriginal(headers);
    exchange.api = detectApi(pathOf(headers.getOrEmpty(header.PATH)));
    if (exchange.api.startsWith("anthropic/")) exchange.protocol = ClientProtocol.Anthropic;
    const refusal = this.findFault(exchange, provider);
    if (refusal !== null) {
      this.reply(refusal);
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    const length = headers.get(header.CONTENT_LENGTH);
    const expected = length === null ? <i64>-1 : parseDecimal(length, -1);
    if (expected > MAX_BODY_BYTES) {
      this.reply(this.tooLarge());
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    rewriteHeaders(exchange, headers);
    this.proxyRoot.noteCluster(provider);
    const reads = !endOfStream && this.readsBody(exchange, headers);
    if (!reads) {
      if (needsModel(exchange)) {
        this.reply(this.modelMissing());
        return HeadersStatus.StopAllIterationAndWatermark;
      }
      if (endOfStream && provider.retry !== null) this.keepSent(Bytes.empty());
      return HeadersStatus.Continue;
    }
    platform().raiseBodyLimit(MAX_BODY_BYTES);
    this.body = new BodyBuffer(
      BufferType.RequestBody,
      MAX_BODY_BYTES,
      this.proxyRoot.budget,
      provider.isUpstreamFilter ? -1 : expected,
    );
    this.headersHeld = true;
    return HeadersStatus.StopIteration;
  }

  onRequestBody(size: i32, endOfStream: bool): i32 {
    if (this.isWaiting) return DataStatus.StopIterationAndBuffer;
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      this.dropBody();
      this.reply(this.tooLarge());
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return DataStatus.StopIterationNoBuffer;
    return this.finishBody(body, endOfStream);
  }

  onRequestTrailers(): i32 {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    if (this.body === null) return TrailersStatus.Continue;
    this.dropBody();
    const words = "request trailers are not supported without content-length";
    this.reply(this.refusal(400, DETAILS_BODY, "request_trailers", words));
    return TrailersStatus.StopIteration;
  }

  onResponseHeaders(endOfStream: bool): i32 {
    const exchange = this.exchange;
    if (exchange === null || this.replied) return HeadersStatus.Continue;
    const value = responseHeaders.get(header.STATUS);
    const status = value === null ? 0 : <i32>parseDecimal(value, 0);
    const side = new ResponseSide(exchange, this.proxyRoot.budget);
    this.side = side;
    if (side.passes(status)) {
      exchange.reportStatus(status, 0);
      return HeadersStatus.Continue;
    }
    const headers = responseHeaders.snapshot();
    exchange.reportStatus(status, retryAfterMs(headers.get(header.RETRY_AFTER)));
    if (this.canRetry(exchange, status)) {
      const wasTried = exchange.tried.includes(exchange.key);
      if (!wasTried) exchange.tried.push(exchange.key);
      if (this.prepareRetry(exchange, side, endOfStream)) return HeadersStatus.StopIteration;
    }
    return side.onHeaders(headers, status, endOfStream);
  }

  onResponseBody(size: i32, endOfStream: bool): i32 {
    const side = this.side;
    if (side === null) return DataStatus.Continue;
    const retry = this.retry;
    if (retry === null) return side.onBody(size, endOfStream);
    if (!endOfStream) return DataStatus.StopIterationAndBuffer;
    this.retry = null;
    if (retry.start()) return DataStatus.StopIterationAndBuffer;
    return DataStatus.Continue;
  }

  onHoldTimeout(): void {
    // The body can still be edited when it comes, if its length is not promised.
    requestHeaders.remove(header.CONTENT_LENGTH);
    this.headersHeld = false;
  }

  onLog(): void {
    const exchange = this.exchange;
    if (exchange === null || exchange.provider.type === null) return;
    if (exchange.status == 0 || this.replied) {
      const value = responseHeaders.get(header.STATUS);
      if (value !== null) exchange.status = <i32>parseDecimal(value, 0);
    }
    reportExchange(exchange, this.side);
    this.exchange = null;
  }

  onDelete(): void {
    this.dropBody();
    const side = this.side;
    if (side !== null) side.release();
    // Upstream filters see no end of the stream but this.
    const exchange = this.exchange;
    if (exchange !== null && exchange.provider.isUpstreamFilter && exchange.status > 0) {
      reportExchange(exchange, side);
    }
    this.exchange = null;
  }

  private get proxyRoot(): AiProxyRoot {
    return changetype<AiProxyRoot>(this.root);
  }

  /** The answer to a request that cannot be served; null when it can. */
  private findFault(exchange: Exchange, provider: ProviderConfig): LocalReply | null {
    const type = provider.type;
    if (provider.fault.length > 0 || type === null) {
      const words = "this provider's configuration is not valid: " + provider.fault;
      return this.refusal(500, DETAILS_HEADERS, "invalid_configuration", words);
    }
    if (provider.offers(exchange.api, exchange.protocol)) return null;
    const words = "provider " + type.name + " does not offer this API";
    return this.refusal(404, DETAILS_HEADERS, "unsupported_api", words);
  }

  /** Whether the request's body is read, and as what. */
  private readsBody(exchange: Exchange, headers: HeaderSnapshot): bool {
    const provider = exchange.provider;
    const type = headers.getOrEmpty(header.CONTENT_TYPE);
    const isPlain = !headers.has(header.CONTENT_ENCODING) && exchange.api.length > 0;
    if (!provider.original && isPlain) {
      this.isJson = isJsonType(type);
      this.form = isMultipart(type) ? boundaryOf(type) : Bytes.empty();
    }
    // For another attempt the body is kept, whatever it is.
    if (provider.isUpstreamFilter || provider.retry !== null || needsModel(exchange)) return true;
    if (this.form.length > 0) return !provider.mapping.isEmpty;
    return this.isJson && provider.editsBody(exchange.api, exchange.isChat);
  }

  private finishBody(body: BodyBuffer, endOfStream: bool): i32 {
    const exchange = this.exchange;
    if (exchange === null) return DataStatus.Continue;
    const whole = body.whole();
    const context = exchange.contextFile;
    if (context !== null) {
      context.useCluster(clusterName());
      const text = context.current(this.root);
      if (text === null) return this.awaitContext(context, body, endOfStream);
      exchange.context = text;
    }
    const inPlace = body.isInPlace;
    const edit = this.edit(exchange, whole);
    this.dropBody();
    const isNameless = edit.upstreamModel.length == 0 && needsModel(exchange);
    if (edit.error.length > 0 || isNameless) {
      const reply = isNameless
        ? this.modelMissing()
        : this.refusal(400, DETAILS_BODY, "invalid_json", edit.error);
      return this.replyWhenComplete(reply, endOfStream);
    }
    this.noteEdit(exchange, edit);
    const changed = edit.body !== whole;
    if (changed || !inPlace) body.putBack(edit.body);
    if (this.headersHeld) this.finishHeaders(exchange, edit.body, changed);
    return DataStatus.Continue;
  }

  /** Keeps the request until the text is there that goes into it. */
  private awaitContext(context: ContextFile, body: BodyBuffer, endOfStream: bool): i32 {
    const whole = body.whole();
    const pause = this.pauseRequest();
    const waits = pause !== null && context.wait(this.root, new WaitingRequest(this, pause, whole));
    if (!waits) {
      this.release(StreamType.Request);
      this.dropBody();
      return this.replyWhenComplete(this.contextMissing(), endOfStream);
    }
    // What the host keeps can be replaced from the callback of the fetch.
    body.putBack(whole);
    this.isWaiting = true;
    return DataStatus.StopIterationAndBuffer;
  }

  /** For `WaitingRequest`: the text is there, or cannot be had. */
  resumeWith(text: Bytes | null, pause: Pause, whole: Bytes): void {
    const exchange = this.exchange;
    if (exchange === null || !pause.enter()) return;
    this.isWaiting = false;
    this.dropBody();
    if (text === null) {
      pause.reply(this.contextMissing());
      return;
    }
    exchange.context = text;
    const edit = this.edit(exchange, whole);
    if (edit.error.length > 0) {
      pause.reply(this.refusal(400, DETAILS_BODY, "invalid_json", edit.error));
      return;
    }
    this.noteEdit(exchange, edit);
    replaceBuffer(BufferType.RequestBody, edit.body);
    if (this.headersHeld) this.finishHeaders(exchange, edit.body, true);
    pause.resume();
  }

  private noteEdit(exchange: Exchange, edit: RequestEdit): void {
    exchange.model = edit.model;
    exchange.upstreamModel = edit.upstreamModel;
    exchange.stream = edit.stream;
  }

  /** The body as the vendor wants it; as it is when it is neither JSON nor a form. */
  private edit(exchange: Exchange, body: Bytes): RequestEdit {
    if (this.form.length > 0) return editForm(body, this.form, exchange.provider.mapping);
    if (!this.isJson) return new RequestEdit(body);
    return editRequest(body, planEdit(exchange));
  }

  /** Headers that depend on the body, while they are held. */
  private finishHeaders(exchange: Exchange, body: Bytes, changed: bool): void {
    const provider = exchange.provider;
    if (changed || provider.isUpstreamFilter) {
      requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    }
    if (needsModel(exchange)) rewritePath(exchange, requestHeaders.snapshot());
    chooseKeyForModel(exchange);
    if (exchange.stream) {
      requestHeaders.set(header.ACCEPT, EVENT_STREAM);
      const timeout = provider.firstByteTimeoutMs;
      if (timeout > 0) requestHeaders.set(FIRST_BYTE_TIMEOUT, formatDecimal(<u64>timeout));
    }
    if (provider.retry !== null) this.keepSent(body);
  }

  /** Keeps the request for another attempt. */
  private keepSent(body: Bytes): void {
    if (!SentRequest.isKept(body.length)) return;
    const cluster = clusterName();
    if (cluster.length == 0) return;
    this.sent = new SentRequest(cluster, requestHeaders.snapshot(), body);
  }

  private canRetry(exchange: Exchange, status: i32): bool {
    const config = exchange.provider.retry;
    if (config === null || this.sent === null) return false;
    return config.onStatus.matches(status) && isRepeatable(exchange.api, status);
  }

  /** Prepares further attempts, which begin when the failed answer is complete. */
  private prepareRetry(exchange: Exchange, side: ResponseSide, endOfStream: bool): bool {
    const config = exchange.provider.retry;
    const sent = this.sent;
    const length = responseHeaders.get(header.CONTENT_LENGTH);
    if (config === null || sent === null) return false;
    if (length !== null && parseDecimal(length, 0) > MAX_HELD_ERROR) return false;
    const pause = this.pauseResponse();
    if (pause === null) return false;
    const hasBody = !endOfStream;
    const retry = new Retry(this.root, exchange, sent, config, side, pause, hasBody);
    if (endOfStream) return retry.start();
    this.retry = retry;
    return true;
  }

  private contextMissing(): LocalReply {
    const words = "the context file cannot be read";
    const exchange = this.exchange;
    let name = "";
    if (exchange !== null) {
      const type = exchange.provider.type;
      if (type !== null) name = type.name;
    }
    const details = "ai-proxy." + name + ".load_ctx_failed";
    return this.refusal(502, details, "context_unavailable", words);
  }

  private modelMissing(): LocalReply {
    return this.refusal(400, DETAILS_BODY, "invalid_request", "the model is missing");
  }

  private tooLarge(): LocalReply {
    const words = "the request body is larger than " + MAX_BODY_BYTES.toString() + " bytes";
    return this.refusal(413, DETAILS_TOO_LARGE, "request_too_large", words);
  }

  private refusal(status: i32, details: string, code: string, message: string): LocalReply {
    const exchange = this.exchange;
    const protocol = exchange === null ? ClientProtocol.OpenAi : exchange.protocol;
    return errorReply(protocol, status, details, code, message);
  }

  private dropBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }
}
