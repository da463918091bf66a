/** ai-cache with Anthropic's messages: stored and replayed as JSON and as a stream, or not at all. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import claude from "../fixtures/dialects/claude.mjs";
import { ofAnthropicEvents, ofAnthropicMessage } from "./answers.mjs";
import { CACHE_BUILDS, chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const QUESTION = "How do I reset my password?";
const parts = (text) => [{ type: "text", text }];
const [text] = claude.wholes.text;
const [tools] = claude.wholes["thinking and two calls"];

for (const build of CACHE_BUILDS) {
  describe(`messages (${build})`, () => {
    const start = (config = {}) => {
      const cache = plugin("ai-cache", { explain: true, ...config }, { build });
      assert.ok(cache.accepted, cache.vm.logText());
      return cache;
    };
    const body = (members = {}) =>
      JSON.stringify({
        model: "claude-x",
        max_tokens: 100,
        system: "Be brief.",
        messages: [{ role: "user", content: parts(QUESTION) }],
        ...members,
      });
    const ask = (cache, members, answer, { headers, contentType } = {}) => {
      const upstream = () => {
        if (!answer) assert.fail("the model was asked");
        const isStream = typeof answer === "string";
        const usual = isStream ? "text/event-stream" : "application/json";
        return {
          headers: { "content-type": contentType ?? usual },
          chunks: [isStream ? answer : JSON.stringify(answer)],
        };
      };
      return exchange(
        [cache],
        {
          path: "/v1/messages",
          headers: { "x-api-key": "client", "anthropic-version": "2023-06-01", ...headers },
          body: body(members),
        },
        upstream,
      );
    };
    const reason = (stream) => stream.attribute("ai_cache");
    const fate = (stream) => stream.attribute("ai_cache_store");

    it("a buffered answer is replayed as it is, and as events", () => {
      const cache = start();
      const first = ask(cache, {}, text);
      assert.equal(reason(first), "miss-cold", cache.vm.logText());
      assert.equal(fate(first), "stored");
      const again = ask(cache, {});
      assert.equal(reason(again), "hit-exact");
      assert.deepEqual(again.json, text);
      const streamed = ask(cache, { stream: true });
      assert.equal(reason(streamed), "hit-exact");
      assert.match(streamed.received.headers.get("content-type"), /^text\/event-stream/);
      assert.deepEqual(ofAnthropicEvents(streamed.text), ofAnthropicMessage(text));
    });

    it("a streamed answer is replayed as events, and as JSON", () => {
      for (const [name, [own, wanted]] of Object.entries(claude.streams)) {
        const cache = start();
        const plain = own.replace(/event: from_the_future\n.*\n\n/, "");
        const first = ask(cache, { stream: true }, plain);
        if (wanted.finish === "length") {
          assert.equal(fate(first), "answer-finish-reason", name);
          continue;
        }
        assert.equal(fate(first), "stored", name);
        const streamed = ask(cache, { stream: true });
        const told = { reasoning: "", signature: "", tools: [], ...wanted };
        assert.deepEqual(ofAnthropicEvents(streamed.text), told, name);
        const whole = ask(cache, {});
        assert.deepEqual(ofAnthropicMessage(whole.json), told, name);
        assert.equal(whole.json.usage.input_tokens, 25);
        assert.equal(whole.json.usage.output_tokens, 15);
      }
    });

    it("what was captured in any pieces is the same", () => {
      const own = claude.streams["thinking and two calls"][0];
      const bytes = Buffer.from(own);
      const run = (chunks) => {
        const cache = start();
        const upstream = () => ({ headers: { "content-type": "text/event-stream" }, chunks });
        const request = { path: "/v1/messages", body: body({ stream: true }) };
        exchange([cache], request, upstream);
        return exchange([cache], { path: "/v1/messages", body: body() }, () =>
          assert.fail("the model was asked"),
        ).text;
      };
      const all = run([bytes]);
      for (let at = 1; at < bytes.length; at += 11)
        assert.equal(run([bytes.subarray(0, at), bytes.subarray(at)]), all);
    });

    it("by meaning, for the same instructions, versions and clients only", () => {
      const cache = start();
      ask(cache, {}, text);
      const other = {
        messages: [{ role: "user", content: parts("how can I reset my password, please?") }],
      };
      assert.equal(reason(ask(cache, other)), "hit-semantic");
      for (const [members, headers] of [
        [{ system: "Be long." }],
        [{ max_tokens: 5 }],
        [{}, { "anthropic-version": "2024-01-01" }],
        [{}, { "anthropic-beta": "x" }],
        [{}, { "x-api-key": "other" }],
      ]) {
        const stream = ask(cache, members, text, { headers });
        assert.equal(reason(stream), "miss-cold", JSON.stringify([members, headers]));
      }
    });

    it("never across protocols", () => {
      const cache = start();
      const messages = [{ role: "user", content: QUESTION }];
      const chat = { body: chatBody(QUESTION, { model: "claude-x" }) };
      exchange([cache], chat, jsonUpstream(completion("Answer.")));
      assert.equal(reason(ask(cache, { system: undefined, messages }, text)), "miss-cold");
    });

    it("calls of tools are given to the very same request only", () => {
      const cache = start();
      const asks = { tools: [{ name: "f", input_schema: {} }] };
      assert.equal(fate(ask(cache, asks, tools)), "stored");
      assert.deepEqual(ask(cache, asks).json, tools);
      const told = ofAnthropicEvents(ask(cache, { ...asks, stream: true }).text);
      assert.deepEqual(told.tools, ofAnthropicMessage(tools).tools);
      const other = {
        ...asks,
        messages: [{ role: "user", content: parts("how can I reset my password, please?") }],
      };
      assert.equal(reason(ask(cache, other, text)), "miss-cold");
    });

    it("what is not a complete good answer is not stored", () => {
      const broken = [
        [{ ...text, stop_reason: "max_tokens" }, "answer-finish-reason"],
        [{ ...text, stop_reason: "pause_turn" }, "answer-finish-reason"],
        [{ ...text, stop_reason: "refusal" }, "answer-refusal"],
        [{ ...text, stop_reason: null }, "answer-unfinished"],
        [{ ...text, content: [] }, "answer-empty"],
        [{ type: "error", error: { type: "overloaded_error", message: "x" } }, "answer-error"],
        [completion("x"), "answer-shape"],
        [claude.broken["an error event"][0], "answer-error"],
        [claude.broken["a cut stream"][0], "answer-unfinished"],
        [claude.streams.text[0], "answer-unknown-delta"],
        [
          claude.streams["thinking and two calls"][0].replace('{\\"a\\":', '{},\\"a\\":'),
          "answer-not-json",
        ],
        ['event: message_stop\ndata: {"type":"message_stop"}\n\n', "answer-unfinished"],
      ];
      for (const [answer, fault] of broken) {
        const stream = ask(start(), { stream: typeof answer === "string" }, answer);
        assert.equal(fate(stream), fault, JSON.stringify(answer).slice(0, 80));
      }
    });

    it("refusals are Anthropic's errors", () => {
      const refused = ask(start(), {}, null, { headers: { "cache-control": "only-if-cached" } });
      assert.equal(refused.received.status, 504);
      assert.deepEqual([refused.json.type, refused.json.error.type], ["error", "api_error"]);
    });

    it("what names no model, or has no turns, is left alone", () => {
      for (const members of [
        { model: 7 },
        { model: undefined },
        { messages: [] },
        { messages: ["x"] },
      ]) {
        assert.equal(reason(ask(start(), members, text)), "ineligible-not-chat");
      }
    });

    it("with keyMode text messages are left alone", () => {
      assert.equal(reason(ask(start({ keyMode: "text" }), {}, text)), "ineligible-path");
    });
  });
}
