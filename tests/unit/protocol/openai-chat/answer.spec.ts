import { AnswerFault } from "../../../../assembly/chat/answer-fault";
import { answer, faultOf } from "./answers";

describe("judging an answer", () => {
  it("takes one choice that stopped by itself or called tools", () => {
    expect(faultOf(answer('{"content":"x"}'))).toBe(AnswerFault.None);
    const calls = '{"content":null,"tool_calls":[{"id":"a"}]}';
    expect(faultOf(answer(calls, '"tool_calls"'))).toBe(AnswerFault.None);
  });

  it("refuses everything else", () => {
    expect(faultOf(answer('{"content":"x"}', '"length"'))).toBe(AnswerFault.FinishReason);
    expect(faultOf(answer('{"content":"x"}', '"content_filter"'))).toBe(AnswerFault.FinishReason);
    expect(faultOf(answer('{"content":"x"}', '"tool_calls"'))).toBe(AnswerFault.FinishReason);
    expect(faultOf(answer('{"content":"x"}', "null"))).toBe(AnswerFault.Unfinished);
    expect(faultOf(answer('{"content":" \\n"}'))).toBe(AnswerFault.Empty);
    expect(faultOf(answer('{"content":null}'))).toBe(AnswerFault.Empty);
    expect(faultOf(answer('{"content":["x"]}'))).toBe(AnswerFault.Empty);
    expect(faultOf(answer('{"content":"x","refusal":"no"}'))).toBe(AnswerFault.Refusal);
    expect(faultOf(answer('{"content":"x","function_call":{}}'))).toBe(AnswerFault.Shape);
    expect(faultOf(answer('"x"'))).toBe(AnswerFault.Shape);
    expect(faultOf('{"error":{"message":"x"}}')).toBe(AnswerFault.Error);
    expect(faultOf('{"choices":[]}')).toBe(AnswerFault.Choices);
    expect(faultOf('{"choices":{}}')).toBe(AnswerFault.Shape);
    expect(faultOf("[]")).toBe(AnswerFault.Shape);
  });
});
