/** `envoy/embedder.yaml` as it ships, with the embedding server that its comment starts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setCluster } from "../../scripts/tools/envoy-config.mjs";
import { startEmbedder } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { PACKAGES } from "../../scripts/tools/python.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, Gateway, post, stopAll } from "./support.mjs";

const ASKED = "马拉松有多少公里？";

describe("envoy/embedder.yaml", () => {
  let embedder;
  let model;
  let gateway;

  before(async () => {
    const port = await freePort();
    embedder = await startEmbedder(port);
    model = createServer(async (request, response) => {
      const { messages } = await consume.json(request);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion(`answer to ${messages.at(-1).content}`)));
    });
    await listen(model);
    gateway = await Gateway.startFile("embedder.yaml", (config) => {
      setCluster(config, "llm", "127.0.0.1", model.address().port);
      setCluster(config, "embedder", "127.0.0.1", port);
    });
  });
  after(() => stopAll(gateway, embedder?.child, model));

  const ask = (question) => post(gateway, chatBody(question));

  it("answers a paraphrase that the built-in matcher alone refuses, and no near miss", async () => {
    assert.match((await ask(ASKED)).cache, /fwd=miss; detail=miss-cold/);
    const near = await ask("半程马拉松有多少公里？");
    assert.match(near.cache, /fwd=miss/);
    // A hit of the built-in matcher alone tells no similarity.
    const same = await ask("马拉松是多少公里？");
    assert.match(same.cache, /hit; detail="hit-semantic .*similarity=0\.99/);
    assert.equal(JSON.parse(same.text).choices[0].message.content, `answer to ${ASKED}`);
    const metrics = await gateway.metrics("ai_cache_embeddings_total");
    assert.match(metrics.join("\n"), /result="ok"/);
  });

  it("names in its comment the package and the script that this test runs", () => {
    const text = readFileSync(join(ROOT, "envoy/embedder.yaml"), "utf8");
    assert.ok(text.includes(`pip install ${PACKAGES.embedding[0]}`));
    assert.match(text, /python3 scripts\/embedding_server\.py 127\.0\.0\.1 8001/);
  });
});
