import { AnswerFault } from "../../../chat/answer-fault";
import { CHOICES, FINISH_REASON, STOP, STREAM, TEXT } from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { Reason } from "../../report/reasons";
import { AnswerJudge } from "../whole/answer";
import { WholeFunction } from "../whole/function";

/** All choices have ended, and none is empty. */
class CompletionJudge extends AnswerJudge {
  answerFault(answer: JsonDocument): string {
    const choices = answer.member(0, CHOICES);
    if (answer.kind(choices) != Kind.Array || answer.size(choices) == 0) return AnswerFault.Shape;
    for (let choice = answer.first(choices); choice >= 0; choice = answer.after(choice)) {
      const text = answer.member(choice, TEXT);
      if (answer.kind(text) != Kind.String) return AnswerFault.Shape;
      const reason = answer.member(choice, FINISH_REASON);
      if (answer.isAbsent(reason)) return AnswerFault.Unfinished;
      if (!answer.text(reason).equals(STOP)) return AnswerFault.FinishReason;
      if (answer.text(text).length == 0) return AnswerFault.Empty;
    }
    return AnswerFault.None;
  }
}

/** OpenAI's legacy completions. JSON only: streams pass uncached. */
export class CompletionsFunction extends WholeFunction {
  constructor() {
    super("completions", false, ["/completions"], new CompletionJudge());
  }

  protected requestFault(document: JsonDocument): string {
    const stream = document.member(0, STREAM);
    const isWhole = document.isAbsent(stream) || document.kind(stream) == Kind.False;
    return isWhole ? "" : Reason.IneligibleStream;
  }
}
