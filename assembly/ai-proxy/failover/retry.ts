import { readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { ByteBudget, ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { EditedBytes } from "../../proxy-wasm/edited-bytes";
import { Pause, RootContext } from "../../proxy-wasm/context";
import { HeaderList, HeaderSnapshot, responseHeaders } from "../../proxy-wasm/header-map";
import { HttpCall, HttpCallRequest, HttpCallResponse } from "../../proxy-wasm/http-call";
import { LocalReply } from "../../proxy-wasm/local-reply";
import { BufferType, Status } from "../../proxy-wasm/types";
import { isCoding, isEncoded } from "../../http/content-coding";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";
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
/** Larger than any held answer. */
const WHOLE: i32 = 1 << 24;

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
  /** Whether the first answer has a body that can be replaced. */
  private hasBody: bool = false;
  /** The first answer. */
  private readonly status: i32;

  constructor(
    private readonly root: RootContext,
    private readonly exchange: Exchange,
    private readonly sent: SentRequest,
    private readonly config: RetryConfig,
    private readonly side: ResponseSide,
    private readonly pause: Pause,
  ) {
    super();
    this.left = config.maxRetries;
    this.status = exchange.status;
  }

  /** The host buffers part of the first answer's body. */
  noteBody(): void {
    this.hasBody = true;
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
    const after = retryAfterMs(response.header(header.RETRY_AFTER));
    this.exchange.reportStatus(status, after);
    if (!this.config.onStatus.matches(status)) this.deliver(response, status);
    else {
      this.exchange.noteTried();
      if (this.start()) return;
      this.passFirst();
      this.pause.resume();
    }
  }

  /** No attempt is left: the first answer continues, in the client's protocol. While its headers are held. */
  passFirst(): void {
    const exchange = this.exchange;
    exchange.noteStatus(this.status);
    if (!this.hasBody || exchange.provider.keepsAnswers) return;
    const value = responseHeaders.get(header.CONTENT_TYPE);
    const type = value === null ? Bytes.empty() : value;
    const theirs = readBuffer(BufferType.ResponseBody, WHOLE);
    const encoded = isEncoded(responseHeaders.snapshot());
    const body = encoded
      ? this.side.convertEncoded(this.status, theirs)
      : this.side.convert(this.status, type, theirs);
    const status = exchange.status;
    if (encoded && status < 400) return;
    if (status != this.status) responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
    responseHeaders.set(header.CONTENT_TYPE, this.side.typeOf(type, status));
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>body.length));
    responseHeaders.remove(header.CONTENT_ENCODING);
    replaceBuffer(BufferType.ResponseBody, body);
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
    replaceBuffer(BufferType.ResponseBody, body);
    this.pause.resume();
  }
}
