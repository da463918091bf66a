/**
 * Shared by the end-to-end tests: the real Envoy with the built modules, and an upstream that records the
 * requests it receives.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEnvoy } from "../../scripts/tools/envoy.mjs";
import {
  localConfig,
  onLoopback,
  setCluster,
  setPlugin,
  toYaml,
} from "../../scripts/tools/envoy-config.mjs";
import { answers, Child, freePort } from "../../scripts/tools/process.mjs";
import { close, listen } from "../fakes/http-server.mjs";
import { completion, completionEvents, CREDENTIAL } from "../module/support.mjs";

export {
  chatBody,
  completion,
  completionEvents,
  CREDENTIAL,
  eventData,
  streamedText,
} from "../module/support.mjs";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `probe` returns a truthy value; fails after `seconds`. */
export async function until(probe, what, seconds = 5) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(20);
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/** `headers` with a credential, unless they contain one, or `null` in its place. */
function withCredential(headers) {
  const all = { ...CREDENTIAL, ...headers };
  if (all.authorization === null) delete all.authorization;
  return all;
}

/**
 * Sends a chat request with `node:http`, which can set the host header. `ms` in the result is how long it took.
 * `headers` are added; `authorization` has a default, and `null` removes it. `to`: a port on
 * loopback, or a gateway.
 */
