/** The Envoy of a chaos run: both modules with several configurations, other filters around them, listeners and clusters from files. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  addCluster,
  loadEnvoyConfig,
  setCluster,
  toYaml,
  upstreamFilters,
} from "../../scripts/tools/envoy-config.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { STORES } from "../fakes/vector-stores.mjs";
import { Gateway } from "../e2e/support.mjs";
import { HOSTS } from "./requests.mjs";
import { speakHttp2 } from "../e2e/http2.mjs";

const TYPES = "type.googleapis.com/envoy";
/** Longer than anything good waits. */
const IDLE = "7s";
/** What one worker may hold: small, so that a leak is seen at the end. */
export const HELD_BYTES = 6 << 20;
const TIMEOUT_MS = 500;
/** The providers between which Envoy's retries choose, as providers and as clusters. */
export const ATTEMPTS = ["first", "second"];
/** The provider of vectors. */
export const VECTORS = "vectors";

const cacheOf = (members = {}) => ({
  explain: true,
  cacheable: ["chat", "models", "embeddings"],
  maxBufferedBytes: HELD_BYTES,
  cacheTTL: 60,
  ...members,
});
const redis = { type: "redis", serviceName: "redis", servicePort: 6379, timeout: TIMEOUT_MS };
const embedding = {
  type: "openai",
  apiKey: "k",
  serviceName: "embedder",
  model: "m",
  timeout: TIMEOUT_MS,
};
const vector = {
  type: "chroma",
  serviceName: "vectors",
  timeout: TIMEOUT_MS,
  ...STORES.chroma.config,
};

const CACHE = {
  // Answers expire soon, are served in place of errors all the same, and are refreshed in the background.
  ...cacheOf({
    cacheTTL: 2,
    cacheControl: true,
    life: { staleIfError: 60, refreshShare: 0.1, refreshCluster: "self" },
  }),
  _rules_: [
    { _match_domain_: ["redis.test", "vectors.test"], ...cacheOf({ cache: redis }) },
    { _match_domain_: ["meaning.test"], ...cacheOf({ embedding, vector }) },
  ],
};

const proxyOf = (port) => {
  const open = { type: "openai", apiTokens: ["k1"], openaiCustomUrl: `127.0.0.1:${port}/v1` };
  const rule = (name, provider) => ({ _match_domain_: [`${name}.test`], provider });
  const keys = ["k1", "k2", "k3"];
  const failover = { enabled: true, failureThreshold: 50, cooldownDuration: 200 };
  const retryOnFailure = { enabled: true, maxRetries: 2, retryTimeout: 2000 };
  const context = { fileUrl: "http://files/x.txt", serviceName: "files", servicePort: 80 };
  return {
    maxBufferedBytes: HELD_BYTES,
    provider: open,
    _rules_: [
      rule("claude", { type: "claude", apiTokens: ["k"] }),
      rule("vectors", { ...open, id: VECTORS }),
      rule("retry", { ...open, apiTokens: keys, failover, retryOnFailure }),
      rule("context", { ...open, context, timeout: TIMEOUT_MS }),
    ],
  };
};

const ACCESS_LOG = {
  name: "envoy.access_loggers.stdout",
  typed_config: {
    "@type": `${TYPES}.extensions.access_loggers.stream.v3.StdoutAccessLog`,
    log_format: {
      json_format: {
        code: "%RESPONSE_CODE%",
        details: "%RESPONSE_CODE_DETAILS%",
        flags: "%RESPONSE_FLAGS%",
        number: "%REQ(X-NUMBER)%",
        path: "%REQ(:PATH)%",
        cache: "%FILTER_STATE(wasm.ai_cache:PLAIN)%",
        stored: "%FILTER_STATE(wasm.ai_cache_store:PLAIN)%",
        provider: "%FILTER_STATE(wasm.ai_proxy_provider:PLAIN)%",
      },
    },
  },
};

function manage(manager) {
  manager.access_log = [ACCESS_LOG];
  manager.stream_idle_timeout = IDLE;
  manager.request_timeout = "10s";
  manager.http_protocol_options = { enable_trailers: true };
  const cors = {
    "@type": `${TYPES}.extensions.filters.http.cors.v3.CorsPolicy`,
    allow_origin_string_match: [{ prefix: "http://" }],
    allow_methods: "POST",
  };
  const routes = ["llm2", "llm"].map((cluster) => ({
    name: cluster,
    match: {
      prefix: "/",
      ...(cluster === "llm2"
        ? { headers: [{ name: "x-model", string_match: { exact: "2" } }] }
        : {}),
    },
    request_body_buffer_limit: 1 << 20,
    route: {
      cluster,
      timeout: "0s",
      retry_policy: {
        retry_on: "refused-stream,connect-failure,reset-before-request",
        num_retries: 1,
      },
    },
  }));
  const off = { "@type": `${TYPES}.config.route.v3.FilterConfig`, disabled: true };
  const failover =
    loadEnvoyConfig("failover.yaml").static_resources.listeners[0].filter_chains[0].filters[0]
      .typed_config.route_config.virtual_hosts[0].routes[0];
  const { route } = failover;
  route.inline_cluster_specifier_plugin.extension.typed_config.priority_groups = ATTEMPTS.map(
    (name) => ({ name, clusters: [{ cluster_name: name, weight: 1 }] }),
  );
  route.retry_policy.per_try_timeout = "2s";
  failover.typed_per_filter_config = { "ai-proxy": off };
  // One for each rule: where different services answer at the same place, nothing is cached.
  manager.route_config.virtual_hosts = HOSTS.map((name) => ({
    name,
    domains: name === "plain" ? ["*"] : [`${name}.test`],
    typed_per_filter_config: { "envoy.filters.http.cors": cors },
    routes: name === "failover" ? [failover] : routes,
  }));
  const filter = (name, type, members = {}) => ({
    name: `envoy.filters.http.${name}`,
    typed_config: { "@type": `${TYPES}.extensions.filters.http.${name}.v3.${type}`, ...members },
  });
  const [cache, proxy, router] = manager.http_filters;
  manager.http_filters = [
    filter("cors", "Cors"),
    cache,
    proxy,
    filter("fault", "HTTPFault", { abort: { header_abort: {}, percentage: { numerator: 100 } } }),
    router,
  ];
}

