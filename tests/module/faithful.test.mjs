/**
 * What is replayed is what the model has said: a streamed answer that cannot be kept whole is not
 * stored, and what is stored has all of its members in either form.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  eventData,
  exchange,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1700000000, model: "m" };
const event = (members) => `data: ${JSON.stringify({ ...HEAD, ...members })}\n\n`;
const choice = (delta, finish_reason = null, members = {}) =>
  event({ choices: [{ index: 0, delta, finish_reason, ...members }] });
const calls = (...list) => choice({ tool_calls: list });
const TAIL = [
  event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }),
  "data: [DONE]\n\n",
];
const END = [choice({}, "stop"), ...TAIL];
const END_OF_CALLS = [choice({}, "tool_calls"), ...TAIL];

const ask = (cache, stream, upstream, members = {}) =>
  exchange([cache], { body: chatBody("q", { stream, ...members }) }, upstream);

/** What became of a streamed answer, and of what two more requests for it get, as JSON and as a stream. */
function capture(events, build) {
  const cache = plugin("ai-cache", { explain: true }, { build });
  const upstream = streamUpstream(events);
  const live = ask(cache, true, upstream);
  const result = live.attribute("ai_cache_store");
  if (result !== "stored") return { result };
  const json = ask(cache, false, upstream).json;
  const replayed = eventData(ask(cache, true, upstream).text).filter((data) => data !== "[DONE]");
  assert.equal(upstream.requests.length, 1, "replayed");
  return { result, json, events: replayed };
}

