/** Clients of OpenAI's Responses API and providers that only have chats. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ofResponse, ofResponsesEvents, responsesEvents } from "./answers.mjs";
import {
  completion,
  completionEvents,
  exchange,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const now = () => 1_700_000_000_000;

/** A vendor whose models take whatever a chat may have. */
const anything = {
  type: "deepseek",
  modelFeatures: [
    {
      models: "*",
      thinking: "effort",
      efforts: ["high"],
      images: true,
      returnsReasoning: "yes",
      refuses: [],
    },
  ],
};

function ask(
  body,
  { provider = anything, upstream = jsonUpstream(), path = "/v1/responses" } = {},
) {
  const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } }, { now });
  assert.ok(proxy.accepted, proxy.vm.logText());
  const text = typeof body === "string" ? body : JSON.stringify({ model: "m", ...body });
  const stream = exchange([proxy], { path, body: text }, upstream);
  const [request] = upstream.requests ?? [];
  return { stream, request, sent: request && JSON.parse(request.body) };
}

const weather = {
  type: "function",
  name: "weather",
  description: "D",
  strict: true,
  parameters: { type: "object", properties: { city: { type: "string" } } },
};

describe("requests of the Responses API as chats", () => {
  it("a text, with instructions and settings", () => {
    const { request, sent } = ask({
      instructions: "Be brief.",
      input: "hi",
      max_output_tokens: 9,
      temperature: 0.5,
      top_p: 1,
      user: "u",
      store: true,
      metadata: { a: "b" },
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "high", summary: "auto" },
      text: { format: { type: "text" }, verbosity: "low" },
    });
    assert.equal(request.headers.get(":path"), "/v1/chat/completions");
    assert.deepEqual(sent, {
      model: "m",
      temperature: 0.5,
      top_p: 1,
      user: "u",
      max_tokens: 9,
      reasoning_effort: "high",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hi" },
      ],
    });
  });

  it("a conversation with reasoning, parallel calls, results and images", () => {
    const input = [
      { role: "developer", content: "D" },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "look" },
          { type: "input_image", image_url: "data:image/png;base64,QQ==", detail: "low" },
          { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" },
          { type: "input_audio", input_audio: { data: "QQ==", format: "wav" } },
        ],
      },
      {
        type: "reasoning",
        id: "rs_1",
        summary: [],
        content: [{ type: "reasoning_text", text: "thought" }],
        encrypted_content: "sig",
      },
      {
        type: "message",
        role: "assistant",
        content: [
          { type: "output_text", text: "I will " },
          { type: "output_text", text: "see." },
        ],
      },
      { type: "function_call", id: "fc_1", call_id: "c1", name: "weather", arguments: "{}" },
      { type: "function_call", call_id: "c2", name: "weather", arguments: '{"city":"Bern"}' },
      { type: "function_call_output", call_id: "c1", output: "sunny" },
      {
        type: "function_call_output",
        call_id: "c2",
        output: [
          { type: "input_text", text: "rain" },
          { type: "input_image", image_url: "http://x/y.png" },
          { type: "input_text", text: "wind" },
        ],
      },
      { role: "user", content: [{ type: "input_text", text: "so?" }] },
    ];
    const wanted = [
      { role: "system", content: "D" },
      {
        role: "user",
        content: [
          { type: "text", text: "look" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QQ==", detail: "low" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: "data:application/pdf;base64,QQ==" },
          },
          { type: "input_audio", input_audio: { data: "QQ==", format: "wav" } },
        ],
      },
      {
        role: "assistant",
        content: "I will see.",
        reasoning_content: "thought",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "weather", arguments: "{}" } },
          {
            id: "c2",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Bern"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "sunny" },
      { role: "tool", tool_call_id: "c2", content: "rain\nwind" },
      {
        role: "user",
        content: [
          { type: "text", text: "image from tool c2" },
          { type: "image_url", image_url: { url: "http://x/y.png" } },
        ],
      },
      { role: "user", content: "so?" },
    ];
    assert.deepEqual(ask({ input }).sent.messages, wanted);
    const plain = structuredClone(wanted);
    delete plain[2].reasoning_content;
    assert.deepEqual(ask({ input }, { provider: { type: "stepfun" } }).sent.messages, plain);
  });

  it("a signed reasoning goes back to the vendor that signed it", () => {
    const input = [
      { role: "user", content: "U" },
      {
        type: "reasoning",
        summary: [],
        content: [{ type: "reasoning_text", text: "thought" }],
        encrypted_content: "sig",
      },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "R" },
    ];
    const { sent } = ask({ input }, { provider: { type: "claude" } });
    assert.deepEqual(sent.messages[1].content, [
      { type: "thinking", thinking: "thought", signature: "sig" },
      { type: "tool_use", id: "c1", name: "f", input: {} },
    ]);
  });

  it("tools, choices and formats", () => {
    // DeepSeek refuses a forced tool while it thinks.
    const provider = { ...anything, type: "yi" };
    const tools = [weather, { type: "web_search" }, { type: "function", name: "g" }];
    const { sent } = ask(
      {
        input: "x",
        tools,
        tool_choice: { type: "function", name: "weather" },
        parallel_tool_calls: false,
        text: {
          format: { type: "json_schema", name: "N", schema: { type: "object" }, strict: true },
        },
      },
      { provider },
    );
    assert.deepEqual(sent.tools, [
      {
        type: "function",
        function: {
          name: "weather",
          description: "D",
          strict: true,
          parameters: weather.parameters,
        },
      },
      { type: "function", function: { name: "g", parameters: { type: "object", properties: {} } } },
    ]);
    assert.deepEqual(sent.tool_choice, { type: "function", function: { name: "weather" } });
    assert.equal(sent.parallel_tool_calls, false);
    assert.deepEqual(sent.response_format, {
      type: "json_schema",
      json_schema: { name: "N", schema: { type: "object" }, strict: true },
    });
    const choice = (tool_choice, more = tools) =>
      ask({ input: "x", tools: more, tool_choice }, { provider }).sent.tool_choice;
    assert.equal(choice("required"), "required");
    const allowed = (names) => ({ type: "allowed_tools", mode: "auto", tools: names });
    assert.equal(choice(allowed([{ type: "function", name: "g" }])), "auto");
    assert.equal(choice(allowed([])), undefined, "no tool is allowed");
    assert.equal(choice({ type: "web_search" }), undefined);
    assert.equal(choice("required", [{ type: "web_search" }]), undefined, "no tool is left");
    const format = ask({ input: "x", text: { format: { type: "json_object" } } });
    assert.deepEqual(format.sent.response_format, { type: "json_object" });
  });

  it("refuses what needs a state, and parts that nobody else knows", () => {
    const image = (part) => [{ role: "user", content: [part] }];
    for (const [body, words] of [
      [{ input: "x", previous_response_id: "resp_1" }, /^previous_response_id is not available/],
      [{ input: "x", conversation: { id: "c" } }, /^conversation is not available/],
      [{ input: "x", prompt: { id: "p" } }, /^prompt is not available/],
      [{ input: "x", background: true }, /^background is not available/],
      [
        { input: [{ type: "item_reference", id: "i" }] },
        /an input item by reference cannot be sent/,
      ],
      [{ input: image({ type: "input_image", file_id: "f" }) }, /image by reference/],
      [{ input: image({ type: "input_file", file_id: "f" }) }, /file by reference/],
      [{ input: image({ type: "hologram" }) }, /part of type hologram/],
      [{}, /^input is neither a text nor a list/],
      ["[]", /not a JSON object/],
    ]) {
      const { stream, request } = ask(body);
      assert.equal(request, undefined);
      assert.equal(stream.received.status, 400);
      assert.match(stream.json.error.message, words);
      assert.equal(stream.json.error.code, "unsupported_request");
    }
    const null_ = { input: "x", previous_response_id: null, conversation: null, background: false };
    assert.equal(ask(null_).stream.received.status, 200);
  });

  const NOTHING = /^input is neither a text nor a list$/;
  for (const [input, refusal] of [
    [null, NOTHING],
    [{}, NOTHING],
    [[null]],
    [[null, 7, "x", [], {}]],
    [[{ role: 7, content: {} }]],
    [[{ type: "reasoning" }, { type: "reasoning", content: [null, 7] }]],
    [[{ type: "function_call" }, { type: "function_call_output" }]],
    [
      [{ type: "function_call_output", output: [null, {}, { type: "input_image" }] }],
      /^an image by reference cannot be sent$/,
    ],
    [[{ role: "assistant", content: [null, 7, {}] }]],
    [[{ role: "user", content: [] }]],
  ]) {
    it(`takes input: ${JSON.stringify(input)} without harm`, () => {
      for (const [type, list] of Object.entries({
        deepseek: "messages",
        claude: "messages",
        gemini: "contents",
      })) {
        const extras = { tools: [null, {}, 7], tool_choice: 7, text: 7, reasoning: "x" };
        const { stream, sent } = ask({ input, ...extras }, { provider: { type } });
        if (refusal) {
          assert.equal(stream.received.status, 400);
          assert.match(stream.json.error.message, refusal);
          assert.equal(sent, undefined);
        } else {
          // The stand-in answers as OpenAI, which is no answer of the others.
          assert.equal(stream.received.status, type === "deepseek" ? 200 : 502);
          assert.ok(Array.isArray(sent[list]));
        }
      }
    });
  }
});

