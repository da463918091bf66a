import { BodyBuffer } from "../proxy-wasm/body-buffer";
import { ByteShare } from "../proxy-wasm/byte-budget";
import { replaceBuffer } from "../proxy-wasm/buffer";
import { Bytes } from "../proxy-wasm/bytes";
import { Pause, RootContext, StreamContext } from "../proxy-wasm/context";
import { requestHeaders, responseHeaders } from "../proxy-wasm/header-map";
import { HoldEnd } from "../proxy-wasm/hold-watch";
import { LocalReply } from "../proxy-wasm/local-reply";
import { platform } from "../proxy-wasm/platform";
import {
  BufferType,
  DataStatus,
  HeadersStatus,
  StreamType,
  TrailersStatus,
} from "../proxy-wasm/types";
import * as header from "../http/names";
import { bodyLength, clusterName, takeBody } from "../rules/request-facts";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { answerSource } from "./answer/answer-source";
import { ResponseSide } from "./answer/response-side";
import { AwaitedText, TextListener } from "./provider/base/awaited-text";
import { BodyForm, bodyForm, readsBody } from "./body-form";
import { completeRequest } from "./complete-request";
import { Exchange } from "./exchange/exchange";
import { leaveMark, markContext } from "./marks";
import { isRepeatable, Retry, SentRequest } from "./failover/retry";
import { retryAfterMs } from "./failover/retry-after";
import { bodyMissing, noRoom, textMissing, tooLarge, trailersRefused } from "./exchange/refusals";
import { ProxyPlugin } from "./plugin";
import { reportExchange, reportFailure, reportTransport } from "./report";
import { UNKNOWN_TYPE } from "./provider/base/provider-type";
import { openRequest } from "./route/open-request";
import { restoreOriginal } from "./route/original-request";
import {
  chooseKeyForModel,
  completeHeaders,
  rewriteHeaders,
  rewritePath,
  setAccessToken,
} from "./route/rewrite";

const FIRST_BYTE_TIMEOUT = Bytes.of("x-envoy-upstream-rq-first-byte-timeout-ms");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** Bytes of a failed answer that is held while another key is tried. */
const MAX_HELD_ERROR: i64 = 524288;

/** How far a complete request has come. */
enum Step {
  /** It goes on to the vendor. */
  GoesOn,
  /** It waits for a text. */
  Waits,
  /** It is answered here: by `refusal`, or already. */
  Refused,
}

/** A request that waits for a text. */
class WaitingRequest extends TextListener {
  constructor(
    private readonly stream: AiProxyStream,
    private readonly pause: Pause,
    private readonly awaited: AwaitedText,
  ) {
    super();
  }

  onText(text: Bytes | null): void {
    this.stream.resumeWith(text !== null, this.pause, this.awaited);
  }
}

/** One exchange: route it to the provider, with the provider's key, path and model names. */
export class AiProxyStream extends StreamContext {
  private exchange: Exchange | null = null;
  private form: BodyForm = BodyForm.none();
  private body: BodyBuffer | null = null;
  private headersHeld: bool = false;
  /** Whether the request waits for a text. */
  private isWaiting: bool = false;
  /** The answer to a request that is refused in its own callback. */
  private refusal: LocalReply | null = null;
  private sent: SentRequest | null = null;
  private side: ResponseSide | null = null;
  private retry: Retry | null = null;

  constructor(
    id: u32,
    root: RootContext,
    private readonly plugin: ProxyPlugin,
  ) {
    super(id, root);
  }

