import { AnswerRules } from "../provider/base/answer-rules";

/** `reasoningContentMode`. */
export enum ReasoningMode {
  PassThrough = 0,
  Ignore = 1,
  Concat = 2,
}

/** Changes to the answers of a provider. */
export class AnswerPlan {
  reasoning: ReasoningMode = ReasoningMode.PassThrough;
  /** `promoteThinkingOnEmpty`: whether reasoning replaces an empty content. */
  promotes: bool = false;

  constructor(readonly rules: AnswerRules) {}

  /** Whether answers pass as they are. */
  get isEmpty(): bool {
    return this.rules.isEmpty && this.keepsReasoning;
  }

  /** Whether the events of streams pass as they are. */
  get keepsEvents(): bool {
    return this.rules.keepsEvents && this.keepsReasoning;
  }

  private get keepsReasoning(): bool {
    return this.reasoning == ReasoningMode.PassThrough && !this.promotes;
  }
}
