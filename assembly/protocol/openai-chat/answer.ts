import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { areWhole } from "../../chat/answer-demand";
import { AnswerFault } from "../../chat/answer-fault";
import { AnswerView } from "../../chat/answer-view";
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
    if (!document.isAbsent(document.member(this.message, names.FUNCTION_CALL))) {
      return AnswerFault.Shape;
    }
    if (!document.isAbsent(document.member(this.message, names.REFUSAL)))
      return AnswerFault.Refusal;
    if (!calls && this.said.length == 0) return AnswerFault.Empty;
    return this.areCallsWhole ? AnswerFault.None : AnswerFault.Arguments;
  }

  /** Whether the arguments of all calls of functions are JSON. */
  private get areCallsWhole(): bool {
    const document = this.document;
    const calls = document.member(this.message, TOOL_CALLS);
    for (let call = document.first(calls); call >= 0; call = document.after(call)) {
      const made = document.member(document.member(call, names.FUNCTION), names.ARGUMENTS);
      if (!areWhole(document.text(made))) return false;
    }
    return true;
  }
}
