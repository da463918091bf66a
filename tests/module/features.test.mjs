/** What becomes of a request's features, by type and model, and what the configuration says about it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const now = () => 1_700_000_000_000;
const REQUIRED = {
  bedrock: { awsRegion: "us-east-1" },
  ollama: { ollamaServerHost: "ollama.internal" },
};
const start = (provider, options = {}) =>
  plugin(
    "ai-proxy",
    { provider: { apiTokens: ["k"], ...REQUIRED[provider.type], ...provider } },
    { now, ...options },
  );

/** What the vendor gets of a request. */
function sent(proxy, path, body) {
  const upstream = jsonUpstream();
  const stream = exchange([proxy], { path, body: JSON.stringify(body) }, upstream);
  assert.equal(upstream.requests.length, 1, stream.text);
  return JSON.parse(upstream.requests[0].body);
}
const ofMessages = (provider, body) =>
  sent(start(provider), "/v1/messages", {
    max_tokens: 9000,
    messages: [{ role: "user", content: "hi" }],
    ...body,
  });
const ofChat = (provider, body) =>
  sent(start(provider), "/v1/chat/completions", {
    messages: [{ role: "user", content: "hi" }],
    ...body,
  });
const effort = (word, more = {}) => ({ output_config: { effort: word }, ...more });
const adaptive = { thinking: { type: "adaptive" } };
const disabled = { thinking: { type: "disabled" } };
const tools = [{ name: "f", input_schema: { type: "object" } }];

