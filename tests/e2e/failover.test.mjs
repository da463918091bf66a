/** Fail-over in the real Envoy: from provider to provider by its retries, from key to key by ours. */
import assert from "node:assert/strict";
import http from "node:http";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setCluster, upstreamFilters } from "../../scripts/tools/envoy-config.mjs";
import {
  chatBody,
  completion,
  completionEvents,
  Gateway,
  post,
  sleep,
  stopAll,
  streamedText,
  until,
} from "./support.mjs";

const PROVIDERS = {
  openai: { host: "api.openai.com", path: "/v1/chat/completions", model: "gpt-4" },
  deepseek: { host: "api.deepseek.com", path: "/v1/chat/completions", model: "deepseek-chat" },
  qwen: {
    host: "dashscope.aliyuncs.com",
    path: "/compatible-mode/v1/chat/completions",
    model: "qwen-plus",
  },
};

/** A vendor that checks what it gets; `mode(request)` says how it answers. */
async function startVendor(name, mode) {
  const vendor = { seen: [], faults: [] };
  vendor.server = http.createServer(async (request, response) => {
    const text = await consume.text(request);
    const key = request.headers.authorization?.replace("Bearer ", "");
    vendor.seen.push(key);
    const wanted = PROVIDERS[name];
    if (wanted) {
      const body = JSON.parse(text);
      const got = { host: request.headers.host, path: request.url, model: body.model };
      if (JSON.stringify(got) !== JSON.stringify(wanted)) vendor.faults.push(JSON.stringify(got));
      if (Number(request.headers["content-length"]) !== Buffer.byteLength(text)) {
        vendor.faults.push("content-length");
      }
    }
    answer(mode({ key, count: vendor.seen.length }), JSON.parse(text), response, `${name} ${key}`);
  });
  vendor.server.listen(0, "127.0.0.1");
  await until(() => vendor.server.address(), "the vendor");
  vendor.port = vendor.server.address().port;
  vendor.stop = () => (vendor.server.closeAllConnections(), vendor.server.close());
  return vendor;
}

async function answer(mode, body, response, name) {
  const json = (status, value, headers = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(value));
  };
  if (mode === "hang") return;
  if (mode === "reset") return void response.destroy();
  if (mode === "silent") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    return;
  }
  if (typeof mode === "number") return json(mode, { error: { message: `status ${mode}` } });
  if (!body.stream) return json(200, completion(`by ${name}`));
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of completionEvents(["by ", name])) {
    response.write(event);
    await sleep(1);
  }
  response.end();
}

/** Sends `count` requests, `parallel` at a time. */
async function sendMany(count, parallel, send) {
  const results = [];
  let next = 0;
  const run = async () => {
    while (next < count) results.push(await send(next++));
  };
  await Promise.all(Array.from({ length: parallel }, run));
  return results;
}

