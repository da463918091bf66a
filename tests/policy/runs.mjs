/** Runs of the product's store over the workloads, beside the policies that it is compared with. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Hybrid } from "./model/hybrid.mjs";
import { Lru, Ring, S3Fifo } from "./model/policies.mjs";
import { rng } from "./model/rng.mjs";
import { finish, SYNTHETIC } from "./model/traces.mjs";
import { SharedData, Worker } from "./store.mjs";

/** Numbers of the strategies in the product. */
export const STRATEGY = { guard: 0, even: 1, fresh: 2 };
const PARAMETERS = {
  guard: { window: 0.02, promote: false, fade: 0 },
  even: { window: 0.1, promote: true, fade: 0 },
  fresh: { window: 0.4, promote: true, fade: 8 },
};
const cache = new Map();
/** Requests between two ticks of each worker. */
const TICK = 128;

/** A workload of so many requests: `ids`, and `cost` and `size` of each id. */
export function workload(name, requests) {
  const key = `${name} ${requests}`;
  if (!cache.has(key)) cache.set(key, finish(SYNTHETIC[name](requests), 1));
  return cache.get(key);
}

/** Workloads of so many requests each, one after the other, with keys of their own. */
export function joined(names, requests) {
  const all = { ids: [], cost: [], size: [] };
  for (const name of names) {
    const { ids, cost, size } = workload(name, requests);
    const shift = all.cost.length;
    for (const id of ids) all.ids.push(id + shift);
    for (const one of cost) all.cost.push(one);
    for (const one of size) all.size.push(one);
  }
  const { ids, cost, size } = all;
  return { ids: Uint32Array.from(ids), cost: Uint32Array.from(cost), size: Uint32Array.from(size) };
}

/** The same with entries of one size, and the capacity that is this part of all keys. */
export function limited(trace, mode, part) {
  const keys = trace.cost.length;
  if (mode === "entries") {
    const size = new Uint32Array(keys).fill(1);
    return [{ ...trace, size }, Math.max(16, Math.round(part * keys))];
  }
  let sum = 0;
  for (const size of trace.size) sum += size;
  return [trace, Math.max(16, Math.round(part * sum))];
}

/** Shares of requests that were hits, and of costs that were saved. */
function measure(trace, access) {
  let hits = 0;
  let saved = 0;
  let all = 0;
  for (const id of trace.ids) {
    all += trace.cost[id];
    if (!access(id)) continue;
    hits++;
    saved += trace.cost[id];
  }
  return { hits: hits / trace.ids.length, saved: saved / all };
}

/** The product's store. `workers`: how many share it, each request at a random one. */
export function product(
  trace,
  mode,
  capacity,
  { value = 0, strategy = "even", workers = 1, shared = new SharedData() } = {},
) {
  const random = rng(3);
  const limits = mode === "entries" ? { entries: capacity } : { bytes: capacity };
  const options = { ...limits, value, strategy: STRATEGY[strategy] ?? -1 };
  const all = Array.from({ length: workers }, () => new Worker(shared).open(options));
  const pick = workers === 1 ? () => all[0] : () => all[Math.floor(random() * workers)];
  let requests = 0;
  const switches = [];
  const result = measure(trace, (id) => {
    if (strategy === "auto" && ++requests % TICK === 0) {
      for (const { exports } of all) {
        const now = exports.tick();
        if (now !== (switches.at(-1)?.now ?? STRATEGY.even)) switches.push({ requests, now });
      }
    }
    return pick().access(id, trace.cost[id], mode === "entries" ? 0 : trace.size[id]);
  });
  return { ...result, workers: all, shared, switches };
}

/**
 * The classes of the product's policy without the store around them, which are the ones that its stores in miniature
 * run: fast enough for the workloads at full size. `found`: 1 for each request that was a hit.
 */
export function classes(trace, mode, capacity, { value = 0, strategy = "auto" } = {}) {
  const { exports } = new Worker(new SharedData());
  let [entries, slots, bytes] = [capacity, capacity, 2 ** 40];
  if (mode === "bytes") {
    const mean = trace.size.reduce((sum, size) => sum + size, 0) / trace.size.length;
    [entries, slots, bytes] = [Math.round(capacity / mean), 1_000_000, capacity];
  }
  exports.openMiniature(Math.max(8, entries), slots, bytes, value, STRATEGY[strategy] ?? -1);
  const switches = [];
  const found = new Uint8Array(trace.ids.length);
  let requests = 0;
  let now = STRATEGY[strategy] ?? STRATEGY.even;
  const result = measure(trace, (id) => {
    const isHit = exports.accessMiniature(id, trace.cost[id], trace.size[id]) !== 0;
    found[requests++] = isHit ? 1 : 0;
    if (exports.strategyOfMiniature() !== now) {
      now = exports.strategyOfMiniature();
      switches.push({ requests, now });
    }
    return isHit;
  });
  return { ...result, switches, found };
}

/**
 * Fails unless the product's classes decide as their model does. `within`: how far apart the shares of hits, or of saved
 * costs with `value`, may be. `label`: of the workload, for the message.
 */
export function assertAsModel(label, trace, mode, capacity, { value = 0, strategy }, within) {
  const metric = value === 0 ? "hits" : "saved";
  const [ours, theirs] = [
    classes(trace, mode, capacity, { value, strategy })[metric],
    model(trace, capacity, { value, strategy })[metric],
  ];
  const both = `${(100 * ours).toFixed(2)} %, model ${(100 * theirs).toFixed(2)} %`;
  assert.ok(Math.abs(ours - theirs) < within, `${label}, ${strategy}, ${metric}: ${both}`);
}

/** The model of it, and the others. */
export function model(trace, capacity, { value = 0, strategy = "even" } = {}) {
  const policy = new Hybrid(trace, capacity, {
    ...PARAMETERS[strategy],
    ghost: 0,
    contest: true,
    victim: "lfu",
    sample: 8,
    perEntry: 32,
    period: 20,
    grown: true,
    beta: [0, 0.5, 1][value],
  });
  return measure(trace, (id) => policy.access(id));
}

export const ring = (trace, capacity) => run(new Ring(trace, capacity), trace);
export const lru = (trace, capacity) => run(new Lru(trace, capacity), trace);
export const s3fifo = (trace, capacity) => run(new S3Fifo(trace, capacity), trace);

function run(policy, trace) {
  return measure(trace, (id) => policy.access(id));
}

/** What Caffeine 3.1.8 was seen to reach over so many requests (100,000 or 400,000); null where it was not tried. */
export function caffeine(mode, name, part, requests) {
  const file = fileURLToPath(new URL(`model/caffeine-${mode}-${requests}.tsv`, import.meta.url));
  if (!existsSync(file)) return null;
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const [trace, , capacity, , hits, saved] = line.split("\t");
    if (trace === name && Number(capacity) === part) return { hits: +hits, saved: +saved };
  }
  return null;
}
