/** What vendors count of their caches and of thinking, in metrics and `ai_log`, and what it costs by `prices`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rng } from "../policy/model/rng.mjs";
import {
  BUILDS,
  completion,
  exchange,
  jsonUpstream,
  logOf,
  plugin,
  streamUpstream,
} from "./support.mjs";

/** A response of each vendor's form and what is in it: read, of it cached and written, written by the model, of it thought. */
const FORMS = {
  "OpenAI's chats": {
    answer: completion("Hello", {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 64 },
        completion_tokens_details: { reasoning_tokens: 9 },
      },
    }),
    tokens: { input: 100, cached: 64, output: 20, reasoning: 9 },
  },
  "DeepSeek's": {
    answer: completion("Hello", {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_cache_hit_tokens: 64,
        prompt_cache_miss_tokens: 36,
      },
    }),
    tokens: { input: 100, cached: 64, output: 20 },
  },
  "OpenRouter's": {
    answer: completion("Hello", {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 30 },
      },
    }),
    tokens: { input: 100, cached: 64, written: 30, output: 20 },
  },
  "Model Studio's": {
    answer: completion("Hello", {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: {
          cached_tokens: 0,
          cache_creation_input_tokens: 30,
          cache_creation: { ephemeral_5m_input_tokens: 30 },
        },
      },
    }),
    tokens: { input: 100, written: 30, output: 20 },
  },
  responses: {
    path: "/v1/responses",
    answer: {
      id: "resp_1",
      object: "response",
      status: "completed",
      output: [],
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 64 },
        output_tokens: 20,
        output_tokens_details: { reasoning_tokens: 9 },
      },
    },
    tokens: { input: 100, cached: 64, output: 20, reasoning: 9 },
  },
  "Anthropic's": {
    type: "claude",
    path: "/v1/messages",
    answer: {
      type: "message",
      content: [],
      usage: {
        input_tokens: 6,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 64,
        cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
        output_tokens: 20,
        output_tokens_details: { thinking_tokens: 9 },
      },
    },
    tokens: { input: 100, cached: 64, written: 30, output: 20, reasoning: 9 },
  },
  "Anthropic's, translated": {
    type: "claude",
    answer: {
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Hello" }],
      stop_reason: "end_turn",
      usage: {
        input_tokens: 6,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 64,
        output_tokens: 20,
      },
    },
    tokens: { input: 100, cached: 64, written: 30, output: 20 },
  },
  "Bedrock's, translated": {
    type: "bedrock",
    config: { awsRegion: "us-east-1" },
    path: "/v1/messages",
    answer: {
      output: { message: { role: "assistant", content: [{ text: "Hi" }] } },
      stopReason: "end_turn",
      usage: {
        inputTokens: 6,
        outputTokens: 20,
        cacheReadInputTokens: 64,
        cacheWriteInputTokens: 30,
      },
    },
    tokens: { input: 100, cached: 64, written: 30, output: 20 },
  },
  "Bedrock's, untouched": {
    type: "bedrock",
    config: { awsRegion: "us-east-1", protocol: "original" },
    path: "/model/m/converse",
    answer: {
      usage: {
        inputTokens: 6,
        outputTokens: 20,
        cacheReadInputTokens: 64,
        cacheWriteInputTokens: 30,
      },
    },
    tokens: { input: 100, cached: 64, written: 30, output: 20 },
    model: "none",
  },
  "Google's": {
    type: "gemini",
    path: "/v1beta/models/m:generateContent",
    answer: {
      candidates: [],
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 64,
        candidatesTokenCount: 11,
        thoughtsTokenCount: 9,
      },
    },
    tokens: { input: 100, cached: 64, output: 20, reasoning: 9 },
  },
};
const PRICES = {
  m: { input: 3, cachedInput: 0.3, cacheWrite: 3.75, output: 15 },
  "other*": { input: "0.000001", output: 2, currency: "EUR" },
};

/** `{ kind: value }` of a counter. */
function kinds(plugin, name) {
  const all = {};
  for (const [full, value] of plugin.vm.metrics) {
    if (!full.startsWith(`${name}.`)) continue;
    const kind = /kind=\.=(\w+)/.exec(full)[1];
    all[kind] = (all[kind] ?? 0) + Number(value);
  }
  return all;
}

