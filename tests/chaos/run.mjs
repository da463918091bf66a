/** One chaos run: everything at once, and afterwards what must hold. Returns what was wrong, one line each. */
import { readFileSync } from "node:fs";
import {
  ofAnthropicEvents,
  ofAnthropicMessage,
  ofOpenAi,
  ofOpenAiEvents,
  ofResponse,
  ofResponsesEvents,
} from "../module/answers.mjs";
import { DIMENSIONS } from "../fakes/embeddings.mjs";
import { Random } from "../fuzz/random.mjs";
import { chatBody, post, sleep, stopAll, until } from "../e2e/support.mjs";
import { Clients } from "./clients.mjs";
import { auditOf, linesOf, missingOf, undecidedOf } from "./audit.mjs";
import { HELD_BYTES, startChaosGateway } from "./gateway.mjs";
import { ChaosModel, WAYS } from "./model.mjs";
import { leaves, RAW, requestOf } from "./requests.mjs";
import { startEmbedder, startFiles, startRedis, startVectors } from "./services.mjs";

/** How long connections of a replaced listener may live on: Envoy's drain time, and a while for a busy machine. */
const DRAIN_MS = 4000;
const VMS = "wasm.envoy.wasm.runtime.v8.active";
const TOTAL = "http.gateway.downstream_rq_total";
const READERS = {
  chat: [(text) => ofOpenAi(JSON.parse(text)), ofOpenAiEvents],
  messages: [(text) => ofAnthropicMessage(JSON.parse(text)), ofAnthropicEvents],
  responses: [(text) => ofResponse(JSON.parse(text)), ofResponsesEvents],
};

/** The text of an answer to a chat, or the numbers of vectors. */
function contentOf({ client, stream }, text) {
  if (client !== "embeddings") return READERS[client][stream ? 1 : 0](text).text;
  const { data } = JSON.parse(text);
  return data.map(({ embedding }) => `q${embedding[0]}`).join();
}

/** What it must be. */
function expected({ client, name, inputs }) {
  if (client !== "embeddings") return `answer to ${name}`;
  return inputs.map((input) => /q\d+/.exec(input)[0]).join();
}

/** Whether a body is an error that the client's library understands. */
function isError({ client }, { text, headers }) {
  if (!/^application\/json/.test(headers["content-type"] ?? "")) return false;
  try {
    const body = JSON.parse(text);
    if (client === "messages" && body.type !== "error") return false;
    return typeof body.error.message === "string" && body.error.message !== "";
  } catch {
    return false;
  }
}

/** What is wrong with the answer to a request; empty for nothing. */
function faultOf(request, reply, isDraining) {
  const { way, name, host } = request;
  const wanted = WAYS[way];
  if (reply.end === "hung") return "hangs";
  if (reply.end === "left") return "";
  if (reply.end === "broken") {
    // Of a connection on which many clients have left.
    const isCalmed = /ENHANCE_YOUR_CALM/.test(reply.fault);
    if (isDraining || isCalmed || leaves(request)) return "";
    return wanted === "cut" ? "" : `breaks off (${reply.fault})`;
  }
  if (request.headers["x-envoy-fault-abort-request"] && reply.status === 599) return "";
  if (reply.status < 200 || reply.status > 599) return "has no status";
  // Envoy's own errors are in OpenAI's form.
  if (reply.status >= 400 && !isError(request, reply) && !isError({ client: "chat" }, reply))
    return "is no error that the client reads";
  if (request.isHostile || leaves(request)) return "";
  // Bodies that find no room, and those with trailers that are too long to be held.
  if (request.isLong && [400, 413, 503].includes(reply.status)) return "";
  if (typeof wanted === "number") return reply.status === wanted ? "" : `should be ${wanted}`;
  if (wanted === "error") return reply.status >= 400 ? "" : "should be an error";
  if (wanted === "free") return "";
  if (reply.status >= 400) {
    if (wanted === "cut" || (way === "shaky" && reply.status === 503)) return "";
    if (
      way === "flaky" &&
      (!["retry", "failover"].includes(host) || name.length < 5) &&
      reply.status === 429
    )
      return "";
    // The text that its prompts need cannot be had.
    if (host === "context" && reply.status === 502) return "";
    return "should be an answer";
  }
  let answer;
  try {
    answer = contentOf(request, reply.text);
  } catch (error) {
    return wanted === "cut" ? "" : `cannot be read: ${error.message.split("\n")[0]}`;
  }
  if (wanted === "cut") return "seems whole";
  return answer === expected(request) ? "" : `answers another question: ${answer}`;
}

