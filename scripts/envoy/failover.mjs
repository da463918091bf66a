/** Several providers with failover between them, alone and with everything that production needs. */
import { HOLDS } from "./chain.mjs";
import { cluster, file, gateway, indent, manager, redis, socket, wasm } from "./parts.mjs";

const TYPE = "type.googleapis.com/envoy.extensions";

/** The route with the retries. `names`: of the clusters, in order. */
function route(names, more = "") {
  return `- name: llm
  match:
    prefix: "/"
  # What a retry can send again; a larger request is served by the first provider only.
  request_body_buffer_limit: 33554432
${indent(2, more)}  route:
    timeout: 0s
    inline_cluster_specifier_plugin:
      extension:
        name: envoy.router.cluster_specifier_plugin.priority_group
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier
          # In this order. More attempts than groups stay on the last one.
          priority_groups:
${names
  .map(
    (name) => `            - name: ${name}
              clusters:
                - cluster_name: ${name}
                  weight: 1
`,
  )
  .join("")}    retry_policy:
      retry_on: 5xx,reset,connect-failure,retriable-status-codes
      # What a key or the service is to blame for; 400, 404, 413 and 422 are the client's fault.
      retriable_status_codes:
        - 401
        - 402
        - 403
        - 408
        - 429
      num_retries: ${names.length - 1}
      # How long a provider may take to its first byte.
      per_try_timeout: 20s
      # Without this every attempt goes to the first group.
      refresh_cluster_on_retry: true
      retry_back_off:
        base_interval: 0.02s
        max_interval: 0.05s
`;
}

/** A provider's cluster with ai-proxy as an upstream filter. */
function provider({ name, address, settings, failover, environment = [] }) {
  const filter = wasm({
    module: "ai-proxy",
    root: `ai-proxy-${name}`,
    environment,
    configuration: {
      upstreamFilter: true,
      provider: { id: name, type: name, ...settings, ...(failover && { failover }) },
    },
  }).replace("      name: ai-proxy\n", `      name: ai-proxy-${name}\n`);
  return cluster({
    name,
    address,
    port: 443,
    secure: true,
    optional: true,
    more: `# The default of 3 parallel retries turns everything above into errors.
circuit_breakers:
  thresholds:
    - max_connections: 4096
      max_pending_requests: 4096
      max_requests: 4096
      max_retries: 1024
typed_extension_protocol_options:
  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
    "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions
    explicit_http_config:
      http_protocol_options: {}
    http_filters:
${indent(6, filter)}      - name: envoy.filters.http.upstream_codec
        typed_config:
          "@type": ${TYPE}.filters.http.upstream_codec.v3.UpstreamCodec
`,
  });
}

const failover = () =>
  file({
    head: `
Fail-over from one provider to the next, each with its own key, path, model names and conversion, streams included, before
the first byte reaches the client. For stock Envoy 1.39 or newer (refresh_cluster_on_retry); docs/failover.md explains it.

ai-proxy runs as an upstream filter of every provider's cluster, once for each attempt. A failed attempt moves to the
next group below. Put your keys in, name your models, and mount the modules at /etc/envoy/.
`,
    listeners: [gateway({ routes: route(["openai", "deepseek", "qwen"]), filters: [] })],
    clusters: [
      provider({
        name: "openai",
        address: "api.openai.com",
        settings: { apiTokens: ["sk-one", "sk-two"] },
        failover: { enabled: true, cooldownDuration: 30000 },
      }),
      provider({
        name: "deepseek",
        address: "api.deepseek.com",
        settings: { apiTokens: ["sk-three"], modelMapping: { "*": "deepseek-chat" } },
      }),
      provider({
        name: "qwen",
        address: "dashscope.aliyuncs.com",
        settings: { apiTokens: ["sk-four"], modelMapping: { "*": "qwen-plus" } },
      }),
    ],
  });

