/**
 * What public reports and Anthropic's documents say clients of the Messages API send, and what must become of it
 * at platforms for Claude and at other vendors. Each has its source.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { exchange, jsonUpstream, plugin, streamUpstream } from "./support.mjs";

const now = () => 1_700_000_000_000;
const MORE = { bedrock: { awsRegion: "us-east-1" }, vllm: { vllmCustomUrl: "llm.internal/v1" } };
const start = (type, more) =>
  plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...MORE[type], ...more } }, { now });
const USER = [{ role: "user", content: "hi" }];
const EPHEMERAL = { type: "ephemeral" };

function ask(type, body, { more, headers, path = "/v1/messages", upstream } = {}) {
  const answer = upstream ?? jsonUpstream({});
  const all = { model: "m", max_tokens: 900, messages: USER, ...body };
  const stream = exchange(
    [start(type, more)],
    { path, headers, body: JSON.stringify(all) },
    answer,
  );
  return { stream, request: answer.requests[0] };
}

/** What the vendor gets. */
function sent(type, body, options) {
  const { stream, request } = ask(type, body, options);
  assert.ok(request, stream.text);
  return JSON.parse(request.body);
}

const said = (...content) => ({ messages: [{ role: "user", content }] });
const text = (value, members) => ({ type: "text", text: value, ...members });

