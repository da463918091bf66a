/**
 * Where a vendor speaks the client's protocol, a request reaches it as it is, byte for byte but for what the
 * vendor has differently: the model's place, a version, the credential.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, jsonUpstream, plugin, streamUpstream } from "./support.mjs";
import { CLAUDE_CODE, withoutUnsigned } from "../fixtures/claude-code.mjs";

const MESSAGE = {
  type: "message",
  content: [{ type: "text", text: "Hello" }],
  usage: { input_tokens: 3, cache_read_input_tokens: 2, output_tokens: 1 },
};
const HEADERS = {
  "x-api-key": "client-key",
  "anthropic-version": "2023-06-01",
  "content-type": "application/json",
};
/** Beta flags that Vertex AI accepts, and some that it refuses. */
const VERTEX_BETAS = [
  "claude-code-20250219",
  "compact-2026-01-12",
  "compact-2026-09-04",
  "computer-use-2025-01-24",
  "computer-use-2025-11-24",
  "context-1m-2025-08-07",
  "context-management-2025-06-27",
  "dangerous-tool-use-2026-09-03",
  "interleaved-thinking-2025-05-14",
  "per-turn-control-2026-07-01",
  "thinking-binding-controls-2026-08-01",
  "thinking-display-updates-2026-08-18",
  "tool-search-tool-2025-10-19",
  "web-search-2025-03-05",
];
const OTHER_BETAS = ["effort-2025-11-24", "files-api-2025-04-14", "skills-2025-10-02"];
const VERTEX = "/v1/publishers/anthropic/models";

