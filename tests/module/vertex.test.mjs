/** Vertex AI with a service account: the token, who waits for it, and what is signed. */
import assert from "node:assert/strict";
import { createPublicKey, sign, verify } from "node:crypto";
import { describe, it } from "node:test";
import { Status } from "../host/chain.mjs";
import gemini from "../fixtures/dialects/gemini.mjs";
import claude from "../fixtures/dialects/claude.mjs";
import { accountFile, pemOf, rsaKey, vertexWith } from "../fixtures/service-account.mjs";
import { chatBody, exchange, expectLog, plugin } from "./support.mjs";

const KEY = rsaKey();
const account = (members) => accountFile(KEY, members);
const CLUSTER = "outbound|443||google-auth.dns";
const CONFIG = vertexWith(account());

function start(members = {}) {
  const clock = { ms: 1_767_225_600_000 };
  const proxy = plugin(
    "ai-proxy",
    { provider: { ...CONFIG, ...members } },
    { now: () => clock.ms },
  );
  assert.ok(proxy.accepted, proxy.vm.logText());
  const { vm } = proxy;
  vm.onHttpCall = (call) => (call.cluster === CLUSTER ? Status.Ok : Status.BadArgument);
  const sent = [];
  const self = {
    proxy,
    vm,
    clock,
    sent,
    ask(members_ = {}, answer = Object.values(gemini.wholes)[0][0], request = {}) {
      const upstream = (got) => {
        sent.push(got);
        return {
          headers: { "content-type": "application/json" },
          chunks: [JSON.stringify(answer)],
        };
      };
      return exchange([proxy], { body: chatBody("hi", members_), ...request }, upstream);
    },
    /** Answers the token's service; gives the request that it got. */
    token(
      answer = { access_token: "tok-1", expires_in: 3599, token_type: "Bearer" },
      status = 200,
    ) {
      const [[token, call]] = [...vm.calls];
      vm.answer(token, { status, body: JSON.stringify(answer) });
      return call;
    },
  };
  return self;
}

