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
  SharedData,
  streamUpstream,
} from "./support.mjs";

const CUSTOM = {
  type: "openai",
  apiTokens: ["sk-1"],
  openaiCustomUrl: "172.17.0.1:8000/v1/chat/completions",
};
/** The same server by its base, so that it has other APIs, too. */
const BASED = { ...CUSTOM, openaiCustomUrl: "172.17.0.1:8000/v1" };

function proxyWith(configuration, options = {}) {
  const proxy = plugin("ai-proxy", configuration, options);
  assert.ok(proxy.accepted, proxy.vm.logText());
  return proxy;
}

for (const build of BUILDS) {
  describe(`ai-proxy (${build})`, () => {
    it("sends the reference configuration's requests to its host and path with its key", () => {
      const proxy = proxyWith({ provider: CUSTOM }, { build });
      const upstream = jsonUpstream();
      const stream = exchange(
        [proxy],
        {
          path: "/any/v1/chat/completions?x=1",
          body: chatBody(),
          headers: {
            authorization: "Bearer client",
            "x-api-key": "client",
            "accept-encoding": "gzip",
          },
        },
        upstream,
      );
      const { headers, body } = upstream.requests[0];
      assert.equal(headers.get(":authority"), "172.17.0.1:8000");
      assert.equal(headers.get(":path"), "/v1/chat/completions");
      assert.equal(headers.get("authorization"), "Bearer sk-1");
      assert.equal(headers.get("x-api-key"), undefined);
      assert.equal(headers.get("accept-encoding"), undefined);
      assert.equal(headers.get("x-envoy-original-path"), undefined);
      assert.equal(headers.get("x-envoy-original-host"), undefined);
      assert.equal(headers.get("x-hi-original-auth"), undefined);
      assert.equal(stream.attribute("ai_proxy_path"), "/any/v1/chat/completions");
      assert.equal(body.toString(), chatBody());
      assert.equal(stream.received.status, 200);
      assert.deepEqual(stream.json, completion());
    });

    it("maps the model without touching another byte, however the body is cut", () => {
      const proxy = proxyWith(
        { provider: { ...CUSTOM, modelMapping: { "gpt-4": "llama-3", "*": "any" } } },
        { build },
      );
      const body =
        '{ "temperature" : 1.0, "model":"gpt-4","stream" :false, "x":[1e-7, "\\u00e9中"], "messages":[{"role":"user","content":"hi"}] }\n';
      for (const length of [true, false]) {
        for (const split of [1, 7, 50, 1000]) {
          const upstream = jsonUpstream();
          exchange([proxy], { body, split, length }, upstream);
          assert.equal(upstream.requests[0].body.toString(), body.replace("gpt-4", "llama-3"));
          assert.equal(
            upstream.requests[0].headers.get("content-length"),
            String(Buffer.byteLength(body) + 2),
          );
        }
      }
    });

    it("sets customSettings before it maps the model, and only in chats", () => {
      const customSettings = [
        { name: "temperature", value: 0.2 },
        { name: "max_tokens", value: 100, overwrite: false },
        { name: "model", value: "gpt-4", mode: "raw" },
        { name: "metadata.team", value: { a: [1] }, mode: "raw" },
        { name: "top_k", value: 5 },
        { value: 5 },
      ];
      const proxy = proxyWith(
        { provider: { ...BASED, customSettings, modelMapping: { "gpt-4": "llama" } } },
        { build },
      );
      assert.match(
        proxy.vm.takeLog(),
        /customSettings\[4\]: "top_k" is not one of .*customSettings\[5\]: needs a name/s,
      );
      const sent = (body, path) => {
        const upstream = jsonUpstream();
        exchange([proxy], { body, path }, upstream);
        return upstream.requests[0].body.toString();
      };
      assert.equal(
        sent(
          '{"model":"x","temperature":1,"max_tokens":7,"messages":[{"role":"user","content":"hi"}]}',
        ),
        '{"model":"llama","temperature":0.2,"max_tokens":7,"messages":[{"role":"user","content":"hi"}],"metadata":{"team":{"a":[1]}}}',
      );
      assert.equal(
        sent('{"model":"gpt-4","input":"x"}', "/v1/embeddings"),
        '{"model":"llama","input":"x"}',
      );
    });

    it("puts responseJsonSchema into chats and firstByteTimeout on streams", () => {
      const responseJsonSchema = { type: "json_schema", json_schema: { name: "x", schema: {} } };
      const proxy = proxyWith(
        { provider: { ...BASED, responseJsonSchema, firstByteTimeout: 5000 } },
        { build },
      );
      assert.equal(proxy.vm.logText(3), "");
      const sent = (body, path) => {
        const upstream = jsonUpstream();
        exchange([proxy], { body, path }, upstream);
        return upstream.requests[0];
      };
      const timeout = (request) => request.headers.get("x-envoy-upstream-rq-first-byte-timeout-ms");
      const plain = sent(chatBody("q", { response_format: { type: "text" } }));
      assert.deepEqual(JSON.parse(plain.body).response_format, responseJsonSchema);
      assert.equal(timeout(plain), undefined);
      assert.equal(timeout(sent(chatBody("q", { stream: true }))), "5000");
      assert.equal(
        JSON.parse(sent('{"model":"m"}', "/v1/completions").body).response_format,
        undefined,
      );
    });

    it("asks streams for their usage and passes them through as they come", () => {
      const proxy = proxyWith({ provider: CUSTOM }, { build });
      const events = completionEvents(["Hel", "lo"]);
      const upstream = streamUpstream(events);
      const stream = exchange([proxy], { body: chatBody("q", { stream: true }) }, upstream);
      assert.deepEqual(JSON.parse(upstream.requests[0].body).stream_options, {
        include_usage: true,
      });
      assert.equal(upstream.requests[0].headers.get("accept"), "text/event-stream");
      assert.deepEqual(stream.received.chunks.map(String), events);
      const silent = proxyWith(
        { provider: { ...CUSTOM, disableStreamUsageStats: true } },
        { build },
      );
      exchange([silent], { body: chatBody("q", { stream: true }) }, upstream);
      assert.equal(JSON.parse(upstream.requests[1].body).stream_options, undefined);
    });

    it("passes the client's own key when it has none", () => {
      const proxy = proxyWith({ provider: { type: "openai" } }, { build });
      const key = (headers) => {
        const upstream = jsonUpstream();
        exchange([proxy], { body: chatBody(), headers }, upstream);
        return upstream.requests[0].headers.get("authorization");
      };
      assert.equal(key({ authorization: "Bearer mine" }), "Bearer mine");
      assert.equal(key({ authorization: "mine" }), "Bearer mine");
      assert.equal(key({ "x-api-key": "other", authorization: "Bearer mine" }), "Bearer other");
      assert.equal(key({}), undefined, "no `Bearer ` with nothing behind it");
      const chosen = proxyWith(
        { provider: { type: "openai", authHeaderKey: "X-My-Key" } },
        { build },
      );
      const upstream = jsonUpstream();
      exchange(
        [chosen],
        { body: chatBody(), headers: { "x-my-key": "k", authorization: "Bearer mine" } },
        upstream,
      );
      assert.equal(upstream.requests[0].headers.get("authorization"), "Bearer k");
      assert.equal(upstream.requests[0].headers.get("x-my-key"), undefined);
    });

    it("spreads requests over its keys and keeps a consumer's files on one", () => {
      const apiTokens = ["t0", "t1", "t2"];
      const proxy = proxyWith({ provider: { type: "openai", apiTokens } }, { build });
      const upstream = jsonUpstream();
      for (let i = 0; i < 200; i++) exchange([proxy], { body: chatBody() }, upstream);
      const used = new Set(
        upstream.requests.map((request) => request.headers.get("authorization")),
      );
      assert.equal(used.size, 3);
      for (let i = 0; i < 5; i++) {
        const files = jsonUpstream();
        exchange(
          [proxy],
          { method: "GET", path: "/v1/files", body: null, headers: { "x-mse-consumer": "alice" } },
          files,
        );
        assert.equal(
          files.requests[0].headers.get("authorization"),
          "Bearer t2",
          "FNV-1a of alice modulo 3",
        );
      }
    });

    it("answers in JSON where it cannot go on", () => {
      const proxy = proxyWith({ provider: CUSTOM }, { build });
      const upstream = jsonUpstream();
      const cases = [
        [{ body: '{"model":' }, 400, "invalid_json"],
        [{ body: "[]" }, 400, "invalid_json"],
        [{ body: '{"model":{}}' }, 400, "invalid_json"],
        [{ body: "[".repeat(5000) }, 400, "invalid_json"],
        [{ body: Buffer.from([0x22, 0xff, 0x22]) }, 400, "invalid_json"],
        [{ body: "x", headers: { "content-length": "104857601" } }, 413, "request_too_large"],
        [{ body: chatBody(), length: false, trailers: true }, 400, "request_trailers"],
      ];
      for (const [request, status, code] of cases) {
        const stream = exchange([proxy], request, upstream);
        assert.equal(stream.received.status, status, code);
        assert.equal(stream.received.headers.get("content-type"), "application/json");
        assert.equal(stream.json.error.code, code);
        assert.equal(typeof stream.json.error.message, "string");
      }
      assert.equal(upstream.requests.length, 0, "nothing went upstream with our key");
      const anthropic = exchange([proxy], { path: "/v1/complete", body: "{}" }, upstream);
      assert.equal(anthropic.received.status, 404);
      assert.equal(anthropic.json.type, "error");
      assert.equal(anthropic.json.error.type, "not_found_error");
    });

    it("leaves bodies alone that it has no reason to read", () => {
      const proxy = proxyWith({ provider: { ...BASED, modelMapping: { "*": "x" } } }, { build });
      for (const request of [
        { path: "/v1/unknown", body: "not json" },
        {
          path: "/v1/chat/completions",
          body: "not json",
          headers: { "content-type": "text/plain" },
        },
        {
          path: "/v1/audio/transcriptions",
          body: "--b\r\n",
          headers: { "content-type": "multipart/form-data; boundary=b" },
        },
      ]) {
        const upstream = jsonUpstream();
        exchange([proxy], request, upstream);
        assert.equal(upstream.requests[0].body.toString(), request.body);
      }
      const original = proxyWith(
        { provider: { ...CUSTOM, protocol: "original", modelMapping: { "*": "x" } } },
        { build },
      );
      const upstream = jsonUpstream();
      exchange([original], { body: "{broken" }, upstream);
      assert.equal(upstream.requests[0].body.toString(), "{broken");
      assert.equal(upstream.requests[0].headers.get("authorization"), "Bearer sk-1");
    });

    it("turns upstream errors that are no JSON into JSON, and leaves JSON ones alone", () => {
      const proxy = proxyWith({ provider: CUSTOM }, { build });
      const html = exchange([proxy], { body: chatBody() }, () => ({
        status: 502,
        headers: { "content-type": "text/html", "content-length": "12" },
        chunks: ["<html>", "x</html>".slice(0, 6)],
      }));
      assert.equal(html.received.status, 502);
      assert.equal(html.received.headers.get("content-type"), "application/json");
      assert.deepEqual(html.json.error, {
        message: "the model's service answered with status 502",
        type: "server_error",
        param: null,
        code: "upstream_error",
      });
      const own = exchange(
        [proxy],
        { body: chatBody() },
        jsonUpstream({ error: { message: "quota", type: "x", code: "y" } }, { status: 429 }),
      );
      assert.equal(own.received.status, 429);
      assert.equal(own.json.error.message, "quota");
    });

    it("picks providers by rule and answers for a bad one", () => {
      expectLog(
        /disabled: _rules_\[1\]\.provider\.type: unknown provider type: nobody; there are ai360, .*zhipuai$/,
      );
      const proxy = proxyWith(
        {
          providers: [
            { id: "a", type: "openai", apiTokens: ["ta"], providerDomain: "a.example" },
            { id: "b", type: "openai", apiTokens: ["tb"], providerDomain: "b.example" },
          ],
          activeProviderId: "a",
          _rules_: [
            { _match_route_: ["to-b"], activeProviderId: "b" },
            { _match_route_: ["bad"], provider: { type: "nobody", apiTokens: ["secret-token"] } },
            { _match_route_: ["off"] },
          ],
        },
        { build },
      );
      const via = (route) => {
        const upstream = jsonUpstream();
        const stream = exchange([proxy], { body: chatBody() }, upstream, {
          properties: { "xds.route_name": route },
        });
        return { stream, headers: upstream.requests[0]?.headers };
      };
      assert.equal(via("other").headers.get(":authority"), "a.example");
      assert.equal(via("to-b").headers.get("authorization"), "Bearer tb");
      const bad = via("bad");
      assert.equal(bad.headers, undefined);
      assert.equal(bad.stream.received.status, 500);
      assert.match(bad.stream.json.error.message, /unknown provider type: nobody/);
      assert.doesNotMatch(bad.stream.text + proxy.vm.logText(), /secret-token/);
      const off = via("off");
      assert.equal(off.headers.get(":authority"), "gateway.example");
      assert.equal(off.headers.get("authorization"), undefined);
    });

    it("counts by provider, model and status within bounds", () => {
      const proxy = proxyWith({ provider: { ...CUSTOM, id: "main" } }, { build });
      exchange([proxy], { body: chatBody() }, jsonUpstream());
      exchange([proxy], { body: "[]" }, jsonUpstream());
      for (let i = 0; i < 2000; i++)
        exchange([proxy], { body: chatBody("q", { model: `made-up-${i}` }) }, jsonUpstream());
      const names = [...proxy.vm.metrics.keys()];
      assert.equal(
        proxy.vm.metrics.get(
          "ai_proxy_requests_total.provider=.=main;.;.model=.=gpt-4;.;.status=.=200;.;",
        ),
        1,
      );
      assert.equal(
        proxy.vm.metrics.get(
          "ai_proxy_requests_total.provider=.=main;.;.model=.=none;.;.status=.=400;.;",
        ),
        1,
      );
      assert.ok(names.length < 2 * 512 + 20, `${names.length} series`);
    });
  });
}

