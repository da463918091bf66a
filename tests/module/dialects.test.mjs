/**
 * Vendors with a protocol of their own: requests and answers both ways, buffered, streamed, with tools
 * and with errors, for OpenAI's clients and for Anthropic's, every stream cut at every byte.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import {
  chatBody,
  completion,
  completionEvents,
  exchange,
  jsonUpstream,
  plugin,
} from "./support.mjs";
import {
  ofAnthropicEvents,
  ofAnthropicMessage,
  geminiEvents,
  ofGemini,
  ofGeminiEvents,
  ofOpenAi,
  ofOpenAiEvents,
  ofResponse,
  ofResponsesEvents,
  responsesEvents,
} from "./answers.mjs";

const FOLDER = join(ROOT, "tests/fixtures/dialects");
const names = readdirSync(FOLDER).map((file) => file.replace(".mjs", ""));
const now = () => 1_700_000_000_000;

const start = (type, config = {}) => {
  const proxy = plugin(
    "ai-proxy",
    { provider: { type, apiTokens: ["key-1"], ...config } },
    { now },
  );
  assert.ok(proxy.accepted, proxy.vm.logText());
  return proxy;
};

/** One worker for many streams, as in Envoy; a worker for each would take most of the suite's time. */
const workers = new Map();
const running = (type, config = {}) => {
  const key = JSON.stringify([type, config]);
  if (!workers.has(key)) workers.set(key, start(type, config));
  return workers.get(key);
};

/** What a client is told: a refusal is a text with its own end where the protocol has no such part. */
const expected = (client, { refusal, ...wanted }) => {
  const whole = { reasoning: "", signature: "", tools: [], ...wanted };
  if (refusal === undefined) return whole;
  return ["anthropic", "google"].includes(client)
    ? { ...whole, text: refusal, finish: "content_filter" }
    : { ...whole, refusal };
};

/** Ids that the module makes differ from stream to stream; within one they have to agree. */
const withoutIds = (text) => {
  const seen = [];
  return text.replaceAll(/\b([a-z]+[_-])?([0-9a-f]{32})\b/g, (all, prefix, id) => {
    if (!seen.includes(id)) seen.push(id);
    return `${prefix ?? ""}<id ${seen.indexOf(id)}>`;
  });
};

/** Calls by their own identifiers: `kept-signatures.test.mjs` looks at Google's signatures behind them. */
const withoutSignatures = (told) => ({
  ...told,
  tools: told.tools.map((tool) => ({ ...tool, id: tool.id.split("__ts_")[0] })),
});

/** What a client of a protocol sends, and how it reads the answer. */
const CLIENTS = {
  openai: {
    request: (stream) => ({ body: chatBody("hi", { stream }) }),
    events: (text) => withoutSignatures(ofOpenAiEvents(text)),
    whole: (body) => withoutSignatures(ofOpenAi(body)),
  },
  anthropic: {
    request: (stream) => ({
      path: "/v1/messages?beta=true",
      headers: { "anthropic-version": "2023-06-01" },
      body: JSON.stringify({
        model: "gpt-4",
        max_tokens: 9,
        stream,
        messages: [{ role: "user", content: "hi" }],
      }),
    }),
    events: ofAnthropicEvents,
    whole: ofAnthropicMessage,
  },
  responses: {
    request: (stream) => ({
      path: "/v1/responses",
      body: JSON.stringify({ model: "gpt-4", stream, input: "hi" }),
    }),
    events: ofResponsesEvents,
    whole: ofResponse,
  },
  google: {
    request: (stream, form = "?alt=sse") => ({
      path: `/v1beta/models/gpt-4:${stream ? `streamGenerateContent${form}` : "generateContent"}`,
      headers: { "x-goog-api-key": "client" },
      body: JSON.stringify({
        contents: [{ parts: [{ text: "hi" }] }],
        generationConfig: { thinkingConfig: { includeThoughts: true } },
      }),
    }),
    events: ofGeminiEvents,
    whole: ofGemini,
  },
};

it("has fixtures for every type with a protocol of its own", () => {
  const own = providerTable().types.filter(({ isOwn }) => isOwn);
  for (const { name } of own) assert.ok(names.includes(name), name);
});