describe("where the vendor has the Responses API", () => {
  const path = (provider) => {
    const { request, sent } = ask({ input: "x" }, { provider });
    return [request.headers.get(":path"), "input" in sent];
  };

  it("requests go there as they are", () => {
    assert.deepEqual(path({ type: "openai" }), ["/v1/responses", true]);
    assert.deepEqual(path({ type: "doubao" }), ["/api/v3/responses", true]);
    assert.deepEqual(path({ type: "openai", openaiCustomUrl: "http://llm/v1" }), [
      "/v1/responses",
      true,
    ]);
    const capabilities = { "openai/v1/responses": "/own/responses" };
    assert.deepEqual(path({ type: "deepseek", capabilities }), ["/own/responses", true]);
  });

  it("they become chats when the operator says so, or has named the address of chats", () => {
    const openai = { type: "openai", responsesAsChat: true };
    assert.deepEqual(path(openai), ["/v1/chat/completions", false]);
    const direct = { type: "openai", openaiCustomUrl: "http://llm/api/chat/completions" };
    assert.deepEqual(path(direct), ["/api/chat/completions", false]);
    assert.deepEqual(path({ type: "ollama", ollamaServerHost: "h", ollamaServerPort: 1 }), [
      "/v1/chat/completions",
      false,
    ]);
  });

  it("a stored response can only be asked for where there are any", () => {
    const { stream, request } = ask("", { path: "/v1/responses/resp_1" });
    assert.equal(request, undefined);
    assert.equal(stream.json.error.code, "unsupported_api");
  });
});

