/** ai-cache with outside vector stores and a real embedding model behind the real Envoy. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { addCluster, addGuard, onLoopback, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { LOCAL_EMBEDDER, startEmbedder } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { startChroma, startOldChroma } from "../engines/chroma.mjs";
import { startElasticsearch } from "../engines/elasticsearch.mjs";
import { startDashVector, startPinecone } from "../engines/fakes.mjs";
import { startMilvus, startQdrant } from "../engines/skins.mjs";
import { startWeaviate, weaviateIsMissing } from "../engines/weaviate.mjs";
import { VectorServer } from "../fakes/vector-server.mjs";
import { chatBody, Gateway, post, stopAll, until, Upstream } from "./support.mjs";

/** Of the local embedding model. */
const DIMENSIONS = 384;
const TOKEN = "a-token-of-16-characters";

/** What a store is started by, and the cluster name that its users have. */
const STORES = {
  "Chroma 1.5.9": { start: startChroma, cluster: "outbound|8001||vectors.dns" },
  "Chroma 0.5.23 by its first API": {
    start: startOldChroma,
    cluster: "outbound|8001||vectors.dns",
  },
  "Elasticsearch 8.13.4": {
    start: startElasticsearch,
    cluster: "outbound|9200||vectors.dns",
    // `_delete_by_query` is a module of the distribution, which is on no registry.
    deletesByField: false,
  },
  "Weaviate 1.39.0": {
    start: startWeaviate,
    cluster: "outbound|443||vectors.dns",
    skip: weaviateIsMissing(),
  },
  "Qdrant's engine": { start: startQdrant, cluster: "outbound|6333||vectors.dns" },
  "Milvus' engine": { start: startMilvus, cluster: "outbound|19530||vectors.dns" },
  "Pinecone's stand-in": { start: startPinecone, cluster: "outbound|443||vectors.dns" },
  "DashVector's stand-in": { start: startDashVector, cluster: "outbound|443||vectors.dns" },
};

let embedder;
let embedderPort;

before(async () => {
  embedderPort = await freePort();
  const started = await startEmbedder(embedderPort);
  embedder = started.child;
  assert.ok(started.ready, embedder.output);
});
after(() => embedder?.stop());

