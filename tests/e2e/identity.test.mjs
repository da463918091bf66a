/**
 * The set-ups of docs/authentication.md with Envoy's own filters in front: two users never share, one
 * user does, and what cannot be distinguished is not cached and says why.
 */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request as sendTls } from "node:https";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import yaml from "js-yaml";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Authority } from "./certificates.mjs";
import { chatBody, Gateway, post, Upstream, until } from "./support.mjs";

/** The blocks of one section of the document: `{ yaml, json }`. */
function section(title) {
  const text = readFileSync(join(ROOT, "docs/authentication.md"), "utf8");
  const part = text.split("\n## ").find((each) => each.startsWith(title));
  const block = (kind) => new RegExp(`\`\`\`${kind}\n(.*?)\`\`\``, "s").exec(part)?.[1] ?? "null";
  return { yaml: yaml.load(block("yaml")), json: JSON.parse(block("json")) };
}

/** ai-cache's configuration with one rule for each host. */
const byHost = (configurations) => ({
  _rules_: Object.entries(configurations).map(([host, configuration]) => ({
    _match_domain_: [host],
    explain: true,
    ...configuration,
  })),
});

const manager = (config) =>
  config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const inFront = (filters) => (config) => manager(config).http_filters.unshift(...filters);
const detail = (cache) => /detail="?([a-z-]+)/.exec(cache)?.[1];

/** What the log says, once a minute, of requests that tell nobody. */
const NO_TENANT = /ai-cache: ineligible-no-tenant: a request has no identity/;

let upstream;
let asked = 0;
const question = () => `question ${++asked}`;

before(async () => {
  upstream = await Upstream.start();
});
after(() => upstream.stop());

/** What Envoy says of this filter, which it calls work in progress. */
const UNFINISHED = /'envoy\.extensions\.filters\.http\.api_key_auth\.v3\.\w+' .*work-in-progress/;

/**
 * An Envoy for one `describe`, and a way to ask it: gives the reason. `logged`: what its log says of
 * the configuration.
 */
function gatewayOf(options, ...logged) {
  const own = {};
  before(async () => {
    own.gateway = await Gateway.start({ upstreamPort: upstream.port, ...options() });
    own.gateway.expectLog(...logged);
  });
  after(() => own.gateway?.stop());
  own.ask = async (host, headers, text) => {
    const reply = await post(own.gateway.port, chatBody(text, { model: "json" }), {
      authorization: null,
      host,
      ...headers,
    });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(JSON.parse(reply.text).choices[0].message.content, `answer to ${text}`);
    return detail(reply.cache);
  };
  /** Whoever asks first is answered by the model, also when another has asked the same. */
  own.apart = async (host, ...clients) => {
    const text = question();
    for (const headers of clients) assert.equal(await own.ask(host, headers, text), "miss-cold");
    for (const headers of clients) assert.equal(await own.ask(host, headers, text), "hit-exact");
  };
  own.shared = async (host, first, second) => {
    const text = question();
    assert.equal(await own.ask(host, first, text), "miss-cold");
    assert.equal(await own.ask(host, second, text), "hit-exact");
  };
  own.uncached = async (host, ...clients) => {
    const text = question();
    const before = upstream.requests.length;
    for (const headers of [...clients, ...clients]) {
      assert.equal(await own.ask(host, headers, text), "ineligible-no-tenant");
    }
    assert.equal(upstream.requests.length, before + 2 * clients.length);
    own.gateway.expectLog(NO_TENANT);
  };
  return own;
}

