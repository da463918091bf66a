/** Google's clients ask which models there are, of every provider. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allowLog, BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const OPENAI = { object: "list", data: [{ id: "gpt-5", object: "model" }, { id: "o3" }, {}] };
const ANTHROPIC = { data: [{ type: "model", id: "claude-opus-5" }], has_more: false };
const entry = (id) => ({
  name: `models/${id}`,
  displayName: id,
  supportedGenerationMethods: ["generateContent", "countTokens"],
});

for (const build of BUILDS) {
  const ask = (type, path, answer, { status, config = {} } = {}) => {
    const provider = { type, apiTokens: ["key-1"], ...config };
    const proxy = plugin("ai-proxy", { provider }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    const upstream = jsonUpstream(answer, { status });
    const headers = { "x-goog-api-key": "client" };
    const stream = exchange([proxy], { method: "GET", path, headers, body: null }, upstream);
    return { stream, request: upstream.requests[0] };
  };

  describe(`models for Google's clients (${build})`, () => {
    for (const [type, path, answer, ids] of [
      ["openai", "/v1/models", OPENAI, ["gpt-5", "o3"]],
      ["groq", "/openai/v1/models", OPENAI, ["gpt-5", "o3"]],
      ["claude", "/v1/models", ANTHROPIC, ["claude-opus-5"]],
    ]) {
      it(`${type}: the list, and one of it`, () => {
        const list = ask(type, "/v1beta/models?pageSize=50&key=client", answer);
        assert.equal(list.request.headers.get(":path"), path);
        assert.equal(list.request.headers.get("x-goog-api-key"), undefined);
        assert.deepEqual(list.stream.json, { models: ids.map(entry) });
        const one = ask(type, `/v1beta/models/${ids[0]}`, answer);
        assert.equal(one.request.headers.get(":path"), path);
        assert.deepEqual(one.stream.json, entry(ids[0]));
        const none = ask(type, "/v1beta/models/unknown", answer);
        assert.equal(none.stream.received.status, 404);
        assert.equal(none.stream.json.error.status, "NOT_FOUND");
      });
    }

    it("gemini: as it is, with the provider's key", () => {
      for (const path of ["/v1beta/models?pageSize=5", "/v1beta/models/gemini-2.5-pro"]) {
        const answer = { models: [{ name: "models/a", inputTokenLimit: 1 }] };
        const { stream, request } = ask("gemini", path, answer);
        assert.equal(request.headers.get(":path"), path);
        assert.equal(request.headers.get("x-goog-api-key"), "key-1");
        assert.deepEqual(stream.json, answer);
      }
    });

    it("a provider without a list, an error and what is no list are told in Google's form", () => {
      const without = ask("perplexity", "/v1beta/models", OPENAI);
      assert.equal(without.request, undefined);
      assert.equal(without.stream.json.error.code, 404);
      const refused = { error: { message: "no key", type: "x" } };
      const failed = ask("openai", "/v1beta/models", refused, { status: 401 });
      assert.equal(failed.stream.received.status, 401);
      assert.match(failed.stream.json.error.message, /no key/);
      for (const answer of [{}, { data: 7 }, []]) {
        const bad = ask("openai", "/v1beta/models", answer);
        assert.ok(bad.stream.received.status >= 400, JSON.stringify(answer));
        assert.ok(bad.stream.json.error.message);
      }
    });

    it("other methods and actions there are no lists: they need allowedPaths", () => {
      allowLog(/is no API of provider gemini/);
      for (const path of ["/v1beta/models", "/v1beta/models/m:predict"]) {
        const provider = { type: "gemini", apiTokens: ["k"] };
        const proxy = plugin("ai-proxy", { provider }, { build });
        const upstream = jsonUpstream({});
        const headers = { "content-type": "application/json" };
        const stream = exchange([proxy], { method: "POST", path, headers, body: "{}" }, upstream);
        assert.equal(upstream.requests.length, 0, path);
        assert.equal(stream.received.status, 404);
      }
    });

    it("other clients' paths stay as they are", () => {
      const { stream, request } = ask("openai", "/v1/models", OPENAI);
      assert.equal(request.headers.get(":path"), "/v1/models");
      assert.deepEqual(stream.json, OPENAI);
    });
  });
}
