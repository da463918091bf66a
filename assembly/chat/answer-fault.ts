/** Why an answer is not complete and good. The values appear in logs and metrics. */
export namespace AnswerFault {
  export const None = "";
  export const NotJson = "answer-not-json";
  export const Error = "answer-error";
  export const Shape = "answer-shape";
  export const Choices = "answer-choices";
  export const Unfinished = "answer-unfinished";
  export const FinishReason = "answer-finish-reason";
  export const Limit = "answer-limit";
  export const Refusal = "answer-refusal";
  export const Empty = "answer-empty";
  export const Arguments = "answer-arguments";
  export const Format = "answer-format";
  export const TooLarge = "answer-too-large";
  export const UnknownDelta = "answer-unknown-delta";
}
