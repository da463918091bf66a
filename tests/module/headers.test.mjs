/** Which of a client's headers reach a vendor; for every type. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, plugin } from "./support.mjs";
import { ask, providerOf, proxyOf, TYPES } from "./types.mjs";

const CHAT = "/v1/chat/completions";

/** What no vendor gets while the operator's key is sent. */
const CREDENTIALS = [
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "x-authorization",
  "apikey",
  "ocp-apim-subscription-key",
];
/** What no vendor ever gets. */
const SECRET = [
  "cookie",
  "cookie2",
  "proxy-authorization",
  "proxy-authenticate",
  "proxy-connection",
  "keep-alive",
  "te",
  "trailer",
  "x-hi-original-auth",
  "accept-encoding",
];
/** Who the client is; no vendor gets it, not even one that gets all else. */
const PRIVATE = [
  "referer",
  "origin",
  "from",
  "via",
  "forwarded",
  "x-mse-consumer",
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-external-address",
  "x-envoy-peer-metadata",
  "x-forwarded-for",
  "x-forwarded-user",
  "x-forwarded-email",
  "x-forwarded-client-cert",
  "x-real-ip",
  "x-auth-request-user",
  "x-auth-token",
  "x-access-token",
  "x-userinfo",
  "x-remote-user",
  "remote-user",
  "x-consumer-username",
  "x-credential-identifier",
  "x-amzn-oidc-data",
  "x-amzn-oidc-identity",
  "cf-access-jwt-assertion",
  "cf-connecting-ip",
  "x-mse-other",
  "x-higress-other",
  "x-forwarded-other",
  "x-auth-request-other",
  "x-authenticated-other",
  "x-remote-other",
  "x-consumer-other",
  "x-amzn-oidc-other",
  "x-goog-iap-other",
  "x-goog-authenticated-other",
  "x-ms-client-principal-other",
  "x-client-ip",
  "x-original-url",
  "remote-addr",
  "x-anonymous-consumer",
  "x-endpoint-api-userinfo",
  "x-apigateway-api-userinfo",
  "x-client-cert-chain",
  "x-ssl-client-cert",
  "ssl-client-cert",
  "x-csrf-token",
  "x-xsrf-token",
  "x-user",
  "x-user-id",
  "x-id-token",
  "x-token",
  "x-session-token",
  "x-ca-key",
  "x-portkey-api-key",
  "x-litellm-api-key",
  "helicone-auth",
  "x-goog-iap-jwt-assertion",
  "x-goog-authenticated-user-email",
  "x-ms-client-principal",
  "true-client-ip",
  "token",
];
/** What only those get that take everything. */
const UNKNOWN = ["x-anything", "baggage", "x-stainless-os", "accept-language"];
/** What chooses who pays. */
const ACCOUNT = [
  "openai-organization",
  "openai-project",
  "x-dashscope-workspace",
  "x-goog-user-project",
];
/** What all get. */
const USUAL = [
  "x-forwarded-proto",
  "content-type",
  "user-agent",
  "idempotency-key",
  "traceparent",
  "tracestate",
  "b3",
  "x-b3-traceid",
  "x-request-id",
  "x-client-request-id",
  "x-cloud-trace-context",
  "x-amzn-trace-id",
  "uber-trace-id",
  "accept",
  "content-disposition",
  "x-envoy-retry-grpc-on",
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-is-timeout-retry",
  "x-envoy-attempt-count",
  "x-envoy-decorator-operation",
  "x-envoy-force-trace",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-retry-on",
  "x-envoy-max-retries",
];
/** What single types get. */
const OWN = {
  azure: ["openai-beta", "x-ms-client-request-id"],
  baidu: ["appid"],
  claude: ["anthropic-version", "anthropic-beta"],
  cohere: ["x-client-name"],
  fireworks: ["x-fireworks-x", "x-session-affinity"],
  github: ["x-github-api-version"],
  grok: ["x-grok-conv-id"],
  openai: ["openai-beta"],
  openrouter: ["http-referer", "x-title", "x-openrouter-x"],
  qwen: ["x-dashscope-datainspection", "x-dashscope-plugin"],
  vertex: ["x-vertex-ai-llm-request-type"],
};
const ALL_OWN = Object.values(OWN).flat();

