/** The files of envoy/ and docs/metrics.md are what their sources and the modules say. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { LABELS } from "../../scripts/envoy/parts.mjs";
import {
  loadEnvoyConfig,
  upstreamFilters,
  wasmFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { metricFamilies } from "../../scripts/tools/metric-families.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";

const files = readdirSync(join(ROOT, "envoy"));
const read = (file) => readFileSync(join(ROOT, file), "utf8");

describe("envoy/", () => {
  it("is what scripts/envoy-files.mjs writes", () => {
    execFileSync(process.execPath, [join(ROOT, "scripts/envoy-files.mjs"), "--check"]);
  });

  it("has a pattern for every label of every metric, and no other", () => {
    const labels = new Set(metricFamilies().flatMap((family) => family.labels));
    assert.deepEqual([...LABELS].toSorted(), [...labels].toSorted());
    for (const file of files) {
      const tags = loadEnvoyConfig(file).stats_config.stats_tags.map((tag) => tag.tag_name);
      assert.deepEqual(tags, LABELS, file);
    }
  });

  it("listens on loopback, but for what runs in a container or asks who is there", () => {
    for (const file of files) {
      const { admin, static_resources: resources } = loadEnvoyConfig(file);
      const [gateway] = resources.listeners;
      const isInContainer = /^compose/.test(file);
      const isOpen = isInContainer || file === "production.yaml";
      const { address } = gateway.address.socket_address;
      assert.equal(address, isOpen ? "0.0.0.0" : "127.0.0.1", file);
      const own = isInContainer ? "0.0.0.0" : "127.0.0.1";
      assert.equal(admin.address.socket_address.address, own, file);
    }
    const chain = loadEnvoyConfig("production.yaml").static_resources.listeners[0];
    const [{ typed_config: manager }] = chain.filter_chains[0].filters;
    const names = manager.http_filters.map((filter) => filter.name.split(".").at(-1));
    assert.deepEqual(names, ["cors", "api_key_auth", "local_ratelimit", "ai-cache", "router"]);
  });

  it("is safe to copy: nobody shares but behind a port of loopback, vendors learn nothing from Envoy", () => {
    for (const file of files) {
      const config = loadEnvoyConfig(file);
      const plugins = [
        ...Object.entries(wasmFilters(config)),
        ...Object.values(upstreamFilters(config)).map((plugin) => [plugin.root_id, plugin]),
      ].filter(([, plugin]) => /^ai-(cache|proxy)$/.test(plugin.root_id));
      for (const [name, { configuration, vm_config: vm, ...plugin }] of plugins) {
        assert.equal(vm.vm_id, "ai", `${file}: ai-cache knows ai-proxy by the vm_id`);
        // Higress' Envoy holds headers without being asked, and does not know the field.
        const holds = file === "compose-higress.yaml" || plugin.allow_on_headers_stop_iteration;
        assert.equal(holds, true, `${file}: ${name}`);
        const shares = /"anonymous": ?"share"|"from": ?"shared"/.test(configuration.value);
        assert.ok(!shares || file.startsWith("compose"), `${file}: ${name} shares`);
      }
      const managers = config.static_resources.listeners
        .flatMap((listener) => listener.filter_chains.flatMap((chain) => chain.filters))
        .filter((filter) => filter.typed_config.http_filters);
      for (const { typed_config: manager } of managers) {
        const router = manager.http_filters.find(({ name }) => name.endsWith("router"));
        const [own] = manager.http_filters.filter(({ name }) => /^ai-/.test(name));
        if (own) assert.equal(router.typed_config.suppress_envoy_headers, true, file);
        const log = JSON.stringify(manager.access_log ?? "");
        assert.doesNotMatch(log, /X-ENVOY-ORIGINAL-PATH|%REQ\(:PATH/i, `${file}: keys in queries`);
      }
    }
  });

  it("gives no address of one API where all are meant", () => {
    for (const file of [...files.map((name) => `envoy/${name}`), "README.md", "README.zh-CN.md"]) {
      assert.doesNotMatch(read(file), /"openaiCustomUrl": ?"[^"]*\/chat\/completions"/, file);
    }
    for (const file of files) {
      for (const filter of Object.values(wasmFilters(loadEnvoyConfig(file)))) {
        assert.doesNotThrow(() => JSON.parse(filter.configuration.value), file);
      }
    }
  });
});

describe("docs/metrics.md", () => {
  const text = read("docs/metrics.md");
  const rows = [...text.matchAll(/^\| `(ai_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)];
  const TYPES = { counters: "counter", gauges: "gauge", histograms: "histogram" };

  it("has every metric with its type and labels, and no other", () => {
    const listed = rows.map(([, name, type, labels]) => [
      name,
      type,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    ]);
    const known = metricFamilies().map(({ name, type, labels }) => [name, TYPES[type], labels]);
    assert.deepEqual(listed.toSorted(), known.toSorted());
  });

  it("asks only for metrics and labels that there are", () => {
    const families = metricFamilies();
    const queries = [...text.matchAll(/```promql\n(.*?)```/gs)].map(([, query]) => query);
    assert.ok(queries.length >= 8);
    for (const query of queries) {
      for (const [, name, selector = ""] of query.matchAll(/(ai_\w+)(?:\{(.*?)\})?/g)) {
        const family = families.find((one) => name.replace(/_bucket$/, "") === one.name);
        assert.ok(family, name);
        for (const [, label] of selector.matchAll(/(\w+)[=!]/g)) {
          assert.ok(family.labels.includes(label), `${name}: ${label}`);
        }
      }
    }
  });
});
