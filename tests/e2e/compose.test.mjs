/**
 * What `docker compose up` brings up, without containers: its Envoy configuration, its script and the
 * requests that the script prints, with the real Redis, Elasticsearch, Chroma and embedding model.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { addCluster, addGuard, setCluster, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { startEmbedder } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { findPython } from "../../scripts/tools/python.mjs";
import { startChroma } from "../engines/chroma.mjs";
import { startElasticsearch } from "../engines/elasticsearch.mjs";
import { Redis } from "../engines/redis.mjs";
import { listen } from "../fakes/http-server.mjs";
import { Gateway, stopAll, until, Upstream } from "./support.mjs";

const run = promisify(execFile);

describe("the published set-up", () => {
  let gateway;
  let parts;
  /** Where Elasticsearch asks for its password. */
  let guardPort;

  before(async () => {
    guardPort = await freePort();
    const port = await freePort();
    parts = {
      redis: await Redis.start(undefined, ""),
      elasticsearch: await startElasticsearch(384),
      chroma: await startChroma(),
      upstream: await Upstream.start({ key: "sk-local" }),
      embedder: { ...(await startEmbedder(port)), port },
      httpbin: createServer((request, response) => response.end(`httpbin got ${request.url}`)),
    };
    await listen(parts.httpbin);
  });
  after(() => {
    const { httpbin, embedder, redis, elasticsearch, chroma, upstream } = parts ?? {};
    return stopAll(gateway, httpbin, embedder?.child, redis, elasticsearch, chroma, upstream);
  });

  /** The Envoy with an empty memory, as after `docker compose restart gateway`. */
  async function restart() {
    await gateway?.stop();
    const change = (config) => {
      const ports = {
        "outbound|9200||es.dns": guardPort,
        "outbound|8001||chroma.dns": parts.chroma.port,
        "outbound|6379||redis_cluster": parts.redis.port,
        embedder: parts.embedder.port,
        httpbin: parts.httpbin.address().port,
        llm: parts.upstream.port,
      };
      for (const [name, port] of Object.entries(ports)) setCluster(config, name, "127.0.0.1", port);
      addCluster(config, "unguarded", parts.elasticsearch.port);
      addGuard(config, guardPort, parts.elasticsearch.users, "unguarded");
      setPlugin(config, "ai-proxy", {
        provider: {
          type: "openai",
          apiTokens: ["sk-local"],
          openaiCustomUrl: `127.0.0.1:${parts.upstream.port}/v1`,
        },
      });
    };
    gateway = await Gateway.startFile("compose.yaml", change, gateway);
  }

  /** The requests that the script prints; it makes index and collection, too. */
  async function printed() {
    const { stdout } = await run(findPython(), [
      join(ROOT, "scripts/create_collections.py"),
      `http://127.0.0.1:${guardPort}`,
      `http://127.0.0.1:${parts.chroma.port}`,
      gateway.url,
    ]);
    const curls = stdout.split("\n").filter((line) => line.startsWith("curl "));
    // The host is a part of the scope, and here each gateway has another address.
    const host = " -H 'host: gateway.example' -H ";
    return curls.map((curl) => (curl.includes("'host:") ? curl : curl.replace(" -H ", host)));
  }

  const send = async (curl) => (await run("sh", ["-c", curl])).stdout;
  const reason = (reply) => /^cache-status: .*detail="?([a-z-]+)/m.exec(reply)?.[1];

  for (const [store, from] of [
    ["Elasticsearch", 0],
    ["Chroma", 3],
  ]) {
    it(`${store}: the printed requests show a miss, an exact hit, a hit by meaning`, async () => {
      await restart();
      const curls = (await printed()).slice(from, from + 3);
      const asked = parts.upstream.requests.length;
      assert.equal(reason(await send(curls[0])), "miss-cold");
      assert.equal(reason(await send(curls[1])), "hit-exact");
      assert.equal(reason(await send(curls[2])), "hit-semantic");
      assert.equal(parts.upstream.requests.length, asked + 1);
    });
  }

  it("httpbin is reached past both modules", async () => {
    const last = (await printed()).at(-1);
    assert.equal(await send(last), "httpbin got /get");
  });

  it("answers outlive the gateway's memory", async () => {
    await until(() => Number(parts.redis.cli("DBSIZE")) === 2, "two answers in Redis");
    await restart();
    const curls = await printed();
    for (const from of [0, 3]) {
      assert.equal(reason(await send(curls[from + 2])), "hit-semantic", "from the vector store");
      assert.equal(reason(await send(curls[from])), "hit-exact", "from Redis");
    }
    const queries = await gateway.metrics("ai_cache_vectors_total");
    const isQuery = (line) =>
      /operation="query"/.test(line) && /result="ok"/.test(line) && / 2$/.test(line);
    assert.ok(queries.some(isQuery), queries.join("\n"));
  });
});
