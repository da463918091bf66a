/**
 * What the policy must reach over workloads of 100,000 requests: not less than the policies that it is compared with,
 * and what Caffeine was seen to reach. The product's classes, without the store around them.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertAsModel,
  caffeine,
  classes,
  joined,
  limited,
  ring,
  s3fifo,
  STRATEGY,
  workload,
} from "./runs.mjs";

/** As Caffeine's figures are of; also POLICY_REQUESTS=400000. */
const REQUESTS = Number(process.env.POLICY_REQUESTS ?? 100_000);
const WORKLOADS = ["zipf06", "zipf08", "onehit", "scans", "loop", "shift", "news", "tenants"];
const PARTS = [0.01, 0.1, 0.5];
const percent = (share) => `${(100 * share).toFixed(2)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const cells = WORKLOADS.flatMap((name) => PARTS.map((part) => ({ name, part })));

describe("the strategy that is found", () => {
  /** Cells below 98 % of Caffeine's hits. */
  const few = [];
  /** Cells with many changes of the strategy. */
  const restless = [];
  let seen = 0;
  /** Too short a run for so few entries: with 400,000 requests it has 98 %. */
  const LEAST = { "zipf06 0.01": 0.94 };

  for (const name of WORKLOADS) {
    it(`has the hits of others, and 95 % of Caffeine's: ${name}`, () => {
      for (const part of PARTS) {
        const [trace, capacity] = limited(workload(name, REQUESTS), "entries", part);
        const { hits: ours, switches } = classes(trace, "entries", capacity);
        const told = `${name} at ${part}: ${percent(ours)}`;
        const former = ring(trace, capacity).hits;
        assert.ok(ours >= former - 0.005, `${told}, a ring ${percent(former)}`);
        const s3 = s3fifo(trace, capacity).hits;
        assert.ok(ours >= s3 - 0.02, `${told}, S3-FIFO ${percent(s3)}`);
        const theirs = caffeine("entries", name, part, REQUESTS).hits;
        const least = LEAST[`${name} ${part}`] ?? 0.95;
        assert.ok(ours >= least * theirs, `${told}, Caffeine ${percent(theirs)}`);
        seen++;
        if (switches.length > 6) restless.push(`${name} ${part}: ${switches.length}`);
        assert.ok(switches.length <= 12, restless.at(-1));
        if (ours < 0.98 * theirs) few.push(`${name} ${part}: ${(ours / theirs).toFixed(3)}`);
      }
    });
  }

  it("stays, but for two cells of few entries: there are 6 changes at most", () => {
    assert.ok(restless.length <= 2, restless.join(", "));
  });

  it("has 98 % of them, but for three cells", () => {
    assert.equal(seen, WORKLOADS.length * PARTS.length, "the tests above have run");
    assert.ok(few.length <= 3, few.join(", "));
  });
});

describe("the policy's classes", () => {
  for (const name of ["zipf08", "loop", "news", "tenants"]) {
    it(`decide as their model does, within half a point: ${name}`, () => {
      for (const part of PARTS) {
        for (const [mode, value] of [
          ["entries", 0],
          ["bytes", 1],
        ]) {
          const [trace, capacity] = limited(workload(name, REQUESTS), mode, part);
          const options = { value, strategy: "even" };
          assertAsModel(`${name} at ${part}`, trace, mode, capacity, options, 0.005);
        }
      }
    });
  }
});

describe("the value of what is kept", () => {
  it("saves more tokens than others do, at hardly fewer hits", () => {
    const [ofRing, ofCaffeine, hits] = [[], [], []];
    for (const { name, part } of cells) {
      const [trace, capacity] = limited(workload(name, REQUESTS), "bytes", part);
      const ours = classes(trace, "bytes", capacity, { value: 1, strategy: "even" });
      const theirs = caffeine("bytes", name, part, REQUESTS);
      ofRing.push(ours.saved / ring(trace, capacity).saved);
      ofCaffeine.push(ours.saved / theirs.saved);
      hits.push(ours.hits / theirs.hits);
    }
    const told = [ofRing, ofCaffeine, hits].map((all) => mean(all).toFixed(3)).join(", ");
    assert.ok(mean(ofRing) >= 1.15, told);
    assert.ok(mean(ofCaffeine) >= 1.04, told);
    assert.ok(mean(hits) >= 0.97, told);
  });
});

describe("a change of what is asked", () => {
  const ENTRIES = 5000;

  /** Each of the same cost and size. */
  function uniform({ ids, cost }) {
    const ones = new Uint32Array(cost.length).fill(1);
    return { ids, cost: ones, size: ones };
  }

  const halves = ({ found }) => [found.subarray(0, 100_000), found.subarray(100_000)].map(mean);

  for (const [names, last] of [
    [["news", "loop"], { fresh: 30_000, even: 165_000, guard: 180_000 }],
    [["loop", "news"], { guard: 30_000, fresh: 130_000 }],
  ]) {
    it(`is followed, and costs little: ${names.join(" then ")}`, () => {
      const trace = uniform(joined(names, 100_000));
      const auto = classes(trace, "entries", ENTRIES);
      const told = JSON.stringify(auto.switches);
      assert.ok(auto.switches.length <= 6, told);
      for (const [strategy, by] of Object.entries(last)) {
        const first = auto.switches.find(({ now }) => now === STRATEGY[strategy]);
        assert.ok(first !== undefined && first.requests <= by, `${strategy}: ${told}`);
      }
      const fixed = Object.keys(STRATEGY).map((strategy) =>
        halves(classes(trace, "entries", ENTRIES, { strategy })),
      );
      halves(auto).forEach((ours, half) => {
        const best = Math.max(...fixed.map((one) => one[half]));
        assert.ok(ours >= 0.94 * best, `${percent(ours)}, at best ${percent(best)}, ${told}`);
      });
    });
  }
});