describe("platforms for Claude", () => {
  const INVOKE = { capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" } };
  const MANTLE = { providerDomain: "bedrock-mantle.us-east-1.api.aws" };
  const PLATFORMS = [
    ["vertex", "claude-sonnet-5", undefined],
    ["bedrock", "us.anthropic.claude-sonnet-5", INVOKE],
  ];

  for (const [type, model, more] of PLATFORMS) {
    const at = (body) => sent(type, { model, ...body }, { more });

    // anthropics/claude-code#41966, Wei-Shaw/claude-relay-service#965, maximhq/bifrost#1558
    it(`${type}: marks for caching have no scope, the rest of them stays`, () => {
      const mark = { type: "ephemeral", scope: "global", ttl: "1h" };
      const kept = { type: "ephemeral", ttl: "1h" };
      const tool = { name: "f", input_schema: { type: "object" } };
      const body = at({
        system: [text("S", { cache_control: mark }), text("T")],
        tools: [{ ...tool, cache_control: { scope: "global", type: "ephemeral" } }],
        ...said(text("U", { cache_control: mark })),
      });
      assert.deepEqual(body.system, [text("S", { cache_control: kept }), text("T")]);
      assert.deepEqual(body.tools, [{ ...tool, cache_control: EPHEMERAL }]);
      assert.deepEqual(body.messages[0].content, [text("U", { cache_control: kept })]);
    });

    // UKGovernmentBEIS/inspect_ai#3851, langchain-ai/langchain-google#1612
    it(`${type}: a mark of the whole request is one of its last block`, () => {
      const hour = { type: "ephemeral", ttl: "1h" };
      const plain = at({ cache_control: EPHEMERAL });
      assert.equal(plain.cache_control, undefined);
      assert.deepEqual(plain.messages[0].content, [text("hi", { cache_control: EPHEMERAL })]);
      const listed = at({ cache_control: hour, ...said(text("a"), text("b")) });
      assert.deepEqual(listed.messages[0].content, [text("a"), text("b", { cache_control: hour })]);
      const own = said(text("a", { cache_control: hour }));
      assert.deepEqual(at({ cache_control: EPHEMERAL, ...own }).messages, own.messages);
      for (const odd of [{ messages: [] }, { messages: 7 }, said()]) {
        assert.equal(at({ cache_control: EPHEMERAL, ...odd }).cache_control, undefined);
      }
      assert.deepEqual(at({ cache_control: null }).messages, USER);
    });

    // The platforms in Anthropic's documents on fast mode, cache diagnostics and task budgets
    it(`${type}: gets nothing that only changes the speed or the accounts of an answer`, () => {
      const body = at({
        speed: "fast",
        diagnostics: { previous_message_id: null },
        output_config: { effort: "high", task_budget: { type: "tokens", total: 90000 } },
      });
      assert.equal(body.speed, type === "vertex" ? "fast" : undefined);
      assert.equal(body.diagnostics, undefined);
      assert.deepEqual(body.output_config, { effort: "high" });
      const alone = at({ output_config: { task_budget: { type: "tokens", total: 90000 } } });
      assert.equal(alone.output_config, undefined);
    });

    // Effort is a setting of later models than Claude Haiku 4.5 by Anthropic's document on it
    it(`${type}: a model without effort gets neither it nor the budget`, () => {
      const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
      const modelMapping = { "*": type === "vertex" ? "claude-haiku-4-5@20251001" : haiku };
      const configOf = (output_config) =>
        sent(type, { model, output_config }, { more: { ...more, modelMapping } }).output_config;
      const effort = { effort: "max" };
      const budget = { task_budget: { type: "tokens", total: 90000 } };
      const other = { format: { type: "json_schema", schema: {} } };
      assert.equal(configOf({ ...effort, ...budget }), undefined);
      assert.equal(configOf({ ...budget, ...effort }), undefined);
      for (const members of [
        [other, effort, budget],
        [effort, other, budget],
        [effort, budget, other],
        [other, budget, effort],
        [budget, other, effort],
        [budget, effort, other],
      ]) {
        assert.deepEqual(configOf(Object.assign({}, ...members)), other);
      }
    });

    it(`${type}: decides itself about what changes the answer, and gets the rest as it is`, () => {
      const members = {
        inference_geo: "us",
        mcp_servers: [{ type: "url", url: "https://x.example", name: "x" }],
        tools: [{ name: "f", input_schema: {}, eager_input_streaming: true, strict: true }],
      };
      const body = at(members);
      for (const [name, value] of Object.entries(members)) assert.deepEqual(body[name], value);
    });
  }

  it("count tokens of the same", () => {
    const path = "/v1/messages/count_tokens";
    const body = { model: "claude-sonnet-5", cache_control: EPHEMERAL, diagnostics: {} };
    const count = sent("vertex", body, { path });
    assert.deepEqual([count.cache_control, count.diagnostics], [undefined, undefined]);
    const mantle = sent("bedrock", { ...body, model: "anthropic.claude-x" }, { more: MANTLE });
    assert.deepEqual([mantle.cache_control, mantle.diagnostics], [undefined, undefined]);
  });
});

describe("DeepSeek's endpoint for Anthropic's protocol", () => {
  const at = (body) => sent("deepseek", { model: "deepseek-v4-pro", ...body });

  // anthropics/claude-code#65863: what agents that Claude Code starts send
  it("gets no effort where thinking is off", () => {
    const off = { type: "disabled" };
    const format = { type: "json_schema", schema: {} };
    assert.equal(at({ thinking: off, output_config: { effort: "high" } }).output_config, undefined);
    const both = at({ thinking: off, output_config: { effort: "high", format } });
    assert.deepEqual(both.output_config, { format });
    const on = { thinking: { type: "enabled", budget_tokens: 1024 } };
    assert.deepEqual(at({ ...on, output_config: { effort: "high" } }).output_config, {
      effort: "high",
    });
  });

  // deepseek-ai/awesome-deepseek-integration#606, deepseek-ai/DeepSeek-V3#1376
  it("is not to force a tool while it thinks", () => {
    const tools = [{ name: "f", input_schema: { type: "object" } }];
    for (const tool_choice of [{ type: "any" }, { type: "tool", name: "f" }]) {
      assert.equal(at({ tools, tool_choice }).tool_choice, undefined);
      const off = at({ tools, tool_choice, thinking: { type: "disabled" } });
      assert.deepEqual(off.tool_choice, tool_choice);
    }
    assert.deepEqual(at({ tools, tool_choice: { type: "auto" } }).tool_choice, { type: "auto" });
    const glm = sent("siliconflow", { model: "glm", tools, tool_choice: { type: "any" } });
    assert.deepEqual(glm.tool_choice, { type: "any" });
  });

  // SuperJJ007/CSSwitch#73, NousResearch/hermes-agent#22313
  it("gets a thought before the calls of a turn that has lost it", () => {
    const use = { type: "tool_use", id: "a", name: "f", input: {} };
    const result = { type: "tool_result", tool_use_id: "a", content: "R" };
    const thought = { type: "thinking", thinking: "T", signature: "s" };
    const turns = (...content) => [
      ...USER,
      { role: "assistant", content },
      { role: "user", content: [result] },
    ];
    const contentOf = (messages, more) => at({ messages, ...more }).messages[1].content;
    const blank = { type: "thinking", thinking: " ", signature: "" };
    assert.deepEqual(contentOf(turns(use)), [blank, use]);
    assert.deepEqual(contentOf(turns(text("x"), use)), [blank, text("x"), use]);
    assert.deepEqual(contentOf(turns(thought, use)), [thought, use]);
    assert.deepEqual(contentOf(turns(text("x"))), [text("x")]);
    assert.deepEqual(contentOf(turns(use), { thinking: { type: "disabled" } }), [use]);
    const other = sent("siliconflow", { model: "glm", messages: turns(use) });
    assert.deepEqual(other.messages[1].content, [use]);
  });
});

// DeepSeek's documents on images and on Anthropic's protocol; Stack-Cairn/LiveAgent#795, esengine/DeepSeek-Reasonix#10075
describe("images for DeepSeek", () => {
  const data = "iVBORw0KGgo=";
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data } };
  const image_url = { url: `data:image/png;base64,${data}` };
  const chat = (model, part) => {
    const body = { model, messages: [{ role: "user", content: [part] }] };
    return sent("deepseek", body, { path: "/v1/chat/completions" }).messages[0].content[0];
  };
  const ofInput = (model, part) => {
    const body = { model, input: [{ role: "user", content: [part] }] };
    return sent("deepseek", body, { path: "/v1/responses" }).messages[0].content[0];
  };
  const LEFT = { type: "text", text: "[left out: this model reads text alone]" };

  for (const model of ["deepseek-flash", "deepseek-v4-flash", "deepseek-v4-flash-vision-exp"]) {
    it(`reach ${model}`, () => {
      assert.deepEqual(chat(model, { type: "image_url", image_url }).image_url, image_url);
      const { messages } = sent("deepseek", { model, ...said(image) });
      assert.deepEqual(messages[0].content, [image]);
      const part = { type: "input_image", image_url: image_url.url };
      assert.deepEqual(ofInput(model, part).image_url, image_url);
    });
  }

  it("do not reach its models of texts", () => {
    for (const model of ["deepseek-v4-pro", "deepseek-chat", "deepseek-reasoner"]) {
      assert.deepEqual(chat(model, { type: "image_url", image_url }), LEFT);
    }
  });

  // ParseBench's source: there are no PDFs
  it("are not documents", () => {
    const file_data = "data:application/pdf;base64,JVBERi0=";
    const part = ofInput("deepseek-flash", { type: "input_file", filename: "f.pdf", file_data });
    assert.equal(part.text, "[left out: this model reads no files]");
  });
});