for (const name of names) {
  const { default: fixture } = await import(join(FOLDER, `${name}.mjs`));
  const type = fixture.type ?? name;
  const { apis } = providerTable().types.find((row) => row.name === type);
  const API = { anthropic: "anthropic/v1/messages", responses: "openai/v1/responses" };
  const isGoogles = ["gemini", "vertex"].includes(type);
  const clients = Object.entries(CLIENTS)
    .filter(([client]) => !apis.includes(API[client]))
    .filter(([client]) => client !== "google" || !isGoogles);

  describe(`requests to ${name}`, () => {
    const ask = (body, config) => {
      const upstream = jsonUpstream({});
      const stream = exchange(
        [start(type, { ...fixture.config, ...config })],
        {
          body: JSON.stringify(body),
          headers: { authorization: "Bearer client", "x-api-key": "client" },
        },
        upstream,
      );
      return { stream, request: upstream.requests[0] };
    };

    for (const [what, [chat, own]] of Object.entries(fixture.requests)) {
      it(what, () => {
        const { request, stream } = ask(chat);
        assert.ok(request, stream.received.text);
        assert.deepEqual(JSON.parse(request.body), own);
        assert.equal(request.headers.get(":authority"), fixture.host);
        assert.equal(request.headers.get(":path"), fixture.path(chat.model, chat.stream === true));
        const [header, value] = fixture.key;
        if (value instanceof RegExp) assert.match(request.headers.get(header), value);
        else assert.equal(request.headers.get(header), value);
        for (const other of ["authorization", "x-api-key"].filter((one) => one !== header))
          assert.equal(request.headers.get(other), undefined);
        assert.equal(request.headers.get("content-length"), String(request.body.length));
        for (const [more, wanted] of Object.entries(fixture.streamHeaders ?? {}))
          assert.equal(request.headers.get(more) === wanted, chat.stream === true, more);
      });
    }

    for (const [name, part] of Object.entries(fixture.refused)) {
      it(`refuses ${name}`, () => {
        const messages = [{ role: "user", content: [{ type: "text", text: "x" }, part] }];
        const { request, stream } = ask({ model: "m", messages });
        assert.equal(request, undefined);
        assert.equal(stream.received.status, 400);
        assert.equal(stream.json.error.code, "unsupported_request");
      });
    }

    // Parts that are not known are refused; some pass on what a tool told as it is.
    const tellsAnything = ["cohere", "gemini", "vertex"].includes(name);
    for (const [messages, isRefused] of [
      [undefined, false],
      [null, false],
      [7, false],
      [[], false],
      [[null], false],
      [[null, 7, "x", [], {}], false],
      [[{ role: 7, content: {} }], false],
      [[{ role: "assistant", tool_calls: [null, {}, { function: { name: 1 } }] }], false],
      [[{ role: "tool" }, { role: "tool", content: [{}, null] }], !tellsAnything],
      [[{ role: "user", content: [null, 7, {}, { type: "text" }] }], true],
    ]) {
      it(`takes messages: ${JSON.stringify(messages)} without harm`, () => {
        const noise = { tool_choice: 7, stop: {}, response_format: 1, reasoning_effort: 2 };
        const tools = name === "minimax-pro" ? undefined : [null, {}, 7];
        const { request, stream } = ask({ model: "m", messages, tools, thinking: [], ...noise });
        assert.equal(stream.received.status, isRefused ? 400 : 502, stream.text);
        // The stand-in answers `{}`, which is no answer.
        const codes = isRefused
          ? ["unsupported_request"]
          : ["upstream_incomplete", "upstream_error"];
        assert.ok(codes.includes(stream.json.error.code), stream.text);
        assert.equal(request === undefined, isRefused);
        if (request) assert.equal(typeof JSON.parse(request.body), "object");
      });
    }
  });

  for (const [client, { request, events, whole }] of clients) {
    describe(`answers of ${name} for clients of ${client}`, () => {
      const answer = (chunks, isStream, { status = 200, contentType } = {}) => {
        const usual = isStream ? (fixture.streamType ?? "text/event-stream") : "application/json";
        const upstream = () => ({
          status,
          headers: { "content-type": contentType ?? usual, ...fixture.answerHeaders },
          chunks,
        });
        return exchange([running(type, fixture.config)], request(isStream), upstream);
      };

      for (const [name, [own, wanted]] of Object.entries(fixture.wholes)) {
        it(`buffered: ${name}`, () => {
          const stream = answer([JSON.stringify(own)], false);
          assert.equal(stream.received.status, 200, stream.text);
          const told = whole(stream.json);
          if (client === "anthropic") delete told.tokens.reasoning;
          assert.deepEqual(told, expected(client, wanted));
          assert.equal(
            stream.received.headers.get("content-length"),
            String(Buffer.byteLength(stream.text)),
          );
        });
      }

      for (const [name, [own, wanted]] of Object.entries(fixture.streams)) {
        it(`streamed: ${name}`, () => {
          const bytes = Buffer.from(own, fixture.streamType ? "latin1" : "utf8");
          const stream = answer([bytes], true);
          assert.equal(stream.received.status, 200);
          assert.equal(stream.received.headers.get("content-type"), "text/event-stream");
          const told = events(stream.text);
          assert.deepEqual(told, expected(client, wanted));
          for (let at = 1; at < bytes.length; at++) {
            const cut = answer([bytes.subarray(0, at), bytes.subarray(at)], true);
            assert.equal(withoutIds(cut.text), withoutIds(stream.text), `cut at ${at}`);
          }
          const single = answer(
            [...bytes].map((byte) => Buffer.from([byte])),
            true,
          );
          assert.equal(withoutIds(single.text), withoutIds(stream.text), "byte by byte");
        });
      }

      const other = (chunks, asksStream, type) => {
        const upstream = () => ({
          status: 200,
          headers: { "content-type": type, ...fixture.answerHeaders },
          chunks,
        });
        return exchange(
          [start(fixture.type ?? name, fixture.config)],
          request(asksStream),
          upstream,
        );
      };

      const [firstStream] = Object.values(fixture.streams);
      if (firstStream)
        it("a stream that nobody asked for comes as one answer", () => {
          const [own, wanted] = firstStream;
          const bytes = Buffer.from(own, fixture.streamType ? "latin1" : "utf8");
          const half = bytes.length >> 1;
          const stream = other(
            [bytes.subarray(0, half), bytes.subarray(half)],
            false,
            fixture.streamType ?? "text/event-stream",
          );
          assert.equal(stream.received.headers.get("content-type"), "application/json");
          const told = whole(stream.json);
          if (client === "anthropic") delete told.tokens.reasoning;
          assert.deepEqual(told, { reasoning: "", signature: "", tools: [], ...wanted });
        });

      const [firstWhole] = Object.values(fixture.wholes);
      if (firstWhole)
        it("one answer for a client that asked for a stream comes as a stream", () => {
          const [own, wanted] = firstWhole;
          const stream = other([JSON.stringify(own)], true, "application/json");
          assert.equal(stream.received.status, 200);
          assert.equal(stream.received.headers.get("content-type"), "text/event-stream");
          assert.deepEqual(events(stream.text), {
            reasoning: "",
            signature: "",
            tools: [],
            ...wanted,
          });
          const failed = other(["{}"], true, "application/json");
          assert.equal(failed.received.status, 502);
          assert.equal(failed.received.headers.get("content-type"), "application/json");
          assert.equal(typeof failed.json.error.message, "string");
        });

      for (const [name, [own, wanted]] of Object.entries(fixture.broken)) {
        it(`streamed: ${name} is an error in the client's protocol`, () => {
          const bytes = Buffer.from(own, fixture.streamType ? "latin1" : "utf8");
          const stream = answer(bytes.length > 0 ? [bytes] : [], true);
          if (client === "responses") {
            const told = responsesEvents(stream.text);
            const failed = told.find(({ type }) => type === "error");
            assert.equal(failed.message, wanted.message);
            if (told.length > 1) assert.equal(told.at(-1).response.error.message, wanted.message);
            assert.equal(told.at(-1).type, told.length > 1 ? "response.failed" : "error");
            return;
          }
          if (client === "google") {
            const { error } = geminiEvents(stream.text).at(-1);
            assert.equal(error.message, wanted.message);
            assert.ok(error.code >= 400 && /^[A-Z_]+$/.test(error.status));
            return;
          }
          const last = stream.text
            .split("\n\n")
            .filter((text) => text && !/\[DONE\]/.test(text))
            .at(-1);
          const { error } = JSON.parse(/^data: (.*)$/m.exec(last)[1]);
          assert.equal(error.message, wanted.message);
          if (client === "anthropic") assert.equal(error.type, wanted.type);
          if (client === "anthropic") assert.match(last, /^event: error\n/);
          else assert.match(stream.text, /data: \[DONE\]\n\n$/);
        });
      }

      it("errors keep their status and words", () => {
        const [status, body, message] = fixture.error;
        const stream = answer([JSON.stringify(body)], false, { status });
        assert.equal(stream.received.status, status);
        assert.equal(stream.json.error.message, message);
        assert.equal(stream.json.type, client === "anthropic" ? "error" : undefined);
      });

      it("an error that came with status 200 gets the status that it means", () => {
        for (const [body, status] of fixture.errorsInside ?? []) {
          const stream = answer([JSON.stringify(body)], false);
          assert.equal(stream.received.status, status);
          assert.equal(typeof stream.json.error.message, "string");
        }
      });

      it("an answer without a body is no success", () => {
        assert.equal(answer([], true).received.status, 502);
        assert.equal(answer([], false).received.status, 502);
      });

      const nonsense = ["", "{", "[]", "7", "null", "{}", '{"type":7,"content":{"a":[]}}', '"x"'];
      for (const text of nonsense) {
        it(`an answer ${text || "of no bytes"} is an error`, () => {
          const told = answer([text], false);
          assert.equal(told.received.status, 502);
          const { error } = told.json;
          if (client === "anthropic")
            assert.deepEqual([told.json.type, error.type], ["error", "api_error"]);
          else if (client === "google")
            assert.deepEqual([error.code, error.status], [502, "UNAVAILABLE"]);
          else assert.match(error.code, /^upstream_(incomplete|error)$/);
        });

        it(`an event ${text || "of no bytes"} ends its stream with an error`, () => {
          const stream = answer([`data: ${text}\n\n`], true);
          assert.equal(stream.received.status, 200);
          const events = stream.text.split(/\r?\n\r?\n/).filter((event) => event !== "");
          if (client === "openai") assert.equal(events.pop(), "data: [DONE]");
          const last = JSON.parse(/^data: (.*)$/m.exec(events.at(-1))[1]);
          const { message } = last.response?.error ?? last.error ?? last;
          assert.match(message, /^the (answer was cut off|stream is damaged)$/);
        });
      }
    });
  }
}