const value = (name) => (name === "content-type" ? "application/json" : `client-${name}`);
const sentHeaders = (proxy, members = {}) => {
  const names = [
    ...CREDENTIALS,
    ...SECRET,
    ...PRIVATE,
    ...UNKNOWN,
    ...ACCOUNT,
    ...USUAL,
    ...ALL_OWN,
  ];
  const { sent } = ask(proxy, {
    path: `${CHAT}?key=client-key&a=b&api_key=x&%6bey=y&ApiKey=z`,
    body: chatBody("hi"),
    headers: { ...Object.fromEntries(names.map((name) => [name, value(name)])), ...members },
  });
  return sent.headers;
};
/** The client's value arrives, and nobody else's under that name. */
const isClients = (headers, name) => headers.all(name).includes(value(name));
const all = (headers) => headers.fields.map(([name, text]) => `${name}: ${text}`).join("\n");

describe("headers of every type", () => {
  for (const type of TYPES) {
    if (type === "kling") continue;
    it(`${type}: what the vendor needs, and nothing that tells who the client is`, () => {
      const headers = sentHeaders(proxyOf(type, { forwardHeaders: [] }));
      for (const name of [":method", ":path", ":authority"]) assert.ok(headers.get(name));
      const takesAll = ["coze", "generic"].includes(type);
      for (const name of [...CREDENTIALS, ...SECRET, ...PRIVATE, ...ACCOUNT]) {
        assert.equal(isClients(headers, name), false, name);
      }
      for (const name of USUAL) assert.equal(isClients(headers, name), true, name);
      for (const name of UNKNOWN) assert.equal(isClients(headers, name), takesAll, name);
      for (const name of ALL_OWN) {
        const isOwn = takesAll || (OWN[type] ?? []).includes(name);
        assert.equal(isClients(headers, name), isOwn, name);
      }
      assert.doesNotMatch(all(headers), /client-(key|authorization|cookie)|api_key|%6bey/i);
    });

    it(`${type}: routes may match on what is listed nowhere, until forwardHeaders is set`, () => {
      const headers = sentHeaders(proxyOf(type));
      for (const name of [...CREDENTIALS, ...SECRET, ...PRIVATE, ...ACCOUNT]) {
        assert.equal(isClients(headers, name), false, name);
      }
      for (const name of [...USUAL, ...UNKNOWN]) assert.equal(isClients(headers, name), true, name);
      const takes = ["coze", "generic", "claude"].includes(type);
      assert.equal(isClients(headers, "anthropic-beta"), takes);
      const higress = sentHeaders(proxyOf(type, {}, { build: "higress" }));
      assert.equal(isClients(higress, "x-anything"), ["coze", "generic"].includes(type));
    });

    it(`${type}: Anthropic's versions go where its protocol is spoken`, () => {
      for (const members of [{}, { protocol: "original" }]) {
        const { sent } = ask(proxyOf(type, members), {
          path: "/v1/messages",
          headers: { "anthropic-beta": "b", "anthropic-version": "v" },
          body: JSON.stringify({ model: "m", max_tokens: 9, messages: [] }),
        });
        const takes = sent.headers.get(":path").endsWith("/v1/messages");
        if (members.protocol || type === "claude") assert.ok(takes);
        assert.equal(sent.headers.get("anthropic-beta"), takes ? "b" : undefined);
        assert.equal(sent.headers.get("anthropic-version"), takes ? "v" : undefined);
      }
    });

    it(`${type}: with protocol original all but secrets and identities`, () => {
      const headers = sentHeaders(proxyOf(type, { protocol: "original" }));
      for (const name of [...CREDENTIALS, ...SECRET, ...PRIVATE, ...ACCOUNT]) {
        assert.equal(isClients(headers, name), false, name);
      }
      for (const name of [...USUAL, ...UNKNOWN, ...ALL_OWN]) {
        assert.equal(isClients(headers, name), true, name);
      }
      assert.doesNotMatch(all(headers), /client-key|api_key|%6bey/i);
    });

    it(`${type}: forwardHeaders lets further ones pass, never a secret`, () => {
      const names = ["X-Anything", "x-stainless-*", "x-forwarded-user"];
      const headers = sentHeaders(proxyOf(type, { forwardHeaders: [...names, "*"] }));
      for (const name of ["x-anything", "x-stainless-os", "x-forwarded-user", "baggage"]) {
        assert.equal(isClients(headers, name), true, name);
      }
      for (const name of [...CREDENTIALS, ...SECRET]) {
        assert.equal(isClients(headers, name), false, name);
      }
    });
  }
});

