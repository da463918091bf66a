import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, MAX_CALLS, TokenCounts } from "../../../chat/answer-sink";
import { callIdOf } from "../../../chat/call-id";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";

const RESPONSE = Bytes.of("Response");
const ERROR = Bytes.of("Error");
const CODE = Bytes.of("Code");
const MESSAGE = Bytes.of("Message");
const ERROR_MESSAGE = Bytes.of("ErrorMsg");
const MSG = Bytes.of("Msg");
const ID = Bytes.of("Id");
const CREATED = Bytes.of("Created");
const CHOICES = Bytes.of("Choices");
const DELTA = Bytes.of("Delta");
const CONTENT = Bytes.of("Content");
const REASONING = Bytes.of("ReasoningContent");
const TOOL_CALLS = Bytes.of("ToolCalls");
const INDEX = Bytes.of("Index");
const FUNCTION = Bytes.of("Function");
const NAME = Bytes.of("Name");
const ARGUMENTS = Bytes.of("Arguments");
const FINISH_REASON = Bytes.of("FinishReason");
const USAGE = Bytes.of("Usage");
const PROMPT = placeOf(["PromptTokens"]);
const COMPLETION = placeOf(["CompletionTokens"]);
const SENSITIVE = Bytes.of("sensitive");
const CONTENT_FILTER = Bytes.of("content_filter");

/** Reads Hunyuan's answers. They do not name the model. */
export class HunyuanDecoder extends SseDecoder {
  private isFinished: bool = false;
  private readonly calls: Set<i32> = new Set();

  constructor(
    sink: AnswerSink,
    private readonly model: Bytes,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const fault = document.member(0, ERROR_MESSAGE);
    if (document.kind(fault) == Kind.Object) {
      const code = document.raw(document.member(fault, CODE)).toString();
      this.failFrom(code, document.text(document.member(fault, MSG)));
    } else if (document.kind(document.member(0, RESPONSE)) == Kind.Object) this.onWhole();
    else this.read(0, DELTA);
  }

  protected get hasReason(): bool {
    return this.isFinished;
  }

  protected onWhole(): void {
    const document = this.document;
    const response = document.member(0, RESPONSE);
    const error = document.member(response, ERROR);
    if (document.kind(error) == Kind.Object) {
      const code = document.text(document.member(error, CODE)).toString();
      this.failFrom(code, document.text(document.member(error, MESSAGE)));
      return;
    }
    this.read(response, MESSAGE);
    if (this.isOver || this.isFinished) return;
    this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private read(holder: i32, part: Bytes): void {
    const document = this.document;
    const choice = document.element(document.member(holder, CHOICES), 0);
    if (!this.isStarted) {
      const created = parseDecimal(document.raw(document.member(holder, CREATED)), 0);
      const id = document.text(document.member(holder, ID));
      this.start(id, this.model, created);
    }
    this.readPart(document.member(choice, part));
    const usage = document.member(holder, USAGE);
    if (document.kind(usage) == Kind.Object) {
      const tokens = new TokenCounts();
      tokens.prompt = countAt(document, usage, PROMPT);
      tokens.completion = countAt(document, usage, COMPLETION);
      this.sink.usage(tokens);
    }
    const reason = document.text(document.member(choice, FINISH_REASON));
    if (reason.length == 0) return;
    this.isFinished = true;
    this.sink.finish(reason.equals(SENSITIVE) ? CONTENT_FILTER : reason);
  }

  private readPart(part: i32): void {
    const document = this.document;
    const thoughts = document.text(document.member(part, REASONING));
    if (thoughts.length > 0) this.sink.reasoning(thoughts);
    const text = document.text(document.member(part, CONTENT));
    if (text.length > 0) this.sink.text(text);
    const calls = document.member(part, TOOL_CALLS);
    for (let call = document.first(calls), i = 0; call >= 0; call = document.after(call), i++) {
      this.readCall(call, i);
    }
  }

  private readCall(call: i32, position: i32): void {
    const document = this.document;
    const raw = document.raw(document.member(call, INDEX));
    const index = <i32>parseDecimal(raw, <i64>position);
    const definition = document.member(call, FUNCTION);
    const name = document.text(document.member(definition, NAME));
    if (!this.calls.has(index)) {
      if (name.length == 0 || this.calls.size >= MAX_CALLS) return;
      this.calls.add(index);
      this.sink.toolStart(index, callIdOf(document.text(document.member(call, ID))), name);
    }
    const piece = document.text(document.member(definition, ARGUMENTS));
    if (piece.length > 0) this.sink.toolArguments(index, piece);
  }

  private failFrom(code: string, message: Bytes): void {
    const text = message.length > 0 ? message.toString() : "the model's service failed";
    this.fail(statusOfTencent(code), code.length > 0 ? code : "upstream_error", text);
  }
}

/** The HTTP status for one of Tencent's error codes. */
export function statusOfTencent(code: string): i32 {
  if (code.startsWith("AuthFailure")) return 401;
  // Of a value, not of the account or the engine (`FailedOperation.EngineServerLimitExceeded`).
  if (code.startsWith("InvalidParameter")) return 400;
  if (code.includes("LimitExceeded")) return 429;
  if (
    code.includes("PackExhausted") ||
    code.endsWith("Arrears") ||
    code.endsWith("PayModeExceed")
  ) {
    return 402;
  }
  if (code.startsWith("UnauthorizedOperation") || code.endsWith("NotActivated")) return 403;
  if (code.endsWith("UserUnAuthError")) return 403;
  if (
    code.startsWith("Invalid") ||
    code.startsWith("MissingParameter") ||
    code.startsWith("Unknown") ||
    code.startsWith("Unsupported") ||
    code.startsWith("OperationDenied")
  ) {
    return 400;
  }
  return 500;
}