describe("Anthropic's clients and a provider of OpenAI's protocol", () => {
  const config = { openaiCustomUrl: "llm:8000/v1" };
  const ask = (body, answer, { type = "openai", ...members } = {}) => {
    const upstream = (request) => {
      upstream.requests.push(request);
      return (
        answer ?? {
          headers: { "content-type": "application/json" },
          chunks: [JSON.stringify(completion())],
        }
      );
    };
    upstream.requests = [];
    const provider = type === "openai" ? { ...config, ...members } : members;
    const stream = exchange(
      [running(type, provider)],
      {
        path: "/v1/messages?beta=true",
        headers: {
          "x-api-key": "client",
          "anthropic-version": "2023-06-01",
          "anthropic-beta": "x",
        },
        body: JSON.stringify({ model: "claude-x", max_tokens: 5, ...body }),
      },
      upstream,
    );
    return { stream, request: upstream.requests[0] };
  };
  const hi = { messages: [{ role: "user", content: "hi" }] };

  it("requests become chats", () => {
    const { request } = ask({
      system: [
        {
          type: "text",
          text: "x-anthropic-billing-header: a; cch=123; b",
          cache_control: { type: "ephemeral" },
        },
        { type: "text", text: "S" },
      ],
      temperature: 0,
      top_k: 3,
      stop_sequences: ["X"],
      metadata: { user_id: "u" },
      thinking: { type: "enabled", budget_tokens: 5000 },
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" } },
        { type: "web_search_20250305", name: "web_search" },
      ],
      tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true },
      messages: [
        { role: "user", content: "U" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm", signature: "s" },
            { type: "text", text: "a" },
            { type: "text", text: "b" },
            { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "text", text: "beside" },
            {
              type: "tool_result",
              tool_use_id: "t1",
              is_error: true,
              content: [
                { type: "text", text: "R1" },
                { type: "text", text: "R2" },
                { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ" } },
              ],
            },
            { type: "tool_result", tool_use_id: "t2" },
            { type: "image", source: { type: "url", url: "https://x/i.png" } },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "doc" } },
          ],
        },
      ],
    });
    assert.equal(request.headers.get(":path"), "/v1/chat/completions");
    assert.equal(request.headers.get("authorization"), "Bearer key-1");
    for (const gone of ["x-api-key", "anthropic-version", "anthropic-beta"])
      assert.equal(request.headers.get(gone), undefined);
    assert.deepEqual(JSON.parse(request.body), {
      model: "claude-x",
      max_tokens: 5,
      temperature: 0,
      stop: ["X"],
      user: "u",
      messages: [
        { role: "system", content: "x-anthropic-billing-header: a; b\n\nS" },
        { role: "user", content: "U" },
        {
          role: "assistant",
          content: "a\n\nb",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
          ],
        },
        { role: "tool", tool_call_id: "t1", content: "Error: R1\nR2" },
        { role: "tool", tool_call_id: "t2", content: "(no output)" },
        {
          role: "user",
          content: [
            { type: "text", text: "beside" },
            { type: "text", text: "image from tool t1" },
            { type: "image_url", image_url: { url: "data:image/png;base64,QQ" } },
            { type: "image_url", image_url: { url: "https://x/i.png" } },
            { type: "text", text: "doc" },
          ],
        },
      ],
      tools: [
        {
          type: "function",
          function: { name: "f", description: "d", parameters: { type: "object" } },
        },
      ],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
    });
  });

  it("streams ask for their usage, and the model is mapped", () => {
    const { request } = ask({ ...hi, stream: true }, undefined, {
      modelMapping: { "claude-*": "own" },
    });
    const body = JSON.parse(request.body);
    assert.equal(body.model, "own");
    assert.deepEqual(body.stream_options, { include_usage: true });
  });

  it("a stream of every kind of event, in Anthropic's order, cut at every byte", () => {
    const chunk = (members) => `data: ${JSON.stringify({ id: "x", model: "m", ...members })}\n\n`;
    const piece = (delta, finish_reason = null) =>
      chunk({ choices: [{ index: 0, delta, finish_reason }] });
    const call = (index, id, name, text) => ({
      tool_calls: [
        {
          index,
          ...(id && { id, type: "function" }),
          function: { ...(name && { name }), arguments: text },
        },
      ],
    });
    const text =
      ": comment\n\n" +
      piece({ role: "assistant", content: "" }) +
      piece({ reasoning_content: "R" }) +
      piece({ content: "T\u{1f600}" }) +
      piece(call(0, "a", "f", "")) +
      piece(call(1, "b", "g", '{"x"')) +
      piece(call(0, "", "", '{"é":')) +
      piece(call(1, "", "", ":2}")) +
      piece(call(0, "", "", "1}")) +
      piece({}, "tool_calls") +
      chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }) +
      "data: [DONE]\n\n";
    const run = (chunks) =>
      ask({ ...hi, stream: true }, { headers: { "content-type": "text/event-stream" }, chunks })
        .stream.text;
    const bytes = Buffer.from(text);
    const all = run([bytes]);
    assert.deepEqual(ofAnthropicEvents(all), {
      text: "T\u{1f600}",
      reasoning: "R",
      signature: "",
      tools: [
        { id: "a", name: "f", input: { é: 1 } },
        { id: "b", name: "g", input: { x: 2 } },
      ],
      finish: "tool_calls",
      tokens: { prompt: 3, completion: 2, cached: 0 },
    });
    const types = [...all.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    assert.deepEqual(types, [
      "message_start",
      "ping",
      ...["content_block_start", "content_block_delta", "content_block_stop"],
      ...["content_block_start", "content_block_delta", "content_block_stop"],
      ...[
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
      ],
      ...["content_block_start", "content_block_delta", "content_block_stop"],
      "message_delta",
      "message_stop",
    ]);
    for (let at = 1; at < bytes.length; at++) {
      assert.equal(run([bytes.subarray(0, at), bytes.subarray(at)]), all, `cut at ${at}`);
    }
  });

  it("buffered answers, errors and cut streams come in Anthropic's form", () => {
    const { stream } = ask(hi);
    assert.deepEqual(stream.json, {
      id: "msg_chatcmpl-1",
      type: "message",
      role: "assistant",
      model: "gpt-4-0613",
      content: [{ type: "text", text: "Hello" }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: {
        input_tokens: 3,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 2,
      },
    });
    const failed = ask(hi, {
      status: 429,
      headers: { "content-type": "application/json", "retry-after": "7" },
      chunks: ['{"error":{"message":"slow down","type":"x"}}'],
    }).stream;
    assert.deepEqual(failed.json, {
      type: "error",
      error: { type: "rate_limit_error", message: "slow down" },
    });
    assert.equal(failed.received.headers.get("retry-after"), "7");
    const cut = ask(
      { ...hi, stream: true },
      {
        headers: { "content-type": "text/event-stream" },
        chunks: completionEvents(["a"]).slice(0, 2),
      },
    ).stream;
    assert.match(cut.text, /event: error\ndata: .*"the answer was cut off"/);
    assert.doesNotMatch(cut.text, /message_stop/);
  });

  it("what a chat cannot express is refused, not dropped", () => {
    for (const content of [
      [{ type: "image", source: { type: "file", file_id: "f" } }],
      [{ type: "document", source: { type: "url", url: "https://x/d.pdf" } }],
    ]) {
      const { stream, request } = ask({ messages: [{ role: "user", content }] });
      assert.equal(request, undefined);
      assert.equal(stream.received.status, 400);
      assert.equal(stream.json.type, "error");
    }
    const { stream, request } = ask({});
    assert.equal(stream.received.status, 200);
    assert.deepEqual(JSON.parse(request.body).messages, []);
  });

  it("vendors that speak Anthropic's protocol get it as it is", () => {
    for (const [type, path] of [
      ["claude", "/v1/messages?beta=true"],
      ["deepseek", "/anthropic/v1/messages?beta=true"],
      ["qwen", "/apps/anthropic/v1/messages?beta=true"],
      ["vllm", "/v1/messages?beta=true"],
    ]) {
      const answer = {
        headers: { "content-type": "application/json" },
        chunks: ['{"id": "msg_1"}'],
      };
      const { request, stream } = ask({ ...hi, mcp_servers: [1.0] }, answer, { type });
      assert.equal(request.headers.get(":path"), path);
      assert.equal(request.headers.get("anthropic-beta"), "x");
      assert.deepEqual(JSON.parse(request.body), {
        model: "claude-x",
        max_tokens: 5,
        ...hi,
        mcp_servers: [1],
      });
      assert.equal(stream.text, '{"id": "msg_1"}', "untouched");
      const key =
        type === "claude" ? request.headers.get("x-api-key") : request.headers.get("authorization");
      assert.match(key, /key-1$/);
    }
  });

  it("tokens are counted by the vendor, or estimated", () => {
    const count = (type, provider) => {
      const upstream = jsonUpstream({ input_tokens: 99 });
      const stream = exchange(
        [start(type, provider)],
        { path: "/v1/messages/count_tokens", body: JSON.stringify({ model: "m", ...hi }) },
        upstream,
      );
      return [stream.json.input_tokens, upstream.requests.length];
    };
    assert.deepEqual(count("claude"), [99, 1]);
    const [estimate, asked] = count("openai", config);
    assert.equal(asked, 0);
    assert.ok(estimate > 0 && estimate < 20, String(estimate));
  });
});