// The Messages API in DeepSeek's documents and vLLM's source; deepseek-ai/DeepSeek-V3#1026, aattaran/deepclaude#19,
// Alishahryar1/free-claude-code#359: one block that the endpoint does not know ends the session
describe("endpoints for Anthropic's protocol that know few blocks", () => {
  const TYPES = [
    ["deepseek", "deepseek-v4-pro"],
    ["deepseek", "deepseek-flash"],
    ["vllm", "local"],
  ];
  const data = "iVBORw0KGgo=";
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data } };
  const file = (source, more) => ({ type: "document", source, ...more });
  const plain = file({ type: "text", media_type: "text/plain", data: "D" }, { title: "T" });
  const mixed = file({ type: "content", content: [text("C"), image] });
  const pdf = file({ type: "base64", media_type: "application/pdf", data: "JVBERi0=" });
  const found = { type: "search_result", title: "T", source: "https://s", content: [text("F")] };
  const NO_FILE = text("[left out: this model reads no files]");
  const NO_IMAGE = text("[left out: this model reads text alone]");
  const told = (block, model) => (block === image && model.endsWith("pro") ? NO_IMAGE : block);

  for (const [type, model] of TYPES) {
    const more = { vllmCustomUrl: undefined };
    const at = (messages) => sent(type, { model, messages }, { more }).messages;

    it(`${model}: a user's blocks`, () => {
      const upload = { type: "container_upload", file_id: "f" };
      const empty = file({ type: "text", media_type: "text/plain", data: "" });
      const blocks = [text("U"), plain, mixed, pdf, found, image, upload, empty];
      const result = { type: "tool_result", tool_use_id: "a", content: [found, image, pdf] };
      const use = { type: "tool_use", id: "a", name: "f", input: {} };
      const messages = at([
        { role: "user", content: blocks },
        { role: "assistant", content: [{ type: "thinking", thinking: "t", signature: "" }, use] },
        { role: "user", content: [result] },
        { role: "user", content: "string" },
      ]);
      const see = told(image, model);
      const texts = [text("T\nD"), text("C"), see, NO_FILE, text("T\nhttps://s\nF"), see, NO_FILE];
      assert.deepEqual(messages[0].content, [text("U"), ...texts, text("...")]);
      const parts = [text("T\nhttps://s\nF"), see, NO_FILE];
      assert.deepEqual(messages[2].content, [{ ...result, content: parts }]);
      assert.equal(messages[3].content, "string");
    });

    it(`${model}: blocks of tools that Anthropic runs, and hidden thoughts`, () => {
      const redacted = { type: "redacted_thinking", data: "x" };
      const call = (id, name, input) => ({ type: "server_tool_use", id, name, input });
      const search = [
        call("s", "web_search", { query: "q" }),
        { type: "web_search_tool_result", tool_use_id: "s", content: [] },
      ];
      const code = { type: "bash_code_execution_result", stdout: "O", stderr: "", content: [] };
      const run = [
        call("c", "bash_code_execution", { command: "ls" }),
        { type: "bash_code_execution_tool_result", tool_use_id: "c", content: code },
      ];
      const mcp = [
        { type: "mcp_tool_use", id: "m", name: "n", server_name: "srv", input: {} },
        { type: "mcp_tool_result", tool_use_id: "m", content: [text("M")] },
      ];
      const turn = (...content) => at([...USER, { role: "assistant", content }, ...USER])[1];
      const { content } = turn(redacted, ...search, ...run, ...mcp, text("A"));
      const searched = type === "vllm" ? [text("[web search:]")] : search;
      assert.deepEqual(content, [
        ...searched,
        text('[called bash_code_execution {"command":"ls"}]'),
        text("[result:\nO]"),
        text("[called srv.n {}]"),
        text("[result:\nM]"),
        text("A"),
      ]);
      assert.deepEqual(turn(redacted).content, [text("...")]);
      const summary = turn({ type: "compaction", content: "S" }, text("A")).content;
      assert.deepEqual(summary, [text("Summary of the conversation so far:\nS"), text("A")]);
    });
  }

  it("DeepSeek gets a thought before calls whose thoughts it cannot read", () => {
    const use = { type: "tool_use", id: "a", name: "f", input: {} };
    const redacted = { type: "redacted_thinking", data: "x" };
    const content = [{ type: "tool_result", tool_use_id: "a", content: "R" }];
    const messages = [...USER, { role: "assistant", content: [redacted, use] }];
    const body = { model: "deepseek-v4-pro", messages: [...messages, { role: "user", content }] };
    const thinking = { type: "enabled", budget_tokens: 2000 };
    const request = sent("deepseek", { ...body, thinking });
    const blank = { type: "thinking", thinking: " ", signature: "" };
    assert.deepEqual(request.messages[1].content, [blank, use]);
    assert.deepEqual(request.thinking, thinking);
    const off = sent("deepseek", { ...body, thinking: { type: "disabled" } });
    assert.deepEqual(off.messages[1].content, [use]);
  });

  it("a model that is said to read no images gets none", () => {
    const modelFeatures = [{ models: "*", images: false }];
    const { messages } = sent("siliconflow", said(image, found), { more: { modelFeatures } });
    assert.deepEqual(messages[0].content, [NO_IMAGE, text("T\nhttps://s\nF")]);
    assert.deepEqual(sent("siliconflow", said(image, found)).messages[0].content, [image, found]);
  });
});

