import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { hasOneOf } from "../../json/keys";
import { parseDecimal } from "../../text/decimal";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
import { areCallsWhole, isWholeText } from "../../chat/call-arguments";
import * as names from "../../chat/names";

/** Finish reasons of a normal end. */
const ENDS: Bytes[] = [
  names.STOP,
  Bytes.of("STOP"),
  Bytes.of("eos"),
  Bytes.of("eos_token"),
  Bytes.of("end_turn"),
  Bytes.of("stop_sequence"),
];
const TOOL_CALLS = names.TOOL_CALLS;
const UNCACHED: Bytes[] = [names.FUNCTION_CALL, Bytes.of("audio")];
/** Statuses of services that always answer 200. */
const BASE_RESPONSE = Bytes.of("base_resp");
const STATUS_CODE = Bytes.of("status_code");
const SENSITIVE: Bytes[] = [Bytes.of("input_sensitive"), Bytes.of("output_sensitive")];
const FILTER_RESULTS = Bytes.of("content_filter_results");
const FILTERED = Bytes.of("filtered");

/** A view of a complete OpenAI chat completion. */
export class ChatAnswer extends AnswerView {
  /** Nodes; −1 where the answer lacks the member. */
  readonly choice: i32;
  readonly message: i32;
  readonly usage: i32;

  constructor(document: JsonDocument) {
    super(document);
    this.choice = document.element(document.member(0, names.CHOICES), 0);
    this.message = document.member(this.choice, names.MESSAGE);
    this.usage = document.member(0, names.USAGE);
  }

  /** Whether the answer calls tools. */
  get hasToolCalls(): bool {
    return this.document.size(this.document.member(this.message, TOOL_CALLS)) > 0;
  }

  /** The answer's text, empty when it has none. */
  get text(): Bytes {
    return this.document.text(this.document.member(this.message, names.CONTENT));
  }

  /**
   * Why this answer is not cached, `AnswerFault.None` when it may be: it must be one choice that ended
   * normally (`stop`) or with tool calls, was not refused, and contains a text or a call.
   */
  fault(): string {
    const document = this.document;
    if (document.kind(0) != Kind.Object) return AnswerFault.Shape;
    if (!document.isAbsent(document.member(0, names.ERROR))) return AnswerFault.Error;
    const choices = document.member(0, names.CHOICES);
    if (document.kind(choices) != Kind.Array) return AnswerFault.Shape;
    if (document.size(choices) != 1) return AnswerFault.Choices;
    if (!document.isAbsent(document.member(this.choice, names.ERROR))) return AnswerFault.Error;
    if (document.kind(this.message) != Kind.Object) return AnswerFault.Shape;
    const reason = document.member(this.choice, names.FINISH_REASON);
    const isSilent = reason < 0 && !this.needsReason;
    if (!isSilent && document.kind(reason) != Kind.String) return AnswerFault.Unfinished;
    const calls = this.hasToolCalls;
    const word = document.text(reason);
    const isEnd = isSilent || word.isIn(ENDS);
    if (!isEnd && !(calls && word.equals(TOOL_CALLS))) return AnswerFault.FinishReason;
    // A later turn may refer to a sound by its identifier, until that expires.
    if (hasOneOf(document, this.message, UNCACHED)) return AnswerFault.Shape;
    if (!document.isAbsent(document.member(this.message, names.REFUSAL)) || this.isFiltered)
      return AnswerFault.Refusal;
    const status = document.member(document.member(0, BASE_RESPONSE), STATUS_CODE);
    if (status >= 0 && parseDecimal(document.raw(status), -1) != 0) return AnswerFault.Error;
    if (!calls && this.answerText.length == 0) return AnswerFault.Empty;
    const isWhole = areCallsWhole(document, document.member(this.message, TOOL_CALLS), isWholeCall);
    return isWhole ? AnswerFault.None : AnswerFault.Arguments;
  }

  /** Whether a filter has acted on the question or the answer, whatever the finish reason. */
  private get isFiltered(): bool {
    const document = this.document;
    for (let i = 0; i < SENSITIVE.length; i++) {
      if (document.isTrue(document.member(0, SENSITIVE[i]))) return true;
    }
    const results = document.member(this.choice, FILTER_RESULTS);
    if (document.kind(results) != Kind.Object) return false;
    for (let key = document.first(results); key >= 0; key = document.after(key + 1)) {
      if (document.isTrue(document.member(key + 1, FILTERED))) return true;
    }
    return false;
  }
}

function isWholeCall(document: JsonDocument, call: i32): bool {
  const called = document.member(call, names.FUNCTION);
  return isWholeText(document.text(document.member(called, names.ARGUMENTS)));
}
