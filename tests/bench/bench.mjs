/**
 * CPU time of the Envoy process per request, all variants side by side in interleaved rounds of one
 * run. The wall clock of a shared machine says little, so latency is only reported as a ratio of
 * medians. Prints tables and writes `build/bench.json`.
 *
 * BENCH_ROUNDS (default 7) and BENCH_SCALE (default 1, multiplies the number of requests) make it
 * longer or shorter.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { step } from "../../scripts/tools/console.mjs";
import { findEnvoy } from "../../scripts/tools/envoy.mjs";
import {
  localConfig,
  setCluster,
  setPlugin,
  toYaml,
  wasmFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";
import { ensureVenv } from "../../scripts/tools/python.mjs";
import { chatBody } from "../module/support.mjs";
import { renameExport } from "./rename-export.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS || 7);
const SCALE = Number(process.env.BENCH_SCALE || 1);
const CONNECTIONS = 8;

const folder = mkdtempSync(join(tmpdir(), "bench-"));
const upstreamPort = await freePort();
const upstream = new Child(process.execPath, [
  join(ROOT, "tests/bench/upstream.mjs"),
  String(upstreamPort),
]);
await upstream.ready(() => upstream.output.includes("ready"));

/**
 * The Go plugin of the same name, from PyPI, with the marker that stock Envoy knows; null when it
 * cannot be had.
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

/** An Envoy with some of the filters; `edit` changes its configuration. */
async function start(name, filters, edit = () => {}) {
  const port = await freePort();
  const adminPort = await freePort();
  const config = localConfig({ port, adminPort });
  setCluster(config, "llm", "127.0.0.1", upstreamPort);
  setPlugin(config, "ai-cache", {});
  setPlugin(config, "ai-proxy", {
    provider: {
      type: "openai",
      apiTokens: ["sk-bench"],
      openaiCustomUrl: `127.0.0.1:${upstreamPort}/v1`,
      modelMapping: { "gpt-4": "llama-3" },
    },
  });
  const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  delete manager.access_log;
  manager.http_filters = manager.http_filters.filter(
    (filter) => filter.name.endsWith("router") || filters.includes(filter.name),
  );
  for (const route of manager.route_config.virtual_hosts[0].routes)
    delete route.typed_per_filter_config;
  edit(config, manager);
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, toYaml(config));
  const child = new Child(findEnvoy(), [
    "-c",
    file,
    "--concurrency",
    "1",
    "--use-dynamic-base-id",
    "--log-level",
    "error",
  ]);
  if (!(await child.ready(() => answers(`http://127.0.0.1:${adminPort}/ready`))))
    throw new Error(`${name}:\n${child.output}`);
  const loadCpuMs = cpuNanoseconds(child.process.pid) / 1e6;
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    name,
    port,
    child,
    loadCpuMs,
    loadRssMb: rssMb(child.process.pid),
    agent: new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS }),
  };
}

/** CPU time of a process with all its threads. */
function cpuNanoseconds(pid) {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
    }
  }
  return total;
}

function rssMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

function send(target, body) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const request = http.request(
      {
        host: "127.0.0.1",
        port: target.port,
        path: "/v1/chat/completions",
        method: "POST",
        agent: target.agent,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          authorization: "Bearer client",
        },
      },
      (response) => {
        response.resume();
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            cache: response.headers["cache-status"],
            ms: Number(process.hrtime.bigint() - started) / 1e6,
          }),
        );
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/**
 * Sends `count` requests over all connections; gives microseconds of Envoy CPU per request and the
 * latencies.
 */
async function measure(target, makeBody, count, expect) {
  const before = cpuNanoseconds(target.child.process.pid);
  const latencies = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const reply = await send(target, makeBody(next++));
      if (reply.status !== 200) throw new Error(`${target.name}: status ${reply.status}`);
      if (expect && !reply.cache?.includes(expect))
        throw new Error(`${target.name}: ${reply.cache}, not ${expect}`);
      latencies.push(reply.ms);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return { cpu: (cpuNanoseconds(target.child.process.pid) - before) / 1000 / count, latencies };
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const percentile = (list, part) => list.toSorted((a, b) => a - b)[Math.floor(list.length * part)];
let nonce = 0;

/** Bodies of about `size` bytes: one text as a single string, or many short turns. */
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

function table(head, rows) {
  const widths = head.map((_, i) =>
    Math.max(...[head, ...rows].map((row) => String(row[i]).length)),
  );
  const line = (row) =>
    row
      .map((cell, i) =>
        i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]),
      )
      .join("  ");
  process.stdout.write(
    `\n${[line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n")}\n`,
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

const report = {
  date: new Date().toISOString(),
  cpus: cpus().length,
  model: cpus()[0]?.model,
  rounds: ROUNDS,
  scale: SCALE,
  results,
  load,
};
writeFileSync(join(ROOT, "build/bench.json"), `${JSON.stringify(report, null, 2)}\n`);
await Promise.all(
  [upstream, ...Object.values(variants).map(({ target }) => target.child)].map((child) =>
    child.stop(),
  ),
);
process.exit(0);
