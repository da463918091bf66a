/**
 * What vendors refuse in a request, or expect in other words, by public reports and their documents. Each case names
 * its source.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, exchange, jsonUpstream, plugin } from "./support.mjs";

const CONFIG = {
  cloudflare: { cloudflareAccountId: "a" },
};

/** The body that a vendor gets of a chat. */
function sent(type, model, members = {}, request = {}) {
  const upstream = jsonUpstream();
  const provider = { type, apiTokens: ["k"], ...CONFIG[type] };
  const stream = exchange(
    [plugin("ai-proxy", { provider })],
    { body: chatBody("hi", { model, ...members }), ...request },
    upstream,
  );
  assert.equal(upstream.requests.length, 1, stream.text);
  return JSON.parse(upstream.requests[0].body);
}
const asMessages = (type, model, members) =>
  sent(
    type,
    model,
    {},
    {
      path: "/v1/messages",
      body: JSON.stringify({
        model,
        max_tokens: 2000,
        messages: [{ role: "user", content: "hi" }],
        ...members,
      }),
    },
  );
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };
const NAMED = { type: "function", function: { name: "f" } };

describe("a forced tool while the model thinks", () => {
  // deepseek-ai/DeepSeek-V3#1376; cloudwego/eino#994, QwenLM/qwen-code#7659 (Model Studio)
  for (const [type, model, members, isForced] of [
    ["deepseek", "deepseek-v4-flash", {}, false],
    ["deepseek", "deepseek-v4-flash", { reasoning_effort: "high" }, false],
    ["deepseek", "deepseek-v4-flash", { thinking: { type: "enabled" } }, false],
    ["deepseek", "deepseek-v4-flash", { thinking: { type: "disabled" } }, true],
    ["deepseek", "deepseek-v4-flash", { reasoning_effort: "none" }, true],
    ["deepseek", "deepseek-chat", {}, true],
    ["qwen", "qwen3.5-plus", {}, false],
    ["qwen", "qwen3.7-plus", { enable_thinking: false }, true],
    ["qwen", "qwen-plus", {}, true],
    ["qwen", "qwen-plus", { enable_thinking: true }, false],
    ["qwen", "qwen3-coder-plus", {}, true],
    ["qwen", "qwen3-8b", { stream: true }, false],
    ["qwen", "qwen3-8b", {}, true],
    ["moonshot", "kimi-k2.6", { thinking: { type: "disabled" } }, true],
  ]) {
    it(`${model} ${JSON.stringify(members)}: ${isForced ? "stays" : "is the model's choice"}`, () => {
      for (const tool_choice of ["required", NAMED]) {
        const body = sent(type, model, { tools: [TOOL], tool_choice, ...members });
        assert.deepEqual(body.tool_choice, isForced ? tool_choice : undefined);
        assert.deepEqual(body.tools, [TOOL]);
      }
      const auto = sent(type, model, { tools: [TOOL], tool_choice: "auto", ...members });
      assert.equal(auto.tool_choice, "auto");
    });
  }
});

