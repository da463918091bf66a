/**
 * What public reports about proxies say goes wrong on the way of a request, each with its source. What the
 * strict vendors refuse is held for all types in agents.test.mjs; here stands what comes out.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventData, exchange, jsonUpstream, plugin, streamUpstream } from "./support.mjs";
import { frame } from "../worst/aws-frames.mjs";

const now = () => 1_700_000_000_000;
const MORE = { bedrock: { awsRegion: "us-east-1" }, vllm: { vllmCustomUrl: "llm.internal/v1" } };
const start = (type, more) =>
  plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...MORE[type], ...more } }, { now });

/** What the vendor gets. */
function sent(type, path, body, more) {
  const upstream = jsonUpstream({});
  const stream = exchange(
    [start(type, more)],
    { path, body: JSON.stringify({ model: "m", ...body }) },
    upstream,
  );
  assert.equal(upstream.requests.length, 1, stream.text);
  return JSON.parse(upstream.requests[0].body);
}
const ofMessages = (type, body, more) =>
  sent(type, "/v1/messages", { max_tokens: 900, ...body }, more);
const ofResponses = (type, body) => sent(type, "/v1/responses", body);
const ofChat = (type, body, more) => sent(type, "/v1/chat/completions", body, more);

const use = (id, name = "f") => ({ type: "tool_use", id, name, input: {} });
const result = (id, content) => ({ type: "tool_result", tool_use_id: id, content });
const call = (id, name = "f") => ({ type: "function_call", call_id: id, name, arguments: "{}" });
const output = (id) => ({ type: "function_call_output", call_id: id, output: `of ${id}` });
const says = (role, text) => ({ type: "message", role, content: [{ type: "input_text", text }] });
const rolesOf = ({ messages }) => messages.map(({ role }) => role);

describe("results", () => {
  // tingly-dev/tingly-box#1752, openai/codex#22129
  it("follow their calls, whatever came between", () => {
    const body = ofResponses("deepseek", {
      input: [
        says("user", "hi"),
        call("a"),
        says("assistant", "Listing."),
        says("user", "wait"),
        call("b"),
        output("a"),
        output("b"),
      ],
    });
    assert.deepEqual(rolesOf(body), ["user", "assistant", "tool", "user", "assistant", "tool"]);
    assert.deepEqual(
      body.messages.filter(({ role }) => role === "tool").map((m) => m.tool_call_id),
      ["a", "b"],
    );
  });

  // farion1231/cc-switch#7509, decolua/9router#2928
  it("without a call become text, and calls without one have been aborted", () => {
    const { messages } = ofResponses("deepseek", {
      input: [output("x"), says("user", "hi"), call("a"), says("user", "go on")],
    });
    assert.match(messages[0].content, /^result of an earlier call:\n?of x/);
    assert.deepEqual(messages.find(({ role }) => role === "tool").content, "aborted");
  });

  // maximhq/bifrost#3537, router-for-me/CLIProxyAPI#1892
  it("say what they hold: tools that were loaded, what was found, documents, and never nothing", () => {
    const pdf = {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBE" },
    };
    const { messages } = ofMessages("groq", {
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: [use("a"), use("b"), use("c"), use("d")] },
        {
          role: "user",
          content: [
            result("a", [
              { type: "tool_reference", tool_name: "lookup" },
              { type: "tool_reference", tool_name: "find" },
            ]),
            result("b", [
              {
                type: "search_result",
                title: "T",
                source: "https://x.example",
                content: [{ type: "text", text: "found" }],
              },
            ]),
            result("c", [{ type: "text", text: "see" }, pdf]),
            result("d", []),
          ],
        },
      ],
    });
    const told = messages.filter(({ role }) => role === "tool").map(({ content }) => content);
    assert.equal(told[0], "Tools loaded: lookup, find");
    assert.match(told[1], /T\n.*https:\/\/x\.example\n.*found/s);
    assert.equal(told[2], "see");
    assert.equal(told[3], "(no output)");
    assert.match(JSON.stringify(messages.at(-1)), /document from tool c.*JVBE/);
  });

  // Alishahryar1/free-claude-code#206
  it("and text after a call stay together", () => {
    const { messages } = ofMessages("groq", {
      messages: [
        { role: "user", content: "hi" },
        {
          role: "assistant",
          content: [{ type: "text", text: "before" }, use("a"), { type: "text", text: "after" }],
        },
        { role: "user", content: [result("a", "R"), { type: "text", text: "next" }] },
      ],
    });
    assert.deepEqual(rolesOf({ messages }), ["user", "assistant", "tool", "user"]);
    assert.equal(messages[1].content, "before\n\nafter");
  });
});

