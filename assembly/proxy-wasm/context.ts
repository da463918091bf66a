import {
  proxy_continue_stream,
  proxy_done,
  proxy_set_effective_context,
  proxy_set_tick_period_milliseconds,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "./bytes";
import { HttpCall, HttpCallRequest, HttpCallResponse, startHttpCall } from "./http-call";
import { HeldRequest, HoldEnd, HoldWatch, WATCH_PERIOD_MS } from "./hold-watch";
import { LocalReply, sendLocalReply } from "./local-reply";
import { DataStatus, HeadersStatus, Status, StreamType, TrailersStatus } from "./types";

/**
 * The right to end one pause of a stream. Whoever waits for something (a call-out, a timer) holds it. It
 * works once, and only while the stream exists, so that no stream is resumed twice or after its end: Envoy
 * crashes on either.
 */
export class Pause {
  private ended: bool = false;

  constructor(
    private readonly stream: StreamContext,
    private readonly type: i32,
  ) {}

  /**
   * Makes the paused stream the effective context, so that its headers can be read and changed. False when
   * the stream or the pause has ended, or the host has answered a paused request: then there is nothing to do.
   */
  enter(): bool {
    const stream = this.stream;
    if (this.ended || stream.ended) return false;
    const isOver = stream.answered && this.type == StreamType.Request;
    if (!isOver && proxy_set_effective_context(stream.id) == Status.Ok) return true;
    this.handOver();
    return false;
  }

  /** Resumes the stream. False when there was nothing to resume. */
  resume(): bool {
    if (!this.enter()) return false;
    this.ended = true;
    this.stream.release(this.type);
    proxy_continue_stream(this.type);
    return true;
  }

  /** Ends this pause without resuming the stream: another one takes over. */
  handOver(): void {
    this.ended = true;
    this.stream.release(this.type);
  }

  /**
   * Answers the stream with a local reply instead of resuming it. False when there is no stream to answer.
   */
  reply(reply: LocalReply): bool {
    if (!this.enter()) return false;
    this.ended = true;
    this.stream.release(this.type);
    return this.stream.reply(reply);
  }
}

/**
 * One HTTP exchange as a filter sees it. Override the callbacks that the filter needs; the defaults let
 * everything pass.
 */
export abstract class StreamContext extends HeldRequest {
  /**
   * Whether this module answered the stream itself; its own response callbacks run for that answer
   * too.
   */
  replied: bool = false;
  /** Whether the response has begun: the request can no longer be changed, continued or answered. */
  answered: bool = false;
  /** A local reply that waits for the end of the request. */
  waiting: LocalReply | null = null;
  private requestPaused: bool = false;
  private responsePaused: bool = false;

  constructor(
    id: u32,
    readonly root: RootContext,
  ) {
    super(id);
  }

  /** The request's headers have arrived. `endOfStream`: nothing follows them. */
  onRequestHeaders(endOfStream: bool): HeadersStatus {
    return HeadersStatus.Continue;
  }

  /** A piece of the request's body. `size`: bytes in the buffer now; 0 is common for the last call. */
  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    return DataStatus.Continue;
  }

  /** The request's trailers: the end of one whose body callbacks never had `endOfStream`. */
  onRequestTrailers(): TrailersStatus {
    return TrailersStatus.Continue;
  }

  /** The response's headers have arrived, including those of another filter's local reply. */
  onResponseHeaders(endOfStream: bool): HeadersStatus {
    return HeadersStatus.Continue;
  }

  /** A piece of the response's body. `size`: bytes in the buffer now. */
  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    return DataStatus.Continue;
  }

  /** The response's trailers: its end, as with a request. */
  onResponseTrailers(): TrailersStatus {
    return TrailersStatus.Continue;
  }

  /**
   * The headers cannot wait for the body any longer. They can be changed one last time, then the request
   * continues and its body follows when the headers can no longer be changed; or it is answered with
   * `reply`.
   */
  onHoldEnd(_why: HoldEnd): void {}

  endHold(reason: HoldEnd): void {
    const pause = this.pauseRequest();
    if (pause === null || !pause.enter()) return;
    this.onHoldEnd(reason);
    if (this.replied) pause.handOver();
    else pause.resume();
  }

  /**
   * The stream has ended: headers can be read and access-log attributes set. Also runs for streams without
   * any other callback.
   */
  onLog(): void {}

  /** The stream is deleted: release what it held. */
  onDelete(): void {}

  /** Pauses the request; null when it is paused already, because only one owner can wait for it. */
  pauseRequest(): Pause | null {
    if (this.requestPaused) return null;
    this.requestPaused = true;
    return new Pause(this, StreamType.Request);
  }

  /** Pauses the response; null when it is paused already. */
  pauseResponse(): Pause | null {
    if (this.responsePaused) return null;
    this.responsePaused = true;
    return new Pause(this, StreamType.Response);
  }

  /** Whether the response is paused. */
  get isResponsePaused(): bool {
    return this.responsePaused;
  }

  /** Answers the stream from inside one of its own callbacks. */
  reply(reply: LocalReply): bool {
    this.replied = true;
    return sendLocalReply(reply);
  }

  /**
   * Answers the stream once its request is complete: if it is answered earlier, Envoy closes an HTTP/1
   * client's connection. `isComplete`: whether the current callback ends the request; if not, the rest is
   * dropped. The callback returns the result.
   */
  replyWhenComplete(reply: LocalReply, isComplete: bool): i32 {
    this.waiting = isComplete ? null : reply;
    if (isComplete) this.reply(reply);
    return DataStatus.StopIterationNoBuffer;
  }

  /** For `Pause`: forgets that the direction is paused. */
  release(type: i32): void {
    if (type == StreamType.Request) this.requestPaused = false;
    else this.responsePaused = false;
  }
}

