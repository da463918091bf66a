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
import { isJsonType } from "../http/media-type";
import * as header from "../http/names";
import { clusterName } from "../rules/request-facts";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { ResponseSide } from "./answer/response-side";
import { AwaitedText, TextListener } from "./awaited-text";
import { ProviderConfig } from "./config/provider-config";
import { checkModel } from "./convert/model-name";
import { boundaryOf, isMultipart } from "./convert/multipart";
import { editForm, RequestEdit } from "./convert/request-body";
import { translateRequest } from "./convert/translate-request";
import { Exchange } from "./exchange";
import { leaveMark, markContext } from "./fingerprint/marks";
import { isRepeatable, Retry, SentRequest } from "./failover/retry";
import { retryAfterMs } from "./failover/retry-after";
import {
  badBody,
  MAX_BODY_BYTES,
  modelMissing,
  textMissing,
  tooLarge,
  trailersRefused,
  unreadBody,
} from "./refusals";
import { reportExchange } from "./report";
import { AiProxyRoot } from "./root";
import { openRequest } from "./route/open-request";
import { restoreOriginal } from "./route/original-request";
import {
  chooseKeyForModel,
  completeHeaders,
  needsModel,
  rewriteHeaders,
  rewritePath,
  setAccessToken,
} from "./route/rewrite";

const FIRST_BYTE_TIMEOUT = Bytes.of("x-envoy-upstream-rq-first-byte-timeout-ms");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** Bytes of a failed answer that is held while another key is tried. */
const MAX_HELD_ERROR: i64 = 524288;

/** A request that waits for a text. */
class WaitingRequest extends TextListener {
  constructor(
    private readonly stream: AiProxyStream,
    private readonly pause: Pause,
    private readonly body: Bytes,
    private readonly awaited: AwaitedText,
  ) {
    super();
  }

