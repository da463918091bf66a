import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";
import { AnswerSink, TokenCounts } from "../answer-sink";
import * as names from "../names";
import { SseDecoder } from "./sse-decoder";

const PROMPT = placeOf(["prompt_tokens"]);
const COMPLETION = placeOf(["completion_tokens"]);
const CACHED = placeOf(["prompt_tokens_details", "cached_tokens"]);
const REASONING = placeOf(["completion_tokens_details", "reasoning_tokens"]);
const SIGNATURE = Bytes.of("reasoning_signature");
const NULL_WORD = Bytes.of("null");
const CALL = Bytes.of("call_");
/** Calls of one answer; further ones are dropped. */
const MAX_CALLS: i32 = 1024;

/** Reads OpenAI's chat completions. One choice is read: the first. */
export class OpenAiDecoder extends SseDecoder {
  private isStarted: bool = false;
  private isFinished: bool = false;
  private readonly calls: Set<i32> = new Set();

  constructor(sink: AnswerSink) {
    super(sink);
  }

  protected onEvent(_type: Bytes): void {
    if (this.readError()) return;
    this.begin();
    const document = this.document;
    const choice = document.element(document.member(0, names.CHOICES), 0);
    // Some vendors repeat the whole message at the end of a stream.
    this.readPart(document.member(choice, names.DELTA));
    this.readFinish(choice);
    this.readUsage();
  }

  protected onWord(data: Bytes): void {
    if (!data.equals(names.DONE)) return;
    if (this.isStarted) this.complete();
    else this.fail(502, "upstream_incomplete", "the answer is empty");
  }

  protected onSilentEnd(): bool {
    return this.isFinished;
  }

  protected onWhole(): void {
    if (this.readError()) return;
    this.begin();
    const document = this.document;
    const choice = document.element(document.member(0, names.CHOICES), 0);
    if (choice < 0) {
      this.fail(502, "upstream_incomplete", "the answer has no choice");
      return;
    }
    this.readPart(document.member(choice, names.MESSAGE));
    this.readFinish(choice);
    this.readUsage();
  }

  /** Whether the event is an error, which ends the answer. */
  private readError(): bool {
    const document = this.document;
    const error = document.member(0, names.ERROR);
    if (document.isAbsent(error)) return false;
    const message = document.text(document.member(error, names.MESSAGE));
    const words = message.length > 0 ? message.toString() : "the model's service failed";
    this.fail(statusOf(document, error), "upstream_error", words);
    return true;
  }

  private begin(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    const document = this.document;
    const created = parseDecimal(document.raw(document.member(0, names.CREATED)), 0);
    this.sink.start(
      document.text(document.member(0, names.ID)),
      document.text(document.member(0, names.MODEL)),
      <u64>max<i64>(created, 0),
    );
  }

  private readPart(part: i32): void {
    const document = this.document;
    if (document.kind(part) != Kind.Object) return;
    let reasoning = document.text(document.member(part, names.REASONING_CONTENT));
    if (reasoning.length == 0) reasoning = document.text(document.member(part, names.REASONING));
    if (reasoning.length > 0) this.sink.reasoning(reasoning);
    const signature = document.text(document.member(part, SIGNATURE));
    if (signature.length > 0) this.sink.signature(signature);
    this.readContent(document.member(part, names.CONTENT));
    const refusal = document.text(document.member(part, names.REFUSAL));
    if (refusal.length > 0) this.sink.text(refusal);
    const calls = document.member(part, names.TOOL_CALLS);
    let call = calls + 1;
    for (let i = 0, n = document.size(calls); i < n; i++) {
      this.readCall(call, i);
      call = document.next(call);
    }
    const legacy = document.member(part, names.FUNCTION_CALL);
    if (document.kind(legacy) == Kind.Object) this.readFunction(legacy, 0, Bytes.empty());
  }

  /** A text, or parts of which the texts count. */
  private readContent(content: i32): void {
    const document = this.document;
    if (document.kind(content) == Kind.String) {
      const text = document.text(content);
      if (text.length > 0) this.sink.text(text);
      return;
    }
    if (document.kind(content) != Kind.Array) return;
    let part = content + 1;
    for (let left = document.size(content); left > 0; left--) {
      const text = document.text(document.member(part, names.TEXT));
      if (text.length > 0) this.sink.text(text);
      part = document.next(part);
    }
  }

  private readCall(call: i32, position: i32): void {
    const document = this.document;
    const raw = document.raw(document.member(call, names.INDEX));
    const index = <i32>parseDecimal(raw, <i64>position);
    const id = document.text(document.member(call, names.ID));
    this.readFunction(document.member(call, names.FUNCTION), index, id);
  }

  private readFunction(node: i32, index: i32, id: Bytes): void {
    const document = this.document;
    const name = document.text(document.member(node, names.NAME));
    if (!this.calls.has(index)) {
      if (name.length == 0 || this.calls.size >= MAX_CALLS) return;
      this.calls.add(index);
      this.sink.toolStart(index, id.length > 0 ? id : ownCallId(index), name);
    }
    const text = document.text(document.member(node, names.ARGUMENTS));
    if (text.length > 0) this.sink.toolArguments(index, text);
  }

  private readFinish(choice: i32): void {
    const document = this.document;
    const reason = document.text(document.member(choice, names.FINISH_REASON));
    if (reason.length == 0 || reason.equals(NULL_WORD)) return;
    this.isFinished = true;
    this.sink.finish(reason);
  }

  private readUsage(): void {
    const usage = this.document.member(0, names.USAGE);
    if (this.document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.prompt = countAt(this.document, usage, PROMPT);
    tokens.completion = countAt(this.document, usage, COMPLETION);
    tokens.cached = countAt(this.document, usage, CACHED);
    tokens.reasoning = countAt(this.document, usage, REASONING);
    this.sink.usage(tokens);
  }
}

/** A count at a place below `node`; 0 when there is none. */
export function countAt(document: JsonDocument, node: i32, place: Bytes[]): i64 {
  const at = nodeAt(document, place, -1, node);
  if (document.kind(at) != Kind.Number) return 0;
  return max<i64>(0, parseDecimal(document.raw(at), 0));
}

/** The HTTP status that an error inside an answer means, by its code; 502 when it does not say. */
function statusOf(document: JsonDocument, error: i32): i32 {
  const code = document.member(error, CODE);
  if (document.kind(code) != Kind.Number) return 502;
  const status = parseDecimal(document.raw(code), 0);
  return status >= 400 && status < 600 ? <i32>status : 502;
}

const CODE = Bytes.of("code");

/** An identifier for a call that came without one. */
export function ownCallId(index: i32): Bytes {
  return Bytes.of(CALL.toString() + index.toString());
}
