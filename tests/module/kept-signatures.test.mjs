/**
 * What vendors sign, through clients that keep little of it: Google's signatures in identifiers of calls,
 * Claude's at OpenAI, and OpenRouter's `reasoning_details`. Sources: Google's document on thought signatures,
 * OpenAI's guide to reasoning (encrypted content), OpenRouter's document on reasoning tokens.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ofOpenAiEvents } from "./answers.mjs";
import { BUILDS, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const start = (type, build, more) =>
  plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...more } }, { build });
const question = { role: "user", content: "go" };

/** What a vendor is sent. */
function sent(proxy, body, path = "/v1/chat/completions") {
  const upstream = jsonUpstream({});
  exchange([proxy], { path, body: JSON.stringify({ model: "m", ...body }) }, upstream);
  return JSON.parse(upstream.requests[0].body);
}

for (const build of BUILDS) {
  describe(`Google's signatures and clients that drop extra_content (${build})`, () => {
    const parts = [
      { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "Ab+C/w==" },
      { functionCall: { name: "g", args: {} } },
    ];
    const answer = {
      candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
      modelVersion: "gemini-3-pro",
      responseId: "r1",
    };
    const gemini = start("gemini", build);

    /** Calls as such a client keeps them, and the messages that it goes on with. */
    function kept(isStream) {
      const body = JSON.stringify({
        model: "gemini-3-pro",
        stream: isStream,
        messages: [question],
      });
      const client = exchange([gemini], { body }, () => ({
        headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
        chunks: [isStream ? `data: ${JSON.stringify(answer)}\n\n` : JSON.stringify(answer)],
      }));
      const told = isStream
        ? ofOpenAiEvents(client.text).tools
        : client.json.choices[0].message.tool_calls;
      const calls = told.map(({ id, name, input, function: called }) => ({
        id,
        type: "function",
        function: called ?? { name, arguments: JSON.stringify(input) },
      }));
      const results = calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "R" }));
      return [question, { role: "assistant", content: null, tool_calls: calls }, ...results];
    }

    for (const isStream of [false, true]) {
      const how = isStream ? "streamed" : "buffered";
      it(`come back under the same call, ${how}`, () => {
        const messages = kept(isStream);
        const { contents } = sent(gemini, { model: "gemini-3-pro", messages });
        assert.deepEqual(contents[1].parts, parts);
        assert.deepEqual(
          contents[2].parts.map(({ functionResponse }) => functionResponse.name),
          ["f", "g"],
        );
      });

      it(`go to no other vendor, ${how}`, () => {
        const messages = kept(isStream);
        for (const type of ["openai", "groq", "claude", "mistral", "cohere"]) {
          const body = sent(start(type, build), { messages });
          assert.ok(!JSON.stringify(body).includes("__ts_"), type);
          assert.ok(!JSON.stringify(body).includes("Ab-C_w"), type);
        }
        const { messages: told } = sent(start("openai", build), { messages });
        assert.equal(told[2].tool_call_id, told[1].tool_calls[0].id);
      });
    }

    it("that are long stay out of identifiers", () => {
      const long = "A".repeat(4000);
      const [part] = parts;
      const content = { role: "model", parts: [{ ...part, thoughtSignature: long }] };
      const { json } = exchange(
        [gemini],
        { body: JSON.stringify({ model: "gemini-3-pro", messages: [question] }) },
        jsonUpstream({ ...answer, candidates: [{ content, finishReason: "STOP" }] }),
      );
      const [call] = json.choices[0].message.tool_calls;
      assert.ok(call.id.length < 60);
      assert.equal(call.extra_content.google.thought_signature, long);
    });
  });

  describe(`encrypted reasoning (${build})`, () => {
    const reasoning = (encrypted_content) => ({
      type: "reasoning",
      summary: [],
      encrypted_content,
    });
    const input = [reasoning("EqQBClaudes"), reasoning("gAAAAOpenAis"), question];

    it("that OpenAI has not made does not reach it", () => {
      for (const more of [
        { type: "openai" },
        { type: "azure", azureServiceUrl: "https://r.openai.azure.com/openai/v1" },
      ]) {
        const body = sent(
          start(more.type, build, more),
          { model: "gpt-5", input },
          "/v1/responses",
        );
        assert.deepEqual(body.input, input.slice(1));
      }
    });

    it("stays where nobody knows whose it is", () => {
      const body = sent(start("grok", build), { input }, "/v1/responses");
      assert.deepEqual(body.input, input);
    });
  });

  describe(`reasoning_details of OpenRouter's (${build})`, () => {
    const proxy = start("openrouter", build, { responsesAsChat: true });
    const format = "anthropic-claude-v1";
    const details = [{ type: "reasoning.text", text: "Hm.", signature: "EqQB", format, index: 0 }];
    const called = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    const message = { reasoning: "Hm.", reasoning_details: details, tool_calls: [called] };
    const model = "anthropic/claude-opus-4.7";

    it("come back to it through the Responses API", () => {
      const { json } = exchange(
        [proxy],
        { path: "/v1/responses", body: JSON.stringify({ model, input: [question] }) },
        jsonUpstream(completion(null, { message })),
      );
      const output = { type: "function_call_output", call_id: "c", output: "R" };
      const next = sent(
        proxy,
        { model, input: [question, ...json.output, output] },
        "/v1/responses",
      );
      const [, assistant] = next.messages;
      assert.deepEqual(assistant.reasoning_details, details);
      assert.ok(!("thinking_blocks" in assistant));
    });

    it("go to models of other makers neither from them nor from others", () => {
      const item = { type: "reasoning", summary: [], encrypted_content: "aip1:g:x" };
      const turn = [item, { role: "assistant", content: "hi" }, question];
      for (const name of [model, "openai/gpt-5"]) {
        const { messages } = sent(proxy, { model: name, input: turn }, "/v1/responses");
        assert.ok(!("reasoning_details" in messages[0]), name);
      }
    });
  });
}
