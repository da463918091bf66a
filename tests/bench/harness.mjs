/** Shared by the benchmarks: variants of Envoy, requests, CPU time per request, tables. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEnvoy } from "../../scripts/tools/envoy.mjs";
import { localConfig, setCluster, setPlugin, toYaml } from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";

export const ROUNDS = Number(process.env.BENCH_ROUNDS || 7);
export const SCALE = Number(process.env.BENCH_SCALE || 1);
const CONNECTIONS = 8;

export const folder = mkdtempSync(join(tmpdir(), "bench-"));
export const upstreamPort = await freePort();
export const upstream = new Child(process.execPath, [
  join(ROOT, "tests/bench/upstream.mjs"),
  String(upstreamPort),
]);
await upstream.ready(() => upstream.output.includes("ready"));

/** Starts Envoy with some of the filters; `edit` changes its configuration. */
export async function start(name, filters, edit = () => {}) {
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

/** CPU time of a process, including all its threads. */
export function cpuNanoseconds(pid) {
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

export function rssMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
}

/** `headers`: additional ones; `:path` replaces the usual path. */
export function send(target, body, { ":path": path = "/v1/chat/completions", ...headers } = {}) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const request = http.request(
      {
        host: "127.0.0.1",
        port: target.port,
        path,
        method: "POST",
        agent: target.agent,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          authorization: "Bearer client",
          ...headers,
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
 * Sends `count` requests over all connections; returns microseconds of Envoy CPU per request, and the
 * latencies.
 */
export async function measure(target, makeBody, count, expect, headers) {
  const before = cpuNanoseconds(target.child.process.pid);
  const latencies = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const reply = await send(target, makeBody(next++), headers);
      if (reply.status !== 200) throw new Error(`${target.name}: status ${reply.status}`);
      if (expect && !reply.cache?.includes(expect))
        throw new Error(`${target.name}: ${reply.cache}, not ${expect}`);
      latencies.push(reply.ms);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return { cpu: (cpuNanoseconds(target.child.process.pid) - before) / 1000 / count, latencies };
}

export const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
export const percentile = (list, part) =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length * part)];
export function table(head, rows) {
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
