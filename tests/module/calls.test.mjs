/**
 * Calls of tools as vendors really tell them, and malformed ones: by index, under one index, under
 * none, with text between, without identifiers, whole or in pieces. Sources: huggingface/smolagents#1958,
 * openai-python#3246, su-kaka/gcli2api#406 (one index for all), headroomlabs-ai/headroom#2890 (interleaved),
 * Google's and Amazon's documents on reasons for an end.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { frame } from "../worst/aws-frames.mjs";
import {
  ofAnthropicEvents,
  ofAnthropicMessage,
  ofOpenAi,
  ofOpenAiEvents,
  ofResponse,
  ofResponsesEvents,
} from "./answers.mjs";
import { chatBody, completion, exchange, plugin } from "./support.mjs";

const CLIENTS = {
  anthropic: {
    request: (stream) => ({
      path: "/v1/messages",
      headers: { "anthropic-version": "2023-06-01" },
      body: JSON.stringify({
        model: "m",
        max_tokens: 9,
        stream,
        messages: [{ role: "user", content: "hi" }],
      }),
    }),
    events: ofAnthropicEvents,
    whole: ofAnthropicMessage,
    fails: (text) => /event: error\n.*$/.test(text.trimEnd()),
  },
  responses: {
    request: (stream) => ({
      path: "/v1/responses",
      body: JSON.stringify({ model: "m", stream, input: "hi" }),
    }),
    events: ofResponsesEvents,
    whole: ofResponse,
    fails: (text) => /event: response.failed\n.*$/.test(text.trimEnd()),
  },
};

const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const stream = (deltas, reason = "tool_calls") =>
  [...deltas.map((delta) => chunk(delta)), chunk({}, reason), "data: [DONE]\n\n"].join("");
const call = (members, name, json) => ({
  tool_calls: [{ ...members, function: { ...(name && { name }), arguments: json } }],
});

function answered(
  client,
  text,
  {
    provider = { type: client === "anthropic" ? "groq" : "deepseek" },
    type = "text/event-stream",
  } = {},
) {
  const isStream = type !== "application/json";
  return exchange(
    [plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } })],
    client === "openai"
      ? { body: chatBody("hi", { stream: isStream }) }
      : CLIENTS[client].request(isStream),
    () => ({ headers: { "content-type": type }, chunks: [text] }),
  );
}

const TWO = [
  { name: "f", input: { x: 1 } },
  { name: "g", input: { y: 2 } },
];
/** Streams that all tell the two calls. */
const STREAMS = {
  "whole calls without an index": [
    call({ id: "a" }, "f", '{"x":1}'),
    call({ id: "b" }, "g", '{"y":2}'),
  ],
  "whole calls under one index": [
    call({ index: 0, id: "a" }, "f", '{"x":1}'),
    call({ index: 0, id: "b" }, "g", '{"y":2}'),
  ],
  "pieces under one index": [
    call({ index: 0, id: "a" }, "f", '{"x'),
    call({ index: 0 }, "", '":1}'),
    call({ index: 0, id: "b" }, "g", '{"y":'),
    call({ index: 0 }, "", "2}"),
  ],
  "calls without identifiers under one index": [
    call({ index: 0 }, "f", '{"x":1}'),
    call({ index: 0 }, "g", '{"y":2}'),
  ],
  "both in one delta, without an index": [
    {
      tool_calls: [
        ...call({ id: "a" }, "f", '{"x":1}').tool_calls,
        ...call({ id: "b" }, "g", '{"y":2}').tool_calls,
      ],
    },
  ],
  "name and identifier with each piece": [
    call({ index: 0, id: "a" }, "f", '{"x'),
    call({ index: 0, id: "a" }, "f", '":1}'),
    call({ index: 1, id: "b" }, "g", '{"y":2}'),
  ],
  interleaved: [
    call({ index: 0, id: "a" }, "f", '{"x'),
    call({ index: 1, id: "b" }, "g", '{"y'),
    call({ index: 0 }, "", '":1}'),
    call({ index: 1 }, "", '":2}'),
  ],
  "one identifier twice": [
    call({ index: 0, id: "a" }, "f", '{"x":1}'),
    call({ index: 1, id: "a" }, "g", '{"y":2}'),
  ],
  "arguments that are objects": [
    call({ index: 0, id: "a" }, "f", { x: 1 }),
    call({ index: 1, id: "b" }, "g", { y: 2 }),
  ],
};

