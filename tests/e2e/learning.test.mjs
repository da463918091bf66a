/** What Envoys learn together over a real Redis: lives of answers, limits of hits by meaning. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setCluster, setPlugin, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { Redis } from "../engines/redis.mjs";
import { listen } from "../fakes/http-server.mjs";
import { FastClock } from "./fast-clock.mjs";
import { completion, Gateway, post, sleep, stopAll, until } from "./support.mjs";

const RESET = "How do I reset my password?";
const PARAPHRASE = "how can I reset my password, please";
const ANSWER = "Open the settings and choose reset.";
/** An hour of Envoy's passes in a second. */
const clock = new FastClock(3600);
const GROUP = "higress-ai-cache:learn:v1:";

describe("what is learned, by two Envoys with one Redis", () => {
  let redis;
  let model;
  const gateways = [];

  before(async () => {
    redis = await Redis.start();
    model = http.createServer(async (request, response) => {
      for await (const _ of request);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion(ANSWER)));
    });
    await listen(model);
    const file = join(mkdtempSync(join(tmpdir(), "learning-")), "ai-cache.wasm");
    clock.write(readFileSync(builtModule("ai-cache")), file);
    const change = (config) => {
      setCluster(config, "llm", "127.0.0.1", model.address().port);
      setCluster(config, "redis", "127.0.0.1", redis.port);
      const filter = wasmFilters(config)["ai-cache"];
      filter.vm_config.code.local.filename = file;
      const { cache } = JSON.parse(filter.configuration.value);
      delete cache.cacheTTL;
      setPlugin(config, "ai-cache", { cache, explain: true, match: { maxErrorRate: 0.05 } });
    };
    for (let i = 0; i < 2; i++)
      gateways.push(await Gateway.startFile("redis.yaml", change, gateways[0]));
    for (const gateway of gateways) gateway.allowLog(/redis/i);
  });
  after(() => stopAll(...gateways, model, redis));

  const ask = (gateway, question, place = 0, headers = {}) => {
    const messages = [
      { role: "system", content: `You are number ${place}.` },
      { role: "user", content: question },
    ];
    const body = JSON.stringify({ model: "gpt-4", messages });
    return post(gateway, body, { host: "gateway.example", ...headers });
  };
  const fresh = { "cache-control": "no-cache" };
  let asked = 0;
  /** The life that a gateway gives to the answer to a question that nobody has asked. */
  const lifeAt = async (gateway) => {
    const question = `Which shelf holds book ${++asked}?`;
    await ask(gateway, question);
    const { cache } = await ask(gateway, question);
    return Number(/; life=(\d+)/.exec(cache)[1]);
  };
  const foreign = async (gateway) => {
    const lines = await gateway.metrics("ai_cache_learning_total");
    const line = lines.find((each) => each.includes('result="foreign"'));
    return Number(line?.split(" ").at(-1) ?? 0);
  };

  it("is the same after two rounds, though one alone has seen it", async () => {
    const [one, other] = gateways;
    const first = await lifeAt(other);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 30; i++) await ask(one, `What colour is box ${i}?`, 0, fresh);
      await sleep(round < 2 ? 2000 : 0);
    }
    await until(async () => (await lifeAt(one)) > 1.5 * first, "the first to learn", 30);
    await until(async () => (await lifeAt(other)) > 1.5 * first, "the other to hear of it", 60);
    await until(
      async () => {
        const [a, b] = [await lifeAt(one), await lifeAt(other)];
        return Math.abs(a / b - 1) < 0.02;
      },
      "both to give the same lives",
      60,
    );
    assert.equal(redis.cli("HLEN", GROUP), "2");
  });

  it("serves hits by meaning at both, once one has proved the limit", async () => {
    const [one, other] = gateways;
    for (let place = 1; place < 120; place++) {
      await ask(one, RESET, place);
      await ask(one, PARAPHRASE, place);
    }
    let place = 1000;
    await until(
      async () => {
        place++;
        await ask(other, RESET, place);
        return /hit-semantic/.test((await ask(other, PARAPHRASE, place)).cache);
      },
      "the other to serve by meaning",
      60,
    );
  });

  it("takes garbage of others for nothing, and counts it", async () => {
    const [one] = gateways;
    const before = await lifeAt(one);
    const told = redis.cli("HVALS", GROUP).split("\n")[0];
    for (const [field, value] of [
      ["a", "garbage"],
      ["b", `${told.split(":")[0]}:AAAA`],
      ["c", `${told.slice(0, -8)}AAAAAAAA`],
      ["d", "x".repeat(30_000)],
    ])
      redis.cli("HSET", GROUP, field, value);
    await until(async () => (await foreign(one)) >= 3, "what is foreign to be counted", 60);
    const life = await lifeAt(one);
    assert.ok(Math.abs(life / before - 1) < 0.2, `${before}, then ${life}`);
  });

  it("costs no request anything when Redis is dead", async () => {
    await redis.stop();
    for (let i = 0; i < 40; i++) {
      const { status } = await ask(gateways[i % 2], `Is Redis dead at ${i}?`);
      assert.equal(status, 200);
      await sleep(50);
    }
  });
});
