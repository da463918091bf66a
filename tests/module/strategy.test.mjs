/** ai-cache: how the store makes room, as it is configured and told. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

describe("the store's strategy", () => {
  it("is evaluated each second, and reported in metrics, and in the log when it changes", () => {
    let time = 1_700_000_000_000;
    const cache = plugin(
      "ai-cache",
      { cache: { maxEntries: 24, cacheTTL: 0 }, enableSemanticCache: false },
      { now: () => time, logLevel: 2 },
    );
    assert.equal(cache.vm.tickPeriods.get(cache.rootId), 1000);
    const upstream = jsonUpstream(completion("x"));
    for (let i = 0; i < 2600; i++) {
      // Something new most of the time, and asked again soon.
      exchange([cache], { body: chatBody(`q${i - (i % 3 === 0 ? 0 : i % 17)}`) }, upstream);
      if (i % 64 > 0) continue;
      time += 1000;
      cache.tick();
    }
    const metric = (name) => cache.vm.metrics.get(name);
    const followed = ["guard", "even", "fresh"].filter(
      (name) => metric(`ai_cache_strategy.strategy=.=${name};.;`) === 1,
    );
    assert.equal(followed.length, 1);
    const [half, same, double] = ["half", "same", "double"].map((capacity) =>
      metric(`ai_cache_advice_hit_ratio.capacity=.=${capacity};.;`),
    );
    // In thousandths; each is of some hundred requests.
    const isRising = half <= same + 10 && same <= double + 10 && half <= double;
    assert.ok(isRising && double > 0, `${half} ${same} ${double}`);
    const changes = cache.vm
      .logText(2)
      .split("\n")
      .filter((line) => line.includes("ai-cache: strategy "));
    const last = changes.at(-1) ?? "-> even (";
    assert.match(last, new RegExp(`-> ${followed[0]} \\(`));
  });

  it("shows in what is evicted, and why", () => {
    let time = 1_700_000_000_000;
    const cache = plugin(
      "ai-cache",
      { cache: { maxEntries: 16, cacheTTL: 60, policy: "even" }, enableSemanticCache: false },
      { now: () => time },
    );
    const upstream = jsonUpstream(completion("x"));
    const ask = (question) => exchange([cache], { body: chatBody(question) }, upstream);
    for (let i = 0; i < 100; i++) ask(`q${i}`);
    time += 61_000;
    for (let i = 0; i < 100; i++) ask(`r${i}`);
    const gone = (why) => cache.vm.metrics.get(`ai_cache_evicted_total.why=.=${why};.;`) ?? 0;
    assert.ok(gone("contest") > 100, `${gone("contest")}`);
    assert.ok(gone("expired") >= 10, `${gone("expired")}`);
    assert.equal(gone("contest") + gone("room") + gone("expired"), 200 - 16);
    const [window, all] = ["window_bytes", "bytes"].map((name) =>
      cache.vm.metrics.get(`ai_cache_${name}`),
    );
    assert.ok(window > 0 && window < all / 4, `${window} of ${all}`);
  });

  it("is fixed where it is configured", () => {
    for (const policy of ["guard", "even", "fresh"]) {
      const cache = plugin("ai-cache", { cache: { policy } });
      assert.ok(cache.accepted, cache.vm.logText());
      assert.ok(!cache.vm.tickPeriods.get(cache.rootId));
      cache.tick();
    }
  });

  for (const [cache, message] of [
    [
      { policy: "lru" },
      /cache.policy.*unknown value "lru", expected one of auto, guard, even, fresh/,
    ],
    [
      { value: "money" },
      /cache.value.*unknown value "money", expected one of hits, balanced, tokens/,
    ],
    [{ outputWeight: 0 }, /cache.outputWeight/],
    [{ maxTenantShare: 0 }, /cache.maxTenantShare.*must be from 0.01 to 1/],
  ]) {
    it(`is refused as ${JSON.stringify(cache)}`, () => {
      const refused = plugin("ai-cache", { cache });
      assert.equal(refused.accepted, false);
      assert.match(refused.vm.takeLog(), message);
    });
  }
});
