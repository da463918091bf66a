/**
 * Marks for vendors' caches of prompts: the product's decisions over seeded conversations, beside none at all and
 * beside one who knows which prefixes are read again.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { makeRequests, perfect, totalCost } from "./model/prompts.mjs";
import { rng } from "./model/rng.mjs";
import { SharedData, Worker } from "./store.mjs";

const KEYS = 8;
const LEAST = 1024;
const BYTES_PER_TOKEN = 4;
const LIVES = {
  "5m": { life: 300, writePrice: 1.25 },
  "1h": { life: 3600, writePrice: 2 },
};
/** Who has which key: `affinity` of all that share a long prompt, of each client, of nobody. */
const AFFINITIES = {
  prefix: () => () => 0,
  consumer: () => (request) => request.session % KEYS,
  off: (random) => () => Math.floor(random() * KEYS),
};

/** The product, in `workers` workers that take turns. */
function product({ life }, workers = 4) {
  const shared = new SharedData();
  let now = 0;
  const all = Array.from(
    { length: workers },
    () => new Worker(shared, { now: () => 1_700_000_000 + now, target: "prompts" }).exports,
  );
  for (const worker of all) worker.open(LEAST * BYTES_PER_TOKEN, life);
  let turn = 0;
  const decide = ({ time, key, former, formerTokens, end, tokens, shared: system }) => {
    now = time;
    return all[turn++ % workers].decide(
      key + 1,
      system > 0 ? 1 : 0,
      system * BYTES_PER_TOKEN,
      former,
      formerTokens * BYTES_PER_TOKEN,
      end,
      tokens * BYTES_PER_TOKEN,
    );
  };
  return { decide, shared };
}

/** Costs in thousands of tokens. */
function run(options, ttl, affinity) {
  const requests = makeRequests(options);
  const keyOf = AFFINITIES[affinity](rng(options.seed + 1));
  for (const request of requests) request.key = keyOf(request);
  const prices = LIVES[ttl];
  const { decide, shared } = product(prices);
  let marks = 0;
  const ours = totalCost(requests, prices, (request) => {
    const bits = decide(request);
    if (bits !== 0) marks++;
    return bits;
  });
  const best = totalCost(requests, prices, perfect(requests, prices));
  const none = totalCost(requests, prices, () => 0);
  return { ours, best, none, marks, requests: requests.length, bytes: shared.bytes };
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
const rows = [];

describe("marks for prompts", () => {
  for (const ttl of Object.keys(LIVES)) {
    for (const affinity of Object.keys(AFFINITIES)) {
      it(`${ttl}, affinity ${affinity}: cost less than none and little more than perfect ones`, () => {
        const results = [1, 2].map((seed) => run({ seed }, ttl, affinity));
        for (const { ours, best, none } of results) {
          const told = `ours ${ours}, perfect ${best}, none ${none}`;
          assert.ok(ours < none, told);
          if (affinity !== "off") assert.ok(ours <= 1.05 * best, told);
        }
        const [{ ours, best, none }] = results;
        // Without affinity it is chance whether the next turn finds what is kept: nobody knows.
        const beside =
          affinity === "off" ? "– | –" : `${percent(best, none)} | ${(ours / best).toFixed(3)}`;
        rows.push(`| ${ttl} | \`${affinity}\` | ${percent(ours, none)} | ${beside} |`);
      });
    }
  }

  it("traffic of single questions has none, and is charged as if there were no marks", () => {
    for (const ttl of Object.keys(LIVES)) {
      const options = { seed: 5, sessions: 5000, meanTurns: 1, shared: 0, more: 4000 };
      const { ours, none, marks, requests } = run(options, ttl, "prefix");
      assert.deepEqual([requests, marks, ours], [5000, 0, none], ttl);
    }
  });

  it("what workers share of prefixes stays small", () => {
    const options = { seed: 6, sessions: 12_000, meanTurns: 3, hours: 1 };
    assert.ok(run(options, "1h", "prefix").bytes < 500_000);
  });

  it("the documents show these figures", () => {
    const text = readFileSync(join(ROOT, "docs/prompt-caching.md"), "utf8");
    const squeezed = text.replaceAll(/ +/g, " ");
    const missing = rows.filter((row) => !squeezed.includes(row));
    assert.deepEqual(missing, []);
  });
});
