import { ByteBudget, ByteShare } from "../../proxy-wasm/byte-budget";
import { Bytes } from "../../proxy-wasm/bytes";
import { StreamContext } from "../../proxy-wasm/context";
import { HeaderSnapshot, responseHeaders } from "../../proxy-wasm/header-map";
import { logWarn } from "../../proxy-wasm/log";
import { BufferType, DataStatus, HeadersStatus, TrailersStatus } from "../../proxy-wasm/types";
import { AnswerBody } from "../../http/answer-body";
import { AnswerFinisher, HeldAnswer, replacing, takeAnswer } from "../../http/held-answer";
import { isEncoded } from "../../http/content-coding";
import { isEventStreamType, isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { responseDetails } from "../../rules/request-facts";
import { formatDecimal } from "../../text/decimal";
import { maskedStart, maskSent } from "./mask";
import { Exchange } from "../exchange/exchange";
import { errorOf, generalError, tooLargeError } from "./error-answer";
import { ErrorText } from "./error-text";
import { isCountUnsupported, EstimatedCount } from "./estimated-count";
import { ENCODED, reportEncoded, reportEstimate } from "./failures";
import { HostFailure } from "./host-failure";
import { rewriterOf } from "./rewriter-of";
import { StreamedAnswer } from "./streamed-answer";
import { Usage, UsageTail } from "../report/usage";

/** Largest answer in bytes that is held for editing; larger ones pass unchanged. */
const MAX_HELD: i64 = 16 << 20;

const DETAILS = "ai_proxy_answer";
const DETAILS_ESTIMATE = "ai_proxy_token_estimate";
const REQUEST_ID = Bytes.of("x-request-id");
const AMAZON_ID = Bytes.of("x-amzn-requestid");
const EVENT_STREAM = Bytes.of("text/event-stream");

/** Most bytes of an error that `logUpstreamErrorResponseBody` logs. */
const MAX_LOGGED: i32 = 16_384;

/** Processes the vendor's answer on its way to the client. */
export class ResponseSide extends AnswerFinisher {
  /** Processes the body; null while it passes unchanged. */
  private body: AnswerBody | null = null;
  private readonly tail: UsageTail = new UsageTail();
  /** Whether the body can contain a usage. */
  private tellsUsage: bool = false;
  /** Whether the headers are held until the first piece of the body. */
  private waitsForBody: bool = false;
  /** The vendor's content type. */
  private type: Bytes = Bytes.empty();

  constructor(
    private readonly exchange: Exchange,
    private readonly budget: ByteBudget,
    private readonly stream: StreamContext,
    /** Why the host answered instead of the vendor; null for the vendor's answer. */
    private readonly failure: HostFailure | null,
  ) {
    super();
  }

  /** Whether an answer with this status passes regardless of its headers, which need not be read. */
  passes(status: i32): bool {
    const provider = this.exchange.provider;
    if (status < 200 || status >= 300 || provider.isUpstreamFilter) return false;
    const exchange = this.exchange;
    if (exchange.isTranslated || exchange.isWrapped || exchange.terms.editsCalls) return false;
    this.tellsUsage = provider.answers.isEmpty || provider.keepsAnswers || !this.exchange.isChat;
    return this.tellsUsage;
  }

  /** Whether an estimate replaces an answer with this status, which says nothing about the key. */
  estimates(status: i32): bool {
    return this.exchange.estimate.length > 0 && this.failure === null && isCountUnsupported(status);
  }

  /** `HeadersStatus`. Replaces an answer with this status with the estimate. */
  onRefusedCount(status: i32, endOfStream: bool): i32 {
    const exchange = this.exchange;
    reportEstimate(exchange, status);
    exchange.noteStatus(200);
    this.body = new EstimatedCount(exchange.estimate);
    if (!endOfStream) return HeadersStatus.Continue;
    this.stream.reply(replacing(exchange.estimate, DETAILS_ESTIMATE));
    return HeadersStatus.StopIteration;
  }

  /** `HeadersStatus`. For answers that do not pass. */
  onHeaders(headers: HeaderSnapshot, status: i32, endOfStream: bool): i32 {
    const exchange = this.exchange;
    const provider = exchange.provider;
    if (exchange.isTranslated) this.nameRequest(headers);
    if (endOfStream) return this.onEmpty(status);
    const failure = this.failure;
    if (failure !== null && status >= 400) {
      return this.replaceError(status, Bytes.empty(), failure);
    }
    const type = headers.getOrEmpty(header.CONTENT_TYPE);
    this.type = type;
    const isPlain = !isEncoded(headers);
    const isJson = isJsonType(type) && isPlain;
    const isEvents = isEventStreamType(type) && isPlain;
    this.tellsUsage = isJson || isEvents;
    if (status >= 400) {
      if (!isJson && !isEvents) {
        return this.replaceError(status, isPlain ? type : Bytes.empty(), failure);
      }
      if (!provider.keepsAnswers || provider.hasCredential) return this.hold(headers);
    }
    if (!isPlain && status < 300 && this.needsBody) {
      reportEncoded(exchange);
      this.replaceStatus(502);
      return this.replaceError(502, Bytes.empty(), ENCODED);
    }
    const isStream = isPlain && exchange.isStreamType(type);
    if (exchange.isTranslated && status < 300 && isStream != exchange.stream) {
      if (isStream || isJson) return this.hold(headers);
    }
    const rewriter = status < 300 ? rewriterOf(exchange) : null;
    if (rewriter !== null) {
      if (isStream) {
        this.body = new StreamedAnswer(rewriter, this.tail, new ByteShare(this.budget));
        responseHeaders.remove(header.CONTENT_LENGTH);
        if (!isEvents || exchange.streamsArray) {
          responseHeaders.set(header.CONTENT_TYPE, this.typeOf(type, status));
        }
      } else if (isJson) return this.hold(headers);
    }
    // Until something has been sent to the client, Envoy can still try the next provider.
    this.waitsForBody = provider.isUpstreamFilter && status < 300;
    return this.waitsForBody ? HeadersStatus.StopIteration : HeadersStatus.Continue;
  }

  /** Gives the vendor's identifier of the request the name by which the client knows it. */
  private nameRequest(headers: HeaderSnapshot): void {
    const name = this.exchange.protocol.requestIdHeader;
    if (name.length == 0 || headers.has(name)) return;
    let id = headers.getOrEmpty(REQUEST_ID);
    if (id.length == 0) id = headers.getOrEmpty(AMAZON_ID);
    if (id.length > 0) responseHeaders.set(name, id);
  }

  /** `DataStatus`. */
  onBody(size: i32, endOfStream: bool): i32 {
    if (size > 0) this.exchange.noteBody();
    if (this.waitsForBody && size == 0 && !endOfStream) return DataStatus.StopIterationNoBuffer;
    this.waitsForBody = false;
    const body = this.body;
    if (body !== null) return body.onPiece(size, endOfStream);
    if (size > 0 && this.tellsUsage) this.tail.takeFrom(BufferType.ResponseBody, size);
    return DataStatus.Continue;
  }

  /** `TrailersStatus`. */
  onTrailers(): i32 {
    const body = this.body;
    return body === null ? TrailersStatus.Continue : body.onTrailers();
  }

  /** The tokens that the vendor counted; null if it reported none. */
  usage(): Usage | null {
    return this.tail.find();
  }

  /** Whether the vendor's answer is of no use to the client unless it is converted. */
  private get needsBody(): bool {
    const exchange = this.exchange;
    return exchange.isTranslated || exchange.isWrapped || !exchange.terms.tools.isEmpty;
  }

  /** A compressed answer that came another way, as a whole: its body, or an error in its place. */
  convertEncoded(status: i32, body: Bytes): Bytes {
    const exchange = this.exchange;
    if (status >= 400) return generalError(exchange.protocol, status, exchange.namesModel);
    if (!this.needsBody) return body;
    reportEncoded(exchange);
    exchange.noteStatus(502);
    return exchange.protocol.errorBody(502, ENCODED.code, ENCODED.message);
  }

  /** An answer of `type` that came another way, as a whole: its body in the client's terms. */
  convert(status: i32, type: Bytes, body: Bytes): Bytes {
    const exchange = this.exchange;
    const keeps = exchange.provider.keepsAnswers;
    if (status >= 400) {
      const masked = maskSent(exchange, body);
      return keeps ? masked : errorOf(type, masked, exchange.protocol, status, exchange.namesModel);
    }
    if (keeps) return body;
    const rewriter = rewriterOf(exchange);
    if (rewriter === null) {
      this.tail.push(body);
      return body;
    }
    const answer = exchange.isStreamType(type) ? rewriter.events(body) : rewriter.whole(body);
    this.tail.push(answer);
    if (rewriter.status == 0) return answer;
    exchange.reportStatus(rewriter.status, 0);
    return maskSent(exchange, answer);
  }

  /** The content type of an answer that came with `type` and `status`, in the client's terms. */
  typeOf(type: Bytes, status: i32): Bytes {
    const exchange = this.exchange;
    if (status >= 400 && !exchange.provider.keepsAnswers) return header.APPLICATION_JSON;
    if (exchange.isWrapped && status < 400) return EVENT_STREAM;
    if (!exchange.isTranslated) return type;
    const isEvents = exchange.stream && !exchange.streamsArray;
    return isEvents ? EVENT_STREAM : header.APPLICATION_JSON;
  }

  /** A complete answer that was held. */
  finish(body: Bytes): Bytes {
    const exchange = this.exchange;
    const status = exchange.status;
    if (status >= 400 && exchange.provider.logsErrors) this.logError(status, body);
    const answer = this.convert(status, this.type, body);
    // An error that came with status 200 has got the status that it means.
    const meant = exchange.status;
    if (meant != status) responseHeaders.set(header.STATUS, formatDecimal(<u64>meant));
    responseHeaders.set(header.CONTENT_TYPE, this.typeOf(this.type, meant));
    return answer;
  }

  tooLarge(): Bytes | null {
    const exchange = this.exchange;
    const isError = exchange.status >= 400;
    if (!isError && !exchange.isTranslated) return null;
    // In the vendor's form it would be of no use to the client.
    if (!isError) this.replaceStatus(502);
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    if (isError) return generalError(exchange.protocol, exchange.status, exchange.namesModel);
    return tooLargeError(exchange.protocol);
  }

  /** Whether the answer's headers wait for its body. */
  get isHeld(): bool {
    const body = this.body;
    return body !== null && body.isHeld;
  }

  /** Releases what is held. */
  release(): void {
    const body = this.body;
    if (body !== null) body.release();
  }

  /** A success without a body is not an answer in the client's protocol. */
  private onEmpty(status: i32): i32 {
    const failure = this.failure;
    if (failure !== null && status >= 400) {
      responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
      const body = this.exchange.protocol.errorBody(status, failure.code, failure.message);
      // The access log keeps Envoy's own details.
      this.stream.reply(replacing(body, responseDetails().toString()));
      return HeadersStatus.StopIteration;
    }
    if (!this.exchange.isTranslated || status >= 300) return HeadersStatus.Continue;
    const rewriter = rewriterOf(this.exchange);
    if (rewriter === null) return HeadersStatus.Continue;
    const body = rewriter.whole(Bytes.empty());
    this.fail(rewriter.status != 0 ? rewriter.status : 502);
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    this.stream.reply(replacing(body, DETAILS));
    return HeadersStatus.StopIteration;
  }

  /** The host's own replies, lines of text and HTML pages: a client that speaks JSON cannot read them. */
  private replaceError(status: i32, type: Bytes, failure: HostFailure | null): i32 {
    this.body = new ErrorText(this.exchange, status, type, failure);
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    responseHeaders.remove(header.CONTENT_ENCODING);
    responseHeaders.remove(header.CONTENT_LENGTH);
    return HeadersStatus.Continue;
  }

  private hold(headers: HeaderSnapshot): i32 {
    const held = takeAnswer(headers, MAX_HELD, new ByteShare(this.budget));
    this.body = new HeldAnswer(this.stream, this, held, DETAILS);
    return HeadersStatus.StopIteration;
  }

  /** The vendor's message, with every credential masked. */
  private logError(status: i32, body: Bytes): void {
    const text = maskedStart(this.exchange, body, MAX_LOGGED).toString();
    logWarn("status " + status.toString() + " of " + this.exchange.provider.label + ": " + text);
  }

  /** An error that came with status 200 gets the status that it means. */
  private fail(status: i32): void {
    this.exchange.reportStatus(status, 0);
    this.replaceStatus(status);
  }

  /** A success that cannot reach the client, which is no fault of the key's, gets the status of an error. */
  private replaceStatus(status: i32): void {
    this.exchange.noteStatus(status);
    responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
  }
}
