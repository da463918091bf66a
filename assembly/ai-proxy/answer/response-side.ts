import { BodyBuffer, ByteBudget } from "../../proxy-wasm/body-buffer";
import { appendBuffer, readBuffer, replaceBuffer } from "../../proxy-wasm/buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot, responseHeaders } from "../../proxy-wasm/header-map";
import { logWarn } from "../../proxy-wasm/log";
import { BufferType, DataStatus, HeadersStatus } from "../../proxy-wasm/types";
import { isEventStreamType, isJsonType } from "../../http/media-type";
import * as header from "../../http/names";
import { formatDecimal } from "../../text/decimal";
import { Exchange } from "../exchange";
import { AnswerEditor } from "./answer-editor";
import { AnswerRewriter } from "./answer-rewriter";
import { ApiRewriter } from "./api-rewriter";
import { errorAnswer, generalError } from "./error-answer";
import { Translator } from "./translator";
import { Usage, UsageTail } from "./usage";

/** Bytes of an answer that is held to be edited; a larger one passes as it is. */
const MAX_HELD: i64 = 16 << 20;

const EVENT_STREAM = Bytes.of("text/event-stream");

/** Bytes of an error that `logUpstreamErrorResponseBody` writes. */
const MAX_LOGGED: i32 = 16_384;

/** What is done with the body of an answer. */
enum Treatment {
  /** It passes; its end is read for the usage. */
  Pass,
  /** A text that is no JSON gives way to an error. */
  Substitute,
  /** It is held whole and edited. */
  Hold,
  /** Its events are edited as they come. */
  Stream,
}

