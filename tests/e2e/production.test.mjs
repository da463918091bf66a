/**
 * `envoy/production.yaml` as it ships, with every part driven by requests: who may ask, who shares,
 * Redis, fail-over by TLS, limits, CORS, metrics, the log. Only addresses, and the authority that
 * certifies the providers, are those of this machine.
 */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { request as send } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setCluster, upstreamFilters } from "../../scripts/tools/envoy-config.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { Redis } from "../engines/redis.mjs";
import { listen } from "../fakes/http-server.mjs";
import { Authority } from "./certificates.mjs";
import {
  chatBody,
  completion,
  completionEvents,
  Gateway,
  post,
  stopAll,
  until,
} from "./support.mjs";

const ENVIRONMENT = {
  OPENAI_API_KEY: "sk-of-openai",
  DEEPSEEK_API_KEY: "sk-of-deepseek",
  REDIS_PASSWORD: "s3cret",
};
const ALICE = { authorization: "Bearer put-alices-key-here" };
const BOB = { authorization: null, "x-api-key": "put-bobs-key-here" };
const ORIGIN = "https://app.example.com";
/** What the file says that one client may ask in a minute. */
const LIMIT = 60;
/** What Envoy says of this filter. */
const UNFINISHED = /api_key_auth\.v3\.\w+' .*work-in-progress/;

const authority = new Authority("providers");

/** A provider behind TLS, with the certificate of its host; `state.fault`: a status instead of an answer. */
async function startProvider(host) {
  const state = { requests: [], fault: 0 };
  const server = createServer(
    authority.issue(host, { names: [host] }),
    async (request, response) => {
      const body = await consume.json(request);
      state.requests.push({ url: request.url, headers: request.headers, body });
      if (state.fault) {
        response.writeHead(state.fault, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: "no", type: "server_error" } }));
        return;
      }
      const text = `${host} said ${body.messages.at(-1).content}`;
      response.writeHead(200, {
        "content-type": body.stream ? "text/event-stream" : "application/json",
      });
      response.end(
        body.stream ? completionEvents([text]).join("") : JSON.stringify(completion(text)),
      );
    },
  );
  await listen(server);
  return { state, requests: state.requests, server, port: server.address().port };
}

/** Asserts that `record` has these members. */
function assertMembers(record, members) {
  const own = Object.fromEntries(Object.keys(members).map((name) => [name, record[name]]));
  assert.deepEqual(own, members);
}

/** Any request; gives status, header fields and text. */
function call(port, path, { method = "GET", headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = send({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      const chunks = [];
      response.on("data", (data) => chunks.push(data));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, headers: response.headers, text });
      });
    });
    request.on("error", reject);
    request.end();
  });
}

