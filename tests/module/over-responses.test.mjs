/**
 * Chats that OpenAI's chat completions refuse (thinking beside tools) go out by its Responses API, and come
 * back as what the client speaks. Sources: BerriAI/litellm#34569, pipecat-ai/pipecat#4043,
 * openai/openai-openapi#541 for what is refused; OpenAI's API reference for the rest.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import fixture from "../fixtures/dialects/openai-responses.mjs";
import { BUILDS, eventData, exchange, jsonUpstream, plugin } from "./support.mjs";

const tools = [{ name: "f", input_schema: { type: "object" } }];
const chatTools = [{ type: "function", function: { name: "f" } }];
const hi = [{ role: "user", content: "hi" }];
const start = (provider, options) =>
  plugin("ai-proxy", { provider: { type: "openai", apiTokens: ["k"], ...provider } }, options);

/** Where a request goes, and what is sent. */
function sent(provider, body, path = "/v1/messages", options = {}) {
  const upstream = jsonUpstream({});
  const stream = exchange(
    [start(provider, options)],
    {
      path,
      body: JSON.stringify({ model: "gpt-5.6-terra", max_tokens: 4000, messages: hi, ...body }),
    },
    upstream,
  );
  const [request] = upstream.requests;
  assert.ok(request, stream.text);
  return { path: request.headers.get(":path"), body: JSON.parse(request.body), request };
}
const chat = (provider, body) => sent(provider, body, "/v1/chat/completions");
const effort = (word) => ({ output_config: { effort: word } });

for (const build of BUILDS) {
  describe(`chats over the Responses API (${build})`, () => {
    it("are those that chat completions refuse", () => {
      const overMessages = (body, provider) => sent(provider, body, undefined, { build }).path;
      assert.equal(overMessages({ tools, ...effort("high") }), "/v1/responses");
      assert.equal(overMessages({ tools }), "/v1/responses", "it thinks by default");
      assert.equal(overMessages({ tools, ...effort("high"), model: "gpt-5.4" }), "/v1/responses");
      for (const body of [
        { ...effort("high") },
        { tools, thinking: { type: "disabled" } },
        { tools, model: "gpt-5.4" },
        { tools, ...effort("high"), model: "gpt-5.2" },
        { tools, ...effort("high"), model: "gpt-4o" },
      ]) {
        assert.equal(overMessages(body), "/v1/chat/completions", JSON.stringify(body));
      }
    });

    it("chats of OpenAI's clients, unless they ask for what chats alone have", () => {
      const over = (body) => chat({}, { tools: chatTools, reasoning_effort: "high", ...body }).path;
      assert.equal(over({}), "/v1/responses");
      for (const body of [
        { n: 2 },
        { logprobs: true },
        { audio: { voice: "alloy", format: "wav" } },
        { tools: [{ type: "custom", custom: { name: "c" } }] },
        { reasoning_effort: "none" },
      ]) {
        assert.equal(over(body), "/v1/chat/completions", JSON.stringify(body));
      }
    });
  });
}

describe("where chats go", () => {
  const body = { tools, ...effort("high") };
  const path = (provider, more) => sent(provider, { ...body, ...more }).path;

  it("Azure by the forms of its URL that leave the model to the body", () => {
    const azure = (url) =>
      path({ type: "azure", azureServiceUrl: `https://r.openai.azure.com${url}` });
    assert.equal(azure("/openai/v1"), "/openai/v1/responses");
    assert.equal(azure("?api-version=2025-04-01"), "/openai/responses?api-version=2025-04-01");
    assert.equal(
      azure("/openai/deployments/d?api-version=2025-04-01"),
      "/openai/deployments/d/chat/completions?api-version=2025-04-01",
    );
  });

  it("not by the Responses API where the operator says so, or has another server", () => {
    const never = [{ models: "*", responses: "never" }];
    const told = sent({ modelFeatures: never }, body);
    assert.deepEqual([told.path, told.body.reasoning_effort], ["/v1/chat/completions", "none"]);
    assert.equal(path({ type: "github" }), "/inference/chat/completions");
    assert.equal(path({ openaiCustomUrl: "llm.internal/v1" }), "/v1/chat/completions");
    assert.equal(path({ responsesAsChat: true }), "/v1/chat/completions");
    const capabilities = { "openai/v1/chatcompletions": "/x/chat" };
    assert.equal(path({ capabilities }), "/x/chat");
  });

  it("by it where the operator says so", () => {
    const always = [{ models: "*", responses: "always" }];
    assert.equal(path({ modelFeatures: always }, { tools: undefined }), "/v1/responses");
    const custom = { openaiCustomUrl: "llm.internal/v1", modelFeatures: always };
    assert.equal(path(custom), "/v1/responses");
  });

  it("with the effort that the model has, and nothing that it refuses", () => {
    const { body: own } = sent(
      {},
      { ...body, ...effort("max"), temperature: 0.2, stop_sequences: ["x"] },
    );
    assert.deepEqual(own.reasoning, { effort: "xhigh" });
    for (const name of ["temperature", "stop", "max_tokens", "stream_options"]) {
      assert.equal(own[name], undefined, name);
    }
    assert.equal(own.max_output_tokens, 4000);
  });

  it("the client's query is kept, and its credential is not", () => {
    const { request } = sent(
      {},
      { tools: chatTools, reasoning_effort: "low" },
      "/v1/chat/completions?a=b",
    );
    assert.equal(request.headers.get(":path"), "/v1/responses?a=b");
    assert.equal(request.headers.get("authorization"), "Bearer k");
  });

  it("a strict translation refuses what would be lost", () => {
    const strict = { strictTranslation: true };
    const stream = exchange(
      [start(strict)],
      {
        body: JSON.stringify({
          model: "gpt-5.6",
          messages: hi,
          tools: chatTools,
          reasoning_effort: "low",
          seed: 7,
        }),
      },
      jsonUpstream(),
    );
    assert.equal(stream.received.status, 400);
    assert.match(stream.json.error.message, /^seed cannot be sent/);
  });
});