describe("tools", () => {
  // vxcontrol/pentagi#196, nearai/ironclaw#1710
  it("that the history calls are declared at bedrock", () => {
    const body = ofMessages("bedrock", {
      model: "us.anthropic.claude-sonnet-4-5",
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: [use("a", "gone")] },
        { role: "user", content: [result("a", "R")] },
      ],
    });
    assert.deepEqual(
      body.toolConfig.tools.map(({ toolSpec }) => toolSpec.name),
      ["gone"],
    );
  });

  // packit/ai-workflows#619
  it("with long names come back by them", () => {
    const name = `mcp__plugin_${"x".repeat(70)}`;
    const tools = [{ name, input_schema: { type: "object" } }];
    const proxy = start("groq");
    let told;
    const stream = exchange(
      [proxy],
      {
        path: "/v1/messages",
        body: JSON.stringify({
          model: "m",
          max_tokens: 9,
          tools,
          tool_choice: { type: "tool", name },
          messages: [{ role: "user", content: "x" }],
        }),
      },
      (request) => {
        const body = JSON.parse(request.body);
        told = body.tools[0].function.name;
        assert.equal(body.tool_choice.function.name, told);
        const tool_calls = [
          { id: "a", type: "function", function: { name: told, arguments: "{}" } },
        ];
        const message = { role: "assistant", content: null, tool_calls };
        return {
          headers: { "content-type": "application/json" },
          chunks: [
            JSON.stringify({
              id: "c",
              object: "chat.completion",
              created: 1,
              model: "m",
              choices: [{ index: 0, message, finish_reason: "tool_calls" }],
            }),
          ],
        };
      },
    );
    assert.ok(told.length <= 64);
    assert.equal(stream.json.content[0].name, name);
  });

  it("that were searched for are declared by the names that the model uses", () => {
    const long = `lookup_${"y".repeat(70)}`;
    const lookup = (name) => ({ type: "function", name, description: "finds", parameters: {} });
    const found = [
      { type: "namespace", name: "mcp__docs", tools: [lookup("read"), lookup(long)] },
      lookup("plain"),
    ];
    const body = ofResponses("deepseek", {
      tools: [{ type: "tool_search", execution: "client", parameters: { type: "object" } }],
      input: [
        says("user", "hi"),
        { type: "tool_search_call", call_id: "s", execution: "client", arguments: { query: "q" } },
        { type: "tool_search_output", call_id: "s", execution: "client", tools: found },
      ],
    });
    const names = body.tools.map((tool) => tool.function.name).filter((n) => n !== "tool_search");
    assert.deepEqual([names[0], names[2]], ["mcp__docs__read", "plain"]);
    assert.ok(names.every((name) => name.length <= 64));
    const { content } = body.messages.at(-1);
    assert.equal(content, ["Tools loaded:", ...names.map((name) => `${name}: finds`)].join("\n"));
    const use = { type: "tool_use", id: "a", name: "ToolSearch", input: {} };
    const reference = { type: "tool_reference", tool_name: long };
    const messages = ofMessages("groq", {
      tools: [{ name: long, input_schema: { type: "object" }, defer_loading: true }],
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: [use] },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "a", content: [reference] }],
        },
      ],
    });
    const [{ function: loaded }] = messages.tools;
    assert.equal(messages.messages.at(-1).content, `Tools loaded: ${loaded.name}`);
  });

  // sst/opencode#34543, looplj/OmniRoute#1072
  it("that Anthropic runs itself go, and a choice of one with them", () => {
    const web = { type: "web_search_20250305", name: "web_search" };
    const body = {
      messages: [{ role: "user", content: "x" }],
      tools: [web],
      tool_choice: { type: "tool", name: "web_search" },
    };
    const alone = ofMessages("groq", body);
    assert.deepEqual([alone.tools, alone.tool_choice], [undefined, undefined]);
    const beside = ofMessages("groq", { ...body, tools: [web, { name: "f", input_schema: {} }] });
    assert.deepEqual([beside.tools.length, beside.tool_choice], [1, undefined]);
  });

  // Mai-with-u/MaiBot; google-gemini/gemini-cli#13326
  it("with a map as their only argument keep it at Gemini", () => {
    const parameters = { type: "object", additionalProperties: { type: "string" } };
    const tools = [{ type: "function", function: { name: "f", parameters } }];
    const body = ofChat("gemini", {
      model: "gemini-3-pro",
      messages: [{ role: "user", content: "x" }],
      tools,
    });
    assert.match(JSON.stringify(body.tools), /"additionalProperties":\{"type":"string"\}/);
  });

  // higress-group/higress#4739
  it("stay strict at Claude", () => {
    const tools = [
      { type: "function", function: { name: "f", strict: true, parameters: { type: "object" } } },
    ];
    const body = ofChat("claude", {
      model: "claude-opus-4-7",
      messages: [{ role: "user", content: "x" }],
      tools,
    });
    assert.equal(body.tools[0].strict, true);
  });
});

