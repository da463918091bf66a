import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, MAX_CALLS, TokenCounts } from "../../../chat/answer-sink";
import { callIdOf } from "../../../chat/call-id";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Signer, signedBy } from "../../../chat/signature";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";

const RESPONSE = Bytes.of("response");
const CREATED = Bytes.of("response.created");
const COMPLETED = Bytes.of("response.completed");
const INCOMPLETE = Bytes.of("response.incomplete");
const FAILED = Bytes.of("response.failed");
const ITEM_ADDED = Bytes.of("response.output_item.added");
const ITEM_DONE = Bytes.of("response.output_item.done");
const TEXT_DELTA = Bytes.of("response.output_text.delta");
const REFUSAL_DELTA = Bytes.of("response.refusal.delta");
const SUMMARY_ADDED = Bytes.of("response.reasoning_summary_part.added");
const SUMMARY_DELTA = Bytes.of("response.reasoning_summary_text.delta");
const REASONING_DELTA = Bytes.of("response.reasoning_text.delta");
const ARGUMENTS_DELTA = Bytes.of("response.function_call_arguments.delta");
const ITEM = Bytes.of("item");
const OUTPUT = Bytes.of("output");
const OUTPUT_INDEX = Bytes.of("output_index");
const SUMMARY_INDEX = Bytes.of("summary_index");
const SUMMARY = Bytes.of("summary");
const ENCRYPTED_CONTENT = Bytes.of("encrypted_content");
const CALL_ID = Bytes.of("call_id");
const CREATED_AT = Bytes.of("created_at");
const STATUS = Bytes.of("status");
const STATUS_COMPLETED = Bytes.of("completed");
const STATUS_INCOMPLETE = Bytes.of("incomplete");
const INCOMPLETE_DETAILS = Bytes.of("incomplete_details");
const REASON = Bytes.of("reason");
const CONTENT_FILTER = Bytes.of("content_filter");
const LENGTH = Bytes.of("length");
const CODE = Bytes.of("code");
const PARAGRAPH = Bytes.of("\n\n");
const INPUT_TOKENS = placeOf(["input_tokens"]);
const OUTPUT_TOKENS = placeOf(["output_tokens"]);
const CACHED = placeOf(["input_tokens_details", "cached_tokens"]);
const REASONING = placeOf(["output_tokens_details", "reasoning_tokens"]);
/** Error codes that mean a bad request or a limit; `STATUSES` has their HTTP statuses. */
const CODES: string[] = [
  "rate_limit_exceeded",
  "context_length_exceeded",
  "invalid_prompt",
  "insufficient_quota",
];
const STATUSES: i32[] = [429, 400, 400, 429];

/** Reads answers of OpenAI's Responses API. */
export class ResponsesDecoder extends SseDecoder {
  /** Indices of tool calls by their items' `output_index`. */
  private readonly calls: Map<i32, i32> = new Map();
  /** The `output_index` of each call whose arguments arrived as deltas. */
  private readonly streamed: Set<i32> = new Set();

