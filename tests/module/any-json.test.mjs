/**
 * Any JSON: with `keyMode: text` whatever the Go plugin's paths find, at any path; with `keyMode: full` the whole
 * body and the whole answer, at the paths that are configured.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  streamedText,
  streamUpstream,
} from "./support.mjs";

const header = (reply, name) => reply.received.headers?.get(name);
const detail = (reply) => /detail="?([a-z-]+)/.exec(header(reply, "cache-status"))?.[1];
const stored = (reply) => reply.attribute("ai_cache_store");
const event = (data, type = "") => `${type && `event: ${type}\n`}data: ${JSON.stringify(data)}\n\n`;

for (const build of BUILDS) {
  const start = (configuration) =>
    plugin("ai-cache", { explain: true, ...configuration }, { build });
  const post = (cache, path, body, upstream) =>
    exchange(
      [cache],
      { path, body: typeof body === "string" ? body : JSON.stringify(body) },
      upstream,
    );

  describe(`keyMode text, any path (${build})`, () => {
    const text = { keyMode: "text", enableSemanticCache: false };

    it("a chat at any path is looked at, as the Go plugin does", () => {
      for (const path of ["/api/chat", "/post", "/v1/chat/completions"]) {
        const cache = start(text);
        const upstream = jsonUpstream(completion("Oslo."));
        post(cache, path, chatBody("capital of Norway"), upstream);
        const hit = post(cache, path, chatBody("capital of Norway"), upstream);
        assert.equal(detail(hit), "hit-exact", path);
        assert.equal(hit.json.choices[0].message.content, "Oslo.");
        assert.equal(hit.json.id, "from-cache");
      }
    });

    it("messages without a model are looked at, and answers are found where chats have them", () => {
      const cache = start(text);
      const body = { messages: [{ role: "user", content: "q" }] };
      const answer = { choices: [{ message: { content: "a" } }] };
      const upstream = jsonUpstream(answer);
      assert.equal(stored(post(cache, "/post", body, upstream)), "stored");
      assert.equal(post(cache, "/post", body, upstream).json.choices[0].message.content, "a");
    });

    it("Dify: query, answer, and the answers of events", () => {
      const dify = {
        ...text,
        cacheKeyFrom: "query",
        cacheValueFrom: "answer",
        cacheStreamValueFrom: "answer",
      };
      const cache = start(dify);
      const body = { query: "capital of Norway", inputs: {}, user: "u", response_mode: "blocking" };
      const upstream = jsonUpstream({ event: "message", answer: "Oslo.", metadata: {} });
      post(cache, "/v1/chat-messages", body, upstream);
      const hit = post(cache, "/v1/chat-messages", { ...body, user: "v" }, upstream);
      assert.equal(detail(hit), "hit-exact");
      assert.equal(hit.json.choices[0].message.content, "Oslo.");

      const streaming = start(dify);
      const events = [
        event({ event: "message", answer: "Os" }),
        event({ event: "ping" }),
        event({ event: "message", answer: "lo." }),
        event({ event: "message_end", metadata: {} }),
      ];
      const stream = streamUpstream(events);
      assert.equal(stored(post(streaming, "/v1/chat-messages", body, stream)), "stored");
      const told = post(streaming, "/v1/chat-messages", body, stream);
      assert.equal(told.json.choices[0].message.content, "Oslo.");
      const broken = [events[0], event({ event: "error", message: "m" }, "error")];
      const other = { ...body, query: "other" };
      assert.equal(
        stored(post(streaming, "/v1/chat-messages", other, streamUpstream(broken))),
        "answer-error",
      );
      const cut = streamUpstream(events.slice(0, 2), { cut: true });
      assert.equal(stored(post(streaming, "/v1/chat-messages", other, cut)), "answer-cut");
    });

    it("DashScope's and Google's own forms", () => {
      const forms = [
        {
          paths: {
            cacheKeyFrom: "input.messages.@reverse.0.content",
            cacheValueFrom: "output.text",
          },
          body: { model: "qwen", input: { messages: [{ role: "user", content: "q" }] } },
          answer: { output: { text: "a", finish_reason: "stop" }, usage: {} },
        },
        {
          paths: {
            cacheKeyFrom: "contents.@reverse.0.parts.0.text",
            cacheValueFrom: "candidates.0.content.parts.0.text",
          },
          body: { contents: [{ parts: [{ text: "q" }] }] },
          answer: { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP" }] },
        },
      ];
      for (const { paths, body, answer } of forms) {
        const cache = start({ ...text, ...paths });
        const upstream = jsonUpstream(answer);
        assert.equal(stored(post(cache, "/any", body, upstream)), "stored");
        const hit = post(cache, "/any", body, upstream);
        assert.equal(detail(hit), "hit-exact");
        assert.equal(hit.json.choices[0].message.content, "a");
      }
    });

    it("a stream is requested and replayed as events, with the Go plugin's template", () => {
      const cache = start({ ...text, cacheKeyFrom: "q", cacheStreamValueFrom: "t" });
      const body = { q: "question", stream: true };
      post(cache, "/any", body, streamUpstream([event({ t: "a " }), event({ t: '"b"' })]));
      const hit = post(cache, "/any", body, streamUpstream([]));
      assert.match(header(hit, "content-type"), /^text\/event-stream/);
      assert.equal(
        hit.text.split("\n\n")[0],
        'data:{"id":"from-cache","choices":[{"index":0,"delta":{"role":"assistant","content":"a \\"b\\""},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}',
      );
    });

    it("without a key, a text or a good end nothing is kept", () => {
      const own = { ...text, cacheKeyFrom: "q", cacheValueFrom: "a", cacheStreamValueFrom: "a" };
      const cases = [
        [{ other: 1 }, { a: "x" }, undefined],
        [{ q: "1" }, { b: "x" }, "answer-empty"],
        [{ q: "2" }, { a: "  " }, "answer-empty"],
        [{ q: "3" }, { a: "x", error: { message: "m" } }, "answer-error"],
        [{ q: "4" }, { a: "x", choices: [{ finish_reason: "length" }] }, "answer-finish-reason"],
        [{ q: "5" }, { a: "x", choices: [{ message: { tool_calls: [{}] } }] }, "answer-shape"],
        [{ q: "6" }, "<html>", "answer-not-json"],
      ];
      for (const [body, answer, result] of cases) {
        const cache = start(own);
        const upstream = jsonUpstream(answer);
        const first = post(cache, "/any", body, upstream);
        assert.equal(stored(first), result, JSON.stringify(body));
        if (result === undefined) assert.equal(detail(first), "ineligible-no-key");
        post(cache, "/any", body, upstream);
        assert.equal(upstream.requests.length, 2, JSON.stringify(body));
      }
      assert.equal(
        detail(post(start(own), "/any", { q: "x", stream: 1 }, jsonUpstream({}))),
        "ineligible-stream",
      );
    });

    it("[DONE] is an end where no event has told a reason, and a stream without either is none", () => {
      const bare = completionEvents(["Os", "lo."], { reason: null, usage: false });
      const unfinished = completionEvents(["Os"], { reason: null, done: false, usage: false });
      for (const configuration of [text, {}]) {
        const cache = start(configuration);
        const body = chatBody("q", { stream: true });
        const path = "/v1/chat/completions";
        assert.equal(stored(post(cache, path, body, streamUpstream(bare))), "stored");
        if (configuration === text) continue;
        const hit = post(cache, path, body, streamUpstream([]));
        assert.equal(streamedText(hit.text), "Oslo.");
        const other = chatBody("other", { stream: true });
        assert.equal(
          stored(post(cache, path, other, streamUpstream(unfinished))),
          "answer-unfinished",
        );
      }
    });
  });

  describe(`keyMode full, any JSON (${build})`, () => {
    it("at the paths that are configured the whole body is the key and the whole answer the value", () => {
      const cache = start({ paths: ["/chat-messages"] });
      const upstream = jsonUpstream('{"answer":"Oslo.", "n": 1.50}');
      const body = { query: "q", inputs: { a: 1 } };
      const first = post(cache, "/v1/chat-messages", body, upstream);
      assert.equal(stored(first), "stored");
      const hit = post(cache, "/v1/chat-messages", '{"inputs":{"a":1}, "query":"q"}', upstream);
      assert.equal(detail(hit), "hit-exact");
      assert.equal(hit.text, first.text);
      const other = post(cache, "/v1/chat-messages", { ...body, inputs: { a: 2 } }, upstream);
      assert.equal(detail(other), "miss-cold");
      const error = jsonUpstream({ error: { message: "m" } });
      assert.equal(stored(post(cache, "/v1/chat-messages", { query: "e" }, error)), "answer-error");
      const stream = streamUpstream([event({ answer: "a" })]);
      assert.equal(
        stored(post(cache, "/v1/chat-messages", { query: "s" }, stream)),
        "answer-content-type",
      );
    });

    it("a configuration of the Go plugin's keys alone says once which path it does not look at", () => {
      const cache = start({});
      post(cache, "/api/chat", chatBody(), jsonUpstream());
      const go = plugin("ai-cache", { cacheTTL: 60, cacheKeyStrategy: "lastQuestion" }, { build });
      const form = { "content-type": "multipart/form-data; boundary=b" };
      exchange([go], { path: "/v1/audio/transcriptions", headers: form, body: "" }, jsonUpstream());
      for (let i = 0; i < 3; i++) post(go, "/api/chat", chatBody(), jsonUpstream());
      const told = go.vm.takeLog();
      assert.match(
        told,
        /\/api\/chat is not cached, unlike in the Go plugin: add its suffix to paths/,
      );
      assert.equal(told.split("is not cached").length, 2, told);
    });
  });

  describe(`answers of servers with words of their own (${build})`, () => {
    const path = "/v1/chat/completions";

    it("an answer has ended by itself, by whichever word", () => {
      for (const reason of ["STOP", "eos", "eos_token", "end_turn", "stop_sequence"]) {
        const cache = start({});
        const upstream = jsonUpstream(completion("a", { reason }));
        assert.equal(stored(post(cache, path, chatBody(), upstream)), "stored", reason);
        const hit = post(cache, path, chatBody(), upstream);
        assert.equal(hit.json.choices[0].finish_reason, reason);
      }
      const cut = jsonUpstream(completion("a", { reason: "max_tokens" }));
      assert.equal(stored(post(start({}), path, chatBody(), cut)), "answer-finish-reason");
    });

    it("a mark of order of bytes stands in front of JSON", () => {
      const cache = start({});
      const upstream = jsonUpstream(`\ufeff${JSON.stringify(completion("a"))}`);
      assert.equal(stored(post(cache, path, chatBody(), upstream)), "stored");
      assert.deepEqual(post(cache, path, chatBody(), upstream).json, completion("a"));
    });

    it("no-store that a server says always is ignored for the clusters that are named", () => {
      const headers = { "cache-control": "no-store" };
      for (const [ignoreNoStoreOf, result] of [
        [[], "answer-no-store"],
        [["other"], "answer-no-store"],
        [["llm"], "stored"],
        [["*"], "stored"],
      ]) {
        const cache = start({ ignoreNoStoreOf });
        const upstream = jsonUpstream(completion("a"), { headers });
        assert.equal(stored(post(cache, path, chatBody(), upstream)), result);
      }
    });
  });
}