for (const build of BUILDS) {
  describe(`streamed tool calls (${build})`, () => {
    const oslo = {
      id: "call_a",
      type: "function",
      function: { name: "get_weather", arguments: '{"city":"Oslo"}' },
    };
    const utc = {
      id: "call_b",
      type: "function",
      function: { name: "get_time", arguments: '{"tz":"UTC"}' },
    };
    /** Reported of gcli2api (#406), new-api (#2701), hermes-agent (#12930), omnigent (#28), lens (#49). */
    const broken = {
      "two calls under one index": [calls({ index: 0, ...oslo }), calls({ index: 0, ...utc })],
      "two calls without index": [calls(oslo), calls(utc)],
      "another call's arguments under the first index": [
        calls({ index: 0, ...oslo }),
        calls({ index: 0, function: { arguments: '{"p":"content"}' } }),
      ],
      "a name that changes": [
        calls({ index: 0, ...oslo }),
        calls({ index: 0, function: { name: "get_time" } }),
      ],
      "an identifier that is a number": [calls({ index: 0, ...oslo, id: 7 })],
      "an invalid name": [calls({ index: 0, ...oslo, function: { name: {}, arguments: "{}" } })],
      "arguments that are an object": [
        calls({ index: 0, ...oslo, function: { name: "f", arguments: { city: "Oslo" } } }),
      ],
      "arguments that are cut": [
        calls({ index: 0, ...oslo, function: { name: "f", arguments: '{"city":' } }),
      ],
      "a function with more to it": [
        calls({ index: 0, ...oslo, function: { ...oslo.function, thought_signature: "x" } }),
      ],
      "no name at all": [calls({ index: 0, id: "call_a", function: { arguments: "{}" } })],
    };
    for (const [name, events] of Object.entries(broken)) {
      it(`${name}: not stored`, () => {
        assert.equal(capture([...events, ...END_OF_CALLS], build).result, "answer-unknown-delta");
      });
    }

    it("in any proper form are the same calls as JSON and as a stream", () => {
      const forms = {
        whole: [calls({ index: 0, ...oslo }, { index: 1, ...utc })],
        "in pieces": [
          calls({
            index: 0,
            id: "call_a",
            type: "function",
            function: { name: "get_weather", arguments: "" },
          }),
          calls({ index: 0, function: { arguments: '{"city"' } }),
          calls({ index: 0, function: { arguments: ':"Oslo"}' } }),
          calls({ index: 1, ...utc }),
        ],
        "with identifier and name again": [
          calls({ index: 0, ...oslo, function: { name: "get_weather", arguments: '{"city"' } }),
          calls({ index: 0, ...oslo, function: { name: "get_weather", arguments: ':"Oslo"}' } }),
          calls(
            { index: 1, ...utc },
            { index: 1, id: "", type: null, function: { name: "", arguments: "" } },
          ),
        ],
        "with what is null": [
          calls(
            { index: 0, ...oslo },
            { index: 1, ...utc, function: { ...utc.function, x: null } },
          ),
        ],
      };
      for (const [name, events] of Object.entries(forms)) {
        const { result, json, events: replayed } = capture([...events, ...END_OF_CALLS], build);
        assert.equal(result, "stored", name);
        assert.deepEqual(json.choices[0].message.tool_calls, [oslo, utc], name);
        const told = replayed.flatMap(({ choices }) => choices[0]?.delta?.tool_calls ?? []);
        assert.deepEqual(
          told,
          [
            { index: 0, ...oslo },
            { index: 1, ...utc },
          ],
          name,
        );
      }
    });

    it("without arguments are kept as they came", () => {
      const bare = { ...oslo, function: { name: "f", arguments: "" } };
      const { json } = capture([calls({ index: 0, ...bare }), ...END_OF_CALLS], build);
      assert.deepEqual(json.choices[0].message.tool_calls, [bare]);
    });
  });

  describe(`members of a streamed answer (${build})`, () => {
    it("Azure's placeholders give way to what comes later", () => {
      const first = { id: "", model: "", created: 0, object: "" };
      const filters = [{ prompt_index: 0, content_filter_results: { hate: { filtered: false } } }];
      const { json, events } = capture(
        [
          event({ ...first, choices: [], prompt_filter_results: filters }),
          choice({ role: "assistant", content: "hi" }),
          ...END,
        ],
        build,
      );
      assert.deepEqual([json.id, json.model, json.created], ["chatcmpl-1", "m", 1700000000]);
      assert.deepEqual(json.prompt_filter_results, filters);
      for (const data of events)
        assert.deepEqual([data.id, data.model, data.created], ["chatcmpl-1", "m", 1700000000]);
    });

    it("that grow are those of the end, the identity is that of the beginning", () => {
      const { json } = capture(
        [
          event({
            choices: [{ index: 0, delta: { content: "a" } }],
            citations: ["x"],
            x_groq: { id: "r" },
          }),
          event({
            choices: [{ index: 0, delta: { content: "b" } }],
            citations: ["x", "y"],
            id: "other",
          }),
          event({
            choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
            citations: [],
            x_groq: { id: "r", usage: { total_tokens: 3 } },
          }),
          ...TAIL,
        ],
        build,
      );
      assert.deepEqual(json.citations, ["x", "y"]);
      assert.deepEqual(json.x_groq, { id: "r", usage: { total_tokens: 3 } });
      assert.equal(json.id, "chatcmpl-1");
    });

    it("that are too many to keep keep it from being stored", () => {
      const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`m${i}`, i + 1]));
      const events = [event({ ...many, choices: [{ index: 0, delta: { content: "a" } }] }), ...END];
      assert.equal(capture(events, build).result, "answer-unknown-delta");
      const some = Object.fromEntries(Object.entries(many).slice(0, 20));
      const kept = capture(
        [event({ ...some, choices: [{ index: 0, delta: { content: "a" } }] }), ...END],
        build,
      );
      assert.deepEqual({ ...kept.json, ...some }, kept.json);
    });
  });

  describe(`members of a choice (${build})`, () => {
    const members = {
      content_filter_results: { hate: { filtered: false, severity: "safe" } },
      native_finish_reason: "end_turn",
      stop_reason: "###",
      matched_stop: 128009,
    };

    it("of a streamed answer are in its JSON and in its streams", () => {
      const { json, events } = capture(
        [
          choice({ role: "assistant", content: "hi" }, null, {
            content_filter_results: members.content_filter_results,
            stop_reason: null,
          }),
          choice({}, "stop", { ...members, content_filter_results: {} }),
          ...TAIL,
        ],
        build,
      );
      const { index, message, finish_reason, logprobs, ...rest } = json.choices[0];
      assert.deepEqual([index, message.content, finish_reason, logprobs], [0, "hi", "stop", null]);
      assert.deepEqual(rest, members);
      const told = Object.assign({}, ...events.flatMap(({ choices }) => choices));
      assert.deepEqual({ ...told, ...members }, told);
    });

    it("of a JSON answer are in its streams", () => {
      const answer = completion("hi");
      Object.assign(answer.choices[0], members);
      const cache = plugin("ai-cache", { explain: true }, { build });
      const upstream = jsonUpstream(answer);
      assert.equal(ask(cache, false, upstream).attribute("ai_cache_store"), "stored");
      const events = eventData(ask(cache, true, upstream).text).filter((data) => data !== "[DONE]");
      assert.equal(upstream.requests.length, 1);
      const told = Object.assign({}, ...events.flatMap(({ choices }) => choices));
      assert.deepEqual({ ...told, ...members }, told);
    });

    it("that change from event to event keep it from being stored", () => {
      const filtered = (severity) => ({ content_filter_results: { hate: { severity } } });
      const events = [
        choice({ content: "a" }, null, filtered("safe")),
        choice({ content: "b" }, null, filtered("low")),
        ...END,
      ];
      assert.equal(capture(events, build).result, "answer-unknown-delta");
    });

    it("an error among them keeps it from being stored, whatever its finish reason", () => {
      const error = { code: 502, message: "provider" };
      assert.equal(
        capture([choice({ content: "hi" }), choice({}, "stop", { error }), ...TAIL], build).result,
        "answer-error",
      );
      const answer = completion("hi");
      answer.choices[0].error = error;
      const cache = plugin("ai-cache", {}, { build });
      assert.equal(
        ask(cache, false, jsonUpstream(answer)).attribute("ai_cache_store"),
        "answer-error",
      );
      answer.choices[0].error = null;
      assert.equal(ask(cache, false, jsonUpstream(answer)).attribute("ai_cache_store"), "stored");
    });
  });

  describe(`the form of an answer (${build})`, () => {
    const usage = { stream_options: { include_usage: true } };
    const reason = (stream) => stream.attribute("ai_cache");
    const bare = () =>
      streamUpstream([
        choice({ role: "assistant", content: "hi" }),
        choice({}, "stop"),
        "data: [DONE]\n\n",
      ]);

    it("an answer that was streamed without its usage is not given to who expects one", () => {
      const cache = plugin("ai-cache", { explain: true }, { build });
      assert.equal(ask(cache, true, bare()).attribute("ai_cache_store"), "stored");
      assert.equal(reason(ask(cache, true, bare())), "hit-exact");
      assert.equal(reason(ask(cache, true, bare(), usage)), "miss-form");
      // That one was asked for its usage, and has none: it is how this vendor answers.
      assert.equal(reason(ask(cache, true, bare(), usage)), "hit-exact");
      const other = plugin("ai-cache", { explain: true }, { build });
      ask(other, true, bare());
      const whole = jsonUpstream(completion("hi"));
      assert.equal(reason(ask(other, false, whole)), "miss-form");
      const hit = ask(other, false, whole);
      assert.equal(reason(hit), "hit-exact");
      assert.equal(hit.json.usage.total_tokens, 5);
      const events = eventData(ask(other, true, whole, usage).text);
      assert.equal(events.at(-2).usage.total_tokens, 5);
      assert.equal(whole.requests.length, 1);
    });

    it("a vendor that reports no usage is cached all the same", () => {
      const cache = plugin("ai-cache", { explain: true }, { build });
      const { usage: _, ...answer } = completion("hi");
      const upstream = jsonUpstream(answer);
      assert.equal(reason(ask(cache, false, upstream)), "miss-cold");
      assert.equal(reason(ask(cache, false, upstream)), "hit-exact");
      assert.equal(reason(ask(cache, true, upstream)), "hit-exact");
    });

    it("a stream that is neither true nor false is not cached", () => {
      const cache = plugin("ai-cache", { explain: true }, { build });
      const bodies = [
        { stream: 1 },
        { stream: "true" },
        { stream: 0 },
        { stream: {} },
        { stream: true, stream_options: { include_usage: 1 } },
        { stream: true, stream_options: { include_usage: "yes" } },
      ];
      for (const members of bodies) {
        const upstream = streamUpstream();
        for (let i = 0; i < 2; i++)
          assert.equal(
            reason(exchange([cache], { body: chatBody("q", members) }, upstream)),
            "ineligible-stream",
          );
        assert.equal(upstream.requests.length, 2);
      }
      for (const members of [
        {},
        { stream: null },
        { stream: false },
        { stream: null, stream_options: null },
      ]) {
        const one = plugin("ai-cache", { explain: true }, { build });
        const upstream = jsonUpstream();
        const again = () => reason(exchange([one], { body: chatBody("q", members) }, upstream));
        assert.deepEqual([again(), again()], ["miss-cold", "hit-exact"], JSON.stringify(members));
      }
    });
  });

  describe(`requests for which the vendor acts (${build})`, () => {
    const chat = (members) => [
      "/v1/chat/completions",
      { model: "m", messages: [{ role: "user", content: "q" }], ...members },
    ];
    const messages = (members) => [
      "/v1/messages",
      { model: "m", max_tokens: 9, messages: [{ role: "user", content: "q" }], ...members },
    ];
    const responses = (members) => ["/v1/responses", { model: "m", input: "q", ...members }];
    const tool = (type, members = {}) => ({
      tools: [
        { type: "function", function: { name: "f" }, name: "f" },
        { type, ...members },
      ],
    });
    const ACTING = {
      "an MCP server": responses(
        tool("mcp", {
          server_label: "mail",
          server_url: "https://mcp.internal",
          require_approval: "never",
        }),
      ),
      "a code interpreter in a container of its own": responses(
        tool("code_interpreter", { container: { type: "auto" } }),
      ),
      "a code interpreter in a named container": responses(
        tool("code_interpreter", { container: "cntr_1" }),
      ),
      "a search in files": responses(tool("file_search", { vector_store_ids: ["vs_1"] })),
      "a computer": responses(tool("computer_use_preview", { environment: "browser" })),
      "a computer of the newer kind": responses(tool("computer")),
      "a hosted shell": responses(tool("shell", { environment: { type: "container_auto" } })),
      "a container of Anthropic's": messages({ container: "container_1" }),
      "MCP servers of Anthropic's": messages({
        mcp_servers: [{ type: "url", url: "https://mcp.internal", name: "mail" }],
      }),
      "a tool set of Anthropic's": messages(tool("mcp_toolset", { mcp_server_name: "mail" })),
      "Anthropic's code execution": messages(
        tool("code_execution_20250825", { name: "code_execution" }),
      ),
      "Anthropic's computer": messages(tool("computer_20250124", { name: "computer" })),
      "Azure's data": chat({ data_sources: [{ type: "azure_search", parameters: {} }] }),
      "Azure's data, as one object": chat({ data_sources: {} }),
      "an MCP server in a chat": chat(tool("mcp", { server_url: "https://mcp.internal" })),
      "a search in files, in a chat": chat(tool("file_search", { vector_store_ids: ["vs_1"] })),
      "a code interpreter in a chat": chat(tool("code_interpreter")),
      "Zhipu's retrieval": chat(tool("retrieval", { retrieval: { knowledge_id: "1" } })),
    };
    const NOT = {
      "a local shell": responses(tool("shell", { environment: { type: "local" } })),
      "a search of the web": responses(tool("web_search")),
      "Anthropic's search of the web": messages(
        tool("web_search_20250305", { name: "web_search" }),
      ),
      "a tool of the client's with a container": responses(
        tool("custom", { name: "c", environment: { type: "container_auto" } }),
      ),
      "one choice": chat({ n: 1 }),
      "choices that nobody counts": chat({ n: null }),
      "tools that are no list": chat({ tools: { type: "mcp" } }),
      "no servers": messages({ mcp_servers: [], container: null }),
      "no data": chat({ data_sources: [] }),
      functions: chat(tool("function", { function: { name: "mcp" } })),
    };
    const askAt = (cache, [path, body], upstream) =>
      exchange([cache], { path, body: JSON.stringify(body) }, upstream).attribute("ai_cache");

    for (const [name, request] of Object.entries(ACTING)) {
      it(`${name}: not cached unless it is to be`, () => {
        const upstream = jsonUpstream();
        const cache = plugin("ai-cache", { explain: true }, { build });
        for (let i = 0; i < 2; i++)
          assert.equal(askAt(cache, request, upstream), "ineligible-acting");
        assert.equal(upstream.requests.length, 2);
        const eager = plugin("ai-cache", { cacheActing: true }, { build });
        assert.equal(askAt(eager, request, upstream), "miss-cold");
      });
    }

    it("what only sounds like it is cached", () => {
      for (const [name, request] of Object.entries(NOT)) {
        const cache = plugin("ai-cache", { explain: true }, { build });
        assert.equal(askAt(cache, request, jsonUpstream()), "miss-cold", name);
      }
    });
  });
}
