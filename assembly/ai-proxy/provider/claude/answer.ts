import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, MAX_CALLS, TokenCounts } from "../../../chat/answer-sink";
import { callIdOf } from "../../../chat/call-id";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { statusOfError } from "./errors";

const MESSAGE_START = Bytes.of("message_start");
const BLOCK_START = Bytes.of("content_block_start");
const BLOCK_DELTA = Bytes.of("content_block_delta");
const MESSAGE_DELTA = Bytes.of("message_delta");
const MESSAGE_STOP = Bytes.of("message_stop");
const CONTENT_BLOCK = Bytes.of("content_block");
const TEXT_DELTA = Bytes.of("text_delta");
const THINKING_DELTA = Bytes.of("thinking_delta");
const SIGNATURE_DELTA = Bytes.of("signature_delta");
const INPUT_DELTA = Bytes.of("input_json_delta");
const PARTIAL_JSON = Bytes.of("partial_json");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const REDACTED = Bytes.of("redacted_thinking");
const DATA = Bytes.of("data");
const TOOL_USE = Bytes.of("tool_use");
const INPUT = Bytes.of("input");
const STOP_REASON = Bytes.of("stop_reason");
const INPUT_TOKENS = placeOf(["input_tokens"]);
const OUTPUT_TOKENS = placeOf(["output_tokens"]);
const READS = placeOf(["cache_read_input_tokens"]);
const WRITES = placeOf(["cache_creation_input_tokens"]);
const REASONING = placeOf(["output_tokens_details", "thinking_tokens"]);
const MAX_TOKENS = Bytes.of("max_tokens");
const WINDOW = Bytes.of("model_context_window_exceeded");
const REFUSAL = Bytes.of("refusal");
const LENGTH = Bytes.of("length");
const CONTENT_FILTER = Bytes.of("content_filter");
const NO_INPUT = Bytes.of("{}");

/** Reads answers of Anthropic's Messages API. */
export class ClaudeDecoder extends SseDecoder {
  private isFinished: bool = false;
  private readonly tokens: TokenCounts = new TokenCounts();
  private fresh: i64 = 0;
  /** Indices of tool calls by the indices of their blocks. */
  private readonly calls: Map<i32, i32> = new Map();

