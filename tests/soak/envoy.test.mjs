/** Many requests through the real Envoy: its resident memory stays where it was. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { chatBody, CREDENTIAL, Gateway } from "../e2e/support.mjs";

const REQUESTS = Number(process.env.SOAK_ENVOY_REQUESTS || 20_000);
const CONNECTIONS = 16;
/**
 * What resident memory may grow after a fifth of the requests, when the store is full and V8 has
 * warmed up.
 */
const ALLOWED_GROWTH = 1.1;

describe(`${REQUESTS} requests through Envoy`, () => {
  let upstream;
  let gateway;

  before(async () => {
    const port = await freePort();
    upstream = new Child(process.execPath, [join(ROOT, "tests/bench/upstream.mjs"), String(port)]);
    assert.ok(await upstream.ready(() => upstream.output.includes("ready")));
    gateway = await Gateway.start({
      upstreamPort: port,
      concurrency: 2,
      cache: { cache: { type: "memory", maxEntries: 1000, maxBytes: 4_000_000 } },
      change: (config) => {
        delete config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config
          .access_log;
      },
    });
  });
  after(async () => {
    await gateway?.stop();
    await upstream?.stop();
  });

  it("leave its memory flat", async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const send = (body) =>
      new Promise((resolve, reject) => {
        const headers = {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          ...CREDENTIAL,
        };
        const request = http.request(
          {
            host: "127.0.0.1",
            port: gateway.port,
            path: "/v1/chat/completions",
            method: "POST",
            agent,
            headers,
          },
          (response) => {
            response.resume();
            response.on("end", () => resolve(response.statusCode));
            response.on("error", reject);
          },
        );
        request.on("error", reject);
        request.end(body);
      });
    const rss = () =>
      Number(
        /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.process.pid}/status`, "utf8"))[1],
      );
    let next = 0;
    let early = 0;
    const statuses = new Map();
    const worker = async () => {
      while (next < REQUESTS) {
        const i = next++;
        if (i === Math.floor(REQUESTS / 5)) early = rss();
        const question = i % 2 === 0 ? `new ${i}` : `old ${i % 97}`;
        const status = await send(chatBody(question, { stream: i % 50 === 0 }));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    agent.destroy();
    const late = rss();
    assert.deepEqual([...statuses], [[200, REQUESTS]]);
    process.stdout.write(`resident memory: ${early} kB after a fifth, ${late} kB at the end\n`);
    assert.ok(late <= early * ALLOWED_GROWTH, `${early} kB grew to ${late} kB`);
  });
});
