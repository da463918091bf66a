/**
 * The parts shared by the files in `envoy/`, as YAML in block style. `scripts/envoy-files.mjs` writes the
 * files from them, so that tags, access logs and filters are the same everywhere.
 */

/** All metric labels of both modules, which Envoy extracts from the metric names. */
export const LABELS = [
  "provider",
  "model",
  "kind",
  "status",
  "result",
  "reason",
  "operation",
  "store",
  "code",
  "similarity",
  "agree",
  "version",
  "strategy",
  "field",
  "capacity",
  "stratum",
  "label",
  "why",
  "by",
  "currency",
];

/** `text` with each line indented by `depth` columns. */
export function indent(depth, text) {
  return text.replace(/^(?=.)/gm, " ".repeat(depth));
}

/** `text` as YAML comment lines. */
function comment(text) {
  return text ? text.replace(/^(.*)$/gm, (line) => (line ? `# ${line}` : "#")) + "\n" : "";
}

const TYPE = "type.googleapis.com/envoy.extensions";
const SOURCE = "Written by scripts/envoy-files.mjs from scripts/envoy/.";

/** The address of a socket. */
export function socket(address, port) {
  return `{ socket_address: { address: ${address}, port_value: ${port} } }`;
}

/** The address of an endpoint, on several lines if its name is long. */
function peer(address, port) {
  return address.length < 38
    ? `socket_address: { address: ${address}, port_value: ${port} }\n`
    : `socket_address:\n  address: ${address}\n  port_value: ${port}\n`;
}

const STATS = `# The modules write labels into metric names; these patterns take them out again, so that Prometheus sees
# ai_cache_requests_total{result="hit",reason="hit-exact"} and the like: docs/metrics.md.
stats_config:
  stats_tags:
${LABELS.map((name) => `    - { tag_name: ${name}, regex: '(${name}=\\.=(.*?);\\.;)' }\n`).join("")}`;

/**
 * A whole file. `head`: its leading comment. `admin`: the address of Envoy's admin interface. `before`: text
 * between the tags and the listeners.
 */
export function file({
  head,
  admin = "127.0.0.1",
  adminComment,
  before = "",
  listeners,
  clusters,
}) {
  return [
    comment(head.trim()) + `# ${SOURCE}\n`,
    comment(adminComment) + `admin:\n  address: ${socket(admin, 9901)}\n\n`,
    STATS + "\n",
    before && before + "\n",
    "static_resources:\n  listeners:\n",
    listeners.map((text) => indent(4, text)).join("\n"),
    "\n  clusters:\n",
    clusters.map((text) => indent(4, text)).join("\n"),
  ].join("");
}

const LOOPBACK = `Only this machine reaches it. Whoever does spends the money behind your keys: put authentication in front
before you open it (production.yaml).`;

const state = (name) => `%FILTER_STATE(wasm.${name}:PLAIN)%`;

/** An access log to standard output. `query`: whether the format uses a path without its query. */
const accessLog = (note, format, query = true) => `${comment(note)}access_log:
  - name: envoy.access_loggers.stdout
    typed_config:
      "@type": ${TYPE}.access_loggers.stream.v3.StdoutAccessLog
      log_format:
${
  query
    ? `        formatters:
          - name: envoy.formatter.req_without_query
            typed_config:
              "@type": ${TYPE}.formatter.req_without_query.v3.ReqWithoutQuery
`
    : ""
}${indent(8, format)}`;

const line = (upstream) => `text_format_source:
  inline_string: "%START_TIME% %REQ(:METHOD)% ${state("ai_proxy_path")}${upstream} %RESPONSE_CODE% %DURATION% ms cache=${state("ai_cache")} store=${state("ai_cache_store")} provider=${state("ai_proxy_provider")} model=${state("ai_proxy_model")} tokens=${state("ai_proxy_input_tokens")}+${state("ai_proxy_output_tokens")} attempts=%UPSTREAM_REQUEST_ATTEMPT_COUNT% cluster=%UPSTREAM_CLUSTER% details=%RESPONSE_CODE_DETAILS%\\n"
`;

