import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, MAX_CALLS, TokenCounts } from "../../../chat/answer-sink";
import { callIdOf } from "../../../chat/call-id";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";

const MESSAGE_START = Bytes.of("message-start");
const CONTENT_DELTA = Bytes.of("content-delta");
const PLAN_DELTA = Bytes.of("tool-plan-delta");
const CALL_START = Bytes.of("tool-call-start");
const CALL_DELTA = Bytes.of("tool-call-delta");
const MESSAGE_END = Bytes.of("message-end");
const TOOL_PLAN = Bytes.of("tool_plan");
const THINKING = Bytes.of("thinking");
const INPUT = placeOf(["tokens", "input_tokens"]);
const OUTPUT = placeOf(["tokens", "output_tokens"]);
const BILLED_INPUT = placeOf(["billed_units", "input_tokens"]);
const BILLED_OUTPUT = placeOf(["billed_units", "output_tokens"]);
const CACHED = placeOf(["cached_tokens"]);
const LENGTH = Bytes.of("length");
const CONTENT_FILTER = Bytes.of("content_filter");

/** Reads answers of Cohere's Chat API, version 2. They do not name the model. */
export class CohereDecoder extends SseDecoder {
  private calls: i32 = 0;

  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const type = document.text(document.member(0, names.TYPE));
    const delta = document.member(0, names.DELTA);
    const message = document.member(delta, names.MESSAGE);
    if (type.equals(CONTENT_DELTA)) this.readContent(document.member(message, names.CONTENT));
    else if (type.equals(PLAN_DELTA)) {
      this.sink.reasoning(document.text(document.member(message, TOOL_PLAN)));
    } else if (type.equals(CALL_START)) this.readCall(document.member(message, names.TOOL_CALLS));
    else if (type.equals(CALL_DELTA)) {
      this.readArguments(document.member(message, names.TOOL_CALLS));
    } else if (type.equals(MESSAGE_START)) {
      this.start(document.text(document.member(0, names.ID)), this.model);
    } else if (type.equals(MESSAGE_END)) this.readEnd(delta);
  }

  protected onWhole(): void {
    const document = this.document;
    this.start(document.text(document.member(0, names.ID)), this.model);
    const message = document.member(0, names.MESSAGE);
    const plan = document.text(document.member(message, TOOL_PLAN));
    if (plan.length > 0) this.sink.reasoning(plan);
    const content = document.member(message, names.CONTENT);
    for (let block = document.first(content); block >= 0; block = document.after(block)) {
      this.readContent(block);
    }
    const calls = document.member(message, names.TOOL_CALLS);
    for (let call = document.firstItem(calls); call >= 0; call = document.after(call)) {
      this.readCall(call);
    }
    this.readEnd(0);
    if (!this.isOver) this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private readContent(block: i32): void {
    const document = this.document;
    const text = document.text(document.member(block, names.TEXT));
    if (text.length > 0) this.sink.text(text);
    const thoughts = document.text(document.member(block, THINKING));
    if (thoughts.length > 0) this.sink.reasoning(thoughts);
  }

  private readCall(call: i32): void {
    const document = this.document;
    if (document.kind(call) != Kind.Object || this.calls >= MAX_CALLS) return;
    const definition = document.member(call, names.FUNCTION);
    const name = document.text(document.member(definition, names.NAME));
    this.sink.toolStart(
      this.calls++,
      callIdOf(document.text(document.member(call, names.ID))),
      name,
    );
    this.readArguments(call);
  }

  /** Argument deltas belong to the call that began last. */
  private readArguments(call: i32): void {
    const document = this.document;
    const definition = document.member(call, names.FUNCTION);
    const piece = document.text(document.member(definition, names.ARGUMENTS));
    if (piece.length > 0 && this.calls > 0) this.sink.toolArguments(this.calls - 1, piece);
  }

  private readEnd(holder: i32): void {
    const document = this.document;
    const usage = document.member(holder, names.USAGE);
    if (document.kind(usage) == Kind.Object) {
      const tokens = new TokenCounts();
      tokens.prompt = countAt(document, usage, INPUT);
      tokens.completion = countAt(document, usage, OUTPUT);
      if (tokens.prompt == 0) tokens.prompt = countAt(document, usage, BILLED_INPUT);
      if (tokens.completion == 0) tokens.completion = countAt(document, usage, BILLED_OUTPUT);
      tokens.cached = countAt(document, usage, CACHED);
      this.sink.usage(tokens);
    }
    const word = document.text(document.member(holder, names.FINISH_REASON)).toString();
    if (word.length == 0) return;
    if (word == "ERROR" || word == "TIMEOUT") {
      this.fail(502, word.toLowerCase(), "the model's service failed");
      return;
    }
    let reason = names.STOP;
    if (word == "MAX_TOKENS") reason = LENGTH;
    else if (word == "TOOL_CALL") reason = names.TOOL_CALLS;
    else if (word == "ERROR_TOXIC") reason = CONTENT_FILTER;
    this.sink.finish(reason);
    this.complete();
  }
}
