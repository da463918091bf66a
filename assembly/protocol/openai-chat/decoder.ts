import { Bytes } from "../../proxy-wasm/bytes";
import { Kind } from "../../json/document";
import { countAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";
import { AnswerSink, TokenCounts } from "../../chat/answer-sink";
import { statusOfError } from "../../chat/error-body";
import * as names from "../../chat/names";
import { ChatPartReader } from "../../chat/decode/chat-part";
import { SseDecoder } from "../../chat/decode/sse-decoder";

const PROMPT = placeOf(["prompt_tokens"]);
const COMPLETION = placeOf(["completion_tokens"]);
/** What some services call them, as in the Responses API. */
const INPUT = placeOf(["input_tokens"]);
const OUTPUT = placeOf(["output_tokens"]);
const CACHED = placeOf(["prompt_tokens_details", "cached_tokens"]);
/** Where Moonshot and Together count them. */
const CACHED_ABOVE = placeOf(["cached_tokens"]);
const REASONING = placeOf(["completion_tokens_details", "reasoning_tokens"]);

/** Reads OpenAI's chat completions. One choice is read: the first. */
export class ChatDecoder extends SseDecoder {
  private readonly parts: ChatPartReader;

  constructor(sink: AnswerSink) {
    super(sink);
    this.parts = new ChatPartReader(sink);
  }

  protected onObject(_type: Bytes): void {
    if (this.readError()) return;
    this.begin();
    const document = this.document;
    const choice = document.element(document.member(0, names.CHOICES), 0);
    // Some vendors repeat the whole message at the end of a stream.
    this.parts.read(document, document.member(choice, names.DELTA));
    this.parts.readFinish(document, choice);
    this.readUsage();
  }

  protected onSentinel(data: Bytes): void {
    if (!data.equals(names.DONE)) return;
    if (this.isStarted) this.complete();
    else this.fail(502, "upstream_incomplete", "the answer is empty");
  }

  protected get hasReason(): bool {
    return this.parts.isFinished;
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
    this.parts.read(document, document.member(choice, names.MESSAGE));
    this.parts.readFinish(document, choice);
    this.readUsage();
  }

  /** Whether the event is an error, which ends the answer. */
  private readError(): bool {
    const document = this.document;
    const error = document.member(0, names.ERROR);
    if (document.isAbsent(error)) return false;
    const message = document.text(document.member(error, names.MESSAGE));
    const text = message.length > 0 ? message.toString() : "the model's service failed";
    this.fail(statusOfError(document, error), "upstream_error", text);
    return true;
  }

  private begin(): void {
    if (this.isStarted) return;
    const document = this.document;
    const created = parseDecimal(document.raw(document.member(0, names.CREATED)), 0);
    this.start(
      document.text(document.member(0, names.ID)),
      document.text(document.member(0, names.MODEL)),
      created,
    );
  }

  private readUsage(): void {
    const usage = this.document.member(0, names.USAGE);
    if (this.document.kind(usage) != Kind.Object) return;
    const tokens = new TokenCounts();
    tokens.prompt = this.countOf(usage, PROMPT, INPUT);
    tokens.completion = this.countOf(usage, COMPLETION, OUTPUT);
    tokens.cached = this.countOf(usage, CACHED, CACHED_ABOVE);
    tokens.reasoning = countAt(this.document, usage, REASONING);
    this.sink.usage(tokens);
  }

  /** A count by its name, or by another. */
  private countOf(usage: i32, place: Bytes[], other: Bytes[]): i64 {
    const count = countAt(this.document, usage, place);
    return count > 0 ? count : countAt(this.document, usage, other);
  }
}
