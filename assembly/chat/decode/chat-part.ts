import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { AnswerSink } from "../answer-sink";
import * as names from "../names";
import { isThought, partText } from "./content-list";
import { OpenCall, OpenCalls } from "./open-calls";

const SIGNATURE = Bytes.of("reasoning_signature");
const REASONING_DETAILS = Bytes.of("reasoning_details");
const DETAIL_SIGNATURE = Bytes.of("signature");
/** vLLM's name of the stop sequence that was met. */
const STOP_REASON = Bytes.of("stop_reason");
/** SGLang's name of it. */
const MATCHED_STOP = Bytes.of("matched_stop");
const NULL_TEXT = Bytes.of("null");
const ABORTED = "the model's service aborted the answer";

/** Reads a `message` or `delta` in OpenAI's form, which several vendors use. */
export class ChatPartReader {
  /** Whether the answer had a finish reason. */
  isFinished: bool = false;
  private readonly calls: OpenCalls = new OpenCalls();

  constructor(private readonly sink: AnswerSink) {}

  /** Reports the contents of a part. */
  read(document: JsonDocument, part: i32): void {
    if (document.kind(part) != Kind.Object) return;
    // The usual piece of a stream.
    if (document.size(part) == 1 && document.keyEquals(part + 1, names.CONTENT)) {
      this.readContent(document, part + 2);
      return;
    }
    let reasoning = document.text(document.member(part, names.REASONING_CONTENT));
    if (reasoning.length == 0) reasoning = document.text(document.member(part, names.REASONING));
    if (reasoning.length > 0) this.sink.reasoning(reasoning);
    const signature = document.text(document.member(part, SIGNATURE));
    if (signature.length > 0) this.sink.signature(signature);
    this.readDetails(document, document.member(part, REASONING_DETAILS));
    this.readContent(document, document.member(part, names.CONTENT));
    const refusal = document.text(document.member(part, names.REFUSAL));
    if (refusal.length > 0) this.sink.refusal(refusal);
    const calls = document.member(part, names.TOOL_CALLS);
    if (document.kind(calls) == Kind.Object) this.readCall(document, calls, 0);
    for (let call = document.firstItem(calls), i = 0; call >= 0; call = document.after(call), i++) {
      this.readCall(document, call, i);
    }
    const legacy = document.member(part, names.FUNCTION_CALL);
    if (document.kind(legacy) == Kind.Object) this.readFunction(document, legacy, 0, Bytes.empty());
  }

  /** Signatures in `reasoning_details`; their texts are in other members. */
  private readDetails(document: JsonDocument, details: i32): void {
    for (let detail = document.firstItem(details); detail >= 0; detail = document.after(detail)) {
      const value = document.text(document.member(detail, DETAIL_SIGNATURE));
      if (value.length > 0) this.sink.signature(value);
    }
  }

  /** A text, or the texts and thoughts of a list of parts. */
  private readContent(document: JsonDocument, content: i32): void {
    if (document.kind(content) == Kind.String) {
      const text = document.text(content);
      if (text.length > 0) this.sink.text(text);
      return;
    }
    if (document.kind(content) != Kind.Array) return;
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const text = partText(document, part);
      if (text.length == 0) continue;
      if (isThought(document, part)) this.sink.reasoning(text);
      else this.sink.text(text);
    }
  }

  private readCall(document: JsonDocument, call: i32, position: i32): void {
    const raw = document.raw(document.member(call, names.INDEX));
    const index = <i32>parseDecimal(raw, <i64>position);
    const id = document.text(document.member(call, names.ID));
    const google = document.member(document.member(call, names.EXTRA_CONTENT), names.GOOGLE);
    const signature = document.text(document.member(google, names.THOUGHT_SIGNATURE));
    if (signature.length > 0) this.sink.callSignature(signature);
    const called = document.member(call, names.FUNCTION);
    // Some models' answers have no object around name and arguments.
    this.readFunction(document, called >= 0 ? called : call, index, id);
  }

  private readFunction(document: JsonDocument, node: i32, index: i32, id: Bytes): void {
    const name = document.text(document.member(node, names.NAME));
    const call = this.calls.find(index, id, name);
    const json = document.member(node, names.ARGUMENTS);
    const isText = document.kind(json) == Kind.String;
    // Some vendors send an object instead of its JSON text.
    const text = isText || document.isAbsent(json) ? document.text(json) : document.raw(json);
    if (call === null) {
      this.calls.wait(index, id, text);
      return;
    }
    if (!call.isReported) {
      call.isReported = true;
      this.sink.toolStart(call.number, call.id, name);
      this.readArguments(call, call.early);
    }
    this.readArguments(call, text);
  }

  private readArguments(call: OpenCall, json: Bytes): void {
    if (json.length == 0) return;
    call.end.push(json);
    this.sink.toolArguments(call.number, json);
  }

  /** Why a choice has ended, if it has. */
  readFinish(document: JsonDocument, choice: i32): void {
    const reason = document.text(document.member(choice, names.FINISH_REASON));
    if (reason.length == 0 || reason.equals(NULL_TEXT)) return;
    this.isFinished = true;
    if (reason.equals(names.ERROR)) this.sink.fail(502, "upstream_incomplete", ABORTED);
    else {
      this.readStop(document, document.member(choice, STOP_REASON));
      this.readStop(document, document.member(choice, MATCHED_STOP));
      this.sink.finish(reason);
    }
  }

  /** The stop sequence that was met. Numbers are tokens, which the client has not named. */
  private readStop(document: JsonDocument, node: i32): void {
    const text = document.text(node);
    if (document.kind(node) == Kind.String && text.length > 0) this.sink.stopSequence(text);
  }
}