describe("the effort that a client asks for", () => {
  for (const [type, model, members, wanted] of [
    ["openai", "gpt-4o", effort("high", adaptive), {}],
    ["openai", "gpt-5", effort("max", adaptive), { reasoning_effort: "high" }],
    ["openai", "gpt-5.1", effort("max"), { reasoning_effort: "high" }],
    ["openai", "gpt-5.2", effort("max"), { reasoning_effort: "xhigh" }],
    ["openai", "gpt-6-sol", effort("max"), { reasoning_effort: "max" }],
    ["openai", "gpt-5.4", effort("high", { ...disabled }), { reasoning_effort: "none" }],
    ["openai", "gpt-5.4", effort("high", { tools }), { reasoning: { effort: "high" } }],
    ["openai", "gpt-5.6-terra", effort("max", { tools }), { reasoning: { effort: "xhigh" } }],
    ["openai", "gpt-5.6-terra", { tools }, {}],
    ["github", "gpt-5.4", effort("high", { tools }), {}],
    ["github", "openai/gpt-5.4", effort("high", { tools }), {}],
    ["github", "gpt-5.6-terra", effort("high", { tools }), { reasoning_effort: "none" }],
    ["github", "openai/gpt-5.6-terra", { tools }, { reasoning_effort: "none" }],
    ["openai", "openai/gpt-5", effort("max", adaptive), { reasoning_effort: "high" }],
    ["moonshot", "moonshotai/kimi-k3", effort("max"), { reasoning_effort: "max" }],
    ["groq", "llama-3.3-70b-versatile", effort("high"), {}],
    ["groq", "openai/gpt-oss-120b", effort("max"), { reasoning_effort: "high" }],
    ["groq", "qwen/qwen3-32b", effort("high"), { reasoning_effort: "default" }],
    ["moonshot", "kimi-k3", effort("max"), { reasoning_effort: "max" }],
    ["moonshot", "kimi-k2.6", effort("low"), { thinking: { type: "enabled" } }],
    ["mistral", "mistral-large-4", effort("max"), { reasoning_effort: "high" }],
    ["mistral", "mistral-large-2512", effort("max"), {}],
    ["grok", "grok-4.3", effort("high"), { reasoning_effort: "high" }],
    ["grok", "grok-4", effort("high"), {}],
    ["together-ai", "whatever", effort("high"), {}],
  ]) {
    it(`${JSON.stringify(members)} at ${model} of ${type}`, () => {
      const sent = ofMessages({ type }, { model, ...members });
      const { reasoning_effort, thinking, reasoning } = sent;
      const found = { reasoning_effort, thinking, reasoning };
      assert.deepEqual(JSON.parse(JSON.stringify(found)), wanted);
    });
  }

  it("becomes a switch for thinking where a model has no efforts", () => {
    const sent = (reasoning_effort) =>
      ofChat({ type: "zhipuai" }, { model: "glm-4.6", reasoning_effort });
    assert.deepEqual(sent("high").thinking, { type: "enabled" });
    assert.deepEqual(sent("none").thinking, { type: "disabled" });
    assert.equal(sent("high").reasoning_effort, undefined);
  });

  it("none switches thinking off with the vendor's parameter", () => {
    const none = (type, model) => ofChat({ type }, { model, reasoning_effort: "none" });
    assert.equal(none("qwen", "qwen3-max").enable_thinking, false);
    assert.deepEqual(none("deepseek", "deepseek-v4").thinking, { type: "disabled" });
    const responses = { model: "deepseek-v4", input: "hi", reasoning: { effort: "none" } };
    const { thinking } = sent(start({ type: "deepseek" }), "/v1/responses", responses);
    assert.deepEqual(thinking, { type: "disabled" });
  });

  // UKGovernmentBEIS/inspect_ai#3721, BerriAI/litellm#27074
  for (const [type, model] of [
    ["claude", "claude-opus-4-7"],
    ["claude", "claude-opus-5"],
    ["bedrock", "us.anthropic.claude-opus-4-7"],
  ]) {
    it(`of a chat is adaptive thinking at ${model} of ${type}, which takes no sampling, thinking or not`, () => {
      const sampling = { temperature: 0.2, top_p: 0.5, top_k: 3 };
      const told = (members) => {
        const body = ofChat({ type }, { model, ...sampling, ...members });
        assert.doesNotMatch(JSON.stringify(body), /temperature|top_?p|top_?k/i);
        return { ...body, ...body.additionalModelRequestFields };
      };
      const { thinking, output_config } = told({ reasoning_effort: "high" });
      assert.deepEqual([thinking, output_config], [{ type: "adaptive" }, { effort: "high" }]);
      assert.equal(told({}).thinking, undefined);
    });
  }

  it("is left to a client of OpenAI's protocol where nobody knows the model", () => {
    const body = { model: "whatever", reasoning_effort: "high" };
    assert.equal(ofChat({ type: "together-ai" }, body).reasoning_effort, "high");
    assert.equal(
      ofChat({ type: "openai" }, { ...body, model: "gpt-4o" }).reasoning_effort,
      undefined,
    );
  });

  for (const [model, members, wanted] of [
    ["us.anthropic.claude-opus-4-7", effort("max", adaptive), ["adaptive", "xhigh"]],
    ["us.anthropic.claude-opus-4-6-v1", effort("max", adaptive), ["adaptive", "max"]],
    ["us.anthropic.claude-opus-4-5-20251101-v1:0", effort("max", adaptive), ["enabled", "high"]],
    ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", effort("high", adaptive), ["enabled"]],
    ["us.anthropic.claude-3-5-haiku-20241022-v1:0", effort("high", adaptive), []],
  ]) {
    it(`of Claude Code at ${model} of bedrock`, () => {
      const body = ofMessages({ type: "bedrock" }, { model, temperature: 0.2, ...members });
      const more = body.additionalModelRequestFields ?? {};
      const found = [more.thinking?.type, more.output_config?.effort];
      assert.deepEqual(found.filter(Boolean), wanted);
      const thinks = wanted.length > 0;
      assert.equal(body.inferenceConfig.temperature, thinks ? undefined : 0.2);
      if (more.thinking?.budget_tokens) {
        assert.ok(more.thinking.budget_tokens < body.inferenceConfig.maxTokens);
      }
    });
  }
});