describe("without authentication", () => {
  const trusted = { from: "consumer", consumerIsTrusted: true };
  const { apart, shared, uncached } = gatewayOf(() => ({
    cache: byHost({
      "usual.test": {},
      "cookies.test": { tenant: { cookies: ["sid"] } },
      "consumer.test": { tenant: { from: "consumer" } },
      "trusted.test": { tenant: trusted },
      "header.test": { tenant: { from: "header:x-tenant" } },
      "share.test": { tenant: { anonymous: "share" } },
    }),
  }));

  it("whoever has a credential is known by it, and by every line of it", async () => {
    await apart("usual.test", { authorization: "Bearer a" }, { authorization: "Bearer b" });
    await apart(
      "usual.test",
      { authorization: ["Bearer a", "Bearer b"] },
      { authorization: "Bearer a" },
    );
    await apart(
      "usual.test",
      { "x-api-key": ["k", "a"] },
      { "x-api-key": ["k", "b"] },
      { "x-api-key": "k" },
    );
    await apart("cookies.test", { cookie: ["t=1", "sid=a"] }, { cookie: ["t=1", "sid=b"] });
    await shared("cookies.test", { cookie: ["t=1", "sid=a"] }, { cookie: ["sid=a", "t=2"] });
    await apart(
      "header.test",
      { "x-tenant": "a" },
      { "x-tenant": ["a", "b"] },
      { "x-tenant": "b" },
    );
  });

  it("a client without identity is anonymous", async () => {
    await uncached("usual.test", {}, { "x-forwarded-user": "a" }, { cookie: "sid=a" });
    await uncached("usual.test", { authorization: "AWS4-HMAC-SHA256 Credential=A/1, Signature=x" });
    await uncached("consumer.test", { "x-mse-consumer": "alice" });
    await uncached("header.test", { authorization: "Bearer a" }, { "x-tennant": "a" });
    await shared("share.test", {}, {});
  });

  it("a consumer that was appended behind a forged one is another", async () => {
    const alice = { "x-mse-consumer": "alice" };
    await apart("trusted.test", alice, { "x-mse-consumer": ["alice", "mallory"] });
    await apart("consumer.test", { ...alice, "x-api-key": "a" }, { ...alice, "x-api-key": "m" });
  });
});

describe("api_key_auth", () => {
  const { yaml: filters, json } = section("API keys");
  const alice = { "x-api-key": "put-alices-key-here" };
  const bob = { "x-api-key": "put-bobs-key-here" };
  const own = gatewayOf(
    () => ({
      cache: byHost({
        "good.test": json,
        "usual.test": {},
        "misspelt.test": { tenant: { from: "header:x-clientid" } },
      }),
      change: inFront(filters),
    }),
    UNFINISHED,
  );

  it("keeps two users apart by the name that it gives them", async () => {
    await own.apart("good.test", alice, bob);
  });

  it("lets no user pass for another", async () => {
    await own.apart("good.test", alice, { ...bob, "x-client-id": "alice" });
  });

  it("leaves nothing without that name, or with it misspelt", async () => {
    await own.uncached("usual.test", alice, bob);
    await own.uncached("misspelt.test", alice, bob);
    await until(() => /tenant\.anonymous/.test(own.gateway.log), "the warning");
    assert.equal(own.gateway.log.match(/ineligible-no-tenant: /g).length, 1, "one a minute");
  });
});

describe("api_key_auth that leaves the key", () => {
  const [filter] = section("API keys").yaml;
  const { apart } = gatewayOf(() => {
    delete filter.typed_config.forwarding;
    return { cache: { explain: true }, change: inFront([filter]) };
  }, UNFINISHED);

  it("needs no setting", async () => {
    await apart(
      "any.test",
      { "x-api-key": "put-alices-key-here" },
      { "x-api-key": "put-bobs-key-here" },
    );
  });
});

