import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";
import { isJson } from "../json/document";
import { AnswerFault } from "./answer-fault";
import { AnswerView } from "./answer-view";

const FENCE = Bytes.of("```");

/** What a request demands of its answer, as far as an answer shows whether it is met. */
export class AnswerDemand {
  constructor(
    /** Most output tokens, 0 for no limit. */
    readonly mostTokens: i64 = 0,
    /** Whether the text has to be JSON. */
    readonly isJson: bool = false,
  ) {}

  /**
   * Why a complete answer does not meet it, `AnswerFault.None` when it does. An answer of exactly as many tokens as
   * allowed has been cut, whatever its finish reason says: some servers say "stop" or "tool_calls" there. A longer
   * one has not: the limit was raised for the vendor, does not reach it, or leaves out reasoning.
   * `outputTokens`: of its usage, 0 when they are not known.
   */
  fault(answer: AnswerView, outputTokens: i64): string {
    if (this.mostTokens > 0 && outputTokens == this.mostTokens) return AnswerFault.Limit;
    if (!this.isJson || answer.hasToolCalls) return AnswerFault.None;
    // The whole text first: JSON may contain what looks like the end of reasoning.
    const isMet = isJsonText(answer.text.trim()) || isJsonText(answer.answerText);
    return isMet ? AnswerFault.None : AnswerFault.Format;
  }
}

/** Whether a text is JSON, alone or in one block of code. */
function isJsonText(text: Bytes): bool {
  let json = text;
  if (json.startsWith(FENCE)) {
    const line = json.indexOf(Char.LineFeed);
    if (line < 0 || !json.endsWith(FENCE)) return false;
    json = json.slice(line + 1, max(line + 1, json.length - FENCE.length));
  }
  return isJson(json);
}
