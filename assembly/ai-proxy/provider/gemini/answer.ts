import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import { newAnswerId } from "../../../chat/answer-id";
import { AnswerSink, shortName, TokenCounts } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { Char } from "../../../proxy-wasm/char";

const CANDIDATES = Bytes.of("candidates");
const PARTS = Bytes.of("parts");
const SIGNATURE = Bytes.of("thoughtSignature");
const THOUGHT = Bytes.of("thought");
const FUNCTION_CALL = Bytes.of("functionCall");
const ARGS = Bytes.of("args");
const FINISH_REASON = Bytes.of("finishReason");
const FINISH_MESSAGE = Bytes.of("finishMessage");
const INLINE_DATA = Bytes.of("inlineData");
const MIME_TYPE = Bytes.of("mimeType");
const DATA = Bytes.of("data");
const IMAGE = Bytes.of("image/");
const RESPONSE_ID = Bytes.of("responseId");
const MODEL_VERSION = Bytes.of("modelVersion");
const USAGE = Bytes.of("usageMetadata");
const PROMPT_FEEDBACK = Bytes.of("promptFeedback");
const BLOCK_REASON = Bytes.of("blockReason");
const PROMPT = placeOf(["promptTokenCount"]);
const TOOL_PROMPT = placeOf(["toolUsePromptTokenCount"]);
const OUTPUT = placeOf(["candidatesTokenCount"]);
const THOUGHTS = placeOf(["thoughtsTokenCount"]);
const CACHED = placeOf(["cachedContentTokenCount"]);
const CODE = Bytes.of("code");
const STATUS = Bytes.of("status");
const CALL = Bytes.of("call_");
const NO_ARGUMENTS = Bytes.of("{}");
const LENGTH = Bytes.of("length");
const CONTENT_FILTER = Bytes.of("content_filter");
const MAX_TOKENS = "MAX_TOKENS";
const FILTERED: string[] = [
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
  "IMAGE_OTHER",
  "OTHER",
];
/** Finish reasons without an answer: the model's call was malformed or not allowed. */
const BROKEN: string[] = [
  "MALFORMED_FUNCTION_CALL",
  "MALFORMED_RESPONSE",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MISSING_THOUGHT_SIGNATURE",
];

/** Reads Gemini's `GenerateContentResponse`; a stream is a sequence of these. */
export class GeminiDecoder extends SseDecoder {
  private calls: i32 = 0;
  private id: Bytes = Bytes.empty();
  /** The first finish reason; reported at the end of the stream, because more content may follow it. */
  private reason: string = "";
  /** The vendor's message about it. */
  private details: string = "";

  constructor(sink: AnswerSink) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    this.read();
  }

  protected get hasReason(): bool {
    return this.reason.length > 0;
  }

  protected onSilentEnd(): bool {
    if (this.reason.length == 0) return false;
    this.finish();
    return true;
  }

  protected onWhole(): void {
    this.read();
    if (this.isOver) return;
    if (this.reason.length == 0) {
      this.fail(502, "upstream_incomplete", "the answer has no finish reason");
    } else this.finish();
  }

  private read(): void {
    const document = this.document;
    const error = document.member(0, names.ERROR);
    if (document.kind(error) == Kind.Object) {
      this.readError(error);
      return;
    }
    this.begin();
    const candidate = document.element(document.member(0, CANDIDATES), 0);
    const parts = document.member(document.member(candidate, names.CONTENT), PARTS);
    for (let part = document.first(parts); part >= 0; part = document.after(part)) {
      this.readPart(part);
    }
    this.readUsage(document.member(0, USAGE));
    const reason = document.text(document.member(candidate, FINISH_REASON));
    if (reason.length > 0 && this.reason.length == 0) {
      this.reason = reason.toString();
      const message = document.text(document.member(candidate, FINISH_MESSAGE)).toString();
      this.details = message.length > 0 ? message : this.reason;
    }
    const feedback = document.member(0, PROMPT_FEEDBACK);
    const isBlocked = document.text(document.member(feedback, BLOCK_REASON)).length > 0;
    if (isBlocked && candidate < 0) this.reason = FILTERED[0];
  }

  private begin(): void {
    if (this.isStarted) return;
    const document = this.document;
    const id = document.text(document.member(0, RESPONSE_ID));
    this.id = id.length > 0 ? shortName(id) : newAnswerId();
    this.start(this.id, document.text(document.member(0, MODEL_VERSION)));
  }

  private readPart(part: i32): void {
    const document = this.document;
    const text = document.text(document.member(part, names.TEXT));
    if (text.length > 0) {
      if (document.isTrue(document.member(part, THOUGHT))) this.sink.reasoning(text);
      else this.sink.text(text);
    }
    const inline = document.member(part, INLINE_DATA);
    const type = document.text(document.member(inline, MIME_TYPE));
    if (type.startsWith(IMAGE) && !document.isTrue(document.member(part, THOUGHT))) {
      this.sink.image(type, document.text(document.member(inline, DATA)));
    }
    const call = document.member(part, FUNCTION_CALL);
    if (document.kind(call) != Kind.Object) return;
    const index = this.calls++;
    const id = document.text(document.member(call, names.ID));
    const name = document.text(document.member(call, names.NAME));
    const signature = document.text(document.member(part, SIGNATURE));
    if (signature.length > 0) this.sink.callSignature(signature);
    this.sink.toolStart(index, id.length > 0 ? id : this.callId(index), name);
    const args = document.member(call, ARGS);
    const isObject = document.kind(args) == Kind.Object;
    this.sink.toolArguments(index, isObject ? document.raw(args) : NO_ARGUMENTS);
  }

  /** A call id that is unique across answers. */
  private callId(index: i32): Bytes {
    const out = new ByteWriter(this.id.length + 16).bytes(CALL).bytes(this.id);
    return out
      .byte(Char.Underscore)
      .decimal(<u64>index)
      .toBytes();
  }

  /** Counts are cumulative, so the last ones are the totals. */
  private readUsage(usage: i32): void {
    const document = this.document;
    if (document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.prompt = countAt(document, usage, PROMPT) + countAt(document, usage, TOOL_PROMPT);
    tokens.reasoning = countAt(document, usage, THOUGHTS);
    tokens.completion = countAt(document, usage, OUTPUT) + tokens.reasoning;
    tokens.cached = countAt(document, usage, CACHED);
    this.sink.usage(tokens);
  }

  private finish(): void {
    if (BROKEN.includes(this.reason)) {
      this.fail(502, this.reason, "the model's answer cannot be read: " + this.details);
      return;
    }
    let reason = this.calls > 0 ? names.TOOL_CALLS : names.STOP;
    if (this.reason == MAX_TOKENS) reason = LENGTH;
    else if (FILTERED.includes(this.reason)) reason = CONTENT_FILTER;
    this.sink.finish(reason);
  }

  private readError(error: i32): void {
    const document = this.document;
    const code = document.member(error, CODE);
    const status = parseDecimal(document.raw(code), 500);
    const word = document.text(document.member(error, STATUS)).toString();
    const message = document.text(document.member(error, names.MESSAGE)).toString();
    this.fail(
      status >= 400 && status < 600 ? <i32>status : 500,
      word.length > 0 ? word : "upstream_error",
      message.length > 0 ? message : "the model's service failed",
    );
  }
}