describe("limits and switches of other vendors", () => {
  // Anthropic's document on prompt caching (a request that only fills the cache); stdapi-ai/stdapi.ai#266
  it("a limit of no tokens is one token", () => {
    assert.equal(sent("openai", { model: "gpt-4o", max_tokens: 0 }).max_tokens, 1);
    assert.equal(sent("bedrock", { model: "m", max_tokens: 0 }).inferenceConfig.maxTokens, 1);
    assert.equal(sent("claude", { model: "claude-sonnet-5", max_tokens: 0 }).max_tokens, 0);
    assert.equal(sent("openai", { model: "gpt-4o", max_tokens: 10 }).max_tokens, 10);
  });

  // MoonshotAI/Kimi-K2#141, BigPizzaV3/CodexPlusPlus#1180, can1357/oh-my-pi#3853
  it("thinking is not switched off where a model refuses that", () => {
    const thinking = { type: "disabled" };
    for (const model of ["kimi-k2.7-code", "kimi-k2.7-code-highspeed"]) {
      assert.notDeepEqual(sent("moonshot", { model, thinking }).thinking, thinking);
      const effort = { path: "/v1/chat/completions" };
      const chat = sent("moonshot", { model, reasoning_effort: "none" }, effort);
      assert.notDeepEqual(chat.thinking, thinking);
    }
    assert.deepEqual(sent("moonshot", { model: "kimi-k2.6", thinking }).thinking, thinking);
  });
});

describe("paths of Vertex AI", () => {
  // Claude Code's document on gateways: with CLAUDE_CODE_USE_VERTEX betas stand in the header
  it("keep what their clients say of Anthropic's betas", () => {
    const models = "/v1/projects/p/locations/us-east5/publishers/anthropic/models";
    for (const path of [
      `${models}/claude-sonnet-5:rawPredict`,
      `${models}/claude-sonnet-5:streamRawPredict`,
      `${models}/count-tokens:rawPredict`,
    ]) {
      const headers = { "anthropic-beta": "context-1m-2025-08-07" };
      const { request } = ask("vertex", { anthropic_version: "v" }, { path, headers });
      assert.equal(request.headers.get(":path"), path);
      assert.equal(request.headers.get("anthropic-beta"), "context-1m-2025-08-07");
    }
    const chat = { path: "/v1/chat/completions", headers: { "anthropic-beta": "b" } };
    const { request } = ask("vertex", { model: "claude-sonnet-5" }, chat);
    assert.equal(request.headers.get("anthropic-beta"), undefined);
  });
});