describe("messages", () => {
  // yetone/alma-releases#59: servers that take a text alone; anthropics' marks
  it("of the system are one text without marks where nobody knows lists", () => {
    const system = ["a", "b"].map((text) => ({
      type: "text",
      text,
      cache_control: { type: "ephemeral" },
    }));
    const { messages } = ofMessages("vllm", { system, messages: [{ role: "user", content: "x" }] });
    assert.deepEqual(messages[0], { role: "system", content: "a\n\nb" });
  });

  // anthropics/claude-code#21612, QuantumNous/sub2api#2726
  it("what becomes of former thoughts is Anthropic's word alone", () => {
    const edits = [{ type: "clear_thinking_20251015", keep: "all" }];
    for (const type of ["groq", "bedrock", "gemini"]) {
      const body = ofMessages(type, {
        messages: [{ role: "user", content: "x" }],
        context_management: { edits },
      });
      assert.doesNotMatch(JSON.stringify(body), /context_management|clear_thinking/, type);
    }
  });

  // Mai-with-u/MaiBot#1915
  it("that a vendor refuses are not sent: none, blank ones, a first turn of the model's", () => {
    const system = [{ role: "system", content: "S" }];
    assert.ok(ofChat("gemini", { model: "gemini-3-pro", messages: system }).contents.length > 0);
    assert.ok(
      ofChat("bedrock", { model: "amazon.nova-pro-v1:0", messages: system }).messages.length > 0,
    );
    assert.ok(ofChat("claude", { model: "claude-opus-4-7", messages: system }).messages.length > 0);
    const first = [
      { role: "assistant", content: "A" },
      {
        role: "user",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "U" },
        ],
      },
    ];
    const { contents } = ofChat("gemini", { model: "gemini-3-pro", messages: first });
    assert.equal(contents[0].role, "user");
    assert.doesNotMatch(JSON.stringify(contents), /"text":""/);
    assert.equal(
      ofChat("bedrock", { model: "amazon.nova-pro-v1:0", messages: first }).messages[0].role,
      "user",
    );
  });
});

