/**
 * Requests that ai-proxy answers itself: status, code, `response_code_details`, header lines, and how often
 * each code is counted. Logs and alerts are made of these words.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import { chatBody, CREDENTIAL, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const HEADERS = "ai-proxy.proc_req_headers_failed";
const BODY = "ai-proxy.proc_req_body_failed";
const GATEWAY = "ai-proxy.answered_by_gateway";

const get = (path, method = "GET", headers = {}) => ({ method, path, headers, body: null });
const openai = { type: "openai", apiTokens: ["k"], modelMapping: { "gpt-4": "m" } };
const models = [{ id: "a", type: "openai", apiTokens: ["k"], models: ["gpt-9"] }];
const disabled = { id: "b", type: "bedrock", apiTokens: ["k"], models: ["gpt-4"] };
const gemini = { type: "gemini", apiTokens: ["k"] };
const context = { fileUrl: "http://files/a.txt", serviceName: "files.dns", servicePort: 80 };
const counts = { path: "/v1/messages/count_tokens" };
const twice = { model: "m", messages: [{ role: "user", content: "hello there" }] };

/** What is asked, status, code, details. `configuration`: of ai-proxy, else `provider`. */
const CASES = {
  "a provider whose configuration is wrong": [
    { configuration: { providers: [...models, disabled] } },
    [500, "invalid_configuration", HEADERS],
  ],
  "an API that the vendor has not": [
    { provider: { type: "deepseek", apiTokens: ["k"] }, path: "/v1/images/generations" },
    [404, "unsupported_api", HEADERS],
  ],
  "a model that nobody has": [
    { configuration: { providers: models } },
    [404, "model_not_found", HEADERS],
  ],
  "a request that names no model": [
    { configuration: { providers: models }, body: "{}" },
    [404, "model_not_found", HEADERS],
  ],
  "a path of no API": [{ ...get("/v1/nothing") }, [404, "unsupported_api", HEADERS]],
  "a method of no answer": [
    { ...get("/v1/responses"), provider: { type: "deepseek", apiTokens: ["k"] } },
    [405, "unsupported_api", HEADERS],
  ],
  "a WebSocket": [
    { ...get("/v1/responses", "GET", { upgrade: "websocket" }) },
    [426, "unsupported_api", HEADERS],
  ],
  "a path that servers read in different ways": [
    { ...get("/v1/a%2f..") },
    [400, "invalid_path", HEADERS],
  ],
  "a body that is no JSON": [{ body: "{" }, [400, "invalid_json", BODY]],
  "a body in another form than JSON": [
    {
      provider: { type: "claude", apiTokens: ["k"] },
      body: "x",
      headers: { "content-type": "text/plain" },
    },
    [400, "invalid_request", BODY],
  ],
  "tokens of a body that is not read": [
    { ...counts, body: JSON.stringify(twice), headers: { "content-encoding": "gzip" } },
    [400, "invalid_request", BODY, "anthropic"],
  ],
  "a body without a model where the path has to name it": [
    { provider: gemini, body: JSON.stringify({ messages: twice.messages }) },
    [400, "invalid_request", BODY],
  ],
  "no body where the path has to name the model": [
    { provider: gemini, body: null },
    [400, "invalid_request", BODY],
  ],
  "trailers behind a body that the host does not take back": [
    { body: chatBody("x".repeat(40_000)), length: false, trailers: true, split: 9_000 },
    [400, "request_trailers", BODY],
  ],
  "a body above the limit, by its length": [
    {
      configuration: { provider: openai, maxRequestBytes: 1000 },
      body: chatBody("x".repeat(1000)),
    },
    [413, "request_too_large", "request_payload_too_large"],
  ],
  "a body above the limit, by its pieces": [
    {
      configuration: { provider: openai, maxRequestBytes: 1000 },
      body: chatBody("x".repeat(1000)),
      length: false,
      split: 300,
    },
    [413, "request_too_large", "request_payload_too_large"],
  ],
};