describe("blocks of a user's turn", () => {
  const partsOf = (type, ...content) => sent(type, said(...content)).messages.at(-1).content;
  const found = {
    type: "search_result",
    title: "T",
    source: "https://s.example",
    content: [text("one"), text("two")],
    citations: { enabled: true },
  };
  const document = (source, members) => ({ type: "document", source, ...members });

  // Anthropic's documents on search results; tashfeenahmed/freellmapi#793
  it("that are search results become text", () => {
    const told = "T\nhttps://s.example\none\ntwo";
    assert.deepEqual(partsOf("groq", found, text("q")), [text(told), text("q")]);
    const gemini = sent("gemini", said(found, text("q")));
    assert.equal(gemini.contents[0].parts[0].text, told);
    const bedrock = sent("bedrock", { model: "amazon.nova-pro-v1:0", ...said(found, text("q")) });
    assert.equal(bedrock.messages[0].content[0].text, told);
  });

  // tashfeenahmed/freellmapi#793, BerriAI/litellm#38267; Anthropic's documents on citations
  it("that are documents of text become text with title and context", () => {
    const members = { title: "T", context: "C", citations: { enabled: true } };
    const plain = { type: "text", media_type: "text/plain", data: "D" };
    assert.deepEqual(partsOf("groq", document(plain, members)), [text("T\nC\nD")]);
    assert.deepEqual(partsOf("groq", document(plain, { title: null })), [text("D")]);
    const blocks = { type: "content", content: [text("one"), text("two")] };
    assert.deepEqual(partsOf("groq", document(blocks, { title: "T" })), [text("T\none\ntwo")]);
    const whole = { type: "content", content: "one" };
    assert.deepEqual(partsOf("groq", document(whole)), [text("one")]);
    const image = { type: "image", source: { type: "url", url: "https://i.example" } };
    const mixed = document({ type: "content", content: [text("one"), image] });
    const [words, picture] = partsOf("openai", mixed);
    assert.deepEqual(words, text("one"));
    assert.equal(picture.image_url.url, "https://i.example");
  });

  it("so they are in results, with their pictures behind them", () => {
    const image = { type: "image", source: { type: "url", url: "https://i.example" } };
    const source = { type: "content", content: [text("one"), image] };
    const result = {
      type: "tool_result",
      tool_use_id: "a",
      content: [document(source, { title: "T" }), found],
    };
    const { messages } = sent("openai", {
      messages: [
        ...USER,
        { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
        { role: "user", content: [result] },
      ],
    });
    assert.equal(messages[2].content, "T\none\nT\nhttps://s.example\none\ntwo");
    assert.equal(messages[3].content[0].image_url.url, "https://i.example");
  });

  it("by reference are refused, in words", () => {
    for (const source of [
      { type: "file", file_id: "file_1" },
      { type: "url", url: "https://x.example/a.pdf" },
    ]) {
      const { stream, request } = ask("groq", said(document(source)));
      assert.equal(request, undefined);
      assert.equal(stream.json.error.message, "a document by reference cannot be sent");
    }
  });

  // Anthropic's documents on the code execution tool: files for its container
  it("of which nothing can be sent leave no empty turn", () => {
    const upload = { type: "container_upload", file_id: "file_1" };
    assert.deepEqual(partsOf("groq", upload), [text("...")]);
    assert.deepEqual(partsOf("groq", upload, text("q")), [text("q")]);
    const { stream } = ask("groq", said(upload, text("q")), { more: { strictTranslation: true } });
    assert.equal(stream.json.error.message, "content cannot be sent to this provider");
  });
});

describe("an assistant's turn", () => {
  const told = (...content) =>
    sent("groq", {
      messages: [...USER, { role: "assistant", content }, { role: "user", content: "next" }],
    }).messages[1].content;
  const use = (name, input, type = "server_tool_use", members = {}) => ({
    type,
    id: "s1",
    name,
    input,
    ...members,
  });
  const result = (type, content) => ({ type, tool_use_id: "s1", content });

  // Anthropic's documents on web fetch, code execution, tool search and the MCP connector
  it("contains the results of tools that Anthropic ran", () => {
    const fetched = {
      type: "web_fetch_result",
      url: "https://x.example",
      content: {
        type: "document",
        title: "T",
        source: { type: "text", media_type: "text/plain", data: "PAGE" },
      },
    };
    assert.equal(
      told(
        use("web_fetch", { url: "https://x.example" }),
        result("web_fetch_tool_result", fetched),
        text("ok"),
      ),
      '[called web_fetch {"url":"https://x.example"}]\n\n[result:\nhttps://x.example\nT\nPAGE]\n\nok',
    );
    const run = { type: "bash_code_execution_result", stdout: "OUT", stderr: "ERR", content: [] };
    assert.equal(
      told(use("bash_code_execution", {}), result("bash_code_execution_tool_result", run)),
      "[called bash_code_execution {}]\n\n[result:\nOUT\nERR]",
    );
    const mcp = use("look", { q: 1 }, "mcp_tool_use", { server_name: "docs" });
    assert.equal(
      told(mcp, result("mcp_tool_result", [text("one"), text("two")])),
      '[called docs.look {"q":1}]\n\n[result:\none\ntwo]',
    );
    const failed = { type: "web_fetch_tool_result_error", error_code: "unavailable" };
    assert.match(told(result("web_fetch_tool_result", failed)), /unavailable/);
    const file = { type: "text_editor_code_execution_view_result", content: "FILE" };
    const lines = { type: "text_editor_code_execution_str_replace_result", lines: ["-a", "+b"] };
    assert.match(told(result("text_editor_code_execution_tool_result", file)), /FILE/);
    assert.match(told(result("text_editor_code_execution_tool_result", lines)), /-a\n\+b/);
    assert.match(told(result("mcp_tool_result", "TEXT")), /TEXT/);
  });

  it("does so of any form", () => {
    for (const content of [null, 7, [], [7], {}, { content: 7 }, { content: { source: 7 } }]) {
      assert.equal(told(result("web_fetch_tool_result", content)), "[result:]");
    }
  });

  // BerriAI/litellm#28868, #41456; Anthropic's document on compaction
  it("with a summary replaces everything in front of it", () => {
    const messages = [
      { role: "user", content: "old" },
      { role: "assistant", content: [{ type: "compaction", content: "first" }, text("old")] },
      { role: "user", content: "old" },
      {
        role: "assistant",
        content: [{ type: "compaction", content: "SUMMARY" }, text("then")],
      },
      { role: "user", content: "next" },
    ];
    const body = sent("groq", { system: "S", messages });
    assert.deepEqual(body.messages, [
      { role: "system", content: "S" },
      { role: "user", content: "Summary of the conversation so far:\nSUMMARY" },
      { role: "assistant", content: "then" },
      { role: "user", content: "next" },
    ]);
    const alone = [
      { role: "assistant", content: [{ type: "compaction", content: "SUMMARY" }] },
      { role: "user", content: "next" },
    ];
    assert.deepEqual(
      sent("groq", { messages: alone }).messages.map(({ role }) => role),
      ["user", "user"],
    );
  });

  it("with a summary that failed replaces nothing", () => {
    for (const content of [null, undefined, 7]) {
      const block = { type: "compaction", content };
      const messages = [...USER, { role: "assistant", content: [block, text("then")] }, ...USER];
      assert.equal(sent("groq", { messages }).messages.length, 3);
    }
  });
});

describe("tools", () => {
  const toolsOf = (type, tools, more) => sent(type, { tools, ...more }).tools;
  const own = { name: "g", input_schema: { type: "object", properties: {} } };

  // Anthropic's documents on the tools bash, text editor and memory; the helpers of its libraries run them
  it("that Anthropic has defined and the client runs are functions", () => {
    const commands = (tool) => tool.function.parameters.properties.command;
    const [bash, editor, memory] = toolsOf("groq", [
      { type: "bash_20250124", name: "bash" },
      { type: "text_editor_20250728", name: "str_replace_based_edit_tool", max_characters: 9 },
      { type: "memory_20250818", name: "memory" },
    ]);
    assert.equal(bash.function.name, "bash");
    assert.equal(commands(bash).type, "string");
    assert.equal(bash.function.parameters.properties.restart.type, "boolean");
    assert.equal(editor.function.name, "str_replace_based_edit_tool");
    assert.deepEqual(commands(editor).enum, ["view", "create", "str_replace", "insert"]);
    const edited = ["command", "path", "file_text", "old_str", "new_str", "insert_line"];
    assert.deepEqual(Object.keys(editor.function.parameters.properties), [
      ...edited,
      "insert_text",
      "view_range",
    ]);
    assert.deepEqual(commands(memory).enum.slice(4), ["delete", "rename"]);
    assert.ok(memory.function.parameters.properties.old_path);
    for (const { function: told } of [bash, editor, memory]) assert.ok(told.description);
    const gemini = toolsOf("gemini", [{ type: "bash_20250124", name: "bash" }]);
    assert.equal(gemini[0].functionDeclarations[0].name, "bash");
    const chosen = sent("groq", {
      tools: [{ type: "bash_20250124", name: "bash" }],
      tool_choice: { type: "tool", name: "bash" },
    });
    assert.equal(chosen.tool_choice.function.name, "bash");
  });

  it("for a screen are left out", () => {
    const screen = { type: "computer_20251124", name: "computer", display_width_px: 1 };
    assert.equal(toolsOf("groq", [screen, own]).length, 1);
    const { stream } = ask("groq", { tools: [screen] }, { more: { strictTranslation: true } });
    assert.equal(stream.json.error.message, "tools cannot be sent to this provider");
  });

  // Anthropic's document on the tool search tool
  it("that Anthropic was to search for are all there", () => {
    const search = { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" };
    const deferred = { ...own, name: "f", defer_loading: true };
    const namesOf = (tools) => toolsOf("groq", tools).map((tool) => tool.function.name);
    assert.deepEqual(namesOf([search, deferred, own]), ["f", "g"]);
    assert.deepEqual(namesOf([{ ...own, name: "ToolSearch" }, deferred]), ["ToolSearch"]);
  });
});

describe("settings", () => {
  // musistudio/claude-code-router#1380; Anthropic's document on structured outputs
  it("of a schema are read by the former name, too", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    };
    const format = { type: "json_schema", schema };
    const asked = (body) => sent("openai", { model: "gpt-4.1", ...body }).response_format;
    assert.deepEqual(asked({ output_format: format }).json_schema.schema, schema);
    const other = { type: "json_schema", schema: { ...schema, properties: {} } };
    const both = { output_format: other, output_config: { format } };
    assert.deepEqual(asked(both).json_schema.schema, schema);
    const gemini = sent("gemini", { output_format: format }).generationConfig;
    assert.deepEqual(gemini.responseJsonSchema, schema);
    assert.equal(asked({ output_format: null }), undefined);
  });

  it("of stop sequences need one", () => {
    assert.equal("stop" in sent("groq", { stop_sequences: [] }), false);
    assert.deepEqual(sent("groq", { stop_sequences: ["a"] }).stop, ["a"]);
  });

  const CLAUDE = { model: "us.anthropic.claude-sonnet-4-5" };
  const POINT = { cachePoint: { type: "default" } };
  const HOUR_POINT = { cachePoint: { type: "default", ttl: "1h" } };

  // UKGovernmentBEIS/inspect_ai#3851
  it("of caching for the whole request mark its end, where marks are known", () => {
    const point = (body) => sent("bedrock", { ...CLAUDE, cache_control: EPHEMERAL, ...body });
    assert.deepEqual(point({}).messages[0].content, [{ text: "hi" }, POINT]);
    assert.deepEqual(point(said(text("a"), text("b"))).messages[0].content.at(-1), POINT);
    const use = { type: "tool_use", id: "a", name: "f", input: {} };
    const result = { type: "tool_result", tool_use_id: "a", content: "R" };
    const calls = [
      ...USER,
      { role: "assistant", content: [use] },
      { role: "user", content: [result] },
    ];
    assert.deepEqual(point({ messages: calls }).messages.at(-1).content.at(-1), POINT);
    const marked = [
      ...USER,
      { role: "assistant", content: [text("A")] },
      { role: "user", content: [text("B", { cache_control: { type: "ephemeral", ttl: "1h" } })] },
    ];
    assert.deepEqual(point({ messages: marked }).messages.at(-1).content, [
      { text: "B" },
      HOUR_POINT,
    ]);
    assert.doesNotMatch(JSON.stringify(sent("groq", { cache_control: EPHEMERAL })), /cache/);
  });

  // BerriAI/litellm#32154, Portkey-AI/gateway#1762
  it("of an hour hold wherever a mark stands, for models that keep it", () => {
    const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
    const body = {
      system: [text("S", hour)],
      tools: [{ name: "f", input_schema: { type: "object" }, ...hour }],
      messages: [
        { role: "user", content: [text("U", hour)] },
        {
          role: "assistant",
          content: [{ type: "tool_use", id: "a", name: "f", input: {} }],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "a", content: "R", ...hour }],
        },
      ],
    };
    const at = sent("bedrock", { ...CLAUDE, ...body });
    assert.deepEqual(at.system[1], HOUR_POINT);
    assert.deepEqual(at.toolConfig.tools[1], HOUR_POINT);
    assert.deepEqual(at.messages[0].content[1], HOUR_POINT);
    assert.deepEqual(at.messages[2].content[1], HOUR_POINT);
    const short = JSON.stringify(body).replaceAll(',"ttl":"1h"', "");
    assert.doesNotMatch(
      JSON.stringify(sent("bedrock", { ...CLAUDE, ...JSON.parse(short) })),
      /ttl/,
    );
  });

  // Anthropic's document on prompt caching: images and documents can be marked
  it("of caching hold for pictures and documents", () => {
    const source = { type: "base64", media_type: "image/png", data: "QQ==" };
    const pdf = { type: "base64", media_type: "application/pdf", data: "JVBE" };
    for (const block of [
      { type: "image", source },
      { type: "document", source: pdf },
    ]) {
      const marked = { ...block, cache_control: EPHEMERAL };
      const { content } = sent("bedrock", { ...CLAUDE, ...said(text("q"), marked) }).messages[0];
      assert.deepEqual(content.at(-1), POINT, block.type);
    }
  });

  // anomalyco/opencode#19115, BerriAI/litellm#4882; Mistral's document on prefixes
  it("of an answer that the client has begun are marked for Mistral", () => {
    const begun = { messages: [...USER, { role: "assistant", content: "{" }] };
    const last = (body) => sent("mistral", body).messages.at(-1);
    assert.deepEqual(last(begun), { role: "assistant", content: "{", prefix: true });
    assert.equal(last({}).prefix, undefined);
    assert.equal(sent("groq", begun).messages.at(-1).prefix, undefined);
    const path = "/v1/chat/completions";
    const own = [...USER, { role: "assistant", content: "{", prefix: false }];
    assert.equal(sent("mistral", { messages: own }, { path }).messages.at(-1).prefix, false);
    assert.equal(sent("mistral", begun, { path }).messages.at(-1).prefix, true);
  });
});

