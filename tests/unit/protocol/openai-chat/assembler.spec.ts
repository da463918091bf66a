import { AnswerFault } from "../../../../assembly/chat/answer-fault";
import { answer, assemble, faultOf } from "./answers";

const HEAD = '{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m",';

function chunk(choice: string): string {
  return "data: " + HEAD + '"choices":[' + choice + "]}\n\n";
}

function delta(members: string): string {
  return chunk('{"index":0,"delta":{' + members + '},"finish_reason":null}');
}

const STOP = chunk('{"index":0,"delta":{},"finish_reason":"stop"}');

const DONE = "data: [DONE]\n\n";

describe("putting a stream together", () => {
  it("gives the JSON of the same answer", () => {
    const stream =
      delta('"role":"assistant","content":""') +
      delta('"content":"Hel\\"lo"') +
      delta('"content":" 中\\n"') +
      STOP +
      DONE;
    expect(assemble(stream)).toBe(answer('{"role":"assistant","content":"Hel\\"lo 中\\n"}'));
  });

  it("joins halves of a surrogate pair", () => {
    const stream = delta('"content":"\\ud83d"') + delta('"content":"\\ude00"') + STOP;
    expect(assemble(stream).includes('"content":"\\ud83d\\ude00"')).toBe(true);
  });

  it("keeps reasoning, usage and unknown members of the top", () => {
    const usage = 'data: {"id":"c1","choices":[],"usage":{"total_tokens":3},"timings":{"a":1}}\n\n';
    const json = assemble(
      delta('"reasoning_content":"why"') + delta('"content":"x"') + STOP + usage + DONE,
    );
    expect(json.includes('"reasoning_content":"why"')).toBe(true);
    expect(json.includes('"usage":{"total_tokens":3}')).toBe(true);
    expect(json.includes('"timings":{"a":1}')).toBe(true);
    expect(faultOf(json)).toBe(AnswerFault.None);
  });

  it("puts tool calls together by their index", () => {
    const stream =
      delta(
        '"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]',
      ) +
      delta('"tool_calls":[{"index":0,"function":{"arguments":"{\\"x\\""}}]') +
      delta(
        '"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":":1}"}}]',
      ) +
      chunk('{"index":0,"delta":{},"finish_reason":"tool_calls"}') +
      DONE;
    const json = assemble(stream);
    expect(
      json.includes(
        '"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]',
      ),
    ).toBe(true, json);
    expect(faultOf(json)).toBe(AnswerFault.None);
  });

  it("refuses what was not a complete good answer", () => {
    const text = delta('"content":"x"');
    expect(assemble("")).toBe(AnswerFault.Unfinished);
    expect(assemble(text)).toBe(AnswerFault.Unfinished);
    expect(assemble(text + DONE).includes(`"finish_reason":"stop"`)).toBe(true, "some tell none");
    expect(assemble(text + 'data: {"error":{"message":"x"}}\n\n' + STOP)).toBe(AnswerFault.Error);
    expect(assemble(text + "event: error\ndata: {}\n\n" + STOP)).toBe(AnswerFault.Error);
    expect(assemble(text + "data: {oops\n\n" + STOP)).toBe(AnswerFault.NotJson);
    expect(assemble(text + "data: [1]\n\n" + STOP)).toBe(AnswerFault.Shape);
    expect(assemble(chunk('{"index":1,"delta":{"content":"x"}}') + STOP)).toBe(AnswerFault.Choices);
    expect(assemble(chunk('{"index":0,"delta":{}},{"index":1,"delta":{}}') + STOP)).toBe(
      AnswerFault.Choices,
    );
    expect(assemble(delta('"refusal":"no"') + STOP)).toBe(AnswerFault.Refusal);
    const sound = delta('"audio":{"data":"x"}') + delta('"audio":{"data":"y"}');
    expect(assemble(sound + STOP)).toBe(AnswerFault.UnknownDelta);
    const parts = (first: string, second: string): string =>
      delta('"reasoning_details":[' + first + "]") + delta('"reasoning_details":[' + second + "]");
    // A part that is gone back to, a member that changes, what is no part.
    const gone = parts('{"type":"t","index":1,"text":"a"}', '{"type":"t","index":0,"text":"b"}');
    expect(assemble(gone + STOP)).toBe(AnswerFault.UnknownDelta);
    const other = parts(
      '{"type":"t","index":0,"text":"a","format":12}',
      '{"type":"t","index":0,"text":"b","format":34}',
    );
    expect(assemble(other + STOP)).toBe(AnswerFault.UnknownDelta);
    expect(assemble(parts("7", "8") + STOP)).toBe(AnswerFault.UnknownDelta);
    const signed = delta('"reasoning_signature":"a"') + delta('"reasoning_signature":"b"');
    expect(assemble(signed + STOP)).toBe(AnswerFault.UnknownDelta);
    expect(assemble(delta('"brand_new":"x"') + STOP)).toBe(AnswerFault.UnknownDelta);
    expect(assemble(delta('"tool_calls":[{"index":5,"id":"a"}]') + STOP)).toBe(
      AnswerFault.UnknownDelta,
    );
    expect(assemble(delta('"content":"' + "x".repeat(1001) + '"') + STOP)).toBe(
      AnswerFault.TooLarge,
    );
  });

  it("takes null and empty members of a delta for nothing", () => {
    const stream =
      delta('"role":"assistant","content":"x","refusal":null,"audio":null,"annotations":[]') + STOP;
    expect(faultOf(assemble(stream))).toBe(AnswerFault.None);
  });
});
