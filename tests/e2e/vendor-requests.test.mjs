/** What reaches a vendor behind the real Envoy: paths, headers, and no credential of a client. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setCluster } from "../../scripts/tools/envoy-config.mjs";
import { Gateway, stopAll, until } from "./support.mjs";

const KEY = "sk-operator-0123456789";
const CHAT = "/v1/chat/completions";

/** Sends a path as it is written, which `fetch` would not. */
const send = (port, path, { method = "POST", headers = {}, body = "" } = {}) =>
  new Promise((resolve, reject) => {
    const call = request({ port, host: "127.0.0.1", path, method, headers }, async (answer) => {
      resolve({ status: answer.statusCode, text: await consume.text(answer) });
    });
    call.on("error", reject);
    call.end(body);
  });

const start = async (seen, provider) => {
  const server = createServer(async (incoming, outgoing) => {
    for await (const _ of incoming);
    seen.push(incoming);
    outgoing.writeHead(401, { "content-type": "application/json" });
    outgoing.end(`{"error":{"message":"Incorrect API key provided: ${KEY}"}}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const gateway = await Gateway.start({
    upstreamPort: port,
    cache: { cacheKeyStrategy: "disabled" },
    proxy: { provider: { apiTokens: KEY, ...provider } },
    change: (config) => setCluster(config, "llm", "127.0.0.1", port),
  });
  return {
    gateway,
    stop: () => stopAll(gateway, server),
  };
};

const chat = (model = "m") => JSON.stringify({ model, messages: [{ role: "user", content: "q" }] });
const JSON_TYPE = { "content-type": "application/json" };

describe("requests on their way to OpenAI", () => {
  const seen = [];
  let chain;
  before(async () => (chain = await start(seen, { type: "openai" })));
  after(() => chain?.stop());

  it("have the vendor's path however the client wrote it, and known ones only", async () => {
    for (const path of [`/${CHAT}/`, "/v1/x/..//chat%2fcompletions?key=client-secret&a=b"]) {
      seen.length = 0;
      await send(chain.gateway.port, path, { headers: JSON_TYPE, body: chat() });
      assert.equal(seen[0].url.split("?")[0], CHAT);
      assert.doesNotMatch(seen[0].url, /client-secret/);
    }
    seen.length = 0;
    for (const [path, method, status] of [
      ["/v1/organization/users/u1", "DELETE", 404],
      ["/v1/Chat/completions", "POST", 404],
      ["/v1/files/..%2f..%2fx", "GET", 400],
      ["/v1/chat/completions", "OPTIONS", 204],
      ["/", "HEAD", 200],
      ["/", "GET", 200],
    ]) {
      const answer = await send(chain.gateway.port, path, { method });
      assert.equal(answer.status, status, `${method} ${path}`);
    }
    assert.equal(seen.length, 0);
    chain.gateway.expectLog(/path \/v1\/organization\/users\/u1 is not an API of provider openai/);
  });

  it("have headers of the list, the operator's key, and nothing that identifies the client", async () => {
    seen.length = 0;
    const secret = {
      authorization: "Bearer client-secret",
      "x-api-key": "client-secret",
      "x-authorization": "client-secret",
      cookie: "sid=client-secret",
      "proxy-authorization": "Basic client-secret",
      referer: "https://client-secret/",
      "x-mse-consumer": "client-secret",
      "x-hi-original-auth": "client-secret",
      "x-higress-fallback-from": "client-secret",
      "x-forwarded-user": "client-secret",
      "openai-project": "client-secret",
    };
    const headers = { ...JSON_TYPE, ...secret, "idempotency-key": "i", "x-b3-flags": "1" };
    await send(chain.gateway.port, `/team${CHAT}`, { headers, body: chat() });
    const [{ headers: got, rawHeaders }] = seen;
    assert.doesNotMatch(
      rawHeaders.join("\n"),
      /client-secret|x-envoy-original|x-forwarded-(?!proto)/i,
    );
    assert.equal(got.authorization, `Bearer ${KEY}`);
    assert.equal(got["idempotency-key"], "i");
    assert.equal(got["x-b3-flags"], "1");
    assert.ok(got["x-request-id"]);
    await until(
      () => chain.gateway.accessLog.some((line) => / \/team\/v1\/chat/.test(line)),
      "log",
    );
    assert.doesNotMatch(chain.gateway.accessLog.join("\n"), /client-secret/);
  });

  it("are answered without the key that the vendor repeats", async () => {
    const answer = await send(chain.gateway.port, CHAT, { headers: JSON_TYPE, body: chat() });
    assert.equal(
      answer.status,
      401,
      answer.text + chain.gateway.accessLog.join() + chain.gateway.log.slice(-2000),
    );
    assert.equal(JSON.parse(answer.text).error.message, "Incorrect API key provided: ***");
  });
});

describe("requests on their way to Vertex", () => {
  const seen = [];
  let chain;
  before(async () => (chain = await start(seen, { type: "vertex" })));
  after(() => chain?.stop());

  it("name one model, and its key stands in no log", async () => {
    const ask = (model) =>
      send(chain.gateway.port, CHAT, { headers: JSON_TYPE, body: chat(model) });
    await ask("x?y=%#/a");
    assert.match(seen[0].url, /\/models\/x%3Fy%3D%25%23%2Fa:generateContent$/);
    assert.equal(seen[0].headers["x-goog-api-key"], KEY);
    assert.equal((await ask("../../v1beta/files")).status, 400);
    assert.equal(seen.length, 1);
    await until(() => chain.gateway.accessLog.length >= 2, "the access log");
    assert.match(chain.gateway.accessLog[0], /upstream=\/v1\/publishers\/google\/models\/x%3F/);
    assert.doesNotMatch(chain.gateway.accessLog.join("\n") + chain.gateway.log, new RegExp(KEY));
  });
});
