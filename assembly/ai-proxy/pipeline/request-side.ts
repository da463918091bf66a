import { BodyBuffer } from "../../proxy-wasm/body-buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { HeaderSnapshot, requestHeaders } from "../../proxy-wasm/header-map";
import { HoldEnd } from "../../proxy-wasm/hold-watch";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { platform } from "../../proxy-wasm/platform";
import { DataStatus, HeadersStatus, StreamType, TrailersStatus } from "../../proxy-wasm/types";
import { ByteShare } from "../../proxy-wasm/byte-budget";
import { bodyLength } from "../../http/body-length";
import { takeBody } from "../../rules/request-facts";
import { bodyMissing, noRoom, textMissing, tooLarge, trailersRefused } from "../exchange/refusals";
import { AwaitedText, TextListener } from "../provider/base/awaited-text";
import { refuseRequest } from "../route/refuse-request";
import { rewriteHeaders } from "../route/rewrite";
import { EMPTY_BODY, RequestRun } from "./request-run";
import { StageResult } from "./stage";
import { FIRST_WITHOUT_BODY, STAGES } from "./stages";

/** The header by which routes select the chosen provider. */
const ROUTE = Bytes.of("x-ai-proxy-provider");

/** A request that waits for a text. */
class WaitingRequest extends TextListener {
  constructor(
    private readonly side: RequestSide,
    private readonly awaited: AwaitedText,
  ) {
    super();
  }

  onText(text: Bytes | null): void {
    this.side.resume(text !== null, this.awaited);
  }
}

/** Processes the client's request: reads it, then runs it through the stages once. */
export class RequestSide extends RequestRun {
  /** The current stage. */
  private next: i32 = 0;

  /** `HeadersStatus`. `headers`: those that the plan was made of. */
  onHeaders(headers: HeaderSnapshot, endOfStream: bool): i32 {
    const exchange = this.exchange;
    const refusal = refuseRequest(exchange, headers);
    if (refusal !== null) return this.answerEarly(refusal);
    const expected = bodyLength(headers);
    const limit = this.plugin.bodyLimit(exchange);
    if (expected > limit) return this.answerEarly(tooLarge(exchange, limit));
    this.address(headers);
    const provider = exchange.provider;
    if (endOfStream) {
      if (this.proceed() == StageResult.Continue) return HeadersStatus.Continue;
      const refusal = this.refusal;
      if (refusal !== null) this.stream.reply(refusal);
      return HeadersStatus.StopAllIterationAndWatermark;
    }
    if (!exchange.plan.readsBody) {
      this.next = FIRST_WITHOUT_BODY;
      this.proceed();
      return HeadersStatus.Continue;
    }
    platform().raiseBodyLimit(limit);
    const announced = provider.isUpstreamFilter ? <i64>-1 : expected;
    const body = takeBody(headers, limit, new ByteShare(this.plugin.budget), announced);
    if (!body.hasRoom) return this.answerEarly(noRoom(exchange));
    this.body = body;
    return HeadersStatus.StopIteration;
  }

  /** Answers while the headers are held; `HeadersStatus`. */
  private answerEarly(reply: LocalReply): i32 {
    this.stream.reply(reply);
    return HeadersStatus.StopAllIterationAndWatermark;
  }

  /** `DataStatus`. */
  onBody(size: i32, endOfStream: bool): i32 {
    if (this.isWaiting) return DataStatus.StopIterationAndBuffer;
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      this.dropBody();
      const exchange = this.exchange;
      this.stream.reply(body.isTooLarge ? tooLarge(exchange, body.limit) : noRoom(exchange));
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return body.keep();
    this.proceed();
    return this.answerBody(endOfStream);
  }

  /** What the callback that has completed the body returns: `DataStatus`. */
  answerBody(endOfStream: bool): i32 {
    if (this.isWaiting) return DataStatus.StopIterationAndBuffer;
    const refusal = this.refusal;
    if (refusal !== null) return this.stream.replyWhenComplete(refusal, endOfStream);
    return DataStatus.Continue;
  }

  /** `TrailersStatus`. */
  onTrailers(): i32 {
    if (this.isWaiting) return TrailersStatus.StopIteration;
    const body = this.body;
    if (body === null) return TrailersStatus.Continue;
    if (!body.outlastsPieces) {
      // The host no longer accepts a body.
      this.dropBody();
      this.stream.reply(trailersRefused(this.exchange));
      return TrailersStatus.StopIteration;
    }
    this.proceed();
    return this.answerTrailers();
  }