describe("a service account of Vertex", () => {
  it("is exchanged for a token by a signed assertion", () => {
    const one = start();
    const stream = one.ask({ model: "gemini-x" });
    assert.equal(one.sent.length, 0, "waits");
    const call = one.token();
    const headers = Object.fromEntries(call.headers.fields);
    assert.equal(headers[":authority"] + headers[":path"], "oauth2.googleapis.com/token");
    assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
    const form = new URLSearchParams(call.body.toString());
    assert.equal(form.get("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [head, claims, signature] = form.get("assertion").split(".");
    const decode = (text) => JSON.parse(Buffer.from(text, "base64url"));
    assert.deepEqual(decode(head), { alg: "RS256", typ: "JWT", kid: "kid-1" });
    assert.deepEqual(decode(claims), {
      iss: "gateway@p.iam.gserviceaccount.com",
      scope: "https://www.googleapis.com/auth/cloud-platform",
      aud: "https://oauth2.googleapis.com/token",
      iat: 1_767_225_600,
      exp: 1_767_229_200,
    });
    const message = Buffer.from(`${head}.${claims}`);
    assert.equal(signature, sign("sha256", message, KEY).toString("base64url"));
    assert.equal(stream.received.status, 200);
    const [request] = one.sent;
    assert.equal(request.headers.get("authorization"), "Bearer tok-1");
    assert.equal(request.headers.get(":authority"), "us-central1-aiplatform.googleapis.com");
    assert.equal(
      request.headers.get(":path"),
      "/v1/projects/p1/locations/us-central1/publishers/google/models/gemini-x:generateContent",
    );
    assert.equal(stream.json.choices[0].message.content, "Hi \u{1f600}");
    assert.doesNotMatch(one.vm.logText(0), /tok-1|PRIVATE/);
  });

  it("is sent to the host of its region, of several or of all", () => {
    for (const [vertexRegion, host] of [
      ["europe-west4", "europe-west4-aiplatform.googleapis.com"],
      ["global", "aiplatform.googleapis.com"],
      ["us", "aiplatform.us.rep.googleapis.com"],
      ["eu", "aiplatform.eu.rep.googleapis.com"],
    ]) {
      const world = start({ vertexRegion });
      world.ask();
      world.token();
      const [{ headers }] = world.sent;
      assert.equal(headers.get(":authority"), host);
      assert.match(headers.get(":path"), new RegExp(`/locations/${vertexRegion}/publishers/`));
    }
  });

  it("has a token that stands in no logged error, and reaches no client", () => {
    const one = start({ logUpstreamErrorResponseBody: true });
    const error = { error: { code: 403, message: "bad: tok-of-the-gateway!" } };
    const upstream = () => ({
      status: 403,
      headers: { "content-type": "application/json" },
      chunks: [JSON.stringify(error)],
    });
    const stream = exchange([one.proxy], { body: chatBody() }, upstream);
    one.token({ access_token: "tok-of-the-gateway", expires_in: 3599, token_type: "Bearer" });
    assert.equal(stream.json.error.message, "bad: ***!");
    assert.match(one.vm.takeLog(3), /status 403 of vertex: .*"bad: \*\*\*!"/);
  });

  it("one exchange serves all who wait, and everybody after them", () => {
    const one = start();
    const streams = [1, 2, 3].map((n) => one.ask({ model: `m${n}` }));
    assert.equal(one.vm.calls.size, 1);
    one.token();
    assert.deepEqual(
      streams.map(({ received }) => received.status),
      [200, 200, 200],
    );
    one.ask();
    assert.equal(one.vm.calls.size, 0);
    assert.equal(one.sent.length, 4);
  });

  it("is renewed ahead of its end while the old token is used", () => {
    const one = start({ vertexTokenRefreshAhead: 100 });
    one.ask();
    one.token();
    one.clock.ms += 3_500_000;
    one.ask();
    assert.equal(one.sent.at(-1).headers.get("authorization"), "Bearer tok-1");
    one.token({ access_token: "tok-2", expires_in: 3599 });
    one.ask();
    assert.equal(one.sent.at(-1).headers.get("authorization"), "Bearer tok-2");
    one.clock.ms += 4_000_000;
    one.ask();
    assert.equal(one.sent.length, 3, "waits for another token");
  });

  it("a token that cannot be had is an error, once for each who waits", () => {
    expectLog(
      /^vertex token: gave no token: status 400 \(cluster outbound\|443\|\|google-auth\.dns\)$/,
      /^vertex token: gave no token: status 200 \(cluster outbound\|443\|\|google-auth\.dns\)$/,
      /^vertex token: no cluster is named outbound\|443\|\|nobody or .* or nobody$/,
    );
    for (const [answer, status] of [
      [{ error: "invalid_grant" }, 400],
      [{ access_token: "", expires_in: 1 }, 200],
      [{ access_token: "a b\r\nc", expires_in: 10 }, 200],
      [{ access_token: "x" }, 200],
    ]) {
      const one = start();
      const stream = one.ask();
      one.token(answer, status);
      assert.equal(stream.received.status, 502);
      assert.equal(stream.json.error.code, "credential_unavailable");
      assert.equal(one.sent.length, 0);
    }
    const gone = start({ vertexAuthServiceName: "nobody" });
    assert.equal(gone.ask().received.status, 502);
  });

  it("Claude's models are asked in their own protocol, OpenAI's layer as it is", () => {
    const one = start();
    one.ask();
    one.token();
    const stream = one.ask({ model: "claude-x@20250101" }, Object.values(claude.wholes)[0][0]);
    assert.match(
      one.sent.at(-1).headers.get(":path"),
      /publishers\/anthropic\/models\/claude-x@20250101:rawPredict$/,
    );
    assert.equal(stream.json.choices[0].message.content, "Hi \u{1f600}");
    const compatible = start({ vertexOpenAICompatible: true });
    compatible.ask({ model: "google/gemini-x" }, { choices: [] });
    compatible.token();
    const [request] = compatible.sent;
    assert.equal(
      request.headers.get(":path"),
      "/v1beta1/projects/p1/locations/us-central1/endpoints/openapi/chat/completions",
    );
    assert.equal(request.headers.get("authorization"), "Bearer tok-1");
    assert.equal(JSON.parse(request.body).messages[0].content, "hi");
  });

  it("keys of 1024 to 4096 bits sign as OpenSSL does", () => {
    for (const bits of [1024, 3072, 4096]) {
      const key = rsaKey(bits);
      const one = start({ vertexAuthKey: accountFile(key) });
      one.ask();
      const [[, call]] = [...one.vm.calls];
      const assertion = new URLSearchParams(call.body.toString()).get("assertion");
      const at = assertion.lastIndexOf(".");
      const message = Buffer.from(assertion.slice(0, at));
      const signature = Buffer.from(assertion.slice(at + 1), "base64url");
      assert.ok(verify("sha256", message, createPublicKey(key), signature), String(bits));
    }
  });

  it("what is missing or no key is named, and never shown", () => {
    const log = (members) =>
      plugin("ai-proxy", { provider: { ...CONFIG, ...members } }).vm.takeLog();
    for (const key of ["vertexRegion", "vertexProjectId", "vertexAuthKey", "vertexAuthServiceName"])
      assert.match(log({ [key]: "" }), new RegExp(`missing ${key}`));
    const damaged = pemOf(KEY).replace(/[A-Za-z]{20}/, "AAAAAAAAAAAAAAAAAAAA");
    for (const key of [
      "{",
      "{}",
      account({ private_key: "x" }),
      account({ private_key: damaged.slice(0, 200) + "\n-----END PRIVATE KEY-----" }),
      account({ private_key: "-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----" }),
    ]) {
      const text = log({ vertexAuthKey: key });
      assert.match(text, /vertexAuthKey: is not the JSON of a service account/);
      assert.doesNotMatch(text, /BEGIN|MAMC/);
    }
    assert.match(log({ apiTokens: ["k"], vertexOpenAICompatible: true }), /at the same time/);
  });
});