describe("answers of chats as responses", () => {
  it("a buffered one, which repeats the request's settings", () => {
    const settings = {
      instructions: "I",
      max_output_tokens: 7,
      temperature: 0.1,
      tools: [weather],
      tool_choice: "auto",
      metadata: { a: "b" },
    };
    const { stream } = ask({ input: "x", ...settings });
    const told = ofResponse(stream.json);
    assert.equal(told.text, "Hello");
    assert.deepEqual(told.tokens, { prompt: 3, completion: 2, cached: 0 });
    for (const [name, value] of Object.entries(settings))
      assert.deepEqual(stream.json[name], value, name);
    assert.equal(stream.json.created_at, 1700000000);
    assert.equal(stream.json.model, "gpt-4-0613");
    assert.deepEqual(
      [stream.json.parallel_tool_calls, stream.json.truncation, stream.json.top_p],
      [true, "disabled", null],
    );
  });

  it("does not keep long members of the request for that", () => {
    const { stream } = ask({ input: "x", instructions: "I".repeat(20_000) });
    assert.equal(stream.json.instructions, null);
  });

  it("a cut answer is incomplete", () => {
    const upstream = jsonUpstream(completion("Hel", { reason: "length" }));
    const { stream } = ask({ input: "x" }, { upstream });
    assert.equal(stream.json.status, "incomplete");
    assert.deepEqual(stream.json.incomplete_details, { reason: "max_output_tokens" });
  });

  it("a stream with reasoning, text and parallel calls in pieces", () => {
    const event = (delta, finish_reason = null) =>
      `data: ${JSON.stringify({ id: "c", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const call = (index, members) => event({ tool_calls: [{ index, ...members }] });
    const events = [
      event({ role: "assistant", reasoning_content: "Hm" }),
      event({ reasoning_content: "m." }),
      event({ content: "I " }),
      event({ content: 'see "it".' }),
      call(0, { id: "a", function: { name: "f", arguments: "" } }),
      call(1, { id: "b", function: { name: "g", arguments: '{"x":' } }),
      call(0, { function: { arguments: "{}" } }),
      call(1, { function: { arguments: "1}" } }),
      event({}, "tool_calls"),
      `data: {"id":"c","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":4}}}\n\n`,
      "data: [DONE]\n\n",
    ];
    const { stream } = ask({ input: "x", stream: true }, { upstream: streamUpstream(events) });
    assert.deepEqual(ofResponsesEvents(stream.text), {
      reasoning: "Hmm.",
      signature: "",
      text: 'I see "it".',
      tools: [
        { id: "a", name: "f", input: {} },
        { id: "b", name: "g", input: { x: 1 } },
      ],
      finish: "tool_calls",
      tokens: { prompt: 5, completion: 6, cached: 4 },
    });
    const whole = events.join("");
    for (let at = 1; at < whole.length; at += 3) {
      const upstream = streamUpstream([whole.slice(0, at), whole.slice(at)]);
      const cut = ask({ input: "x", stream: true }, { upstream }).stream;
      assert.equal(cut.text, stream.text, `cut at ${at}`);
    }
  });

  it("an answer that is too large to be repeated at the end fails", () => {
    const piece = "x".repeat(1 << 20);
    const upstream = streamUpstream(completionEvents(Array(9).fill(piece)));
    const { stream } = ask({ input: "x", stream: true }, { upstream });
    const told = responsesEvents(stream.text);
    assert.equal(told.at(-1).type, "response.failed");
    assert.match(told.at(-1).response.error.message, /too large/);
  });

  it("errors are OpenAI's, with their status", () => {
    const upstream = jsonUpstream({ error: { message: "slow down", code: "c" } }, { status: 429 });
    const { stream } = ask({ input: "x" }, { upstream });
    assert.equal(stream.received.status, 429);
    assert.equal(stream.json.error.message, "slow down");
  });
});

describe("vendors whose words differ from OpenAI's, for clients of other protocols", () => {
  const busy = { base_resp: { status_code: 1002, status_msg: "too fast" }, choices: null };
  const requests = {
    responses: { path: "/v1/responses", body: { input: "x" } },
    anthropic: {
      path: "/v1/messages",
      body: { max_tokens: 5, messages: [{ role: "user", content: "x" }] },
    },
  };
  for (const [client, { path, body }] of Object.entries(requests)) {
    it(`an error inside status 200 keeps its meaning for ${client}`, () => {
      const provider = { type: "minimax" };
      const { stream } = ask(body, { provider, path, upstream: jsonUpstream(busy) });
      assert.equal(stream.received.status, 429);
      assert.equal(stream.json.error.message, "too fast");
      const types = { anthropic: "rate_limit_error", responses: "rate_limit_exceeded" };
      assert.equal(stream.json.error.type, types[client]);
    });

    it(`reasoning is ignored for ${client} when the operator says so`, () => {
      const provider = { type: "stepfun", reasoningContentMode: "ignore" };
      const upstream = jsonUpstream(completion("A", { message: { reasoning_content: "secret" } }));
      const { stream } = ask(body, { provider, path, upstream });
      assert.equal(stream.received.status, 200);
      assert.equal(stream.text.includes("secret"), false);
      const parts = [{ text: "secret", thought: true }, { text: "A" }];
      const own = { candidates: [{ content: { parts }, finishReason: "STOP" }] };
      const gemini = ask(body, {
        provider: { type: "gemini", reasoningContentMode: "ignore" },
        path,
        upstream: jsonUpstream(own),
      });
      assert.equal(gemini.stream.received.status, 200);
      assert.equal(gemini.stream.text.includes("secret"), false);
    });
  }
});