  /** What the callback of trailers returns when the request is complete: `TrailersStatus`. */
  answerTrailers(): i32 {
    const refusal = this.refusal;
    if (refusal !== null) this.stream.reply(refusal);
    return refusal !== null || this.isWaiting
      ? TrailersStatus.StopIteration
      : TrailersStatus.Continue;
  }

  /**
   * Continues with a request whose body has been read by `RoutedRequest`. `whole`: what it is now. `isReplaced`:
   * whether the client has sent another one.
   */
  start(headers: HeaderSnapshot, body: BodyBuffer, whole: Bytes, isReplaced: bool): void {
    const exchange = this.exchange;
    const limit = this.plugin.bodyLimit(exchange);
    let refusal = refuseRequest(exchange, headers);
    if (refusal === null && <i64>whole.length > limit) refusal = tooLarge(exchange, limit);
    this.body = body;
    if (refusal !== null) {
      this.refusal = refusal;
      this.refuse();
      return;
    }
    this.address(headers);
    this.whole = whole;
    this.out = EditedBytes.of(whole);
    this.isReplaced = isReplaced;
    this.proceed();
  }

  /** Sets where the request goes, as far as headers decide it; the route follows a provider chosen by the model. */
  private address(headers: HeaderSnapshot): void {
    const provider = this.exchange.provider;
    rewriteHeaders(this.exchange, headers);
    if (this.isRouted) requestHeaders.set(ROUTE, Bytes.of(provider.id));
    else this.plugin.noteCluster(this.exchange.runtime);
  }

  /** The body has not arrived. */
  onHoldEnd(why: HoldEnd): void {
    this.dropBody();
    const stream = this.stream;
    stream.reply(bodyMissing(this.exchange, why, stream.root.holds.timeoutMs));
  }

  /** Releases what is held. */
  release(): void {
    this.dropBody();
    const sent = this.sent;
    if (sent !== null) sent.release();
  }

  /** Whether the request is paused for a text. */
  private get isWaiting(): bool {
    return this.missing !== null;
  }

  /**
   * Runs the complete request through the stages that are left, to the end or until it waits: in the callback
   * that completes it, and when what it has waited for is there.
   */
  private proceed(): StageResult {
    const body = this.body;
    if (body !== null && this.whole === null) {
      const whole = body.whole();
      this.whole = whole;
      this.out = EditedBytes.of(whole);
    }
    while (this.next < STAGES.length) {
      const verdict = STAGES[this.next].run(this);
      if (verdict == StageResult.Waits) return this.wait();
      if (verdict == StageResult.Refused) return this.refuse();
      // The host refuses, from inside the write, what exceeds its buffer.
      if (this.stream.answered) return this.abandon();
      this.next++;
    }
    this.forgetBody();
    const pause = this.pause;
    if (pause !== null) pause.resume();
    return StageResult.Continue;
  }

  /** The host has answered in the meantime. */
  private abandon(): StageResult {
    this.missing = null;
    this.forgetBody();
    return StageResult.Refused;
  }

  /** What may be large does not stay until the answer has ended. */
  private forgetBody(): void {
    this.dropBody();
    this.whole = null;
    this.out = EMPTY_BODY;
    this.document = null;
  }

  /** Keeps the request until `missing` is there. */
  private wait(): StageResult {
    const missing = this.missing;
    if (missing === null) return StageResult.Continue;
    const isPaused = this.pause !== null;
    if (!isPaused) this.pause = this.stream.pauseRequest();
    const waits =
      this.pause !== null && missing.wait(this.stream.root, new WaitingRequest(this, missing));
    if (!waits) {
      if (!isPaused) {
        this.stream.release(StreamType.Request);
        this.pause = null;
      }
      this.refusal = textMissing(this.exchange, missing);
      return this.refuse();
    }
    const body = this.body;
    // What the host keeps can be replaced from the callback of the fetch.
    if (!isPaused && body !== null) body.put(EditedBytes.of(body.whole()));
    return StageResult.Waits;
  }

  /** For `WaitingRequest`: a text is there, or cannot be had. */
  resume(isThere: bool, awaited: AwaitedText): void {
    const pause = this.pause;
    if (pause === null || !pause.enter()) return;
    if (isThere) this.proceed();
    else {
      this.refusal = textMissing(this.exchange, awaited);
      this.refuse();
    }
  }

  /** A request that has been paused is answered at once, another one by its callback. */
  private refuse(): StageResult {
    this.missing = null;
    this.forgetBody();
    const pause = this.pause;
    const refusal = this.refusal;
    if (pause !== null && refusal !== null) pause.reply(refusal);
    return StageResult.Refused;
  }
}