describe("headers", () => {
  const openai = (members) => proxyOf("openai", members);

  it("a client's organization goes with the client's key only", () => {
    const proxy = plugin("ai-proxy", { provider: { type: "openai" } });
    const headers = sentHeaders(proxy);
    for (const name of ACCOUNT) assert.equal(isClients(headers, name), true, name);
    for (const name of [...SECRET, ...PRIVATE]) assert.equal(isClients(headers, name), false, name);
    assert.equal(headers.get("authorization"), `Bearer ${value("x-api-key")}`);
    for (const name of CREDENTIALS) assert.equal(isClients(headers, name), false, name);
  });

  it("a client's key is taken from the configured header, else from the first that is not empty", () => {
    const sentKey = (headers, members) => {
      const proxy = plugin("ai-proxy", { provider: { type: "openai", ...members } });
      return ask(proxy, { body: chatBody(), headers }).sent.headers.get("authorization");
    };
    const own = { authHeaderKey: "X-My-Key" };
    const [a, x, b] = ["x-api-key", "x-authorization", "authorization"];
    for (const [headers, key, members] of [
      [{ [a]: "1", [x]: "2", [b]: "Bearer 3" }, "1"],
      [{ [a]: "", [x]: "2", [b]: "Bearer 3" }, "2"],
      [{ [x]: "bearer 2 ", [b]: "Bearer 3" }, "2"],
      [{ [a]: "", [x]: "", [b]: "Bearer 3" }, "3"],
      [{ [b]: " 3 " }, "3"],
      [{ "x-my-key": "Bearer 0", [a]: "1" }, "0", own],
      [{ "x-my-key": "", [a]: "1" }, "1", own],
      [{ [a]: "1" }, "1", own],
      [{ "x-my-key": "0", [a]: "1" }, "1"],
    ]) {
      assert.equal(sentKey(headers, members), `Bearer ${key}`, JSON.stringify(headers));
    }
    assert.equal(sentKey({}), undefined);
  });

  it("where the client's credentials pass, cookies still do not", () => {
    for (const type of ["vllm", "generic"]) {
      const proxy = plugin("ai-proxy", { provider: { ...providerOf(type), apiTokens: [] } });
      const headers = sentHeaders(proxy);
      for (const name of CREDENTIALS) assert.equal(isClients(headers, name), true, name);
      for (const name of [...SECRET, ...PRIVATE]) {
        assert.equal(isClients(headers, name), false, name);
      }
      assert.match(headers.get(":path"), /\?key=client-key&a=b/);
    }
  });

  it("every line of a name goes", () => {
    const { sent } = ask(openai(), {
      body: chatBody(),
      headers: [
        ["content-type", "application/json"],
        ["cookie", "a=1"],
        ["cookie", "b=2"],
        ["x-mse-consumer", "alice"],
        ["x-mse-consumer", "mallory"],
      ],
    });
    assert.deepEqual(sent.headers.all("cookie"), []);
    assert.deepEqual(sent.headers.all("x-mse-consumer"), []);
  });

  it("a WebSocket's protocols lose the credential among them", () => {
    const secrets = [
      "openai-insecure-api-key.sk-client",
      "openai-organization.o",
      "openai-project.p",
    ];
    const protocols = (written, proxy = openai({ forwardHeaders: [] })) => {
      const headers = {
        connection: "upgrade",
        upgrade: "websocket",
        "sec-websocket-key": "x",
        "sec-websocket-protocol": written,
      };
      const request = { method: "GET", path: "/v1/realtime?model=m", body: null, headers };
      const { sent } = ask(proxy, request);
      assert.equal(sent.headers.get("connection"), "upgrade");
      assert.equal(sent.headers.get("upgrade"), "websocket");
      assert.equal(sent.headers.get("sec-websocket-key"), "x");
      assert.equal(sent.headers.get(":path"), "/v1/realtime?model=m");
      return sent.headers.get("sec-websocket-protocol");
    };
    for (const secret of secrets) {
      assert.equal(protocols(`realtime, ${secret}`), "realtime");
      assert.equal(protocols(`${secret},realtime ,b`), "realtime, b");
      for (const alone of [secret, `,${secret}`, ` , ${secret} ,`]) {
        assert.equal(protocols(alone), undefined);
      }
    }
    assert.equal(protocols(secrets.join(",")), undefined);
    assert.equal(protocols("realtime, b"), "realtime, b");
    const written = `realtime, ${secrets[0]}`;
    const clients = plugin("ai-proxy", { provider: { ...providerOf("vllm"), apiTokens: [] } });
    assert.equal(protocols(written, clients), written);
  });

  it("Higress keeps what its fallback needs, stock Envoy nothing of it", () => {
    const ours = { authorization: "Bearer client", "x-mse-consumer": "alice" };
    const send = (build, headers) =>
      ask(proxyOf("openai", {}, { build }), { body: chatBody(), headers }).sent.headers;
    const original = (build, headers) => send(build, headers).get("x-hi-original-auth");
    assert.equal(original("higress", ours), "Bearer client");
    assert.equal(
      original("higress", { authorization: "Bearer client" }),
      undefined,
      "nobody asked",
    );
    assert.equal(original("higress", { ...ours, "x-hi-original-auth": "forged" }), "Bearer client");
    const again = { "x-higress-fallback-from": "r", "x-hi-original-auth": "Bearer client" };
    assert.equal(original("higress", { ...ours, ...again }), "Bearer client");
    assert.equal(send("higress", again).get("x-higress-fallback-from"), "r");
    assert.equal(original("stock", { ...ours, ...again }), undefined);
    assert.equal(send("stock", again).get("x-higress-fallback-from"), undefined);
  });

  it("originalAuth says so on either host", () => {
    const headers = { authorization: "Bearer client", "x-mse-consumer": "alice" };
    for (const build of ["stock", "higress"]) {
      for (const [originalAuth, kept] of [
        ["keep", "Bearer client"],
        ["drop", undefined],
      ]) {
        const proxy = proxyOf("openai", { originalAuth }, { build });
        const { sent } = ask(proxy, { body: chatBody(), headers });
        assert.equal(sent.headers.get("x-hi-original-auth"), kept, build);
      }
    }
  });

  it("headers of the body pass with a body that is not changed", () => {
    const headers = {
      "content-type": "multipart/form-data; boundary=b",
      "content-encoding": "gzip",
    };
    const request = {
      path: "/v1/files",
      body: "--b--",
      headers: { ...headers, "content-length": "5" },
    };
    const { sent } = ask(openai({ forwardHeaders: [] }), request);
    for (const name of Object.keys(request.headers)) {
      assert.equal(sent.headers.get(name), request.headers[name]);
    }
  });

  it("access logs have the client's path without its query", () => {
    const { stream, sent } = ask(openai(), { path: `/team${CHAT}?key=secret`, body: chatBody() });
    assert.equal(stream.attribute("ai_proxy_path"), `/team${CHAT}`);
    assert.equal(sent.headers.get("x-envoy-original-path"), undefined);
  });

  it("what forwardHeaders cannot do is reported", () => {
    for (const [entry, words] of [
      ...[...SECRET, ...CREDENTIALS]
        .filter((name) => name !== "accept-encoding")
        .map((name) => [
          name,
          new RegExp(`forwardHeaders: contains ${name}, which is never forwarded`),
        ]),
      ["Authorization", /forwardHeaders: contains authorization, which is never/],
      [":path", /forwardHeaders: contains an invalid header name/],
      ["x-a(", /forwardHeaders: contains an invalid header name/],
      ["x-a(*", /forwardHeaders: contains an invalid header name/],
    ]) {
      const proxy = plugin("ai-proxy", {
        provider: providerOf("openai", { forwardHeaders: [entry] }),
      });
      assert.equal(proxy.accepted, false);
      assert.match(proxy.vm.takeLog(3), words);
    }
  });
});