describe("envoy/failover.yaml", () => {
  const modes = { openai: "ok", deepseek: "ok", qwen: "ok" };
  const vendors = {};
  let gateway;

  before(async () => {
    for (const name of Object.keys(PROVIDERS)) {
      vendors[name] = await startVendor(name, () => modes[name]);
    }
    gateway = await Gateway.startFile("failover.yaml", (config) => {
      for (const [name, vendor] of Object.entries(vendors)) {
        setCluster(config, name, "127.0.0.1", vendor.port);
        const cluster = config.static_resources.clusters.find((entry) => entry.name === name);
        delete cluster.transport_socket;
      }
      const [{ routes }] =
        config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config
          .virtual_hosts;
      routes[0].route.retry_policy.per_try_timeout = "2s";
    });
  });
  after(() => stopAll(gateway, ...Object.values(vendors)));

  const set = (values) =>
    Object.assign(modes, { openai: "ok", deepseek: "ok", qwen: "ok" }, values);
  const faults = () => Object.values(vendors).flatMap((vendor) => vendor.faults);
  const ask = async (stream) => {
    const { status, text } = await post(gateway.port, chatBody("hi", { stream }), {
      authorization: "Bearer client",
    });
    assert.equal(status, 200, text);
    return stream ? streamedText(text) : JSON.parse(text).choices[0].message.content;
  };

  it("uses the modules as they ship", () => {
    assert.deepEqual(Object.keys(upstreamFilters(gateway.config)), Object.keys(PROVIDERS));
  });

  for (const [what, mode, ...logged] of [
    ["overloaded", 503, /key [01] of provider openai is out after status 503/],
    ["rate-limited", 429, /key [01] of provider openai is out after status 429/],
    ["refusing the key", 401, /key [01] of provider openai is out after status 401/],
    ["cutting the connection", "reset"],
    ["silent behind its headers", "silent"],
    ["hanging", "hang"],
  ]) {
    it(`moves on when a provider is ${what}, with the next one's key, path and model`, async () => {
      set({ openai: mode });
      // Which of the two keys a request takes is chance, and what one has refused counts.
      gateway.allowLog(...logged);
      for (const stream of [false, true]) assert.equal(await ask(stream), "by deepseek sk-three");
      set({ openai: mode, deepseek: 500 });
      assert.equal(await ask(true), "by qwen sk-four");
      assert.deepEqual(faults(), []);
    });
  }

  it("does not ask another provider for what is the client's fault, and passes the last error on", async () => {
    set({ openai: 400 });
    const before = vendors.deepseek.seen.length;
    const refused = await post(gateway.port, chatBody());
    assert.equal(refused.status, 400);
    assert.equal(vendors.deepseek.seen.length, before);
    set({ openai: 503, deepseek: 503, qwen: 503 });
    gateway.allowLog(/key [01] of provider openai is out after status 503/);
    const failed = await post(gateway.port, chatBody());
    assert.equal(failed.status, 503);
    assert.equal(JSON.parse(failed.text).error.message, "status 503");
  });

  it("1,000 parallel requests, half of them streams, all succeed: one hangs, one answers 429, one lives", async () => {
    set({ openai: "hang", deepseek: 429 });
    const results = await sendMany(1000, 1000, (index) =>
      post(gateway.port, chatBody(`question ${index}`, { stream: index % 2 === 0 })),
    );
    for (const [index, { status, text }] of results.entries()) {
      assert.equal(status, 200, `${index}: ${text}`);
      assert.match(text, /qwen sk-four/);
    }
    assert.equal(results.length, 1000);
    assert.deepEqual(faults(), []);
    const metrics = (await gateway.metrics("ai_proxy_requests_total")).join("\n");
    assert.match(metrics, /provider="openai",[^}]*status="none"\} 1\d{3}$/m);
    assert.match(metrics, /provider="deepseek",[^}]*status="429"\}/);
    assert.match(metrics, /provider="qwen",[^}]*status="200"\}/);
  });
});

describe("several keys", () => {
  const KEYS = ["key-good-1", "key-dead", "key-limited", "key-good-2"];
  const mode = ({ key }) => (key === "key-dead" ? 401 : key === "key-limited" ? 429 : "ok");
  const provider = (port) => ({
    type: "openai",
    openaiCustomUrl: `127.0.0.1:${port}/v1`,
    apiTokens: KEYS,
    failover: { enabled: true, cooldownDuration: 500 },
    retryOnFailure: { enabled: true, maxRetries: 3 },
  });
  let vendor;
  let gateway;

  before(async () => {
    vendor = await startVendor("pool", mode);
    gateway = await Gateway.start({
      upstreamPort: vendor.port,
      concurrency: 2,
      cache: { enableSemanticCache: false },
      proxy: { provider: provider(vendor.port) },
      change: (config) => {
        const llm = config.static_resources.clusters.find(({ name }) => name === "llm");
        const limit = 4096;
        llm.circuit_breakers = {
          thresholds: [
            { max_connections: limit, max_pending_requests: limit, max_requests: limit },
          ],
        };
      },
    });
  });
  after(() => stopAll(gateway, vendor));

  it("10,000 requests all succeed while one key is dead and one is rate-limited", async () => {
    const results = await sendMany(10_000, 64, (index) =>
      post(gateway.port, chatBody(`pool ${index}`, { stream: index % 2 === 0 })),
    );
    const bad = results.filter(({ status, text }) => status !== 200 || !/key-good-[12]/.test(text));
    assert.deepEqual(bad.slice(0, 3), []);
    const count = (key) => vendor.seen.filter((seen) => seen === key).length;
    assert.ok(count("key-dead") < 1000, `the dead key was asked ${count("key-dead")} times`);
    assert.ok(
      count("key-good-1") > 3000 && count("key-good-2") > 3000,
      "the good keys share the load",
    );
    gateway.expectLog(
      /key 1 of provider openai is out after status 401/,
      /key 2 of provider openai is out after status 429/,
    );
    for (const key of KEYS) assert.equal(gateway.log.includes(key), false, "no key in a log");
    const metrics = await gateway.metrics("ai_proxy");
    assert.ok(
      metrics.some((line) => /ai_proxy_retries_total\{.*\} [1-9]/.test(line)),
      metrics.join("\n"),
    );
    for (const key of KEYS) assert.equal(metrics.join("\n").includes(key), false);
  });
});
