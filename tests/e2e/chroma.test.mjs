/** ai-cache with the real Chroma and a real embedding model: two Envoys share what one has stored. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { LOCAL_EMBEDDER, startEmbedder } from "../../scripts/tools/model.mjs";
import { Child, freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { chatBody, Gateway, post, until, Upstream } from "./support.mjs";

const BASE = "/api/v2/tenants/default_tenant/databases/default_database/collections";

const cluster = (name, port) => ({
  name,
  type: "STATIC",
  connect_timeout: "1s",
  load_assignment: {
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: [
          { endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: port } } } },
        ],
      },
    ],
  },
});

describe("two Envoys and one Chroma", () => {
  let chroma;
  let embedder;
  let upstream;
  let url;
  let collection;
  let ports;
  const gateways = [];

  const start = async (members = {}) => {
    const gateway = await Gateway.start({
      upstreamPort: upstream.port,
      cache: {
        explain: true,
        match: { mode: "balanced" },
        embedding: {
          type: "openai",
          serviceName: "embedder",
          model: LOCAL_EMBEDDER,
          path: "/v1/embeddings",
        },
        vector: { type: "chroma", serviceName: "chroma", collectionID: collection, topK: 3 },
        ...members,
      },
      change: (config) => {
        config.static_resources.clusters.push(cluster("embedder", ports.embedder));
        // The name of the published set-up.
        config.static_resources.clusters.push(cluster("outbound|8001||chroma.dns", ports.chroma));
      },
    });
    gateways.push(gateway);
    return gateway;
  };
  /** The host is a part of the scope: the Envoys of one gateway have one name. */
  const ask = (gateway, question) =>
    post(gateway.port, chatBody(question, { model: "json" }), { host: "gateway.example" });
  const detail = ({ cache }) => /detail="?([a-z-]+)/.exec(cache)?.[1];
  const api = async (path, body) => {
    const response = await fetch(url + path, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok, await response.clone().text());
    return response.json();
  };

  before(async () => {
    ports = { chroma: await freePort(), embedder: await freePort() };
    url = `http://127.0.0.1:${ports.chroma}`;
    const folder = mkdtempSync(join(tmpdir(), "chroma-"));
    chroma = new Child(venvBinary("chroma", "chroma"), [
      ...["run", "--path", folder, "--host", "127.0.0.1", "--port", String(ports.chroma)],
    ]);
    const started = await startEmbedder(ports.embedder);
    embedder = started.child;
    assert.ok(started.ready, embedder.output);
    await until(
      () =>
        fetch(`${url}/api/v2/heartbeat`).then(
          ({ ok }) => ok,
          () => false,
        ),
      "Chroma",
      30,
    );
    const made = await api(BASE, { name: "faq", configuration: { hnsw: { space: "cosine" } } });
    collection = made.id;
    upstream = await Upstream.start();
  });
  after(async () => {
    for (const gateway of gateways) await gateway.stop();
    await upstream?.stop();
    await embedder?.stop();
    await chroma?.stop("SIGINT");
  });

  it("what one has stored the other finds by meaning, and near misses stay misses", async () => {
    const [one, two] = [await start(), await start()];
    const first = await ask(one, "How do I bake sourdough bread at home?");
    assert.equal(detail(first), "miss-cold");
    await until(
      async () => (await api(`${BASE}/${collection}/count`)) === 1,
      "the entry in Chroma",
    );
    const { metadatas, documents } = await api(`${BASE}/${collection}/get`, {
      include: ["metadatas", "documents"],
    });
    assert.deepEqual(Object.keys(metadatas[0]).toSorted(), [
      "exp",
      "question",
      "record",
      "scope",
      "v",
    ]);
    assert.equal(documents[0], JSON.parse(first.text).choices[0].message.content);
    const asked = upstream.requests.length;
    const other = await ask(two, "What are the steps to bake sourdough bread at home?");
    assert.equal(detail(other), "hit-semantic", other.cache);
    assert.equal(upstream.requests.length, asked);
    assert.equal(JSON.parse(other.text).id, JSON.parse(first.text).id);
    const near = await ask(two, "How do I bake sourdough bread without an oven at home?");
    assert.match(detail(near), /^miss/);
  });

  it("a collection that the Go plugin has filled is read with keyMode text", async () => {
    const gateway = await start({ keyMode: "text", match: { mode: "balanced" } });
    const question = "Which trams go to the harbour?";
    const embedding = await (
      await fetch(`http://127.0.0.1:${ports.embedder}/v1/embeddings`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: LOCAL_EMBEDDER, input: question }),
      })
    ).json();
    await api(`${BASE}/${collection}/add`, {
      ids: [question],
      embeddings: [embedding.data[0].embedding],
      documents: ["Lines 5 and 9."],
    });
    const reply = await ask(gateway, "What trams go to the harbour?");
    assert.equal(detail(reply), "hit-semantic", reply.cache);
    assert.equal(JSON.parse(reply.text).choices[0].message.content, "Lines 5 and 9.");
  });

  it("without Chroma requests go on to the model", async () => {
    const gateway = await start();
    await chroma.stop("SIGINT");
    const reply = await ask(gateway, "Is there life on Mars?");
    assert.equal(reply.status, 200);
    assert.match(detail(reply), /^error-vector-(unreachable|no-cluster)$/);
  });
});