for (const build of BUILDS) {
  describe(`Claude on Vertex AI (${build})`, () => {
    const ask = (body, { path = "/v1/messages", headers, mapping, upstream } = {}) => {
      const provider = { type: "vertex", apiTokens: ["key-1"], modelMapping: mapping };
      const proxy = plugin("ai-proxy", { provider }, { build });
      assert.ok(proxy.accepted, proxy.vm.logText());
      const answer = upstream ?? jsonUpstream(MESSAGE);
      const all = Array.isArray(headers) ? headers : { ...HEADERS, ...headers };
      const stream = exchange([proxy], { path, headers: all, body }, answer);
      return { stream, request: answer.requests[0] };
    };

    it("gets the request as it is, with the version in place of the model", () => {
      const body =
        '{ "model":"claude-opus-4@20250514" , "max_tokens":12345678901234567890, "new":{"b":1.0,"a":"\\u00e9"},\n"messages":[]}';
      const { request, stream } = ask(body, {
        path: "/v1/messages?beta=true",
      });
      assert.equal(request.headers.get(":path"), `${VERTEX}/claude-opus-4@20250514:rawPredict`);
      assert.equal(
        request.body.toString(),
        '{ "anthropic_version":"vertex-2023-10-16" , "max_tokens":12345678901234567890, "new":{"b":1.0,"a":"\\u00e9"},\n"messages":[]}',
      );
      assert.equal(request.headers.get("content-length"), String(request.body.length));
      assert.equal(request.headers.get("x-goog-api-key"), "key-1");
      for (const name of ["authorization", "x-api-key", "anthropic-version", "anthropic-beta"])
        assert.equal(request.headers.get(name), undefined, name);
      assert.equal(stream.text, JSON.stringify(MESSAGE));
      assert.equal(stream.attribute("ai_proxy_input_tokens"), "5");
      assert.equal(stream.attribute("ai_proxy_model"), "claude-opus-4@20250514");
    });

    for (const { file, path, headers, body } of CLAUDE_CODE) {
      it(`gets what Claude Code sends: ${file}`, () => {
        const own = { ...body, model: "claude-opus-5" };
        const { request, stream } = ask(JSON.stringify(own, null, 1), { path, headers });
        assert.ok(request, stream.text);
        const isCount = path.includes("count_tokens");
        const action = isCount
          ? "count-tokens:rawPredict"
          : `claude-opus-5:${body.stream ? "streamRawPredict" : "rawPredict"}`;
        assert.equal(request.headers.get(":path"), `${VERTEX}/${action}`);
        const { model, ...rest } = withoutUnsigned(own);
        const wanted = { ...rest, anthropic_version: "vertex-2023-10-16" };
        if (isCount) wanted.model = model;
        assert.deepEqual(JSON.parse(request.body), wanted);
      });
    }

    it("streams pass as they come", () => {
      const events = ["event: a\ndata: {}\n\n", "event: message_stop\ndata: {}\n\n"];
      const upstream = streamUpstream(events);
      const body = '{"model":"claude-x","stream":true,"messages":[]}';
      const { request, stream } = ask(body, { upstream });
      assert.equal(request.headers.get(":path"), `${VERTEX}/claude-x:streamRawPredict`);
      assert.equal(stream.text, events.join(""));
    });

    it("betas that Vertex AI takes stay in their header, others go", () => {
      const betas = (named) => {
        const { request } = ask('{"model":"claude-x","messages":[]}', {
          headers: { "anthropic-beta": named },
        });
        return request.headers.get("anthropic-beta");
      };
      assert.equal(
        betas("claude-code-20250219, effort-2025-11-24,context-management-2025-06-27"),
        "claude-code-20250219,context-management-2025-06-27",
      );
      assert.equal(
        betas("advanced-tool-use-2025-11-20,tool-search-tool-2025-10-19"),
        "tool-search-tool-2025-10-19",
      );
      assert.equal(betas("prompt-caching-scope-2026-01-05"), undefined);
    });

    it("each of Vertex AI's betas passes, and no other", () => {
      const named = [...VERTEX_BETAS, ...OTHER_BETAS].toSorted().join(",");
      const { request } = ask('{"model":"claude-x","messages":[]}', {
        headers: { "anthropic-beta": named },
      });
      const sent = request.headers.get("anthropic-beta").split(",");
      assert.deepEqual(sent.toSorted(), VERTEX_BETAS.toSorted());
    });

    it("one request's model is not the next one's", () => {
      const mapping = { mine: "claude-opus-5", "g*": "gemini-2.5-pro" };
      const provider = { type: "vertex", apiTokens: ["k"], modelMapping: mapping };
      const proxy = plugin("ai-proxy", { provider }, { build });
      const effort = { max_tokens: 9, messages: [], output_config: { effort: "max" } };
      const sent = (model) => {
        const upstream = jsonUpstream(MESSAGE);
        const body = JSON.stringify({ model, ...effort });
        exchange([proxy], { path: "/v1/messages", headers: HEADERS, body }, upstream);
        return upstream.requests[0];
      };
      const models = ["mine", "claude-haiku-4-5", "mine", "gold", "claude-x", "gold", "mine"];
      for (const model of models) {
        const own = plugin("ai-proxy", { provider }, { build });
        const upstream = jsonUpstream(MESSAGE);
        const body = JSON.stringify({ model, ...effort });
        exchange([own], { path: "/v1/messages", headers: HEADERS, body }, upstream);
        const fresh = upstream.requests[0];
        const request = sent(model);
        assert.equal(request.headers.get(":path"), fresh.headers.get(":path"));
        assert.equal(request.body.toString(), fresh.body.toString());
      }
    });

    it("betas in several lines count as one list", () => {
      const lines = ["context-1m-2025-08-07", "effort-2025-11-24", "claude-code-20250219"];
      const headers = lines.map((line) => ["anthropic-beta", line]);
      const { request } = ask('{"model":"claude-x","messages":[]}', { headers });
      assert.deepEqual(request.headers.all("anthropic-beta"), [
        "claude-code-20250219,context-1m-2025-08-07",
      ]);
      const empty = ask('{"model":"claude-x","messages":[]}', {
        headers: { "anthropic-beta": "" },
      });
      assert.equal(empty.request.headers.get("anthropic-beta"), undefined);
    });

    it("a model of Google's is asked by a chat, as ever", () => {
      const body = JSON.stringify({
        model: "gemini-2.5-pro",
        max_tokens: 5,
        messages: [{ role: "user", content: "hi" }],
      });
      const answer = {
        candidates: [{ content: { parts: [{ text: "Hello" }] }, finishReason: "STOP" }],
      };
      const headers = { "anthropic-beta": "context-1m-2025-08-07" };
      const { request, stream } = ask(body, { headers, upstream: jsonUpstream(answer) });
      assert.match(request.headers.get(":path"), /google\/models\/gemini-2.5-pro:generateContent$/);
      assert.equal(request.headers.get("anthropic-beta"), undefined);
      assert.equal(stream.json.content[0].text, "Hello");
      const count = ask(body, { path: "/v1/messages/count_tokens", headers });
      assert.equal(count.request, undefined);
      assert.ok(count.stream.json.input_tokens > 0);
    });

    it("what is no request is refused in Anthropic's form", () => {
      for (const body of ["{", "[]", '{"model":7}', '{"messages":[]}']) {
        const { request, stream } = ask(body);
        assert.equal(request, undefined, body);
        assert.equal(stream.received.status, 400);
        assert.equal(stream.json.type, "error");
      }
    });

    it("an error of the vendor's stays as it is", () => {
      const error = { type: "error", error: { type: "invalid_request_error", message: "no" } };
      const upstream = jsonUpstream(error, { status: 400 });
      const { stream } = ask('{"model":"claude-x","messages":[]}', { upstream });
      assert.equal(stream.received.status, 400);
      assert.deepEqual(stream.json, error);
    });
  });

  describe(`Bedrock's endpoint for Anthropic's protocol (${build})`, () => {
    const PATH = "/anthropic/v1/messages";
    const HOST = "bedrock-mantle.us-east-1.api.aws";
    const MODEL = "us.anthropic.claude-opus-4-7";
    const ask = (members, body, headers) => {
      const provider = {
        type: "bedrock",
        awsRegion: "us-east-1",
        apiTokens: ["key-1"],
        modelMapping: { mine: MODEL },
        ...members,
      };
      const now = () => Date.UTC(2026, 0, 1);
      const proxy = plugin("ai-proxy", { provider }, { build, now });
      assert.ok(proxy.accepted, proxy.vm.logText());
      const upstream = jsonUpstream(MESSAGE);
      const request = { path: "/v1/messages?beta=true", headers: { ...HEADERS, ...headers }, body };
      const stream = exchange([proxy], request, upstream);
      return { stream, request: upstream.requests[0] };
    };
    const body = '{ "model" : "mine", "max_tokens":1 ,"new":1.0,"messages":[]}';

    for (const members of [
      { providerDomain: HOST },
      { capabilities: { "anthropic/v1/messages": PATH } },
    ]) {
      it(`gets the request as it is: ${Object.keys(members)}`, () => {
        const headers = { "anthropic-beta": "effort-2025-11-24, skills-2025-10-02" };
        const { request, stream } = ask(members, body, headers);
        assert.equal(request.headers.get(":authority"), HOST);
        assert.equal(request.headers.get(":path"), PATH);
        assert.equal(request.body.toString(), body.replace("mine", MODEL));
        assert.equal(request.headers.get("x-api-key"), "key-1");
        assert.equal(request.headers.get("authorization"), undefined);
        assert.equal(request.headers.get("anthropic-version"), "2023-06-01");
        assert.equal(request.headers.get("anthropic-beta"), "effort-2025-11-24");
        assert.equal(stream.text, JSON.stringify(MESSAGE));
      });
    }

    it("is signed for by its own name", () => {
      const keys = {
        apiTokens: undefined,
        awsAccessKey: "AKIDEXAMPLE",
        awsSecretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      };
      const text = '{"model":"claude-m","max_tokens":1,"messages":[]}';
      const { request } = ask({ providerDomain: HOST, ...keys }, text);
      assert.match(
        request.headers.get("authorization"),
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260101\/us-east-1\/bedrock-mantle\/aws4_request, /,
      );
    });

    it("is not asked without the operator's word", () => {
      const { request } = ask({}, body);
      assert.match(request.headers.get(":path"), /\/converse$/);
      assert.equal(request.headers.get("anthropic-version"), undefined);
    });
  });

  describe(`vendors with Anthropic's protocol at a path of their own (${build})`, () => {
    for (const [type, path] of [
      ["zhipuai", "/api/anthropic/v1/messages"],
      ["longcat", "/anthropic/v1/messages"],
      ["openrouter", "/api/v1/messages"],
      ["deepseek", "/anthropic/v1/messages"],
      ["qwen", "/apps/anthropic/v1/messages"],
    ]) {
      it(`${type} gets the request as it is`, () => {
        const body = '{ "model":"m","max_tokens":1,"thinking":{"type":"enabled"},"messages":[]}';
        const proxy = plugin("ai-proxy", { provider: { type, apiTokens: ["key-1"] } }, { build });
        const upstream = jsonUpstream(MESSAGE);
        const request = { path: "/v1/messages", headers: HEADERS, body };
        const stream = exchange([proxy], request, upstream);
        const [sent] = upstream.requests;
        assert.equal(sent.headers.get(":path"), path);
        assert.equal(sent.body.toString(), body);
        assert.equal(sent.headers.get("authorization"), "Bearer key-1");
        assert.equal(sent.headers.get("anthropic-version"), "2023-06-01");
        assert.equal(stream.text, JSON.stringify(MESSAGE));
      });
    }

    it("openrouter gets requests of the Responses API as they are", () => {
      const body = '{ "model":"m","input":"hi","new":1.0}';
      const provider = { type: "openrouter", apiTokens: ["key-1"] };
      const upstream = jsonUpstream({ object: "response", output: [] });
      const request = { path: "/v1/responses", body };
      exchange([plugin("ai-proxy", { provider }, { build })], request, upstream);
      assert.equal(upstream.requests[0].headers.get(":path"), "/api/v1/responses");
      assert.equal(upstream.requests[0].body.toString(), body);
    });
  });
}