describe("other features", () => {
  it("limits have the model's name and its maximum", () => {
    const at = (type, model) => ofMessages({ type }, { model, max_tokens: 127925 });
    assert.equal(at("openai", "gpt-5").max_completion_tokens, 127925);
    assert.equal(at("openai", "gpt-5").max_tokens, undefined);
    const limit = { model: "deepseek-chat", max_tokens: 127925 };
    assert.equal(ofChat({ type: "deepseek" }, limit).max_tokens, 8192);
    assert.equal(at("bedrock", "anthropic.claude-sonnet-4-5").inferenceConfig.maxTokens, 64000);
    const none = ofChat({ type: "claude" }, { model: "claude-opus-4-7" });
    assert.equal(none.max_tokens, 128000, "a limit that is missing is the model's own");
  });

  it("names of devices and accounts go nowhere", () => {
    const user_id = JSON.stringify({ device_id: "d".repeat(64), session_id: "s" });
    const at = (type) => ofMessages({ type }, { model: "gpt-5", metadata: { user_id } });
    const { user, safety_identifier: hash } = at("openai");
    assert.equal(user, undefined);
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(at("groq").user, undefined);
    assert.equal(at("groq").safety_identifier, undefined);
  });

  it("cache marks stay where they are understood", () => {
    const mark = { cache_control: { type: "ephemeral" } };
    const body = {
      system: [{ type: "text", text: "S", ...mark }],
      tools: [{ ...tools[0], ...mark }],
      messages: [
        { role: "user", content: [{ type: "text", text: "U", ...mark }] },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "t", content: "R", ...mark }],
        },
      ],
    };
    for (const type of ["groq", "fireworks", "mistral", "moonshot"]) {
      const text = JSON.stringify(ofMessages({ type }, { model: "m", ...body }));
      assert.doesNotMatch(text, /cache_control/, type);
    }
    const kept = JSON.stringify(ofMessages({ type: "minimax" }, { model: "m", ...body }));
    assert.equal(kept.split("cache_control").length - 1, 4);
    const bedrock = ofMessages(
      { type: "bedrock" },
      { model: "anthropic.claude-opus-4-7", ...body },
    );
    const point = { cachePoint: { type: "default" } };
    assert.deepEqual(bedrock.system, [{ text: "S" }, point]);
    assert.deepEqual(bedrock.messages[0].content, [{ text: "U" }, point]);
    assert.deepEqual(bedrock.messages[2].content[1], point);
    assert.deepEqual(bedrock.toolConfig.tools[1], point);
  });

  it("a system message in mid-conversation becomes a reminder, and what was before stays the same", () => {
    const messages = [
      { role: "user", content: 'a"b' },
      { role: "system", content: "one" },
      { role: "assistant", content: "c" },
      { role: "user", content: [{ type: "text", text: "d" }] },
      { role: "system", content: [{ type: "text", text: "two\n" }] },
    ];
    const at = (list) => ofMessages({ ...CHAT_ALONE }, { model: "m", messages: list });
    const whole = at(messages).messages;
    assert.deepEqual(whole, [
      { role: "user", content: 'a"b\n\n<system-reminder>\none\n</system-reminder>' },
      { role: "assistant", content: "c" },
      {
        role: "user",
        content: [
          { type: "text", text: "d" },
          { type: "text", text: "<system-reminder>\ntwo\n\n</system-reminder>" },
        ],
      },
    ]);
    assert.deepEqual(at(messages.slice(0, 3)).messages, whole.slice(0, 2));
  });

  // maximhq/bifrost#3945: a system message of Claude's stands behind a user's turn, and is one
  it("several of them in a row are in one turn of Claude's, and those in front are its instruction", () => {
    const say = (role, content) => ({ role, content });
    const late = [say("user", "u"), say("system", "one"), say("system", "two")];
    const { messages } = ofChat({ type: "claude" }, { model: "claude-opus-5", messages: late });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["user"],
    );
    assert.match(JSON.stringify(messages), /u.*<system-reminder>.*one.*two/);
    const first = [say("system", "one"), say("system", "two"), say("user", "u")];
    const body = ofChat({ type: "claude" }, { model: "claude-opus-5", messages: first });
    assert.deepEqual(
      [body.system.map(({ text }) => text), body.messages.length],
      [["one", "two"], 1],
    );
  });

  it("identifiers fit, and results stay with their calls", () => {
    const id = "functions.Bash:0";
    const messages = [
      { role: "user", content: "U" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id, type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: id, content: "R" },
    ];
    const [, call, result] = ofChat(
      { type: "claude" },
      { model: "claude-opus-5", messages },
    ).messages;
    assert.match(call.content[0].id, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(result.content[0].tool_use_id, call.content[0].id);
    const long = JSON.parse(JSON.stringify(messages).replaceAll(id, "x".repeat(80)));
    const chat = ofChat({ type: "openai" }, { model: "gpt-4o", messages: long }).messages;
    assert.ok(chat[1].tool_calls[0].id.length <= 40);
    assert.equal(chat[2].tool_call_id, chat[1].tool_calls[0].id);
  });
});

