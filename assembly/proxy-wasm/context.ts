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
 * The right to end one pause of a stream. Whoever waits for something (a call-out, a timer) holds
 * it; it works once and only while the stream lives, so that no stream is resumed twice and no dead
 * stream is touched: Envoy crashes on either.
 */
export class Pause {
  private ended: bool = false;

  constructor(
    private readonly stream: StreamContext,
    private readonly type: i32,
  ) {}

  /**
   * Makes the paused stream the effective one, so that its headers can be read and changed. False
   * when the stream is gone or the pause is over: then there is nothing to do.
   */
  enter(): bool {
    if (this.ended || this.stream.ended) return false;
    if (proxy_set_effective_context(this.stream.id) == Status.Ok) return true;
    this.ended = true;
    return false;
  }

  /** Lets the stream go on. False when there was nothing to resume. */
  resume(): bool {
    if (!this.enter()) return false;
    this.ended = true;
    this.stream.release(this.type);
    proxy_continue_stream(this.type);
    return true;
  }

  /** Ends this pause without letting the stream go on: another takes its place. */
  handOver(): void {
    this.ended = true;
    this.stream.release(this.type);
  }

  /** Answers the stream in place of what it waits for. False when there is no stream to answer. */
  reply(reply: LocalReply): bool {
    if (!this.enter()) return false;
    this.ended = true;
    this.stream.release(this.type);
    return this.stream.reply(reply);
  }
}

/**
 * One HTTP exchange as a filter sees it. Override what the filter needs; the defaults let
 * everything pass.
 */
export abstract class StreamContext extends HeldRequest {
  /**
   * Whether this module answered the stream itself; its own response callbacks run for that answer
   * too.
   */
  replied: bool = false;
  /** A reply that waits for the end of the request. */
  waiting: LocalReply | null = null;
  private requestPaused: bool = false;
  private responsePaused: bool = false;

  constructor(
    id: u32,
    readonly root: RootContext,
  ) {
    super(id);
  }

  /** The request's headers are here. `endOfStream`: nothing follows them. */
  onRequestHeaders(endOfStream: bool): HeadersStatus {
    return HeadersStatus.Continue;
  }

  /** A piece of the request's body. `size`: bytes in the buffer now; 0 is common for the last call. */
  onRequestBody(size: i32, endOfStream: bool): DataStatus {
    return DataStatus.Continue;
  }

  /** The request's trailers: the end of one whose body callbacks never said `endOfStream`. */
  onRequestTrailers(): TrailersStatus {
    return TrailersStatus.Continue;
  }

  /** The answer's headers are here, also those of another filter's reply. */
  onResponseHeaders(endOfStream: bool): HeadersStatus {
    return HeadersStatus.Continue;
  }

  /** A piece of the answer's body. `size`: bytes in the buffer now. */
  onResponseBody(size: i32, endOfStream: bool): DataStatus {
    return DataStatus.Continue;
  }

  /** The answer's trailers: its end, as with a request. */
  onResponseTrailers(): TrailersStatus {
    return TrailersStatus.Continue;
  }

  /**
   * The headers cannot wait for the body any longer. They can be changed a last time, then the
   * request goes on and its body follows with the headers out of reach; or it is answered by
   * `reply`.
   */
  onHoldEnd(_why: HoldEnd): void {}

  endHold(why: HoldEnd): void {
    const pause = this.pauseRequest();
    if (pause === null || !pause.enter()) return;
    this.onHoldEnd(why);
    if (this.replied) pause.handOver();
    else pause.resume();
  }

  /**
   * The stream is over: headers are readable, access-log attributes can be set. Also runs for
   * streams that saw nothing else.
   */
  onLog(): void {}

  /** The stream is gone: give back what it held. */
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

  /** Answers the stream from inside one of its own callbacks. */
  reply(reply: LocalReply): bool {
    this.replied = true;
    return sendLocalReply(reply);
  }

  /**
   * Answers the stream once its request is complete: answered earlier, Envoy closes a client's
   * HTTP/1 connection. `isComplete`: whether the callback in which this is called ends the request;
   * if not, the rest is dropped. The callback returns what this gives.
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
 * One configured plugin on one worker: its configuration, its streams' factory and the calls it has
 * out.
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
   * Takes the plugin configuration; false refuses it, which keeps Envoy from starting or from
   * taking an update.
   */
  abstract onConfigure(configuration: Bytes): bool;

  /** Makes the context of a new stream. */
  abstract createStream(id: u32): StreamContext;

  /** The context is going away: no stream uses it any more. */
  onDone(): void {}

  /** Runs every `setTick` milliseconds or more often, on every worker and on the main thread. */
  onTick(): void {}

  /** Asks for ticks; 0 ends them. */
  setTick(periodMs: u32): void {
    this.tickMs = periodMs;
    this.updateTick();
  }

  /**
   * Starts a call-out. `Ok`: `call.onResponse` will run, once. Anything else: it will not, and the
   * caller goes on at once (`BadArgument`: unknown cluster; `InternalFailure`: no healthy host).
   */
  dispatch(call: HttpCall, request: HttpCallRequest): u32 {
    const started = startHttpCall(request);
    if (started.status == Status.Ok) {
      this.calls.set(started.token, call);
      this.keepOpen();
    }
    return started.status;
  }

  /** For the dispatcher: routes an answer to its call; unknown tokens are ignored. */
  answer(token: u32, response: HttpCallResponse): void {
    if (!this.calls.has(token)) return;
    const call = this.calls.get(token);
    this.calls.delete(token);
    call.onResponse(response);
    this.letGo();
  }

  /** A call-out begins: the context must not be deleted before its answer. */
  keepOpen(): void {
    this.outstanding++;
  }

  /** A call-out has been answered; the last one lets a context go that the host wants to delete. */
  letGo(): void {
    this.outstanding--;
    if (!this.draining || this.outstanding > 0) return;
    proxy_set_effective_context(this.id);
    proxy_done();
  }

  /**
   * For the dispatcher: whether the context may be deleted now. If not, `proxy_done` follows the
   * last answer.
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

  /** For the dispatcher: ends the waits that have lasted too long, and the watch when none is left. */
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