async function embed(input) {
  const response = await fetch(`http://127.0.0.1:${embedderPort}/v1/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: LOCAL_EMBEDDER, input }),
  });
  return (await response.json()).data[0].embedding;
}

/** The listener of `envoy/admin.yaml`. */
function addAdmin(config, port, configuration) {
  const { listeners } = onLoopback({ file: "admin.yaml", port: 0, adminPort: 0 }).static_resources;
  const listener = listeners.find(({ name }) => name === "admin");
  listener.address.socket_address.port_value = port;
  config.static_resources.listeners.push(listener);
  setPlugin(config, "ai-cache-admin", { role: "admin", token: TOKEN, ...configuration });
}

for (const [name, { start, cluster, skip = false, deletesByField = true }] of Object.entries(
  STORES,
)) {
  describe(`two Envoys and one vector store: ${name}`, { skip }, () => {
    let store;
    let upstream;
    const gateways = [];

    const startGateway = async ({ vector, ...members } = {}) => {
      const guardPort = store.users && (await freePort());
      const cache = {
        match: { mode: "balanced" },
        embedding: {
          type: "openai",
          serviceName: "embedder",
          model: LOCAL_EMBEDDER,
          path: "/v1/embeddings",
        },
        vector: { serviceName: "vectors", topK: 3, ...store.vector, ...vector },
        ...members,
      };
      const adminPort = await freePort();
      const gateway = await Gateway.start({
        upstreamPort: upstream.port,
        equalTo: gateways[0],
        cache: { explain: true, ...cache },
        change: (config) => {
          addAdmin(config, adminPort, cache);
          addCluster(config, "embedder", embedderPort);
          if (guardPort) {
            addCluster(config, "unguarded", store.port);
            addGuard(config, guardPort, store.users, "unguarded");
          }
          addCluster(config, cluster, guardPort ?? store.port);
        },
      });
      gateways.push(gateway);
      gateway.purge = async (wish) => {
        const response = await fetch(`http://127.0.0.1:${adminPort}/ai-cache/purge`, {
          method: "POST",
          headers: { authorization: `Bearer ${TOKEN}` },
          body: JSON.stringify(wish),
        });
        return { status: response.status, ...(await response.json()) };
      };
      return gateway;
    };
    /** The host is a part of the scope: the Envoys of one gateway have one name. */
    const ask = (gateway, question, { members, headers } = {}) =>
      post(gateway, chatBody(question, { model: "json", ...members }), {
        host: "gateway.example",
        ...headers,
      });
    const detail = ({ cache }) => /detail="?([a-z-]+)/.exec(cache)?.[1];
    const holds = (count) => until(async () => (await store.count()) === count, `${count} entries`);

    before(async () => {
      store = await start(DIMENSIONS);
      upstream = await Upstream.start();
    });
    after(async () => {
      await stopAll(...gateways, upstream, store);
      assert.deepEqual(store?.faults ?? [], []);
    });

    it("what one has stored the other finds by meaning, and only who may have it", async () => {
      const [one, two] = [await startGateway(), await startGateway()];
      const first = await ask(one, "How do I bake sourdough bread at home?");
      assert.equal(detail(first), "miss-cold", first.cache);
      await holds(1);
      const asked = upstream.requests.length;
      const other = await ask(two, "What are the steps to bake sourdough bread at home?");
      assert.equal(detail(other), "hit-semantic", other.cache);
      assert.equal(upstream.requests.length, asked);
      assert.deepEqual(JSON.parse(other.text), JSON.parse(first.text));
      const near = await ask(two, "How do I bake sourdough bread without an oven at home?");
      assert.match(detail(near), /^miss-guard/, near.cache);
      const again = "Which steps does it take to bake sourdough bread at home?";
      const scopes = [
        { headers: { authorization: "Bearer someone-else" } },
        { members: { temperature: 0.3 } },
      ];
      for (const scope of scopes) {
        const reply = await ask(two, again, scope);
        assert.equal(detail(reply), "miss-cold", reply.cache);
      }
    });

    it("an entry that has expired answers nobody, and goes", async () => {
      const gateway = await startGateway({ cache: { cacheTTL: 1 } });
      const before = await store.count();
      await ask(gateway, "How long do I boil a potato?");
      await holds(before + 1);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      // Nothing new is stored, so that the number of entries tells what was deleted.
      const reply = await ask(gateway, "For how long do I boil a potato?", {
        headers: { "cache-control": "only-if-cached" },
      });
      assert.equal(reply.status, 504, reply.cache);
      await holds(before);
    });

    it("entries of the Go plugin are read with keyMode text", async () => {
      const gateway = await startGateway({ keyMode: "text" });
      const question = "Which trams go to the harbour?";
      await store.putAsGo(question, await embed(question), "Lines 5 and 9.");
      const reply = await ask(gateway, "What trams go to the harbour?");
      assert.equal(detail(reply), "hit-semantic", reply.cache);
      assert.equal(JSON.parse(reply.text).choices[0].message.content, "Lines 5 and 9.");
    });

    it("a wrong credential and a collection that is not there are misses with a reason", async () => {
      const wrong = { collectionID: "Nobody" };
      if (store.wrong) Object.assign(wrong, store.wrong);
      else if (store.users) wrong.esPassword = "wrong";
      if (store.faults) return;
      for (const [key, value] of Object.entries(wrong)) {
        const gateway = await startGateway({ vector: { [key]: value } });
        const reply = await ask(gateway, "Is there life on Mars?", { members: { n: 1, [key]: 1 } });
        assert.equal(reply.status, 200);
        assert.match(detail(reply), /^error-vector-(status|reply)$/, `${key}: ${reply.cache}`);
        gateway.expectLog(/vector store \S+: error-vector-(status|reply), status \d+/);
      }
    });

    it("an operator deletes by entry, question, scope, and all, but not what the Go plugin wrote", async () => {
      const gateway = await startGateway();
      const purge = (wish) => gateway.purge({ ...wish, dryRun: false });
      if (!deletesByField) {
        const { status, vector } = await purge({ question: "Who are you?" });
        assert.deepEqual([status, vector.error], [502, "error-vector-status"]);
        gateway.expectLog(/vector store \S+: error-vector-status, status \d+/);
        return;
      }
      const before = await store.count();
      const other = { headers: { authorization: "Bearer other" } };
      const replies = [
        await ask(gateway, "Where do ships unload?"),
        await ask(gateway, "Who paints the town hall?"),
        await ask(gateway, "Which bird sings at night?"),
        await ask(gateway, "Which bird sings at night?", other),
      ];
      await holds(before + 4);
      const [, key] = /key="(\w+)"/.exec(replies[0].cache);
      const [, scope] = /scope="(\w+)"/.exec(replies[3].cache);
      assert.deepEqual((await purge({ entry: key })).vector, { done: true });
      await holds(before + 3);
      assert.deepEqual((await purge({ question: "Who paints the town hall?" })).vector, {
        done: true,
      });
      await holds(before + 2);
      assert.deepEqual((await purge({ scope })).vector, { done: true });
      await holds(before + 1);
      assert.deepEqual((await purge({ all: true })).vector, { done: true });
      // What the Go plugin wrote.
      await holds(1);
    });

    it("without the store requests go on to the model", async () => {
      const gateway = await startGateway();
      await store.stop();
      const reply = await ask(gateway, "Is there life on Venus?");
      assert.equal(reply.status, 200);
      assert.equal(detail(reply), "error-vector-unreachable", reply.cache);
      gateway.expectLog(/vector store \S+: error-vector-unreachable, status (0|503)/);
    });
  });
}

describe("the vendors' own clients", () => {
  const drive = (client, port) =>
    new Promise((resolve) => {
      const script = join(ROOT, "tests/e2e/vector_clients.py");
      const child = spawn(venvBinary(client, "python"), [script, client, String(port)]);
      const output = { stdout: "", stderr: "" };
      child.stdout.on("data", (data) => (output.stdout += data));
      child.stderr.on("data", (data) => (output.stderr += data));
      child.on("close", () => resolve(output));
    });

  for (const type of ["pinecone", "dashvector"]) {
    it(`${type}: takes our stand-in for the vendor's service`, async (test) => {
      const server = await VectorServer.start(type, 3);
      test.after(() => server.stop());
      const { stdout, stderr } = await drive(type, server.port);
      assert.deepEqual(server.faults, []);
      assert.equal(stdout, "ok\n", stderr);
    });
  }

  it("qdrant: takes our REST over its engine", async (test) => {
    const server = await startQdrant(3);
    test.after(() => server.stop());
    const { stdout, stderr } = await drive("qdrant", server.port);
    assert.equal(stdout, "ok\n", stderr);
  });
});