describe("tokens", () => {
  const PNG = `iVBORw0KGgo${"A".repeat(40_000)}`;
  const countOf = (body, path = "/v1/messages/count_tokens") =>
    ask("groq", body, { path }).stream.json.input_tokens;
  const image = (data) => ({
    type: "image",
    source: { type: "base64", media_type: "image/png", data },
  });

  // vllm-project/agentic-api#255, open-webui/open-webui#29818: compaction at the first picture
  it("of pictures do not grow with their bytes, and are not free", () => {
    const none = countOf(said(text("q")));
    const one = countOf(said(text("q"), image(PNG)));
    const large = countOf(said(text("q"), image(PNG.repeat(20))));
    const two = countOf(said(text("q"), image(PNG), image(PNG)));
    assert.ok(one - none > 1000 && one - none < 2500, `${one - none}`);
    assert.ok(Math.abs(large - one) < 10);
    assert.ok(Math.abs(two - one - (one - none)) < 10);
    const result = { type: "tool_result", tool_use_id: "a", content: [image(PNG)] };
    assert.ok(countOf(said(result)) < 2500);
  });

  it("of a PDF are those of its pages", () => {
    const data = `JVBERi0xLjQ${"A".repeat(400_000)}`;
    const source = { type: "base64", media_type: "application/pdf", data };
    const count = countOf(said({ type: "document", source }));
    assert.ok(count > 5_000 && count < 20_000, `${count}`);
  });

  it("of texts are counted, however they look", () => {
    const words = "lorem ipsum ".repeat(1000);
    assert.ok(Math.abs(countOf(said(text(words))) - 3000) < 50);
    const source = { type: "text", media_type: "text/plain", data: words };
    assert.ok(Math.abs(countOf(said({ type: "document", source })) - 3000) < 50);
    assert.ok(Math.abs(countOf(said(text("A".repeat(12_000)))) - 3000) < 50);
    assert.ok(Math.abs(countOf(said(text(`data: ${words}`))) - 3000) < 50);
  });

  it("of pictures in other protocols are the same", () => {
    const parts = [{ inlineData: { mimeType: "image/png", data: PNG } }];
    const body = { contents: [{ role: "user", parts }] };
    const path = "/v1beta/models/m:countTokens";
    const { stream } = ask("groq", body, { path });
    assert.ok(stream.json.totalTokens > 1000 && stream.json.totalTokens < 2500, stream.text);
  });

  // sgl-project/sglang#20678, ai-dynamo/dynamo#7206, BerriAI/litellm#24176
  it("of the prompt are estimated at the beginning of a stream, and exact at its end", () => {
    const chunk = (delta, members) => ({
      id: "c",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, finish_reason: null }],
      ...members,
    });
    const end = chunk({}, { usage: { prompt_tokens: 700, completion_tokens: 3 } });
    end.choices[0].finish_reason = "stop";
    const events = [chunk({ content: "hi" }), end].map(
      (data) => `data: ${JSON.stringify(data)}\n\n`,
    );
    const upstream = streamUpstream([...events, "data: [DONE]\n\n"]);
    const body = { stream: true, ...said(text("word ".repeat(500))) };
    const { stream } = ask("groq", body, { upstream });
    const told = [...stream.text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data));
    const { usage } = told.find(({ type }) => type === "message_start").message;
    assert.ok(usage.input_tokens > 500 && usage.input_tokens < 800, JSON.stringify(usage));
    assert.deepEqual(
      [usage.output_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens],
      [0, 0, 0],
    );
    const last = told.find(({ type }) => type === "message_delta");
    assert.deepEqual([last.usage.input_tokens, last.usage.output_tokens], [700, 3]);
  });
});

