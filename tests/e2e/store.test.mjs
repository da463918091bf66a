/** ai-cache's store under the threads of a real Envoy: four workers, more keys than slots. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { rng, zipf } from "../policy/model/rng.mjs";
import { model } from "../policy/runs.mjs";
import { chatBody, Gateway, stopAll, Upstream } from "./support.mjs";

const REQUESTS = Number(process.env.STORE_REQUESTS ?? 4000);
const IN_FLIGHT = 16;
const KEYS = 1000;
const SLOTS = 200;

describe("four workers that share a store", () => {
  let upstream;
  let gateway;

  before(async () => {
    upstream = await Upstream.start();
    // A connection that is closed for being idle would be a failure of its own.
    upstream.server.keepAliveTimeout = 120_000;
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      concurrency: 4,
      cache: {
        enableSemanticCache: false,
        cache: { type: "memory", maxEntries: SLOTS, cacheTTL: 0, policy: "even" },
      },
    });
  });
  after(() => stopAll(gateway, upstream));

  it("never give another key's answer, and hit as often as the model", async () => {
    const draw = zipf(rng(31), KEYS, 0.9);
    const ids = Uint32Array.from({ length: REQUESTS }, () => draw());
    let next = 0;
    let hits = 0;
    const client = async () => {
      while (next < REQUESTS) {
        const id = ids[next++];
        const { status, headers, text } = await gateway.chat(chatBody(`question ${id}`));
        assert.equal(status, 200);
        assert.equal(JSON.parse(text).choices[0].message.content, `answer to question ${id}`);
        if (/; hit/.test(headers.get("cache-status"))) hits++;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, client));
    assert.equal(hits + upstream.requests.length, REQUESTS);
    const ones = new Uint32Array(KEYS).fill(1);
    const expected = model({ ids, cost: ones, size: ones }, SLOTS).hits;
    const told = `${((100 * hits) / REQUESTS).toFixed(1)} %, model ${(100 * expected).toFixed(1)} %`;
    assert.ok(hits / REQUESTS > expected - 0.03, told);
    const [line] = (await gateway.metrics("ai_cache_entries")).slice(-1);
    assert.equal(Number(line.split(" ").at(-1)), SLOTS, line);
    process.stdout.write(`hits: ${told}\n`);
  });
});
