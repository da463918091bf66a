import { Bytes } from "../../../assembly/proxy-wasm/bytes";
import { ChatAnswer } from "../../../assembly/protocol/openai-chat/answer";
import { AnswerFault } from "../../../assembly/chat/answer-fault";
import { ChatReplay } from "../../../assembly/protocol/openai-chat/replay";
import { NEUTRAL } from "../../../assembly/protocol/registry";
import { ChatAssembler } from "../../../assembly/protocol/openai-chat/assembler";
import { SseParser } from "../../../assembly/http/sse";
import { JsonDocument } from "../../../assembly/json/document";

const HEAD = '{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m",';

function chunk(choice: string): string {
  return "data: " + HEAD + '"choices":[' + choice + "]}\n\n";
}

function delta(members: string): string {
  return chunk('{"index":0,"delta":{' + members + '},"finish_reason":null}');
}

const STOP = chunk('{"index":0,"delta":{},"finish_reason":"stop"}');
const DONE = "data: [DONE]\n\n";

function assemble(stream: string): string {
  const assembler = new ChatAssembler(1000, true);
  const parser = new SseParser(10000);
  parser.push(Bytes.of(stream), assembler);
  parser.end(assembler);
  const answer = assembler.assemble();
  return answer === null ? assembler.fault : answer.toString();
}

function faultOf(json: string): string {
  const document = new JsonDocument();
  return document.parse(Bytes.of(json)) ? new ChatAnswer(document).fault() : "no JSON";
}

function replay(json: string, usage: bool): string {
  const document = new JsonDocument();
  document.parse(Bytes.of(json));
  return ChatReplay.write(new ChatAnswer(document), usage).toString();
}

function answer(message: string, reason: string = '"stop"'): string {
  return (
    '{"id":"c1","created":7,"model":"m","object":"chat.completion","choices":[{"index":0,"message":' +
    message +
    ',"logprobs":null,"finish_reason":' +
    reason +
    "}]}"
  );
}

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
    expect(assemble(text + DONE)).toBe(AnswerFault.Unfinished);
    expect(assemble(text + 'data: {"error":{"message":"x"}}\n\n' + STOP)).toBe(AnswerFault.Error);
    expect(assemble(text + "event: error\ndata: {}\n\n" + STOP)).toBe(AnswerFault.Error);
    expect(assemble(text + "data: {oops\n\n" + STOP)).toBe(AnswerFault.NotJson);
    expect(assemble(text + "data: [1]\n\n" + STOP)).toBe(AnswerFault.Shape);
    expect(assemble(chunk('{"index":1,"delta":{"content":"x"}}') + STOP)).toBe(AnswerFault.Choices);
    expect(assemble(chunk('{"index":0,"delta":{}},{"index":1,"delta":{}}') + STOP)).toBe(
      AnswerFault.Choices,
    );
    expect(assemble(delta('"refusal":"no"') + STOP)).toBe(AnswerFault.Refusal);
    expect(assemble(delta('"audio":{"data":"x"}') + STOP)).toBe(AnswerFault.UnknownDelta);
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

describe("replaying as a stream", () => {
  it("gives back the same answer when it is put together again", () => {
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

describe("requests", () => {
  it("reads a chat request", () => {
    const document = new JsonDocument();
    const request = NEUTRAL.readRequest(
      Bytes.of(
        '{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}',
      ),
      document,
      Bytes.empty(),
    );
    expect(request !== null).toBe(true);
    if (request === null) return;
    expect(request.stream).toBe(true);
    expect(request.includeUsage).toBe(true);
    expect(request.singleChoice).toBe(true);
    expect(request.model.toString()).toBe("m");
    const question = request.lastQuestion();
    expect(question !== null).toBe(true);
    if (question !== null) expect(question.text().toString()).toBe("a\nb");
  });

  it("refuses what is no chat request", () => {
    const bodies = [
      "{}",
      "[]",
      "3",
      '{"model":1,"messages":[{"role":"user"}]}',
      '{"model":"m"}',
      '{"model":"m","messages":[]}',
      '{"model":"m","messages":{}}',
      '{"model":"m","messages":["x"]}',
      '{"model":"m","messages":[{"role":1}]}',
      '{"model":"m","messages":[{"content":"x"}]}',
    ];
    for (let i = 0; i < bodies.length; i++) {
      expect(
        NEUTRAL.readRequest(Bytes.of(bodies[i]), new JsonDocument(), Bytes.empty()) === null,
      ).toBe(true, bodies[i]);
    }
  });

  it("has a question only in a last user turn of text", () => {
    const turns = [
      '{"role":"assistant","content":"x"}',
      '{"role":"tool","content":"x"}',
      '{"role":"user","content":[]}',
      '{"role":"user","content":null}',
      '{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]}',
      '{"role":"user","content":[{"type":"text","text":1}]}',
    ];
    for (let i = 0; i < turns.length; i++) {
      const request = NEUTRAL.readRequest(
        Bytes.of('{"model":"m","messages":[{"role":"user","content":"q"},' + turns[i] + "]}"),
        new JsonDocument(),
        Bytes.empty(),
      );
      expect(request !== null && request.lastQuestion() === null).toBe(true, turns[i]);
    }
  });
});

describe("errors", () => {
  it("have the client's form", () => {
    expect(NEUTRAL.errorBody(429, "slow_down", 'a "b"').toString()).toBe(
      '{"error":{"message":"a \\"b\\"","type":"rate_limit_exceeded","param":null,"code":"slow_down"}}',
    );
  });
});