/** A client of Anthropic's own library, whose requests go through the proxy. */
function clientOf(type, upstream, more) {
  const proxy = start(type, more);
  const fetch = async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const all = Object.fromEntries(new Headers(headers));
    for (const name of ["host", "connection", "content-length", "accept-encoding"])
      delete all[name];
    const request = { method, path: pathname + search, headers: all, body: body ?? null };
    const stream = exchange([proxy], request, upstream);
    const told = {};
    for (const name of ["content-type", "request-id"]) {
      const value = stream.received.headers.get(name);
      if (value !== undefined) told[name] = value;
    }
    return new Response(stream.text, { status: stream.received.status, headers: told });
  };
  const options = { apiKey: "c", baseURL: "http://gateway.example", maxRetries: 0 };
  return new Anthropic({ ...options, fetch });
}

describe("lists of models", () => {
  const LIST = {
    object: "list",
    data: [{ id: "gpt-5", object: "model" }, { id: "o3", max_model_len: 9000, name: "O 3" }, {}],
  };

  // BerriAI/litellm#35455, raine/claude-code-proxy#61, theopenco/llmgateway#3310
  it("are Anthropic's for its clients, whoever has them", async () => {
    for (const [type, path, more] of [
      ["openai", "/v1/models"],
      ["groq", "/openai/v1/models"],
      ["vllm", "/v1/models"],
    ]) {
      const upstream = jsonUpstream(LIST);
      const client = clientOf(type, upstream, more);
      const models = [];
      for await (const model of client.models.list({ limit: 1 })) models.push(model);
      assert.equal(upstream.requests.length, 1, "one page");
      assert.equal(upstream.requests[0].headers.get(":path"), path);
      assert.deepEqual(
        models.map(({ type: kind, id, display_name }) => [kind, id, display_name]),
        [
          ["model", "gpt-5", "gpt-5"],
          ["model", "o3", "O 3"],
        ],
      );
      assert.ok(models.every(({ created_at }) => !Number.isNaN(Date.parse(created_at))));
      assert.deepEqual(
        models.map(({ max_input_tokens }) => max_input_tokens),
        [undefined, 9000],
      );
      const one = await client.models.retrieve("o3");
      assert.equal(one.id, "o3");
      await assert.rejects(client.models.retrieve("none"), Anthropic.NotFoundError);
    }
  });

  it("have the ends of their page, though empty", () => {
    const ask = (answer) => {
      const headers = { "anthropic-version": "2023-06-01" };
      const request = { method: "GET", path: "/v1/models", headers, body: null };
      return exchange([start("openai")], request, jsonUpstream(answer));
    };
    const { data, ...ends } = ask(LIST).json;
    assert.equal(data.length, 2);
    assert.deepEqual(ends, { has_more: false, first_id: "gpt-5", last_id: "o3" });
    assert.deepEqual(ask({ data: [] }).json, {
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
    // A service of Anthropic's form behind OpenAI's type
    const own = { data: [{ type: "model", id: "claude-x" }], has_more: true, last_id: "claude-x" };
    assert.deepEqual(ask(own).json, own);
    // A page of OpenAI's form
    const page = { object: "list", data: [{ id: "m", object: "model" }], has_more: false };
    for (const list of [page, { ...page, object: undefined }]) {
      const { json } = ask(list);
      assert.deepEqual([json.data[0].type, json.data[0].display_name], ["model", "m"]);
      assert.deepEqual([json.object, json.first_id], [undefined, "m"]);
    }
    for (const odd of [{}, { data: 7 }, []]) assert.ok(ask(odd).received.status >= 400);
  });

  it("of Anthropic's stay as they are, page by page", async () => {
    const upstream = jsonUpstream(({ headers }) => {
      const isSecond = headers.get(":path").includes("after_id");
      const id = isSecond ? "claude-b" : "claude-a";
      const entry = { type: "model", id, display_name: id, created_at: "2026-01-01T00:00:00Z" };
      return { data: [entry], has_more: !isSecond, first_id: id, last_id: id };
    });
    const ids = [];
    for await (const { id } of clientOf("claude", upstream).models.list()) ids.push(id);
    assert.deepEqual(ids, ["claude-a", "claude-b"]);
    assert.match(upstream.requests[1].headers.get(":path"), /after_id=claude-a/);
  });

  it("are missing in Anthropic's words where there are none", async () => {
    const { models } = clientOf("perplexity", jsonUpstream(LIST));
    await assert.rejects(
      async () => models.list(),
      (error) => {
        assert.ok(error instanceof Anthropic.NotFoundError);
        assert.equal(error.error.error.type, "not_found_error");
        return true;
      },
    );
  });
});

describe("answers", () => {
  const whole = (message, finish_reason = "stop") => ({
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [
      { index: 0, message: { role: "assistant", content: null, ...message }, finish_reason },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  });
  const QUESTION = { model: "m", max_tokens: 9, messages: USER };

  // OpenAI API reference, the chat completion object: `refusal`; Anthropic's document on stop reasons
  it("of a model that refuses are refusals", async () => {
    const answer = jsonUpstream(whole({ refusal: "No." }));
    const message = await clientOf("openai", answer).messages.create(QUESTION);
    assert.equal(message.stop_reason, "refusal");
    assert.deepEqual(message.content, [text("No.")]);
    const chunk = (delta, finish_reason = null) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const events = [chunk({ role: "assistant", refusal: null }), chunk({ refusal: "No." })];
    events.push(chunk({}, "stop"), "data: [DONE]\n\n");
    const streamed = clientOf("openai", streamUpstream(events)).messages.stream(QUESTION);
    assert.equal((await streamed.finalMessage()).stop_reason, "refusal");
    const item = {
      type: "message",
      role: "assistant",
      content: [{ type: "refusal", refusal: "No." }],
    };
    const response = {
      id: "r",
      object: "response",
      status: "completed",
      model: "m",
      output: [item],
    };
    const over = clientOf("perplexity", jsonUpstream(response));
    assert.equal((await over.messages.create(QUESTION)).stop_reason, "refusal");
    const plain = clientOf("openai", jsonUpstream(whole({ content: "Yes.", refusal: null })));
    assert.equal((await plain.messages.create(QUESTION)).stop_reason, "end_turn");
  });

  // Anthropic's libraries: `_request_id` of messages and errors
  it("name their request as the libraries look for it", async () => {
    const answer = jsonUpstream(whole({ content: "hi" }), { headers: { "x-request-id": "req_1" } });
    const message = await clientOf("openai", answer).messages.create(QUESTION);
    assert.equal(message._request_id, "req_1");
    const headers = { "x-amzn-requestid": "aws-1" };
    const refused = jsonUpstream({ message: "slow down" }, { status: 429, headers });
    await assert.rejects(clientOf("bedrock", refused).messages.create(QUESTION), (error) => {
      assert.ok(error instanceof Anthropic.RateLimitError);
      assert.equal(error.requestID, "aws-1");
      return true;
    });
    const own = jsonUpstream(whole({ content: "hi" }), {
      headers: { "request-id": "req_2", "x-request-id": "req_1" },
    });
    assert.equal((await clientOf("openai", own).messages.create(QUESTION))._request_id, "req_2");
  });
});