export function post(to, body, headers = {}) {
  const { address = "127.0.0.1", port } = typeof to === "object" ? to : { port: to };
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = send(
      {
        agent,
        host: address,
        port,
        path: "/v1/chat/completions",
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          ...withCredential(headers),
        },
      },
      (response) => {
        const chunks = [];
        response.on("data", (data) => chunks.push(data));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            cache: response.headers["cache-status"],
            text: Buffer.concat(chunks).toString(),
            ms: performance.now() - started,
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

/**
 * Stops each of `parts` (objects with `stop`, or Node servers), even after a failure, so that nothing keeps a
 * failed test file running; then throws the failures.
 */
export async function stopAll(...parts) {
  const failures = [];
  for (const part of parts) {
    try {
      if (part?.stop) await part.stop();
      else {
        part?.closeAllConnections?.();
        part?.close();
      }
    } catch (failure) {
      failures.push(failure.message);
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/** The time limit for starting Envoy; a loaded machine compiles modules slowly. */
const START_SECONDS = 240;
let lastAddress = 1;
/** A line of Envoy's log at warning or above, or the first one of a trap. */
const ALARM =
  /^\[[^\]]*\]\[\d+\]\[(warning|error|critical)\]|Uncaught RuntimeError|ABORT|in-VM backtrace/;
const PREFIX = /^\[[^\]]*\]\[\d+\]/;
const TRAP = /Uncaught RuntimeError|ABORT|in-VM backtrace/;
/**
 * What Envoy may log in any run: that no overload manager limits connections (at the start), and the signal
 * that stops it.
 */
const HARMLESS = [
  /global_downstream_max_connections/,
  /caught ENVOY_SIGTERM/,
  // The fake vendors speak plain HTTP.
  /cluster \S+ speaks plain HTTP, (?:and \S+ expects TLS|but the provider's URL begins with https)/,
];

/** A running Envoy. */
export class Gateway {
  /**
   * @param {{ upstreamPort: number, concurrency?: number, cache?: object, proxy?: object, mapping?:
   * object, change?: (config: object) => void, envoyArgs?: string[] }} options `change` edits the
   * whole configuration before Envoy starts.
   */
  static async start(options) {
    const gateway = await Gateway.launch(options);
    await gateway.expectReady();
    return gateway;
  }

  /** Like `start`, but does not fail if Envoy rejects the configuration. */
  static async launch({
    upstreamPort,
    concurrency = 1,
    cache = {},
    proxy,
    mapping,
    change,
    envoyArgs = [],
    equalTo,
  }) {
    const gateway = await Gateway.prepare(equalTo);
    const config = localConfig(gateway);
    setCluster(config, "llm", "127.0.0.1", upstreamPort);
    setPlugin(config, "ai-cache", cache);
    setPlugin(
      config,
      "ai-proxy",
      proxy ?? {
        provider: {
          type: "openai",
          apiTokens: ["sk-test"],
          openaiCustomUrl: `127.0.0.1:${upstreamPort}/v1`,
          modelMapping: mapping,
        },
      },
    );
    gateway.setAddress(config);
    change?.(config, gateway);
    await gateway.run(config, concurrency, envoyArgs);
    return gateway;
  }

  /**
   * Starts a file in `envoy/`, unchanged except for addresses and what `change` edits. `environment`: additional
   * environment variables for Envoy.
   */
  static async startFile(file, change, equalTo, environment = {}) {
    const gateway = await Gateway.prepare(equalTo);
    gateway.environment = environment;
    const config = onLoopback({ file, port: gateway.port, adminPort: gateway.adminPort });
    gateway.setAddress(config);
    await change(config);
    await gateway.run(config, 1, []);
    await gateway.expectReady();
    return gateway;
  }

  /**
   * `equalTo`: a gateway that is to share cached answers with this one. As the port is part of the scope, this one
   * listens on the same port of another loopback address.
   */
  static async prepare(equalTo) {
    const gateway = new Gateway();
    gateway.address = equalTo ? `127.0.0.${++lastAddress}` : "127.0.0.1";
    gateway.port = equalTo?.port ?? (await freePort());
    gateway.expected = [];
    gateway.alarms = new Map();
    gateway.adminPort = await freePort();
    gateway.folder = mkdtempSync(join(tmpdir(), "gateway-"));
    return gateway;
  }

  async run(config, concurrency, envoyArgs) {
    const file = join(this.folder, "envoy.yaml");
    writeFileSync(file, toYaml(config));
    this.config = config;
    this.accessLog = [];
    this.child = new Child(
      findEnvoy(),
      [
        "-c",
        file,
        "--concurrency",
        String(concurrency),
        "--use-dynamic-base-id",
        "--file-flush-interval-msec",
        "20",
        "--log-level",
        "warning",
        "--component-log-level",
        "wasm:info",
        "--drain-time-s",
        "1",
        ...envoyArgs,
      ],
      { env: { ...process.env, ...this.environment } },
    );
    this.child.onLine = (line, from) => {
      if (from === "stdout") this.accessLog.push(line);
      else if (ALARM.test(line)) {
        const text = line.replace(PREFIX, "");
        this.alarms.set(text, (this.alarms.get(text) ?? 0) + 1);
      }
    };
    this.isReady = await this.child.ready(
      () => answers(`http://127.0.0.1:${this.adminPort}/ready`),
      START_SECONDS,
    );
  }

  /** Fails, leaving no process behind, if Envoy has not started. */
  async expectReady() {
    if (this.isReady) return;
    await this.child.stop();
    throw new Error(`Envoy did not start:\n${this.log}`);
  }

  setAddress(config) {
    config.static_resources.listeners[0].address.socket_address.address = this.address;
  }

  get url() {
    return `http://${this.address}:${this.port}`;
  }

  /** Sends a chat request; `headers` as in `post`. */
  async chat(body, { headers = {}, path = "/v1/chat/completions", ...options } = {}) {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...withCredential(headers) },
      body,
      ...options,
    });
    return {
      response,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  /** The lines of `/stats/prometheus` that begin with `prefix`. */
  async metrics(prefix) {
    const text = await (await fetch(`http://127.0.0.1:${this.adminPort}/stats/prometheus`)).text();
    return text.split("\n").filter((line) => line.startsWith(prefix));
  }

  /** What Envoy and the modules have logged. */
  get log() {
    return this.child.output;
  }

  /** The test expects a warning or error for each of these patterns in the log. */
  expectLog(...patterns) {
    for (const pattern of patterns) this.expected.push({ pattern, isOptional: false });
  }

  /** Like `expectLog`, for lines that only some runs log. */
  allowLog(...patterns) {
    for (const pattern of patterns) this.expected.push({ pattern, isOptional: true });
  }

  /** The unexpected and the missing log lines, as messages, from the whole run; `log` keeps only its end. */
  faults() {
    const lines = [...this.alarms.keys()];
    const patterns = [...HARMLESS, ...this.expected.map(({ pattern }) => pattern)];
    return [
      ...lines
        .filter((line) => TRAP.test(line) || !patterns.some((pattern) => pattern.test(line)))
        .map((line) => `not expected in Envoy's log, ${this.alarms.get(line)} times: ${line}`),
      ...this.expected
        .filter(
          ({ pattern, isOptional }) => !isOptional && !lines.some((line) => pattern.test(line)),
        )
        .map(({ pattern }) => `expected in Envoy's log, but not there: ${pattern}`),
    ];
  }

  /**
   * Stops Envoy. Fails if a VM trapped or was reloaded, if Envoy had ended by itself, or if there are unexpected
   * log lines.
   */
  async stop() {
    const crashed = this.child.ended;
    const reloads = crashed ? [] : await this.reloads();
    await this.child.stop();
    if (crashed) throw new Error(`Envoy ended by itself:\n${this.log}`);
    const faults = [...this.faults(), ...reloads.map((line) => `a VM was loaded again: ${line}`)];
    if (faults.length > 0) throw new Error(faults.join("\n"));
  }

  /** The counters of VM reloads after traps that are not 0. */
  async reloads() {
    if (!this.isReady) return [];
    const stats = await fetch(`http://127.0.0.1:${this.adminPort}/stats?usedonly&filter=vm_reload`);
    return (await stats.text()).split("\n").filter((line) => line !== "");
  }
}

/**
 * An upstream in place of a paid model service. It is strict: a wrong path, key, content type or body is an error.
 * The model's name selects the kind of answer: `json`, `stream`, `slow` (events 100 ms apart), `cut`, `length`,
 * `html`, `quota`, `hang`, `reset`, `echo` (the body's digest).
 */
export class Upstream {
  static async start({ key = "sk-test", path = "/v1/chat/completions" } = {}) {
    const upstream = new Upstream();
    upstream.key = key;
    upstream.path = path;
    upstream.requests = [];
    upstream.server = createServer((request, response) => upstream.handle(request, response));
    // A failing test may leave it running, which must not keep the process alive.
    upstream.server.unref();
    upstream.port = await listen(upstream.server);
    return upstream;
  }

  async stop() {
    await close(this.server);
  }

  async handle(request, response) {
    const record = { headers: request.headers, url: request.url, body: null, aborted: false };
    this.requests.push(record);
    response.on("close", () => (record.aborted = !response.writableFinished));
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      record.aborted = true;
      return;
    }
    record.body = Buffer.concat(chunks);
    const fault = this.faultOf(request, record);
    if (fault) {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: fault, type: "strict_upstream" } }));
      return;
    }
    await this.answer(JSON.parse(record.body), record, response);
  }

  faultOf(request, record) {
    if (request.method !== "POST") return `method ${request.method}`;
    if (request.url !== this.path) return `path ${request.url}`;
    if (request.headers.authorization !== `Bearer ${this.key}`) return "wrong key";
    if (request.headers["x-api-key"]) return "a client's key came through";
    if (!/^application\/json/.test(request.headers["content-type"] ?? ""))
      return "wrong content-type";
    if (request.headers.host !== `127.0.0.1:${this.port}`) return `host ${request.headers.host}`;
    try {
      const body = JSON.parse(record.body);
      if (typeof body.model !== "string" || !Array.isArray(body.messages)) return "no chat request";
    } catch {
      return "no JSON";
    }
    return null;
  }

  async answer(body, record, response) {
    const question = body.messages.at(-1).content;
    const content =
      body.model === "echo"
        ? createHash("sha256").update(record.body).digest("hex")
        : `answer to ${String(question).slice(0, 100)}`;
    const json = (status, value) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    switch (body.model) {
      case "length":
        return json(200, completion(content, { reason: "length" }));
      case "quota":
        response.setHeader("retry-after", "7");
        return json(429, {
          error: { message: "quota", type: "insufficient_quota", code: "quota" },
        });
      case "html":
        response.writeHead(502, { "content-type": "text/html" });
        return response.end("<html>bad gateway</html>");
      case "reset":
        return response.destroy();
      case "hang":
        return undefined;
      default:
        return body.stream ? this.stream(body, content, response) : json(200, completion(content));
    }
  }

  async stream(body, content, response) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = completionEvents(content.match(/.{1,6}/gsu), {
      usage: body.stream_options?.include_usage === true,
    });
    for (const [index, event] of events.entries()) {
      if (body.model === "cut" && index === 3) {
        await sleep(50);
        return response.destroy();
      }
      response.write(event);
      if (body.model === "slow") await sleep(100);
    }
    return response.end();
  }
}
