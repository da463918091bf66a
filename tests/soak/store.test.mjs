/**
 * The store of a real Envoy, filled and filled again: what memory it takes for its bytes, and that it takes no more.
 * Answers come in batches of embeddings, each text of which is an entry of its own, so that a million take minutes.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { CREDENTIAL, Gateway } from "../e2e/support.mjs";

/** A multiple of `BATCH`. */
const STORES = Number(process.env.SOAK_STORES || 80_000);
const BYTES = Number(process.env.SOAK_STORE_MIB || 8) * 2 ** 20;
/** Texts of a request. */
const BATCH = 100;
const CONNECTIONS = 4;
/** Characters that a number of a vector takes, and an entry besides its vector, about. */
const NUMBER = 11;
const FRAME = 600;
/** `cache.maxEntries`, and how many numbers a vector has: bytes bind before entries do, in the second case just before. */
const STORED = [
  { maxEntries: 1_000_000, numbers: 60 },
  { maxEntries: 10_000, numbers: Math.ceil(((1.1 * BYTES) / 10_000 - FRAME) / NUMBER) },
].filter(({ numbers }) => numbers > 0);
/** Answers that are stored before memory is looked at for the first time. */
const WARM = 2000;
/** Of bytes that the store counts. */
const MOST_MEMORY = 1.4;
/** What V8 and Envoy take more in one run than in another. */
const NOISE = 3 * 2 ** 20;

/** Resident bytes of a process, without those of files. */
const resident = ({ child }) =>
  1024 *
  Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${child.process.pid}/status`, "utf8"))[1]);

/** So many stores as whole batches. */
const batches = (stores) => Math.ceil(stores / BATCH) * BATCH;

const mib = (size) => `${(size / 2 ** 20).toFixed(1)} MiB`;

describe(`${STORES} answers into a store of ${mib(BYTES)}`, () => {
  const children = [];
  after(async () => {
    for (const child of children) await child.stop();
  });

  const start = async ({ maxEntries, numbers }) => {
    const upstreamPort = await freePort();
    const script = join(ROOT, "tests/soak/embedder.mjs");
    const upstream = new Child(
      process.execPath,
      [script, upstreamPort, BATCH, numbers].map(String),
    );
    children.push(upstream);
    assert.ok(await upstream.ready(() => upstream.output.includes("ready")));
    const gateway = await Gateway.start({
      upstreamPort,
      cache: {
        enableSemanticCache: false,
        cache: { maxEntries, maxBytes: BYTES },
        cacheTTL: 0,
      },
      change: (config) => {
        const [manager] = config.static_resources.listeners[0].filter_chains[0].filters;
        delete manager.typed_config.access_log;
        manager.typed_config.http_filters = manager.typed_config.http_filters.filter(
          (filter) => filter.name !== "ai-proxy",
        );
      },
    });
    children.unshift(gateway);
    return gateway;
  };

  /** Stores answers under keys of their own, of numbers `from` to `to`. */
  const fill = async (gateway, from, to) => {
    let next = from;
    const send = async () => {
      while (next < to) {
        const first = next;
        next += BATCH;
        const input = Array.from({ length: BATCH }, (_, i) => `text ${first + i} of many`);
        const body = JSON.stringify({ model: "embedder", input });
        const headers = { "content-type": "application/json", ...CREDENTIAL };
        const url = `http://127.0.0.1:${gateway.port}/v1/embeddings`;
        const response = await fetch(url, { method: "POST", headers, body });
        const said = await response.text();
        assert.equal(response.status, 200, said.slice(0, 300));
        assert.match(response.headers.get("cache-status"), /fwd=miss/);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, send));
  };

  const gauge = async (gateway, name) => {
    const [line] = (await gateway.metrics(name)).filter((each) => !each.startsWith("#"));
    return Number(line?.split(" ").at(-1));
  };

  for (const kind of STORED) {
    it(`take little more memory than their bytes, and it stays flat: at most ${kind.maxEntries} entries`, async () => {
      const gateway = await start(kind);
      const first = Math.min(STORES, batches((1.2 * BYTES) / (kind.numbers * NUMBER + FRAME)));
      await fill(gateway, 0, WARM);
      const [warm, warmBytes] = [resident(gateway), await gauge(gateway, "ai_cache_bytes")];
      await fill(gateway, WARM, first);
      const [early, bytes] = [resident(gateway), await gauge(gateway, "ai_cache_bytes")];
      process.stdout.write(
        `${mib(warm)} with ${mib(warmBytes)} stored, ${mib(early)} with ${mib(bytes)}\n`,
      );
      assert.ok(bytes > 0.9 * BYTES && bytes <= BYTES, `${bytes} bytes`);
      const step = batches((STORES - first) / 5);
      for (let from = first; from < STORES; from += step) {
        const to = Math.min(STORES, from + step);
        await fill(gateway, from, to);
        process.stdout.write(`${to} stored: ${mib(resident(gateway))}\n`);
      }
      const late = resident(gateway);
      const ratio = (early - warm) / (bytes - warmBytes);
      const told =
        `${await gauge(gateway, "ai_cache_entries")} entries take ${ratio.toFixed(2)} times their bytes; ` +
        `${mib(early)} in all after ${first}, ${mib(late)} after ${STORES}`;
      process.stdout.write(`${told}\n`);
      assert.ok(early - warm <= MOST_MEMORY * (bytes - warmBytes) + NOISE, told);
      assert.ok(late - early <= 0.05 * bytes + NOISE, told);
    });
  }
});