describe("names and streams", () => {
  // envoyproxy/ai-gateway#1332, crmne/ruby_llm#803
  it("a profile's address of Claude's gets Claude's parameters once its family is configured", () => {
    const model = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc";
    const modelFeatures = [{ models: "arn:aws:*", family: "anthropic.claude-opus-4-7" }];
    const body = ofChat(
      "bedrock",
      { model, messages: [{ role: "user", content: "x" }], reasoning_effort: "high" },
      { modelFeatures },
    );
    assert.deepEqual(body.additionalModelRequestFields.thinking, { type: "adaptive" });
  });

  it("patterns of modelFeatures match names with and without the publisher, as the table does", () => {
    const messages = [{ role: "user", content: "x" }];
    const effortOf = (models, model) => {
      const modelFeatures = [{ models, efforts: ["low"] }];
      const body = { model, messages, reasoning_effort: "high" };
      return ofChat("openai", body, { modelFeatures }).reasoning_effort;
    };
    for (const models of ["gpt-5", "openai/*"])
      assert.equal(effortOf(models, "openai/gpt-5"), "low");
    assert.equal(effortOf("openai/gpt-5", "gpt-5"), "high");
    assert.equal(effortOf("openai", "openai/gpt-5"), "high");
  });

  // envoyproxy/ai-gateway#1332, vercel/ai#17410: escaped as botocore does
  it("the address of a profile is one segment of Bedrock's path", () => {
    const upstream = jsonUpstream({});
    const model = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc";
    const body = JSON.stringify({ model, messages: [{ role: "user", content: "x" }] });
    exchange([start("bedrock")], { body }, upstream);
    assert.equal(
      upstream.requests[0].headers.get(":path"),
      `/model/${encodeURIComponent(model)}/converse`,
    );
  });

  // microsoft/autogen#6465, langchain-ai/langchain#18977
  it("Azure's first chunk, which knows neither identifier nor model, spoils no message", () => {
    const chunk = (members) =>
      `data: ${JSON.stringify({ id: "", object: "", created: 0, model: "", choices: [], ...members })}\n\n`;
    const real = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o" };
    const events = [
      chunk({ prompt_filter_results: [] }),
      chunk({ ...real, choices: [{ index: 0, delta: { content: "hi" }, finish_reason: null }] }),
      chunk({ ...real, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
      "data: [DONE]\n\n",
    ];
    const stream = exchange(
      [start("azure", { azureServiceUrl: "https://r.openai.azure.com/openai/v1" })],
      {
        path: "/v1/messages",
        body: JSON.stringify({
          model: "gpt-4o",
          max_tokens: 9,
          stream: true,
          messages: [{ role: "user", content: "x" }],
        }),
      },
      () => ({ headers: { "content-type": "text/event-stream" }, chunks: events }),
    );
    const { message } = JSON.parse(/message_start\ndata: (.*)\n/.exec(stream.text)[1]);
    assert.match(message.id, /^msg_.+/);
    assert.equal(message.model, "gpt-4o");
  });

  // Anthropic's and Amazon's documents: text and calls in one stream, a call without arguments
  it("a call without arguments has an empty object at Bedrock", () => {
    const frames = Buffer.concat([
      frame("messageStart", { role: "assistant" }),
      frame("contentBlockStart", {
        contentBlockIndex: 0,
        start: { toolUse: { toolUseId: "t", name: "f" } },
      }),
      frame("contentBlockStop", { contentBlockIndex: 0 }),
      frame("messageStop", { stopReason: "tool_use" }),
    ]);
    const stream = exchange(
      [start("bedrock")],
      {
        path: "/v1/messages",
        body: JSON.stringify({
          model: "anthropic.claude-opus-4-7",
          max_tokens: 9,
          messages: [{ role: "user", content: "x" }],
        }),
      },
      () => ({
        headers: { "content-type": "application/vnd.amazon.eventstream" },
        chunks: [frames],
      }),
    );
    assert.deepEqual(stream.json.content, [{ type: "tool_use", id: "t", name: "f", input: {} }]);
  });
});

describe("answers", () => {
  const chunk = (delta, finish_reason = null) => ({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason }],
  });
  const streamOf = (type, path, body, events) =>
    exchange(
      [start(type)],
      { path, body: JSON.stringify({ model: "m", stream: true, ...body }) },
      streamUpstream(events.map((event) => `data: ${JSON.stringify(event)}\n\n`)),
    ).text;
  const user = [{ role: "user", content: "x" }];

  // agentgateway/agentgateway#3002: a call without arguments comes as one empty `input_json_delta`
  it("of Claude have JSON as the arguments of a call without any, unless it was cut off", () => {
    const begin = (index, id) => ({
      type: "content_block_start",
      index,
      content_block: { type: "tool_use", id, name: "f", input: {} },
    });
    const piece = (index, partial_json) => ({
      type: "content_block_delta",
      index,
      delta: { type: "input_json_delta", partial_json },
    });
    const message = { id: "m", model: "x", usage: { input_tokens: 1 } };
    const argumentsOf = (stop_reason) => {
      const text = streamOf("claude", "/v1/chat/completions", { messages: user }, [
        { type: "message_start", message },
        begin(0, "a"),
        piece(0, ""),
        { type: "content_block_stop", index: 0 },
        begin(1, "b"),
        piece(1, '{"x":1}'),
        { type: "content_block_stop", index: 1 },
        begin(2, "c"),
        { type: "content_block_stop", index: 2 },
        { type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 3 } },
        { type: "message_stop" },
      ]);
      const told = ["", "", ""];
      for (const event of eventData(text)) {
        for (const call of event.choices?.[0]?.delta.tool_calls ?? []) {
          told[call.index] += call.function.arguments;
        }
      }
      return told;
    };
    assert.deepEqual(argumentsOf("tool_use"), ["{}", '{"x":1}', "{}"]);
    assert.deepEqual(argumentsOf("max_tokens"), ["", '{"x":1}', ""]);
  });

  const eventsOf = (text) =>
    [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data));
  const wholeOf = (type, path, body, answer, more) =>
    JSON.parse(
      exchange(
        [start(type, more)],
        { path, body: JSON.stringify({ model: "m", ...body }) },
        jsonUpstream(answer),
      ).text,
    );
  const answerOf = (choice) => ({
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", ...choice }],
  });

  // agentgateway/agentgateway#3283, vllm-project/vllm#2976: the text that was met, or a token's number
  it("name the stop sequence that was met, as vLLM and SGLang report it", () => {
    const ask = { max_tokens: 9, messages: user, stop_sequences: ["END"] };
    const stopOf = ({ stop_reason, stop_sequence }) => [stop_reason, stop_sequence];
    const cases = [
      [{ stop_reason: "END" }, ["stop_sequence", "END"]],
      [{ matched_stop: '\n"' }, ["stop_sequence", '\n"']],
      [{ stop_reason: 128009 }, ["end_turn", null]],
      [{ matched_stop: 2, stop_reason: null }, ["end_turn", null]],
      [{ stop_reason: "END", finish_reason: "length" }, ["max_tokens", null]],
    ];
    for (const [more, expected] of cases) {
      const message = { role: "assistant", content: "hi" };
      const answer = answerOf({ message, ...more });
      assert.deepEqual(stopOf(wholeOf("vllm", "/v1/messages", ask, answer)), expected);
      const last = chunk({}, "stop");
      Object.assign(last.choices[0], more);
      const text = streamOf("vllm", "/v1/messages", ask, [chunk({ content: "hi" }), last]);
      const { delta } = eventsOf(text).find(({ type }) => type === "message_delta");
      assert.deepEqual(stopOf(delta), expected);
    }
  });

  // Mistral's documentation on reasoning; prism-php/prism#801, spring-projects/spring-ai#5020
  describe("of Mistral in parts", () => {
    const thinking = (text) => ({ type: "thinking", thinking: [{ type: "text", text }] });
    const content = [thinking("2+"), thinking("2"), { type: "text", text: "4" }];
    const whole = answerOf({ message: { role: "assistant", content } });
    const pieces = [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: [thinking("2+")] }),
      chunk({ content: [thinking("2")] }),
      chunk({ content: [{ type: "text", text: "4" }] }),
      chunk({ content: "!" }, "stop"),
    ];

    it("think for clients of chats", () => {
      const chat = ["mistral", "/v1/chat/completions", { messages: user }];
      const { message } = wholeOf(...chat, whole).choices[0];
      assert.deepEqual([message.reasoning_content, message.content], ["2+2", "4"]);
      const deltas = eventsOf(streamOf(...chat, pieces)).map(({ choices }) => choices[0].delta);
      const joined = (name) => deltas.map((delta) => delta[name] ?? "").join("");
      assert.deepEqual([joined("reasoning_content"), joined("content")], ["2+2", "4!"]);
    });

    it("obey `reasoningContentMode`, and keep lists of other parts", () => {
      const chat = (mode, answer = whole) =>
        wholeOf("mistral", "/v1/chat/completions", { messages: user }, answer, {
          reasoningContentMode: mode,
        }).choices[0].message;
      assert.deepEqual(chat("ignore"), { role: "assistant", content: "4" });
      assert.equal(chat("concat").content, "<think>2+2</think>\n4");
      const list = [
        { type: "text", text: "x" },
        { type: "reference", reference_ids: [1] },
      ];
      const cited = answerOf({ message: { role: "assistant", content: list } });
      assert.deepEqual(chat("passthrough", cited).content, list);
    });

    // Each pair reaches the service as chats.
    for (const [type, other] of [
      ["mistral", "mistral"],
      ["vllm", "deepseek"],
    ]) {
      it(`think for clients of Messages and Responses, at ${type}`, () => {
        const ask = { max_tokens: 9, messages: user };
        const message = wholeOf(type, "/v1/messages", ask, whole);
        assert.deepEqual(
          message.content.map((block) => block.thinking ?? block.text),
          ["2+2", "4"],
        );
        const told = { thinking_delta: "", text_delta: "" };
        for (const { delta } of eventsOf(streamOf(type, "/v1/messages", ask, pieces))) {
          if (delta?.type in told) told[delta.type] += delta.thinking ?? delta.text;
        }
        assert.deepEqual(told, { thinking_delta: "2+2", text_delta: "4!" });
        const { output } = wholeOf(other, "/v1/responses", { input: "x" }, whole);
        assert.deepEqual(
          output.map((item) => item.type),
          ["reasoning", "message"],
        );
        assert.match(JSON.stringify(output[0]), /2\+2/);
        assert.equal(output[1].content[0].text, "4");
      });
    }
  });

  // diegosouzapw/OmniRoute#14205
  it("are counted by the Responses API's names of tokens, too", () => {
    const text = streamOf("groq", "/v1/messages", { max_tokens: 9, messages: user }, [
      chunk({ content: "hi" }),
      { ...chunk({}, "stop"), usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 } },
    ]);
    assert.match(text, /"input_tokens":7,.*"output_tokens":3/);
  });
});

