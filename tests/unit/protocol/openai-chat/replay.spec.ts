import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { ChatAnswer } from "../../../../assembly/protocol/openai-chat/answer";
import { ChatReplay } from "../../../../assembly/protocol/openai-chat/replay";
import { JsonDocument } from "../../../../assembly/json/document";
import { answer, assemble } from "./answers";

function replay(json: string, usage: bool): string {
  const document = new JsonDocument();
  document.parse(Bytes.of(json));
  return ChatReplay.write(new ChatAnswer(document), usage).toString();
}

describe("replaying as a stream", () => {
  it("gives back the same answer when it is reassembled", () => {
    const answers = [
      answer('{"role":"assistant","content":"short"}'),
      answer('{"role":"assistant","content":"' + "words and more words, ".repeat(40) + '"}'),
      answer('{"role":"assistant","content":"' + "字".repeat(300) + '"}'),
      answer('{"role":"assistant","content":"' + "\\ud83d\\ude00\\n\\\\\\u0041".repeat(40) + '"}'),
      answer('{"role":"assistant","content":"x","reasoning_content":"because"}'),
      answer(
        '{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}}]}',
        '"tool_calls"',
      ),
    ];
    for (let i = 0; i < answers.length; i++)
      expect(assemble(replay(answers[i], true))).toBe(answers[i]);
  });

  it("writes single-line events from pretty-printed JSON", () => {
    const pretty =
      '{\n "id": "c1",\n "service_tier": "x",\n "choices": [\n {\n "index": 0,\n "message": {"content": "hi", "annotations": [ {"a":\n 1} ]},\n "finish_reason": "stop" } ],\n "usage": {\n "total_tokens": 1 }\n}';
    const stream = replay(pretty, true);
    expect(stream.includes('"annotations":[{"a":1}]')).toBe(true, stream);
    expect(stream.includes('"choices":[],"usage":{"total_tokens":1}}')).toBe(true, stream);
    expect(stream.endsWith("data: [DONE]\n\n")).toBe(true);
    const lines = stream.split("\n");
    for (let i = 0; i < lines.length; i++) {
      expect(lines[i].length == 0 || lines[i].startsWith("data: ")).toBe(true, lines[i]);
    }
  });

  it("sends usage only if it was asked for", () => {
    const json = '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"a":1}}';
    expect(replay(json, false).includes("usage")).toBe(false);
    expect(replay(json, true).includes('"usage":{"a":1}')).toBe(true);
  });

  it("keeps log probabilities with the text they belong to", () => {
    const json =
      '{"choices":[{"message":{"content":"x"},"logprobs":{"content":[1]},"finish_reason":"stop"}]}';
    expect(
      replay(json, false).includes(
        '"delta":{"content":"x"},"logprobs":{"content":[1]},"finish_reason":null',
      ),
    ).toBe(true);
  });
});
