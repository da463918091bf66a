import { BodyBuffer } from "../../proxy-wasm/body-buffer";
import { replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteBudget, ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { Pause, RootContext } from "../../proxy-wasm/context";
import { HeaderList, HeaderSnapshot, responseHeaders } from "../../proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { BufferType, DataStatus, Status, TrailersStatus } from "../../proxy-wasm/types";
import { isCoding, isEncoded } from "../../http/content-coding";
import { replacing } from "../../http/held-answer";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";
import { generalError } from "../answer/error-answer";
import { ResponseSide } from "../answer/response-side";
import { setKey } from "../route/client-credential";
import { Exchange } from "../exchange/exchange";
import { countRetry } from "../report/metrics";
import { ApiName, FAMILIES } from "../api/api-name";
import { completeHeaders } from "../route/rewrite";
import { RetryConfig } from "../credential/failover-config";
import { retryAfterMs } from "./retry-after";

/** Largest request in bytes that is kept for another attempt. */
const MAX_KEPT: i32 = 16 << 20;
/**
 * In the budget, requests kept for other attempts count as one tenant, so that half is left for new
 * requests.
 */
const KEPT: u64 = 1;
/** Largest answer in bytes that the host lets a call-out's callback write. */
const MAX_IN_PLACE: i32 = 900_000;
const DETAILS = "ai_proxy_retried";

const EXPECTED_TIMEOUT = Bytes.of("x-envoy-expected-rq-timeout-ms");

/** A request as sent upstream, for another attempt with another key. */
export class SentRequest {
  private share: ByteShare | null = null;

  constructor(
    readonly cluster: Bytes,
    /** Rewritten headers, without those that each attempt adds. */
    readonly headers: HeaderSnapshot,
    readonly body: Bytes,
  ) {}

  /** Counts the kept bytes; false when they are too many or `budget` has no room. */
  keep(budget: ByteBudget): bool {
    if (this.body.length > MAX_KEPT) return false;
    const share = new ByteShare(budget, KEPT);
    if (!share.take(<i64>this.body.length)) return false;
    this.share = share;
    return true;
  }

  /** Releases the counted bytes. Idempotent. */
  release(): void {
    const share = this.share;
    if (share !== null) share.release();
  }
}

/**
 * Whether a failed request may be retried: one that creates something at the vendor only if it was rejected
 * before processing.
 */
export function isRepeatable(api: string, status: i32): bool {
  const makes =
    api == ApiName.Files ||
    api == ApiName.Batches ||
    api == ApiName.FineTuningJobs ||
    api == ApiName.Videos ||
    api == ApiName.MessageBatches ||
    FAMILIES.includes(api);
  return !makes || status == 429;
}

/**
 * `retryOnFailure`: further attempts by call-outs while the first answer is held. The first success is the
 * answer; if all fail, the first answer is sent.
 */
export class Retry extends HttpCall {
  private left: i32;
  /** Whether the host has the first answer's body, which can be replaced. */
  private hasBody: bool = false;
  /** Whether the first answer had to be dropped: it is too long to be held. */
  private isDropped: bool = false;
  /** The first answer. */
  private readonly status: i32;

  constructor(
    private readonly root: RootContext,
    private readonly exchange: Exchange,
    private readonly sent: SentRequest,
    private readonly config: RetryConfig,
    private readonly side: ResponseSide,
    private readonly pause: Pause,
    /** The first answer's body. */
    private readonly held: BodyBuffer,
  ) {
    super();
    this.left = config.maxRetries;
    this.status = exchange.status;
  }

  /**
   * A piece of the first answer (`DataStatus`); the attempts begin with the last one. The host would fail the stream
   * where it buffers more than its limit.
   */
  onPiece(size: i32, endOfStream: bool): i32 {
    if (this.isDropped) return DataStatus.StopIterationNoBuffer;
    const held = this.held;
    if (!held.take(size)) {
      this.isDropped = true;
      this.release();
      if (!this.start()) this.giveUp();
      return DataStatus.StopIterationNoBuffer;
    }
    if (!endOfStream) return held.keep();
    this.hasBody = held.putBack(held.whole());
    if (this.start()) return DataStatus.StopIterationAndBuffer;
    this.pause.handOver();
    this.passFirst();
    return DataStatus.Continue;
  }

  /** The first answer ends with trailers (`TrailersStatus`). */
  onTrailers(): i32 {
    if (this.isDropped) return TrailersStatus.StopIteration;
    const held = this.held;
    this.hasBody = held.outlastsPieces && held.putBack(held.whole());
    if (this.start()) return TrailersStatus.StopIteration;
    if (!this.isInPlace) {
      this.giveUp();
      return TrailersStatus.StopIteration;
    }
    this.pause.handOver();
    this.passFirst();
    return TrailersStatus.Continue;
  }

  /** Releases what is held. Idempotent. */
  release(): void {
    this.held.release();
  }

  /** Starts the next attempt; false when none can be made. */
  start(): bool {
    if (this.left <= 0) return false;
    this.left--;
    const exchange = this.exchange;
    if (!exchange.chooseKey(exchange.consumer)) return false;
    const call = new HttpCallRequest(this.sent.cluster, this.config.timeoutMs);
    this.writeHeaders(call.headers);
    call.body = this.sent.body;
    if (this.root.dispatch(this, call) != Status.Ok) return false;
    exchange.noteAttempt();
    countRetry(exchange.provider.label);
    return true;
  }

  onResponse(response: HttpCallResponse): void {
    // If the stream has ended, no key is judged and no further attempt is made.
    if (!this.pause.enter()) return;
    const status = response.failed ? 504 : this.exchange.meaningOf(response.status);
    const after = retryAfterMs(
      response.header(header.RETRY_AFTER),
      response.header(header.RETRY_AFTER_MS),
    );
    this.exchange.reportStatus(status, after);
    if (!this.config.onStatus.matches(status)) this.deliver(response, status);
    else {
      this.exchange.noteTried();
      if (!this.start()) this.giveUp();
    }
  }

  /** Whether the host has all of the first answer, which can be empty. */
  private get isInPlace(): bool {
    return this.hasBody || (!this.isDropped && this.held.length == 0);
  }

  /** No attempt is left: the pause ends with the first answer. */
  private giveUp(): void {
    if (!this.pause.enter()) return;
    if (this.isInPlace) {
      this.passFirst();
      this.pause.resume();
      return;
    }
    const body = this.firstBody();
    this.release();
    this.pause.reply(replacing(body, DETAILS));
  }

  /** The first answer continues, in the client's protocol. While its headers are held. */
  private passFirst(): void {
    const held = this.held.length;
    const body = this.firstBody();
    this.release();
    if (!this.hasBody || held == 0 || this.exchange.provider.keepsAnswers) return;
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    replaceBuffer(BufferType.ResponseBody, body);
  }

  /** The body of the first answer in the client's protocol; its headers are set accordingly. */
  private firstBody(): Bytes {
    const exchange = this.exchange;
    const side = this.side;
    exchange.noteStatus(this.status);
    if (this.isDropped) {
      describeBody(header.APPLICATION_JSON);
      return generalError(exchange.protocol, this.status, exchange.namesModel);
    }
    const theirs = this.held.whole();
    if (exchange.provider.keepsAnswers || theirs.length == 0) return theirs;
    const value = responseHeaders.get(header.CONTENT_TYPE);
    const type = value === null ? Bytes.empty() : value;
    const encoded = isEncoded(responseHeaders.snapshot());
    const body = encoded
      ? side.convertEncoded(this.status, theirs)
      : side.convert(this.status, type, theirs);
    const status = exchange.status;
    if (encoded && status < 400) return body;
    if (status != this.status) responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    describeBody(side.typeOf(type, status));
    return body;
  }

  /** The headers of the first attempt with another key. */
  private writeHeaders(headers: HeaderList): void {
    const provider = this.exchange.provider;
    const sent = this.sent.headers;
    sent.copyTo(headers, [EXPECTED_TIMEOUT]);
    setKey(provider, provider.tokens.token(this.exchange.key), headers);
    completeHeaders(this.exchange, sent, EditedBytes.of(this.sent.body), headers);
  }

  /** Replaces the first answer with this one. */
  private deliver(response: HttpCallResponse, upstreamStatus: i32): void {
    const value = response.header(header.CONTENT_TYPE);
    const theirs = value === null ? header.APPLICATION_JSON : value;
    const named = response.header(header.CONTENT_ENCODING);
    const encoding = named !== null && isCoding(named) ? named : null;
    const body =
      encoding === null
        ? this.side.convert(upstreamStatus, theirs, response.body())
        : this.side.convertEncoded(upstreamStatus, response.body());
    // An error that came with status 200 has got the status that it means.
    const status = this.exchange.status;
    const isOurs = encoding !== null && status >= 400;
    const type = isOurs ? header.APPLICATION_JSON : this.side.typeOf(theirs, status);
    const kept: Bytes | null = isOurs ? null : encoding;
    this.exchange.noteBody();
    this.release();
    if (!this.hasBody || body.length > MAX_IN_PLACE) {
      const reply = new LocalReply(<u32>status, DETAILS);
      reply.body = body;
      reply.headers.add(header.CONTENT_TYPE, type);
      if (kept !== null) reply.headers.add(header.CONTENT_ENCODING, kept);
      this.pause.reply(reply);
      return;
    }
    if (!this.pause.enter()) return;
    responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    responseHeaders.set(header.CONTENT_TYPE, type);
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    if (kept !== null) responseHeaders.set(header.CONTENT_ENCODING, kept);
    else responseHeaders.remove(header.CONTENT_ENCODING);
    responseHeaders.remove(header.RETRY_AFTER);
    responseHeaders.remove(header.RETRY_AFTER_MS);
    replaceBuffer(BufferType.ResponseBody, body);
    this.pause.resume();
  }
}

/** The headers tell what the body is now. */
function describeBody(type: Bytes): void {
  responseHeaders.set(header.CONTENT_TYPE, type);
  responseHeaders.remove(header.CONTENT_ENCODING);
}