/**
 * One configured plugin on one worker: its configuration, the factory for its streams, and its pending
 * call-outs.
 */
export abstract class RootContext {
  private readonly calls: Map<u32, HttpCall> = new Map();
  /** Request headers that wait for their body. */
  readonly holds: HoldWatch = new HoldWatch();
  private isWatching: bool = false;
  private draining: bool = false;
  private outstanding: i32 = 0;
  private tickMs: u32 = 0;

  constructor(readonly id: u32) {}

  /**
   * Reads the plugin configuration; false rejects it, which keeps Envoy from starting or from applying an
   * update.
   */
  abstract onConfigure(configuration: Bytes): bool;

  /** Makes the context of a new stream. */
  abstract createStream(id: u32): StreamContext;

  /** The context is about to be deleted: no stream uses it any more. */
  onDone(): void {}

  /** Runs every `setTick` milliseconds or more often, on every worker and on the main thread. */
  onTick(): void {}

  /** Sets the tick period in ms; 0 disables ticks. */
  setTick(periodMs: u32): void {
    this.tickMs = periodMs;
    this.updateTick();
  }

  /**
   * Starts a call-out. `Ok`: `call.onResponse` will run, once. Anything else: it will not, and the caller
   * continues at once (`BadArgument`: unknown cluster; `InternalFailure`: no healthy host).
   */
  dispatch(call: HttpCall, request: HttpCallRequest): u32 {
    const started = startHttpCall(request);
    if (started.status == Status.Ok) {
      this.calls.set(started.token, call);
      this.holdCall();
    }
    return started.status;
  }

  /** For the dispatcher: routes a response to its call; unknown tokens are ignored. */
  answer(token: u32, response: HttpCallResponse): void {
    if (!this.calls.has(token)) return;
    const call = this.calls.get(token);
    this.calls.delete(token);
    call.onResponse(response);
    this.releaseCall();
  }

  /** A call-out starts: the context must not be deleted before its response. */
  holdCall(): void {
    this.outstanding++;
  }

  /** A call-out has ended; after the last one, a context that the host wants to delete is released. */
  releaseCall(): void {
    this.outstanding--;
    if (!this.draining || this.outstanding > 0) return;
    proxy_set_effective_context(this.id);
    proxy_done();
  }

  /**
   * For the dispatcher: whether the context may be deleted now. If not, `proxy_done` is called after the
   * last response.
   */
  finish(): bool {
    this.onDone();
    this.draining = this.outstanding > 0;
    return !this.draining;
  }

  /** For the dispatcher: the request headers of `stream` wait for the body. */
  watchHold(stream: StreamContext): void {
    this.holds.begin(stream);
    if (this.isWatching) return;
    this.isWatching = true;
    this.updateTick();
  }

  /** For the dispatcher: ends waits that have lasted too long, and stops watching when none is left. */
  checkHolds(): void {
    if (!this.isWatching) return;
    this.holds.check();
    if (this.holds.isBusy) return;
    this.isWatching = false;
    this.updateTick();
  }

  private updateTick(): void {
    const own = this.tickMs;
    const isOften = own > 0 && own <= WATCH_PERIOD_MS;
    proxy_set_tick_period_milliseconds(this.isWatching && !isOften ? WATCH_PERIOD_MS : own);
  }
}
