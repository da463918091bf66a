/**
 * `BENCH_BASE=FOLDER make bench`: compares the modules in `build` with those of another commit in FOLDER
 * (`ai-cache.wasm`, `ai-proxy.wasm`). Each runs in an Envoy of its own that differs in nothing else. They are
 * measured in pairs, in alternating order, so that other load on the machine affects both alike. Prints for each
 * case the CPU time of a request, and the difference and ratio with 95 % intervals; fails if the whole interval
 * of a difference or a ratio is above the case's limit. Writes `build/bench-compare.json`.
 *
 * BENCH_ROUNDS (default 9), BENCH_SCALE as in `bench.mjs`. BENCH_CASES: a regular expression for names of cases.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { step } from "../../scripts/tools/console.mjs";
import { setPlugin, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { chatBody } from "../module/support.mjs";
import { measure, SCALE, send, start, table, upstream } from "./harness.mjs";
import { difference, ratio } from "./paired.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS || 9);
const MODULES = ["ai-cache", "ai-proxy"];
const FILLER = "All work and no play makes Jack a dull boy. ";

/** The filters of an Envoy, and the configurations that replace the usual ones. */
const EXACT = { enableSemanticCache: false };
const CACHE = { filters: ["ai-cache"], "ai-cache": EXACT };
const PROXY = { filters: ["ai-proxy"] };
const KEY = { apiTokens: ["k"] };
const VARIANTS = {
  hit: CACHE,
  store: CACHE,
  full: {
    ...CACHE,
    "ai-cache": { ...EXACT, cache: { maxEntries: 256 } },
    // Fills the store before the measurement.
    before: 600,
  },
  matched: { filters: ["ai-cache"], "ai-cache": {} },
  proxy: PROXY,
  claude: { ...PROXY, "ai-proxy": { provider: { type: "claude", ...KEY } } },
  responses: {
    ...PROXY,
    "ai-proxy": { provider: { type: "openai", ...KEY, responsesAsChat: true } },
  },
  both: { filters: MODULES, "ai-cache": EXACT },
};

/** A translated stream may not be slower; the whole interval of the ratio is above this only if it is. */
const TRANSLATED = { size: 900, count: 120, isStream: true, mostRatio: 1.03 };

/**
 * `most`: how many more microseconds a request may take; `mostRatio`: how many times as many. `isNew`: each request
 * has a new question. `path`, `edit`: of requests in another protocol.
 */
const CASES = [
  { name: "hit, 1 KB", variant: "hit", size: 900, count: 1500, most: 3 },
  { name: "hit, 100 KB", variant: "hit", size: 100_000, count: 300 },
  { name: "hit, stream", variant: "hit", size: 900, count: 600, isStream: true },
  { name: "both, hit, 1 KB", variant: "both", size: 900, count: 1500, most: 3 },
  { name: "store, 1 KB", variant: "store", size: 900, count: 1000, isNew: true, most: 25 },
  { name: "store, full, 1 KB", variant: "full", size: 900, count: 1000, isNew: true, most: 25 },
  { name: "store, 100 KB", variant: "store", size: 100_000, count: 200, isNew: true },
  { name: "store, stream", variant: "store", size: 900, count: 120, isNew: true, isStream: true },
  { name: "matched, store, 1 KB", variant: "matched", size: 900, count: 400, isNew: true },
  { name: "ai-proxy, 1 KB", variant: "proxy", size: 900, count: 1500 },
  { name: "ai-proxy, 100 KB", variant: "proxy", size: 100_000, count: 300 },
  { name: "ai-proxy, stream", variant: "proxy", size: 900, count: 120, isStream: true },
  { ...TRANSLATED, name: "chat at claude, stream", variant: "claude" },
  {
    ...TRANSLATED,
    name: "messages at openai, stream",
    variant: "proxy",
    path: "/v1/messages",
    edit: (body) => ({ ...body, max_tokens: 100 }),
  },
  {
    ...TRANSLATED,
    name: "Responses at openai, stream",
    variant: "responses",
    path: "/v1/responses",
    edit: ({ messages, ...body }) => ({ ...body, input: messages[0].content }),
  },
  { name: "both, store, 1 KB", variant: "both", size: 900, count: 800, isNew: true },
].filter(({ name }) => new RegExp(process.env.BENCH_CASES ?? "").test(name));

