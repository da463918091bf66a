/**
 * Every file of envoy/ as it ships, on the real Envoy: a request comes through, the access log tells
 * what happened, and every metric of both modules comes out with its labels.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setCluster } from "../../scripts/tools/envoy-config.mjs";
import { metricFamilies } from "../../scripts/tools/metric-families.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { Redis, startWebdis } from "../engines/redis.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, Gateway, post, stopAll, until } from "./support.mjs";

const KEY = "put-alices-key-here";
const ENVIRONMENT = {
  OPENAI_API_KEY: "sk-of-the-environment",
  DEEPSEEK_API_KEY: "sk-deepseek",
  REDIS_PASSWORD: "s3cret",
};
/** Files whose clusters run ai-proxy: who answered is the cluster's. */
const PROVIDER = { "failover.yaml": "openai", "production.yaml": "openai" };

const manager = (config) =>
  config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;

/** A filter that defines every metric of both modules, each label with a value of its own. */
function definer(families) {
  const types = { counters: 0, gauges: 1, histograms: 2 };
  return {
    name: "definer",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
      config: {
        name: "definer",
        vm_config: {
          vm_id: "definer",
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: builtModule("probe") } },
        },
        configuration: {
          "@type": "type.googleapis.com/google.protobuf.StringValue",
          value: families
            .map(({ type, name, labels }) => [types[type], name, ...labels].join(" "))
            .join("\n"),
        },
      },
    },
  };
}

/** What the services of docker-compose.yml would say. */
function replyTo(url) {
  if (url.endsWith("/embeddings")) return { data: [{ embedding: Array(384).fill(0.05) }] };
  if (url.includes("/_search")) return { hits: { hits: [] } };
  if (url.includes("/higress/_")) return { result: "created" };
  return completion(`answer ${seen.length}`);
}

let redis;
let openRedis;
let webdis;
let model;
const seen = [];

before(async () => {
  redis = await Redis.start();
  openRedis = await Redis.start(undefined, "");
  webdis = await startWebdis(redis.port);
  model = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ url: request.url, headers: request.headers });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(replyTo(request.url)));
  });
  await listen(model);
});
after(() => stopAll(redis, openRedis, webdis, model));

/** Points every cluster of a file to what stands in for it here. */
async function toLoopback(config, redisPort) {
  const taken = { 6379: redisPort, 7379: webdis.port };
  for (const listener of config.static_resources.listeners.slice(1)) {
    const { socket_address: socket } = listener.address ?? {};
    if (!socket) continue;
    taken[socket.port_value] = await freePort();
    socket.address = "127.0.0.1";
    socket.port_value = taken[socket.port_value];
  }
  taken[9901] = config.admin.address.socket_address.port_value;
  for (const cluster of config.static_resources.clusters) {
    const [{ endpoint }] = cluster.load_assignment.endpoints[0].lb_endpoints;
    const { socket_address: socket } = endpoint.address;
    if (!socket) continue;
    const isTls = /UpstreamTlsContext/.test(cluster.transport_socket?.typed_config["@type"]);
    if (isTls) delete cluster.transport_socket;
    setCluster(config, cluster.name, "127.0.0.1", taken[socket.port_value] ?? model.address().port);
  }
}

const families = metricFamilies();

/** For another gateway than stock Envoy: tests/e2e/compose-files.test.mjs. */
const ELSEWHERE = ["compose-higress.yaml"];

for (const file of readdirSync(join(ROOT, "envoy")).filter((name) => !ELSEWHERE.includes(name))) {
  describe(`envoy/${file}`, () => {
    let gateway;
    let replies;

    before(async () => {
      gateway = await Gateway.startFile(
        file,
        async (config) => {
          await toLoopback(config, (file === "compose.yaml" ? openRedis : redis).port);
          manager(config).http_filters.unshift(definer(families));
        },
        undefined,
        ENVIRONMENT,
      );
      gateway.allowLog(/api_key_auth\.v3\.\w+' .*work-in-progress/);
      const ask = () =>
        post(gateway.port, chatBody(`a question for ${file}`), { authorization: `Bearer ${KEY}` });
      replies = [await ask(), await ask()];
    });
    after(() => gateway?.stop());

    it("answers, and what the cache may keep comes from the cache", () => {
      for (const { status, text } of replies) assert.equal(status, 200, text);
      if (file === "failover.yaml") return;
      assert.match(replies[0].cache, /fwd=miss/);
      assert.match(replies[1].cache, /hit/);
      assert.equal(replies[1].text, replies[0].text);
    });

    it("gives every metric with its labels, and no name with a label in it", async () => {
      const lines = await gateway.metrics("ai_");
      assert.deepEqual(
        lines.filter((line) => /___|=\.=|;\.;/.test(line)),
        [],
      );
      for (const { name, labels } of families) {
        const isThere = lines.some(
          (line) =>
            new RegExp(`^${name}(_bucket|_sum|_count)?\\{`).test(line) &&
            labels.every((label) => line.includes(`${label}="${label}-value"`)),
        );
        assert.ok(isThere, `${name}{${labels}}`);
      }
    });

    it("reports the version of each module", async () => {
      const lines = await gateway.metrics("ai_");
      for (const module of file === "failover.yaml" ? ["proxy"] : ["cache", "proxy"]) {
        assert.ok(lines.includes(`ai_${module}_build_info{version="0.1.0"} 1`), lines.join("\n"));
      }
    });

    it("logs provider, model, tokens, attempts and what the cache did", async () => {
      await until(() => gateway.accessLog.length >= 2, "the access log");
      const [first, second] = gateway.accessLog;
      const provider = PROVIDER[file] ?? "openai";
      if (file === "production.yaml") {
        const record = JSON.parse(first);
        assert.equal(record.provider, provider);
        assert.equal(record.model, "gpt-4");
        assert.deepEqual([record.input_tokens, record.output_tokens], ["3", "2"]);
        assert.deepEqual([record.status, record.attempts], [200, 1]);
        assert.match(record.cache, /^miss-/);
        assert.equal(JSON.parse(second).cache, "hit-exact");
        return;
      }
      assert.match(first, / 200 \d+ ms /);
      assert.match(first, new RegExp(`provider=${provider} model=gpt-4 tokens=3\\+2 attempts=1 `));
      if (file === "failover.yaml") return;
      assert.match(first, /cache=miss-(cold|place) store=stored/);
      assert.match(second, /cache=hit-exact/);
    });
  });
}
