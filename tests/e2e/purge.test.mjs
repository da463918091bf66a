/** Deleting entries over the admin listener of the real Envoy, with the real Redis. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { addCluster, setPlugin, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { Redis, startWebdis } from "../engines/redis.mjs";
import { startAdmin } from "./admin.mjs";
import { chatBody, post, stopAll, until, Upstream } from "./support.mjs";

const TOKEN = "put-a-token-of-yours-here";
const QUESTION = "How do I reset my password?";

for (const [name, viaWebdis] of [
  ["raw TCP", false],
  ["Webdis", true],
]) {
  describe(`envoy/admin.yaml with Redis by ${name}`, () => {
    let redis;
    let webdis;
    let upstream;
    let gateway;
    let adminPort;

    before(async () => {
      redis = await Redis.start();
      if (viaWebdis) webdis = await startWebdis(redis.port);
      upstream = await Upstream.start();
      ({ gateway, purgePort: adminPort } = await startAdmin(redis, upstream, (config) => {
        if (!viaWebdis) return;
        addCluster(config, "webdis", webdis.port);
        for (const plugin of ["ai-cache", "ai-cache-admin"]) {
          const value = JSON.parse(wasmFilters(config)[plugin].configuration.value);
          value.cache = { type: "redis", transport: "webdis", cluster: "webdis" };
          setPlugin(config, plugin, value);
        }
      }));
    });
    after(() => stopAll(gateway, upstream, webdis, redis));

    const ask = (question, headers) =>
      post(gateway.port, chatBody(question, { model: "json" }), headers);
    const purge = async (wish, token = TOKEN) => {
      const response = await fetch(`http://127.0.0.1:${adminPort}/ai-cache/purge`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(wish),
      });
      return { status: response.status, ...(await response.json()) };
    };
    const stored = (count) =>
      until(() => Number(redis.cli("DBSIZE")) === count, `${count} keys in Redis`);

    it("counts, deletes from memory and Redis, and the model is asked again", async () => {
      const first = await ask(QUESTION);
      const [, key] = /key="(\w+)"/.exec(first.cache);
      await ask(QUESTION, { authorization: "Bearer other" });
      await ask("What does shipping cost?");
      await stored(3);
      assert.match((await ask(QUESTION)).cache, /hit-exact/);
      const counted = await purge({ question: QUESTION });
      assert.deepEqual([counted.status, counted.dryRun], [200, true]);
      assert.equal(counted.memory.entries, 2);
      assert.ok(counted.memory.ids.includes(key));
      assert.deepEqual(counted.redis, { entries: 2 });
      await stored(3);
      const deleted = await purge({ question: QUESTION, dryRun: false });
      assert.deepEqual([deleted.memory.entries, deleted.redis.entries], [2, 2]);
      await stored(1);
      assert.match((await ask(QUESTION)).cache, /fwd=miss/);
      await stored(2);
      assert.equal((await purge({ entry: key, dryRun: false })).redis.entries, 1);
      assert.match((await ask("What does shipping cost?")).cache, /hit-exact/);
    });

    it("deletes thousands of keys, and leaves those of others alone", async () => {
      redis.cli(
        "EVAL",
        "for i=1,5000 do redis.call('SET','higress-ai-cache:v3:0:0:'..i,'x') end",
        "0",
      );
      redis.cli("SET", "other", "x");
      const { status, redis: told } = await purge({ all: true, dryRun: false });
      assert.equal(status, 200);
      assert.ok(told.entries > 5000, JSON.stringify(told));
      await stored(1);
    });

    it("lets nobody in without the token, and reports a Redis that is down", async () => {
      assert.equal((await purge({ all: true }, "put-a-token-of-yours-herf")).status, 401);
      assert.equal((await fetch(`http://127.0.0.1:${adminPort}/`)).status, 404);
      await redis.stop();
      const { status, memory, redis: told } = await purge({ all: true, dryRun: false });
      assert.equal(status, 502);
      assert.equal(typeof memory.entries, "number");
      assert.ok(told.error, JSON.stringify(told));
      // Webdis answers in Redis' place for as long as it has not noticed.
      gateway.allowLog(/(redis|webdis): (unreachable|timeout|reply)/);
      assert.doesNotMatch(gateway.log, /reset my password/);
    });
  });
}