  onRequestHeaders(endOfStream: bool): HeadersStatus {
    const provider = this.plugin.selectProvider();
    const fingerprint = leaveMark(this.plugin, this.plugin.fingerprintOf(provider));
    if (provider === null) return HeadersStatus.Continue;
    const exchange = new Exchange(provider);
    exchange.fingerprint = fingerprint;
    this.exchange = exchange;
    platform().keepRoute();
    let headers = requestHeaders.snapshot();
    if (provider.isUpstreamFilter) headers = restoreOriginal(headers);
    const refusal = openRequest(exchange, headers);
    if (refusal !== null) return this.answerEarly(refusal);
    const expected = bodyLength(headers);
    const limit = this.plugin.bodyLimit(exchange);
    if (expected > limit) return this.answerEarly(tooLarge(exchange, limit));
    rewriteHeaders(exchange, headers);
    this.plugin.noteCluster(provider);
    const form = bodyForm(exchange, headers);
    if (!endOfStream && !readsBody(exchange, form)) {
      this.finishHeaders(exchange, Bytes.empty(), false);
      return HeadersStatus.Continue;
    }
    if (endOfStream) {
      this.headersHeld = true;
      const step = this.finish(exchange, null);
      this.headersHeld = step == Step.Waits;
      if (step == Step.GoesOn) return HeadersStatus.Continue;
      const refusal = this.refusal;
      if (refusal !== null) this.reply(refusal);
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    this.form = form;
    platform().raiseBodyLimit(limit);
    const told = provider.isUpstreamFilter ? <i64>-1 : expected;
    const body = takeBody(headers, limit, new ByteShare(this.plugin.budget), told);
    if (!body.hasRoom) return this.answerEarly(noRoom(exchange));
    this.body = body;
    this.headersHeld = true;
    return HeadersStatus.StopIteration;
  }

  /** Answers while the headers are held; `HeadersStatus`. */
  private answerEarly(reply: LocalReply): i32 {
    this.reply(reply);
    return HeadersStatus.StopAllIterationAndWatermark;
  }

  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    if (this.isWaiting) return DataStatus.StopIterationAndBuffer;
    const body = this.body;
    const exchange = this.exchange;
    if (body === null || exchange === null) return DataStatus.Continue;
    if (!body.take(size)) {
      this.dropBody();
      this.reply(body.isTooLarge ? tooLarge(exchange, body.limit) : noRoom(exchange));
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return body.keep();
    const step = this.finish(exchange, null);
    if (step == Step.Waits) return DataStatus.StopIterationAndBuffer;
    const refusal = this.refusal;
    if (refusal !== null) return this.replyWhenComplete(refusal, endOfStream);
    return DataStatus.Continue;
  }

  onRequestTrailers(): TrailersStatus {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    const body = this.body;
    const exchange = this.exchange;
    if (body === null || exchange === null) return TrailersStatus.Continue;
    if (!body.outlastsPieces) {
      // The host takes no body any more.
      this.dropBody();
      this.reply(trailersRefused(exchange));
      return TrailersStatus.StopIteration;
    }
    const step = this.finish(exchange, null);
    if (step == Step.GoesOn) return TrailersStatus.Continue;
    const refusal = this.refusal;
    if (refusal !== null) this.reply(refusal);
    return TrailersStatus.StopIteration;
  }

  onResponseHeaders(endOfStream: bool): HeadersStatus {
    const exchange = this.exchange;
    if (exchange === null || this.replied) return HeadersStatus.Continue;
    const source = answerSource();
    // What another filter answers is meant as it is, and says nothing about the vendor.
    if (source.isPlugins) return HeadersStatus.Continue;
    const failure = source.failure;
    if (failure !== null) reportFailure(exchange, failure, source.details);
    const value = responseHeaders.get(header.STATUS);
    const told = value === null ? 0 : <i32>parseDecimal(value, 0);
    reportTransport(exchange, failure, told);
    const status = exchange.meaningOf(told);
    if (status != told) responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    const side = new ResponseSide(exchange, this.plugin.budget, this, failure);
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

  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    const side = this.side;
    if (side === null) return DataStatus.Continue;
    const retry = this.retry;
    if (retry === null) return side.onBody(size, endOfStream);
    retry.noteBody();
    if (!endOfStream) return DataStatus.StopIterationAndBuffer;
    this.retry = null;
    if (retry.start()) return DataStatus.StopIterationAndBuffer;
    retry.passOn();
    return DataStatus.Continue;
  }

  onResponseTrailers(): TrailersStatus {
    const side = this.side;
    if (side === null || this.replied) return TrailersStatus.Continue;
    const retry = this.retry;
    if (retry === null) return side.onTrailers();
    this.retry = null;
    if (retry.start()) return TrailersStatus.StopIteration;
    retry.passOn();
    return TrailersStatus.Continue;
  }

  onHoldEnd(why: HoldEnd): void {
    this.dropBody();
    this.reply(bodyMissing(this.exchange, why, this.root.holds.timeoutMs));
  }

  onLog(): void {
    const exchange = this.exchange;
    if (exchange === null || exchange.provider.type === UNKNOWN_TYPE) return;
    if (exchange.status == 0 || this.replied) {
      const value = responseHeaders.get(header.STATUS);
      if (value !== null) exchange.status = <i32>parseDecimal(value, 0);
    }
    reportExchange(exchange, this.side);
    this.exchange = null;
  }

  onDelete(): void {
    this.dropBody();
    const sent = this.sent;
    if (sent !== null) sent.release();
    const side = this.side;
    if (side !== null) side.release();
    // Upstream filters see no end of the stream but this.
    const exchange = this.exchange;
    if (exchange !== null && exchange.provider.isUpstreamFilter && exchange.status > 0) {
      reportExchange(exchange, side);
    }
    this.exchange = null;
  }

  /**
   * Runs a complete request to its end, or until it waits. The one way for all of them: in the
   * callback that completes it (`pause`: null), and when what it has waited for is there.
   */
  private finish(exchange: Exchange, pause: Pause | null): Step {
    const body = this.body;
    let whole: Bytes | null = null;
    if (body !== null) whole = body.whole();
    const completion = completeRequest(exchange, this.root, this.form, whole);
    const missing = completion.missing;
    if (missing !== null) return this.awaitText(exchange, missing, pause);
    const refusal = completion.refusal;
    if (refusal !== null) return this.refuse(refusal, pause);
    const context = exchange.context;
    if (context.length > 0) markContext(this.plugin, exchange.fingerprint, context);
    const isChanged = whole !== null && completion.body !== whole;
    // What has waited has been put back as it was.
    const isThere = !isChanged && (pause !== null || body === null || body.isInPlace);
    this.isWaiting = false;
    this.dropBody();
    if (!isThere) replaceBuffer(BufferType.RequestBody, completion.body);
    if (this.headersHeld) this.finishHeaders(exchange, completion.body, isChanged);
    if (pause !== null) pause.resume();
    return Step.GoesOn;
  }

  /** Keeps the request until a text is there that it needs. */
  private awaitText(exchange: Exchange, missing: AwaitedText, former: Pause | null): Step {
    const pause = former === null ? this.pauseRequest() : former;
    const waits =
      pause !== null && missing.wait(this.root, new WaitingRequest(this, pause, missing));
    if (!waits) {
      if (former === null) this.release(StreamType.Request);
      return this.refuse(textMissing(exchange, missing), former);
    }
    const body = this.body;
    // What the host keeps can be replaced from the callback of the fetch.
    if (former === null && body !== null) body.putBack(body.whole());
    this.isWaiting = true;
    return Step.Waits;
  }

  /** For `WaitingRequest`: a text is there, or cannot be had. */
  resumeWith(isThere: bool, pause: Pause, awaited: AwaitedText): void {
    const exchange = this.exchange;
    if (exchange === null || !pause.enter()) return;
    if (isThere) this.finish(exchange, pause);
    else this.refuse(textMissing(exchange, awaited), pause);
  }

  private refuse(reply: LocalReply, pause: Pause | null): Step {
    this.isWaiting = false;
    this.dropBody();
    if (pause === null) this.refusal = reply;
    else pause.reply(reply);
    return Step.Refused;
  }

  /** Headers that depend on the body, while they are held. */
  private finishHeaders(exchange: Exchange, body: Bytes, changed: bool): void {
    const provider = exchange.provider;
    if (changed || (provider.isUpstreamFilter && body.length > 0)) {
      requestHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    }
    if (exchange.needsModel || exchange.isOverResponses)
      rewritePath(exchange, requestHeaders.snapshot());
    chooseKeyForModel(exchange);
    if (exchange.wantsEvents) requestHeaders.set(header.ACCEPT, EVENT_STREAM);
    const timeout = provider.firstByteTimeoutMs;
    const isTimed = exchange.stream || provider.type.timesEveryRequest;
    if (isTimed && timeout > 0) {
      requestHeaders.set(FIRST_BYTE_TIMEOUT, formatDecimal(<u64>timeout));
    }
    setAccessToken(exchange);
    // Each attempt completes its own headers.
    if (provider.retry !== null) this.keepSent(body);
    if (provider.vendor.dialect === null) return;
    completeHeaders(exchange, requestHeaders.snapshot(), body, requestHeaders);
  }

  /** Keeps the request for another attempt. */
  private keepSent(body: Bytes): void {
    const cluster = clusterName();
    if (cluster.length == 0) return;
    const sent = new SentRequest(cluster, requestHeaders.snapshot(), body);
    if (sent.keep(this.plugin.budget)) this.sent = sent;
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
    const retry = new Retry(this.root, exchange, sent, config, side, pause);
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
