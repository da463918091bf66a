/**
 * Embeddings through the real Envoy, from the real embedding server, as the official clients see them: texts
 * whose vectors are known are not asked for again.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { promisify } from "node:util";
import { after, before, describe, it } from "node:test";
import OpenAI from "openai";
import { LOCAL_EMBEDDER, startEmbedder } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { listen } from "../fakes/http-server.mjs";
import { Gateway, stopAll } from "./support.mjs";

const run = promisify(execFile);
const texts = (name, count) => Array.from({ length: count }, (_, i) => `${name} number ${i}`);
const cosine = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Passes requests on to `port`, and notes their bodies. */
function recorder(port) {
  const bodies = [];
  const server = createServer(async (request, response) => {
    const body = await consume.buffer(request);
    bodies.push(JSON.parse(body));
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return { server, bodies };
}

describe("Envoy in front of a real embedding server", () => {
  let embedder;
  let recorded;
  let gateway;

  before(async () => {
    const port = await freePort();
    const started = await startEmbedder(port);
    embedder = started.child;
    assert.ok(started.ready, embedder.output);
    recorded = recorder(port);
    await listen(recorded.server);
    gateway = await Gateway.start({
      upstreamPort: recorded.server.address().port,
      cache: { explain: true },
    });
  });
  after(() => stopAll(gateway, recorded?.server, embedder));

  /** With the client of npm, which asks for base64 unless it is told otherwise. */
  async function npm(input, encoding_format) {
    const client = new OpenAI({ apiKey: "sk-batch", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const { data, response } = await client.embeddings
      .create({ model: LOCAL_EMBEDDER, input, ...(encoding_format && { encoding_format }) })
      .withResponse();
    return {
      cache: response.headers.get("cache-status"),
      vectors: data.data.map(({ embedding }) => embedding),
      numbers: data.data.map(({ index }) => index),
      model: data.model,
      usage: data.usage,
    };
  }
  async function python(input) {
    const script = join(ROOT, "tests/e2e/embedding_batch.py");
    const args = [script, `${gateway.url}/v1`, LOCAL_EMBEDDER, JSON.stringify(input)];
    const { stdout } = await run(venvBinary("openai", "python"), args, { maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  }
  const clients = {
    "npm, base64": (input) => npm(input),
    "npm, numbers": (input) => npm(input, "float"),
    Python: python,
  };

  for (const [name, ask] of Object.entries(clients)) {
    it(`${name}: a batch of 100 texts of which 90 are known costs one call for 10`, async () => {
      const from = recorded.bodies.length;
      const known = texts(`${name} known`, 90);
      const first = await ask(known);
      assert.match(first.cache, /detail=miss-cold/);
      const fresh = texts(`${name} fresh`, 10);
      const all = [...known];
      fresh.forEach((text, i) => all.splice(10 * i, 0, text));
      const partial = await ask(all);
      assert.match(partial.cache, /fwd=partial; detail=miss-partial/);
      const asked = recorded.bodies.slice(from).map(({ input }) => input);
      assert.deepEqual(asked, [known, fresh], "one call for those that are not known");

      assert.deepEqual(partial.numbers, [...all.keys()]);
      assert.equal(partial.model, first.model);
      for (const [i, text] of known.entries()) {
        assert.deepEqual(partial.vectors[all.indexOf(text)], first.vectors[i]);
      }
      // The server itself is the judge of the others; a batch of another size may differ in the last digits.
      const alone = await ask(fresh);
      assert.match(alone.cache, /detail=hit-exact/);
      for (const [i, text] of fresh.entries()) {
        assert.deepEqual(partial.vectors[all.indexOf(text)], alone.vectors[i]);
      }
      const again = await ask(all);
      assert.match(again.cache, /hit; detail=hit-exact/);
      assert.deepEqual({ ...again, cache: "" }, { ...partial, cache: "" });
      assert.equal(partial.usage.total_tokens, again.usage.total_tokens);
      assert.ok(partial.usage.total_tokens > first.usage.total_tokens);
      assert.equal(recorded.bodies.length, from + 2);
    });
  }

  it("the combined answer is the server's answer to the whole", async () => {
    const known = texts("whole", 6);
    await npm(known.slice(0, 3), "float");
    const joined = await npm(known, "float");
    const client = new OpenAI({ apiKey: "sk-batch", baseURL: `${gateway.url}/v1` });
    const direct = await client.embeddings.create(
      { model: LOCAL_EMBEDDER, input: known, encoding_format: "float" },
      { headers: { "cache-control": "no-store" } },
    );
    for (const [i, { embedding, index }] of direct.data.entries()) {
      assert.equal(index, joined.numbers[i]);
      assert.ok(cosine(embedding, joined.vectors[i]) > 0.9999, `${i}`);
    }
    assert.equal(joined.usage.total_tokens, direct.usage.total_tokens);
  });
});
