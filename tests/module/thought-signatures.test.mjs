/** Gemini's signatures under its calls reach clients of OpenAI's protocol, and come back with them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventData, exchange, jsonUpstream, plugin } from "./support.mjs";

const parts = [
  { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "AbC=" },
  { functionCall: { name: "g", args: {} } },
];
const answer = {
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
  modelVersion: "gemini-3-pro",
  responseId: "r1",
};
const question = { role: "user", content: "go" };
const start = () => plugin("ai-proxy", { provider: { type: "gemini", apiTokens: ["k"] } });
const body = (members) =>
  JSON.stringify({ model: "gemini-3-pro", messages: [question], ...members });

/** Sends the answer's message and results of its calls back. */
function next(message) {
  const results = message.tool_calls.map(({ id }) => ({
    role: "tool",
    tool_call_id: id,
    content: "R",
  }));
  const upstream = jsonUpstream(answer);
  exchange([start()], { body: body({ messages: [question, message, ...results] }) }, upstream);
  return JSON.parse(upstream.requests[0].body).contents;
}

describe("thought signatures", () => {
  const extra_content = { google: { thought_signature: "AbC=" } };

  it("of a buffered answer", () => {
    const { json } = exchange([start()], { body: body() }, jsonUpstream(answer));
    const [{ message }] = json.choices;
    assert.deepEqual(
      message.tool_calls.map((call) => call.extra_content),
      [extra_content, undefined],
    );
    const [, model, results] = next(message);
    assert.deepEqual(model.parts, parts);
    assert.deepEqual(
      results.parts.map(({ functionResponse }) => functionResponse.name),
      ["f", "g"],
    );
  });

  it("of a streamed answer", () => {
    const upstream = () => ({
      headers: { "content-type": "text/event-stream" },
      chunks: [`data: ${JSON.stringify(answer)}\r\n\r\n`],
    });
    const stream = exchange([start()], { body: body({ stream: true }) }, upstream);
    const calls = eventData(stream.text).flatMap(
      (event) => event.choices?.[0]?.delta.tool_calls ?? [],
    );
    // The AI SDK refuses a piece without a function, and takes the signature of the first piece alone.
    for (const call of calls) assert.equal(typeof call.function, "object");
    const [first, ...others] = calls;
    assert.deepEqual(first, {
      index: 0,
      id: first.id,
      type: "function",
      function: { name: "f", arguments: "" },
      extra_content,
    });
    for (const call of others) assert.equal(call.extra_content, undefined);
  });

  it("a call without one, to a model that requires one, gets the placeholder", () => {
    const call = (id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const calls = [call("c"), call("d")];
    const [, model] = next({ role: "assistant", content: null, tool_calls: calls });
    // BerriAI/litellm#37541: on each call of a turn it costs answers.
    assert.deepEqual(
      model.parts.map((part) => part.thoughtSignature),
      ["skip_thought_signature_validator", undefined],
    );
  });
});

describe("what one vendor has signed", () => {
  const assistant = {
    role: "assistant",
    content: null,
    thinking_blocks: [{ type: "thinking", thinking: "t", signature: "c2ln" }],
    tool_calls: [
      {
        id: "a",
        type: "function",
        function: { name: "f", arguments: "{}" },
        extra_content: { google: { thought_signature: "AbC=" } },
      },
    ],
  };
  const messages = [question, assistant, { role: "tool", tool_call_id: "a", content: "R" }];
  const sent = (provider, model) => {
    const upstream = jsonUpstream({});
    const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
    exchange([proxy], { body: JSON.stringify({ model, messages }) }, upstream);
    return upstream.requests[0].body.toString();
  };

  it("does not reach others, and leaves nothing else out", () => {
    const left = structuredClone(messages);
    delete left[1].thinking_blocks;
    delete left[1].tool_calls[0].extra_content;
    for (const [type, model] of [
      ["openai", "gpt-4o"],
      ["openai", "gpt-9-unknown"],
      ["nvidia", "meta/llama-3.3-70b-instruct"],
      ["together-ai", "Qwen/Qwen3-235B-A22B"],
    ])
      assert.deepEqual(JSON.parse(sent({ type }, model)).messages, left, type);
    for (const [type, model] of [
      ["mistral", "mistral-large-2512"],
      ["groq", "openai/gpt-oss-120b"],
      ["cohere", "command-a"],
      ["deepseek", "deepseek-v4"],
    ])
      assert.doesNotMatch(sent({ type }, model), /AbC=|c2ln|extra_content|thinking_blocks/, type);
    const nova = { type: "bedrock", awsRegion: "us-east-1" };
    assert.doesNotMatch(sent(nova, "amazon.nova-pro-v1:0"), /AbC=|c2ln/);
    assert.match(sent(nova, "us.anthropic.claude-opus-4-6-v1"), /c2ln/);
    assert.match(sent(nova, "arn:aws:bedrock:us-east-1:1:application-inference-profile/x"), /c2ln/);
  });

  it("passes to a service at an address of its own, which may be a gateway", () => {
    const provider = { type: "openai", openaiCustomUrl: "https://llm.example/v1" };
    assert.deepEqual(JSON.parse(sent(provider, "m")).messages, messages);
  });
});