/** The clusters of `failover.yaml`'s way: one provider over HTTP/1, one over HTTP/2, ai-proxy in both. */
function addAttempts(config, ports) {
  const file = loadEnvoyConfig("failover.yaml");
  const filters = upstreamFilters(file);
  for (const [index, name] of ATTEMPTS.entries()) {
    const model = index === 0 ? ports.llm : ports.llm2;
    const cluster = file.static_resources.clusters[index];
    const plugin = filters[cluster.name];
    delete cluster.transport_socket;
    config.static_resources.clusters.push(cluster);
    cluster.name = cluster.load_assignment.cluster_name = name;
    setCluster(config, name, "127.0.0.1", model);
    plugin.vm_config.code.local.filename = builtModule("ai-proxy");
    const provider = index === 0 ? { type: "openai" } : { type: "claude" };
    plugin.configuration.value = JSON.stringify({
      upstreamFilter: true,
      maxBufferedBytes: HELD_BYTES,
      provider: { ...provider, id: name, apiTokens: ["k1", "k2"] },
    });
    const [options] = Object.values(cluster.typed_extension_protocol_options);
    // The route switches off every filter that is called as the listener's.
    options.http_filters[0].name = "ai-proxy-attempt";
    if (index === 1) {
      options.explicit_http_config = { http2_protocol_options: {} };
    }
  }
}

/** Starts it. `ports`: of the model over HTTP/1 and 2, and of the services. */
export async function startChaosGateway(ports, workers) {
  let push;
  const gateway = await Gateway.start({
    upstreamPort: ports.llm,
    concurrency: workers,
    cache: CACHE,
    proxy: proxyOf(ports.llm),
    change: (config, self) => {
      for (const [name, port] of Object.entries(ports)) {
        if (name !== "llm") addCluster(config, name, port);
      }
      addCluster(config, "self", self.port);
      speakHttp2(config, "llm2");
      if (HOSTS.includes("failover")) addAttempts(config, ports);
      const redisCluster = loadEnvoyConfig("redis.yaml").static_resources.clusters.find(
        ({ name }) => name === "redis",
      );
      const entry = config.static_resources.clusters.find(({ name }) => name === "redis");
      for (const key of ["upstream_config", "typed_extension_protocol_options"])
        entry[key] = redisCluster[key];
      manage(config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config);
      push = fromFiles(config, self.folder);
    },
  });
  gateway.push = push;
  return gateway;
}

/** Moves listeners and clusters to files; returns what replaces them. */
function fromFiles(config, folder) {
  const kinds = { listeners: "listener.v3.Listener", clusters: "cluster.v3.Cluster" };
  const file = (kind) => join(folder, `${kind}.yaml`);
  const write = (kind, resources) => {
    const type = `${TYPES}.config.${kinds[kind]}`;
    const all = resources.map((resource) => ({ "@type": type, ...resource }));
    writeFileSync(`${file(kind)}.new`, toYaml({ resources: all }));
    renameSync(`${file(kind)}.new`, file(kind));
  };
  const now = {};
  for (const kind of Object.keys(kinds)) {
    now[kind] = config.static_resources[kind];
    write(kind, now[kind]);
  }
  config.static_resources = {};
  config.node = { id: "chaos", cluster: "chaos" };
  const source = (kind) => ({
    path_config_source: { path: file(kind) },
    resource_api_version: "V3",
  });
  config.dynamic_resources = { lds_config: source("listeners"), cds_config: source("clusters") };
  return {
    /** Another configuration of ai-cache, under which answers expire as soon: its listener is replaced. */
    listener(round) {
      const { http_filters: filters } = now.listeners[0].filter_chains[0].filters[0].typed_config;
      const { config: plugin } = filters.find(({ name }) => name === "ai-cache").typed_config;
      plugin.configuration.value = JSON.stringify({ ...CACHE, cacheTTL: 2 + (round & 1) });
      write("listeners", now.listeners);
    },
    /** Removes a cluster, or puts it back. */
    cluster(name, isThere) {
      write(
        "clusters",
        now.clusters.filter((cluster) => isThere || cluster.name !== name),
      );
    },
  };
}