describe("what is blank", () => {
  const call = {
    role: "assistant",
    content: "\n",
    tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "" } }],
  };
  const toolResult = (content) => ({ role: "tool", tool_call_id: "a", content });
  const CLAUDES = "us.anthropic.claude-haiku-4-5";

  // longseespace/BoltAI#165: "system: text content blocks must contain non-whitespace text"
  it("is no instruction", () => {
    const messages = [
      { role: "system", content: " \n" },
      { role: "developer", content: [{ type: "text", text: "\t" }] },
      { role: "user", content: "x" },
    ];
    assert.equal(ofChat("claude", { messages }).system, undefined);
    assert.equal(ofChat("bedrock", { model: CLAUDES, messages }).system, undefined);
    messages.unshift({ role: "system", content: "\n# Rules" });
    assert.equal(ofChat("claude", { messages }).system[0].text, "\n# Rules");
  });

  // NousResearch/hermes-agent#41985: the text of a block, in results as well
  it("is a result without output on Bedrock", () => {
    for (const content of ["", " ", "\n", [], [{ type: "text", text: " " }]]) {
      const messages = [{ role: "user", content: "x" }, call, toolResult(content)];
      const { toolResult: told } = ofChat("bedrock", { model: CLAUDES, messages }).messages.at(-1)
        .content[0];
      assert.deepEqual(told.content, [{ text: "(no output)" }]);
    }
  });

  // BerriAI/litellm#41954: "cache_control may not be specified within `tool_result.content`"
  it("or not: marks for caching are those of results, not of what is in them", () => {
    const mark = { type: "ephemeral" };
    const part = { type: "text", text: "r", cache_control: mark };
    const messages = [{ role: "user", content: "x" }, call, toolResult([part])];
    const [result] = ofChat("claude", { messages }).messages.at(-1).content;
    assert.deepEqual(result.cache_control, mark);
    assert.deepEqual(result.content, [{ type: "text", text: "r" }]);
  });
});

describe("documents on Bedrock", () => {
  const file = (filename, type = "application/pdf") => ({
    type: "file",
    file: { filename, file_data: `data:${type};base64,JVBE` },
  });
  const blocksOf = (...content) =>
    ofChat("bedrock", { model: "m", messages: [{ role: "user", content }] }).messages[0].content;

  // vercel/ai#20365, anomalyco/opencode#36113: alphanumerics, single spaces, hyphens and brackets, 200 at most
  it("have names that are accepted, each its own", () => {
    const given = ["John's  report.pdf", "a.pdf", "a.pdf", "报告.pdf", "分告.pdf", "", undefined];
    given.push("x".repeat(300));
    const names = blocksOf({ type: "text", text: "x" }, ...given.map((name) => file(name)))
      .slice(1)
      .map(({ document }) => document.name);
    assert.equal(new Set(names).size, given.length);
    for (const name of names) assert.match(name, /^(?!.* {2})[A-Za-z0-9 ()-]{1,200}$/);
    assert.deepEqual(names.slice(0, 2), ["John-s report-pdf", "a-pdf"]);
  });

  it("differ where one is named as another would become", () => {
    for (const given of [
      ["doc-3", "doc", "doc"],
      ["doc-2", "doc", "doc"],
      ["doc-2", "doc-3", "doc", "doc", "doc"],
    ]) {
      const blocks = blocksOf({ type: "text", text: "x" }, ...given.map((name) => file(name)));
      const names = blocks.slice(1).map(({ document }) => document.name);
      assert.equal(new Set(names).size, given.length, names.join());
    }
  });

  // maximhq/bifrost#5472
  it("are those of offices, too", () => {
    const office = "application/vnd.openxmlformats-officedocument.";
    const formats = {
      "application/pdf": "pdf",
      "text/csv": "csv",
      [`${office}wordprocessingml.document`]: "docx",
      [`${office}spreadsheetml.sheet`]: "xlsx",
    };
    for (const [type, format] of Object.entries(formats)) {
      const [, { document }] = blocksOf({ type: "text", text: "x" }, file("a", type));
      assert.equal(document.format, format);
    }
  });

  // AWS, Message: with a `document` there must be a `text`
  it("do not stand alone", () => {
    assert.deepEqual(blocksOf(file("a.pdf"))[1], { text: "document" });
    assert.equal(blocksOf(file("a.pdf"), { type: "text", text: "x" }).length, 2);
  });
});

