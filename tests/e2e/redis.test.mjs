/** ai-cache with the real Redis: every way there that stock Envoy has, and what happens when it fails. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { PASSWORD, Redis, startWebdis } from "../engines/redis.mjs";
import { setCluster, setPlugin, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { listen } from "../fakes/http-server.mjs";
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

/** The load under which Redis is killed: requests a second, and for how long. */
const RATE = 1000;
const SECONDS = Number(process.env.REDIS_SECONDS || 6);

/** Vectors of a usual length, each another one. */
const vectorsOf = (input) => ({
  object: "list",
  data: input.map((text, index) => ({
    object: "embedding",
    index,
    embedding: Array.from({ length: 1536 }, (_, i) => Number(/\d+$/.exec(text)[0]) + i / 2048),
  })),
  model: "m",
  usage: { prompt_tokens: 5 * input.length, total_tokens: 5 * input.length },
});

/** A model that counts and answers quickly. */
async function startModel() {
  const model = { asked: 0, inputs: [] };
  model.server = http.createServer(async (request, response) => {
    const { stream, messages, input } = await consume.json(request);
    model.asked++;
    if (input) {
      model.inputs.push(input);
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify(vectorsOf(input)));
    }
    const text = `answer to ${messages.at(-1).content}`;
    const long = /^long (\d+)/.exec(messages.at(-1).content);
    const content = long ? text + "x".repeat(Number(long[1])) : text;
    if (!stream) {
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify(completion(content)));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(completionEvents([content]).join(""));
  });
  // Envoy must not send a request on a connection that is being closed for idleness.
  model.server.keepAliveTimeout = 600_000;
  model.port = await listen(model.server);
  model.stop = () => (model.server.closeAllConnections(), model.server.close());
  return model;
}

/** An Envoy from a file of `envoy/`, with a memory of its own. */
function startGateway(file, model, redisPort, { front, cache, equalTo } = {}) {
  const change = (config) => {
    setCluster(config, "llm", "127.0.0.1", model.port);
    const redis = config.static_resources.clusters.find(({ name }) => name === "redis_real")
      ? "redis_real"
      : front
        ? "webdis"
        : "redis";
    setCluster(config, redis, "127.0.0.1", front ?? redisPort);
    const pool = config.static_resources.listeners.find(({ name }) => name === "redis_pool");
    if (pool) {
      const port = poolPort++;
      pool.address.socket_address.port_value = port;
      setCluster(config, "redis_tcp", "127.0.0.1", port);
    }
    if (cache) {
      const value = JSON.parse(wasmFilters(config)["ai-cache"].configuration.value);
      setPlugin(config, "ai-cache", { ...value, cache: { ...value.cache, ...cache } });
    }
  };
  return Gateway.startFile(file, change, equalTo);
}

let poolPort = 20_000 + Math.floor(Math.random() * 10_000);

/** The host is a part of the scope: the Envoys of one gateway have one name. */
const ask = (gateway, question, members = {}) =>
  post(gateway, chatBody(question, members), { host: "gateway.example" });

const contentOf = ({ text }) => JSON.parse(text).choices[0].message.content;

let redis;
let model;
before(async () => {
  redis = await Redis.start();
  model = await startModel();
});
after(() => stopAll(redis, model));