async function statsOf(gateway) {
  const text = await (await fetch(`http://127.0.0.1:${gateway.adminPort}/stats`)).text();
  return new Map(
    text
      .split("\n")
      .map((line) => /^(.*): (\d+)$/.exec(line))
      .filter(Boolean)
      .map(([, name, value]) => [name, Number(value)]),
  );
}

const residentOf = (gateway) =>
  Number(
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.process.pid}/status`, "utf8"))[1],
  );

/** @param {{ seed: number, requests: number, parallel?: number, workers?: number, pushes?: number, hosts?: string[] }} options */
export async function chaos({ seed, requests, parallel = 40, workers = 3, pushes = 2, hosts }) {
  const random = new Random(seed);
  const faults = [];
  const counts = {};
  const windows = [];
  /** What has started, in this order; it is stopped in the opposite one. */
  const started = [];
  const start = async (starting) => {
    const part = await starting;
    started.unshift(part);
    return part;
  };
  let half = 0;
  try {
    const model = await start(ChaosModel.start());
    const services = {
      embedder: await start(startEmbedder(random)),
      vectors: await start(startVectors(random, DIMENSIONS)),
      files: await start(startFiles(random)),
      redis: await start(startRedis(random)),
    };
    const ports = { llm: model.port, llm2: model.port2 };
    for (const [name, { port }] of Object.entries(services)) ports[name] = port;
    const gateway = await start(startChaosGateway(ports, workers));
    gateway.allowLog(...EXPECTED);
    const clients = await start(new Clients(gateway.port));
    await until(
      () =>
        post(gateway.port, chatBody("do:json q0"), { host: "plain.test" }).then(
          (r) => r.status === 200,
          () => false,
        ),
      "the listener",
      30,
    );
    const isDraining = (from, to) => windows.some((at) => at <= to && at + DRAIN_MS >= from);
    const vms = (await statsOf(gateway)).get(VMS);

    let next = 0;
    const client = async () => {
      while (next < requests) {
        const number = next++;
        if (number === requests >> 1) half = residentOf(gateway);
        const request = requestOf(seed, number, hosts);
        request.headers["x-number"] = String(number);
        const began = Date.now();
        const reply = await clients.send(request);
        const word = `${reply.end} ${reply.status}`;
        counts[word] = (counts[word] ?? 0) + 1;
        const fault = faultOf(request, reply, isDraining(began, Date.now()));
        if (fault) {
          const { manner, way, host, client: speaks, stream, isOver2, isHostile } = request;
          faults.push(
            `request ${number} (${JSON.stringify({ manner, way, host, speaks, stream, isOver2, isHostile, "x-model": request.headers["x-model"] })}) ${fault}: ` +
              `${word} ${reply.fault} after ${Date.now() - began} ms; ${reply.headers["content-type"]}; ${reply.headers["cache-status"]}; ${reply.text.slice(0, 300)}`,
          );
        }
      }
    };
    const odd = async () => {
      const all = Object.entries(RAW).map(async ([name, [text, statuses]]) => {
        const began = Date.now();
        const reply = await clients.raw(text);
        const word = `raw ${name}: ${reply.end} ${reply.status}`;
        counts[word] = (counts[word] ?? 0) + 1;
        if (reply.end === "hung") faults.push(`raw ${name} hangs`);
        else if (!statuses.includes(reply.status) && !isDraining(began, Date.now()))
          faults.push(`raw ${name}: status ${reply.status}: ${reply.text.slice(-300)}`);
      });
      await Promise.all(all);
    };
    const operator = async () => {
      for (let i = 1; i <= pushes; i++) {
        await until(() => next >= (requests * i) / (pushes + 1), "requests", 3600);
        gateway.push.cluster(i % 2 === 1 ? "embedder" : "redis", false);
        await sleep(200);
        windows.push(Date.now());
        gateway.push.listener(i);
        await sleep(500);
        gateway.push.cluster("", true);
      }
    };
    await Promise.all([...Array.from({ length: parallel }, client), odd(), operator()]);
    clients.stop();

    const rest = async () => {
      const stats = await statsOf(gateway);
      // Refreshes leave idle connections of Envoy to itself.
      const connections = "http.gateway.downstream_cx_active";
      const own = stats.get("cluster.self.upstream_cx_active") ?? 0;
      stats.set(connections, stats.get(connections) - own);
      return [...stats].filter(
        ([name, value]) =>
          value > 0 &&
          /^(http\.gateway\.downstream_(rq|cx)_active|cluster\..*upstream_rq(_pending)?_active|listener_manager\.total_(filter_chains|listeners)_draining)$/.test(
            name,
          ),
      );
    };
    await until(async () => (await rest()).length === 0, "the end of all streams", 30).catch(
      async () => faults.push(`still there: ${JSON.stringify(await rest())}`),
    );
    // Replaced VMs end, and lines of the log arrive, a while after the last stream.
    let stats;
    const isSettled = async () => {
      stats = await statsOf(gateway);
      return stats.get(VMS) === vms && linesOf(gateway).length === stats.get(TOTAL);
    };
    await until(isSettled, "the VMs and the log", 30).catch(() => {});
    const after = stats.get(VMS);
    if (after !== vms) faults.push(`${vms} VMs have become ${after}`);
    for (const [name, value] of stats) {
      if (/^wasm\.(?!envoy).*(reload|crash|fail)/.test(name) && value > 0)
        faults.push(`${name}: ${value}`);
    }

    faults.push(...(await auditOf(gateway, stats.get(TOTAL))), ...missingOf(gateway, requests));
    counts.undecided = undecidedOf(gateway);

    // What one tenant may hold is free again on every worker.
    const large = chatBody(`do:json q5 ${"x".repeat((HELD_BYTES >> 1) - 100_000)}`);
    for (let i = 0; i < 6 * workers; i++) {
      const reply = await post(gateway.port, large, {
        host: "plain.test",
        connection: "close",
        "cache-control": "no-cache",
      });
      if (reply.status !== 200 || !/fwd=(miss|request)/.test(reply.cache))
        faults.push(
          `a large request at the end: ${reply.status} ${reply.cache} ${reply.text.slice(0, 200)}`,
        );
    }
    counts.resident = [half, residentOf(gateway)];
  } finally {
    await stopAll(...started).catch((error) => faults.push(...error.message.split("\n")));
  }
  return { faults, counts };
}

/** What the modules and Envoy say of such a model and such services. */
const EXPECTED = [
  /no answer for provider \w+ from cluster llm2?: (connection_closed|protocol|timeout|connect_timeout): /,
  /path \/ is not an API of provider openai and refused/,
  /no answer for provider \w+ from cluster llm2?: too_large: .*request_payload_too_large/,
  /provider (claude|second) compressed its answer, which was not asked for/,
  /context file: gave no text/,
  /embedding service openai: (error-embedding-(unreachable|reply|timeout|status)|no cluster is named)/,
  /vector store chroma: error-vector-(unreachable|reply|timeout|status), status/,
  /redis: (unreachable|reply|timeout|error|no cluster is named|not-ready)/,
];