// NousResearch/hermes-agent#93014, twentyhq/twenty#21712, googleapis/python-genai#2792: Gemini 3 takes `$ref` in a
// structured result for a file, "does not match to a display_name in the function_response.parts"
describe("a result that is a JSON schema", () => {
  const resultOf = (content) => {
    const messages = [
      { role: "user", content: "x" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "a", content },
    ];
    const { contents } = ofChat("gemini", { model: "gemini-3-pro-preview", messages });
    return contents.at(-1).parts[0].functionResponse.response;
  };

  it("is a text for Gemini where it has references", () => {
    const schema = JSON.stringify({ properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: {} } });
    assert.deepEqual(resultOf(schema), { output: schema });
    assert.deepEqual(resultOf('{"properties":{"a":{}}}'), { properties: { a: {} } });
  });
});

// OpenAI API reference, create chat completion: `functions`, `function_call`, messages of a function
describe("functions, the predecessors of tools", () => {
  const ask = {
    functions: [{ name: "f", description: "d", parameters: { type: "object", properties: {} } }],
    function_call: { name: "f" },
    messages: [
      { role: "user", content: "x" },
      { role: "assistant", content: null, function_call: { name: "f", arguments: '{"a":1}' } },
      { role: "function", name: "f", content: "one" },
      { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
      { role: "function", name: "f", content: "two" },
    ],
  };

  it("are tools, calls and results at Claude", () => {
    const body = ofChat("claude", { ...ask, model: "claude-haiku-4-5" });
    assert.deepEqual([body.tools[0].name, body.tools[0].description], ["f", "d"]);
    assert.deepEqual(body.tool_choice, { type: "tool", name: "f" });
    const blocks = body.messages.slice(1).flatMap(({ content }) => content);
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ["tool_use", "tool_result", "tool_use", "tool_result"],
    );
    assert.deepEqual(blocks[0].input, { a: 1 });
    assert.equal(blocks[0].id, blocks[1].tool_use_id);
    assert.equal(blocks[2].id, blocks[3].tool_use_id);
    assert.notEqual(blocks[0].id, blocks[2].id);
    assert.deepEqual(ofChat("claude", { ...ask, function_call: "none" }).tool_choice, {
      type: "none",
    });
  });

  it("are tools at Gemini, Bedrock and Cohere, and stay where chats are sent on", () => {
    const gemini = ofChat("gemini", { ...ask, model: "gemini-2.5-flash" });
    assert.equal(gemini.tools[0].functionDeclarations[0].name, "f");
    assert.equal(gemini.contents[2].parts[0].functionResponse.name, "f");
    const bedrock = ofChat("bedrock", { ...ask, model: "us.anthropic.claude-haiku-4-5" });
    assert.equal(bedrock.toolConfig.tools[0].toolSpec.name, "f");
    assert.ok(bedrock.messages[2].content[0].toolResult);
    const cohere = ofChat("cohere", { ...ask, model: "command-a" });
    assert.equal(cohere.tools[0].function.name, "f");
    assert.equal(cohere.messages[2].tool_call_id, cohere.messages[1].tool_calls[0].id);
    assert.deepEqual(ofChat("groq", ask).functions, ask.functions);
  });

  // OpenAI API reference, the chat completion object: `message.function_call`, the deprecated finish reason
  const blocks = [
    { type: "text", text: "Let me see." },
    { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
    { type: "tool_use", id: "t2", name: "f", input: { a: 2 } },
  ];
  const deltasOf = (block) =>
    block.type === "text"
      ? [{ type: "text_delta", text: block.text }]
      : ['{"a":', `${block.input.a}}`].map((partial_json) => ({
          type: "input_json_delta",
          partial_json,
        }));
  const events = [
    { type: "message_start", message: { id: "msg_1", content: [], usage: { input_tokens: 1 } } },
    ...blocks.flatMap((block, index) => [
      { type: "content_block_start", index, content_block: { ...block, text: "", input: {} } },
      ...deltasOf(block).map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const whole = {
    type: "message",
    id: "msg_1",
    content: blocks,
    stop_reason: "tool_use",
    usage: {},
  };
  const answerTo = (members, upstream) =>
    exchange([start("claude")], { body: JSON.stringify({ model: "m", ...members }) }, upstream);
  const tools = ask.functions.map((definition) => ({ type: "function", function: definition }));

  it("are answered with one function_call", () => {
    const [{ message, finish_reason }] = answerTo(ask, jsonUpstream(whole)).json.choices;
    assert.deepEqual(message, {
      role: "assistant",
      content: "Let me see.",
      function_call: { name: "f", arguments: '{"a":1}' },
    });
    assert.equal(finish_reason, "function_call");
    for (const modern of [
      { ...ask, tools },
      { ...ask, functions: undefined, tools },
    ]) {
      const [choice] = answerTo(modern, jsonUpstream(whole)).json.choices;
      assert.equal(choice.message.tool_calls.length, 2);
      assert.equal(choice.finish_reason, "tool_calls");
    }
  });

  it("are answered with the pieces of one function_call in a stream", () => {
    const { text } = answerTo({ ...ask, stream: true }, streamUpstream(events));
    const choices = eventData(text).flatMap((event) => event.choices ?? []);
    assert.deepEqual(
      choices.filter(({ delta }) => delta.tool_calls),
      [],
    );
    const pieces = choices.flatMap(({ delta }) => delta.function_call ?? []);
    assert.deepEqual(pieces[0], { name: "f", arguments: "" });
    assert.equal(pieces.map((piece) => piece.arguments).join(""), '{"a":1}');
    assert.equal(pieces.filter(({ name }) => name !== undefined).length, 1);
    assert.equal(choices.at(-1).finish_reason, "function_call");
  });
});

// api7/aisix#1185, microsoft/agent-framework#5322; OpenAI API reference, allowed_tools
describe("a choice of allowed tools", () => {
  const tools = ["f", "g", "h"].map((name) => ({
    type: "function",
    function: { name, parameters: { type: "object", properties: { a: { type: "string" } } } },
  }));
  const named = ["h", "f"].map((name) => ({ type: "function", function: { name } }));
  const allowed = { mode: "required", tools: named };
  const choice = { type: "allowed_tools", allowed_tools: allowed };
  const messages = [{ role: "user", content: "x" }];
  const askOf = (type, model) => ofChat(type, { model, messages, tools, tool_choice: choice });

  it("leaves no others, and keeps its mode", () => {
    const claude = askOf("claude", "claude-opus-4-6");
    assert.deepEqual(
      claude.tools.map(({ name }) => name),
      ["f", "h"],
    );
    assert.deepEqual(claude.tool_choice, { type: "any" });
    const bedrock = askOf("bedrock", "us.anthropic.claude-haiku-4-5").toolConfig;
    assert.deepEqual(
      bedrock.tools.map(({ toolSpec }) => toolSpec.name),
      ["f", "h"],
    );
    assert.deepEqual(bedrock.toolChoice, { any: {} });
    const gemini = askOf("gemini", "gemini-2.5-flash");
    assert.deepEqual(
      gemini.tools[0].functionDeclarations.map(({ name }) => name),
      ["f", "h"],
    );
    assert.equal(gemini.toolConfig.functionCallingConfig.mode, "ANY");
    assert.deepEqual(
      askOf("cohere", "command-a").tools.map((tool) => tool.function.name),
      ["f", "h"],
    );
  });

  const namesOf = (list) => list?.map((tool) => tool.function.name);
  const AUTO = { ...choice, allowed_tools: { ...allowed, mode: "auto" } };

  it("is a word where vendors take no object, or `auto` only", () => {
    for (const [type, model, sentChoice] of [
      ["zhipuai", "glm-5.2", undefined],
      ["moonshot", "kimi-k2.5", undefined],
      ["deepseek", "deepseek-chat", "required"],
      ["vllm", "m", "required"],
      ["github", "openai/gpt-4.1", "required"],
    ]) {
      const required = askOf(type, model);
      assert.equal(required.tool_choice, sentChoice, type);
      assert.deepEqual(namesOf(required.tools), ["f", "h"], type);
      const auto = ofChat(type, { model, messages, tools, tool_choice: AUTO });
      assert.equal(auto.tool_choice, "auto", type);
      assert.deepEqual(namesOf(auto.tools), ["f", "h"], type);
    }
  });

  it("of no known mode is auto", () => {
    for (const mode of [undefined, "some"]) {
      const odd = { ...choice, allowed_tools: { ...allowed, mode } };
      const body = ofChat("deepseek", { model: "m", messages, tools, tool_choice: odd });
      assert.equal(body.tool_choice, "auto");
      assert.deepEqual(namesOf(body.tools), ["f", "h"]);
    }
  });

  it("keeps what else is edited in a tool, and leaves tools of any kind out", () => {
    const strict = { type: "function", function: { name: "a.b", strict: true, parameters: {} } };
    const custom = (name) => ({ type: "custom", custom: { name } });
    const body = ofChat("fireworks", {
      model: "m",
      messages,
      tools: [custom("c"), tools[0], strict, custom("d"), { type: "web_search" }],
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "auto",
          tools: [{ type: "function", function: { name: "a.b" } }, custom("d")],
        },
      },
    });
    assert.equal(body.tools.length, 2);
    assert.match(body.tools[0].function.name, /^[A-Za-z0-9_-]+$/);
    assert.equal(body.tools[0].function.strict, undefined);
    assert.deepEqual(body.tools[1], custom("d"));
  });

  it("holds for tools that take a text, where they are functions", () => {
    const custom = { type: "custom", custom: { name: "p" } };
    const body = {
      messages,
      tools: [custom, ...tools],
      tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [custom] } },
    };
    for (const [type, model] of [
      ["claude", "claude-opus-4-6"],
      ["cohere", "command-a"],
    ]) {
      const at = ofChat(type, { ...body, model });
      assert.deepEqual(
        at.tools.map((tool) => tool.name ?? tool.function.name),
        ["p"],
      );
    }
  });

  it("stays as it is at OpenAI and Azure", () => {
    const azure = { azureServiceUrl: "https://a.openai.azure.com/openai/v1/chat/completions" };
    for (const [type, more] of [["openai"], ["azure", azure]]) {
      const body = ofChat(type, { model: "gpt-4.1", messages, tools, tool_choice: choice }, more);
      assert.deepEqual(body.tools, tools, type);
      assert.deepEqual(body.tool_choice, choice, type);
    }
    const body = ofChat("openai", {
      model: "gpt-5.5",
      messages,
      tools,
      tool_choice: choice,
      reasoning_effort: "high",
    });
    assert.ok(body.input, "by the Responses API");
    assert.deepEqual(
      body.tools.map(({ name }) => name),
      ["f", "g", "h"],
    );
    assert.deepEqual(body.tool_choice, {
      type: "allowed_tools",
      mode: "required",
      tools: ["f", "h"].map((name) => ({ type: "function", name })),
    });
  });

  it("reaches the native APIs of Hunyuan and Qwen", () => {
    const body = { model: "m", messages, tools, tool_choice: AUTO };
    const hunyuan = ofChat("hunyuan", body, { hunyuanAuthId: "i", hunyuanAuthKey: "k" });
    assert.deepEqual(
      hunyuan.Tools.map((tool) => tool.Function.Name),
      ["f", "h"],
    );
    assert.equal(hunyuan.ToolChoice, "auto");
    const { parameters } = ofChat("qwen", body, { qwenEnableCompatible: false });
    assert.deepEqual(namesOf(parameters.tools), ["f", "h"]);
    assert.equal(parameters.tool_choice, "auto");
  });

  it("leaves no empty list where none of those is there", () => {
    const none = { mode: "required", tools: [{ type: "function", function: { name: "z" } }] };
    const nobody = { type: "allowed_tools", allowed_tools: none };
    for (const type of ["claude", "bedrock", "gemini", "cohere", "deepseek", "zhipuai"]) {
      const body = ofChat(type, { model: "m", messages, tools, tool_choice: nobody });
      const told = Object.keys(body).filter((name) => /tool/i.test(name));
      assert.deepEqual(told, [], type);
    }
    // Tools of no known form, and a function that is not there.
    const nameless = [{ type: "function" }];
    for (const [type, more] of [["claude"], ["cohere"]]) {
      const body = ofChat(type, { model: "m", messages, tools: nameless, tool_choice: "required" });
      assert.deepEqual([body.tools, body.tool_choice], [undefined, undefined], type);
    }
    const one = { type: "function", function: { name: "z" } };
    const cohere = ofChat("cohere", { model: "m", messages, tools, tool_choice: one });
    assert.deepEqual([cohere.tools, cohere.tool_choice], [undefined, undefined]);
    const over = ofChat("openai", {
      model: "gpt-5.5",
      messages,
      tools: nameless,
      tool_choice: "required",
      reasoning_effort: "high",
    });
    assert.deepEqual([over.tools, over.tool_choice], [undefined, undefined]);
  });

  it("names tools of every kind that clients of the Responses API have", () => {
    const search = { type: "tool_search", execution: "client", parameters: { type: "object" } };
    const told = [
      { type: "custom", name: "patch" },
      { type: "custom", name: "other" },
      { type: "function", name: "f" },
      { type: "namespace", name: "n", tools: [{ type: "function", name: "f" }] },
      search,
    ];
    const namesFor = (...named) =>
      namesOf(
        ofResponses("deepseek", {
          input: "x",
          tools: told,
          tool_choice: { type: "allowed_tools", mode: "auto", tools: named },
        }).tools,
      );
    assert.deepEqual(namesFor({ type: "custom", name: "patch" }), ["patch"]);
    assert.deepEqual(namesFor({ type: "tool_search" }), ["tool_search"]);
    assert.deepEqual(namesFor({ type: "function", name: "f" }), ["f"]);
    assert.deepEqual(namesFor({ type: "function", name: "f", namespace: "n" }), ["n__f"]);
    assert.equal(namesFor({ type: "web_search" }), undefined);
  });

  it("does so for clients of the Responses API, too", () => {
    const body = ofResponses("deepseek", {
      input: "x",
      tools: tools.map((tool) => ({ type: "function", ...tool.function })),
      tool_choice: {
        type: "allowed_tools",
        mode: "auto",
        tools: [{ type: "function", name: "g" }],
      },
    });
    assert.deepEqual(
      body.tools.map((tool) => tool.function.name),
      ["g"],
    );
    assert.equal(body.tool_choice, "auto");
  });
});