describe("requests that ai-proxy answers itself", () => {
  const counted = (proxy) =>
    [...proxy.vm.metrics].filter(([name]) => name.startsWith("ai_proxy_refusals_total."));

  for (const [name, [{ configuration, provider = openai, ...request }, expected]] of Object.entries(
    CASES,
  )) {
    it(name, () => {
      const [status, code, details, protocol] = expected;
      if (code === "invalid_configuration") expectLog(/disabled: /);
      if (name === "a path of no API") expectLog(/is not an API of provider openai and refused/);
      const proxy = plugin("ai-proxy", configuration ?? { provider });
      const upstream = jsonUpstream();
      const stream = exchange([proxy], { body: chatBody(), ...request }, upstream);
      assert.equal(upstream.requests.length, 0, "nothing goes to the vendor");
      assert.equal(stream.received.status, status);
      assert.equal(stream.details, details);
      assert.equal(stream.received.headers.get("content-type"), "application/json");
      if (protocol === undefined) assert.equal(stream.json.error.code, code);
      else assert.equal(stream.json.type, "error");
      assert.deepEqual(counted(proxy), [[`ai_proxy_refusals_total.code=.=${code};.;`, 1]]);
    });
  }

  it("a model that nobody has is named, cut where it is long", () => {
    const message = (model) => {
      const proxy = plugin("ai-proxy", { providers: models });
      const body = JSON.stringify({ model, messages: [] });
      return exchange([proxy], { body }, jsonUpstream()).json.error.message;
    };
    assert.equal(message("x".repeat(128)), `no provider has the model ${"x".repeat(128)}`);
    assert.equal(message("x".repeat(129)), `no provider has the model ${"x".repeat(128)}`);
    assert.equal(message(""), "the request has no model, which selects the provider");
  });

  it("which methods there are", () => {
    const proxy = plugin("ai-proxy", { provider: openai });
    const options = exchange([proxy], get("/v1/models", "OPTIONS"), jsonUpstream());
    assert.equal(options.received.status, 204);
    assert.equal(options.details, GATEWAY);
    assert.equal(
      options.received.headers.get("allow"),
      "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    );
    assert.equal(options.text, "");
    const wrong = exchange([proxy], get("/v1/responses", "PUT"), jsonUpstream());
    assert.equal(wrong.received.status, 200, "the vendor knows what it has");
    const deepseek = plugin("ai-proxy", { provider: { type: "deepseek", apiTokens: ["k"] } });
    const post = exchange([deepseek], get("/v1/responses", "PUT"), jsonUpstream());
    assert.equal(post.received.headers.get("allow"), "POST");
    assert.equal(post.received.headers.get("upgrade"), undefined);
    assert.equal(post.json.error.message, "this API requires POST");
    const socket = get("/v1/responses", "GET", { upgrade: "websocket" });
    const upgrade = exchange([deepseek], socket, jsonUpstream());
    assert.equal(upgrade.received.headers.get("upgrade"), "HTTP/1.1");
    assert.equal(upgrade.received.headers.get("allow"), undefined);
    assert.match(upgrade.json.error.message, /^WebSocket is not supported here/);
    assert.deepEqual(counted(proxy), []);
  });

  it("whether the gateway lives", () => {
    for (const configuration of [{ provider: openai }, { providers: models }]) {
      const proxy = plugin("ai-proxy", configuration);
      const stream = exchange([proxy], get("/"), jsonUpstream());
      assert.equal(stream.received.status, 200);
      assert.equal(stream.details, GATEWAY);
      assert.equal(stream.received.headers.get("content-type"), "application/json");
      assert.equal(stream.text, '{"status":"ok"}');
      assert.deepEqual(counted(proxy), []);
    }
  });

  it("which models choose a provider", () => {
    const stream = exchange(
      [plugin("ai-proxy", { providers: models })],
      get("/v1/models"),
      jsonUpstream(),
    );
    assert.equal(stream.received.status, 200);
    assert.equal(stream.details, GATEWAY);
    assert.equal(stream.received.headers.get("content-type"), "application/json");
    assert.deepEqual(
      stream.json.data.map(({ id }) => id),
      ["gpt-9"],
    );
  });

  it("how many tokens a request has, where the vendor does not count", () => {
    const proxy = plugin("ai-proxy", { provider: openai });
    const request = { ...counts, body: JSON.stringify({ ...twice, max_tokens: 9 }) };
    const stream = exchange([proxy], request, jsonUpstream());
    assert.equal(stream.received.status, 200);
    assert.equal(stream.details, "ai_proxy_token_estimate");
    assert.equal(stream.received.headers.get("content-type"), "application/json");
    assert.deepEqual(Object.keys(stream.json), ["input_tokens"]);
    assert.ok(stream.json.input_tokens > 0);
    assert.deepEqual(counted(proxy), []);
  });

  it("a text that the request needs and that cannot be had", () => {
    expectLog(/context file/);
    const proxy = plugin("ai-proxy", { provider: { ...openai, context } });
    proxy.vm.onHttpCall = () => 0;
    const stream = exchange([proxy], { body: chatBody() }, jsonUpstream());
    proxy.vm.answer([...proxy.vm.calls.keys()][0], { status: 500, body: "" });
    assert.equal(stream.received.status, 502);
    assert.equal(stream.json.error.code, "context_unavailable");
    assert.equal(stream.details, "ai-proxy.openai.load_ctx_failed");
    assert.deepEqual(counted(proxy), [
      ["ai_proxy_refusals_total.code=.=context_unavailable;.;", 1],
    ]);
  });

  it("a body that finds no room, which the client may send again in a second", () => {
    const proxy = plugin("ai-proxy", { provider: openai, maxBufferedBytes: 1 << 20 });
    const open = (length) =>
      new Stream([proxy], jsonUpstream()).sendHeaders({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "gateway.example",
        ...CREDENTIAL,
        "content-type": "application/json",
        ...(length === undefined ? {} : { "content-length": String(length) }),
      });
    const first = open();
    first.sendBody(Buffer.alloc(500_000, 0x20));
    const told = open(600_000);
    const untold = open();
    for (let i = 0; i < 3; i++) untold.sendBody(Buffer.alloc(200_000, 0x20));
    for (const stream of [told, untold]) {
      assert.equal(stream.received.status, 503);
      assert.equal(stream.details, "ai-proxy.no_room");
      assert.equal(stream.received.headers.get("retry-after"), "1");
      assert.equal(stream.json.error.code, "overloaded");
    }
    assert.deepEqual(counted(proxy), [["ai_proxy_refusals_total.code=.=overloaded;.;", 2]]);
    first.abort();
  });

  it("a body that does not come", () => {
    let now = 1_700_000_000_000;
    const configuration = { provider: { ...openai, type: "gemini" }, requestHoldTimeout: 3000 };
    for (const [optIn, status, code, details] of [
      [true, 408, "request_timeout", "ai-proxy.no_request_body"],
      [false, 500, "option_missing", HEADERS],
    ]) {
      if (!optIn) expectLog(/allow_on_headers_stop_iteration/);
      const proxy = plugin("ai-proxy", configuration, { optIn, now: () => now });
      const stream = new Stream([proxy], jsonUpstream()).sendHeaders({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "gateway.example",
        ...CREDENTIAL,
        "content-type": "application/json",
      });
      if (!optIn) stream.sendBody(chatBody(), true);
      for (let i = 0; i < 7; i++) {
        now += 500;
        proxy.tick();
      }
      assert.equal(stream.received.status, status);
      assert.equal(stream.json.error.code, code);
      assert.equal(stream.details, details);
      assert.deepEqual(counted(proxy), [[`ai_proxy_refusals_total.code=.=${code};.;`, 1]]);
    }
  });
});