/** The answer of the vendor on its way to the client. */
export class ResponseSide {
  private treatment: Treatment = Treatment.Pass;
  private held: BodyBuffer | null = null;
  private rewriter: AnswerRewriter | null = null;
  private substitute: Bytes = Bytes.empty();
  private readonly tail: UsageTail = new UsageTail();
  /** Whether the body can hold a usage. */
  private tellsUsage: bool = false;
  /** Whether the headers wait for the first piece of the body. */
  private waitsForBody: bool = false;
  /** Whether what is held is a stream. */
  private holdsEvents: bool = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly budget: ByteBudget,
  ) {}

  /** Whether an answer of this status passes whatever its headers say; they need not be read then. */
  passes(status: i32): bool {
    const provider = this.exchange.provider;
    if (status < 200 || status >= 300 || provider.isUpstreamFilter) return false;
    if (this.exchange.isTranslated) return false;
    this.tellsUsage = provider.answers.isEmpty || provider.keepsAnswers || !this.exchange.isChat;
    return this.tellsUsage;
  }

  /** `HeadersStatus`. For answers that do not pass. */
  onHeaders(headers: HeaderSnapshot, status: i32, endOfStream: bool): i32 {
    const exchange = this.exchange;
    const provider = exchange.provider;
    if (endOfStream) {
      // A success without a word cannot be made an answer of the client's protocol.
      if (exchange.isTranslated && status < 300) this.fail(502);
      return HeadersStatus.Continue;
    }
    const type = headers.getOrEmpty(header.CONTENT_TYPE);
    const isPlain = !headers.has(header.CONTENT_ENCODING);
    const isJson = isJsonType(type) && isPlain;
    const isEvents = isEventStreamType(type) && isPlain;
    this.tellsUsage = isJson || isEvents;
    const keepsBody = provider.keepsAnswers;
    if (status >= 400 && !isJson && !isEvents) return this.replaceError(status);
    if (status >= 400 && isJson && !keepsBody) return this.hold();
    const isStream = isPlain && this.isStreamType(type);
    if (exchange.isTranslated && status < 300 && isStream != exchange.stream) {
      this.holdsEvents = isStream;
      if (isStream || isJson) return this.hold();
    }
    const rewriter = status < 300 ? this.makeRewriter() : null;
    if (rewriter !== null) {
      if (isStream) {
        this.treatment = Treatment.Stream;
        this.rewriter = rewriter;
        responseHeaders.remove(header.CONTENT_LENGTH);
        if (!isEvents) responseHeaders.set(header.CONTENT_TYPE, EVENT_STREAM);
      } else if (isJson) return this.hold();
    }
    // Until a client has seen something, Envoy can still ask the next provider.
    this.waitsForBody = provider.isUpstreamFilter && status < 300;
    return this.waitsForBody ? HeadersStatus.StopIteration : HeadersStatus.Continue;
  }

  /** `DataStatus`. */
  onBody(size: i32, endOfStream: bool): i32 {
    if (size > 0) this.exchange.noteBody();
    if (this.waitsForBody && size == 0 && !endOfStream) return DataStatus.StopIterationNoBuffer;
    this.waitsForBody = false;
    switch (this.treatment) {
      case Treatment.Substitute:
        replaceBuffer(BufferType.ResponseBody, Bytes.empty());
        if (endOfStream) appendBuffer(BufferType.ResponseBody, this.substitute);
        return DataStatus.Continue;
      case Treatment.Hold:
        return this.collect(size, endOfStream);
      case Treatment.Stream:
        this.editPiece(size, endOfStream);
        return DataStatus.Continue;
      default:
        if (size > 0 && this.tellsUsage) this.tail.takeFrom(BufferType.ResponseBody, size);
        return DataStatus.Continue;
    }
  }

  /** The tokens that the vendor counted; null when it told none. */
  usage(): Usage | null {
    return this.tail.find();
  }

  /** An answer of `type` that came another way, as a whole: its body in the client's terms. */
  convert(status: i32, type: Bytes, body: Bytes): Bytes {
    const exchange = this.exchange;
    if (exchange.provider.keepsAnswers) return body;
    if (status >= 400) return errorAnswer(body, exchange.protocol, status);
    const rewriter = this.makeRewriter();
    let answer = body;
    if (rewriter !== null) {
      answer = this.isStreamType(type) ? rewriter.events(body) : rewriter.whole(body);
      if (rewriter.status != 0) exchange.reportStatus(rewriter.status, 0);
    }
    this.tail.push(answer);
    return answer;
  }

  /** The content type of an answer that came with `type` and `status`, in the client's terms. */
  typeOf(type: Bytes, status: i32): Bytes {
    if (!this.exchange.isTranslated) return type;
    return this.exchange.stream && status < 300 ? EVENT_STREAM : header.APPLICATION_JSON;
  }

  /** What makes the answer the client's; null when it is that already. */
  private makeRewriter(): AnswerRewriter | null {
    const exchange = this.exchange;
    const plan = exchange.provider.answers;
    const api = exchange.apiDialect;
    const request = exchange.apiRequest;
    if (api !== null && request !== null) return new ApiRewriter(api, request, exchange.protocol);
    if (exchange.isTranslated) return new Translator(exchange, exchange.stream);
    if (exchange.provider.keepsAnswers || !exchange.isChat || plan.isEmpty) return null;
    return new AnswerEditor(plan, exchange.protocol);
  }

  /** Whether a content type is that of streams, in general or of the vendor's. */
  private isStreamType(type: Bytes): bool {
    if (isEventStreamType(type)) return true;
    const dialect = this.exchange.dialect;
    return dialect !== null && dialect.isStreamType(type);
  }

  /** Gives back what is held. */
  release(): void {
    const held = this.held;
    if (held !== null) held.release();
    this.held = null;
  }

  /** The host's own replies and vendors' HTML pages: a client that speaks JSON cannot read them. */
  private replaceError(status: i32): i32 {
    this.treatment = Treatment.Substitute;
    this.substitute = generalError(this.exchange.protocol, status);
    responseHeaders.set(header.CONTENT_TYPE, header.APPLICATION_JSON);
    responseHeaders.remove(header.CONTENT_ENCODING);
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>this.substitute.length));
    return HeadersStatus.Continue;
  }

  private hold(): i32 {
    this.treatment = Treatment.Hold;
    this.held = new BodyBuffer(BufferType.ResponseBody, MAX_HELD, this.budget, -1);
    return HeadersStatus.StopIteration;
  }

  private collect(size: i32, endOfStream: bool): i32 {
    const held = this.held;
    if (held === null) return DataStatus.Continue;
    if (!held.take(size)) {
      held.putBackBefore(size);
      this.release();
      this.treatment = Treatment.Pass;
      return DataStatus.Continue;
    }
    if (!endOfStream) return DataStatus.StopIterationNoBuffer;
    const body = held.whole();
    const status = this.exchange.status;
    let edited: Bytes;
    if (status >= 400) {
      if (this.exchange.provider.logsErrors) this.logError(status, body);
      edited = errorAnswer(body, this.exchange.protocol, status);
    } else {
      const rewriter = this.makeRewriter();
      if (rewriter === null) edited = body;
      else edited = this.holdsEvents ? rewriter.events(body) : rewriter.whole(body);
      this.tail.push(edited);
      const failed = rewriter === null ? 0 : rewriter.status;
      if (failed != 0) this.fail(failed);
      if (this.exchange.isTranslated) {
        responseHeaders.set(header.CONTENT_TYPE, this.typeOf(header.APPLICATION_JSON, failed));
      }
    }
    responseHeaders.set(header.CONTENT_LENGTH, formatDecimal(<u64>edited.length));
    held.putBack(edited);
    this.release();
    return DataStatus.Continue;
  }

  /** The vendor's words, with every key of the provider masked. */
  private logError(status: i32, body: Bytes): void {
    let text = body.slice(0, MAX_LOGGED).toString();
    const tokens = this.exchange.provider.tokens;
    for (let i = 0; i < tokens.size; i++) {
      text = text.replaceAll(tokens.token(i).toString(), "***");
    }
    logWarn("status " + status.toString() + " of " + this.exchange.provider.label + ": " + text);
  }

  /** An error that came with status 200 gets the status that it means. */
  private fail(status: i32): void {
    this.exchange.reportStatus(status, 0);
    responseHeaders.set(header.STATUS, formatDecimal(<u64>status));
  }

  private editPiece(size: i32, endOfStream: bool): void {
    const rewriter = this.rewriter;
    if (rewriter === null) return;
    if (size > 0) {
      const piece = rewriter.push(readBuffer(BufferType.ResponseBody, size));
      this.tail.push(piece);
      replaceBuffer(BufferType.ResponseBody, piece);
    }
    if (!endOfStream) return;
    const rest = rewriter.end();
    this.tail.push(rest);
    appendBuffer(BufferType.ResponseBody, rest);
  }
}
