/**
 * What the libraries of OpenAI's clients make of translated answers: the official one reads them, and each case
 * names the library whose code acts on what it shows.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import OpenAI from "openai";
import { bridge } from "./bridge.mjs";
import { completion, exchange, jsonUpstream, plugin, streamUpstream } from "./support.mjs";

const now = () => 1_700_000_000_000;
const GATEWAY = "http://gateway.example/v1";
const SCHEMA = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const FUNCTION = { type: "function", name: "f", parameters: SCHEMA };

const start = (type, more) =>
  plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...more } }, { now });
const library = (type, upstream, more) =>
  new OpenAI({
    apiKey: "u",
    baseURL: GATEWAY,
    maxRetries: 0,
    fetch: bridge([start(type, more)], upstream, () => {}),
  });
const sse = (events) =>
  streamUpstream(
    events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`),
  );

// openai-node and openai-python, chat.completions.parse and responses.parse: text is parsed, a refusal is not;
// openai-agents ends a run with a refusal and repeats one whose text is not what was asked for
describe("a refusal instead of structured output", () => {
  const chat = { model: "m", messages: [{ role: "user", content: "x" }] };
  const response_format = {
    type: "json_schema",
    json_schema: { name: "s", strict: true, schema: SCHEMA },
  };
  const format = { type: "json_schema", name: "s", strict: true, schema: SCHEMA };
  const chunk = (delta, finish_reason = null) => ({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason }],
  });
  const OF_CHAT = completion(null, {
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: "I cannot." },
        finish_reason: "stop",
      },
    ],
  });
  const CHUNKS = [
    chunk({ role: "assistant", content: "" }),
    chunk({ refusal: "I " }),
    chunk({ refusal: "cannot." }),
    chunk({}, "stop"),
    "[DONE]",
  ];

  it("of a vendor with chats, for clients of the Responses API", async () => {
    const asked = { model: "m", input: "x", text: { format } };
    const client = library("deepseek", jsonUpstream(OF_CHAT));
    const { output, output_parsed } = await client.responses.parse(asked);
    assert.equal(output_parsed, null);
    assert.deepEqual(output[0].content, [{ type: "refusal", refusal: "I cannot." }]);
    const stream = library("deepseek", sse(CHUNKS)).responses.stream(asked);
    const told = [];
    stream.on("event", (event) => {
      if (/refusal|content_part/.test(event.type)) told.push(event);
    });
    const final = await stream.finalResponse();
    assert.deepEqual(final.output[0].content[0].refusal, "I cannot.");
    const { id } = final.output[0];
    const place = { item_id: id, output_index: 0, content_index: 0 };
    const part = (refusal) => ({ type: "refusal", refusal });
    assert.deepEqual(
      told.map(({ sequence_number: _, ...event }) => event),
      [
        { type: "response.content_part.added", ...place, part: part("") },
        { type: "response.refusal.delta", ...place, delta: "I " },
        { type: "response.refusal.delta", ...place, delta: "cannot." },
        { type: "response.refusal.done", ...place, refusal: "I cannot." },
        { type: "response.content_part.done", ...place, part: part("I cannot.") },
      ],
    );
  });

  it("of the Responses API, for clients of chats", async () => {
    const asked = {
      ...chat,
      model: "gpt-5.4",
      response_format,
      reasoning_effort: "high",
      tools: [{ type: "function", function: { name: "f", strict: true, parameters: SCHEMA } }],
    };
    const item = { type: "message", id: "msg_1", role: "assistant", status: "completed" };
    const whole = {
      id: "resp_1",
      object: "response",
      created_at: 1,
      model: "gpt-5.4",
      status: "completed",
      error: null,
      output: [{ ...item, content: [{ type: "refusal", refusal: "I cannot." }] }],
      usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    };
    const client = library("openai", jsonUpstream(whole));
    const { message } = (await client.chat.completions.parse(asked)).choices[0];
    assert.deepEqual([message.content, message.refusal, message.parsed], [null, "I cannot.", null]);
    const events = [
      { type: "response.created", response: { ...whole, status: "in_progress", output: [] } },
      { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
      { type: "response.refusal.delta", output_index: 0, content_index: 0, delta: "I cannot." },
      { type: "response.completed", response: whole },
    ];
    const stream = library("openai", sse(events)).chat.completions.stream(asked);
    const final = await stream.finalChatCompletion();
    assert.equal(final.choices[0].message.refusal, "I cannot.");
    assert.equal(final.choices[0].message.content, null);
  });

  it("is text in protocols without refusals", () => {
    const path = "/v1/messages";
    const body = { model: "m", max_tokens: 9, messages: chat.messages };
    const told = exchange(
      [start("groq")],
      { path, body: JSON.stringify(body) },
      jsonUpstream(OF_CHAT),
    );
    assert.deepEqual(told.json.content, [{ type: "text", text: "I cannot." }]);
  });
});

describe("requests of the Responses API as chats", () => {
  const ask = (type, body, more) => {
    const upstream = jsonUpstream();
    const request = { path: "/v1/responses", body: JSON.stringify({ model: "m", ...body }) };
    const stream = exchange([start(type, more)], request, upstream);
    return { stream, sent: upstream.requests[0] && JSON.parse(upstream.requests[0].body) };
  };

  // vercel/ai, @ai-sdk/openai: with `store`, which is its default, former texts are references
  it("with references to items are refused in words that say what to set", () => {
    for (const reference of [{ type: "item_reference", id: "msg_1" }, { id: "msg_1" }]) {
      const { stream, sent } = ask("deepseek", {
        input: [{ role: "user", content: "x" }, reference],
      });
      assert.equal(sent, undefined);
      assert.equal(stream.received.status, 400);
      assert.match(stream.json.error.message, /an input item by reference .* store: false/);
    }
    // microsoft/agent-framework: without `store: false` its client continues from the last response
    for (const name of ["previous_response_id", "conversation"]) {
      const { stream } = ask("deepseek", { input: "x", [name]: "id" });
      assert.match(stream.json.error.message, /^\w+ is not available .* store: false/);
    }
    const message = { id: "msg_1", role: "assistant", content: "y" };
    assert.ok(ask("deepseek", { input: [message, { role: "user", content: "x" }] }).sent);
  });

  // MoonshotAI's API reference, prompt_cache_key; openai/codex sends one with each request
  it("keep the client's key of the prompt cache where the vendor has one", () => {
    const body = { input: "x", prompt_cache_key: "thread-1", tools: [FUNCTION] };
    assert.equal(ask("moonshot", body).sent.prompt_cache_key, "thread-1");
    for (const type of ["deepseek", "mistral", "groq"])
      assert.equal(ask(type, body, { responsesAsChat: true }).sent.prompt_cache_key, undefined);
  });

  // vercel/ai, @ai-sdk/openai and langchain-ai/langchain: a PDF by its address is a `file_url`
  it("with files by their address reach vendors that fetch them", () => {
    const file_url = "https://files.example/a.pdf";
    const content = [
      { type: "input_file", file_url },
      { type: "input_text", text: "x" },
    ];
    const input = [{ role: "user", content }];
    const claude = ask("claude", { input }).sent.messages[0].content[0];
    assert.deepEqual([claude.type, claude.source], ["document", { type: "url", url: file_url }]);
    const [part] = ask("gemini", { input }).sent.contents[0].parts;
    assert.deepEqual(part.fileData, { mimeType: "application/pdf", fileUri: file_url });
    for (const [type, more] of [["deepseek"], ["bedrock", { awsRegion: "us-east-1" }]]) {
      const { stream, sent } = ask(type, { input }, more);
      assert.deepEqual([sent, stream.received.status], [undefined, 400], type);
      assert.match(stream.json.error.message, /^a file (by reference|must be a data URL)/);
    }
    const other = [{ type: "input_file", file_url: "ftp://files.example/a.pdf" }];
    assert.equal(ask("claude", { input: [{ role: "user", content: other }] }).sent, undefined);
  });

  it("count the settings that chats do not have", () => {
    const settings = { text: { verbosity: "low" }, top_logprobs: 2, truncation: "auto" };
    const proxy = start("deepseek");
    const count = (field) =>
      proxy.vm.metrics.get(
        `ai_proxy_translation_losses_total.provider=.=deepseek;.;.field=.=${field};.;`,
      );
    const send = (body) =>
      exchange(
        [proxy],
        { path: "/v1/responses", body: JSON.stringify({ model: "m", input: "x", ...body }) },
        jsonUpstream(),
      );
    send({ text: { format: { type: "text" } }, truncation: "disabled", top_logprobs: null });
    for (const field of ["verbosity", "top_logprobs", "truncation"])
      assert.equal(count(field), undefined);
    send(settings);
    for (const field of ["verbosity", "top_logprobs", "truncation"]) assert.equal(count(field), 1);
  });
});

describe("streams of vendors with chats, for clients of the Responses API", () => {
  const chunk = (delta, finish_reason = null) => ({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason }],
  });
  const piece = (call) => chunk({ tool_calls: [{ index: 0, ...call }] });
  const finalOf = async (chunks) => {
    const client = library("groq", sse([...chunks, "[DONE]"]), { responsesAsChat: true });
    const stream = client.responses.stream({ model: "m", input: "x", tools: [FUNCTION] });
    const types = [];
    stream.on("event", ({ type }) => types.push(type.replace("response.", "")));
    return { final: await stream.finalResponse(), types };
  };

  // anomalyco/opencode#24137: identifier and arguments first, the name in a later piece
  it("a call whose name comes late keeps its identifier and all of its arguments", async () => {
    for (const pieces of [
      [{ id: "a", function: { arguments: "" } }, { function: { name: "f", arguments: '{"a":1}' } }],
      [{ id: "a", function: { arguments: '{"a"' } }, { function: { name: "f", arguments: ":1}" } }],
      [
        { id: "a", function: { name: null } },
        { function: { arguments: '{"a"' } },
        { id: "a", function: { name: "f" } },
        { function: { arguments: ":1}" } },
      ],
    ]) {
      const { final } = await finalOf([...pieces.map(piece), chunk({}, "tool_calls")]);
      const [call] = final.output;
      assert.deepEqual([call.call_id, call.name, call.arguments], ["a", "f", '{"a":1}']);
      assert.equal(final.output.length, 1);
    }
  });

  it("a call that never has a name is none, and what is kept of such calls is bounded", async () => {
    const long = "x".repeat(300_000);
    const nameless = [0, 1, 2, 3, 4].map((index) =>
      chunk({ tool_calls: [{ index, id: `i${index}`, function: { arguments: long } }] }),
    );
    const { final } = await finalOf([...nameless, chunk({ content: "y" }), chunk({}, "stop")]);
    assert.deepEqual(
      final.output.map(({ type }) => type),
      ["message"],
    );
  });

  // openai-agents (JavaScript): a turn without an item is asked for again, up to its limit
  it("an answer of nothing is a message without text, as it is in JSON", async () => {
    const { final, types } = await finalOf([chunk({ role: "assistant" }), chunk({}, "stop")]);
    assert.deepEqual(
      final.output.map(({ type, content }) => [type, content[0].text]),
      [["message", ""]],
    );
    assert.deepEqual(types, [
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
  });
});

// openai-python and openai-node return `content: null` and `refusal` in the history as they got them
describe("a former refusal", () => {
  const told = (type, more) => {
    const upstream = jsonUpstream();
    const messages = [
      { role: "user", content: "x" },
      { role: "assistant", content: null, refusal: "I cannot." },
      { role: "user", content: "y" },
    ];
    exchange([start(type, more)], { body: JSON.stringify({ model: "m", messages }) }, upstream);
    return { body: JSON.parse(upstream.requests[0].body), messages };
  };

  it("is text for vendors without it", () => {
    const claude = told("claude").body.messages;
    assert.deepEqual(claude[1], {
      role: "assistant",
      content: [{ type: "text", text: "I cannot." }],
    });
    assert.equal(claude.length, 3);
    const gemini = told("gemini").body.contents;
    assert.deepEqual(gemini[1], { role: "model", parts: [{ text: "I cannot." }] });
    const bedrock = told("bedrock", { awsRegion: "us-east-1" }).body.messages;
    assert.deepEqual(bedrock[1].content, [{ text: "I cannot." }]);
    assert.equal(told("cohere").body.messages[1].content, "I cannot.");
    for (const type of ["deepseek", "mistral", "groq"]) {
      const [, turn] = told(type).body.messages;
      assert.deepEqual([turn.content, turn.refusal], ["I cannot.", undefined], type);
    }
  });

  it("stays one at OpenAI", () => {
    const { body, messages } = told("openai");
    assert.deepEqual(body.messages, messages);
  });
});

// OpenAI API reference, create chat completion: custom tools, whose calls hold a text
describe("custom tools of chats", () => {
  const grammar = { syntax: "lark", definition: "start: WORD" };
  const tools = [
    {
      type: "custom",
      custom: { name: "patch", description: "Edits.", format: { type: "grammar", grammar } },
    },
    { type: "function", function: { name: "f", parameters: SCHEMA } },
  ];
  const called = { id: "a", type: "custom", custom: { name: "patch", input: 'say "x"' } };
  const messages = [
    { role: "user", content: "x" },
    { role: "assistant", content: null, tool_calls: [called] },
    { role: "tool", tool_call_id: "a", content: "done" },
  ];
  const ask = (type, body, upstream = jsonUpstream(), more = {}) => {
    const request = { body: JSON.stringify({ model: "m", messages, tools, ...body }) };
    const stream = exchange([start(type, more)], request, upstream);
    return { stream, sent: upstream.requests && JSON.parse(upstream.requests[0].body) };
  };

  it("are functions with one text for vendors without them, in the history and as a choice, too", () => {
    const choice = { type: "custom", custom: { name: "patch" } };
    const { sent } = ask("claude", { tool_choice: choice });
    const [tool] = sent.tools;
    assert.equal(tool.name, "patch");
    assert.match(tool.description, /^Edits\.\n.*`input`.*\n.*grammar:\nstart: WORD$/s);
    assert.deepEqual(Object.keys(tool.input_schema.properties), ["input"]);
    assert.deepEqual(sent.tool_choice, { type: "tool", name: "patch" });
    const [, turn, result] = sent.messages;
    assert.deepEqual(turn.content[0].input, { input: 'say "x"' });
    assert.equal(turn.content[0].id, result.content[0].tool_use_id);
    const gemini = ask("gemini").sent;
    assert.equal(gemini.tools[0].functionDeclarations[0].name, "patch");
    assert.equal(gemini.contents[2].parts[0].functionResponse.name, "patch");
    const bedrock = ask("bedrock", {}, jsonUpstream(), { awsRegion: "us-east-1" }).sent;
    assert.deepEqual(bedrock.messages[1].content[0].toolUse.input, { input: 'say "x"' });
  });

  it("stay as they are where chats are sent on", () => {
    assert.deepEqual(ask("openai", { model: "gpt-5" }).sent.tools, tools);
    assert.deepEqual(ask("deepseek").sent.messages[1].tool_calls, [called]);
  });

  const use = (id, name, input) => ({ type: "tool_use", id, name, input });
  const uses = [use("b", "patch", { input: "new\ntext" }), use("c", "f", { a: "1" })];
  const answer = {
    id: "msg",
    type: "message",
    role: "assistant",
    model: "m",
    content: uses,
    stop_reason: "tool_use",
    usage: { input_tokens: 1, output_tokens: 2 },
  };
  const CALLS = [
    { id: "b", type: "custom", custom: { name: "patch", input: "new\ntext" } },
    { id: "c", type: "function", function: { name: "f", arguments: '{"a":"1"}' } },
  ];

  it("are called as such, beside functions", () => {
    const { message, finish_reason } = ask("claude", {}, jsonUpstream(answer)).stream.json
      .choices[0];
    assert.deepEqual(message.tool_calls, CALLS);
    assert.equal(finish_reason, "tool_calls");
  });

  const events = (list) =>
    streamUpstream(list.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`));
  const told = (inputs) =>
    events([
      { type: "message_start", message: { ...answer, content: [], stop_reason: null } },
      ...inputs.flatMap(([index, block, pieces]) => [
        { type: "content_block_start", index, content_block: { ...block, input: {} } },
        ...pieces.map((partial_json) => ({
          type: "content_block_delta",
          index,
          delta: { type: "input_json_delta", partial_json },
        })),
        { type: "content_block_stop", index },
      ]),
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 2 } },
      { type: "message_stop" },
    ]);

  it("are called in one piece of a stream", () => {
    const upstream = told([
      [0, uses[0], ['{"input":"new', '\\ntext"}']],
      [1, uses[1], ['{"a":', '"1"}']],
    ]);
    const { stream } = ask("claude", { stream: true }, upstream);
    const calls = [];
    let finish;
    for (const line of stream.text.split("\n\n")) {
      if (!line.startsWith("data: {")) continue;
      const [choice] = JSON.parse(line.slice(6)).choices;
      for (const { index, ...call } of choice?.delta.tool_calls ?? []) {
        if (call.id) calls[index] = call;
        else calls[index].function.arguments += call.function.arguments;
      }
      finish = choice?.finish_reason ?? finish;
    }
    assert.deepEqual(calls, CALLS);
    assert.equal(finish, "tool_calls");
  });

  it("without the schema that they were given hold everything that the model wrote", () => {
    for (const pieces of [['{"text":"y"}'], ["plain"], []]) {
      const { stream } = ask("claude", { stream: true }, told([[0, uses[0], pieces]]));
      const input = /"input":("(?:[^"\\]|\\.)*")/.exec(stream.text)[1];
      assert.equal(JSON.parse(input), pieces.join(""));
    }
  });
});