/** A server with chats alone: Anthropic's clients are translated. */
const CHAT_ALONE = { type: "openai", openaiCustomUrl: "https://own.example/v1" };

for (const build of BUILDS) {
  describe(`modelFeatures (${build})`, () => {
    const features = (modelFeatures) => start({ type: "openai", modelFeatures }, { build });

    it("the first entry that matches counts, and its family says the rest", () => {
      const proxy = features([
        { models: "gpt-9*", family: "gpt-6-sol", efforts: ["low", "high"] },
        { models: "*", efforts: [] },
      ]);
      assert.ok(proxy.accepted, proxy.vm.logText());
      const ask = (model) =>
        sent(proxy, "/v1/chat/completions", {
          model,
          max_tokens: 5,
          reasoning_effort: "max",
          messages: [{ role: "user", content: "hi" }],
        });
      assert.equal(ask("gpt-9-mini").reasoning_effort, "high");
      assert.equal(ask("gpt-9-mini").max_completion_tokens, 5);
      assert.equal(ask("gpt-6-sol").reasoning_effort, undefined);
    });

    for (const [entry, words] of [
      [{}, /modelFeatures\[0\]\.models: is missing/],
      [
        { models: "a", effort: [] },
        /modelFeatures\[0\]\.effort: is not one of models, family, efforts/,
      ],
      [{ models: "a", efforts: ["most"] }, /most is not one of none, minimal, low/],
      [{ models: "a", systemMessages: "last" }, /keep, user, first/],
      [{ models: "a", refuses: ["seed"] }, /seed is not one of temperature/],
    ]) {
      it(`${JSON.stringify(entry)} is an error that says what to write`, () => {
        expectLog(words);
        const log = features([entry]).vm.logText();
        assert.equal(log.split("modelFeatures").length - 1, 1, "one message");
      });
    }

    it("what is left out is named in the log and counted", () => {
      const proxy = start({ type: "groq", id: "g" }, { build, logLevel: 1 });
      const body = { model: "llama-3.3-70b", max_tokens: 5, ...effort("high") };
      sent(proxy, "/v1/messages", {
        ...body,
        system: [{ type: "text", text: "secret", cache_control: { type: "ephemeral" } }],
        messages: [{ role: "user", content: "hi" }],
      });
      const log = proxy.vm.logText();
      // Higress' host does not say its level, and lines below info are not written there.
      if (build === "stock") {
        assert.match(log, /provider g: left out of the request: reasoning_effort, cache_control/);
      }
      assert.doesNotMatch(log, /secret/);
      const counted = [...proxy.vm.metrics].filter(([name]) => name.includes("translation_losses"));
      assert.equal(counted.length, 2, JSON.stringify([...proxy.vm.metrics.keys()]));
    });
  });
}
