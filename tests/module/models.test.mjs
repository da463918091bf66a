/** Several providers of which the requested model chooses one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, chatBody, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const PROVIDERS = [
  { id: "openai", type: "openai", apiTokens: ["k-openai"], models: ["gpt-*", "o3"] },
  {
    id: "claude",
    type: "claude",
    apiTokens: ["k-claude"],
    models: ["claude-*"],
    modelMapping: { "claude-best": "claude-opus-5", other: "x" },
  },
  { id: "late", type: "groq", apiTokens: ["k-late"], models: ["gpt-oss-*", "*llama*"] },
  { id: "gemini", type: "gemini", apiTokens: ["k-gemini"], models: ["gemini-*"] },
  { id: "any", type: "mistral", apiTokens: ["k-any"] },
];
const HEADER = "x-ai-proxy-provider";

for (const build of BUILDS) {
  const start = (configuration = {}) => {
    const proxy = plugin("ai-proxy", { providers: PROVIDERS, ...configuration }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const ask = (request, configuration, options) => {
    const upstream = jsonUpstream();
    const stream = exchange([start(configuration)], request, upstream, options);
    const [sent] = upstream.requests;
    return { stream, sent, header: (name) => sent?.headers.get(name) };
  };
  const chat = (model, request = {}, configuration = {}) =>
    ask({ body: chatBody("q", { model }), ...request }, configuration);

  describe(`models that choose their provider (${build})`, () => {
    it("the first pattern that matches counts, and host, key and route follow", () => {
      for (const [model, id, host, key] of [
        ["gpt-5", "openai", "api.openai.com", ["authorization", "Bearer k-openai"]],
        ["GPT-5", "openai", "api.openai.com", ["authorization", "Bearer k-openai"]],
        ["o3", "openai", "api.openai.com", ["authorization", "Bearer k-openai"]],
        ["gpt-oss-120b", "openai", "api.openai.com", ["authorization", "Bearer k-openai"]],
        ["meta-llama/Llama-3", "late", "api.groq.com", ["authorization", "Bearer k-late"]],
        ["claude-opus-5", "claude", "api.anthropic.com", ["x-api-key", "k-claude"]],
        [
          "gemini-3-pro",
          "gemini",
          "generativelanguage.googleapis.com",
          ["x-goog-api-key", "k-gemini"],
        ],
      ]) {
        const { header, sent } = chat(model);
        assert.equal(header(HEADER), id, model);
        assert.equal(header(":authority"), host);
        assert.equal(header(key[0]), key[1]);
        if (host === "api.openai.com") assert.equal(sent.body.toString(), chatBody("q", { model }));
      }
    });

    it("a client's own route headers are ignored", () => {
      const headers = { [HEADER]: "claude" };
      assert.equal(chat("gpt-5", { headers }).header(HEADER), "openai");
      const providers = [{ ...PROVIDERS[0], forwardHeaders: [] }];
      assert.equal(chat("gpt-5", { headers }, { providers }).header(HEADER), "openai");
    });

    it("a provider is named in front of the model, which goes without the name", () => {
      for (const [asked, id, model] of [
        ["openai/gpt-4o", "openai", "gpt-4o"],
        ["any/mistral-large", "any", "mistral-large"],
        ["any/a/b", "any", "a/b"],
        ["late/x-llama", "late", "x-llama"],
        ["claude/claude-best", "claude", "claude-opus-5"],
      ]) {
        for (const options of [{}, { split: 7 }, { length: false, split: 11 }]) {
          const body = `{"model" : ${JSON.stringify(asked)},"messages":[{"role":"user","content":"q"}]}`;
          const { header, sent } = ask({ body, ...options });
          assert.equal(header(HEADER), id, asked);
          assert.equal(JSON.parse(sent.body).model, model);
          assert.equal(header("content-length"), String(sent.body.length));
          if (id === "any") assert.equal(sent.body.toString(), body.replace(asked, model));
        }
      }
      const { stream, sent } = chat("openai/llama");
      assert.equal(sent?.headers.get(HEADER), "late", "no model of openai's, but one of late's");
      assert.equal(stream.received.status, 200);
    });

    it("a model that nobody has is 404 in the client's protocol", () => {
      const message = "no provider has the model nobodys";
      for (const [path, headers, told] of [
        ["/v1/chat/completions", {}, (json) => [json.error.code, json.error.message]],
        ["/v1/responses", {}, (json) => [json.error.code, json.error.message]],
        ["/v1/embeddings", {}, (json) => [json.error.code, json.error.message]],
      ]) {
        const body = JSON.stringify({ model: "nobodys", input: "x", messages: [] });
        const { stream, sent } = ask({ path, headers, body });
        assert.equal(sent, undefined);
        assert.equal(stream.received.status, 404);
        assert.deepEqual(told(stream.json), ["model_not_found", message]);
      }
      const { json } = ask({ path: "/v1/messages", body: '{"model":"nobodys"}' }).stream;
      assert.deepEqual(
        [json.type, json.error.type, json.error.message],
        ["error", "not_found_error", message],
      );
      const google = ask({ path: "/v1beta/models/nobodys:generateContent", body: "{}" }).stream;
      assert.deepEqual([google.received.status, google.json.error.status], [404, "NOT_FOUND"]);
    });

    it("a request that names no model is 404, or goes to the provider that is chosen anyway", () => {
      for (const request of [
        { body: '{"messages":[]}' },
        { body: "[]" },
        { body: "no JSON" },
        { body: "{}", headers: { "content-encoding": "gzip" } },
        { path: "/v1/files", method: "GET", body: null },
        { body: JSON.stringify({ model: "m".repeat(3000) }) },
        { body: JSON.stringify({ model: 7 }) },
      ]) {
        const { stream, sent } = ask(request);
        assert.equal(sent, undefined, JSON.stringify(request).slice(0, 80));
        assert.equal(stream.received.status, 404);
        assert.equal(stream.json.error.code, "model_not_found");
      }
      const files = ask(
        { path: "/v1/files", method: "GET", body: null },
        { activeProviderId: "openai" },
      );
      assert.equal(files.header(HEADER), "openai");
      const other = chat("nobodys", {}, { activeProviderId: "any" });
      assert.deepEqual(
        [other.header(HEADER), JSON.parse(other.sent.body).model],
        ["any", "nobodys"],
      );
      assert.equal(chat("gpt-5", {}, { activeProviderId: "any" }).header(HEADER), "openai");
    });

    it("Google's clients name the model in the path", () => {
      const body = '{"contents":[{"role":"user","parts":[{"text":"q"}]}]}';
      const own = ask({ path: "/v1beta/models/gemini-3-pro:generateContent", body });
      assert.equal(own.header(HEADER), "gemini");
      assert.equal(own.header(":path"), "/v1beta/models/gemini-3-pro:generateContent");
      const other = ask({ path: "/v1beta/models/gpt-5:generateContent", body });
      assert.equal(other.header(HEADER), "openai");
      assert.equal(JSON.parse(other.sent.body).model, "gpt-5");
    });

    it("a form names it, too", () => {
      const body =
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n' +
        '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nopenai/gpt-4o-transcribe\r\n--b--\r\n';
      const headers = { "content-type": "multipart/form-data; boundary=b" };
      const { header, sent } = ask({ path: "/v1/audio/transcriptions", body, headers });
      assert.equal(header(HEADER), "openai");
      assert.equal(sent.body.toString(), body.replace("openai/", ""));
      assert.equal(header("content-length"), String(sent.body.length));
    });

    it("models are listed as far as they are named", () => {
      const { stream, sent } = ask({ path: "/v1/models", method: "GET", body: null });
      assert.equal(sent, undefined);
      assert.equal(stream.json.object, "list");
      assert.deepEqual(
        stream.json.data.map(({ id, object, type, owned_by }) => [id, object, type, owned_by]),
        [
          ["o3", "model", "model", "openai"],
          ["claude-best", "model", "model", "claude"],
        ],
      );
      assert.equal(stream.json.has_more, false);
      const root = ask({ path: "/", method: "GET", body: null }).stream;
      assert.deepEqual(root.json, { status: "ok" });
    });

    it("a provider with a fault answers for its models alone", () => {
      expectLog(/disabled: providers\[1\]\.awsRegion/);
      const providers = [
        PROVIDERS[0],
        { id: "aws", type: "bedrock", apiTokens: ["k"], models: ["nova*"] },
      ];
      const bad = chat("nova-pro", {}, { providers });
      assert.equal(bad.stream.received.status, 500);
      assert.equal(bad.stream.json.error.code, "invalid_configuration");
      expectLog(/disabled: providers\[1\]\.awsRegion/);
      assert.equal(chat("gpt-5", {}, { providers }).header(HEADER), "openai");
    });

    it("a rule chooses one provider, or has its own to choose among", () => {
      const rules = [
        { _match_route_: ["one"], activeProviderId: "claude" },
        { _match_route_: ["own"], providers: [{ ...PROVIDERS[4], models: ["gpt-*"] }] },
        { _match_route_: ["none"] },
      ];
      const at = (route, model) =>
        ask(
          { body: chatBody("q", { model }) },
          { _rules_: rules },
          {
            properties: { "xds.route_name": route },
          },
        );
      const one = at("one", "gpt-5");
      assert.equal(one.header(":authority"), "api.anthropic.com");
      assert.equal(one.header(HEADER), undefined);
      assert.equal(at("own", "gpt-5").header(":authority"), "api.mistral.ai");
      assert.equal(at("own", "claude-opus-5").stream.received.status, 404);
      assert.notEqual(at("none", "gpt-5").header(":authority"), "api.openai.com");
      assert.equal(at("other", "gpt-5").header(":authority"), "api.openai.com");
    });

    it("a setting that needs the cluster earlier is reported to have no effect", () => {
      const retryOnFailure = { enabled: true };
      const failover = { enabled: true, healthCheckModel: "m" };
      expectLog(/retryOnFailure of a has no effect/, /healthCheckModel of a has no effect/);
      start({ providers: [{ ...PROVIDERS[0], id: "a", retryOnFailure, failover }] });
      expectLog(/models select no provider in an upstream filter/);
      const proxy = start({ upstreamFilter: true, activeProviderId: "any" });
      const upstream = jsonUpstream();
      exchange([proxy], { body: chatBody("q", { model: "gpt-5" }) }, upstream);
      assert.equal(upstream.requests[0].headers.get(":authority"), "api.mistral.ai");
    });
  });
}