describe("answers of the Responses API", () => {
  const [events] = Object.values(fixture.streams)[0];
  const [whole] = Object.values(fixture.wholes)[0];
  const fetchBy =
    (path, provider = {}) =>
    async (url, { body }) => {
      const isStream = JSON.parse(body).stream === true;
      const upstream = () => ({
        headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
        chunks: [isStream ? events : JSON.stringify(whole)],
      });
      const { received, text } = exchange(
        [start(provider)],
        { path, body: String(body) },
        upstream,
      );
      const headers = { "content-type": received.headers.get("content-type") };
      return new Response(text, { status: received.status, headers });
    };

  const thinking = { type: "thinking", thinking: "first\n\nsecond", signature: "aip1:o:gAAAAx" };
  const content = [
    thinking,
    { type: "text", text: "Héllo" },
    { type: "tool_use", id: "call_1", name: "f", input: { a: 1 } },
    { type: "tool_use", id: "call_2", name: "g", input: {} },
  ];

  for (const stream of [false, true]) {
    it(`are whole messages for Anthropic's library, ${stream ? "streamed" : "buffered"}, and go back as they were`, async () => {
      const client = new Anthropic({ apiKey: "k", fetch: fetchBy("/v1/messages"), maxRetries: 0 });
      const request = { model: "gpt-5.6", max_tokens: 4000, tools, messages: hi };
      const message = stream
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
      assert.deepEqual(message.content, content);
      assert.equal(message.stop_reason, "tool_use");
      const results = ["call_1", "call_2"].map((tool_use_id) => ({
        type: "tool_result",
        tool_use_id,
        content: "R",
      }));
      const { body } = sent(
        {},
        {
          tools,
          messages: [
            ...hi,
            { role: "assistant", content: message.content },
            { role: "user", content: results },
          ],
        },
      );
      assert.deepEqual(
        body.input.slice(1).map(({ type }) => type),
        [
          "reasoning",
          "message",
          "function_call",
          "function_call",
          "function_call_output",
          "function_call_output",
        ],
      );
      assert.equal(body.input[1].encrypted_content, "gAAAAx");
    });

    it(`are whole completions for OpenAI's library, ${stream ? "streamed" : "buffered"}`, async () => {
      const client = new OpenAI({
        apiKey: "k",
        fetch: fetchBy("/v1/chat/completions"),
        maxRetries: 0,
      });
      const request = {
        model: "gpt-5.6",
        messages: hi,
        tools: chatTools,
        reasoning_effort: "high",
      };
      const { choices } = stream
        ? await client.chat.completions.stream(request).finalChatCompletion()
        : await client.chat.completions.create(request);
      const [{ message, finish_reason: reason }] = choices;
      assert.equal(message.content, "Héllo");
      assert.deepEqual(
        message.tool_calls.map(({ id, function: f }) => [id, f.name, f.arguments]),
        [
          ["call_1", "f", '{"a":1}'],
          ["call_2", "g", "{}"],
        ],
      );
      assert.equal(reason, "tool_calls");
    });
  }

  it("that are encrypted for OpenAI reach no other vendor", () => {
    const history = [...hi, { role: "assistant", content }, { role: "user", content: "go on" }];
    for (const [type, model] of [
      ["gemini", "gemini-3-pro"],
      ["openai", "gpt-4o"],
      ["bedrock", "us.anthropic.claude-opus-4-7"],
      ["claude", "claude-opus-4-7"],
      ["deepseek", "deepseek-v4"],
    ]) {
      const { request } = sent(
        { type, ...(type === "bedrock" && { awsRegion: "us-east-1" }) },
        { model, messages: history },
      );
      assert.doesNotMatch(request.body.toString(), /gAAAAx/, type);
    }
  });

  it("a context that is too long is reported in the words on which clients act", () => {
    const error = {
      message: "Your input exceeds the context window of this model.",
      type: "invalid_request_error",
      param: "input",
      code: "context_length_exceeded",
    };
    const stream = exchange(
      [start({})],
      {
        path: "/v1/messages",
        body: JSON.stringify({ model: "gpt-5.6", max_tokens: 9, tools, messages: hi }),
      },
      jsonUpstream({ error }, { status: 400 }),
    );
    assert.equal(stream.received.status, 400);
    assert.match(stream.json.error.message, /^prompt is too long/);
  });

  it("chunks of a stream come as they arrive", () => {
    const upstream = () => ({ headers: { "content-type": "text/event-stream" }, chunks: [events] });
    const body = {
      model: "gpt-5.6",
      stream: true,
      messages: hi,
      tools: chatTools,
      reasoning_effort: "high",
    };
    const { text } = exchange([start({})], { body: JSON.stringify(body) }, upstream);
    const texts = eventData(text).flatMap((event) => event.choices?.[0]?.delta.content ?? []);
    assert.deepEqual(texts.filter(Boolean), ["Hé", "llo"]);
  });
});