  onText(text: Bytes | null): void {
    this.stream.resumeWith(text !== null, this.pause, this.body, this.awaited);
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
  /** Whether the request waits for a text. */
  private isWaiting: bool = false;
  private sent: SentRequest | null = null;
  private side: ResponseSide | null = null;
  private retry: Retry | null = null;

  onRequestHeaders(endOfStream: bool): i32 {
    const provider = this.proxyRoot.selectProvider();
    const fingerprint = leaveMark(this.proxyRoot, this.proxyRoot.fingerprintOf(provider));
    if (provider === null) return HeadersStatus.Continue;
    const exchange = new Exchange(provider);
    exchange.fingerprint = fingerprint;
    this.exchange = exchange;
    platform().keepRoute();
    let headers = requestHeaders.snapshot();
    if (provider.isUpstreamFilter) headers = restoreOriginal(headers);
    const refusal = openRequest(exchange, headers);
    if (refusal !== null) {
      this.reply(refusal);
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    const length = headers.get(header.CONTENT_LENGTH);
    const expected = length === null ? <i64>-1 : parseDecimal(length, -1);
    if (expected > MAX_BODY_BYTES) {
      this.reply(tooLarge(exchange));
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    rewriteHeaders(exchange, headers);
    this.proxyRoot.noteCluster(provider);
    const reads = !endOfStream && this.readsBody(exchange, headers);
    if (!reads) {
      if (needsModel(exchange)) {
        this.reply(modelMissing(exchange));
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
      this.reply(tooLarge(this.exchange));
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return DataStatus.StopIterationNoBuffer;
    return this.finishBody(body, endOfStream);
  }

  onRequestTrailers(): i32 {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    if (this.body === null) return TrailersStatus.Continue;
    this.dropBody();
    this.reply(trailersRefused(this.exchange));
    return TrailersStatus.StopIteration;
  }

  onResponseHeaders(endOfStream: bool): i32 {
    const exchange = this.exchange;
    if (exchange === null || this.replied) return HeadersStatus.Continue;
    const value = responseHeaders.get(header.STATUS);
    const told = value === null ? 0 : <i32>parseDecimal(value, 0);
    const status = exchange.meaningOf(told);
    if (status != told) responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    const side = new ResponseSide(exchange, this.proxyRoot.budget);
    this.side = side;
    if (side.passes(status)) {
      exchange.reportStatus(status, 0);
      return HeadersStatus.Continue;
    }
    const headers = responseHeaders.snapshot();
    exchange.reportStatus(status, retryAfterMs(headers.get(header.RETRY_AFTER)));
    if (this.canRetry(exchange, status)) {
      exchange.noteTried();
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

  /** Whether the request's body is read, and as what. */
  private readsBody(exchange: Exchange, headers: HeaderSnapshot): bool {
    const provider = exchange.provider;
    const type = headers.getOrEmpty(header.CONTENT_TYPE);
    const isPlain = !headers.has(header.CONTENT_ENCODING) && exchange.api.length > 0;
    if (!provider.original && isPlain) {
      this.isJson = isJsonType(type);
      this.form = isMultipart(type) ? boundaryOf(type) : Bytes.empty();
    }
    if (exchange.isTranslated || exchange.countsTokens) return true;
    if (provider.accessToken !== null) return true;
    // For another attempt the body is kept, whatever it is.
    if (provider.isUpstreamFilter || provider.retry !== null || needsModel(exchange)) return true;
    if (this.form.length > 0) return !provider.mapping.isEmpty;
    return this.isJson && provider.editsBody(exchange.api, exchange.isChat);
  }

  private finishBody(body: BodyBuffer, endOfStream: bool): i32 {
    const exchange = this.exchange;
    if (exchange === null) return DataStatus.Continue;
    const whole = body.whole();
    if (exchange.countsTokens || (exchange.isTranslated && !this.isJson)) {
      this.dropBody();
      return this.replyWhenComplete(unreadBody(exchange, whole, this.isJson), endOfStream);
    }
    const missing = exchange.findMissing(this.root);
    if (missing !== null) return this.awaitText(exchange, missing, body, endOfStream);
    const inPlace = body.isInPlace;
    const edit = this.edit(exchange, whole);
    this.dropBody();
    const isFine = edit.error.length == 0;
    const hasName = edit.upstreamModel.length > 0 || exchange.apiPath.length > 0;
    const isNameless = isFine && !hasName && needsModel(exchange);
    if (!isFine || isNameless) {
      const reply = isNameless ? modelMissing(exchange) : badBody(exchange, edit);
      return this.replyWhenComplete(reply, endOfStream);
    }
    this.noteEdit(exchange, edit);
    const changed = edit.body !== whole;
    if (changed || !inPlace) body.putBack(edit.body);
    if (this.headersHeld) this.finishHeaders(exchange, edit.body, changed);
    return DataStatus.Continue;
  }

  /** Keeps the request until a text is there that it needs. */
  private awaitText(
    exchange: Exchange,
    missing: AwaitedText,
    body: BodyBuffer,
    endOfStream: bool,
  ): i32 {
    const whole = body.whole();
    const pause = this.pauseRequest();
    const waits =
      pause !== null && missing.wait(this.root, new WaitingRequest(this, pause, whole, missing));
    if (!waits) {
      this.release(StreamType.Request);
      this.dropBody();
      return this.replyWhenComplete(textMissing(exchange, missing), endOfStream);
    }
    // What the host keeps can be replaced from the callback of the fetch.
    body.putBack(whole);
    this.isWaiting = true;
    return DataStatus.StopIterationAndBuffer;
  }

  /** For `WaitingRequest`: a text is there, or cannot be had. */
  resumeWith(isThere: bool, pause: Pause, whole: Bytes, awaited: AwaitedText): void {
    const exchange = this.exchange;
    if (exchange === null || !pause.enter()) return;
    if (!isThere) {
      this.giveUp(pause, textMissing(exchange, awaited));
      return;
    }
    const missing = exchange.findMissing(this.root);
    if (missing !== null) {
      const waits = missing.wait(this.root, new WaitingRequest(this, pause, whole, missing));
      if (!waits) this.giveUp(pause, textMissing(exchange, missing));
      return;
    }
    const edit = this.edit(exchange, whole);
    if (edit.error.length > 0) {
      this.giveUp(pause, badBody(exchange, edit));
      return;
    }
    this.isWaiting = false;
    this.dropBody();
    this.noteEdit(exchange, edit);
    replaceBuffer(BufferType.RequestBody, edit.body);
    if (this.headersHeld) this.finishHeaders(exchange, edit.body, true);
    pause.resume();
  }

  private giveUp(pause: Pause, reply: LocalReply): void {
    this.isWaiting = false;
    this.dropBody();
    pause.reply(reply);
  }

  private noteEdit(exchange: Exchange, edit: RequestEdit): void {
    const context = exchange.context;
    if (context.length > 0) markContext(this.proxyRoot, exchange.fingerprint, context);
    exchange.model = edit.model;
    exchange.upstreamModel = edit.upstreamModel;
    exchange.stream = edit.stream;
  }

  /** The body as the vendor wants it; as it is when it is neither JSON nor a form. */
  private edit(exchange: Exchange, body: Bytes): RequestEdit {
    if (this.form.length > 0) {
      return checkModel(exchange, editForm(body, this.form, exchange.provider.mapping));
    }
    if (!this.isJson) return new RequestEdit(body);
    return checkModel(exchange, translateRequest(exchange, body));
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
    setAccessToken(exchange);
    // Each attempt completes its own headers.
    if (provider.retry !== null) this.keepSent(body);
    if (exchange.dialect === null && exchange.apiDialect === null) return;
    completeHeaders(exchange, requestHeaders.snapshot(), body, requestHeaders);
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

  private dropBody(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }
}
