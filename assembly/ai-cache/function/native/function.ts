import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerFault } from "../../../chat/answer-fault";
import { JsonDocument, Kind } from "../../../json/document";
import { Reason } from "../../report/reasons";
import { AnswerJudge } from "../whole/answer";
import { WholeFunction } from "../whole/function";

/** Members with vectors: Titan's and Nova's, Cohere's. */
const VECTORS: Bytes[] = [
  Bytes.of("embedding"),
  Bytes.of("embeddings"),
  Bytes.of("embeddingsByType"),
];
/** Members with the finish reason of native answers: Converse, Anthropic. */
const REASONS: Bytes[] = [Bytes.of("stopReason"), Bytes.of("stop_reason")];
/** Members with content. */
const CONTENTS: Bytes[] = [Bytes.of("output"), Bytes.of("content")];
const GOOD_ENDS: Bytes[] = [Bytes.of("end_turn"), Bytes.of("stop_sequence"), Bytes.of("tool_use")];
/** Members by which the vendor acts, or keeps changing state. */
const ACTING: Bytes[] = [
  Bytes.of("container"),
  Bytes.of("mcp_servers"),
  Bytes.of("guardrailConfig"),
  Bytes.of("promptVariables"),
];

const TOOL_CONFIG = Bytes.of("toolConfig");
const TOOLS = Bytes.of("tools");
/** A tool that the vendor runs, in Converse. */
const SYSTEM_TOOL = Bytes.of("systemTool");

/** An answer that is complete and good, as far as its form is known. */
class NativeJudge extends AnswerJudge {
  answerFault(answer: JsonDocument): string {
    for (let i = 0; i < VECTORS.length; i++) {
      if (answer.size(answer.member(0, VECTORS[i])) > 0) return AnswerFault.None;
    }
    for (let i = 0; i < REASONS.length; i++) {
      const reason = answer.member(0, REASONS[i]);
      if (answer.kind(reason) != Kind.String) continue;
      if (!answer.text(reason).isIn(GOOD_ENDS)) return AnswerFault.FinishReason;
      const isEmpty = answer.size(answer.member(0, CONTENTS[i])) == 0;
      return isEmpty ? AnswerFault.Empty : AnswerFault.None;
    }
    return AnswerFault.Shape;
  }
}

/**
 * Native requests of vendors' own libraries, with the model in the path: Bedrock's `invoke` and `converse`,
 * Anthropic's models on Vertex AI. Their streams pass uncached.
 */
export class NativeFunction extends WholeFunction {
  constructor() {
    const paths = ["/model/*/invoke", "/model/*/converse", "/models/*:rawPredict"];
    super("native", false, paths, new NativeJudge());
  }

  protected requestFault(document: JsonDocument): string {
    for (let i = 0; i < ACTING.length; i++) {
      if (!document.isAbsent(document.member(0, ACTING[i]))) return Reason.IneligibleActing;
    }
    const tools = document.member(document.member(0, TOOL_CONFIG), TOOLS);
    for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
      if (document.member(tool, SYSTEM_TOOL) >= 0) return Reason.IneligibleActing;
    }
    return "";
  }
}
