/**
 * Decisions that a single word, count or second makes: each vendor's words for the end of an answer,
 * what counts as tokens, which errors are edited, when an entry is too old.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { FakeRedis } from "../fakes/redis.mjs";
import { Status } from "../host/chain.mjs";
import { chatBody, completion, exchange, jsonUpstream, plugin, SharedData } from "./support.mjs";

const fixtureOf = async (name) =>
  (await import(join(ROOT, `tests/fixtures/dialects/${name}.mjs`))).default;

/** Each vendor's words for why an answer ended, in its documentation, and OpenAI's. */
const WORDS = {
  gemini: {
    STOP: "stop",
    MAX_TOKENS: "length",
    SAFETY: "content_filter",
    RECITATION: "content_filter",
    LANGUAGE: "content_filter",
    BLOCKLIST: "content_filter",
    PROHIBITED_CONTENT: "content_filter",
    SPII: "content_filter",
    IMAGE_SAFETY: "content_filter",
    IMAGE_PROHIBITED_CONTENT: "content_filter",
    IMAGE_RECITATION: "content_filter",
  },
  claude: {
    end_turn: "stop",
    stop_sequence: "stop",
    pause_turn: "stop",
    tool_use: "tool_calls",
    max_tokens: "length",
    model_context_window_exceeded: "length",
    refusal: "content_filter",
  },
  bedrock: {
    end_turn: "stop",
    stop_sequence: "stop",
    tool_use: "tool_calls",
    max_tokens: "length",
    model_context_window_exceeded: "length",
    guardrail_intervened: "content_filter",
    content_filtered: "content_filter",
  },
  cohere: {
    COMPLETE: "stop",
    STOP_SEQUENCE: "stop",
    TOOL_CALL: "tool_calls",
    MAX_TOKENS: "length",
    ERROR_TOXIC: "content_filter",
  },
  "hunyuan-native": { stop: "stop", length: "length", sensitive: "content_filter" },
  "minimax-pro": { stop: "stop", length: "length", max_output: "length" },
};
const WORD = /"(finishReason|stop_reason|stopReason|finish_reason|FinishReason)":"\w+"/g;

/** The answer of a provider's type to one chat. */
function answerOf(fixture, type, body, headers = {}) {
  const proxy = plugin("ai-proxy", {
    provider: { type: fixture.type ?? type, apiTokens: ["k"], ...fixture.config },
  });
  assert.ok(proxy.accepted, proxy.vm.logText());
  return exchange([proxy], { body: chatBody() }, () => ({
    headers: { "content-type": "application/json", ...fixture.answerHeaders, ...headers },
    chunks: [body],
  }));
}

for (const [type, words] of Object.entries(WORDS)) {
  const fixture = await fixtureOf(type);
  // An answer with calls ends by them, whatever its word.
  const [whole] = Object.values(fixture.wholes).find(([own, wanted]) => {
    return !wanted.tools?.length && JSON.stringify(own).match(WORD);
  });

  describe(`why an answer of ${type} ended`, () => {
    for (const [word, wanted] of Object.entries(words)) {
      it(`${word} is ${wanted}`, () => {
        const text = JSON.stringify(whole).replace(WORD, `"$1":"${word}"`);
        const stream = answerOf(fixture, type, text);
        assert.equal(stream.received.status, 200);
        assert.equal(stream.json.choices[0].finish_reason, wanted);
      });
    }
  });
}

describe("tokens of gemini", () => {
  it("are those of the prompt, of what tools add to it, of thoughts and of the answer", async () => {
    const usageMetadata = {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 20,
      cachedContentTokenCount: 30,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 4,
    };
    const body = JSON.stringify({
      candidates: [{ content: { parts: [{ text: "x" }] }, finishReason: "STOP" }],
      usageMetadata,
    });
    const { usage } = answerOf(await fixtureOf("gemini"), "gemini", body).json;
    assert.deepEqual(
      [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens],
      [120, 11, 131],
    );
    assert.equal(usage.prompt_tokens_details.cached_tokens, 30);
    assert.equal(usage.completion_tokens_details.reasoning_tokens, 4);
  });
});

