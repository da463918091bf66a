import { BodyBuffer } from "../../proxy-wasm/body-buffer";
import { ByteShare } from "../../proxy-wasm/byte-budget";
import { StreamContext } from "../../proxy-wasm/context";
import { HeaderSnapshot } from "../../proxy-wasm/header-map";
import { HoldEnd } from "../../proxy-wasm/hold-watch";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { platform } from "../../proxy-wasm/platform";
import { DataStatus, HeadersStatus, TrailersStatus } from "../../proxy-wasm/types";
import { bodyLength } from "../../http/body-length";
import { takeBody } from "../../rules/request-facts";
import { bodyMissing, noRoom, tooLarge, trailersRefused } from "../exchange/refusals";
import { Exchange } from "../exchange/exchange";
import { ProxyPlugin } from "../plugin/plugin";
import { ModelChoice } from "../route/model-choice";
import { RequestSide } from "./request-side";

/** A request that waits for its body, whose model chooses the provider; then `side` takes over. */
export class RoutedRequest {
  /** The request to the chosen provider; null until it is chosen. */
  side: RequestSide | null = null;
  private body: BodyBuffer | null = null;

  constructor(
    private readonly choice: ModelChoice,
    private readonly headers: HeaderSnapshot,
    private readonly plugin: ProxyPlugin,
    private readonly stream: StreamContext,
  ) {}

  /** `HeadersStatus`. */
  onHeaders(endOfStream: bool): i32 {
    const reply = this.choice.byHeaders(!endOfStream);
    if (reply !== null) return this.answerEarly(reply);
    const exchange = this.choice.exchange;
    if (exchange !== null) return this.open(exchange).onHeaders(this.headers, endOfStream);
    const limit = this.plugin.requestLimit;
    const expected = bodyLength(this.headers);
    if (expected > limit) return this.answerEarly(tooLarge(null, limit));
    platform().raiseBodyLimit(limit);
    const body = takeBody(this.headers, limit, new ByteShare(this.plugin.budget), expected);
    if (!body.hasRoom) return this.answerEarly(noRoom(null));
    this.body = body;
    return HeadersStatus.StopIteration;
  }

  /** `DataStatus`. */
  onBody(size: i32, endOfStream: bool): i32 {
    const body = this.body;
    if (body === null) return DataStatus.Continue;
    if (!body.take(size)) {
      this.release();
      this.stream.reply(body.isTooLarge ? tooLarge(null, body.limit) : noRoom(null));
      return DataStatus.StopIterationNoBuffer;
    }
    if (!body.isComplete(endOfStream)) return body.keep();
    const reply = this.start(body);
    const side = this.side;
    if (reply !== null) return this.stream.replyWhenComplete(reply, endOfStream);
    return side === null ? DataStatus.Continue : side.answerBody(endOfStream);
  }

  /** `TrailersStatus`. */
  onTrailers(): i32 {
    const body = this.body;
    if (body === null) return TrailersStatus.Continue;
    let reply: LocalReply | null = null;
    if (body.outlastsPieces) reply = this.start(body);
    else reply = trailersRefused(null);
    const side = this.side;
    if (reply === null && side !== null) return side.answerTrailers();
    this.release();
    if (reply !== null) this.stream.reply(reply);
    return TrailersStatus.StopIteration;
  }

  /** The body has not arrived. */
  onHoldEnd(why: HoldEnd): void {
    this.release();
    this.stream.reply(bodyMissing(null, why, this.stream.root.holds.timeoutMs));
  }

  /** Releases what is held. */
  release(): void {
    const body = this.body;
    if (body !== null) body.release();
    this.body = null;
  }

  /** Continues with the complete body. Returns a reply if no provider has its model. */
  private start(body: BodyBuffer): LocalReply | null {
    const choice = this.choice;
    const whole = body.whole();
    const reply = choice.byBody(whole);
    const exchange = choice.exchange;
    if (reply !== null || exchange === null) {
      this.release();
      return reply;
    }
    this.body = null;
    this.open(exchange).start(this.headers, body, choice.body, choice.body !== whole);
    return null;
  }

  private open(exchange: Exchange): RequestSide {
    const side = new RequestSide(exchange, this.plugin, this.stream);
    side.isRouted = true;
    this.side = side;
    return side;
  }

  private answerEarly(reply: LocalReply): i32 {
    this.stream.reply(reply);
    return HeadersStatus.StopAllIterationAndWatermark;
  }
}