describe("ai-proxy behind ai-cache", () => {
  const chain = () => {
    const options = { shared: new SharedData() };
    return [
      plugin("ai-cache", {}, options),
      plugin("ai-proxy", { provider: { ...CUSTOM, modelMapping: { "*": "llama" } } }, options),
    ];
  };

  it("answers a hit without asking the provider", () => {
    const filters = chain();
    const upstream = jsonUpstream();
    exchange(filters, { body: chatBody() }, upstream);
    const hit = exchange(filters, { body: chatBody() }, upstream);
    assert.equal(hit.received.headers.get("cache-status"), "ai-cache; hit");
    assert.equal(upstream.requests.length, 1);
  });

  it("never stores what ai-proxy answers or rewrites as an error", () => {
    const filters = chain();
    const refused = exchange(filters, { body: chatBody("x", { model: "" }) }, () => ({
      status: 503,
      headers: { "content-type": "text/plain" },
      chunks: ["no healthy upstream"],
    }));
    assert.equal(refused.received.status, 503);
    assert.equal(refused.json.error.type, "server_error");
    assert.equal(refused.attribute("ai_cache_store"), "answer-status");
  });

  it("lets a client go at any moment", () => {
    const filters = chain();
    for (let at = 0; at < 4; at++) {
      const stream = exchange(
        filters,
        { body: chatBody(`q${at}`, { stream: true }) },
        at < 2 ? () => null : streamUpstream(completionEvents(["x"]), { cut: true }),
      );
      stream.abort();
    }
    assert.equal(exchange(filters, { body: chatBody() }, jsonUpstream()).received.status, 200);
  });
});
