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

  it("a call without one, to a model that wants one, gets the word that stands for none", () => {
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
