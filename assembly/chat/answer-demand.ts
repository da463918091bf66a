import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";
import { JsonDocument } from "../json/document";
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
   * Why a complete answer does not meet it, `AnswerFault.None` when it does. An answer that is as long as it may be
   * has been cut, whatever its finish reason says: some servers say "stop" or "tool_calls" there.
   * `outputTokens`: of its usage, 0 when they are not known.
   */
  fault(answer: AnswerView, outputTokens: i64): string {
    if (this.mostTokens > 0 && outputTokens >= this.mostTokens) return AnswerFault.FinishReason;
    if (!this.isJson || answer.hasToolCalls || isJsonText(answer.said)) return AnswerFault.None;
    return AnswerFault.Format;
  }
}

/** Whether the arguments of a call, unescaped, are whole: JSON, or nothing at all. */
export function areWhole(callArguments: Bytes): bool {
  return callArguments.length == 0 || parses(callArguments);
}

/** Whether a text is JSON, alone or in one block of code. */
function isJsonText(text: Bytes): bool {
  let json = text;
  if (json.startsWith(FENCE)) {
    const line = json.indexOf(Char.LineFeed);
    if (line < 0 || !json.endsWith(FENCE)) return false;
    json = json.slice(line + 1, max(line + 1, json.length - FENCE.length));
  }
  return parses(json);
}

function parses(json: Bytes): bool {
  return new JsonDocument(min(4 + (json.length >> 3), 4096)).parse(json);
}
