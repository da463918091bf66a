/** Who asks: two who differ there never share an answer, and whoever is nobody is not cached. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  allowLogInFile,
  BUILDS,
  chatBody,
  exchange,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

// Those without identity are told of.
allowLogInFile(/^ai-cache: ineligible-no-tenant: /);

const KEY = ["authorization", "Bearer demo"];
const JWT = ["metadata", "filter_metadata", "envoy.filters.http.jwt_authn", "payload", "sub"].join(
  "\0",
);

function cacheWith(configuration = {}, options = {}) {
  const cache = plugin("ai-cache", configuration, options);
  assert.ok(cache.accepted, cache.vm.logText());
  return cache;
}

/** The reason of one request. `who`: a list of header lines, or `{ headers, path, properties }`. */
function ask(cache, who, body = chatBody()) {
  const { headers = [], path, properties } = Array.isArray(who) ? { headers: who } : who;
  const stream = exchange([cache], { body, headers, path, anonymous: true }, jsonUpstream(), {
    properties,
  });
  assert.equal(stream.received.status, 200);
  return stream.attribute("ai_cache");
}

/** All of them are cached, and none gets what is another's. */
function assertApart(configuration, build, clients) {
  const cache = cacheWith(configuration, { build });
  for (const who of clients) assert.equal(ask(cache, who), "miss-cold", JSON.stringify(who));
  for (const who of clients) assert.equal(ask(cache, who), "hit-exact", JSON.stringify(who));
}

/** The second gets what the first has asked for. */
function assertShared(configuration, build, first, second) {
  const cache = cacheWith(configuration, { build });
  assert.equal(ask(cache, first), "miss-cold", JSON.stringify(first));
  assert.equal(ask(cache, second), "hit-exact", JSON.stringify(second));
}

function assertNobody(configuration, build, who) {
  const cache = cacheWith(configuration, { build });
  for (let i = 0; i < 2; i++) {
    assert.equal(ask(cache, who), "ineligible-no-tenant", JSON.stringify(who));
  }
  return cache.vm.logText(3);
}

const CREDENTIALS = [
  "authorization",
  "proxy-authorization",
  "x-authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "apikey",
  "ocp-apim-subscription-key",
];
const HINTS = [
  "x-forwarded-user",
  "x-forwarded-email",
  "x-forwarded-preferred-username",
  "x-forwarded-groups",
  "x-forwarded-access-token",
  "x-forwarded-client-cert",
  "x-auth-request-user",
  "x-auth-request-email",
  "x-auth-request-preferred-username",
  "x-auth-request-groups",
  "x-auth-request-access-token",
  "x-auth-token",
  "x-access-token",
  "x-id-token",
  "x-userinfo",
  "x-user",
  "x-user-id",
  "x-remote-user",
  "remote-user",
  "x-authenticated-user",
  "x-authenticated-userid",
  "x-consumer-id",
  "x-consumer-username",
  "x-credential-identifier",
  "token",
  "x-token",
  "x-session-token",
  "x-ca-key",
  "x-amzn-oidc-identity",
  "x-amzn-oidc-data",
  "x-amzn-oidc-accesstoken",
  "cf-access-jwt-assertion",
  "cf-access-authenticated-user-email",
  "cf-aig-authorization",
  "x-goog-iap-jwt-assertion",
  "x-goog-authenticated-user-id",
  "x-goog-authenticated-user-email",
  "x-ms-client-principal",
  "x-ms-client-principal-id",
  "x-portkey-api-key",
  "x-litellm-api-key",
  "helicone-auth",
];
const DECISIVE = [
  "openai-organization",
  "openai-project",
  "openai-beta",
  "anthropic-version",
  "anthropic-beta",
  "x-goog-user-project",
];
/** Other forms of the lines of one header, each another list of values. */
const lines = (name, rest = []) => [
  [...rest, [name, "a"]],
  [...rest, [name, "b"]],
  [...rest, [name, "a"], [name, "b"]],
  [...rest, [name, "b"], [name, "a"]],
  [...rest, [name, "a"], [name, "a"]],
  [...rest, [name, "a, b"]],
];

