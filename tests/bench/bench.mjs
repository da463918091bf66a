/**
 * CPU time of the Envoy process per request, with all variants side by side in interleaved rounds of one
 * run. Wall-clock times of a shared machine mean little, so latency is only reported as a ratio of medians.
 * Prints tables and writes `build/bench.json`.
 *
 * BENCH_ROUNDS (default 7) and BENCH_SCALE (default 1, multiplies the number of requests) set how long it
 * takes. With BENCH_BASE=FOLDER the modules are compared with those in FOLDER instead (`compare.mjs`).
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { step } from "../../scripts/tools/console.mjs";
import { wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { ensureVenv } from "../../scripts/tools/python.mjs";
import { chatBody } from "../module/support.mjs";
import {
  folder,
  measure,
  median,
  percentile,
  ROUNDS,
  rssMb,
  SCALE,
  send,
  start,
  table,
  upstream,
} from "./harness.mjs";
import { compare } from "./compare.mjs";
import { measureConversion } from "./conversion.mjs";
import { measureHostile } from "./hostile.mjs";
import { measureMeaning } from "./meaning.mjs";
import { measurePassThrough } from "./pass-through.mjs";
import { renameExport } from "./rename-export.mjs";

if (process.env.BENCH_BASE) process.exit((await compare(process.env.BENCH_BASE)) ? 0 : 1);

/**
 * The Go plugin of the same name, from PyPI, with the ABI marker that stock Envoy expects; null if it is not
 * available.
 */
function goAiProxy() {
  const base = join(ensureVenv("goPlugins"), "lib");
  const file = readdirSync(base, { recursive: true }).find((name) =>
    /gpustack-ai-proxy\/[^/]+\/plugin\.wasm$/.test(name),
  );
  if (!file) return null;
  const copy = join(folder, "go-ai-proxy.wasm");
  const code = readFileSync(join(base, file));
  writeFileSync(copy, renameExport(code, "proxy_abi_version_0_2_100", "proxy_abi_version_0_2_1"));
  return copy;
}

let nonce = 0;

/** Makes bodies of about `size` bytes. */
function bodyMaker(size, members) {
  const filler = "All work and no play makes Jack a dull boy. ".repeat(Math.max(1, size / 44));
  return () => chatBody(`${filler} ${nonce}`, members);
}

const SCENARIOS = {
  "1 KB JSON": { make: bodyMaker(900, { stream: false }), count: 1500 },
  "100 KB JSON": { make: bodyMaker(100_000, { stream: false }), count: 300 },
  "200-event SSE": { make: bodyMaker(900, { stream: true }), count: 120 },
};

step("starting the variants");
const go = goAiProxy();
const variants = {
  "no filter": { target: await start("none", []) },
  direct_response: {
    target: await start("direct", [], (config, manager) => {
      manager.route_config.virtual_hosts[0].routes = [
        {
          match: { prefix: "/" },
          direct_response: { status: 200, body: { inline_string: "x".repeat(900) } },
        },
      ];
    }),
    skip: (scenario) => scenario.includes("SSE"),
  },
  "ai-proxy": { target: await start("ai-proxy", ["ai-proxy"]) },
  "ai-cache, miss": {
    target: await start("cache-miss", ["ai-cache"]),
    fresh: true,
    expect: "fwd=miss",
  },
  "ai-cache + ai-proxy, miss": {
    target: await start("both-miss", ["ai-cache", "ai-proxy"]),
    fresh: true,
    expect: "fwd=miss",
  },
  "ai-cache + ai-proxy, hit": {
    target: await start("both-hit", ["ai-cache", "ai-proxy"]),
    expect: "hit",
  },
};
if (go && existsSync(go)) {
  variants["Go ai-proxy"] = {
    target: await start("go", ["ai-proxy"], (config) => {
      wasmFilters(config)["ai-proxy"].vm_config.code.local.filename = go;
    }),
  };
}

const results = {};
for (const [scenario, { make, count }] of Object.entries(SCENARIOS)) {
  const requests = Math.ceil(count * SCALE);
  step(`${scenario}: ${ROUNDS} rounds of ${requests} requests for each variant`);
  const samples = {};
  const names = Object.keys(variants).filter((name) => !variants[name].skip?.(scenario));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const { target, fresh, expect } = variants[name];
      const fixed = make();
      if (!fresh) await send(target, fixed);
      const body = fresh ? () => (nonce++, make()) : () => fixed;
      const { cpu, latencies } = await measure(
        target,
        body,
        round === 0 ? Math.ceil(requests / 3) : requests,
        expect,
      );
      // The first round warms up.
      if (round > 0) (samples[name] ??= []).push({ cpu, latencies });
      nonce++;
    }
  }
  const base = median(samples["no filter"].map((sample) => sample.cpu));
  results[scenario] = Object.fromEntries(
    names.map((name) => {
      const cpu = median(samples[name].map((sample) => sample.cpu));
      const all = samples[name].flatMap((sample) => sample.latencies);
      return [
        name,
        {
          cpuMicroseconds: cpu,
          addedMicroseconds: cpu - base,
          ratio: cpu / base,
          p50Ms: median(all),
          p99Ms: percentile(all, 0.99),
        },
      ];
    }),
  );
}

for (const [scenario, rows] of Object.entries(results)) {
  table(
    [scenario, "Envoy CPU us/request", "added us", "of no filter", "p50 of no filter"],
    Object.entries(rows).map(([name, row]) => [
      name,
      row.cpuMicroseconds.toFixed(1),
      row.addedMicroseconds.toFixed(1),
      `${row.ratio.toFixed(2)} x`,
      `${(row.p50Ms / rows["no filter"].p50Ms).toFixed(2)} x`,
    ]),
  );
}
const load = Object.entries(variants).map(([name, { target }]) => [
  name,
  target.loadCpuMs.toFixed(0),
  target.loadRssMb.toFixed(0),
  rssMb(target.child.process.pid).toFixed(0),
]);
table(["load, 1 worker", "CPU ms until ready", "RSS MB when loaded", "RSS MB at the end"], load);

const conversion = await measureConversion(go);
const passThrough = await measurePassThrough();
const meaning = await measureMeaning();
const hostile = await measureHostile();

const report = {
  date: new Date().toISOString(),
  cpus: cpus().length,
  model: cpus()[0]?.model,
  rounds: ROUNDS,
  scale: SCALE,
  results,
  load,
  conversion,
  passThrough,
  meaning,
  hostile,
};
writeFileSync(join(ROOT, "build/bench.json"), `${JSON.stringify(report, null, 2)}\n`);
await Promise.all(
  [upstream, ...Object.values(variants).map(({ target }) => target.child)].map((child) =>
    child.stop(),
  ),
);
process.exit(0);