for (const [name, file] of [
  ["raw TCP", "redis.yaml"],
  ["redis_proxy", "redis-pool.yaml"],
  ["Webdis", "redis-webdis.yaml"],
]) {
  describe(`two Envoys and one Redis by ${name}`, () => {
    const gateways = [];
    let webdis;

    before(async () => {
      let front;
      if (name === "Webdis") {
        webdis = await startWebdis(redis.port);
        front = webdis.port;
      }
      for (let i = 0; i < 2; i++) {
        const options = { front, equalTo: gateways[0] };
        gateways.push(await startGateway(file, model, redis.port, options));
      }
    });
    after(() => stopAll(...gateways, webdis));

    it("what one has stored the other serves, without asking the model", async () => {
      const [one, two] = gateways;
      const question = `by ${name}: how do I paint a fence?`;
      const before = model.asked;
      const miss = await ask(one, question);
      assert.match(miss.cache, /fwd=miss/);
      await until(
        () => redis.cli("KEYS", "higress-ai-cache:v3:*").length > 0,
        "the answer in Redis",
      );
      await sleep(100);
      const hit = await ask(two, question);
      assert.match(hit.cache, /hit; detail=hit-exact/, two.log);
      assert.equal(contentOf(hit), contentOf(miss));
      assert.match((await ask(two, question)).cache, /hit/);
      const streamed = await ask(two, question, { stream: true });
      assert.equal(streamedText(streamed.text), contentOf(miss));
      assert.match((await ask(two, `by ${name}: how can I paint a fence?`)).cache, /hit-semantic/);
      assert.equal(model.asked, before + 1);
    });

    it("answers of 5 KB to 800 KB come whole", async () => {
      const [one, two] = gateways;
      for (const size of [5_000, 16_300, 40_000, 200_000, 800_000]) {
        const question = `long ${size} by ${name}`;
        const miss = await ask(one, question);
        await sleep(150);
        const before = model.asked;
        const hit = await ask(two, question);
        assert.match(hit.cache, /hit/, `${size}: ${hit.cache}`);
        assert.equal(contentOf(hit), contentOf(miss));
        assert.equal(model.asked, before);
      }
    });

    it("of 100 texts of which 90 are known to the other Envoy 10 are asked for", async () => {
      const [one, two] = gateways;
      const texts = Array.from({ length: 100 }, (_, i) => `by ${name}: text ${100 + i}`);
      const embed = async (gateway, input) => {
        const request = http.request({
          port: gateway.port,
          path: "/v1/embeddings",
          method: "POST",
          headers: {
            host: "gateway.example",
            authorization: "Bearer batch",
            "content-type": "application/json",
          },
        });
        request.end(JSON.stringify({ model: "m", input }));
        const [response] = await once(request, "response");
        const cache = response.headers["cache-status"];
        return { cache, json: JSON.parse(Buffer.concat(await response.toArray())) };
      };
      // What is more than a value may have stays in the memory of who has asked.
      for (const part of [texts.slice(0, 45), texts.slice(45, 90)]) await embed(one, part);
      await sleep(300);
      const asked = model.inputs.length;
      const partial = await embed(two, texts);
      assert.match(partial.cache, /detail=miss-partial/, two.log);
      assert.deepEqual(model.inputs.slice(asked), [texts.slice(90)]);
      assert.deepEqual(partial.json, vectorsOf(texts));
      const again = await embed(two, texts.toReversed());
      assert.match(again.cache, /hit; detail=hit-exact/);
      assert.equal(model.inputs.length, asked + 1);
    });
  });
}

describe("keyMode text and the prefix of the Go plugin", () => {
  it("shares its entries both ways", async (t) => {
    const gateway = await Gateway.startFile("redis.yaml", (config) => {
      setCluster(config, "llm", "127.0.0.1", model.port);
      setCluster(config, "redis", "127.0.0.1", redis.port);
      setPlugin(config, "ai-cache", {
        keyMode: "text",
        redis: { serviceName: "redis", password: PASSWORD, database: 2 },
      });
    });
    t.after(() => gateway.stop());
    redis.cli("-n", "2", "SET", "higress-ai-cache:from go?", 'Go said "yes".');
    const hit = await ask(gateway, "from go?");
    assert.equal(contentOf(hit), 'Go said "yes".');
    await ask(gateway, "from us?");
    await until(
      () => redis.cli("-n", "2", "GET", "higress-ai-cache:from us?") === "answer to from us?",
      "our entry",
    );
    assert.equal(redis.cli("-n", "2", "TTL", "higress-ai-cache:from us?"), "-1");
  });
});

