import { AnswerRules } from "./answer-rules";

/** `reasoningContentMode`. */
export namespace ReasoningMode {
  export const PassThrough: i32 = 0;
  export const Ignore: i32 = 1;
  export const Concat: i32 = 2;
}

/** What is to be changed in the answers of a provider. */
export class AnswerPlan {
  /** `ReasoningMode`. */
  reasoning: i32 = ReasoningMode.PassThrough;
  /** `promoteThinkingOnEmpty`: whether reasoning takes the place of a content that stays empty. */
  promotes: bool = false;

  constructor(readonly rules: AnswerRules) {}

  /** Whether answers pass as they are. */
  get isEmpty(): bool {
    return this.rules.isEmpty && this.reasoning == ReasoningMode.PassThrough && !this.promotes;
  }
}