  constructor(sink: AnswerSink) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    const document = this.document;
    const node = document.member(0, names.TYPE);
    if (document.textIs(node, BLOCK_DELTA)) {
      this.readDelta();
      return;
    }
    const type = document.text(node);
    if (type.equals(BLOCK_START)) this.readBlock(document.member(0, CONTENT_BLOCK), true);
    else if (type.equals(MESSAGE_START)) this.readStart(document.member(0, names.MESSAGE));
    else if (type.equals(MESSAGE_DELTA)) {
      this.readUsage(document.member(0, names.USAGE));
      this.readStop(document.member(0, names.DELTA));
    } else if (type.equals(MESSAGE_STOP)) this.finishStream();
    else if (type.equals(names.ERROR)) this.readError();
  }

  protected get hasReason(): bool {
    return this.isFinished;
  }

  protected onWhole(): void {
    const document = this.document;
    if (document.text(document.member(0, names.TYPE)).equals(names.ERROR)) {
      this.readError();
      return;
    }
    this.readStart(0);
    const content = document.member(0, names.CONTENT);
    for (
      let block = document.first(content), i = 0;
      block >= 0;
      block = document.after(block), i++
    ) {
      this.readBlock(block, false, i);
    }
    this.readStop(0);
    if (!this.isFinished) this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private finishStream(): void {
    if (this.isFinished) this.complete();
    else this.fail(502, "upstream_incomplete", "the answer has no finish reason");
  }

  private readStart(message: i32): void {
    const document = this.document;
    const id = document.text(document.member(message, names.ID));
    this.start(id, document.text(document.member(message, names.MODEL)));
    this.readUsage(document.member(message, names.USAGE));
  }

  private readBlock(block: i32, isStream: bool, position: i32 = -1): void {
    const document = this.document;
    const type = document.text(document.member(block, names.TYPE));
    if (type.equals(names.TEXT)) {
      const text = document.text(document.member(block, names.TEXT));
      if (text.length > 0) this.sink.text(text);
    } else if (type.equals(THINKING)) {
      const text = document.text(document.member(block, THINKING));
      if (text.length > 0) this.sink.reasoning(text);
      const signature = document.text(document.member(block, SIGNATURE));
      if (signature.length > 0) this.sink.signature(signature);
    } else if (type.equals(REDACTED)) {
      this.sink.redacted(document.text(document.member(block, DATA)));
    } else if (type.equals(TOOL_USE)) {
      const call = this.calls.size;
      if (call >= MAX_CALLS) return;
      this.calls.set(position < 0 ? this.index : position, call);
      const id = document.text(document.member(block, names.ID));
      this.sink.toolStart(call, callIdOf(id), document.text(document.member(block, names.NAME)));
      const input = document.member(block, INPUT);
      const isObject = document.kind(input) == Kind.Object;
      if (isObject && document.size(input) > 0) {
        this.sink.toolArguments(call, document.raw(input));
      } else if (!isStream) this.sink.toolArguments(call, NO_INPUT);
    }
  }

  private get index(): i32 {
    const document = this.document;
    return <i32>parseDecimal(document.raw(document.member(0, names.INDEX)), -1);
  }

  private readDelta(): void {
    const document = this.document;
    const delta = document.member(0, names.DELTA);
    const node = document.member(delta, names.TYPE);
    if (document.textIs(node, TEXT_DELTA)) {
      this.sink.text(document.text(document.member(delta, names.TEXT)));
      return;
    }
    const type = document.text(node);
    if (type.equals(THINKING_DELTA)) {
      this.sink.reasoning(document.text(document.member(delta, THINKING)));
    } else if (type.equals(SIGNATURE_DELTA)) {
      this.sink.signature(document.text(document.member(delta, SIGNATURE)));
    } else if (type.equals(INPUT_DELTA)) {
      const index = this.index;
      if (!this.calls.has(index)) return;
      const piece = document.text(document.member(delta, PARTIAL_JSON));
      if (piece.length > 0) this.sink.toolArguments(this.calls.get(index), piece);
    }
  }

  /** Counts are cumulative: those of a later event replace earlier ones. */
  private readUsage(usage: i32): void {
    const document = this.document;
    if (document.kind(usage) != Kind.Object) return;
    const tokens = this.tokens;
    if (document.member(usage, INPUT_TOKENS[0]) >= 0) {
      this.fresh = countAt(document, usage, INPUT_TOKENS);
    }
    if (document.member(usage, READS[0]) >= 0) tokens.cached = countAt(document, usage, READS);
    if (document.member(usage, WRITES[0]) >= 0) {
      tokens.cacheWrites = countAt(document, usage, WRITES);
    }
    if (document.member(usage, OUTPUT_TOKENS[0]) >= 0) {
      tokens.completion = countAt(document, usage, OUTPUT_TOKENS);
    }
    const reasoning = countAt(document, usage, REASONING);
    if (reasoning > 0) tokens.reasoning = reasoning;
    tokens.prompt = this.fresh + tokens.cached + tokens.cacheWrites;
    this.sink.usage(tokens);
  }

  private readStop(holder: i32): void {
    const document = this.document;
    const word = document.text(document.member(holder, STOP_REASON));
    if (word.length == 0) return;
    this.isFinished = true;
    let reason = names.STOP;
    if (word.equals(MAX_TOKENS) || word.equals(WINDOW)) reason = LENGTH;
    else if (word.equals(TOOL_USE)) reason = names.TOOL_CALLS;
    else if (word.equals(REFUSAL)) reason = CONTENT_FILTER;
    this.sink.finish(reason);
  }

  private readError(): void {
    const document = this.document;
    const error = document.member(0, names.ERROR);
    const type = document.text(document.member(error, names.TYPE)).toString();
    const message = document.text(document.member(error, names.MESSAGE)).toString();
    const text = message.length > 0 ? message : "the model's service failed";
    this.fail(statusOfError(type), type.length > 0 ? type : "upstream_error", text);
  }
}