describe("jwt_authn", () => {
  const { yaml: filters, json } = section("Tokens");
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  let serial = 0;
  /** A token of its own for each call. */
  const as = (claims) => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const content = `${part({ alg: "ES256", kid: "k" })}.${part({ iss: "https://issuer.example", exp, jti: String(++serial), ...claims })}`;
    const signature = sign("sha256", Buffer.from(content), {
      key: privateKey,
      dsaEncoding: "ieee-p1363",
    });
    return { authorization: `Bearer ${content}.${signature.toString("base64url")}` };
  };
  const two = "metadata:envoy.filters.http.jwt_authn/payload";
  const { apart, shared, uncached } = gatewayOf(() => {
    const [{ typed_config: config }] = filters;
    const key = { ...publicKey.export({ format: "jwk" }), kid: "k", alg: "ES256" };
    const users = {
      ...config.providers.users,
      local_jwks: { inline_string: JSON.stringify({ keys: [key] }) },
    };
    const { payload_in_metadata: _, ...bare } = users;
    config.providers = { users, bare, forwarding: { ...bare, forward: true } };
    const forHost = (host, provider_name) => ({
      match: { prefix: "/", headers: [{ name: ":authority", string_match: { exact: host } }] },
      requires: { provider_name },
    });
    config.rules.unshift(forHost("bare.test", "bare"), forHost("forward.test", "forwarding"));
    return {
      cache: byHost({
        "good.test": json,
        "bare.test": {},
        "usual.test": {},
        "forward.test": {},
        "escaped.test": { tenant: { from: `${two}/https:~1~1example~1user` } },
        "user.test": { tenant: { from: `${two}/user` } },
        "both.test": { tenant: { from: [`${two}/iss`, `${two}/sub`] } },
      }),
      change: inFront(filters),
    };
  });

  it("keeps two users apart by what it leaves in metadata, also with a renewed token", async () => {
    await apart("good.test", as({ sub: "alice" }), as({ sub: "bob" }));
    await shared("good.test", as({ sub: "alice" }), as({ sub: "alice" }));
    await apart("both.test", as({ sub: "alice" }), as({ sub: "bob" }));
    await apart(
      "escaped.test",
      as({ "https://example/user": "a" }),
      as({ "https://example/user": "b" }),
    );
  });

  it("leaves numbers and lists as well as texts", async () => {
    const users = [1, 2, ["a"], ["b"], ["a", "b"], true].map((user) => as({ user }));
    await apart("user.test", ...users);
    await shared("user.test", as({ user: ["a", 1] }), as({ user: ["a", 1] }));
  });

  it("leaves nothing of a token with forward: false and no metadata, or without the claim", async () => {
    await uncached("bare.test", as({ sub: "alice" }), as({ sub: "bob" }));
    await uncached("usual.test", as({ sub: "alice" }), as({ sub: "bob" }));
    await uncached("good.test", as({}), as({}));
  });

  it("needs no setting with forward: true", async () => {
    await apart("forward.test", as({ sub: "alice" }), as({ sub: "bob" }));
  });
});

describe("mTLS", () => {
  const { yaml: socket, json } = section("Certificates");
  const isRequired = socket.transport_socket.typed_config.require_client_certificate;
  const authority = new Authority("clients");
  let gateway;
  before(async () => {
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      cache: { explain: true, ...json },
      change: (config, { folder }) => {
        const file = (name, text) => {
          writeFileSync(join(folder, name), text);
          return { filename: join(folder, name) };
        };
        const own = new Authority("gateways").issue("gateway", { names: ["localhost"] });
        const context = socket.transport_socket.typed_config;
        context.common_tls_context = {
          tls_certificates: [
            { certificate_chain: file("own.crt", own.cert), private_key: file("own.key", own.key) },
          ],
          validation_context: { trusted_ca: file("clients.crt", authority.certificate) },
        };
        context.require_client_certificate = false;
        Object.assign(config.static_resources.listeners[0].filter_chains[0], socket);
      },
    });
  });
  after(() => gateway?.stop());

  const ask = (certificate, text) =>
    new Promise((resolve, reject) => {
      const body = chatBody(text, { model: "json" });
      const call = sendTls(
        {
          host: "127.0.0.1",
          port: gateway.port,
          method: "POST",
          path: "/v1/chat/completions",
          headers: { "content-type": "application/json", host: "gateway.example" },
          rejectUnauthorized: false,
          agent: false,
          ...certificate,
        },
        (response) => {
          response.resume();
          response.on("end", () => {
            assert.equal(response.statusCode, 200);
            resolve(detail(response.headers["cache-status"]));
          });
        },
      );
      call.on("error", reject);
      call.end(body);
    });

  it("is as the document has it", () => {
    assert.equal(isRequired, true);
  });

  it("keeps two clients apart by their certificates, and a renewed one is the same client", async () => {
    const names = [
      { uris: ["spiffe://example/alice"] },
      { uris: ["spiffe://example/bob"] },
      { names: ["alice.example"] },
      { names: ["bob.example"] },
      { uris: ["spiffe://example/alice"], names: ["alice.example"] },
    ];
    const text = question();
    for (const name of names)
      assert.equal(await ask(authority.issue("x", name), text), "miss-cold");
    for (const name of names)
      assert.equal(await ask(authority.issue("x", name), text), "hit-exact");
    for (const common of ["alice", "bob"]) {
      assert.equal(await ask(authority.issue(common), text), "miss-cold");
      assert.equal(await ask(authority.issue(common), text), "hit-exact");
    }
  });

  it("leaves nothing of a client without one, and refuses a strange one", async () => {
    const text = question();
    for (let i = 0; i < 2; i++) assert.equal(await ask({}, text), "ineligible-no-tenant");
    gateway.expectLog(NO_TENANT);
    await assert.rejects(ask(new Authority("clients").issue("alice"), text));
  });
});