for (const [client, { events, whole }] of Object.entries(CLIENTS)) {
  describe(`calls for clients of ${client}`, () => {
    for (const [name, deltas] of Object.entries(STREAMS)) {
      it(name, () => {
        const told = events(answered(client, stream(deltas)).text);
        assert.deepEqual(
          told.tools.map(({ name, input }) => ({ name, input })),
          TWO,
        );
        assert.equal(new Set(told.tools.map(({ id }) => id)).size, 2, "identifiers differ");
      });
    }

    it("text between the pieces of two calls is not lost, and no call is cut", () => {
      const deltas = [
        { content: "before " },
        call({ index: 0, id: "a" }, "f", '{"x'),
        { content: "between " },
        call({ index: 1, id: "b" }, "g", '{"y'),
        { content: "and" },
        call({ index: 0 }, "", '":1}'),
        call({ index: 1 }, "", '":2}'),
      ];
      const told = events(answered(client, stream(deltas)).text);
      assert.deepEqual(
        told.tools.map(({ name, input }) => ({ name, input })),
        TWO,
      );
      assert.equal(told.text, "before between and");
    });

    it("identifiers of two answers differ where the vendor gives none", () => {
      const ids = [1, 2].map(() => {
        const text = answered(client, stream([call({ index: 0 }, "f", "{}")])).text;
        return events(text).tools[0].id;
      });
      assert.notEqual(ids[0], ids[1]);
    });

    it("an end that does not speak of its call is one of a call", () => {
      const deltas = [call({ index: 0, id: "a" }, "f", "{}")];
      assert.equal(events(answered(client, stream(deltas, "stop")).text).finish, "tool_calls");
      const message = {
        tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
      };
      const body = JSON.stringify(completion(null, { message }));
      const buffered = answered(client, body, { type: "application/json" });
      assert.equal(whole(buffered.json).finish, "tool_calls");
    });

    for (const [type, word] of [
      ["deepseek", "insufficient_system_resource"],
      ["zhipuai", "network_error"],
      ["mistral", "error"],
    ]) {
      // DeepSeek and Zhipu speak Anthropic's protocol themselves.
      if (client === "anthropic" && type !== "mistral") continue;
      it(`an answer that ${type} broke off (${word}) is an error`, () => {
        const provider = { type };
        const { text } = answered(client, stream([{ content: "half" }], word), { provider });
        assert.ok(CLIENTS[client].fails(text), text);
        const body = JSON.stringify(completion("half", { reason: word }));
        const buffered = answered(client, body, { provider, type: "application/json" });
        assert.equal(buffered.received.status, 502);
      });
    }

    for (const reason of [
      "MALFORMED_FUNCTION_CALL",
      "UNEXPECTED_TOOL_CALL",
      "TOO_MANY_TOOL_CALLS",
      "MISSING_THOUGHT_SIGNATURE",
      "MALFORMED_RESPONSE",
    ]) {
      it(`${reason} of Gemini's is an error that says why`, () => {
        const provider = { type: "gemini" };
        const answer = JSON.stringify({
          candidates: [{ content: {}, finishReason: reason, finishMessage: "Malformed call: f(" }],
        });
        const { text } = answered(client, `data: ${answer}\n\n`, { provider });
        assert.ok(CLIENTS[client].fails(text), text);
        const buffered = answered(client, answer, { provider, type: "application/json" });
        assert.equal(buffered.received.status, 502);
        assert.match(buffered.json.error.message, /Malformed call: f\(/);
      });
    }

    for (const stopReason of ["malformed_tool_use", "malformed_model_output"]) {
      it(`${stopReason} of Bedrock's is an error`, () => {
        const provider = { type: "bedrock", awsRegion: "us-east-1" };
        const frames = Buffer.concat([
          frame("messageStart", { role: "assistant" }),
          frame("messageStop", { stopReason }),
        ]);
        const type = "application/vnd.amazon.eventstream";
        assert.ok(CLIENTS[client].fails(answered(client, frames, { provider, type }).text));
        const body = JSON.stringify({
          output: { message: { role: "assistant", content: [] } },
          stopReason,
        });
        assert.equal(
          answered(client, body, { provider, type: "application/json" }).received.status,
          502,
        );
      });
    }

    for (const reason of ["RECITATION", "LANGUAGE", "OTHER", "SAFETY"]) {
      it(`${reason} of Gemini's is no good end`, () => {
        const answer = JSON.stringify({
          candidates: [{ content: { parts: [{ text: "half" }] }, finishReason: reason }],
        });
        const provider = { type: "gemini" };
        const { text } = answered(client, `data: ${answer}\n\n`, { provider });
        assert.equal(events(text).finish, "content_filter");
      });
    }
  });
}

/** Servers that tell calls in one of these ways, by what their providers are. */
const MIXED = {
  ollama: { type: "ollama", ollamaServerHost: "ollama.internal" },
  vllm: { type: "vllm", vllmCustomUrl: "http://llm.internal/v1" },
  "a server of the operator's": { type: "openai", openaiCustomUrl: "http://llm.internal/v1" },
};
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];

/** A streamed answer to a chat of OpenAI's. */
const chatAnswer = (provider, text, members) =>
  exchange(
    [plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } })],
    { body: chatBody("hi", { stream: true, ...members }) },
    () => ({ headers: { "content-type": "text/event-stream" }, chunks: [text] }),
  ).text;

for (const [server, provider] of Object.entries(MIXED)) {
  describe(`calls for clients of OpenAI's, ${server}`, () => {
    for (const [name, deltas] of Object.entries(STREAMS)) {
      it(name, () => {
        const told = ofOpenAiEvents(
          chatAnswer(provider, stream([{ role: "assistant" }, ...deltas]), { tools }),
        );
        assert.deepEqual(
          told.tools.map(({ name, input }) => ({ name, input })),
          TWO,
        );
        assert.equal(new Set(told.tools.map(({ id }) => id)).size, 2, "identifiers differ");
      });
    }

    it("what is no call passes as it is, and so does every answer to a request without tools", () => {
      const text = stream([{ role: "assistant", content: "\u00e9 " }, { content: "b" }], "stop");
      assert.equal(chatAnswer(provider, text, { tools }), text);
      const mixed = stream(STREAMS["whole calls under one index"]);
      assert.equal(chatAnswer(provider, mixed), mixed);
    });
  });
}

describe("answers for clients of OpenAI's", () => {
  it("that were broken off are too short, not complete", () => {
    const body = JSON.stringify(completion("half", { reason: "insufficient_system_resource" }));
    const provider = { type: "deepseek" };
    const answer = answered("openai", body, { provider, type: "application/json" });
    assert.equal(ofOpenAi(answer.json).finish, "length");
    const events = stream([{ content: "half" }], "insufficient_system_resource");
    const { text } = answered("openai", events, { provider });
    assert.match(text, /"finish_reason":"length"/);
  });
});