describe("an error of the vendor", () => {
  const provider = {
    generic: { type: "generic", genericHost: "llm.internal" },
    original: { type: "openai", protocol: "original" },
    coze: { type: "coze" },
    openai: { type: "openai" },
  };
  // A form that is no client's: whoever edits errors writes another.
  const ERROR = '{ "msg": "no", "code": 7 }';

  for (const [name, members] of Object.entries(provider)) {
    for (const status of [400, 429, 500]) {
      const passes = name !== "openai";
      it(`${status} of ${name} ${passes ? "passes byte for byte" : "gets the client's form"}`, () => {
        const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...members } });
        assert.ok(proxy.accepted, proxy.vm.logText());
        const stream = exchange([proxy], { body: chatBody() }, () => ({
          status,
          headers: { "content-type": "application/json" },
          chunks: [ERROR.slice(0, 5), ERROR.slice(5)],
        }));
        assert.equal(stream.received.status, status);
        if (passes) assert.equal(stream.text, ERROR);
        else assert.deepEqual([stream.json.error.message, stream.json.error.code], ["no", "7"]);
      });
    }
  }
});

/** Answers what a module asks a Redis, and what it asks after that. */
function answerAll(vm, redis) {
  for (let round = 0; round < 10; round++) {
    for (const [token, call] of [...vm.calls])
      vm.answer(token, { status: 200, body: redis.answer(call.body) });
  }
}

describe("Cache-Control of a request and a Redis", () => {
  /** An Envoy of its own in front of `redis`; what it asks is answered at once. */
  const ask = (redis, headers, content) => {
    const cache = plugin(
      "ai-cache",
      { cache: { type: "redis", serviceName: "r" } },
      { shared: new SharedData() },
    );
    cache.vm.onHttpCall = () => Status.Ok;
    const upstream = jsonUpstream(completion(content));
    const stream = exchange([cache], { body: chatBody(), headers }, upstream);
    answerAll(cache.vm, redis);
    return { reason: stream.attribute("ai_cache"), text: stream.json.choices[0].message.content };
  };

  for (const [directive, reason] of [
    ["no-cache", /^(miss|bypass)/],
    ["no-store", /^bypass-no-store$/],
  ]) {
    it(`${directive} is no answer from there`, () => {
      const redis = new FakeRedis();
      assert.equal(ask(redis, {}, "old").reason, "miss-cold");
      assert.deepEqual(ask(redis, {}, "wrong"), { reason: "hit-exact", text: "old" });
      const asked = ask(redis, { "cache-control": directive }, "new");
      assert.match(asked.reason, reason);
      assert.equal(asked.text, "new");
      const later = directive === "no-cache" ? "new" : "old";
      assert.deepEqual(ask(redis, {}, "wrong"), { reason: "hit-exact", text: later });
    });
  }
});

describe("the key of keyMode text and allQuestions", () => {
  it("is in Redis what the Go plugin writes there", () => {
    const redis = new FakeRedis();
    const cache = { type: "redis", serviceName: "r" };
    const filter = plugin("ai-cache", { keyMode: "text", cacheKeyStrategy: "allQuestions", cache });
    filter.vm.onHttpCall = () => Status.Ok;
    const messages = ["a", "b"].map((content) => ({ role: "user", content }));
    exchange([filter], { body: chatBody("", { messages }) }, jsonUpstream());
    answerAll(filter.vm, redis);
    assert.deepEqual([...redis.data().keys()], ["higress-ai-cache:a\nb"]);
  });
});

describe("a stream that is stored", () => {
  const events = (count) => {
    const chunk = (delta, finish_reason = null) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const call = (index) =>
      chunk({
        tool_calls: [
          { index, id: `c${index}`, type: "function", function: { name: "f", arguments: "{}" } },
        ],
      });
    return [
      ...Array.from({ length: count }, (_, index) => call(index)),
      chunk({}, "tool_calls"),
      "data: [DONE]\n\n",
    ];
  };

  for (const [count, isKept] of [
    [127, true],
    [128, true],
    [129, false],
  ]) {
    it(`${count} calls of tools are ${isKept ? "kept" : "too many"}`, () => {
      const stream = exchange(
        [plugin("ai-cache")],
        { body: chatBody("hi", { stream: true }) },
        () => ({ headers: { "content-type": "text/event-stream" }, chunks: events(count) }),
      );
      assert.equal(stream.attribute("ai_cache_store") === "stored", isKept);
      assert.equal(stream.text, events(count).join(""), "the client's answer is whole");
    });
  }
});
