/** Google's clients ask which models there are, of every provider. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allowLog, BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const OPENAI = { object: "list", data: [{ id: "gpt-5", object: "model" }, { id: "o3" }, {}] };
const ANTHROPIC = { data: [{ type: "model", id: "claude-opus-5" }], has_more: false };
/** Fixed, and so is with it which key is drawn when. */
const NOW = 1_700_000_000_000;
const entry = (id) => ({
  name: `models/${id}`,
  displayName: id,
  supportedGenerationMethods: ["generateContent", "countTokens"],
});

for (const build of BUILDS) {
  const ask = (type, path, answer, { status, config = {}, headers: own } = {}) => {
    const provider = { type, apiTokens: ["key-1"], ...config };
    const proxy = plugin("ai-proxy", { provider }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    const upstream = jsonUpstream(answer, { status });
    const headers = own ?? { "x-goog-api-key": "client" };
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

    it("a provider without a list, an error and what is not a list become errors in Google's form", () => {
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
      allowLog(/is not an API of provider gemini/);
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

    for (const [name, headers, query] of [
      ["the key in a header", { "x-goog-api-key": "client" }, ""],
      ["the library's name", { "x-goog-api-client": "google-genai-sdk/1.0" }, ""],
      ["the key in the query", {}, "?key=client"],
      ["the key among parameters", {}, "?pageSize=50&key=client"],
    ]) {
      it(`/v1/models means Google's list with ${name}`, () => {
        const list = ask("openai", `/v1/models${query}`, OPENAI, { headers });
        assert.equal(list.request.headers.get(":path"), "/v1/models");
        assert.equal(list.request.headers.get("authorization"), "Bearer key-1");
        assert.equal(list.request.headers.get("x-goog-api-key"), undefined);
        assert.deepEqual(list.stream.json, { models: ["gpt-5", "o3"].map(entry) });
        const one = ask("openai", `/v1/models/o3${query}`, OPENAI, { headers });
        assert.equal(one.request.headers.get(":path"), "/v1/models");
        assert.deepEqual(one.stream.json, entry("o3"));
        const own = { models: [{ name: "models/a", inputTokenLimit: 1 }] };
        for (const path of ["/v1/models", "/v1/models/gemini-2.5-pro"]) {
          const { stream, request } = ask("gemini", path + query, own, { headers });
          const target = path.replace("/v1/", "/v1beta/") + query.replace(/[?&]key=client/, "");
          assert.equal(request.headers.get(":path"), target);
          assert.equal(request.headers.get("x-goog-api-key"), "key-1");
          assert.deepEqual(stream.json, own);
        }
      });
    }

    it("other clients' paths stay as they are", () => {
      for (const [headers, query, sent = query] of [
        [{ authorization: "Bearer client" }, ""],
        [{ authorization: "Bearer client" }, "?key=client", ""],
        [{ "x-api-key": "client" }, "?limit=5"],
        [{}, "?monkey=1&keys=2"],
      ]) {
        const { stream, request } = ask("openai", `/v1/models${query}`, OPENAI, { headers });
        assert.equal(request.headers.get(":path"), `/v1/models${sent}`);
        assert.deepEqual(stream.json, OPENAI);
        const one = ask("openai", `/v1/models/o3${query}`, { id: "o3" }, { headers });
        assert.equal(one.request.headers.get(":path"), `/v1/models/o3${sent}`);
        assert.deepEqual(one.stream.json, { id: "o3" });
      }
    });

    it("ai-cache keeps Google's list and others apart at one path", () => {
      const cache = plugin(
        "ai-cache",
        { cacheable: ["models"], tenant: { from: "shared" } },
        { build },
      );
      const provider = { type: "openai", apiTokens: ["k"] };
      const proxy = plugin("ai-proxy", { provider }, { build, shared: cache.vm.shared });
      const upstream = jsonUpstream(OPENAI);
      const get = (headers) =>
        exchange(
          [cache, proxy],
          { method: "GET", path: "/v1/models", headers, body: null, anonymous: true },
          upstream,
        ).json;
      const googles = { models: ["gpt-5", "o3"].map(entry) };
      for (let round = 0; round < 3; round++) {
        assert.deepEqual(get({ "x-goog-api-key": "a" }), googles);
        assert.deepEqual(get({ authorization: "Bearer a" }), OPENAI);
      }
      assert.equal(upstream.requests.length, 2);
    });

    it("a model that is deleted is not Google's list", () => {
      const proxy = plugin(
        "ai-proxy",
        { provider: { type: "openai", apiTokens: ["k"] } },
        { build },
      );
      const upstream = jsonUpstream({ id: "ft", deleted: true });
      const headers = { "x-goog-api-key": "client" };
      const request = { method: "DELETE", path: "/v1/models/ft", headers, body: null };
      const stream = exchange([proxy], request, upstream);
      assert.equal(upstream.requests[0].headers.get(":path"), "/v1/models/ft");
      assert.deepEqual(stream.json, { id: "ft", deleted: true });
    });

    it("a failed list is asked for again, and a key that has failed is left out", () => {
      const provider = {
        type: "openai",
        apiTokens: ["a", "b"],
        retryOnFailure: { enabled: true, maxRetries: 2 },
        failover: { enabled: true, failureThreshold: 1, healthCheckModel: "m" },
      };
      for (const path of ["/v1beta/models", "/v1/models", "/v1beta/models/o3", "/v1/models/o3"]) {
        allowLog(/key|token/i);
        const proxy = plugin("ai-proxy", { provider }, { build, now: () => NOW });
        const keys = [];
        const answerTo = (key) => {
          keys.push(key);
          const isGood = key === "Bearer b";
          const headers = { "content-type": "application/json" };
          const body = JSON.stringify(isGood ? OPENAI : { error: { message: "no" } });
          return { status: isGood ? 200 : 401, headers, body };
        };
        const upstream = ({ headers }) => {
          const { body, ...answer } = answerTo(headers.get("authorization"));
          return { ...answer, chunks: [body] };
        };
        proxy.vm.onHttpCall = () => 0;
        for (let round = 0; round < 8; round++) {
          const headers = { "x-goog-api-key": "client" };
          const stream = exchange([proxy], { method: "GET", path, headers, body: null }, upstream);
          for (const [token, call] of [...proxy.vm.calls]) {
            const answer = answerTo(call.headers.get("authorization"));
            assert.equal(call.headers.get(":path"), "/v1/models");
            proxy.vm.answer(token, answer);
          }
          const wanted = path.endsWith("o3") ? entry("o3") : { models: ["gpt-5", "o3"].map(entry) };
          assert.equal(stream.received.status, 200);
          assert.deepEqual(stream.json, wanted);
        }
        assert.equal(keys.filter((key) => key === "Bearer a").length, 1, path);
      }
    });
  });
}
