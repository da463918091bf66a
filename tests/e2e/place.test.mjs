/** Where a request goes, in the real Envoy: nobody gets the answer of another service. */
import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import {
  addCluster,
  setCluster,
  toYaml,
  upstreamFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { isAtLeast } from "../../scripts/tools/envoy.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, Gateway, post, until } from "./support.mjs";

const LUA = "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua";
const PRIORITIES =
  "type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig";
const FORMAT =
  "%REQ(X-REQUEST)% cache=%FILTER_STATE(wasm.ai_cache:PLAIN)% store=%FILTER_STATE(wasm.ai_cache_store:PLAIN)% scope=%FILTER_STATE(wasm.ai_cache_scope:PLAIN)%\n";

/** The version in which `priority_group` has been seen; 1.36 has none. */
const WITH_PRIORITY_GROUPS = [1, 40];

/** A model's service that names itself and the model that it was asked for; `fails` answers 503. */
async function startService(name) {
  const service = { fails: false };
  service.server = createServer(async (request, response) => {
    const { model } = await consume.json(request);
    response.writeHead(service.fails ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(completion(`${name} as ${model}`, { model: `${name}-model` })));
  });
  service.port = await listen(service.server);
  service.stop = () => (service.server.closeAllConnections(), service.server.close());
  return service;
}

const managerOf = (listener) => listener.filter_chains[0].filters[0].typed_config;
const filtersOf = (listener) => managerOf(listener).http_filters;
const filterOf = (listener, name) => filtersOf(listener).find((filter) => filter.name === name);
const settingsOf = (listener, name) => filterOf(listener, name).typed_config.config;
const setRoutes = (listener, routes) =>
  (managerOf(listener).route_config.virtual_hosts[0].routes = routes);

function setLog(listener) {
  managerOf(listener).access_log[0].typed_config.log_format.text_format_source.inline_string =
    FORMAT;
}

/** The configuration of ai-proxy with another model behind every name. */
const mappedTo = (model, members = {}) =>
  JSON.stringify({
    provider: {
      type: "openai",
      apiTokens: ["sk-test"],
      openaiCustomUrl: "llm.example/v1",
      modelMapping: { "*": model },
      ...members,
    },
  });

let requests = 0;

/** Asks; gives who answered and what the access log says: `[text, cache, store, scope]`. */
async function ask(gateway, { port = gateway.port, question = "hi", headers = {} } = {}) {
  const id = `request-${++requests}`;
  const reply = await post(port, chatBody(question), {
    "x-request": id,
    connection: "close",
    ...headers,
  });
  assert.equal(reply.status, 200, reply.text);
  const line = await until(
    () => gateway.accessLog.find((text) => text.startsWith(`${id} `)),
    "the access log",
  );
  const [, cache, store, scope] = /cache=(\S+) store=(\S+) scope=(\S+)/.exec(line);
  assert.doesNotMatch(JSON.stringify(reply.headers), /elsewhere/);
  return [JSON.parse(reply.text).choices[0].message.content, cache, store, scope];
}

describe("where a request goes", () => {
  const services = {};
  before(async () => {
    for (const name of ["a", "b"]) services[name] = await startService(name);
  });
  after(() => {
    for (const service of Object.values(services)) service.stop();
  });

  describe("without ai-proxy", () => {
    let gateway;
    let second;
    before(async () => {
      second = await freePort();
      gateway = await Gateway.start({
        upstreamPort: services.a.port,
        change: (config) => {
          addCluster(config, "b", services.b.port);
          addCluster(config, "both", services.a.port);
          const both = config.static_resources.clusters.at(-1);
          const backup = structuredClone(both.load_assignment.endpoints[0]);
          backup.lb_endpoints[0].endpoint.address.socket_address.port_value = services.b.port;
          both.load_assignment.endpoints.push({ priority: 1, ...backup });
          const [listener] = config.static_resources.listeners;
          setLog(listener);
          const filters = filtersOf(listener);
          filters.splice(filters.indexOf(filterOf(listener, "ai-proxy")), 1);
          const header = (name, exact) => ({ name, string_match: { exact } });
          const other = structuredClone(listener);
          other.name = "other";
          other.address.socket_address.port_value = second;
          setRoutes(other, [{ name: "chat", match: { prefix: "/" }, route: { cluster: "b" } }]);
          config.static_resources.listeners.push(other);
          const to = (name, exact, route) => ({
            match: { prefix: "/", headers: [header(name, exact)] },
            route,
          });
          setRoutes(listener, [
            to("x-provider", "a", { cluster: "llm" }),
            to("x-provider", "b", { cluster: "b" }),
            { name: "by-header", ...to("x-route", "header", { cluster_header: "x-cluster" }) },
            to("x-route", "retry", {
              cluster: "both",
              retry_policy: {
                retry_on: "5xx",
                num_retries: 1,
                retry_priority: {
                  name: "envoy.retry_priorities.previous_priorities",
                  typed_config: { "@type": PRIORITIES, update_frequency: 1 },
                },
              },
            }),
            { name: "chat", match: { prefix: "/" }, route: { cluster: "llm" } },
          ]);
          // A filter behind the cache that changes its mind about the cluster.
          filters.splice(1, 0, {
            name: "late",
            typed_config: {
              "@type": LUA,
              default_source_code: {
                inline_string: `function envoy_on_request(h)
                  local to = h:headers():get("x-late")
                  if to then h:headers():replace("x-cluster", to) end
                end`,
              },
            },
          });
        },
      });
    });
    after(() => gateway?.stop());

    /** Two requests that differ only in `one` and `two`: each has its own answer. */
    async function apart(one, two, question) {
      assert.deepEqual(await ask(gateway, { ...one, question }), [
        "a as gpt-4",
        "miss-cold",
        "stored",
        "-",
      ]);
      assert.deepEqual(await ask(gateway, { ...two, question }), [
        "b as gpt-4",
        "miss-cold",
        "stored",
        "elsewhere",
      ]);
      assert.equal((await ask(gateway, { ...one, question }))[0], "a as gpt-4");
      assert.deepEqual((await ask(gateway, { ...two, question })).slice(0, 2), [
        "b as gpt-4",
        "hit-exact",
      ]);
    }

    it("two routes without a name", async () => {
      // The header that chooses the route is not part of the key.
      const one = { headers: { "x-provider": "a" } };
      await apart(one, { headers: { "x-provider": "b" } }, "routes");
    });

    it("one route with cluster_header", async () => {
      const to = (cluster) => ({ headers: { "x-route": "header", "x-cluster": cluster } });
      await apart(to("llm"), to("b"), "clusters");
    });

    it("two listeners with equal names of routes", async () => {
      await apart({}, { port: second }, "listeners");
      assert.match((await gateway.metrics("ai_cache_elsewhere_total")).join(), / [1-9]/);
    });

    it("a cluster that a later filter chooses", async () => {
      const late = (to, headers) => ({
        question: "late",
        headers: { "x-route": "header", "x-late": to, ...headers },
      });
      for (const to of ["llm", "b"]) {
        const [text, cache, store] = await ask(gateway, late(to));
        assert.equal(text, `${to === "b" ? "b" : "a"} as gpt-4`);
        assert.deepEqual([cache, store], ["ineligible-no-cluster", "-"]);
      }
      // Chosen by the client and changed behind the cache.
      const first = await ask(gateway, late("b", { "x-cluster": "llm" }));
      assert.equal(first[0], "b as gpt-4");
      const then = await ask(gateway, {
        question: "late",
        headers: { "x-route": "header", "x-cluster": "llm" },
      });
      assert.equal(then[0], "a as gpt-4", JSON.stringify([first, then]));
    });

    it("Envoy's retries to another priority", async () => {
      const retry = (question) =>
        ask(gateway, { question, headers: { "x-route": "retry" } }).then((all) => all.slice(0, 3));
      assert.deepEqual(await retry("one"), ["a as gpt-4", "miss-cold", "stored"]);
      services.a.fails = true;
      try {
        assert.deepEqual(await retry("two"), ["b as gpt-4", "miss-cold", "answer-fallback"]);
      } finally {
        services.a.fails = false;
      }
      assert.deepEqual(await retry("two"), ["a as gpt-4", "miss-cold", "stored"]);
    });
  });

  describe("with ai-proxy", () => {
    let gateway;
    let second;
    let reversed;
    let listeners;
    let lds;
    before(async () => {
      [second, reversed] = [await freePort(), await freePort()];
      gateway = await Gateway.start({
        upstreamPort: services.a.port,
        change: (config, { folder }) => {
          listeners = config.static_resources.listeners;
          const [listener] = listeners;
          setLog(listener);
          settingsOf(listener, "ai-proxy").configuration.value = mappedTo("cheap");
          const copy = (name, port) => {
            const other = structuredClone(listener);
            other.name = name;
            other.address.socket_address.port_value = port;
            listeners.push(other);
            return other;
          };
          const other = copy("other", second);
          settingsOf(other, "ai-proxy").name = "ai-proxy-other";
          settingsOf(other, "ai-proxy").configuration.value = mappedTo("dear");
          const filters = filtersOf(copy("reversed", reversed));
          filters.unshift(...filters.splice(1, 1));
          lds = join(folder, "lds.yaml");
          delete config.static_resources.listeners;
          config.node = { id: "test", cluster: "test" };
          config.dynamic_resources = { lds_config: { path_config_source: { path: lds } } };
          push();
        },
      });
      await until(
        () =>
          post(reversed, chatBody("ready")).then(
            (reply) => reply.status === 200,
            () => false,
          ),
        "the listeners",
      );
    });
    after(() => gateway?.stop());

    function push() {
      const resources = listeners.map((listener) => ({
        "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
        ...listener,
      }));
      writeFileSync(`${lds}.new`, toYaml({ resources }));
      renameSync(`${lds}.new`, lds);
    }

    /** Pushes the configuration and waits until it answers. */
    async function change(configuration, port, model) {
      const listener = listeners.find(({ address }) => address.socket_address.port_value === port);
      settingsOf(listener, "ai-proxy").configuration.value = configuration;
      push();
      let count = 0;
      const asks = async () => {
        const question = `is ${model} there? ${++count}`;
        const reply = await post(port, chatBody(question), { connection: "close" });
        return reply.text.includes(`as ${model}`);
      };
      await until(asks, "the new configuration");
    }

    const shortly = async (options) => (await ask(gateway, options)).slice(0, 2);

    it("two listeners whose ai-proxy differs, one vm_id", async () => {
      for (const [port, text] of [
        [gateway.port, "a as cheap"],
        [second, "a as dear"],
      ]) {
        assert.equal((await ask(gateway, { port }))[0], text);
        assert.equal((await ask(gateway, { port }))[0], text);
        assert.deepEqual(await shortly({ port }), [text, "hit-exact"]);
      }
    });

    it("ai-cache behind ai-proxy caches nothing and says so", async () => {
      for (let i = 0; i < 2; i++) {
        assert.deepEqual(await ask(gateway, { port: reversed, question: "order" }), [
          "a as cheap",
          "ineligible-order",
          "-",
          "-",
        ]);
      }
      gateway.expectLog(/ineligible-order: ai-proxy is before ai-cache/);
      const metrics = (await gateway.metrics("ai_cache_requests_total")).join("\n");
      assert.match(metrics, /reason="ineligible-order"\} [23]/);
    });

    it("a changed mapping leaves the old model's answers behind, another key does not", async () => {
      const question = "mapping";
      for (let i = 0; i < 2; i++) await ask(gateway, { question });
      assert.deepEqual(await shortly({ question }), ["a as cheap", "hit-exact"]);
      await change(mappedTo("new"), gateway.port, "new");
      assert.equal((await ask(gateway, { question }))[0], "a as new");
      assert.deepEqual(await shortly({ question }), ["a as new", "hit-exact"]);
      await change(
        mappedTo("new", { apiTokens: ["sk-other"], timeout: 7000 }),
        gateway.port,
        "new",
      );
      assert.equal((await ask(gateway, { question }))[0], "a as new");
      // Back again: what was stored then is right again.
      await change(mappedTo("cheap"), gateway.port, "cheap");
      for (let i = 0; i < 3; i++) {
        assert.equal((await ask(gateway, { question }))[0], "a as cheap");
        assert.equal((await ask(gateway, { port: second }))[0], "a as dear");
      }
    });
  });

  const hasGroups = isAtLeast(WITH_PRIORITY_GROUPS);
  const skip = hasGroups ? false : "this Envoy has no priority groups of clusters";
  describe("with ai-proxy in the clusters", { skip }, () => {
    let gateway;
    before(async () => {
      gateway = await Gateway.startFile("failover.yaml", (config) => {
        const names = ["openai", "deepseek", "qwen"];
        for (const [index, name] of names.entries()) {
          setCluster(config, name, "127.0.0.1", services[index === 0 ? "a" : "b"].port);
          const cluster = config.static_resources.clusters.find((entry) => entry.name === name);
          delete cluster.transport_socket;
          const value = JSON.stringify({
            upstreamFilter: true,
            // The access log tells requests by this header.
            provider: { id: name, type: name, apiTokens: ["k"], forwardHeaders: ["x-request"] },
          });
          upstreamFilters(config)[name].configuration.value = value;
        }
        const [listener] = config.static_resources.listeners;
        const cache = structuredClone(upstreamFilters(config).openai);
        Object.assign(cache, { name: "ai-cache", root_id: "ai-cache" });
        cache.vm_config.code.local.filename = cache.vm_config.code.local.filename.replace(
          "ai-proxy",
          "ai-cache",
        );
        cache.configuration.value = "{}";
        filtersOf(listener).unshift({
          name: "ai-cache",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            config: cache,
          },
        });
        setLog(listener);
      });
    });
    after(() => gateway?.stop());

    it("stores the first provider's answers only", async () => {
      const shortly = async (question) => (await ask(gateway, { question })).slice(0, 3);
      assert.deepEqual(await shortly("one"), ["a as gpt-4", "miss-place", "stored"]);
      services.a.fails = true;
      try {
        assert.deepEqual(await shortly("two"), ["b as gpt-4", "miss-cold", "answer-fallback"]);
        assert.deepEqual(await shortly("one"), ["a as gpt-4", "hit-exact", "-"]);
      } finally {
        services.a.fails = false;
      }
      assert.deepEqual(await shortly("two"), ["a as gpt-4", "miss-cold", "stored"]);
    });
  });
});
