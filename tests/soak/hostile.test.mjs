/** Very many hostile requests and answers through the real Envoy: every worker lives, its memory stays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { chatBody, Gateway, post } from "../e2e/support.mjs";
import { Random } from "../fuzz/random.mjs";
import { hostileRequest, Manner } from "./hostile-requests.mjs";

const REQUESTS = Number(process.env.SOAK_HOSTILE_REQUESTS || 20_000);
const SEED = Number(process.env.FUZZ_SEED || 20_261_128);
/** One request in so many exceeds 1 MiB. */
const LARGE_EVERY = 1000;
const CONNECTIONS = 48;
const WORKERS = 2;
/** A request that takes longer than this counts as stuck. */
const PATIENCE_MS = 60_000;
/** What resident memory may grow after two fifths of the requests, when each kind has been there. */
const ALLOWED_GROWTH = 1.25;
/**
 * And beside that, in kB: memory that a VM has had once it keeps, so that one large body more than
 * came at a time before counts once.
 */
const ALLOWED_STEP = 65_536;
/** Large requests of random kinds that are sent first, so that memory has had its height. */
const WARM_UP = 100;

const keyed = (type, members = {}) => ({ type, apiTokens: ["k"], ...members });
const PROVIDERS = {
  mistral: keyed("mistral"),
  groq: keyed("groq", { mergeConsecutiveMessages: true }),
  gemini: keyed("gemini"),
  claude: keyed("claude"),
  bedrock: { type: "bedrock", awsAccessKey: "a", awsSecretKey: "b", awsRegion: "us-east-1" },
  cohere: keyed("cohere"),
  hunyuan: { type: "hunyuan", hunyuanAuthId: "A".repeat(36), hunyuanAuthKey: "k".repeat(32) },
};
const proxy = {
  provider: keyed("openai", { modelMapping: { m: "mapped" }, promoteThinkingOnEmpty: true }),
  _rules_: Object.entries(PROVIDERS).map(([name, provider]) => ({
    _match_domain_: [`${name}.test`],
    provider,
  })),
};

describe(`${REQUESTS} hostile requests through Envoy (FUZZ_SEED=${SEED})`, () => {
  let upstream;
  let gateway;

  before(async () => {
    const port = await freePort();
    const file = join(ROOT, "tests/soak/hostile-upstream.mjs");
    upstream = new Child(process.execPath, [file, String(port), String(SEED)]);
    assert.ok(await upstream.ready(() => upstream.output.includes("ready")));
    gateway = await Gateway.start({
      upstreamPort: port,
      concurrency: WORKERS,
      cache: { cache: { type: "memory", maxEntries: 500, maxBytes: 4_000_000 } },
      proxy,
      change: (config) => {
        delete config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config
          .access_log;
      },
    });
    // Traps and reloads fail all the same.
    gateway.allowLog(/./);
  });
  after(async () => {
    await gateway?.stop();
    await upstream?.stop();
  });

  it("leave every worker alive and its memory flat", { timeout: 3_600_000 }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const random = new Random(SEED);
    const counts = new Map();
    const count = (what) => counts.set(what, (counts.get(what) ?? 0) + 1);

    /** Sends one request; resolves when it has been answered or has broken. */
    const send = ({ path, headers, body, manner, wait }) =>
      new Promise((resolve, reject) => {
        const isChunked = manner === Manner.Trailers;
        const length = isChunked ? { trailer: "x-t" } : { "content-length": body.length };
        const request = http.request({
          agent,
          host: "127.0.0.1",
          port: gateway.port,
          method: "POST",
          path,
          headers: { ...headers, ...length },
        });
        const done = (what) => {
          clearTimeout(stuck);
          count(what);
          resolve();
        };
        const stuck = setTimeout(() => reject(new Error(`stuck: ${path}`)), PATIENCE_MS);
        request.on("response", (response) => {
          response.resume();
          response.on("end", () => done(response.statusCode));
          response.on("error", () => done("broken"));
        });
        request.on("error", () => done("broken"));
        request.flushHeaders();
        const half = body.length >> 1;
        switch (manner) {
          case Manner.Slow:
            setTimeout(() => request.write(body.subarray(0, half)), wait);
            setTimeout(() => request.end(body.subarray(half)), 2 * wait + 1);
            break;
          case Manner.Aborted:
            request.write(body.subarray(0, half));
            setTimeout(() => request.destroy(), wait);
            break;
          case Manner.Trailers:
            request.write(body);
            request.addTrailers({ "x-t": "1" });
            request.end();
            break;
          default:
            request.end(body);
        }
      });

    const rss = () => {
      const status = readFileSync(`/proc/${gateway.child.process.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
    };
    let next = -WARM_UP;
    let early = 0;
    const started = Date.now();
    const client = async () => {
      while (next < REQUESTS) {
        const i = next++;
        if (i === Math.floor(REQUESTS * 0.4)) early = rss();
        const isLarge = i < 0 || i % LARGE_EVERY === LARGE_EVERY - 1;
        await send(hostileRequest(random, isLarge));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    agent.destroy();
    const late = rss();
    const seconds = (Date.now() - started) / 1000;
    process.stdout.write(
      `${Math.round(REQUESTS / seconds)} requests/s; ${[...counts].sort().join(" ")}; ` +
        `resident memory: ${early} kB after two fifths, ${late} kB at the end\n`,
    );
    assert.doesNotMatch(gateway.log, /Uncaught|ABORT|backtrace|panic|reload/i);
    const stats = await (await fetch(`http://127.0.0.1:${gateway.adminPort}/stats`)).text();
    for (const [, name, value] of stats.matchAll(/^(wasm\S*(?:reload|crash|failed)\S*): (\d+)/gm)) {
      assert.equal(`${name} ${value}`, `${name} 0`);
    }
    assert.match(stats, /^cluster\.llm\.upstream_rq_active: 0$/m);
    // Over several connections, so that each worker has one.
    for (let i = 0; i < 8 * WORKERS; i++) {
      const reply = await post(gateway.port, chatBody("honest question", { model: "m" }), {
        connection: "close",
        authorization: `Bearer ${i}`,
      });
      assert.equal(reply.status, 200, reply.text);
    }
    assert.ok(late <= early * ALLOWED_GROWTH + ALLOWED_STEP, `${early} kB grew to ${late} kB`);
  });
});