describe("switches of thinking", () => {
  // QuantumNous/new-api#1109, datawhalechina/hello-agents#230: open Qwen3 models outside streams
  for (const [type, model] of [
    ["qwen", "qwen3-8b"],
    ["modelscope", "Qwen/Qwen3-30B-A3B"],
  ]) {
    it(`${type}: ${model} does not think outside streams`, () => {
      assert.equal(sent(type, model).enable_thinking, false);
      const hard = sent(type, model, { reasoning_effort: "high" });
      assert.deepEqual([hard.enable_thinking, hard.reasoning_effort], [false, undefined]);
      assert.equal(sent(type, model, { enable_thinking: true }).enable_thinking, true);
      assert.equal("enable_thinking" in sent(type, model, { stream: true }), false);
    });
  }
  it("others are not told", () => {
    for (const model of ["qwen-plus", "qwen3.5-plus", "qwen3-30b-a3b-instruct-2507"]) {
      assert.equal("enable_thinking" in sent("qwen", model), false, model);
    }
  });

  // CherryHQ/cherry-studio#6642, JohnnyZ93/oai-compatible-copilot#12; SiliconFlow's API reference
  it("siliconflow: only models that can think are told whether to", () => {
    for (const model of [
      "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B",
      "Qwen/Qwen2.5-VL-32B-Instruct",
      "Qwen/Qwen3-Coder-30B-A3B-Instruct",
      "moonshotai/Kimi-K2-Instruct-0905",
    ]) {
      const body = sent("siliconflow", model, { reasoning_effort: "none" });
      assert.equal("enable_thinking" in body || "reasoning_effort" in body, false, model);
    }
    for (const model of ["Qwen/Qwen3-8B", "deepseek-ai/DeepSeek-V4-Flash", "zai-org/GLM-4.6"]) {
      assert.equal(sent("siliconflow", model, { reasoning_effort: "none" }).enable_thinking, false);
    }
    const effort = (model, reasoning_effort) =>
      sent("siliconflow", model, { reasoning_effort }).reasoning_effort;
    assert.equal(effort("deepseek-ai/DeepSeek-V4-Flash", "xhigh"), "high");
    assert.equal(effort("Pro/zai-org/GLM-5.2", "max"), "max");
  });

  // volcengine.com/docs/82379/1449737 and 1494384: `reasoning_effort` of later models
  it("doubao: levels where the model has them, a switch elsewhere", () => {
    const of = (model, reasoning_effort) => {
      const { thinking, reasoning_effort: effort } = sent("doubao", model, { reasoning_effort });
      return { thinking, effort };
    };
    const level = (effort) => ({ thinking: undefined, effort });
    assert.deepEqual(of("doubao-seed-1-8-251228", "low"), level("low"));
    assert.deepEqual(of("doubao-seed-2-0-pro-260215", "none"), level("minimal"));
    assert.deepEqual(of("doubao-seed-1-6-251015", "xhigh"), level("high"));
    assert.deepEqual(of("deepseek-v4-flash-260425", "max"), level("max"));
    for (const model of ["ep-20250101-abc", "doubao-seed-1-6-250615"]) {
      const thinking = (type) => ({ thinking: { type }, effort: undefined });
      assert.deepEqual(of(model, "none"), thinking("disabled"));
      assert.deepEqual(of(model, "low"), thinking("enabled"));
    }
  });
});

describe("mistral", () => {
  // microsoft/autogen#2457, szczyglis-dev/py-gpt#185: `extra_forbidden` for names of messages
  it("gets no names of messages", () => {
    const body = sent("mistral", "mistral-large-latest", {
      messages: [
        { role: "system", content: "s", name: "boss" },
        { role: "user", content: "u", name: "me" },
      ],
    });
    assert.deepEqual(body.messages, [
      { role: "system", content: "s" },
      { role: "user", content: "u" },
    ]);
  });

  // huggingface/smolagents#757, crewAIInc/crewAI#2194: "Expected last role User or Tool (or Assistant with
  // prefix True)"; docs.mistral.ai on prefixes
  it("is told that it continues an answer", () => {
    const of = (...messages) =>
      sent("mistral", "mistral-large-latest", { messages }).messages.map(({ prefix }) => prefix);
    const user = { role: "user", content: "u" };
    const begun = { role: "assistant", content: "a" };
    assert.deepEqual(of(user, begun), [undefined, true]);
    assert.deepEqual(of(user, begun, user), [undefined, undefined, undefined]);
    assert.deepEqual(of(user, { ...begun, prefix: false }), [undefined, false]);
    const call = { id: "abcdefghi", type: "function", function: { name: "f", arguments: "{}" } };
    assert.deepEqual(of(user, { role: "assistant", tool_calls: [call] }), [undefined, undefined]);
    const others = sent("groq", "llama-3.3-70b-versatile", { messages: [user, begun] }).messages;
    assert.deepEqual(others, [user, begun]);
  });
});