describe("a Redis that fails", () => {
  it("a frozen one costs one timeout, and then nothing that a client would notice", async (t) => {
    const gateway = await startGateway("redis.yaml", model, redis.port, {
      cache: { timeout: 500 },
    });
    t.after(() => redis.signal("SIGCONT"));
    t.after(() => gateway.stop());
    await ask(gateway, "warm up");
    redis.signal("SIGSTOP");
    const first = await ask(gateway, "frozen 0");
    assert.equal(first.status, 200);
    assert.match(first.cache, /error-redis-(timeout|unreachable)/);
    gateway.expectLog(/redis: (timeout|unreachable); its circuit breaker is open/);
    assert.ok(first.ms > 400 && first.ms < 1500, `${first.ms} ms`);
    for (let i = 1; i < 30; i++) {
      const next = await ask(gateway, `frozen ${i}`);
      assert.equal(next.status, 200);
      assert.match(next.cache, /error-redis-open/);
    }
    redis.signal("SIGCONT");
    await until(
      async () => !/error-redis/.test((await ask(gateway, `thawed ${Math.random()}`)).cache),
      "Redis to be asked again",
      10,
    );
  });

  for (const file of ["redis.yaml", "redis-pool.yaml"]) {
    it(`${RATE} requests a second for ${SECONDS} s by ${file}: no error, no wrong answer, though Redis is killed`, async (t) => {
      let own = await Redis.start();
      t.after(() => own.stop());
      const gateway = await startGateway(file, model, own.port);
      t.after(() => gateway.stop());
      const seen = { ok: 0, hits: 0, bad: [] };
      const count = async (question) => {
        const reply = await ask(gateway, question).catch((error) => ({ text: String(error) }));
        if (reply.status !== 200 || contentOf(reply) !== `answer to ${question}`)
          seen.bad.push(reply);
        else seen.ok++;
        if (/; hit/.test(reply.cache ?? "")) seen.hits++;
      };
      const running = [];
      const started = performance.now();
      const kills = [0.3, 0.6].map((part) => part * SECONDS * 1000);
      for (let sent = 0; performance.now() - started < SECONDS * 1000;) {
        const due = ((performance.now() - started) * RATE) / 1000;
        // Most are asked again and again, some are new.
        for (; sent < due; sent++) {
          running.push(count(`what is topic ${sent % 10 === 0 ? sent : sent % 97}?`));
        }
        if (kills.length > 0 && performance.now() - started > kills[0]) {
          kills.shift();
          const { port } = own;
          own.signal("SIGKILL");
          setTimeout(async () => (own = await Redis.start(port)), 500);
        }
        await sleep(2);
      }
      await Promise.all(running);
      // What a request notices of it, if anything, is a matter of the moment.
      gateway.allowLog(/redis: (unreachable|timeout|reply|not-ready)/);
      assert.deepEqual(seen.bad.slice(0, 3), []);
      assert.ok(seen.ok > RATE * SECONDS * 0.9, JSON.stringify(seen));
      assert.ok(seen.hits > seen.ok / 2, JSON.stringify(seen));
      await until(() => own.cli("PING") === "PONG", "Redis");
    });
  }

  const behaviours = {
    "resets at once": (socket) => socket.resetAndDestroy(),
    "closes at once": (socket) => socket.end(),
    "says nothing": () => {},
    "sends half a reply": (socket) => socket.end(":100\r\n$100\r\nhalf"),
    "sends garbage": (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    drips: (socket) => {
      const timer = setInterval(() => socket.write("$"), 50);
      socket.on("close", () => clearInterval(timer));
    },
  };
  for (const [name, behave] of Object.entries(behaviours)) {
    it(`requests succeed within the budget where a server on its port ${name}`, async (t) => {
      const server = net.createServer((socket) => {
        socket.on("error", () => {});
        behave(socket);
      });
      const port = await listen(server);
      t.after(() => server.close());
      const gateway = await startGateway("redis.yaml", model, port, { cache: { timeout: 400 } });
      t.after(() => gateway.stop());
      for (let i = 0; i < 3; i++) {
        const reply = await ask(gateway, `${name} ${i}`);
        assert.equal(reply.status, 200);
        assert.equal(contentOf(reply), `answer to ${name} ${i}`);
        assert.match(reply.cache, /error-redis/);
        assert.ok(reply.ms < 1500, `${reply.ms} ms`);
      }
      gateway.expectLog(/redis: (unreachable|timeout|reply)/);
    });
  }

  it("names a wrong password", async (t) => {
    const cache = { password: "wrong" };
    const gateway = await startGateway("redis.yaml", model, redis.port, { cache });
    t.after(() => gateway.stop());
    assert.match((await ask(gateway, "wrong password")).cache, /error-redis-auth/);
    gateway.expectLog(/redis: auth/);
  });
});