/** Starts Envoy with a variant, and the modules in a folder. */
const startWith = (name, { filters, ...variant }, modules) =>
  start(name, filters, (config) => {
    for (const filter of filters) if (variant[filter]) setPlugin(config, filter, variant[filter]);
    const known = wasmFilters(config);
    for (const filter of filters)
      known[filter].vm_config.code.local.filename = join(modules, `${filter}.wasm`);
  });

const text = ({ mean, low, high }, digits) =>
  `${mean.toFixed(digits)} (${low.toFixed(digits)} … ${high.toFixed(digits)})`;

/** Measures every case; returns whether all stay within their limits. `base`: the folder of the other modules. */
export async function compare(base) {
  const folders = { base: resolve(base), ours: join(ROOT, "build") };
  for (const folder of Object.values(folders)) {
    for (const name of MODULES) {
      if (!existsSync(join(folder, `${name}.wasm`)))
        throw new Error(`${folder} has no ${name}.wasm`);
    }
  }
  let nonce = 0;
  const make = ({ size, isStream = false, edit }) => {
    const text = `${FILLER.repeat(Math.ceil(size / FILLER.length))} ${nonce++}`;
    const body = chatBody(text, { stream: isStream });
    return edit ? JSON.stringify(edit(JSON.parse(body))) : body;
  };
  const pairs = {};
  step("starting both of each variant");
  for (const [variant, options] of Object.entries(VARIANTS)) {
    if (!CASES.some((each) => each.variant === variant)) continue;
    pairs[variant] = {};
    for (const [side, folder] of Object.entries(folders)) {
      const target = await startWith(`${variant}-${side}`, options, folder);
      if (options.before) await measure(target, () => make({ size: 900 }), options.before);
      pairs[variant][side] = target;
    }
  }

  const rows = [];
  for (const each of CASES) {
    const { name, variant, isNew, most, mostRatio, path } = each;
    const headers = path ? { ":path": path } : {};
    const count = Math.ceil(each.count * SCALE);
    step(`${name}: ${ROUNDS} rounds of ${count} requests to both`);
    const samples = [];
    const expect = !VARIANTS[variant].filters.includes("ai-cache")
      ? undefined
      : isNew
        ? "fwd=miss"
        : "hit";
    const fixed = make(each);
    if (!isNew)
      for (const target of Object.values(pairs[variant])) await send(target, fixed, headers);
    for (let round = 0; round <= ROUNDS; round++) {
      const sample = {};
      const order = round % 2 === 0 ? ["base", "ours"] : ["ours", "base"];
      for (const side of order) {
        const body = isNew ? () => make(each) : () => fixed;
        const { cpu } = await measure(pairs[variant][side], body, count, expect, headers);
        sample[side] = cpu;
      }
      // The first round warms up.
      if (round > 0) samples.push([sample.base, sample.ours]);
    }
    const more = difference(samples);
    const times = ratio(samples);
    const isTooMuch = more.low > most || times.low > mostRatio;
    rows.push({ name, samples, more, ratio: times, most, mostRatio, isTooMuch });
  }
  const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;
  table(
    ["Envoy CPU us/request", "base", "ours", "more (95 %)", "ratio (95 %)", "limit", ""],
    rows.map(({ name, samples, more, ratio, most, mostRatio, isTooMuch }) => [
      name,
      mean(samples.map(([before]) => before)).toFixed(1),
      mean(samples.map(([, after]) => after)).toFixed(1),
      text(more, 1),
      text(ratio, 3),
      most ?? (mostRatio && `${mostRatio} times`) ?? "",
      (most ?? mostRatio) === undefined ? "" : isTooMuch ? "too much" : "ok",
    ]),
  );
  const report = { date: new Date().toISOString(), base, rounds: ROUNDS, scale: SCALE, rows };
  writeFileSync(join(ROOT, "build/bench-compare.json"), `${JSON.stringify(report, null, 2)}\n`);
  const children = Object.values(pairs).flatMap((both) => Object.values(both));
  await Promise.all([upstream, ...children.map(({ child }) => child)].map((each) => each.stop()));
  return rows.every(({ isTooMuch }) => !isTooMuch);
}
