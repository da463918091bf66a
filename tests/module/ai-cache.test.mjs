import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  CREDENTIAL,
  eventData,
  exchange,
  jsonUpstream,
  logOf,
  plugin,
  SharedData,
  streamedText,
  streamUpstream,
} from "./support.mjs";
import { Stream } from "../host/chain.mjs";

/** One filter in front of an upstream, as a function of the request. */
function cacheWith(configuration = {}, options = {}) {
  const cache = plugin("ai-cache", configuration, options);
  assert.ok(cache.accepted, cache.vm.logText());
  return cache;
}

const status = (stream) => stream.received.headers?.get("cache-status");

for (const build of BUILDS) {
  describe(`ai-cache (${build})`, () => {
    it("answers the second equal question from memory, same bytes", () => {
      const cache = cacheWith({}, { build });
      const upstream = jsonUpstream();
      const first = exchange([cache], { body: chatBody() }, upstream);
      const second = exchange([cache], { body: chatBody() }, upstream);
      assert.equal(upstream.requests.length, 1);
      assert.equal(status(first), "ai-cache; fwd=miss");
      assert.equal(status(second), "ai-cache; hit");
      assert.equal(second.text, first.text);
      assert.equal(second.received.status, 200);
      assert.equal(second.details, "ai_cache_hit");
      assert.equal(second.received.headers.get("content-type"), "application/json; charset=utf-8");
      assert.equal(first.attribute("ai_cache"), "miss-cold");
      assert.equal(first.attribute("ai_cache_store"), "stored");
      assert.equal(second.attribute("ai_cache"), "hit-exact");
      assert.match(
        JSON.parse(`"${second.attribute("ai_log")}"`),
        /^\{"cache_life":"\d+","cache_reason":"hit-exact","cache_saved_input_token":"3","cache_saved_ms":"\d+","cache_saved_output_token":"2","cache_status":"hit","model":"gpt-4"\}$/,
      );
    });

    it("tells the access log of a hit what was asked for, in words that no client can break", () => {
      const cache = cacheWith({}, { build });
      const model = 'gpt\n"4\\ é';
      const ask = () =>
        exchange(
          [cache],
          { body: chatBody("hi", { model }), path: "/v1/chat/completions?key=secret" },
          jsonUpstream(),
        );
      assert.equal(ask().attribute("ai_proxy_model"), undefined, "ai-proxy tells it");
      const hit = ask();
      assert.equal(hit.attribute("ai_cache"), "hit-exact");
      assert.equal(hit.attribute("ai_proxy_model"), "gpt__4___");
      assert.equal(hit.attribute("ai_proxy_path"), "/v1/chat/completions");
    });

    it("does not change a byte of a request that goes on, however it is cut", () => {
      const cache = cacheWith({}, { build });
      const body = ` ${chatBody("中文 😀")}\n`;
      for (const length of [true, false]) {
        for (const split of [1, 3, 7, 1000]) {
          const upstream = jsonUpstream(completion("", { reason: "length" }));
          const stream = exchange([cache], { body, split, length }, upstream);
          assert.equal(upstream.requests[0].body.toString(), body);
          assert.equal(stream.attribute("ai_cache"), "miss-cold");
          assert.equal(stream.attribute("ai_cache_store"), "answer-finish-reason");
        }
      }
    });

    it("replays JSON as a stream and a stream as JSON", () => {
      const cache = cacheWith({}, { build });
      exchange([cache], { body: chatBody("a") }, jsonUpstream(completion("Hello 😀")));
      const streamed = exchange(
        [cache],
        { body: chatBody("a", { stream: true, stream_options: { include_usage: true } }) },
        jsonUpstream(),
      );
      assert.equal(status(streamed), "ai-cache; hit");
      assert.equal(
        streamed.received.headers.get("content-type"),
        "text/event-stream; charset=utf-8",
      );
      const events = eventData(streamed.text);
      assert.equal(streamedText(streamed.text), "Hello 😀");
      assert.equal(events.at(-1), "[DONE]");
      assert.deepEqual(events.at(-2).usage, {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
      });
      assert.equal(events[0].choices[0].delta.role, "assistant");
      assert.ok(
        events
          .slice(0, -1)
          .every((event) => event.object === "chat.completion.chunk" && event.id === "chatcmpl-1"),
      );

      const upstream = streamUpstream(completionEvents(["Hel", "lo ", "中文"]));
      const live = exchange([cache], { body: chatBody("b", { stream: true }) }, upstream);
      assert.equal(live.attribute("ai_cache_store"), "stored");
      const json = exchange([cache], { body: chatBody("b") }, jsonUpstream());
      assert.equal(status(json), "ai-cache; hit");
      assert.equal(json.json.choices[0].message.content, "Hello 中文");
      assert.equal(json.json.choices[0].finish_reason, "stop");
      assert.equal(json.json.usage.total_tokens, 5);
      assert.equal(json.json.object, "chat.completion");
    });

    it("keeps tool calls through every change of form", () => {
      const cache = cacheWith({}, { build });
      const tool_calls = [
        { id: "call_1", type: "function", function: { name: "f", arguments: '{"x":"中\\n"}' } },
        { id: "call_2", type: "function", function: { name: "g", arguments: "{}" } },
      ];
      exchange(
        [cache],
        { body: chatBody("t") },
        jsonUpstream(completion(null, { message: { tool_calls }, reason: "tool_calls" })),
      );
      const usage = { stream: true, stream_options: { include_usage: true } };
      const streamed = exchange([cache], { body: chatBody("t", usage) }, jsonUpstream());
      const calls = eventData(streamed.text).filter(
        (event) => event.choices?.[0]?.delta?.tool_calls,
      );
      assert.deepEqual(
        calls.map((event) => event.choices[0].delta.tool_calls[0]),
        tool_calls.map((call, index) => ({ index, ...call })),
      );
      // What was replayed as a stream is captured by another cache and comes out as JSON again.
      const second = cacheWith({}, { build });
      exchange(
        [second],
        { body: chatBody("t", { stream: true }) },
        streamUpstream([streamed.text]),
      );
      const json = exchange([second], { body: chatBody("t") }, jsonUpstream());
      assert.deepEqual(json.json.choices[0].message.tool_calls, tool_calls);
      assert.equal(json.json.choices[0].finish_reason, "tool_calls");
      assert.equal(json.json.choices[0].message.content, null);
    });

    it("passes a stream through unchanged and undelayed, and captures the same from any chunks", () => {
      const whole = completionEvents(["Gr", "üß", " 😀 dich"]).join("");
      const bytes = Buffer.from(whole);
      for (const size of [1, 2, 3, 5, 17, 64, bytes.length]) {
        const cache = cacheWith({}, { build });
        const chunks = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        const live = exchange(
          [cache],
          { body: chatBody("s", { stream: true }) },
          streamUpstream(chunks),
        );
        assert.deepEqual(live.received.chunks, chunks, "every chunk arrives as it was sent");
        assert.equal(live.attribute("ai_cache_store"), "stored");
        const hit = exchange([cache], { body: chatBody("s") }, jsonUpstream());
        assert.equal(hit.json.choices[0].message.content, "Grüß 😀 dich");
      }
    });

    it("never stores what was not a complete good answer", () => {
      const cases = [
        [jsonUpstream(completion("x", { reason: "length" })), "answer-finish-reason"],
        [jsonUpstream(completion("x", { reason: "content_filter" })), "answer-finish-reason"],
        [jsonUpstream(completion("  ")), "answer-empty"],
        [jsonUpstream(completion("x", { message: { refusal: "no" } })), "answer-refusal"],
        [jsonUpstream({ error: { message: "x" } }), "answer-error"],
        [jsonUpstream("not json"), "answer-not-json"],
        [
          jsonUpstream({
            ...completion(),
            choices: [...completion().choices, ...completion().choices],
          }),
          "answer-choices",
        ],
        [jsonUpstream(completion(), { status: 500 }), "answer-status"],
        [jsonUpstream(completion(), { status: 201 }), "answer-status"],
        [
          jsonUpstream(completion(), { headers: { "content-encoding": "gzip" } }),
          "answer-content-encoding",
        ],
        [
          jsonUpstream(completion(), { headers: { "cache-control": "private, no-store" } }),
          "answer-no-store",
        ],
        [
          jsonUpstream(completion(), { headers: { "content-type": "text/html" } }),
          "answer-content-type",
        ],
        // Another filter, or the route itself, answers in the place of the model.
        ...["lua_response", "direct_response"].map((details) => [
          (request) => ({ ...jsonUpstream()(request), details }),
          "answer-local",
        ]),
        [streamUpstream(completionEvents(["x"], { reason: "length" })), "answer-finish-reason"],
        [streamUpstream(completionEvents(["x"]).slice(0, 2)), "answer-unfinished"],
        [streamUpstream(completionEvents(["x"]), { cut: true }), "answer-cut"],
        [
          streamUpstream([
            ...completionEvents(["x"]).slice(0, 2),
            'data: {"error":{"message":"boom"}}\n\n',
          ]),
          "answer-error",
        ],
      ];
      // A last event is one without a blank line behind it, too.
      const open = completionEvents(["x"], { done: false, usage: false });
      const whole = streamUpstream([...open.slice(0, -1), open.at(-1).trimEnd()]);
      const kept = exchange([cacheWith({}, { build })], { body: chatBody() }, whole);
      assert.equal(kept.attribute("ai_cache_store"), "stored");
      for (const encoding of ["", "identity", "Identity"]) {
        const plain = jsonUpstream(completion(), { headers: { "content-encoding": encoding } });
        const stream = exchange([cacheWith({}, { build })], { body: chatBody() }, plain);
        assert.equal(stream.attribute("ai_cache_store"), "stored", encoding);
      }
      for (const [upstream, wanted] of cases) {
        const cache = cacheWith({}, { build });
        const first = exchange([cache], { body: chatBody() }, upstream);
        assert.equal(first.attribute("ai_cache_store"), wanted);
        const second = exchange([cache], { body: chatBody() }, jsonUpstream());
        assert.equal(second.attribute("ai_cache"), "miss-cold", wanted);
      }
    });

    it("shares or separates by a configured header", () => {
      const cache = cacheWith({ tenant: { from: "header", header: "X-Tenant" } }, { build });
      const ask = (tenant, key) =>
        exchange(
          [cache],
          { body: chatBody(), headers: { "x-tenant": tenant, authorization: key } },
          jsonUpstream(),
        ).attribute("ai_cache");
      assert.equal(ask("t1", "a"), "miss-cold");
      assert.equal(ask("t1", "b"), "hit-exact");
      assert.equal(ask("t2", "a"), "miss-cold");
      const shared = cacheWith({ tenant: { from: "shared" } }, { build });
      const askShared = (key) =>
        exchange(
          [shared],
          { body: chatBody(), headers: { authorization: key } },
          jsonUpstream(),
        ).attribute("ai_cache");
      assert.equal(askShared("a"), "miss-cold");
      assert.equal(askShared("b"), "hit-exact");
    });

    it("separates by host, path, route, revision and vendor headers", () => {
      const shared = new SharedData();
      const cache = cacheWith({}, { build, shared });
      const ask = (request, options, filter = cache) =>
        exchange([filter], { body: chatBody(), ...request }, jsonUpstream(), options).attribute(
          "ai_cache",
        );
      assert.equal(ask({}), "miss-cold");
      assert.equal(ask({}), "hit-exact");
      assert.equal(ask({ authority: "other.example" }), "miss-cold");
      assert.equal(ask({ path: "/v1/chat/completions?x=1" }), "miss-cold");
      assert.equal(ask({ path: "/team/v1/chat/completions" }), "miss-cold");
      assert.equal(ask({ headers: { "openai-organization": "o" } }), "miss-cold");
      assert.equal(ask({}, { properties: { "xds.route_name": "r2" } }), "miss-cold");
      const revised = cacheWith({ revision: "2" }, { build, shared });
      assert.equal(ask({}, {}, revised), "miss-cold");
      const further = cacheWith({ scopeHeaders: ["X-Locale"] }, { build, shared });
      assert.equal(ask({ headers: { "x-locale": "de" } }, {}, further), "miss-cold");
      assert.equal(ask({ headers: { "x-locale": "fr" } }, {}, further), "miss-cold");
      assert.equal(ask({ headers: { "x-locale": "de" } }, {}, further), "hit-exact");
    });

    it("passes what it cannot cache unchanged, with the reason", () => {
      const cache = cacheWith({ explain: true, maxRequestBytes: 2000 }, { build });
      const big = chatBody("x".repeat(3000));
      const cases = [
        [{ method: "GET", body: null }, "ineligible-method"],
        [{ path: "/v1/audio/transcriptions", body: chatBody() }, "ineligible-path"],
        [{ body: null }, "ineligible-no-body"],
        [
          { body: chatBody(), headers: { "content-type": "text/plain" } },
          "ineligible-content-type",
        ],
        [
          { body: chatBody(), headers: { "content-encoding": "gzip" } },
          "ineligible-content-encoding",
        ],
        [{ body: chatBody(), headers: { upgrade: "websocket" } }, "ineligible-upgrade"],
        [{ body: big }, "ineligible-too-large"],
        [{ body: big, length: false, split: 100 }, "ineligible-too-large"],
        [{ body: "{oops" }, "ineligible-not-json"],
        [{ body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, "ineligible-not-json"],
        [{ body: "[".repeat(1500) }, "ineligible-not-json"],
        [{ body: "[]" }, "ineligible-not-chat"],
        [{ body: '{"model":5,"messages":[{"role":"user","content":"x"}]}' }, "ineligible-not-chat"],
        ...[
          { messages: [] },
          { messages: "x" },
          { messages: [null] },
          { messages: [{ content: "x" }] },
          { messages: [{ role: 5, content: "x" }] },
          { messages: [{ role: "user", content: "x" }, "x"] },
          { model: null },
        ].map((members) => [{ body: chatBody("x", members) }, "ineligible-not-chat"]),
        [{ body: chatBody("x", { n: 2 }) }, "ineligible-choices"],
        [{ body: chatBody("x", { n: 10 }) }, "ineligible-choices"],
        [{ body: chatBody("x", { n: "1" }) }, "ineligible-choices"],
        [
          { body: '{"model":"a","model":"b","messages":[{"role":"user","content":"x"}]}' },
          "ineligible-duplicate-key",
        ],
        [{ body: chatBody("cut \ud83d") }, "ineligible-surrogate"],
        [{ body: chatBody("\udc00 low") }, "ineligible-surrogate"],
        [{ body: chatBody("twice \ud800\ud800\udc00") }, "ineligible-surrogate"],
        [{ body: chatBody("x", { any: { "\udfff": 1 } }) }, "ineligible-surrogate"],
        [{ body: chatBody("x", { any: ["\n\udbff"] }) }, "ineligible-surrogate"],
        [{ body: chatBody().replace("hi", "\\uD83D\\u0041") }, "ineligible-surrogate"],
        [{ body: chatBody("\ud83d\nde00") }, "ineligible-surrogate"],
        [{ body: chatBody("\ud83dxude00") }, "ineligible-surrogate"],
        [{ body: chatBody().replace("hi", "\\ud83d\\ude00\\ud800") }, "ineligible-surrogate"],
        // The first reason counts.
        [
          { method: "GET", body: null, headers: { "cache-control": "no-store" } },
          "ineligible-method",
        ],
        ...["ON", "on", "True", "1"].map((value) => [
          { body: chatBody(), headers: { "x-higress-skip-ai-cache": value } },
          "bypass-skip-header",
        ]),
        [{ body: chatBody(), headers: { "cache-control": "no-store" } }, "bypass-no-store"],
      ];
      for (const [request, reason] of cases) {
        const upstream = jsonUpstream();
        const stream = exchange([cache], request, upstream);
        assert.equal(stream.attribute("ai_cache"), reason);
        assert.equal(stream.received.status, 200, reason);
        assert.equal(stream.attribute("ai_cache_store"), undefined, reason);
        assert.equal(status(stream), `ai-cache; fwd=bypass; detail=${reason}`);
        if (request.body)
          assert.deepEqual(upstream.requests[0].body, Buffer.from(request.body), reason);
        const log = logOf(stream);
        assert.deepEqual(log, { cache_status: "skip", cache_reason: reason });
      }
    });

    it("takes an escaped character for the character", () => {
      const cache = cacheWith({}, { build });
      const ask = (body) => exchange([cache], { body }, jsonUpstream()).attribute("ai_cache");
      assert.equal(ask(chatBody("😀 \\ud800 \ufffd")), "miss-guard-text");
      const escaped = chatBody("X").replace("X", "\\uD83d\\uDe00 \\\\ud800 \\ufffd");
      assert.equal(ask(escaped), "hit-exact");
      // Neither is half of a pair.
      const letters = chatBody("X").replace("X", "\\nd800 \\tdc00");
      for (const expected of ["miss-cold", "hit-exact"]) assert.equal(ask(letters), expected);
    });

    it("tells every half of a surrogate pair from whole characters", () => {
      const cache = cacheWith({ enableSemanticCache: false }, { build });
      const ask = (escapes) =>
        exchange([cache], { body: chatBody("X").replace("X", escapes) }, jsonUpstream()).attribute(
          "ai_cache",
        );
      const high = ["d8", "D9", "da", "DB"].map((byte) => `\\u${byte}00`);
      const low = ["dc", "Dd", "dE", "DF"].map((byte) => `\\u${byte}ff`);
      for (const half of [...high, ...low]) {
        for (const text of [half, `a${half}b`, `\\n${half}`]) {
          assert.equal(ask(text), "ineligible-surrogate", text);
        }
      }
      for (const first of high) {
        for (const second of low) {
          assert.equal(ask(first + second), "miss-cold", first + second);
          assert.equal(ask(second + first), "ineligible-surrogate", second + first);
        }
        assert.equal(ask(first + first + low[0]), "ineligible-surrogate", first);
      }
      for (const whole of ["\\ud7ff", "\\uD000", "\\ue000", "\\u0dc0", "\\udbff\\udc00"]) {
        assert.equal(ask(whole), "miss-cold", whole);
      }
    });

    it("obeys Cache-Control of the request", () => {
      let now = 1_700_000_000_000;
      const cache = cacheWith({}, { build, now: () => now });
      const ask = (control, upstream = jsonUpstream()) =>
        exchange(
          [cache],
          { body: chatBody(), headers: control ? { "cache-control": control } : {} },
          upstream,
        );
      const refused = ask("only-if-cached");
      assert.equal(refused.received.status, 504);
      assert.equal(refused.details, "ai_cache_only_if_cached");
      assert.equal(refused.json.error.code, "only_if_cached");
      assert.equal(refused.sent.headers, null, "nothing went upstream");
      ask("");
      assert.equal(ask("only-if-cached").attribute("ai_cache"), "hit-exact");
      now += 60_000;
      assert.equal(ask("max-age=60").attribute("ai_cache"), "hit-exact");
      assert.equal(ask("max-age=60").received.headers.get("age"), "60");
      assert.equal(ask("max-age=59").attribute("ai_cache"), "miss-max-age");
      assert.equal(ask("").received.headers.get("age"), "0", "the fresh answer was stored");
      const renewed = ask("no-cache", jsonUpstream(completion("new")));
      assert.equal(renewed.attribute("ai_cache"), "bypass-no-cache");
      assert.equal(renewed.attribute("ai_cache_store"), "stored");
      assert.equal(ask("").json.choices[0].message.content, "new");
      for (const skip of ["off", "", "0", "11"]) {
        const headers = { "x-higress-skip-ai-cache": skip };
        const asked = exchange([cache], { body: chatBody(), headers }, jsonUpstream());
        assert.equal(asked.attribute("ai_cache"), "hit-exact", skip);
      }
      const deaf = cacheWith({ cacheControl: false }, { build });
      exchange([deaf], { body: chatBody() }, jsonUpstream());
      const hit = exchange(
        [deaf],
        { body: chatBody(), headers: { "cache-control": "no-store, no-cache" } },
        jsonUpstream(),
      );
      assert.equal(hit.attribute("ai_cache"), "hit-exact");
    });

    it("with keyMode text and allQuestions has the users' turns as its key, a line each", () => {
      const cache = cacheWith({ keyMode: "text", cacheKeyStrategy: "allQuestions" }, { build });
      const ask = (...turns) => {
        const messages = turns.map(([role, content]) => ({ role, content }));
        const body = JSON.stringify({ model: "m", messages });
        return exchange([cache], { body }, jsonUpstream()).attribute("ai_cache");
      };
      const part = (text) => [{ type: "text", text }];
      assert.equal(ask(["user", "a"], ["assistant", "x"], ["user", "b"]), "miss-cold");
      assert.equal(ask(["user", "a\nb"]), "hit-exact");
      assert.equal(ask(["system", "s"], ["user", "a"], ["user", "b"]), "hit-exact");
      assert.equal(ask(["user", "b"], ["user", "a"]), "miss-cold");
      assert.equal(ask(["user", "ab"]), "miss-cold");
      assert.equal(ask(["user", null], ["user", "c"]), "miss-cold");
      assert.equal(ask(["user", "c"]), "miss-cold");
      assert.equal(ask(["user"], ["user", "c"]), "hit-exact");
      assert.equal(ask(["user", part("a")]), "miss-cold");
      assert.equal(ask(["user", part("b")]), "miss-cold");
      assert.equal(ask(["user", part("a")]), "hit-exact");
      assert.equal(ask(["user", JSON.stringify(part("a"))]), "hit-exact");
      assert.equal(ask(["assistant", "a"]), "ineligible-no-key");
      assert.equal(ask(["user", " "]), "ineligible-no-key");
    });

    it("reads Cache-Control as RFC 9111 has it, and nothing into what is malformed", () => {
      const directives = {
        'MAX-AGE="59"': "miss-max-age",
        "=1,max-age=59": "miss-max-age",
        ' , Max-Age="60",x': "hit-exact",
        ",max-age=59": "miss-max-age",
        "x=0, s-maxage=0": "hit-exact",
        'max-age, max-age="': "hit-exact",
        'max-age="0': "hit-exact",
        'max-age=0"': "hit-exact",
        'max-age="00': "hit-exact",
        'max-age=00"': "hit-exact",
        'max-age=""': "hit-exact",
        ",NO-CACHE": "bypass-no-cache",
        "no-cache, AI-Cache-Refresh": "bypass-refresh",
        ",no-store=x": "bypass-no-store",
        "private, ai-cache-refresh": "hit-exact",
      };
      for (const [directive, reason] of Object.entries(directives)) {
        let now = 1_700_000_000_000;
        const cache = cacheWith({}, { build, now: () => now });
        const ask = (headers) => exchange([cache], { body: chatBody(), headers }, jsonUpstream());
        ask({});
        now += 60_000;
        const asked = ask({ "cache-control": directive });
        assert.equal(asked.attribute("ai_cache"), reason, directive);
      }
    });

    it("serves nothing beyond its life", () => {
      let now = 1_700_000_000_000;
      const cache = cacheWith(
        { cache: { type: "memory", cacheTTL: 10 } },
        { build, now: () => now },
      );
      const ask = () => exchange([cache], { body: chatBody() }, jsonUpstream());
      ask();
      now += 9_000;
      assert.equal(ask().attribute("ai_cache"), "hit-exact");
      now += 1_000;
      const expired = ask();
      assert.equal(expired.attribute("ai_cache"), "miss-expired");
      assert.equal(status(expired), "ai-cache; fwd=stale");
      assert.equal(ask().attribute("ai_cache"), "hit-exact");
    });

    it("works by rule, and not at all where no rule applies", () => {
      const cache = cacheWith(
        {
          _rules_: [
            { _match_route_: ["off"], cacheKeyStrategy: "disabled" },
            { _match_route_: ["on"] },
            { _match_domain_: ["*.example"], explain: true },
          ],
        },
        { build },
      );
      const ask = (route, authority) =>
        exchange([cache], { body: chatBody(), authority }, jsonUpstream(), {
          properties: { "xds.route_name": route },
        });
      assert.equal(ask("off").attribute("ai_cache"), "bypass-disabled");
      assert.equal(ask("on").attribute("ai_cache"), "miss-cold");
      assert.equal(ask("on").attribute("ai_cache"), "hit-exact");
      assert.match(status(ask("x", "shop.example:8080")), /detail=miss-cold; key="[0-9a-f]{16}"/);
      const none = ask("x", "elsewhere.test");
      assert.equal(none.attribute("ai_cache"), undefined);
      assert.equal(status(none), undefined);
    });

    it("takes an answer that does not say why it has ended with keyMode text alone", () => {
      const answer = completion("x");
      delete answer.choices[0].finish_reason;
      const silent = jsonUpstream(answer);
      const stored = (configuration) =>
        exchange([cacheWith(configuration, { build })], { body: chatBody() }, silent).attribute(
          "ai_cache_store",
        );
      assert.equal(stored({ keyMode: "text" }), "stored");
      assert.equal(stored({}), "answer-unfinished");
    });

    it("fills a configured template with the text of an answer, and with nothing else", () => {
      const cache = cacheWith({ responseTemplate: '{"said":"%s"}' }, { build });
      const ask = (question, upstream) => exchange([cache], { body: chatBody(question) }, upstream);
      ask("q", jsonUpstream(completion('a "b"')));
      assert.deepEqual(ask("q", jsonUpstream()).json, { said: 'a "b"' });
      const tool_calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
      const calls = completion("x", { message: { tool_calls }, reason: "tool_calls" });
      for (let i = 0; i < 2; i++) {
        const asked = ask("calls", jsonUpstream(calls));
        assert.deepEqual(asked.json, calls);
        assert.notEqual(asked.attribute("ai_cache"), "hit-exact");
      }
      const message = {
        type: "message",
        role: "assistant",
        model: "m",
        content: [{ type: "text", text: "a" }],
        stop_reason: "end_turn",
      };
      const request = {
        path: "/v1/messages",
        body: JSON.stringify({
          model: "m",
          max_tokens: 9,
          messages: [{ role: "user", content: "q" }],
        }),
      };
      exchange([cache], request, jsonUpstream(message));
      const hit = exchange([cache], request, jsonUpstream());
      assert.equal(hit.attribute("ai_cache"), "hit-exact");
      assert.deepEqual(hit.json, message, "in the client's own protocol");
    });

    it("speaks the Go plugin's replies in text mode", () => {
      const cache = cacheWith({ keyMode: "text" }, { build });
      const ask = (body) =>
        exchange(
          [cache],
          { body, headers: { authorization: `Bearer ${Math.random()}` } },
          jsonUpstream(completion('say "hi"\n')),
        );
      ask(chatBody("q", { temperature: 0 }));
      const json = ask(chatBody("q", { model: "other" }));
      assert.equal(json.attribute("ai_cache"), "hit-exact", "only the text counts");
      assert.equal(
        json.text,
        '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"say \\"hi\\"\\n"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}',
      );
      const streamed = ask(chatBody("q", { stream: true }));
      assert.ok(
        streamed.text.startsWith('data:{"id":"from-cache"') &&
          streamed.text.endsWith("\n\ndata:[DONE]\n\n"),
      );
      assert.equal(ask(chatBody(" ")).attribute("ai_cache"), "ineligible-no-key");
    });

    it("takes all user messages for the key where that is configured", () => {
      const all = { keyMode: "text", cacheKeyStrategy: "allQuestions", enableSemanticCache: false };
      const cache = cacheWith(all, { build });
      const user = (content) => ({ role: "user", content });
      const said = (content) => ({ role: "assistant", content });
      const reason = (...messages) =>
        exchange([cache], { body: chatBody("", { messages }) }, jsonUpstream()).attribute(
          "ai_cache",
        );
      assert.equal(reason(user("a"), said("x"), user("b")), "miss-cold");
      assert.equal(reason(user("a"), said("y"), user("b")), "hit-exact");
      assert.equal(reason(user("a\nb")), "hit-exact");
      for (const other of [
        [user("b"), user("a")],
        [user("ab")],
        [user("null"), user("b")],
        [user(null), user("b")],
        [user("b")],
        [user([{ type: "text", text: "a" }])],
        [user([{ type: "text", text: "b" }])],
      ]) {
        assert.equal(reason(...other), "miss-cold", JSON.stringify(other));
      }
    });

    it("answers when the request is complete, so that the connection can be kept", () => {
      const cache = cacheWith({}, { build });
      exchange([cache], { body: chatBody() }, jsonUpstream());
      const stream = new Stream([cache], jsonUpstream());
      const body = chatBody();
      stream.sendHeaders({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "gateway.example",
        "content-type": "application/json",
        "content-length": String(body.length),
        ...CREDENTIAL,
      });
      stream.sendBody(body);
      assert.equal(stream.received.headers, null, "the end of the request has not come");
      stream.sendBody("", true);
      assert.equal(stream.attribute("ai_cache"), "hit-exact");
      assert.equal(stream.received.status, 200);
    });

    it("refuses trailers only when the body was taken", () => {
      const cache = cacheWith({}, { build });
      const passed = exchange([cache], { body: chatBody("x"), trailers: true }, jsonUpstream());
      assert.equal(passed.attribute("ai_cache"), "miss-cold");
      assert.equal(passed.received.status, 200);
      const hit = exchange([cache], { body: chatBody("x"), trailers: true }, jsonUpstream());
      assert.equal(hit.attribute("ai_cache"), "hit-exact");
      const refused = exchange(
        [cache],
        { body: chatBody("y"), length: false, trailers: true },
        jsonUpstream(),
      );
      assert.equal(refused.attribute("ai_cache"), "ineligible-trailers");
      assert.equal(refused.received.status, 400);
      assert.equal(refused.details, "ai_cache_request_trailers");
      assert.equal(refused.json.error.code, "request_trailers");
    });

    it("forgets a request whose client goes away in mid-upload", () => {
      const cache = cacheWith({}, { build });
      const stream = new Stream([cache], jsonUpstream());
      stream.sendHeaders({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "a",
        "content-type": "application/json",
        ...CREDENTIAL,
      });
      stream.sendBody('{"model":');
      stream.abort();
      assert.equal(stream.sent.headers, null);
      assert.equal(
        exchange([cache], { body: chatBody() }, jsonUpstream()).attribute("ai_cache"),
        "miss-cold",
      );
    });

    it("does not store an answer whose client goes away in the middle", () => {
      const cache = cacheWith({}, { build });
      const live = exchange([cache], { body: chatBody("s", { stream: true }) }, () => null);
      live.beginResponse(200, { "content-type": "text/event-stream" });
      for (const event of completionEvents(["a", "b"]).slice(0, 2)) live.sendChunk(event);
      live.abort();
      assert.equal(live.attribute("ai_cache_store"), "answer-cut");
    });
  });
}

describe("ai-cache, memory store", () => {
  const ask = (cache, question, content = question) =>
    exchange([cache], { body: chatBody(question) }, jsonUpstream(completion(content)));

  it("serves nothing on a worker that another has replaced, evicted or damaged in the same second", () => {
    const shared = new SharedData();
    const options = { shared, now: () => 1_700_000_000_000 };
    const configuration = { cache: { type: "memory", maxEntries: 16, policy: "even" } };
    const [one, two] = [1, 2].map(() => cacheWith(configuration, options));
    const ask = (worker, question, answer, headers = {}) =>
      exchange([worker], { body: chatBody(question), headers }, jsonUpstream(completion(answer)));
    const told = (stream) => stream.json.choices[0].message.content;
    ask(one, "hi", "first");
    for (let i = 0; i < 5; i++) assert.equal(told(ask(two, "hi", "none")), "first");
    ask(one, "hi", "second", { "cache-control": "no-cache" });
    assert.equal(told(ask(two, "hi", "none")), "second");
    for (let i = 0; i < 80; i++) ask(one, `question ${i} of many`, `answer ${i}`);
    for (let i = 0; i < 80; i++) {
      const stream = ask(two, `question ${i} of many`, "fresh");
      assert.match(told(stream), new RegExp(`^(answer ${i}|fresh)$`));
    }
    ask(one, "hi", "third");
    assert.match(told(ask(two, "hi", "none")), /^(second|third|none)$/);
    for (const entry of shared.values.values()) entry.value = Buffer.alloc(0);
    assert.equal(told(ask(two, "hi", "none")), "none");
  });

  it("is shared by all workers of a process", () => {
    const shared = new SharedData();
    const workers = [1, 2, 3].map(() => cacheWith({}, { shared }));
    ask(workers[0], "q1");
    for (const worker of workers)
      assert.equal(ask(worker, "q1").attribute("ai_cache"), "hit-exact");
    for (let i = 0; i < 50; i++) ask(workers[i % 3], `n${i}`);
    for (const worker of workers) {
      for (let i = 0; i < 50; i++) {
        const hit = ask(worker, `n${i}`);
        assert.equal(hit.attribute("ai_cache"), "hit-exact");
        assert.equal(hit.json.choices[0].message.content, `n${i}`);
      }
    }
  });

  it("never holds more entries than it may, and keeps the newest", () => {
    const shared = new SharedData();
    const cache = cacheWith(
      { cache: { type: "memory", maxEntries: 10, policy: "even" }, enableSemanticCache: false },
      { shared },
    );
    for (let i = 0; i < 100; i++) ask(cache, `q${i}`);
    assert.equal(cache.vm.metrics.get("ai_cache_entries"), 10);
    assert.equal(ask(cache, "q99").attribute("ai_cache"), "hit-exact");
    assert.equal(ask(cache, "q50").attribute("ai_cache"), "miss-cold");
    const { size } = shared.values;
    assert.ok(size <= 30, `10 slots of two keys, the store's tables, the watch's: ${size}`);
    for (let i = 0; i < 300; i++) ask(cache, `again${i}`);
    assert.equal(shared.values.size, size, "keys are used again");
  });

  it("keeps what is asked for", () => {
    const shared = new SharedData();
    const limits = [{ maxEntries: 10 }, { maxBytes: 65536 }];
    for (const [index, limit] of limits.entries()) {
      const cache = cacheWith(
        { revision: `${index}`, cache: { type: "memory", ...limit }, enableSemanticCache: false },
        { shared: index ? undefined : shared },
      );
      const content = index ? "x".repeat(2000) : "short";
      ask(cache, "popular", content);
      for (let i = 0; i < 200; i++) {
        ask(cache, `q${i}`, content);
        assert.equal(ask(cache, "popular").attribute("ai_cache"), "hit-exact", `after ${i}`);
      }
      // Which few have stayed is up to the hashes of their keys.
      const stayed = [...Array(20).keys()].filter(
        (i) => ask(cache, `q${100 + i}`).attribute("ai_cache") === "hit-exact",
      );
      assert.ok(stayed.length <= 3, "what nobody asked for is gone");
    }
  });

  it("never holds more bytes than it may", () => {
    const shared = new SharedData();
    const maxBytes = 100_000;
    const cache = cacheWith({ cache: { type: "memory", maxBytes } }, { shared });
    for (let i = 0; i < 300; i++) {
      ask(cache, `q${i}`, "x".repeat(100 + ((i * 7919) % 5000)));
      assert.ok(cache.vm.metrics.get("ai_cache_bytes") <= maxBytes);
      assert.ok(shared.bytes <= maxBytes + 50_000, `${shared.bytes} bytes after ${i}`);
    }
    assert.equal(ask(cache, "q299").attribute("ai_cache"), "hit-exact");
    assert.equal(
      ask(cache, "huge", "x".repeat(20_000)).attribute("ai_cache_store"),
      "store-too-large",
    );
  });

  it("keeps its entries when its capacity changes, as far as there is room", () => {
    const shared = new SharedData();
    const first = cacheWith({ cache: { type: "memory", maxEntries: 20 } }, { shared });
    for (let i = 0; i < 20; i++) ask(first, `q${i}`);
    const same = cacheWith(
      { cache: { type: "memory", maxEntries: 20 }, explain: true },
      { shared },
    );
    assert.equal(ask(same, "q5").attribute("ai_cache"), "hit-exact");
    const other = cacheWith({ cache: { type: "memory", maxEntries: 8 } }, { shared });
    assert.equal(ask(other, "q5").attribute("ai_cache"), "hit-exact");
    assert.equal(
      ask(first, "q6").attribute("ai_cache"),
      "hit-exact",
      "an old root reads the same store",
    );
    ask(first, "r0");
    assert.equal(first.vm.metrics.get("ai_cache_entries"), 8);
    const { size } = shared.values;
    const larger = cacheWith({ cache: { type: "memory", maxEntries: 50 } }, { shared });
    for (let i = 0; i < 100; i++) ask(larger, `s${i}`);
    assert.equal(larger.vm.metrics.get("ai_cache_entries"), 50);
    assert.ok(shared.values.size > size);
  });

  it("takes damaged, foreign and torn values for misses", () => {
    const shared = new SharedData();
    const cache = cacheWith({}, { shared });
    ask(cache, "q");
    for (const [key, entry] of [...shared.values]) {
      const original = entry.value;
      for (const damage of [
        Buffer.alloc(0),
        original.subarray(0, original.length >> 1),
        Buffer.from("junk"),
        Buffer.concat([original, Buffer.of(0)]),
      ]) {
        entry.value = damage;
        const fresh = cacheWith({}, { shared });
        assert.ok(
          ["miss-cold", "hit-exact"].includes(ask(fresh, `q`, "q").attribute("ai_cache")),
          key,
        );
        assert.equal(ask(cache, "q").json.choices[0].message.content, "q");
      }
      entry.value = original;
    }
  });

  it("stays right when workers write at the same time", () => {
    const shared = new SharedData();
    const workers = [1, 2].map(() =>
      cacheWith({ cache: { type: "memory", maxEntries: 16 } }, { shared }),
    );
    // Another worker draws a number between our read and our conditional write, every other time.
    const set = shared.values.set.bind(shared.values);
    let inside = false;
    let count = 0;
    shared.values.set = (key, value) => {
      set(key, value);
      if (key.endsWith("/S") || inside || count > 200) return shared.values;
      inside = true;
      ask(workers[count++ % 2], `inner${count % 20}`);
      inside = false;
      return shared.values;
    };
    for (let i = 0; i < 60; i++) {
      const stream = ask(workers[i % 2], `q${i % 30}`);
      assert.equal(stream.json.choices[0].message.content, `q${i % 30}`);
    }
  });
});

describe("ai-cache, budgets and metrics", () => {
  it("gives up capturing above maxAnswerBytes and buffering above maxBufferedBytes", () => {
    const small = cacheWith({ maxAnswerBytes: 300 });
    assert.equal(
      exchange([small], { body: chatBody() }, jsonUpstream(completion("x".repeat(400)))).attribute(
        "ai_cache_store",
      ),
      "answer-too-large",
    );
    assert.equal(
      exchange(
        [small],
        { body: chatBody() },
        streamUpstream(completionEvents(["x".repeat(200), "x".repeat(200)])),
      ).attribute("ai_cache_store"),
      "answer-too-large",
    );
    const tight = cacheWith({ maxBufferedBytes: 200 });
    const upstream = jsonUpstream(completion("x".repeat(400)));
    const stream = exchange([tight], { body: chatBody() }, upstream);
    assert.equal(stream.attribute("ai_cache_store"), "store-budget");
    assert.equal(
      exchange([tight], { body: chatBody("y".repeat(300)) }, upstream).attribute("ai_cache"),
      "ineligible-no-room",
    );
    assert.equal(
      exchange([tight], { body: chatBody() }, jsonUpstream(completion("x"))).attribute("ai_cache"),
      "miss-cold",
      "the budget was given back",
    );
  });

  it("keeps an answer of just maxAnswerBytes, and holds no room for one that is larger", () => {
    const answer = JSON.stringify(completion("x".repeat(400)));
    const stored = (maxAnswerBytes, pieces) => {
      const chunks = pieces.map((piece) => Buffer.from(piece));
      const upstream = () => ({ headers: { "content-type": "application/json" }, chunks });
      const stream = exchange([cacheWith({ maxAnswerBytes })], { body: chatBody() }, upstream);
      return stream.attribute("ai_cache_store");
    };
    const cut = [answer.slice(0, 100), answer.slice(100)];
    for (const pieces of [[answer], cut]) {
      assert.equal(stored(answer.length, pieces), "stored");
      assert.equal(stored(answer.length - 1, pieces), "answer-too-large");
    }
    assert.equal(stored(answer.length, [...cut, " "]), "answer-too-large");

    const cache = cacheWith({ maxAnswerBytes: 1000, maxBufferedBytes: 4000 });
    const begin = (type) => {
      const stream = exchange([cache], { body: chatBody(type) }, () => null);
      stream.beginResponse(200, { "content-type": type });
      return stream;
    };
    const large = begin("application/json");
    large.sendChunk("x".repeat(900));
    large.sendChunk("x".repeat(900));
    const events = begin("text/event-stream");
    events.sendChunk('data: {"error":{"message":"m"}}\n\n');
    for (let i = 0; i < 9; i++) events.sendChunk("x".repeat(900));
    const small = exchange([cache], { body: chatBody("y".repeat(700)) }, jsonUpstream());
    assert.equal(small.attribute("ai_cache_store"), "stored");
    for (const stream of [large, events]) stream.endResponse();
    assert.equal(large.attribute("ai_cache_store"), "answer-too-large");
    assert.equal(events.attribute("ai_cache_store"), "answer-error");
  });

  it("gives up capturing events that are too large, whatever they hold", () => {
    const stored = (chunks) =>
      exchange(
        [cacheWith({ maxAnswerBytes: 300 })],
        { body: chatBody("q", { stream: true }) },
        streamUpstream(chunks),
      ).attribute("ai_cache_store");
    // One line in two pieces: what comes whole need not be kept.
    const comment = (length) => [`: ${"x".repeat(length)}`, "\n\n"];
    const [first, ...rest] = completionEvents(["a"]);
    assert.equal(stored([...comment(60_000), first, ...rest]), "stored");
    for (const end of [rest, []]) {
      assert.equal(stored([first, ...comment(70_000), ...end]), "answer-too-large");
    }
  });

  it("gives back what requests and answers held, however they end", () => {
    const cache = cacheWith({ maxBufferedBytes: 2000, enableSemanticCache: false });
    const ends = [
      { upstream: jsonUpstream() },
      { upstream: streamUpstream() },
      { upstream: streamUpstream(completionEvents(["x"]), { cut: true }) },
      { upstream: jsonUpstream("not json") },
      { upstream: () => null, abort: true },
    ];
    for (let i = 0; i < 50; i++) {
      const { upstream, abort } = ends[i % ends.length];
      const stream = exchange(
        [cache],
        { body: chatBody(`${i} ${"x".repeat(300)}`), split: 100 },
        upstream,
      );
      if (abort) stream.abort();
      assert.equal(stream.attribute("ai_cache"), "miss-cold", `request ${i}`);
      assert.notEqual(stream.attribute("ai_cache_store"), "store-budget", `request ${i}`);
    }
  });

  it("counts by result and reason, under Prometheus labels", () => {
    const cache = cacheWith();
    exchange([cache], { body: chatBody() }, jsonUpstream());
    exchange([cache], { body: chatBody() }, jsonUpstream());
    exchange([cache], { body: "x" }, jsonUpstream());
    const metrics = Object.fromEntries(cache.vm.metrics);
    assert.equal(metrics["ai_cache_requests_total.result=.=miss;.;.reason=.=miss-cold;.;"], 1);
    assert.equal(metrics["ai_cache_requests_total.result=.=hit;.;.reason=.=hit-exact;.;"], 1);
    assert.equal(
      metrics["ai_cache_requests_total.result=.=ineligible;.;.reason=.=ineligible-not-json;.;"],
      1,
    );
    assert.equal(metrics["ai_cache_answers_total.result=.=stored;.;.reason=.=stored;.;"], 1);
    assert.equal(metrics.ai_cache_entries, 1);
  });

  it("keeps other plugins' members of ai_log, and leaves alone what it cannot read", () => {
    const cache = cacheWith();
    const other = JSON.stringify(JSON.stringify({ model: "m", zeta: [1] })).slice(1, -1);
    const kept = exchange([cache], { body: chatBody() }, jsonUpstream(), {
      properties: { ai_log: other },
    });
    assert.deepEqual(logOf(kept), {
      cache_reason: "miss-cold",
      cache_status: "miss",
      model: "m",
      zeta: [1],
    });
    const odd = exchange([cache], { body: chatBody() }, jsonUpstream(), {
      properties: { ai_log: "not json" },
    });
    assert.equal(odd.attribute("ai_log"), "not json");
  });

  it("writes a name in ai_log unchanged, whatever is in it", () => {
    const model = 'a "quoted" \\ name\n模型\u0001 ';
    const proxy = plugin("ai-proxy", { provider: { type: "openai", apiTokens: ["sk-demo"] } });
    const other = JSON.stringify(JSON.stringify({ zeta: model })).slice(1, -1);
    for (const properties of [{}, { ai_log: other }]) {
      const body = chatBody("hi", { model });
      const stream = exchange([proxy], { body }, jsonUpstream(), { properties });
      const log = logOf(stream);
      assert.equal(log.model, model);
      assert.equal(log.zeta, properties.ai_log && model);
    }
  });

  it("writes no prompt, no answer and no credential into its log, at any level", () => {
    const cache = cacheWith({ explain: true }, { logLevel: 0 });
    const secret = "SECRET-PROMPT";
    for (const body of [
      chatBody(secret),
      chatBody(secret),
      `{"${secret}`,
      chatBody(secret, { n: 3 }),
    ]) {
      exchange(
        [cache],
        { body, headers: { authorization: "Bearer SECRET-KEY" } },
        jsonUpstream(completion("SECRET-ANSWER")),
      );
    }
    assert.doesNotMatch(cache.vm.logText(), /SECRET/);
    assert.doesNotMatch([...cache.vm.metrics.keys()].join(), /SECRET/);
  });

  it("refuses a bad configuration with one message that names every fault", () => {
    const bad = plugin("ai-cache", { explain: 3, cache: { type: "redis" } });
    assert.equal(bad.accepted, false);
    assert.match(bad.vm.takeLog(), /cache\.serviceName: cache service name is required/);
    assert.match(bad.vm.takeLog(), /explain: is a number, expected true or false/);
    const struct = plugin("ai-cache", Buffer.from("\n\n\x04name"));
    assert.equal(struct.accepted, false);
    assert.match(struct.vm.takeLog(), /StringValue/);
  });
});
