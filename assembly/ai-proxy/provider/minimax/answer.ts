import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerSink, TokenCounts } from "../../../chat/answer-sink";
import { SseDecoder } from "../../../chat/decode/sse-decoder";
import * as names from "../../../chat/names";
import { Kind } from "../../../json/document";
import { countAt, nodeAt, placeOf } from "../../../json/place";
import { parseDecimal } from "../../../text/decimal";
import { AnswerRules } from "../base/answer-rules";

const REPLY = Bytes.of("reply");
const LENGTH = Bytes.of("length");
const MAX_OUTPUT = Bytes.of("max_output");
const PROMPT = placeOf(["prompt_tokens"]);
const COMPLETION = placeOf(["completion_tokens"]);
const TOTAL = placeOf(["total_tokens"]);

/** Reads the answers of MiniMax's older chat API (`pro`). */
export class MinimaxProDecoder extends SseDecoder {
  constructor(
    sink: AnswerSink,
    private readonly rules: AnswerRules,
  ) {
    super(sink);
  }

  protected onObject(_type: Bytes): void {
    if (this.readError()) return;
    this.begin();
    const document = this.document;
    const choice = document.element(document.member(0, names.CHOICES), 0);
    const reason = document.text(document.member(choice, names.FINISH_REASON));
    // The last event repeats the whole reply.
    if (reason.length == 0) this.readMessages(choice);
    else this.readEnd(reason);
  }

  protected onWhole(): void {
    if (this.readError()) return;
    const document = this.document;
    const choice = document.element(document.member(0, names.CHOICES), 0);
    if (choice < 0) {
      this.fail(502, "upstream_incomplete", "the answer has no choice");
      return;
    }
    this.begin();
    const reply = document.text(document.member(0, REPLY));
    if (reply.length > 0) this.sink.text(reply);
    else this.readMessages(choice);
    this.readEnd(document.text(document.member(choice, names.FINISH_REASON)));
  }

  /** Returns whether the answer is an error; if so, fails with it. */
  private readError(): bool {
    const document = this.document;
    const code = this.rules.errorIn(document);
    if (code == 0) return false;
    const text = document.text(nodeAt(document, this.rules.messagePath));
    const message = text.length > 0 ? text.toString() : "the model's service refused";
    this.fail(this.rules.statusOf(code), this.rules.codeOf(code), message);
    return true;
  }

  private begin(): void {
    if (this.isStarted) return;
    const document = this.document;
    const created = parseDecimal(document.raw(document.member(0, names.CREATED)), 0);
    const model = document.text(document.member(0, names.MODEL));
    const id = document.text(document.member(0, names.ID));
    this.start(id, model, created);
  }

  private readMessages(choice: i32): void {
    const document = this.document;
    const messages = document.member(choice, names.MESSAGES);
    for (
      let message = document.firstItem(messages);
      message >= 0;
      message = document.after(message)
    ) {
      const text = document.text(document.member(message, names.TEXT));
      if (text.length > 0) this.sink.text(text);
    }
  }

  private readEnd(reason: Bytes): void {
    const document = this.document;
    const usage = document.member(0, names.USAGE);
    if (document.kind(usage) == Kind.Object) {
      const tokens = new TokenCounts();
      tokens.prompt = countAt(document, usage, PROMPT);
      tokens.completion = countAt(document, usage, COMPLETION);
      // Older answers have only the total.
      if (tokens.prompt + tokens.completion == 0)
        tokens.completion = countAt(document, usage, TOTAL);
      this.sink.usage(tokens);
    }
    this.sink.finish(reason.equals(LENGTH) || reason.equals(MAX_OUTPUT) ? LENGTH : names.STOP);
    this.complete();
  }
}