for (const build of BUILDS) {
  const start = ({ type = "openai", config } = {}, more = {}) => {
    const provider = { type, apiTokens: ["key-1"], ...config, ...more };
    const proxy = plugin("ai-proxy", { provider }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const ask = (proxy, path, upstream, members = {}) => {
    const headers = { "content-type": "application/json" };
    const messages = [{ role: "user", content: "hi" }];
    const body = JSON.stringify({ model: "m", max_tokens: 9, messages, ...members });
    return exchange([proxy], { path, headers, body }, upstream);
  };

  describe(`tokens of prompts (${build})`, () => {
    for (const [name, form] of Object.entries(FORMS)) {
      it(`${name} are counted`, () => {
        const proxy = start(form);
        const path = form.path ?? "/v1/chat/completions";
        const stream = ask(proxy, path, jsonUpstream(form.answer));
        assert.deepEqual(kinds(proxy, "ai_proxy_tokens_total"), form.tokens);
        const log = logOf(stream);
        const { input, cached, written, output, reasoning } = form.tokens;
        const told = [log.input_token, log.cached_token, log.cache_write_token];
        const wanted = [input, cached, written, output, reasoning];
        assert.deepEqual(
          [...told, log.output_token, log.reasoning_token],
          wanted.map((count) => count && String(count)),
        );
        assert.deepEqual(Object.keys(log), Object.keys(log).toSorted());
        assert.equal(stream.attribute("ai_proxy_input_tokens"), String(input));
      });
    }

    for (const [pieces, size] of [
      ["one piece", 1 << 20],
      ["pieces", 300],
    ]) {
      it(`what only the beginning of an Anthropic stream contains counts: in ${pieces}`, () => {
        const proxy = start({ type: "claude" });
        const event = (type, members) =>
          `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
        const usage = {
          input_tokens: 6,
          cache_creation_input_tokens: 30,
          cache_read_input_tokens: 64,
          output_tokens: 1,
        };
        const text = { type: "text_delta", text: "a".repeat(100) };
        const events = [
          event("message_start", { message: { type: "message", content: [], usage } }),
          ...Array.from({ length: 200 }, () =>
            event("content_block_delta", { index: 0, delta: text }),
          ),
          event("message_delta", {
            delta: { stop_reason: "end_turn" },
            usage: { output_tokens: 20 },
          }),
          event("message_stop"),
        ].join("");
        const chunks = [];
        for (let at = 0; at < events.length; at += size) chunks.push(events.slice(at, at + size));
        const stream = ask(proxy, "/v1/messages", streamUpstream(chunks), { stream: true });
        assert.equal(stream.text, events);
        const wanted = { input: 100, cached: 64, written: 30, output: 20 };
        assert.deepEqual(kinds(proxy, "ai_proxy_tokens_total"), wanted);
      });
    }
  });

  describe(`prices of a provider (${build})`, () => {
    it("report what was spent, saved and paid in addition", () => {
      const proxy = start(FORMS["Anthropic's"], { prices: PRICES });
      const usage = {
        input_tokens: 1000,
        cache_read_input_tokens: 10_000,
        cache_creation_input_tokens: 2000,
        output_tokens: 100,
      };
      const stream = ask(proxy, "/v1/messages", jsonUpstream({ type: "message", usage }));
      const saved = 10_000 * (3 - 0.3);
      assert.deepEqual(kinds(proxy, "ai_proxy_cost_micro_total"), {
        spent: 1000 * 3 + 10_000 * 0.3 + 2000 * 3.75 + 100 * 15,
        saved,
        surcharge: 2000 * 0.75,
      });
      assert.equal(logOf(stream).prompt_cache_saved_cost, "0.027000 USD");
    });

    it("add up exactly", () => {
      const random = rng(7);
      const proxy = start({}, { prices: PRICES });
      let spent = 0n;
      for (let i = 0; i < 200; i++) {
        const [prompt, output] = [Math.floor(random() * 999), Math.floor(random() * 99)];
        const usage = { prompt_tokens: prompt, completion_tokens: output };
        ask(proxy, "/v1/chat/completions", jsonUpstream(completion("a", { usage })), {
          model: "other-1",
        });
        spent += BigInt(prompt) + BigInt(output) * 2_000_000n;
      }
      const told = kinds(proxy, "ai_proxy_cost_micro_total");
      assert.deepEqual(told, { spent: Number(spent / 1_000_000n) });
    });

    it("without one for the model nothing is reported, and a bad one is an error", () => {
      const proxy = start({}, { prices: PRICES });
      ask(proxy, "/v1/chat/completions", jsonUpstream(completion()), { model: "unknown" });
      assert.deepEqual(kinds(proxy, "ai_proxy_cost_micro_total"), {});
      const provider = { type: "openai", apiTokens: ["k"], prices: { m: { cacheWrite: -1 } } };
      const bad = plugin("ai-proxy", { provider }, { build });
      assert.match(
        bad.vm.takeLog(),
        /prices\.m\.cacheWrite: must be the price of a million tokens/,
      );
    });
  });
}