/** Access logs by name: a line for people, the same without the upstream path, JSON for machines. */
const LOGS = {
  text: accessLog(
    `For people; production.yaml has the same as JSON. The paths, the client's and the one upstream, come without the query,
where credentials may stand. Which words there are: docs/metrics.md.`,
    line(" upstream=%REQ_WITHOUT_QUERY(:PATH)%"),
  ),
  brief: accessLog("", line(""), false),
  json: accessLog(
    "One JSON object for each request. Paths come without the query, where credentials may stand.",
    `json_format:
  time: "%START_TIME%"
  method: "%REQ(:METHOD)%"
  path: "${state("ai_proxy_path")}"
  upstream_path: "%REQ_WITHOUT_QUERY(:PATH)%"
  status: "%RESPONSE_CODE%"
  duration_ms: "%DURATION%"
  first_byte_ms: "%RESPONSE_DURATION%"
  cache: "${state("ai_cache")}"
  store: "${state("ai_cache_store")}"
  provider: "${state("ai_proxy_provider")}"
  model: "${state("ai_proxy_model")}"
  input_tokens: "${state("ai_proxy_input_tokens")}"
  output_tokens: "${state("ai_proxy_output_tokens")}"
  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"
  cluster: "%UPSTREAM_CLUSTER%"
  details: "%RESPONSE_CODE_DETAILS%"
  flags: "%RESPONSE_FLAGS%"
`,
  ),
};

/** An HTTP connection manager, as the only filter of a chain. */
export function manager({ prefix, log = "", upgrades = "", routes, filters, routesName }) {
  return `filter_chains:
  - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: ${prefix}
${indent(10, upgrades + log)}          route_config:
${routesName ? `            name: ${routesName}\n` : ""}            virtual_hosts:
              - name: any
                domains: ["*"]
${indent(16, routes)}          http_filters:
${indent(12, [...filters, router()].join(""))}`;
}

/** By default Envoy answers an upgrade with 403, after which Codex retries for seconds. */
const UPGRADES = `# Codex asks for WebSocket first; let through, ai-proxy sends it back to HTTP, and it goes on there at once.
upgrade_configs:
  - upgrade_type: websocket
`;

/**
 * Above 499, because expired answers that are served in place of an error keep its flags. Without URX: Envoy sets it
 * also when the last attempt was answered, and then the error is a filter's.
 */
const ERRORS = `# Envoy's own errors that no filter of this chain translates, such as a connection that breaks while an answer's headers
# are held, as JSON too.
local_reply_config:
  mappers:
    - filter:
        and_filter:
          filters:
            - status_code_filter:
                comparison:
                  op: GE
                  value: { default_value: 500, runtime_key: ai.own_errors }
            - response_flag_filter:
                flags: [UC, UF, UH, UO, UPE, UR, UT, SI]
      body_format_override:
        json_format:
          error:
            message: the model's service broke off or did not answer
            type: server_error
            code: upstream_error
`;

/**
 * The listener for clients. `log`: one of `LOGS`. `routes`: the routes as text. `extra`: further fields of
 * the virtual host.
 */
export function gateway({
  address = "127.0.0.1",
  note,
  log = "text",
  routes,
  extra = "",
  filters,
}) {
  return `- name: gateway
${indent(2, comment(note ?? LOOPBACK))}  address: ${socket(address, 10000)}
${indent(
  2,
  manager({
    prefix: "gateway",
    upgrades: UPGRADES + ERRORS,
    log: LOGS[log],
    routesName: "gateway",
    routes: `${extra}routes:\n${indent(2, routes)}`,
    filters,
  }),
)}`;
}

/** Routes every request to the cluster `llm`. */
export const ROUTE_LLM = `- name: llm
  match: { prefix: "/" }
  # Answers of a model take as long as they take.
  route: { cluster: llm, timeout: 0s }
`;

