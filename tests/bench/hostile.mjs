/**
 * CPU time per megabyte, in Envoy, of requests and answers that are expensive to parse by design: the worst ones
 * in the worst-case suite (`tests/worst`).
 */
import http from "node:http";
import { step } from "../../scripts/tools/console.mjs";
import { setCluster, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { repeat } from "../worst/inflate.mjs";
import { cpuNanoseconds, median, send, start, table } from "./harness.mjs";

/** The limit for a megabyte. */
const MOST_MS = 50;
const ROUNDS = 3;
const MB = 1 << 20;

const message = '{"role":"user","content":"x"}';
const chat = (members) => `{"model":"m","messages":[${message}],${members}}`;

/** Answers of vendors with native protocols. */
const GEMINI = '{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]}';
const BEDROCK =
  '{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn"}';

/** Requests: the plugin's configuration, a function that makes a body of a given size, and the vendor's answer. */
const REQUESTS = {
  "ai-cache: escaped keys": {
    plugin: ["ai-cache", {}],
    body: (size) =>
      chat(`"z":{${repeat(size, (i) => `"\\u0061${String(i).padStart(6, "0")}":0`)}}`),
    size: 1.7 * MB,
  },
  "mistral: escaped keys": {
    provider: { type: "mistral" },
    body: (size) => chat(repeat(size, (i) => `"\\u0061${String(i).padStart(6, "0")}":0`)),
    size: 8.2 * MB,
  },
  "mistral: user again and again": {
    provider: { type: "mistral" },
    body: (size) => chat(repeat(size, () => '"user":1')),
    size: 3 * MB,
  },
  "groq: names in one message": {
    provider: { type: "groq" },
    body: (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x",${repeat(size, () => '"name":0')}}]}`,
    size: 3 * MB,
  },
  "merged messages": {
    provider: { type: "openai", mergeConsecutiveMessages: true },
    body: (size) =>
      `{"model":"m","messages":[{"role":"user",${repeat(size / 2, (i) => `"a${i}":0`)}},${repeat(size / 2, () => '{"role":"user"}')}]}`,
    size: 2 * MB,
  },
  "gemini: calls and results": {
    provider: { type: "gemini" },
    answer: GEMINI,
    body: (size) =>
      `{"model":"m","messages":[${repeat(size, (i) => `{"role":"assistant","tool_calls":[{"id":"c${i}","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"c${i}","content":"x"}`)}]}`,
    size: 4 * MB,
  },
  "form: almost the boundary": {
    provider: { type: "openai", modelMapping: { "*": "x" } },
    path: "/v1/audio/transcriptions",
    headers: { "content-type": `multipart/form-data; boundary=${"-".repeat(69)}x` },
    body: (size) => "-".repeat(size),
    size: 8 * MB,
  },
  "bedrock: escapes": {
    provider: { type: "bedrock", awsRegion: "us-east-1" },
    answer: BEDROCK,
    body: (size) =>
      `{"model":"m","messages":[{"role":"user","content":"${"\\u0001".repeat(size / 6)}"}]}`,
    size: 8 * MB,
  },
};

const asked = (size) => chat(`"stream":true,"n":1,"user":"${size}"`);
/** Streamed answers, translated for Anthropic's clients. */
const ANSWERS = {
  "empty lines": (size) => "\n".repeat(size),
  "tiny events": (size) => "data:1\n\n".repeat(size / 8),
  "one event of many lines": (size) => "data:1\n".repeat(Math.min(size, 4e6) / 7),
};

/** Sends a body several times; returns the median CPU time of a request, in ms. */
async function cpuOf(target, body, headers) {
  const samples = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = cpuNanoseconds(target.child.process.pid);
    const { status } = await send(target, body, headers);
    if (status !== 200) throw new Error(`${target.name}: status ${status}`);
    samples.push((cpuNanoseconds(target.child.process.pid) - before) / 1e6);
  }
  return median(samples.slice(1));
}

/** An upstream whose answer can be set. */
async function evilUpstream() {
  const evil = { body: "{}", type: "application/json", port: await freePort() };
  evil.server = http.createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": evil.type });
      response.end(evil.body);
    });
  });
  await new Promise((resolve) => evil.server.listen(evil.port, "127.0.0.1", resolve));
  return evil;
}

/** Measures all cases; returns the printed rows. */
export async function measureHostile() {
  step("requests and answers that are hard to read");
  const evil = await evilUpstream();
  const launch = (name, filter, configuration) =>
    start(name, filter ? [filter] : [], (config) => {
      setCluster(config, "llm", "127.0.0.1", evil.port);
      if (filter) setPlugin(config, filter, configuration);
    });
  const none = await launch("hostile-none", null);
  const rows = [];
  const add = (name, bytes, plain, ms) => {
    const each = (ms - plain) / (bytes / MB);
    const verdict = each > MOST_MS ? `more than ${MOST_MS}` : "";
    rows.push([name, (bytes / MB).toFixed(1), ms.toFixed(0), each.toFixed(1), verdict]);
  };
  const run = async (name, plugin, body, headers, bytes = body.length) => {
    const target = await launch(`hostile-${rows.length}`, ...plugin);
    const plain = await cpuOf(none, body, headers);
    const ms = await cpuOf(target, body, headers);
    await target.child.stop();
    add(name, bytes, plain, ms);
  };
  for (const [name, request] of Object.entries(REQUESTS)) {
    const { plugin, provider, path, headers, body, size } = request;
    evil.body = request.answer ?? "{}";
    const configuration = { provider: { apiTokens: ["k"], ...provider } };
    const all = { ...headers, ...(path ? { ":path": path } : {}) };
    await run(name, plugin ?? ["ai-proxy", configuration], body(Math.floor(size)), all);
  }
  evil.type = "text/event-stream";
  for (const [name, answer] of Object.entries(ANSWERS)) {
    evil.body = answer(8 * MB);
    const translated = ["ai-proxy", { provider: { type: "openai", apiTokens: ["k"] } }];
    const path = { ":path": "/v1/messages" };
    await run(`answer: ${name}`, translated, asked(8), path, evil.body.length);
    await run(`kept answer: ${name}`, ["ai-cache", {}], asked(9), {}, evil.body.length);
  }
  await none.child.stop();
  evil.server.close();
  table(["hostile", "MB", "CPU ms", "added ms/MB", ""], rows);
  return rows;
}
