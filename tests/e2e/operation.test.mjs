/** Configuration, faults of the surroundings and the end of things, in the real Envoy. */
import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import yaml from "js-yaml";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { toYaml, wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, Gateway, post, sleep, stopAll, until, Upstream } from "./support.mjs";

/** An upstream and an Envoy in front of it for one test, ended with it. */
async function start(t, options = {}) {
  const upstream = await Upstream.start();
  t.after(() => upstream.stop());
  const gateway = await Gateway.start({ upstreamPort: upstream.port, ...options });
  t.after(() => gateway.stop());
  return { upstream, gateway };
}

const filterChain = (config) =>
  config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;

describe("configuration", () => {
  const refused = async (options, pattern) => {
    const gateway = await Gateway.launch({ upstreamPort: 1, ...options });
    try {
      assert.equal(gateway.isReady, false);
      assert.match(gateway.log, pattern);
    } finally {
      await gateway.child.stop();
    }
  };

  it("that is bad keeps Envoy from starting, with one message that names every fault", async () => {
    await refused(
      {
        cache: {
          cache: { type: "redis" },
          explain: "x",
          embedding: { type: "dashscope" },
        },
      },
      /ai-cache configuration refused: embedding\.serviceName: embedding service name is required .*cache\.serviceName: cache service name is required .*explain: is a string, expected true or false/,
    );
    await refused(
      { proxy: { provider: { type: "nobody" } } },
      /ai-proxy configuration refused: provider\.type: unknown provider type: nobody/,
    );
  });

  it("given as a Struct is recognised", async () => {
    const asStruct = (config) => {
      wasmFilters(config)["ai-cache"].configuration = {
        "@type": "type.googleapis.com/google.protobuf.Struct",
        value: { explain: true },
      };
    };
    await refused(
      { change: asStruct },
      /pass it as google\.protobuf\.StringValue, not as a Struct/,
    );
  });

  it("Higress' ai-proxy loads in stock Envoy too, by its second marker", async (t) => {
    const { gateway } = await start(t, {
      cache: { explain: true },
      change: (config) => {
        // Not ai-cache, which calls Redis functions that only Higress' host has.
        const { local } = wasmFilters(config)["ai-proxy"].vm_config.code;
        local.filename = builtModule("higress/ai-proxy");
      },
    });
    const body = chatBody("both markers", { model: "json" });
    assert.equal((await gateway.chat(body)).status, 200);
    assert.match((await gateway.chat(body)).headers.get("cache-status"), /hit/);
  });

  it("changes under traffic: streams in flight end well, the answers stay", async (t) => {
    let lds;
    let listeners;
    const { gateway } = await start(t, {
      change: (config, self) => {
        lds = join(self.folder, "lds.yaml");
        listeners = config.static_resources.listeners;
        for (const listener of listeners)
          listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener";
        writeFileSync(lds, toYaml({ resources: listeners }));
        delete config.static_resources.listeners;
        config.node = { id: "test", cluster: "test" };
        config.dynamic_resources = { lds_config: { path_config_source: { path: lds } } };
      },
    });
    // A listener that drains closes its connections: each request has one of its own.
    const chat = (question, model = "json", stream = false) =>
      gateway.chat(chatBody(question, { model, stream }), { headers: { connection: "close" } });
    const push = (cache) => {
      const filters = listeners[0].filter_chains[0].filters[0].typed_config.http_filters;
      filters.find((filter) => filter.name === "ai-cache").typed_config.config.configuration.value =
        JSON.stringify(cache);
      writeFileSync(`${lds}.new`, toYaml({ resources: listeners }));
      renameSync(`${lds}.new`, lds);
    };
    const stat = async (name) =>
      (
        await (await fetch(`http://127.0.0.1:${gateway.adminPort}/stats?filter=${name}`)).text()
      ).trim();
    await until(
      () =>
        chat("x").then(
          (r) => r.status === 200,
          () => false,
        ),
      "the listener",
    );
    const live = chat("in flight", "slow", true);
    await sleep(150);
    push({ explain: true });
    await until(
      async () => /detail=/.test((await chat("x")).headers.get("cache-status")),
      "the new configuration",
    );
    const hit = await chat("x");
    assert.match(hit.headers.get("cache-status"), /hit/, "answers survive the change");
    assert.match((await live).text, /\[DONE\]/);
    gateway.expectLog(
      /ai-cache configuration refused: explain: is a number, expected true or false/,
      /Failed to configure base Wasm plugin/,
      /Plugin ai-cache failed to load/,
      /Plugin configured to fail closed failed to load/,
      /config rejected: Unable to create Wasm plugin ai-cache/,
      /update rejected: Error adding\/updating listener/,
    );
    push({ explain: 5 });
    await until(
      async () => /update_rejected: 1/.test(await stat("lds.update_rejected")),
      "the refusal",
    );
    assert.match(
      (await chat("x")).headers.get("cache-status"),
      /hit; detail/,
      "the old configuration goes on",
    );
    push({ explain: false });
    await until(
      async () => !/detail=/.test((await chat("x")).headers.get("cache-status")),
      "the third configuration",
    );
    await sleep(1500);
    assert.equal((await chat("x")).status, 200, "after the old root is gone");
  });
});

