/** Which protocol a client speaks, told by its path or by a header, and what follows from it in both modules. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";
import { ask, proxyOf } from "./types.mjs";

const QUESTION = "How do I reset my password?";
const ANTHROPIC = { "anthropic-version": "2023-06-01", "anthropic-beta": "b-1" };
/** Who is told an error: the members that its form has. */
const FORMS = {
  openai: (json) => typeof json.error.code === "string" && json.error.param === null,
  anthropic: (json) => json.type === "error" && json.error.type === "not_found_error",
  google: (json) => json.error.code === 404 && json.error.status === "NOT_FOUND",
};

describe("the protocol of a request", () => {
  const proxy = () =>
    plugin("ai-proxy", {
      providers: [{ id: "a", type: "openai", apiTokens: ["k"], models: ["gpt-9"] }],
    });
  const CASES = [
    ["openai", "/v1/chat/completions"],
    ["openai", "/api/v3/chat/completions"],
    ["openai", "/v1/responses"],
    ["openai", "/openai/responses"],
    ["openai", "/v1/messagesx"],
    ["openai", "/any/thing"],
    ["anthropic", "/v1/messages"],
    ["anthropic", "/team/v1/messages"],
    ["anthropic", "/any/thing", ANTHROPIC],
    ["openai", "/any/thing", { "anthropic-beta": "b-1" }],
    ["openai", "/v1/chat/completions", ANTHROPIC],
    ["google", "/v1beta/models/m:generateContent"],
    ["google", "/v1beta/models/m:generateContent", ANTHROPIC],
    // A path with a version counts before the end of one without: this is a model's name.
    ["google", "/v1beta/models/responses"],
  ];
  for (const [form, path, headers = {}] of CASES) {
    it(`${path} is ${form}'s${headers === ANTHROPIC ? ", whatever its headers" : ""}`, () => {
      const body = path.endsWith("models/responses") ? null : '{"model":"nobodys"}';
      const method = body === null ? "GET" : "POST";
      const { json, received } = exchange(
        [proxy()],
        { method, path, headers, body },
        jsonUpstream(),
      );
      assert.equal(received.status, 404);
      for (const [name, is] of Object.entries(FORMS)) assert.equal(is(json), name === form, name);
    });
  }

  it("has APIs by whose names capabilities know them", () => {
    for (const api of [
      "openai/v1/chatcompletions",
      "openai/v1/responses",
      "anthropic/v1/complete",
    ]) {
      proxyOf("deepseek", { capabilities: { [api]: "/x" } });
    }
    expectLog(/capabilities\.openai\/v1\/chat: is not a known API/);
    proxyOf("deepseek", { capabilities: { "openai/v1/chat": "/x" } });
  });

  it("has headers that go to a vendor who speaks it, and to no other", () => {
    const body = JSON.stringify({
      model: "m",
      max_tokens: 9,
      messages: [{ role: "user", content: "q" }],
    });
    const sent = (type, path, members) => {
      const { headers } = ask(proxyOf(type, members), { path, headers: ANTHROPIC, body }).sent;
      return Object.keys(ANTHROPIC).map((name) => headers.get(name));
    };
    const own = Object.values(ANTHROPIC);
    assert.deepEqual(sent("claude", "/v1/messages"), own);
    const custom = {
      openaiCustomUrl: "h/v1",
      capabilities: { "anthropic/v1/messages": "/v1/messages" },
    };
    assert.deepEqual(sent("openai", "/v1/messages", custom), own);
    for (const path of ["/v1/messages", "/v1/chat/completions"]) {
      assert.deepEqual(sent("openai", path), [undefined, undefined], path);
    }
    const { sent: plain } = ask(proxyOf("openai", custom), {
      path: "/v1/messages",
      headers: { "x-other": "1" },
      body,
    });
    assert.equal(
      plain.headers.get("x-other"),
      "1",
      "of no protocol, and the server is the operator's",
    );
  });

  it("has paths that are cached without being named", () => {
    const cache = plugin("ai-cache", { explain: true });
    const messages = [{ role: "user", content: QUESTION }];
    for (const [path, body] of [
      ["/v1/chat/completions", { model: "m", messages }],
      ["/v1/messages", { model: "m", max_tokens: 9, messages }],
      ["/v1/responses", { model: "m", input: QUESTION }],
      ["/v1beta/models/m:generateContent", { contents: [{ parts: [{ text: QUESTION }] }] }],
    ]) {
      const stream = exchange([cache], { path, body: JSON.stringify(body) }, jsonUpstream());
      assert.equal(stream.attribute("ai_cache"), "miss-cold", path);
    }
  });

  it("is that of its answers, whose texts are compared by it", () => {
    for (const [fresh, counted] of [
      ["Open the settings, then choose reset.", [1, undefined]],
      ["It costs 7 dollars at any bank.", [undefined, 1]],
    ]) {
      const cache = plugin("ai-cache", { match: { shadow: true } });
      const say = (question, text) => {
        const content = [{ type: "text", text }];
        const answer = {
          type: "message",
          role: "assistant",
          model: "m",
          content,
          stop_reason: "end_turn",
        };
        const body = { model: "m", max_tokens: 9, messages: [{ role: "user", content: question }] };
        const request = { path: "/v1/messages", body: JSON.stringify(body) };
        return exchange([cache], request, jsonUpstream(answer)).attribute("ai_cache");
      };
      assert.equal(say(QUESTION, "Open the settings and choose reset."), "miss-cold");
      assert.equal(say("how can I reset my password, please", fresh), "miss-shadow");
      const count = (agree) =>
        cache.vm.metrics.get(`ai_cache_shadow_total.similarity=.=text;.;.agree=.=${agree};.;`);
      assert.deepEqual([count("yes"), count("no")], counted);
    }
  });
});
