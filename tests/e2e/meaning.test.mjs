/** Answers by meaning in the real Envoy: with a real embedding model, with the stand-ins of the vendors, without any. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { request as send } from "node:http";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { addCluster } from "../../scripts/tools/envoy-config.mjs";
import { LOCAL_EMBEDDER, startEmbedder } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { CONFIGURATIONS } from "../fakes/embeddings.mjs";
import { EmbeddingServer, TYPES } from "../fakes/embedding-server.mjs";
import { readPairs } from "../match/pairs.mjs";
import { chatBody, CREDENTIAL, Gateway, stopAll, streamedText, Upstream } from "./support.mjs";

const detail = (reply) => /detail="?([a-z-]+)/.exec(reply.headers.get("cache-status"))?.[1];
const ask = (gateway, question, members = {}, headers = {}) =>
  gateway.chat(chatBody(question, { model: "json", ...members }), { headers });

describe("Envoy with a real embedding model", () => {
  let embedder;
  let upstream;
  const gateways = {};
  /** Mode -> what its configuration adds. */
  const modes = { strict: {}, balanced: { mode: "balanced" }, loose: { mode: "loose" } };

  before(async () => {
    const port = await freePort();
    const started = await startEmbedder(port);
    embedder = started.child;
    assert.ok(started.ready, embedder.output);
    upstream = await Upstream.start();
    for (const [mode, match] of Object.entries(modes)) {
      gateways[mode] = await Gateway.start({
        upstreamPort: upstream.port,
        cache: {
          explain: true,
          match,
          embedding: {
            type: "openai",
            serviceName: "embedder",
            model: LOCAL_EMBEDDER,
            path: "/v1/embeddings",
          },
        },
        change: (config) => addCluster(config, "embedder", port),
      });
    }
  });
  after(() => stopAll(...Object.values(gateways), upstream, embedder));

  for (const mode of Object.keys(modes)) {
    it(`${mode}: serves none of the questions that ask something else, and most that ask the same`, async () => {
      const counts = {};
      const wrong = [];
      for (const [seed, { language, truth, a, b }] of readPairs().entries()) {
        // Every pair in a scope of its own.
        const first = await ask(gateways[mode], a, { seed });
        assert.match(detail(first), /^miss/, `${a}: ${first.headers.get("cache-status")}`);
        const second = await ask(gateways[mode], b, { seed });
        const isHit = detail(second) === "hit-semantic";
        if (isHit) assert.equal(second.text, first.text);
        const key = `${language} ${truth}`;
        counts[key] ??= { pairs: 0, served: 0 };
        counts[key].pairs++;
        if (isHit) counts[key].served++;
        if (isHit && truth === "different")
          wrong.push(`${a} | ${b}: ${second.headers.get("cache-status")}`);
      }
      process.stdout.write(`${mode}: ${JSON.stringify(counts)}\n`);
      assert.deepEqual(wrong, []);
      assert.ok(counts["en same"].served >= 52);
      assert.ok(counts["zh same"].served >= 33);
    });
  }

  it("finds by its vector what words alone do not, as JSON and as a stream", async () => {
    const first = await ask(gateways.loose, "帮我写一段关于黄山旅游攻略的介绍文字吧");
    const second = await ask(gateways.loose, "帮我写一段关于黄山旅游攻略的介绍文字", {
      stream: true,
    });
    assert.match(detail(second), /^hit/, second.headers.get("cache-status"));
    assert.equal(streamedText(second.text), JSON.parse(first.text).choices[0].message.content);
  });
});