describe("local_reply_config", () => {
  const page = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8");
  const written = yaml.load(/```yaml\n(local_reply_config:[^]*?)```/.exec(page)[1]);
  const rewriting = { body_format: { json_format: { message: "%LOCAL_REPLY_BODY%" } } };

  for (const [name, local_reply_config, isTouched] of [
    ["as the documents write it leaves hits as they were", written.local_reply_config, false],
    ["with a body_format rewrites hits, as the documents say", rewriting, true],
  ]) {
    it(name, async (t) => {
      const change = (config) => Object.assign(filterChain(config), { local_reply_config });
      const { gateway, upstream } = await start(t, { change });
      const ask = (members) => post(gateway, chatBody("Is it whole?", members));
      const miss = await ask();
      const hit = await ask();
      assert.match(hit.cache, /hit/);
      assert.equal(hit.text === miss.text, !isTouched);
      const streamed = await ask({ stream: true });
      assert.match(streamed.cache, /hit/);
      assert.equal(/event-stream/.test(streamed.headers["content-type"]), !isTouched);
      assert.equal(upstream.requests.length, 1);
    });
  }
});

describe("an upstream that is not there", () => {
  it("gives an error in JSON at once", async (t) => {
    const gateway = await Gateway.start({ upstreamPort: await freePort() });
    t.after(() => gateway.stop());
    const reply = await gateway.chat(chatBody("q"));
    assert.equal(reply.status, 503);
    assert.deepEqual(JSON.parse(reply.text).error, {
      message: "the gateway could not connect to the model's service: connection refused",
      type: "server_error",
      param: null,
      code: "upstream_connection_refused",
    });
    gateway.expectLog(/no answer for provider openai from cluster llm: connection_refused: /);
    assert.equal(reply.headers.get("content-type"), "application/json");
  });
});

describe("the host layer's call-outs", () => {
  let service;
  let upstream;
  let gateway;
  let delay = 0;

  before(async () => {
    service = createServer((request, response) => {
      request.resume();
      request.on("end", () => setTimeout(() => response.end("yes"), delay));
    });
    await listen(service);
    upstream = await Upstream.start();
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      change: (config) => {
        const chain = filterChain(config).http_filters;
        const probe = structuredClone(chain.find((filter) => filter.name === "ai-cache"));
        probe.name =
          probe.typed_config.config.name =
          probe.typed_config.config.root_id =
          probe.typed_config.config.vm_config.vm_id =
            "probe";
        probe.typed_config.config.vm_config.code.local.filename = builtModule("probe");
        probe.typed_config.config.configuration.value = "{}";
        chain.unshift(probe);
        const llm = config.static_resources.clusters.find((cluster) => cluster.name === "llm");
        const cluster = structuredClone(llm);
        cluster.name = cluster.load_assignment.cluster_name = "service";
        cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value =
          service.address().port;
        config.static_resources.clusters.push(cluster);
      },
    });
  });
  after(() => stopAll(gateway, upstream, service));

  const ask = (mode, body = chatBody(`call ${Math.random()}`, { model: "json" }), options = {}) =>
    gateway.chat(body, { headers: { "x-probe": mode }, ...options });

  it("hold, resume and answer requests", async () => {
    assert.equal((await ask("call")).status, 200);
    assert.equal(upstream.requests.at(-1).headers["x-answer"], "200 yes");
    const answered = await ask("answer");
    assert.equal(answered.text, "200 yes");
    assert.equal(answered.headers.get("x-own-reply"), "1");
    assert.equal((await ask("no-cluster")).status, 200);
    assert.equal(upstream.requests.at(-1).headers["x-answer"], "refused 2");
    assert.equal(
      (await fetch(`${gateway.url}/x`, { headers: { "x-probe": "answer" } })).status,
      200,
    );
  });

  it("end at their timeout, and outlive a client that does not wait", async () => {
    delay = 2000;
    const started = Date.now();
    assert.equal((await ask("call")).status, 200);
    assert.ok(Date.now() - started < 1900, "long before the service answers");
    assert.equal(upstream.requests.at(-1).headers["x-answer"], "504 upstream request timeout");
    await assert.rejects(ask("call", undefined, { signal: AbortSignal.timeout(100) }));
    await sleep(700);
    delay = 0;
    assert.equal((await ask("call")).status, 200);
    gateway.expectLog(/probe: nothing to resume/);
    assert.doesNotMatch(gateway.log, /resumed twice|two owners|entered after/);
  });
});