/** JSON on one line if it fits, otherwise indented, with lists of a single string on one line. */
function block(value) {
  const text = JSON.stringify(value, null, 2);
  const line = text.replace(/\n\s*/g, " ").replace(/([[{]) | ([\]}])/g, "$1$2");
  return line.length <= 100 ? line : text.replace(/\[\n\s+("[^"]*")\n\s+\]/g, "[$1]");
}

/** A module's filter, with its configuration as indented JSON. */
export function wasm({
  module,
  name = module,
  root = name,
  notes = {},
  vmId = "ai",
  holds = true,
  reload = holds,
  runtime = "",
  environment = [],
  configuration,
}) {
  const json = typeof configuration === "string" ? configuration : block(configuration);
  return `${indent(0, comment(notes.filter))}- name: ${name}
  typed_config:
    "@type": ${TYPE}.filters.http.wasm.v3.Wasm
    config:
      name: ${name}
      root_id: ${root}
${holds ? indent(6, comment(notes.holds)) + "      allow_on_headers_stop_iteration: true\n" : ""}${reload ? "      failure_policy: FAIL_RELOAD\n      reload_config: { backoff: { base_interval: 0.1s } }\n" : ""}      vm_config:
${indent(8, comment(notes.vm))}        vm_id: ${vmId}
${runtime && `        runtime: ${runtime}\n`}        code: { local: { filename: /etc/envoy/${module}.wasm } }
${environment.length > 0 ? indent(8, comment(notes.environment)) + `        environment_variables:\n          host_env_keys: [${environment.join(", ")}]\n` : ""}${indent(6, comment(notes.configuration))}      configuration:
        "@type": type.googleapis.com/google.protobuf.StringValue
        value: |
${indent(10, json)}
`;
}

/** Envoy's router, the last filter. */
export function router() {
  return `- name: envoy.filters.http.router
  typed_config:
    "@type": ${TYPE}.filters.http.router.v3.Router
    suppress_envoy_headers: true
`;
}

/** TLS to a host, whose certificate is verified. */
export function tls(host) {
  return `transport_socket:
  name: envoy.transport_sockets.tls
  typed_config:
    "@type": ${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext
    sni: ${host}
    auto_sni_san_validation: true
    common_tls_context:
      validation_context: { trusted_ca: { filename: /etc/ssl/certs/ca-certificates.crt } }
`;
}

/**
 * A cluster with one endpoint. `secure`: with TLS. `optional`: Envoy starts before its address is resolved.
 * `more`: further fields.
 */
export function cluster({
  name,
  address = name,
  port,
  type = "STRICT_DNS",
  timeout,
  secure = false,
  optional = false,
  note,
  endpoint,
  more = "",
}) {
  return `${comment(note)}- name: ${name}
  type: ${type}
${optional ? "  wait_for_warm_on_init: false\n" : ""}${timeout ? `  connect_timeout: ${timeout}\n` : ""}  load_assignment:
    cluster_name: ${name}
    endpoints:
      - lb_endpoints:
          - endpoint:
              address:
${indent(16, endpoint ?? peer(address, port))}${secure ? indent(2, tls(address)) : ""}${indent(2, more)}`;
}

/** The model's service, without TLS. */
export const LLM = cluster({
  name: "llm",
  port: 8000,
  note: "The model's service. For one of a vendor, behind TLS: openai.yaml.",
});

/** The circuit breaker of a Redis cluster, high enough for one connection per call. */
export const MANY = `circuit_breakers:
  thresholds:
    - max_connections: 20000
      max_pending_requests: 20000
      max_requests: 20000
`;

/** Sends each call's body as raw TCP. */
export const RAW_TCP = `upstream_config:
  name: envoy.filters.connection_pools.http.tcp
  typed_config:
    "@type": ${TYPE}.upstreams.http.tcp.v3.TcpConnectionPoolProto
`;

/** A Redis cluster, called with raw TCP. */
export function redis(name, optional = false) {
  return cluster({
    name,
    address: "redis",
    port: 6379,
    timeout: "1s",
    optional,
    note: "Redis speaks its own protocol: with this upstream_config each call is one raw TCP exchange.",
    more: `${MANY}${RAW_TCP}# One call for each connection: Envoy would give the next call a connection that Redis is about to close.
typed_extension_protocol_options:
  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
    "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions
    common_http_protocol_options:
      max_requests_per_connection: 1
    explicit_http_config:
      http_protocol_options: {}
`,
  });
}

/** ai-proxy for the model's service in the cluster `llm`. */
export const PROXY_LOCAL = {
  provider: {
    type: "openai",
    apiTokens: ["sk-local"],
    openaiCustomUrl: "llm:8000/v1",
    forwardHeaders: [],
  },
};