  constructor(sink: AnswerSink) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const type = document.text(document.member(0, names.TYPE));
    const delta = document.text(document.member(0, names.DELTA));
    if (type.equals(TEXT_DELTA)) this.sink.text(delta);
    else if (type.equals(REFUSAL_DELTA)) this.sink.refusal(delta);
    else if (type.equals(ARGUMENTS_DELTA)) this.readArguments(delta);
    else if (type.equals(SUMMARY_DELTA) || type.equals(REASONING_DELTA)) this.sink.reasoning(delta);
    else if (type.equals(SUMMARY_ADDED)) {
      if (this.numberAt(SUMMARY_INDEX) > 0) this.sink.reasoning(PARAGRAPH);
    } else if (type.equals(ITEM_ADDED)) {
      this.beginCall(document.member(0, ITEM), this.numberAt(OUTPUT_INDEX));
    } else if (type.equals(ITEM_DONE)) this.endItem(document.member(0, ITEM));
    else if (type.equals(CREATED)) this.begin(document.member(0, RESPONSE));
    else if (type.equals(COMPLETED) || type.equals(INCOMPLETE) || type.equals(FAILED)) {
      this.finish(document.member(0, RESPONSE));
      if (!this.isOver) this.complete();
    } else if (type.equals(names.ERROR)) {
      const error = document.member(0, names.ERROR);
      this.readError(document.kind(error) == Kind.Object ? error : 0);
    }
  }

  protected onWhole(): void {
    const document = this.document;
    const error = document.member(0, names.ERROR);
    if (document.member(0, OUTPUT) < 0 && document.kind(error) == Kind.Object) {
      this.readError(error);
      return;
    }
    const output = document.member(0, OUTPUT);
    if (document.kind(output) != Kind.Array) {
      this.fail(502, "upstream_incomplete", "the answer has no output");
      return;
    }
    this.begin(0);
    for (let item = document.first(output), i = 0; item >= 0; item = document.after(item), i++) {
      this.readItem(item, i);
    }
    this.finish(0);
  }

  private numberAt(name: Bytes): i32 {
    const document = this.document;
    return <i32>parseDecimal(document.raw(document.member(0, name)), -1);
  }

  private begin(response: i32): void {
    if (this.isStarted) return;
    const document = this.document;
    const created = parseDecimal(document.raw(document.member(response, CREATED_AT)), 0);
    this.start(
      document.text(document.member(response, names.ID)),
      document.text(document.member(response, names.MODEL)),
      created,
    );
  }

  private beginCall(item: i32, outputIndex: i32): void {
    const document = this.document;
    if (!document.text(document.member(item, names.TYPE)).equals(names.FUNCTION_CALL)) return;
    if (this.calls.has(outputIndex) || this.calls.size >= MAX_CALLS) return;
    const call = this.calls.size;
    this.calls.set(outputIndex, call);
    const id = document.text(document.member(item, CALL_ID));
    this.sink.toolStart(call, callIdOf(id), document.text(document.member(item, names.NAME)));
  }

  private readArguments(delta: Bytes): void {
    const outputIndex = this.numberAt(OUTPUT_INDEX);
    if (!this.calls.has(outputIndex) || delta.length == 0) return;
    this.streamed.add(outputIndex);
    this.sink.toolArguments(this.calls.get(outputIndex), delta);
  }

  /** Reads what is known only once an item is complete. */
  private endItem(item: i32): void {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    const outputIndex = this.numberAt(OUTPUT_INDEX);
    if (type.equals(names.REASONING)) this.sign(item);
    else if (type.equals(names.FUNCTION_CALL) && !this.streamed.has(outputIndex)) {
      this.beginCall(item, outputIndex);
      if (!this.calls.has(outputIndex)) return;
      const json = document.text(document.member(item, names.ARGUMENTS));
      this.sink.toolArguments(this.calls.get(outputIndex), json);
    }
  }

  private sign(item: i32): void {
    const document = this.document;
    const encrypted = document.text(document.member(item, ENCRYPTED_CONTENT));
    if (encrypted.length > 0) this.sink.signature(signedBy(Signer.OpenAi, encrypted));
  }

  /** Reads an item of a buffered answer. */
  private readItem(item: i32, outputIndex: i32): void {
    const document = this.document;
    const type = document.text(document.member(item, names.TYPE));
    if (type.equals(names.REASONING)) {
      this.readParts(document.member(item, SUMMARY), true);
      this.readParts(document.member(item, names.CONTENT), true);
      this.sign(item);
    } else if (type.equals(names.MESSAGE)) {
      this.readParts(document.member(item, names.CONTENT), false);
    } else if (type.equals(names.FUNCTION_CALL)) {
      this.beginCall(item, outputIndex);
      if (!this.calls.has(outputIndex)) return;
      const json = document.text(document.member(item, names.ARGUMENTS));
      this.sink.toolArguments(this.calls.get(outputIndex), json);
    }
  }

  private readParts(parts: i32, isReasoning: bool): void {
    const document = this.document;
    for (let part = document.firstItem(parts), i = 0; part >= 0; part = document.after(part), i++) {
      const text = document.text(document.member(part, names.TEXT));
      const refusal = document.text(document.member(part, names.REFUSAL));
      if (isReasoning) {
        if (i > 0) this.sink.reasoning(PARAGRAPH);
        if (text.length > 0) this.sink.reasoning(text);
      } else {
        if (text.length > 0) this.sink.text(text);
        if (refusal.length > 0) this.sink.refusal(refusal);
      }
    }
  }

  /** Reads usage and finish reason, or the error. */
  private finish(response: i32): void {
    const document = this.document;
    const status = document.text(document.member(response, STATUS));
    const error = document.member(response, names.ERROR);
    if (document.kind(error) == Kind.Object) {
      this.readError(error);
      return;
    }
    this.begin(response);
    this.readUsage(document.member(response, names.USAGE));
    if (status.equals(STATUS_INCOMPLETE)) {
      const details = document.member(response, INCOMPLETE_DETAILS);
      const why = document.text(document.member(details, REASON));
      this.sink.finish(why.equals(CONTENT_FILTER) ? CONTENT_FILTER : LENGTH);
    } else if (status.equals(STATUS_COMPLETED)) {
      this.sink.finish(this.calls.size > 0 ? names.TOOL_CALLS : names.STOP);
    } else this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private readUsage(usage: i32): void {
    const document = this.document;
    if (document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.prompt = countAt(document, usage, INPUT_TOKENS);
    tokens.completion = countAt(document, usage, OUTPUT_TOKENS);
    tokens.cached = countAt(document, usage, CACHED);
    tokens.reasoning = countAt(document, usage, REASONING);
    this.sink.usage(tokens);
  }

  /** `error`: the object with code and message. */
  private readError(error: i32): void {
    const document = this.document;
    const code = document.text(document.member(error, CODE)).toString();
    const message = document.text(document.member(error, names.MESSAGE)).toString();
    const known = CODES.indexOf(code);
    this.fail(
      known < 0 ? 502 : STATUSES[known],
      code.length > 0 ? code : "upstream_error",
      message.length > 0 ? message : "the model's service failed",
    );
  }
}
