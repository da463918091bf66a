/**
 * Vendors that do not count tokens: clients get an answer that their libraries accept all the same. Clients of the
 * Responses API (`@ai-sdk/openai` 3.0.104 and its like, which opencode brings along) take an answer that ends without
 * a `usage` for one that has not ended, and ask again.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { ensureAgent } from "../../scripts/tools/agents.mjs";
import { bridge } from "./bridge.mjs";
import {
  BUILDS,
  completion,
  completionEvents,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const baseURL = "http://gateway.example/v1";
const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };
const prompt = [{ role: "user", content: [{ type: "text", text: "hi" }] }];
const aiSdk = ensureAgent("ai-sdk");
const google = ensureAgent("google-genai");

/** What `@ai-sdk/openai` has understood of a stream in the Responses API. */
async function readByAiSdk(fetch) {
  const { createOpenAI } = createRequire(join(aiSdk.folder, "package.json"))("@ai-sdk/openai");
  const model = createOpenAI({ apiKey: "client", baseURL, fetch }).responses("gpt-5");
  const { stream } = await model.doStream({ prompt });
  const parts = [];
  for await (const part of stream) parts.push(part);
  const { finishReason, usage } = parts.find(({ type }) => type === "finish");
  return {
    errors: parts.filter(({ type }) => type === "error").map(({ error }) => String(error)),
    text: parts.map(({ type, delta }) => (type === "text-delta" ? delta : "")).join(""),
    reason: finishReason.unified,
    tokens: { inputTokens: usage.inputTokens.total, outputTokens: usage.outputTokens.total },
  };
}

for (const build of BUILDS) {
  const filters = [
    plugin("ai-proxy", { provider: { type: "moonshot", apiTokens: ["k"] } }, { build }),
  ];
  const { usage: _, ...uncounted } = completion("Hello");
  const whole = () => bridge(filters, jsonUpstream(uncounted));
  const streamed = (reason) =>
    bridge(filters, streamUpstream(completionEvents(["Hel", "lo"], { usage: false, reason })));

  describe(`answers without token counts (${build})`, () => {
    describe("@ai-sdk/openai, Responses", { skip: aiSdk.fault }, () => {
      for (const [reason, understood] of [
        ["stop", "stop"],
        ["length", "length"],
      ]) {
        it(`a stream that ends with ${reason}`, async () => {
          assert.deepEqual(await readByAiSdk(streamed(reason)), {
            errors: [],
            text: "Hello",
            reason: understood,
            tokens: NO_TOKENS,
          });
        });
      }
    });

    it("openai, Responses", async () => {
      const request = { model: "gpt-5", input: "hi" };
      const client = (fetch) => new OpenAI({ apiKey: "client", baseURL, fetch, maxRetries: 0 });
      const stream = client(streamed()).responses.stream(request);
      const json = await client(whole()).responses.create(request);
      for (const { usage, status, output_text: text } of [await stream.finalResponse(), json]) {
        assert.equal(status, "completed");
        assert.equal(text, "Hello");
        assert.deepEqual(usage, {
          input_tokens: 0,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: 0,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: 0,
        });
      }
    });

    it("@anthropic-ai/sdk", async () => {
      const request = {
        model: "m",
        max_tokens: 9,
        messages: [{ role: "user", content: "hi" }],
      };
      const client = (fetch) =>
        new Anthropic({
          apiKey: "client",
          baseURL: "http://gateway.example",
          fetch,
          maxRetries: 0,
        });
      const stream = client(streamed()).messages.stream(request);
      const json = await client(whole()).messages.create(request);
      for (const { usage, content, stop_reason: reason } of [await stream.finalMessage(), json]) {
        assert.equal(content[0].text, "Hello");
        assert.equal(reason, "end_turn");
        assert.deepEqual([usage.input_tokens, usage.output_tokens], [0, 0]);
      }
    });

    it("@google/genai", { skip: google.fault }, async (test) => {
      const { GoogleGenAI } = createRequire(join(google.folder, "package.json"))("@google/genai");
      const ask = { model: "m", contents: "hi" };
      const fetchOfNode = globalThis.fetch;
      test.after(() => (globalThis.fetch = fetchOfNode));
      const options = { apiKey: "client", httpOptions: { baseUrl: "http://gateway.example" } };
      globalThis.fetch = whole();
      const { models } = new GoogleGenAI(options);
      const answers = [await models.generateContent(ask)];
      globalThis.fetch = streamed();
      for await (const piece of await models.generateContentStream(ask)) answers.push(piece);
      for (const { candidates, usageMetadata } of [answers[0], answers.at(-1)]) {
        assert.equal(candidates[0].finishReason, "STOP");
        assert.equal(usageMetadata.totalTokenCount, 0);
      }
    });

    it("openai, chats: a stream that was asked for its usage ends without it", async () => {
      const client = new OpenAI({ apiKey: "client", baseURL, fetch: streamed(), maxRetries: 0 });
      const answer = await client.chat.completions
        .stream({
          model: "m",
          messages: [{ role: "user", content: "hi" }],
          stream_options: { include_usage: true },
        })
        .finalChatCompletion();
      assert.equal(answer.choices[0].message.content, "Hello");
      assert.equal(answer.choices[0].finish_reason, "stop");
    });
  });
}
