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

/** The request that a vendor gets of a chat. */
function requestOf(type, model, members = {}, request = {}, config = {}) {
  const upstream = jsonUpstream();
  const provider = { type, apiTokens: ["k"], ...CONFIG[type], ...config };
  const stream = exchange(
    [plugin("ai-proxy", { provider })],
    { body: chatBody("hi", { model, ...members }), ...request },
    upstream,
  );
  assert.equal(upstream.requests.length, 1, stream.text);
  return upstream.requests[0];
}
/** The body of it. */
const sent = (...of) => JSON.parse(requestOf(...of).body);
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

  // The same of Anthropic's clients, whose switch is `thinking`
  for (const [model, thinking, isForced] of [
    ["qwen-plus", undefined, true],
    ["qwen-plus", null, true],
    ["qwen-plus", { type: "disabled" }, true],
    ["qwen-plus", { type: "enabled", budget_tokens: 1024 }, false],
    ["qwen3.5-plus", undefined, false],
    ["qwen3.5-plus", { type: "disabled" }, true],
  ]) {
    const told = thinking === undefined ? "nothing said" : JSON.stringify(thinking);
    it(`messages, ${model}, ${told}: ${isForced ? "stays" : "is the model's choice"}`, () => {
      const tools = [{ name: "f", input_schema: { type: "object" } }];
      for (const tool_choice of [{ type: "any" }, { type: "tool", name: "f" }]) {
        const body = asMessages("qwen", model, { tools, tool_choice, thinking });
        assert.deepEqual(body.tool_choice, isForced ? tool_choice : undefined);
        assert.deepEqual(body.tools, tools);
      }
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
  it("others get no instruction", () => {
    for (const model of ["qwen-plus", "qwen3.5-plus", "qwen3-30b-a3b-instruct-2507"]) {
      assert.equal("enable_thinking" in sent("qwen", model), false, model);
    }
  });

  // CherryHQ/cherry-studio#6642, JohnnyZ93/oai-compatible-copilot#12; SiliconFlow's API reference
  it("siliconflow: only models that can think get the switch", () => {
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

describe("GLM at Zhipu", () => {
  const chat = (model, members) => sent("zhipuai", model, members);
  // NousResearch/hermes-agent#97286, charmbracelet/catwalk#603: "This model always engages in thinking and cannot be
  // disabled; please use low, high, or max"
  it("GLM-5.3 has three levels, and always thinks", () => {
    const of = (model, reasoning_effort) => {
      const { thinking, reasoning_effort: level } = chat(model, { reasoning_effort });
      return [thinking?.type, level];
    };
    for (const model of ["glm-5.3", "glm-5.3-flash"]) {
      assert.deepEqual(of(model, "none"), ["enabled", "low"]);
      assert.deepEqual(of(model, "medium"), ["enabled", "low"]);
      assert.deepEqual(of(model, "xhigh"), ["enabled", "high"]);
      assert.deepEqual(of(model, "max"), ["enabled", "max"]);
    }
    assert.deepEqual(of("glm-5.2", "max"), ["enabled", "max"]);
    assert.deepEqual(of("glm-5.2", "none"), ["disabled", undefined]);
  });

  // docs.bigmodel.cn and docs.z.ai, guide on thinking: off by default; adolfousier/opencrabs#1348
  it("keeps the reasoning of former turns that it is given", () => {
    const former = [
      { role: "user", content: "q" },
      { role: "assistant", content: "a", reasoning_content: "r" },
      { role: "user", content: "p" },
    ];
    const kept = { type: "enabled", clear_thinking: false };
    const of = (model, members) => chat(model, { messages: former, ...members }).thinking;
    for (const model of ["glm-5.3", "glm-5.2", "glm-5", "glm-4.7"]) {
      assert.deepEqual(of(model), kept, model);
      assert.deepEqual(of(model, { reasoning_effort: "high" }), kept, model);
      assert.equal(chat(model, {}).thinking, undefined);
    }
    assert.deepEqual(of("glm-5", { reasoning_effort: "none" }), { type: "disabled" });
    assert.deepEqual(of("glm-5", { thinking: { type: "enabled" } }), kept);
    const own = { type: "enabled", clear_thinking: true };
    assert.deepEqual(of("glm-5", { thinking: own }), own);
    assert.deepEqual(of("glm-5", { thinking: { type: "disabled" } }), { type: "disabled" });
    assert.equal(of("glm-4.6"), undefined);
  });

  // adolfousier/opencrabs#1347; docs.z.ai, guide on streams of calls: GLM-4.6 and later
  it("streams calls in pieces", () => {
    const of = (model, members) => chat(model, { stream: true, ...members }).tool_stream;
    const tools = [TOOL];
    for (const model of ["glm-5.3", "glm-5.2", "glm-5", "glm-4.7", "glm-4.6"]) {
      assert.equal(of(model, { tools }), true, model);
    }
    assert.equal(of("glm-4.6", { tools, tool_stream: false }), false);
    assert.equal(of("glm-4.6", {}), undefined);
    assert.equal(of("glm-4.6", { tools, stream: false }), undefined);
    assert.equal(of("glm-4.5", { tools }), undefined);
  });
});

describe("Kimi at Moonshot", () => {
  // platform.kimi.ai/docs/api, parameters of each model; NousResearch/hermes-agent#12668, hex/claude-council v2026.8.3
  it("gets no sampling values that its models have fixed, nor do the next ones", () => {
    const wanted = { temperature: 0.5, top_p: 0.5, presence_penalty: 1, frequency_penalty: 1 };
    for (const model of ["kimi-k2.6", "kimi-k3", "kimi-k3.1-pro", "kimi-k4-code"]) {
      const { temperature, top_p, presence_penalty, frequency_penalty } = sent(
        "moonshot",
        model,
        wanted,
      );
      const found = [temperature, top_p, presence_penalty, frequency_penalty];
      assert.deepEqual(found, [undefined, undefined, undefined, undefined], model);
    }
    assert.equal(sent("moonshot", "moonshot-v1-8k", wanted).temperature, 0.5);
    assert.equal(sent("moonshot", "kimi-k2-0905-preview", wanted).temperature, 0.5);
    assert.equal(
      sent("moonshot", "kimi-k4", { reasoning_effort: "high" }).reasoning_effort,
      "high",
    );
  });

  // platform.kimi.ai/docs/api/partial; vercel/ai#19545: there an answer is begun with the flag only
  it("gets the flag that continues an answer where the client's protocol begins one without it", () => {
    const messages = [
      { role: "user", content: "u" },
      { role: "assistant", content: "{" },
    ];
    for (const model of ["kimi-k2.6", "moonshot-v1-8k"]) {
      const last = ({ messages }) => messages.at(-1).partial;
      assert.equal(last(asMessages("moonshot", model, { messages })), true, model);
      assert.equal(last(sent("moonshot", model, { messages })), undefined, model);
      const own = [messages[0], { ...messages[1], partial: true }];
      assert.equal(last(sent("moonshot", model, { messages: own })), true, model);
    }
  });
});

describe("MiniMax", () => {
  const chat = (model, members) => sent("minimax", model, members);
  // MiniMax-AI/MiniMax-M2#51: "invalid chat setting"; BigPizzaV3/CodexPlusPlus#267: "invalid message role: system"
  it("gets one system message, in front", () => {
    const { messages } = chat("MiniMax-M2.5", {
      messages: [
        { role: "system", content: "a" },
        { role: "system", content: "b" },
        { role: "user", content: "u" },
        { role: "system", content: "late" },
      ],
    });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["system", "user"],
    );
    assert.equal(messages[0].content, "a\n\nb");
    assert.match(messages[1].content, /late/);
  });

  // QwenLM/qwen-code#11834: "function parameters is empty"
  it("gets parameters of every function", () => {
    const bare = { type: "function", function: { name: "f" } };
    const { tools } = chat("MiniMax-M2.5", { tools: [bare, TOOL] });
    assert.deepEqual(tools[0].function.parameters, { type: "object", properties: {} });
    assert.deepEqual(tools[1], TOOL);
    assert.deepEqual(sent("groq", "m", { tools: [bare] }).tools, [bare]);
  });

  // CherryHQ/cherry-studio#16431: "invalid thinking.type: enabled (allowed: adaptive, disabled)"
  it("M3's thinking can be switched off", () => {
    const of = (model, reasoning_effort) => {
      const { thinking, reasoning_effort: effort } = chat(model, { reasoning_effort });
      return [thinking?.type, effort];
    };
    assert.deepEqual(of("MiniMax-M3", "none"), ["disabled", undefined]);
    assert.deepEqual(of("MiniMax-M3", "high"), [undefined, undefined]);
    assert.deepEqual(of("MiniMax-M2.5", "none"), [undefined, undefined]);
  });
});

describe("levels of thinking", () => {
  const effort = (type, model, reasoning_effort) => {
    const { thinking, reasoning_effort: level } = sent(type, model, { reasoning_effort });
    return thinking === undefined ? level : thinking.type;
  };
  // platform.stepfun.com, chat completions; anomalyco/models.dev#1903, NousResearch/hermes-agent#36942
  it("stepfun: three, two or none", () => {
    assert.equal(effort("stepfun", "step-3.7-flash", "max"), "high");
    assert.equal(effort("stepfun", "step-5-preview", "medium"), "medium");
    assert.equal(effort("stepfun", "step-3.5-flash-2603", "medium"), "low");
    assert.equal(effort("stepfun", "step-2-16k", "high"), undefined);
    const members = { thinking: { type: "enabled", budget_tokens: 1900 } };
    assert.ok(asMessages("stepfun", "step-3.7-flash", members).reasoning_effort);
  });

  // build.nvidia.com/deepseek-ai/deepseek-v4-pro; anomalyco/models.dev#5624, NousResearch/hermes-agent#28184
  it("nvidia: those of each model", () => {
    assert.equal(effort("nvidia", "deepseek-ai/deepseek-v4-flash", "low"), "high");
    assert.equal(effort("nvidia", "deepseek-ai/deepseek-v4-pro", "none"), "none");
    assert.equal(effort("nvidia", "openai/gpt-oss-120b", "max"), "high");
    assert.equal(effort("nvidia", "meta/llama", "high"), "high");
  });

  // docs.x.ai, guide on reasoning; NousResearch/hermes-agent#23435: "does not support parameter reasoningEffort"
  it("grok: those of each model", () => {
    for (const [model, asked, told] of [
      ["grok-4.6", "xhigh", "xhigh"],
      ["grok-4.6", "none", "low"],
      ["grok-4.5", "xhigh", "high"],
      ["grok-4.5", "none", "low"],
      ["grok-4.3", "none", "none"],
      ["grok-4.20-0309-reasoning", "high", undefined],
      ["grok-4.20-multi-agent-0309", "xhigh", "xhigh"],
      ["grok-4-latest", "high", undefined],
      ["grok-code-fast-1", "low", undefined],
      ["grok-5", "high", "high"],
    ]) {
      assert.equal(effort("grok", model, asked), told, `${model} ${asked}`);
    }
  });

  // farion1231/cc-switch#1489: "thinking type should be enabled or disabled"; immersive-translate#3806
  it("siliconflow: a budget where Anthropic's clients let the model decide", () => {
    const of = (type, max_tokens, thinking = { type: "adaptive" }) =>
      asMessages(type, "zai-org/GLM-4.6", { max_tokens, thinking }).thinking;
    assert.deepEqual(of("siliconflow", 3000), { type: "enabled", budget_tokens: 2999 });
    assert.deepEqual(of("siliconflow", 64_000), { type: "enabled", budget_tokens: 32_768 });
    assert.equal(of("siliconflow", 100), undefined);
    const own = { type: "enabled", budget_tokens: 1500 };
    assert.deepEqual(of("siliconflow", 3000, own), own);
    assert.deepEqual(of("novita", 3000), { type: "adaptive" });
    const translator = sent("siliconflow", "tencent/Hunyuan-MT-7B", { reasoning_effort: "none" });
    assert.equal("enable_thinking" in translator, false);
  });

  // CherryHQ/cherry-studio#7593: "Unsupported thinking type for the current model: disabled"
  it("doubao: a model that always thinks gets no switch", () => {
    assert.equal(effort("doubao", "doubao-seed-1-6-thinking-250615", "none"), "enabled");
  });
});

describe("members that vendors take in another way", () => {
  // pipecat-ai/pipecat#5450, glama-ai/lightport#8 (by Cerebras), mnfst/modelparams.dev#115
  it("cerebras: penalties and biases by now, no top_k", () => {
    const wanted = {
      presence_penalty: 0.5,
      frequency_penalty: 0.5,
      logit_bias: { 1: 1 },
      top_k: 5,
    };
    const body = sent("cerebras", "gpt-oss-120b", wanted);
    assert.equal(body.presence_penalty, 0.5);
    assert.equal(body.frequency_penalty, 0.5);
    assert.deepEqual(body.logit_bias, { 1: 1 });
    assert.equal("top_k" in body, false);
  });

  // Volcengine's API reference of chats: either limit
  it("doubao: one limit", () => {
    const both = { max_tokens: 5, max_completion_tokens: 9 };
    const { max_tokens, max_completion_tokens } = sent("doubao", "doubao-seed-1-6-250615", both);
    assert.deepEqual([max_tokens, max_completion_tokens], [undefined, 9]);
    assert.equal(sent("doubao", "m", { max_tokens: 5 }).max_tokens, 5);
  });

  // www.xfyun.cn/doc/spark/HTTP: without the switch, calls are no list
  it("spark: calls as a list", () => {
    assert.equal(sent("spark", "4.0Ultra", { tools: [TOOL] }).tool_calls_switch, true);
    const own = sent("spark", "4.0Ultra", { tools: [TOOL], tool_calls_switch: false });
    assert.equal(own.tool_calls_switch, false);
    assert.equal("tool_calls_switch" in sent("spark", "4.0Ultra"), false);
  });

  // llm-exe/llm-exe#662, ItzCrazyKns/Vane#969, langchain-ai/langchain#29282: "This response_format type is
  // unavailable now"
  it("deepseek: a schema as an instruction", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const response_format = { type: "json_schema", json_schema: { name: "n", schema } };
    for (const model of ["deepseek-v4-flash", "deepseek-chat"]) {
      const body = sent("deepseek", model, {
        response_format,
        messages: [
          { role: "system", content: "s" },
          { role: "user", content: "u" },
        ],
      });
      assert.deepEqual(body.response_format, { type: "json_object" });
      assert.equal(body.messages.length, 3);
      assert.equal(body.messages[0].content, "s");
      assert.equal(body.messages[1].role, "system");
      assert.match(body.messages[1].content, /JSON/);
      assert.ok(body.messages[1].content.endsWith(JSON.stringify(schema)));
      assert.equal(body.messages[2].content, "u");
    }
    const plain = sent("deepseek", "m", { response_format: { type: "json_object" } });
    assert.deepEqual(plain.response_format, { type: "json_object" });
    assert.equal(plain.messages.length, 1);
    assert.deepEqual(sent("groq", "m", { response_format }).response_format, response_format);
    const responses = sent(
      "deepseek",
      "deepseek-v4-flash",
      {},
      {
        path: "/v1/responses",
        body: JSON.stringify({
          model: "deepseek-v4-flash",
          input: "u",
          text: { format: { type: "json_schema", name: "n", schema } },
        }),
      },
    );
    assert.deepEqual(responses.response_format, { type: "json_object" });
    assert.ok(responses.messages[0].content.endsWith(JSON.stringify(schema)));
  });

  it("deepseek: mapped names and configured contexts are as they are without", () => {
    const response_format = { type: "json_schema", json_schema: { name: "n", schema: {} } };
    const config = { modelMapping: { "gpt-4": "deepseek-chat" } };
    const body = JSON.parse(
      requestOf("deepseek", "gpt-4", { response_format, user: "u" }, {}, config).body,
    );
    assert.equal(body.model, "deepseek-chat");
    assert.equal(body.user, "u");
    assert.equal(body.messages.length, 2);
  });
});

describe("paths", () => {
  const BODY = { model: "m", input: "x", query: "q", documents: ["a"], prompt: "p", messages: [] };
  const STEPFUN = ["images/generations", "audio/speech", "audio/transcriptions"];
  for (const [type, host, prefix, paths] of [
    // docs.together.ai, API reference
    ["together-ai", "api.together.xyz", "/v1/", ["rerank", ...STEPFUN]],
    // docs.fireworks.ai/guides/querying-embeddings-models
    ["fireworks", "api.fireworks.ai", "/inference/v1/", ["embeddings", "rerank"]],
    // console.groq.com/docs/api-reference
    ["groq", "api.groq.com", "/openai/v1/", [...STEPFUN.slice(1), "audio/translations", "files"]],
    ["groq", "api.groq.com", "/openai/v1/", ["batches", "files/f1/content", "batches/b1"]],
    // cloud.baidu.com/doc/qianfan/s/qmh4sv5vi
    ["baidu", "qianfan.baidubce.com", "/v2/", ["images/generations", "rerank", "models"]],
    // docs.bigmodel.cn, API reference
    ["zhipuai", "open.bigmodel.cn", "/api/paas/v4/", ["rerank", ...STEPFUN]],
    // platform.stepfun.com/docs/api-reference
    ["stepfun", "api.stepfun.com", "/v1/", STEPFUN],
    // docs.mistral.ai/api
    ["mistral", "api.mistral.ai", "/v1/", ["moderations", "audio/transcriptions", "files"]],
    // docs.x.ai/docs/api-reference
    ["grok", "api.x.ai", "/v1/", ["images/edits", "files"]],
    // openrouter.ai/docs/api-reference
    ["openrouter", "openrouter.ai", "/api/v1/", ["embeddings", ...STEPFUN.slice(1)]],
  ]) {
    it(`${type}: ${paths.join(", ")}`, () => {
      for (const path of paths) {
        const { headers } = requestOf(type, "m", {}, pathOf(path));
        assert.equal(headers.get(":authority"), host);
        assert.equal(headers.get(":path"), prefix + path);
      }
    });
  }
  const pathOf = (path) => ({ path: `/v1/${path}`, body: JSON.stringify(BODY) });

  // api-docs.deepseek.com/api/create-completion
  it("deepseek: completions are of the beta", () => {
    const { headers } = requestOf("deepseek", "m", {}, pathOf("completions"));
    assert.equal(headers.get(":path"), "/beta/completions");
  });

  // Model Studio's reference of reranking
  it("qwen: reranking by either name", () => {
    for (const path of ["rerank", "reranks"]) {
      const { headers } = requestOf("qwen", "m", {}, pathOf(path));
      assert.equal(headers.get(":path"), "/compatible-api/v1/reranks");
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
  it("gets the flag that continues an answer", () => {
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

describe("DashScope's own protocol", () => {
  const native = { qwenEnableCompatible: false };
  const TEXT = "/api/v1/services/aigc/text-generation/generation";
  const PARTS = "/api/v1/services/aigc/multimodal-generation/generation";
  // agentscope-ai/agentscope#1295 and #1316, agentscope-java#817, langchain-community#540; Model Studio's
  // DashScope API reference: "url error, please check url" for a model at the other's path
  for (const [model, path] of [
    ["qwen3.5-plus", PARTS],
    ["qwen3.6-plus", PARTS],
    ["qwen3.5-397b-a17b", PARTS],
    ["qwen3.7-max", TEXT],
    ["qwen3-max", TEXT],
    ["qwen3-8b", TEXT],
    ["qwen-plus", TEXT],
    ["qwen-audio-turbo", PARTS],
    ["qwen3-asr-flash", PARTS],
    ["qwen2.5-omni-7b", PARTS],
    ["qwen-vl-ocr", PARTS],
  ]) {
    it(`${model}: ${path.includes("multi") ? "with parts" : "text"}`, () => {
      const request = requestOf("qwen", model, {}, {}, native);
      assert.equal(request.headers.get(":path"), path);
      const content = path == PARTS ? [{ text: "hi" }] : "hi";
      assert.deepEqual(JSON.parse(request.body).input.messages, [{ role: "user", content }]);
    });
  }

  // Model Studio: `{"audio": …}` and `{"video": …}` in native contents; input_audio of the compatible mode
  it("sounds and videos", () => {
    const content = [
      { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
      { type: "input_audio", input_audio: { data: "https://h/a.mp3", format: "mp3" } },
      { type: "video_url", video_url: { url: "https://h/v.mp4" } },
      { type: "video", video: ["https://h/1.jpg", "https://h/2.jpg"] },
    ];
    const messages = [{ role: "user", content }];
    assert.deepEqual(
      sent("qwen", "qwen3.5-omni-plus", { messages }, {}, native).input.messages[0].content,
      [
        { audio: "data:audio/wav;base64,UklG" },
        { audio: "https://h/a.mp3" },
        { video: "https://h/v.mp4" },
        { video: ["https://h/1.jpg", "https://h/2.jpg"] },
      ],
    );
  });
});