const FILTERS = `# Browsers ask for permission first; that request carries no key.
- name: envoy.filters.http.cors
  typed_config:
    "@type": ${TYPE}.filters.http.cors.v3.Cors
# Who asks. The key of the client ends here; its name goes on as x-client-id, which no client can set.
- name: envoy.filters.http.api_key_auth
  typed_config:
    "@type": ${TYPE}.filters.http.api_key_auth.v3.ApiKeyAuth
    key_sources:
      - header: Authorization
      - header: x-api-key
    credentials:
      - key: put-alices-key-here
        client: alice
      - key: put-bobs-key-here
        client: bob
    forwarding:
      header: x-client-id
      hide_credentials: true
# How much one client may ask: 60 requests, and 60 more each minute, on each Envoy.
- name: envoy.filters.http.local_ratelimit
  typed_config:
    "@type": ${TYPE}.filters.http.local_ratelimit.v3.LocalRateLimit
    stat_prefix: clients
    # All workers count together; without it the limits would be those of one.
    filter_enabled:
      default_value:
        numerator: 100
    filter_enforced:
      default_value:
        numerator: 100
    token_bucket:
      max_tokens: 6000
      tokens_per_fill: 6000
      fill_interval: 60s
    max_dynamic_descriptors: 1000
    rate_limits:
      - actions:
          - request_headers:
              header_name: x-client-id
              descriptor_key: client
    descriptors:
      - entries:
          - key: client
        token_bucket:
          max_tokens: 60
          tokens_per_fill: 60
          fill_interval: 60s
`;

const CORS = `# The web applications that may call from a browser.
typed_per_filter_config:
  envoy.filters.http.cors:
    "@type": ${TYPE}.filters.http.cors.v3.CorsPolicy
    allow_origin_string_match:
      - exact: https://app.example.com
    allow_methods: GET, POST, OPTIONS
    allow_headers: authorization, content-type, x-api-key, x-stainless-retry-count
    expose_headers: cache-status, age
    max_age: "600"
`;

const METRICS_LISTENER = `# For Prometheus: the metrics, and nothing else of the admin port.
- name: metrics
  address: ${socket("0.0.0.0", 9902)}
${indent(
  2,
  manager({
    prefix: "metrics",
    routes: `routes:
  - match:
      path: /stats/prometheus
    route:
      cluster: admin
`,
    filters: [],
  }),
)}`;

const production = () =>
  file({
    head: `
What a gateway needs that others may reach: keys of its own for each client, limits for each of them, a cache that keeps
clients apart and that all Envoys share, providers that stand in for each other, CORS, metrics, a log in JSON.
For stock Envoy 1.39 or newer.

  OPENAI_API_KEY=... DEEPSEEK_API_KEY=... REDIS_PASSWORD=... envoy -c production.yaml --file-flush-interval-msec 200

Put your clients' keys, your Redis and your providers in, and mount the modules at /etc/envoy/. The listener has no TLS:
add a transport_socket, or keep it behind something that has it.
`,
    listeners: [
      gateway({
        address: "0.0.0.0",
        note: "Open to all: who has no key gets 401.",
        log: "json",
        extra: CORS,
        routes: route(["openai", "deepseek"]),
        filters: [
          FILTERS,
          wasm({
            module: "ai-cache",
            environment: ["REDIS_PASSWORD"],
            notes: {
              holds: HOLDS,
              environment: "Variables of Envoy's environment that the configuration may name.",
              configuration:
                "Answers are shared by requests of one client, as authentication names it.",
            },
            configuration: {
              tenant: { from: "header:x-client-id" },
              cache: {
                type: "redis",
                serviceName: "redis",
                password: "${REDIS_PASSWORD}",
                cacheTTL: 86400,
              },
            },
          }),
        ],
      }),
      METRICS_LISTENER,
    ],
    clusters: [
      provider({
        name: "openai",
        address: "api.openai.com",
        environment: ["OPENAI_API_KEY"],
        settings: {
          apiTokens: ["${OPENAI_API_KEY}"],
          forwardHeaders: [],
          promptCaching: { mode: "auto" },
        },
      }),
      provider({
        name: "deepseek",
        address: "api.deepseek.com",
        environment: ["DEEPSEEK_API_KEY"],
        settings: {
          apiTokens: ["${DEEPSEEK_API_KEY}"],
          modelMapping: { "*": "deepseek-chat" },
          forwardHeaders: [],
          promptCaching: { mode: "auto" },
        },
      }),
      redis("redis", true),
      cluster({ name: "admin", type: "STATIC", address: "127.0.0.1", port: 9901, timeout: "1s" }),
    ],
  });

/** Text of each file by its name. */
export const FAILOVER_FILES = { "failover.yaml": failover, "production.yaml": production };