for (const build of BUILDS) {
  describe(`who asks (${build})`, () => {
    for (const name of CREDENTIALS) {
      it(`is identified by every line of ${name}`, () => assertApart({}, build, lines(name)));
    }

    it("is distinguished by every line of what proxies add, which identifies nobody", () => {
      for (const name of HINTS) {
        assertApart({}, build, [[KEY], ...lines(name, [KEY])]);
        assertNobody({}, build, [[name, "a"]]);
      }
    });

    it("is distinguished by every line of what vendors look at", () => {
      for (const name of DECISIVE) assertApart({}, build, [[KEY], ...lines(name, [KEY])]);
      assertApart({ scopeHeaders: ["X-Role"] }, build, [[KEY], ...lines("x-role", [KEY])]);
    });

    it("is identified by the name of the header too", () => {
      const all = [...CREDENTIALS, ...HINTS].map((name) => [
        ["api-key", "k"],
        [name, "a"],
      ]);
      assertApart({}, build, all);
    });

    it("is identified by a key in the query", () => {
      const path = (query) => ({ path: `/v1/chat/completions?${query}` });
      for (const name of ["key", "api_key", "apikey"]) {
        assertApart({}, build, [path(`${name}=a`), path(`x=1&${name}=b`), path(`${name}=a&x`)]);
        for (const query of [name, `${name}=`, `x${name}=a`, `x=${name}`, `${name}&x=1`]) {
          assertNobody({}, build, path(query));
        }
      }
    });

    it("is identified by a named cookie and by no other", () => {
      const cookies = { tenant: { cookies: ["sid"] } };
      const cookie = (...values) => values.map((value) => ["cookie", value]);
      assertApart(cookies, build, [
        cookie("sid=a"),
        cookie("sid=b"),
        cookie("sid=a; sid=b"),
        cookie("sid=b; sid=a"),
        [KEY, ...cookie("sid=a")],
        [KEY],
      ]);
      assertShared(cookies, build, cookie("t=1; sid=a"), cookie("sid=a ;t=2", "u=3"));
      assertShared(cookies, build, cookie("t=1", "sid=a"), cookie("sid=a"));
      assertShared({}, build, [KEY, ...cookie("AWSALB=1")], [KEY, ...cookie("AWSALB=2")]);
      assertNobody({}, build, cookie("sid=a"));
      assertNobody(cookies, build, cookie("sid="));
      assertNobody(cookies, build, cookie("xsid=a; sid"));
      assertApart(cookies, build, [cookie(";sid=a"), cookie("=;sid=b;;")]);
    });

    it("is nobody without a credential", () => {
      const values = ["", " ", "Bearer", "bearer ", "Basic", "TOKEN"];
      for (const value of values) {
        for (const name of CREDENTIALS.slice(0, 3)) assertNobody({}, build, [[name, value]]);
      }
      for (const name of CREDENTIALS.slice(3)) assertNobody({}, build, [[name, " "]]);
      assertNobody({}, build, []);
      assertNobody({}, build, [["x-mse-consumer", "alice"]]);
    });

    it("is nobody by a signature that changes, and who has a key besides is distinguished by the signer", () => {
      const sign = (signer, what) => [
        "authorization",
        `AWS4-HMAC-SHA256 Credential=${signer}/20260101/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=${what}`,
      ];
      const others = [
        'hmac username="a", algorithm="hmac-sha256", headers="date", signature="x"',
        'Digest username="a", realm="r", nonce="n", uri="/", response="x"',
        'Signature keyId="a",algorithm="rsa-sha256",signature="x"',
        'OAuth oauth_consumer_key="a", oauth_nonce="n"',
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/x/tc3_request, SignedHeaders=host, Signature=x",
        "AWS a:b",
        "SharedKey a:b",
        "Negotiate YII=",
        "NTLM TlRM",
        'Hawk id="a", ts="1", nonce="n", mac="x"',
      ];
      assert.match(assertNobody({}, build, [sign("A", "1")]), /a signature changes/);
      assert.match(assertNobody({}, build, []), /See docs\/authentication\.md$/);
      for (const value of others) assertNobody({}, build, [["authorization", value]]);
      const key = ["x-api-key", "k"];
      assertShared({}, build, [key, sign("A", "1")], [key, sign("A", "2")]);
      const on = (signer, day) => [
        "authorization",
        `AWS4-HMAC-SHA256 Credential=${signer}/${day}/us-east-1, Signature=x`,
      ];
      // Days that differ before and behind the first zero.
      for (const signer of ["A", ""]) {
        assertShared({}, build, [key, on(signer, "19991231")], [key, on(signer, "20260101")]);
      }
      assertApart({}, build, [[key], [key, sign("A", "1")], [key, sign("B", "1")]]);
    });

    it("is whoever has a key, also one that looks like a scheme where there is none", () => {
      for (const name of CREDENTIALS.slice(3)) {
        const values = ["Bearer", "Digest", "Digest username=a", "AWS4-HMAC-SHA256 a"];
        assertApart(
          {},
          build,
          values.map((value) => [[name, value]]),
        );
      }
    });

    it("is nobody by a signature of any kind, and each kind has its signer", () => {
      const key = ["x-api-key", "k"];
      const named = [
        ["AWS4-HMAC-SHA256", "Credential"],
        ["AWS4-ECDSA-P256-SHA256", "Credential"],
        ["TC3-HMAC-SHA256", "Credential"],
        ["ACS3-HMAC-SHA256", "Credential"],
        ["hmac-sha256", "credential"],
        ["hmac", "username"],
        ["Digest", "username"],
        ["Signature", "keyId"],
        ["OAuth", "oauth_consumer_key"],
        ["Hawk", "id"],
      ];
      for (const [scheme, parameter] of named) {
        const by = (signer, mac) => [
          "authorization",
          `${scheme} ${parameter} = ${signer},mac=${mac}`,
        ];
        const late = (mac, signer) => [
          "authorization",
          `${scheme} mac=${mac}, ${parameter}=${signer}`,
        ];
        for (const sign of [by("a", "1"), late("1", "a")]) assertNobody({}, build, [sign]);
        assertShared({}, build, [key, by("a", "1")], [key, by("a", "2")]);
        assertShared({}, build, [key, late("1", "a")], [key, late("2", "a")]);
        assertApart({}, build, [[key], [key, by("a", "1")], [key, by("b", "1")]]);
        assertApart({}, build, [
          [key, late("1", "a")],
          [key, late("1", "b")],
        ]);
      }
      for (const scheme of [
        "hmac-auth-v1",
        "AWS",
        "SharedKey",
        "SharedKeyLite",
        "Negotiate",
        "NTLM",
      ]) {
        const sign = (mac) => ["authorization", ` ${scheme} ${mac}`];
        assertNobody({}, build, [sign("a")]);
        assertNobody({}, build, [["authorization", scheme]]);
        assertShared({}, build, [key, sign("a")], [key, sign("b")]);
        assertApart({}, build, [[key], [key, sign("a")], [key, sign("a"), sign("b")]]);
      }
    });

    it("is another client under another configuration", () => {
      const alice = (name) => [[name, "alice"]];
      const property = (path) => ({ headers: [], properties: { [path]: "alice" } });
      const clients = [
        [{ tenant: { from: "header:x-a" } }, alice("x-a")],
        [{ tenant: { from: "header:x-b" } }, alice("x-b")],
        [{ tenant: { from: "header:x-mse-consumer" } }, alice("x-mse-consumer")],
        [{ tenant: { from: "consumer", consumerIsTrusted: true } }, alice("x-mse-consumer")],
        [{ tenant: { from: "certificate" } }, property("connection.dns_san_peer_certificate")],
        [{ tenant: { from: "metadata:n/a" } }, property("metadata\0filter_metadata\0n\0a")],
        [{ tenant: { from: "metadata:n/b" } }, property("metadata\0filter_metadata\0n\0b")],
        [{ tenant: { cookies: ["a"] } }, [["cookie", "a=alice"]]],
        [{ tenant: { cookies: ["b"] } }, [["cookie", "b=alice"]]],
        [{ scopeHeaders: ["x-a"] }, [KEY, ...alice("x-a")]],
        [{ scopeHeaders: ["x-b"] }, [KEY, ...alice("x-b")]],
        [{ tenant: { from: "shared" } }, []],
        [{ tenant: { anonymous: "share" } }, []],
      ];
      const shared = new SharedData();
      const caches = clients.map(([configuration]) => cacheWith(configuration, { build, shared }));
      for (const expected of ["miss-cold", "hit-exact"]) {
        clients.forEach(([configuration, who], index) =>
          assert.equal(ask(caches[index], who), expected, JSON.stringify(configuration)),
        );
      }
    });

    it("is identified by a header that the gateway sets, every line of it", () => {
      for (const tenant of [
        { from: "header:X-Tenant" },
        { from: ["header:X-Tenant"] },
        { from: "header", header: "X-Tenant" },
      ]) {
        assertApart({ tenant }, build, lines("x-tenant"));
        assertShared({ tenant }, build, [KEY, ["x-tenant", "a"]], [["x-tenant", "a"]]);
        assertNobody({ tenant }, build, [KEY]);
        assertNobody({ tenant }, build, [KEY, ["x-tenant", " "]]);
        assertNobody({ tenant }, build, [KEY, ["x-tennant", "a"]]);
      }
    });

    it("is identified by any one of a list, and distinguished by all", () => {
      const tenant = { from: ["header:x-tenant", "credential"] };
      const t = ["x-tenant", "a"];
      assertApart({ tenant }, build, [[KEY], [t], [KEY, t], [KEY, ["x-tenant", "b"]]]);
      assertNobody({ tenant }, build, []);
    });

    it("is identified by what authentication left in dynamic metadata", () => {
      const tenant = { from: "metadata:envoy.filters.http.jwt_authn/payload/sub" };
      const as = (sub) => ({ headers: [KEY], properties: { [JWT]: sub } });
      assertApart({ tenant }, build, [as("alice"), as("bob")]);
      assertNobody({ tenant }, build, as(""));
      assertNobody({ tenant }, build, [KEY]);
      const path = ["metadata", "filter_metadata", "a~1b", "c/d", "~1"].join("\0");
      const escaped = { tenant: { from: "metadata:a~1b/c~1d/~01" } };
      const named = (sub) => ({ properties: { [path]: sub } });
      assertApart(escaped, build, [named("alice"), named("bob")]);
    });

    it("is identified by the default sources where the value is empty, and by each source once", () => {
      const shared = new SharedData();
      const [once, ...same] = [
        {},
        { tenant: { from: "", anonymous: "pass" } },
        { tenant: { from: ["credential", "credential"] } },
      ].map((configuration) => cacheWith(configuration, { shared }));
      assert.equal(ask(once, [KEY]), "miss-cold");
      for (const cache of same) assert.equal(ask(cache, [KEY]), "hit-exact");
      const sixteen = Array.from({ length: 16 }, (_, i) => `header:x-${i}`);
      assertApart({ tenant: { from: sixteen } }, build, [[["x-0", "a"]], [["x-15", "a"]]]);
    });

    it("is identified by the client's certificate: its names and its subject", () => {
      const tenant = { from: "certificate" };
      const as = (members) => ({
        headers: [KEY],
        properties: Object.fromEntries(
          Object.entries(members).map(([name, value]) => [
            `connection.${name}_peer_certificate`,
            value,
          ]),
        ),
      });
      assertApart({ tenant }, build, [
        as({ uri_san: "spiffe://a" }),
        as({ uri_san: "spiffe://b" }),
        as({ dns_san: "spiffe://a" }),
        as({ dns_san: "b" }),
        as({ uri_san: "spiffe://a", dns_san: "b" }),
        as({ subject: "CN=a" }),
        as({ subject: "CN=b" }),
        as({ uri_san: "spiffe://a", subject: "CN=a" }),
      ]);
      const renewed = { uri_san: "u", dns_san: "d", subject: "CN=s" };
      const digest = (sha256) => ({ ...renewed, sha256 });
      assertShared({ tenant }, build, as(digest("1")), as(digest("2")));
      assertNobody({ tenant }, build, [KEY]);
    });

    it("is no consumer that a client may have written", () => {
      const consumer = (...names) => names.map((name) => ["x-mse-consumer", name]);
      for (const tenant of [{ from: "consumer" }, { from: ["consumer", "credential"] }]) {
        assertApart({ tenant }, build, [[KEY], ...lines("x-mse-consumer", [KEY])]);
        assertApart({ tenant }, build, [
          [KEY, ...consumer("alice")],
          [["authorization", "Bearer mallory"], ...consumer("alice")],
        ]);
        const log = assertNobody({ tenant }, build, consumer("alice"));
        assert.match(log, /consumerIsTrusted/);
        assertNobody({ tenant }, build, [["authorization", "hmac x"], ...consumer("alice")]);
      }
      const trusted = { tenant: { from: "consumer", consumerIsTrusted: true } };
      assertShared(trusted, build, [KEY, ...consumer("team")], consumer("team"));
      // A plugin appends the consumer that it has found to what the client has sent.
      assertApart(trusted, build, [consumer("alice"), consumer("alice", "mallory"), [KEY]]);
      const many = Array.from({ length: 1100 }, (_, i) => [`x-${i}`, ""]);
      assertApart(trusted, build, [
        consumer("alice"),
        [...consumer("alice"), ...many, ...consumer("mallory")],
      ]);
      assertNobody(trusted, build, consumer(" "));
      assertNobody(trusted, build, []);
    });

    it("has the usual sources where none is named", () => {
      const consumer = ["x-mse-consumer", "alice"];
      const cache = cacheWith({}, { build });
      assert.equal(ask(cache, [KEY]), "miss-cold");
      assert.equal(ask(cache, [KEY, consumer]), build === "higress" ? "miss-cold" : "hit-exact");
    });

    it("does not matter where all share", () => {
      const shared = { tenant: { from: "shared" } };
      assertShared(shared, build, [KEY], []);
      assertShared(shared, build, [["x-forwarded-user", "a"]], [["x-forwarded-user", "b"]]);
    });

    it("may be anonymous where that is configured, and identified clients stay separate", () => {
      for (const configuration of [
        { tenant: { anonymous: "share" } },
        { cacheKeyFrom: { requestBody: "" } },
      ]) {
        assertShared(configuration, build, [], [["cookie", "x=1"]]);
        assertApart(configuration, build, [[], [KEY], [["x-forwarded-user", "a"]]]);
      }
    });

    it("is asked for once a minute in the log, with both ways out", () => {
      let now = 1_700_000_000_000;
      const cache = cacheWith({}, { build, now: () => now });
      const warnings = () => cache.vm.logs.filter(({ level }) => level === 3);
      for (let i = 0; i < 5; i++) ask(cache, []);
      assert.equal(warnings().length, 1);
      for (const word of ["tenant.from", "tenant.anonymous", "docs/authentication.md"]) {
        assert.ok(warnings()[0].text.includes(word), word);
      }
      now += 59_000;
      ask(cache, []);
      assert.equal(warnings().length, 1);
      now += 1_000;
      ask(cache, []);
      assert.equal(warnings().length, 2);
    });

    it("is not part of a key that is the text alone", () => {
      assertShared({ keyMode: "text" }, build, [], [KEY]);
    });
  });

  describe(`what an answer says of its readers (${build})`, () => {
    const stored = (configuration, answer, who = [KEY]) =>
      exchange(
        [cacheWith(configuration, { build })],
        { body: chatBody(), headers: who, anonymous: true },
        () => ({ headers: [["content-type", "application/json"], ...answer], chunks: [GOOD] }),
      ).attribute("ai_cache_store");
    const GOOD = JSON.stringify({
      id: "1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", content: "x" }, finish_reason: "stop" }],
    });
    const vary = (...names) => names.map((name) => ["vary", name]);

    it("private is for one client", () => {
      const secret = [
        ["cache-control", "max-age=60"],
        ["cache-control", "private"],
      ];
      assert.equal(stored({}, secret), "stored");
      const shared = { tenant: { from: "shared" } };
      assert.equal(stored(shared, secret), "answer-private");
      assert.equal(stored(shared, []), "stored");
      const anonymous = { tenant: { anonymous: "share" } };
      assert.equal(stored(anonymous, secret, []), "answer-private");
      assert.equal(stored(anonymous, secret), "stored");
      assert.equal(stored({ keyMode: "text" }, secret), "answer-private");
    });

    it("no-store counts in every line", () => {
      const answer = [
        ["cache-control", "public"],
        ["cache-control", "no-store"],
      ];
      assert.equal(stored({}, answer), "answer-no-store");
      const cache = cacheWith({}, { build });
      const asked = ask(cache, [
        KEY,
        ["cache-control", "max-age=1"],
        ["cache-control", "no-store"],
      ]);
      assert.equal(asked, "bypass-no-store");
    });

    it("what it varies by is in the key, or it is not stored", () => {
      assert.equal(stored({}, vary("*")), "answer-vary");
      assert.equal(stored({}, vary("Origin, *")), "answer-vary");
      assert.equal(stored({}, vary("Accept-Encoding", "x-locale")), "answer-vary");
      assert.equal(stored({}, vary("Cookie")), "answer-vary");
      // A header of that name is none of the ones that an answer with `*` depends on.
      assert.equal(stored({ scopeHeaders: ["*"] }, vary("*")), "answer-vary");
      assert.equal(stored({}, vary(",Accept,,", "")), "stored");
      assert.equal(stored({}, vary("Accept, ACCEPT-ENCODING,Origin", "User-Agent,")), "stored");
      assert.equal(
        stored({}, vary("Origin, Access-Control-Request-Method, Access-Control-Request-Headers")),
        "stored",
      );
      assert.equal(stored({}, vary("Authorization, x-api-key, Anthropic-Beta, Host")), "stored");
      assert.equal(stored({}, vary("x-forwarded-user")), "stored");
      assert.equal(stored({ scopeHeaders: ["x-locale"] }, vary("X-Locale")), "stored");
      const shared = { tenant: { from: "shared" } };
      assert.equal(stored(shared, vary("Authorization")), "answer-vary");
      const tenant = { from: "header:x-tenant" };
      const who = [["x-tenant", "a"]];
      assert.equal(stored({ tenant }, vary("X-Tenant"), who), "stored");
      assert.equal(stored({ tenant }, vary("Authorization"), who), "answer-vary");
      const credential = { tenant: { from: "credential" } };
      assert.equal(stored(credential, vary("x-mse-consumer")), "answer-vary");
      const consumer = { tenant: { from: "consumer" } };
      assert.equal(stored(consumer, vary("x-mse-consumer, Authorization")), "stored");
      const trusted = { tenant: { from: "consumer", consumerIsTrusted: true } };
      assert.equal(stored(trusted, vary("x-mse-consumer")), "stored");
      assert.equal(stored(trusted, vary("Authorization")), "answer-vary");
      assert.equal(stored({ keyMode: "text" }, vary("Authorization")), "answer-vary");
    });
  });
}