describe("envoy/production.yaml", () => {
  let redis;
  let openai;
  let deepseek;
  let gateway;
  let metricsPort;

  /** The gateway with an empty memory; a second one listens on the same port of another address. */
  async function start(equalTo) {
    metricsPort = await freePort();
    const started = await Gateway.startFile(
      "production.yaml",
      (config) => {
        const file = join(mkdtempSync(join(tmpdir(), "authority-")), "providers.crt");
        writeFileSync(file, authority.certificate);
        const resources = config.static_resources;
        resources.listeners[1].address.socket_address = {
          address: "127.0.0.1",
          port_value: metricsPort,
        };
        setCluster(config, "openai", "127.0.0.1", openai.port);
        setCluster(config, "deepseek", "127.0.0.1", deepseek.port);
        setCluster(config, "redis", "127.0.0.1", redis.port);
        setCluster(config, "admin", "127.0.0.1", config.admin.address.socket_address.port_value);
        for (const name of Object.keys(upstreamFilters(config))) {
          const { typed_config: tls } = resources.clusters.find(
            (cluster) => cluster.name === name,
          ).transport_socket;
          tls.common_tls_context.validation_context.trusted_ca.filename = file;
        }
      },
      equalTo,
      ENVIRONMENT,
    );
    started.allowLog(UNFINISHED);
    return started;
  }

  before(async () => {
    redis = await Redis.start(undefined, ENVIRONMENT.REDIS_PASSWORD);
    openai = await startProvider("api.openai.com");
    deepseek = await startProvider("api.deepseek.com");
    gateway = await start();
  });
  after(() => stopAll(gateway, openai?.server, deepseek?.server, redis));

  let asked = 0;
  let sent = 0;
  const question = () => `Question ${++asked} about the gateway`;
  const ask = (text, headers, members) => {
    sent++;
    return post(gateway, chatBody(text, members), headers);
  };
  /** The log's records of the latest requests, once they are written. */
  async function latest(count) {
    await until(() => gateway.accessLog.length === sent, "the access log");
    return gateway.accessLog.slice(-count).map((line) => JSON.parse(line));
  }

  it("refuses who has no key, or a wrong one, before anybody is asked", async () => {
    const before = openai.requests.length;
    for (const authorization of [
      null,
      "Bearer nobodys-key",
      "Basic cHV0LWFsaWNlcy1rZXktaGVyZTo=",
    ]) {
      const reply = await ask(question(), { authorization });
      assert.equal(reply.status, 401, `${authorization}: ${reply.text}`);
      assert.equal(reply.cache, undefined);
    }
    assert.equal(openai.requests.length, before);
  });

  it("lets through who has one, by either header, with the provider's key in place of the client's", async () => {
    for (const headers of [ALICE, BOB]) {
      const reply = await ask(question(), {
        ...headers,
        "x-client-id": "mallory",
        cookie: "sid=1",
      });
      assert.equal(reply.status, 200, reply.text);
      const received = openai.requests.at(-1);
      assert.equal(received.url, "/v1/chat/completions");
      assert.equal(received.headers.host, "api.openai.com");
      assert.equal(received.headers.authorization, "Bearer sk-of-openai");
      for (const name of ["x-api-key", "x-client-id", "cookie"]) {
        assert.equal(received.headers[name], undefined, name);
      }
    }
  });

  it("shares the answers of one client, by both headers and as a stream, and of no two", async () => {
    const text = question();
    const before = openai.requests.length;
    assert.match((await ask(text, ALICE)).cache, /fwd=miss/);
    const byOther = { authorization: null, "x-api-key": "put-alices-key-here" };
    assert.match((await ask(text, byOther)).cache, /hit/);
    const stream = await ask(text, ALICE, { stream: true });
    assert.match(stream.cache, /hit/);
    assert.match(stream.text, /data: \[DONE\]/);
    assert.match((await ask(text, BOB)).cache, /fwd=miss/);
    assert.match((await ask(text, { ...BOB, "x-client-id": "alice" })).cache, /hit/);
    assert.equal(openai.requests.length, before + 2);
  });

  it("finds in Redis what another Envoy has stored", async () => {
    const text = question();
    const stored = Number(redis.cli("DBSIZE"));
    assert.match((await ask(text, ALICE)).cache, /fwd=miss/);
    await until(() => Number(redis.cli("DBSIZE")) === stored + 1, "the answer in Redis");
    const first = gateway;
    const firstMetrics = metricsPort;
    const other = await start(first);
    try {
      const headers = { ...ALICE, host: `127.0.0.1:${first.port}` };
      // Who answers behind a route is known once somebody has: the first request of an Envoy is asked anew.
      const warm = await post(other, chatBody(question()), headers);
      assert.match(warm.cache, /fwd=miss/, warm.text);
      const before = openai.requests.length;
      const reply = await post(other, chatBody(text), headers);
      assert.match(reply.cache, /hit/, reply.text);
      assert.equal(openai.requests.length, before);
      const lines = await other.metrics("ai_cache_redis_total");
      assert.ok(
        lines.some((line) => /operation="get"/.test(line) && /result="hit"/.test(line)),
        lines.join("\n"),
      );
    } finally {
      metricsPort = firstMetrics;
      await other.stop();
    }
    for (const secret of ["put-alices-key-here", text, "said"]) {
      const keys = redis.cli("KEYS", "*");
      assert.ok(!keys.includes(secret), "no key of Redis tells who or what");
    }
  });

  for (const fault of [503, 429, 401]) {
    it(`asks the second provider after ${fault}, with its key, model and certificate, and keeps nothing of it`, async () => {
      openai.state.fault = fault;
      const text = question();
      try {
        const reply = await ask(text, ALICE);
        assert.equal(reply.status, 200, reply.text);
        assert.match(reply.text, /api\.deepseek\.com said/);
        const received = deepseek.requests.at(-1);
        assert.equal(received.headers.authorization, "Bearer sk-of-deepseek");
        assert.equal(received.headers.host, "api.deepseek.com");
        assert.equal(received.body.model, "deepseek-chat");
        const [{ provider, model, attempts, store }] = await latest(1);
        assert.deepEqual([provider, model, attempts], ["deepseek", "deepseek-chat", 2]);
        assert.notEqual(store, "stored");
      } finally {
        openai.state.fault = 0;
      }
      const back = await ask(text, ALICE);
      assert.match(back.cache, /fwd=miss/);
      assert.match(back.text, /api\.openai\.com said/);
    });
  }

  it("gives a client's fault back, and asks nobody else", async () => {
    openai.state.fault = 400;
    try {
      const before = deepseek.requests.length;
      assert.equal((await ask(question(), ALICE)).status, 400);
      assert.equal(deepseek.requests.length, before);
    } finally {
      openai.state.fault = 0;
    }
  });

  it("answers a browser's preflight of the application without a key, and of no other origin", async () => {
    const preflight = (origin) => {
      sent++;
      return call(gateway.port, "/v1/chat/completions", {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type",
        },
      });
    };
    const before = openai.requests.length + deepseek.requests.length;
    const allowed = await preflight(ORIGIN);
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers["access-control-allow-origin"], ORIGIN);
    assert.match(allowed.headers["access-control-allow-headers"], /authorization, content-type/);
    assert.match(allowed.headers["access-control-allow-methods"], /POST/);
    const other = await preflight("https://evil.example");
    assert.equal(other.status, 401);
    assert.equal(other.headers["access-control-allow-origin"], undefined);
    assert.equal(openai.requests.length + deepseek.requests.length, before);
    const text = question();
    for (const what of [/fwd=miss/, /hit/]) {
      const reply = await ask(text, { ...ALICE, origin: ORIGIN });
      assert.match(reply.cache, what);
      assert.equal(reply.headers["access-control-allow-origin"], ORIGIN);
      assert.match(reply.headers["access-control-expose-headers"], /cache-status/);
    }
  });

  it("gives Prometheus the metrics of both modules, and nothing else of the admin port", async () => {
    const { status, text } = await call(metricsPort, "/stats/prometheus");
    assert.equal(status, 200);
    assert.match(text, /^ai_cache_requests_total\{.*reason="hit-exact".*\} \d+$/m);
    for (const provider of ["openai", "deepseek"]) {
      const line = new RegExp(
        `^ai_proxy_requests_total\\{.*provider="${provider}".*\\} \\d+$`,
        "m",
      );
      assert.match(text, line);
    }
    assert.match(
      text,
      /^envoy_http_local_rate_limit_ok\{envoy_local_http_ratelimit_prefix="clients"\} \d+$/m,
    );
    for (const path of ["/", "/config_dump", "/stats", "/quitquitquit"]) {
      assert.equal((await call(metricsPort, path)).status, 404, path);
    }
  });

  it("writes one JSON object for each request: misses, hits, refusals, errors", async () => {
    const text = question();
    await ask(text, ALICE);
    await ask(text, ALICE);
    await ask(text, { authorization: null });
    openai.state.fault = 400;
    await ask(question(), ALICE);
    openai.state.fault = 0;
    const records = await latest(4);
    const [miss, hit, refused, fault] = records;
    for (const each of records) {
      assert.match(each.time, /^\d{4}-\d\d-\d\dT/);
      assert.equal(each.method, "POST");
      assert.ok(each.duration_ms >= 0);
    }
    const common = { path: "/v1/chat/completions", model: "gpt-4" };
    assertMembers(miss, { ...common, status: 200, provider: "openai", attempts: 1 });
    assert.match(miss.cache, /^miss-/);
    assert.equal(miss.store, "stored");
    assert.deepEqual([miss.input_tokens, miss.output_tokens], ["3", "2"]);
    assertMembers(hit, { ...common, status: 200, cache: "hit-exact", provider: null });
    assert.equal(hit.details, "ai_cache_hit");
    assertMembers(refused, { status: 401, cache: null, model: null });
    assertMembers(fault, { ...common, status: 400, provider: "openai", attempts: 1 });
    assert.notEqual(fault.store, "stored");
  });

  // Last: it uses up what Bob may ask.
  it("lets each client ask so often a minute: 429 for one, the others go on", async () => {
    const text = question();
    const statuses = [];
    for (let i = 0; i < LIMIT + 5; i++) statuses.push((await ask(text, BOB)).status);
    const firstRefused = statuses.indexOf(429);
    assert.ok(firstRefused >= LIMIT - 10 && firstRefused <= LIMIT, String(firstRefused));
    assert.ok(statuses.slice(0, firstRefused).every((status) => status === 200));
    assert.ok(statuses.slice(firstRefused).every((status) => status === 429));
    assert.equal((await ask(text, ALICE)).status, 200);
  });
});