describe("Envoy with the vendors' embedding services", () => {
  let server;
  let upstream;
  let gateway;

  before(async () => {
    upstream = await Upstream.start();
    const hosts = {
      "dashscope.aliyuncs.com": "dashscope",
      "api.openai.com": "openai",
      azure: "azure",
      "api.cohere.com": "cohere",
      localhost: "ollama",
      "router.huggingface.co": "huggingface",
      "api.textin.com": "textin",
      "emb-cn-huabei-1.xf-yun.com": "xfyun",
    };
    server = await EmbeddingServer.start(hosts, null);
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      cache: {
        _rules_: TYPES.map((type) => ({
          _match_domain_: [`${type}.example`],
          explain: true,
          match: { mode: "loose", threshold: 0.5 },
          embedding: { type, serviceName: "azure", ...CONFIGURATIONS[type] },
        })),
      },
      change: (config) => addCluster(config, "azure", server.port),
    });
    gateway.expectLog(
      /embedding\.model: "embed-english-v2\.0" is an old model for English only/,
      /embedding\.model: "llama3\.2" is not an embedding model/,
    );
  });
  after(() => stopAll(gateway, upstream, server));

  for (const type of TYPES) {
    it(`${type} gives the vectors`, async () => {
      const headers = { host: `${type}.example` };
      const before = server.requests.length;
      const first = await request(
        gateway,
        headers,
        "Does the yearly family plan include streaming?",
      );
      assert.equal(detail(first), "miss-cold", gateway.log);
      const second = await request(
        gateway,
        headers,
        "Does the yearly family plan include streaming abroad?",
      );
      assert.equal(detail(second), "hit-semantic", second.headers.get("cache-status"));
      assert.deepEqual(
        server.requests.slice(before).map((entry) => entry.type),
        [type, type],
      );
    });
  }

  for (const client of ["openai", "dashscope"]) {
    it(`the stand-in is taken for the service by the vendor's own client (${client})`, async () => {
      const own = await EmbeddingServer.start({}, client);
      try {
        const result = await runPython(client, [
          join(ROOT, "tests/e2e/embedding_clients.py"),
          client,
          String(own.port),
        ]);
        assert.equal(result, "ok");
      } finally {
        await own.stop();
      }
    });
  }
});

describe("Envoy with an embedding service that hangs", () => {
  it("loses one timeout and then nothing, and recovers", async () => {
    const upstream = await Upstream.start();
    const server = await EmbeddingServer.start();
    const gateway = await Gateway.start({
      upstreamPort: upstream.port,
      cache: {
        explain: true,
        totalTimeout: 300,
        embedding: { type: "openai", serviceName: "embedder", apiKey: "k" },
      },
      change: (config) => addCluster(config, "embedder", server.port),
    });
    try {
      server.frozen = true;
      const times = [];
      for (const animal of ["lions", "tigers", "bears", "wolves", "foxes"]) {
        const started = Date.now();
        const reply = await ask(gateway, `Where do ${animal} sleep?`);
        times.push(Date.now() - started);
        assert.equal(reply.status, 200);
        const expected = times.length === 1 ? "error-embedding-timeout" : "error-embedding-open";
        assert.equal(detail(reply), expected);
      }
      assert.ok(times[0] >= 250, `${times}`);
      assert.ok(Math.min(...times.slice(1)) < 250, `${times}`);
      gateway.expectLog(
        /embedding service openai: error-embedding-timeout, status 504; its circuit breaker is open/,
      );
      server.frozen = false;
      await new Promise((resolve) => setTimeout(resolve, 1100));
      assert.match(detail(await ask(gateway, "Where do hares sleep?")), /^miss/);
      await server.stop();
      const gone = await ask(gateway, "Where do moose sleep?");
      assert.equal(detail(gone), "error-embedding-unreachable");
    } finally {
      await server.stop().catch(() => {});
      await stopAll(gateway, upstream);
    }
  });
});

/** `fetch` cannot set the host. */
async function request(gateway, headers, question) {
  const body = chatBody(question, { model: "json" });
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      headers: { "content-type": "application/json", ...CREDENTIAL, ...headers },
    };
    const call = send(`${gateway.url}/v1/chat/completions`, options, async (response) => {
      const found = new Headers(response.headers);
      resolve({
        status: response.statusCode,
        headers: found,
        text: await consume.text(response),
      });
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** The program runs while this process serves it. */
async function runPython(group, args) {
  const child = spawn(venvBinary(group, "python"), args);
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  await new Promise((resolve) => child.on("close", resolve));
  return output.trim();
}
