/** The store of a real Envoy, filled and filled again: what memory it takes for its bytes, and that it takes no more. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { chatBody, CREDENTIAL, Gateway } from "../e2e/support.mjs";

const STORES = Number(process.env.SOAK_STORES || 40_000);
const BYTES = Number(process.env.SOAK_STORE_MIB || 8) * 2 ** 20;
const LITTLE = 2 ** 16;
const CONNECTIONS = 8;
/** Requests that wait on a connection, one behind the other. */
const PIPELINED = 16;
/** Of bytes that the store counts. */
const MOST_MEMORY = 1.4;
/** What V8 and Envoy take more in one run than in another. */
const NOISE = 3 * 2 ** 20;

/** Sends requests over one connection without waiting for each answer. `next`: the next body, null at the end. */
function pipeline(port, next) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    let waiting = 0;
    let rest = "";
    const send = () => {
      let out = "";
      while (waiting < PIPELINED) {
        const body = next();
        if (body === null) break;
        waiting++;
        out +=
          `POST /v1/chat/completions HTTP/1.1\r\nhost: soak\r\nauthorization: ${CREDENTIAL.authorization}\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      }
      if (out !== "") socket.write(out);
      else if (waiting === 0) {
        socket.end();
        resolve();
      }
    };
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      const parts = (rest + text).split("HTTP/1.1 ");
      for (const part of parts.slice(1)) {
        if (!part.startsWith("200")) {
          if (part.length < 3) continue;
          socket.destroy(new Error(part.slice(0, 200)));
        } else waiting--;
      }
      // A status line that is cut comes whole with what follows.
      const last = parts.at(-1);
      const isCut = parts.length > 1 && last.length < 3;
      rest = isCut ? `HTTP/1.1 ${last}` : last.slice(-8);
      send();
    });
    socket.on("error", reject);
    send();
  });
}

const rss = (gateway) =>
  1024 *
  Number(
    /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.process.pid}/status`, "utf8"))[1],
  );

describe(`${STORES} answers into a store of ${BYTES / 2 ** 20} MiB for up to a million entries`, () => {
  let upstream;
  let upstreamPort;
  const gateways = [];

  before(async () => {
    upstreamPort = await freePort();
    const script = join(ROOT, "tests/bench/upstream.mjs");
    upstream = new Child(process.execPath, [script, String(upstreamPort)]);
    assert.ok(await upstream.ready(() => upstream.output.includes("ready")));
  });
  after(async () => {
    for (const gateway of gateways) await gateway.stop();
    await upstream?.stop();
  });

  const start = async (maxBytes) => {
    const gateway = await Gateway.start({
      upstreamPort,
      cache: {
        enableSemanticCache: false,
        cache: { maxEntries: 1_000_000, maxBytes, cacheTTL: 0 },
      },
      change: (config) => {
        const [manager] = config.static_resources.listeners[0].filter_chains[0].filters;
        delete manager.typed_config.access_log;
        manager.typed_config.http_filters = manager.typed_config.http_filters.filter(
          (filter) => filter.name !== "ai-proxy",
        );
      },
    });
    gateways.push(gateway);
    return gateway;
  };

  /** Stores so many answers under keys of their own. */
  const fill = async (gateway, from, to) => {
    let next = from;
    const body = () => (next < to ? chatBody(`question ${next++} of many`) : null);
    await Promise.all(Array.from({ length: CONNECTIONS }, () => pipeline(gateway.port, body)));
  };

  const gauge = async (gateway, name) => {
    const [line] = (await gateway.metrics(name)).filter((each) => !each.startsWith("#"));
    return Number(line?.split(" ").at(-1));
  };

  it("take little more memory than they count, and stay flat", async () => {
    const full = await start(BYTES);
    // About what fills it: an entry takes more than a kilobyte.
    const first = Math.min(STORES, Math.ceil((1.1 * BYTES) / 1000));
    const little = await start(LITTLE);
    await fill(little, 0, first);
    await fill(full, 0, first);
    const bytes = await gauge(full, "ai_cache_bytes");
    assert.ok(bytes > 0.9 * BYTES && bytes <= BYTES, `${bytes} bytes`);
    const taken = rss(full) - rss(little);
    const early = rss(full);
    process.stdout.write(`full: ${early - taken} bytes without answers, ${early} with ${bytes}\n`);
    const step = Math.ceil((STORES - first) / 5);
    for (let from = first; from < STORES; from += step) {
      await fill(full, from, Math.min(STORES, from + step));
      process.stdout.write(`${from + step} stored: ${Math.round(rss(full) / 2 ** 20)} MiB\n`);
    }
    const late = rss(full);
    const mib = (size) => (size / 2 ** 20).toFixed(1);
    const told =
      `${await gauge(full, "ai_cache_entries")} entries of ${mib(bytes)} MiB take ${mib(taken)} MiB ` +
      `(${(taken / bytes).toFixed(2)} times); ${mib(early)} MiB in all after ${first}, ${mib(late)} after ${STORES}`;
    process.stdout.write(`${told}\n`);
    assert.ok(taken <= MOST_MEMORY * bytes + NOISE, told);
    assert.ok(late - early <= 0.05 * bytes + NOISE, told);
  });
});
