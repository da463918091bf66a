import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerDecoder, AnswerSink, TokenCounts } from "../../../chat/answer-sink";
import { callIdOf } from "../../../chat/call-id";
import * as names from "../../../chat/names";
import { EventStreamFrames, EventStreamHandler } from "../../../http/aws-event-stream";
import { JsonDocument, Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { StreamException } from "./exceptions";

const EVENT = Bytes.of("event");
const MESSAGE_START = Bytes.of("messageStart");
const BLOCK_START = Bytes.of("contentBlockStart");
const BLOCK_DELTA = Bytes.of("contentBlockDelta");
const MESSAGE_STOP = Bytes.of("messageStop");
const METADATA = Bytes.of("metadata");
const START = Bytes.of("start");
const BLOCK_INDEX = Bytes.of("contentBlockIndex");
const TOOL_USE = Bytes.of("toolUse");
const TOOL_USE_ID = Bytes.of("toolUseId");
const INPUT = Bytes.of("input");
const REASONING = Bytes.of("reasoningContent");
const REASONING_TEXT = Bytes.of("reasoningText");
const SIGNATURE = Bytes.of("signature");
const REDACTED = Bytes.of("redactedContent");
const STOP_REASON = Bytes.of("stopReason");
const OUTPUT = Bytes.of("output");
const INPUT_TOKENS = placeOf(["inputTokens"]);
const OUTPUT_TOKENS = placeOf(["outputTokens"]);
const READS = placeOf(["cacheReadInputTokens"]);
const WRITES = placeOf(["cacheWriteInputTokens"]);
const LENGTH = Bytes.of("length");
const CONTENT_FILTER = Bytes.of("content_filter");
const NO_INPUT = Bytes.of("{}");
const MESSAGE = Bytes.of("message");

/** Reads Bedrock's Converse answers, which have neither an id nor the model's name. */
export class BedrockDecoder extends AnswerDecoder implements EventStreamHandler {
  private readonly frames: EventStreamFrames = new EventStreamFrames();
  private readonly document: JsonDocument = new JsonDocument();
  /** Indices of tool calls by the indices of their blocks. */
  private readonly calls: Map<i32, i32> = new Map();
  private isStarted: bool = false;
  private isFinished: bool = false;
  private isOver: bool = false;

  constructor(
    sink: AnswerSink,
    private readonly id: Bytes,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  held(): i32 {
    return this.frames.held;
  }

  push(chunk: Bytes): void {
    if (this.isOver) return;
    this.frames.push(chunk, this);
    if (this.frames.isBroken) this.fail(502, "upstream_incomplete", "the stream is damaged");
  }

  get isEnding(): bool {
    return !this.isOver && this.isFinished;
  }

  end(): void {
    if (this.isOver) return;
    if (this.isFinished && this.frames.isComplete) {
      this.isOver = true;
      this.sink.end();
    } else this.fail(502, "upstream_incomplete", "the answer was cut off");
  }

  whole(body: Bytes): void {
    if (this.isOver) return;
    const document = this.document;
    const message = document.parse(body)
      ? document.member(document.member(0, OUTPUT), MESSAGE)
      : -1;
    if (message < 0) {
      this.fail(502, "upstream_incomplete", "the answer is not valid");
      return;
    }
    this.begin();
    const content = document.member(message, names.CONTENT);
    for (
      let block = document.first(content), i = 0;
      block >= 0;
      block = document.after(block), i++
    ) {
      this.readBlock(block, i);
    }
    this.readUsage();
    this.readStop();
    if (this.isOver) return;
    if (!this.isFinished) {
      this.fail(502, "upstream_incomplete", "the answer has no finish reason");
      return;
    }
    this.isOver = true;
    this.sink.end();
  }

  /** Called by `frames` for each message. */
  onMessage(type: Bytes, name: Bytes, payload: Bytes): void {
    if (this.isOver) return;
    const document = this.document;
    const isObject = document.parse(payload) && document.kind(0) == Kind.Object;
    if (!type.equals(EVENT)) {
      this.readException(name, isObject);
      return;
    }
    if (!isObject) return;
    if (name.equals(BLOCK_DELTA)) this.readDelta(document.member(0, names.DELTA));
    else if (name.equals(MESSAGE_START)) this.begin();
    else if (name.equals(BLOCK_START)) {
      const use = document.member(document.member(0, START), TOOL_USE);
      if (document.kind(use) == Kind.Object) this.beginCall(use, this.blockIndex);
    } else if (name.equals(MESSAGE_STOP)) this.readStop();
    else if (name.equals(METADATA)) this.readUsage();
  }

  private begin(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.sink.start(this.id, this.model, 0);
  }

  private get blockIndex(): i32 {
    const document = this.document;
    return <i32>parseDecimal(document.raw(document.member(0, BLOCK_INDEX)), -1);
  }

  private beginCall(use: i32, block: i32): i32 {
    const document = this.document;
    const call = this.calls.size;
    this.calls.set(block, call);
    const id = document.text(document.member(use, TOOL_USE_ID));
    this.sink.toolStart(call, callIdOf(id), document.text(document.member(use, names.NAME)));
    return call;
  }

  private readDelta(delta: i32): void {
    const document = this.document;
    this.begin();
    const text = document.text(document.member(delta, names.TEXT));
    if (text.length > 0) this.sink.text(text);
    const use = document.member(delta, TOOL_USE);
    const index = this.blockIndex;
    if (use >= 0 && this.calls.has(index)) {
      const piece = document.text(document.member(use, INPUT));
      if (piece.length > 0) this.sink.toolArguments(this.calls.get(index), piece);
    }
    const reasoning = document.member(delta, REASONING);
    if (reasoning >= 0) this.readReasoning(reasoning);
  }

  private readReasoning(reasoning: i32): void {
    const document = this.document;
    const text = document.text(document.member(reasoning, names.TEXT));
    if (text.length > 0) this.sink.reasoning(text);
    const signature = document.text(document.member(reasoning, SIGNATURE));
    if (signature.length > 0) this.sink.signature(signature);
    const hidden = document.text(document.member(reasoning, REDACTED));
    if (hidden.length > 0) this.sink.redacted(hidden);
  }

  private readBlock(block: i32, position: i32): void {
    const document = this.document;
    const text = document.text(document.member(block, names.TEXT));
    if (text.length > 0) this.sink.text(text);
    const reasoning = document.member(block, REASONING);
    const readable = document.member(reasoning, REASONING_TEXT);
    if (reasoning >= 0) this.readReasoning(readable >= 0 ? readable : reasoning);
    const use = document.member(block, TOOL_USE);
    if (document.kind(use) != Kind.Object) return;
    const call = this.beginCall(use, position);
    const input = document.member(use, INPUT);
    const isObject = document.kind(input) == Kind.Object;
    this.sink.toolArguments(call, isObject ? document.raw(input) : NO_INPUT);
  }

  private readUsage(): void {
    const document = this.document;
    const usage = document.member(0, names.USAGE);
    if (document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.cached = countAt(document, usage, READS);
    tokens.cacheWrites = countAt(document, usage, WRITES);
    const fresh = countAt(document, usage, INPUT_TOKENS);
    tokens.prompt = fresh + tokens.cached + tokens.cacheWrites;
    tokens.completion = countAt(document, usage, OUTPUT_TOKENS);
    this.sink.usage(tokens);
  }

  private readStop(): void {
    const document = this.document;
    const word = document.text(document.member(0, STOP_REASON)).toString();
    if (word.length == 0) return;
    this.isFinished = true;
    if (word.startsWith("malformed_")) {
      this.fail(502, word, "the model's answer cannot be read");
      return;
    }
    let reason = names.STOP;
    if (word == "tool_use") reason = names.TOOL_CALLS;
    else if (word == "max_tokens" || word == "model_context_window_exceeded") reason = LENGTH;
    else if (word == "guardrail_intervened" || word == "content_filtered") reason = CONTENT_FILTER;
    this.sink.finish(reason);
  }

  private readException(name: Bytes, isObject: bool): void {
    const exception = new StreamException(name, isObject ? this.document : null);
    this.fail(exception.status, exception.code, exception.message);
  }

  private fail(status: i32, code: string, message: string): void {
    this.isOver = true;
    this.sink.fail(status, code, message);
  }
}
