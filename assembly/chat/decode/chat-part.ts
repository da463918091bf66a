import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { AnswerSink, MAX_CALLS } from "../answer-sink";
import * as names from "../names";

const SIGNATURE = Bytes.of("reasoning_signature");
const NULL_WORD = Bytes.of("null");
const CALL = Bytes.of("call_");

/** Reads a `message` or a `delta` of OpenAI's form, which several vendors have. */
export class ChatPartReader {
  /** Whether the answer has said why it ended. */
  isFinished: bool = false;
  private readonly calls: Set<i32> = new Set();

  constructor(private readonly sink: AnswerSink) {}

  /** Tells what a part says. */
  read(document: JsonDocument, part: i32): void {
    if (document.kind(part) != Kind.Object) return;
    let reasoning = document.text(document.member(part, names.REASONING_CONTENT));
    if (reasoning.length == 0) reasoning = document.text(document.member(part, names.REASONING));
    if (reasoning.length > 0) this.sink.reasoning(reasoning);
    const signature = document.text(document.member(part, SIGNATURE));
    if (signature.length > 0) this.sink.signature(signature);
    this.readContent(document, document.member(part, names.CONTENT));
    const refusal = document.text(document.member(part, names.REFUSAL));
    if (refusal.length > 0) this.sink.text(refusal);
    const calls = document.member(part, names.TOOL_CALLS);
    let call = calls + 1;
    for (let i = 0, n = document.size(calls); i < n; i++) {
      this.readCall(document, call, i);
      call = document.next(call);
    }
    const legacy = document.member(part, names.FUNCTION_CALL);
    if (document.kind(legacy) == Kind.Object) this.readFunction(document, legacy, 0, Bytes.empty());
  }

  /** A text, or parts of which the texts count. */
  private readContent(document: JsonDocument, content: i32): void {
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

  private readCall(document: JsonDocument, call: i32, position: i32): void {
    const raw = document.raw(document.member(call, names.INDEX));
    const index = <i32>parseDecimal(raw, <i64>position);
    const id = document.text(document.member(call, names.ID));
    this.readFunction(document, document.member(call, names.FUNCTION), index, id);
  }

  private readFunction(document: JsonDocument, node: i32, index: i32, id: Bytes): void {
    const name = document.text(document.member(node, names.NAME));
    if (!this.calls.has(index)) {
      if (name.length == 0 || this.calls.size >= MAX_CALLS) return;
      this.calls.add(index);
      this.sink.toolStart(index, id.length > 0 ? id : ownCallId(index), name);
    }
    const text = document.text(document.member(node, names.ARGUMENTS));
    if (text.length > 0) this.sink.toolArguments(index, text);
  }

  /** Why a choice has ended, if it has. */
  readFinish(document: JsonDocument, choice: i32): void {
    const reason = document.text(document.member(choice, names.FINISH_REASON));
    if (reason.length == 0 || reason.equals(NULL_WORD)) return;
    this.isFinished = true;
    this.sink.finish(reason);
  }
}

/** An identifier for a call that came without one. */
export function ownCallId(index: i32): Bytes {
  return Bytes.of(CALL.toString() + index.toString());
}
