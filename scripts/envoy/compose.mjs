/** The Envoys of docker-compose.yml and docker-compose.higress.yml. */
import { HOLDS, higressClusters, HTTPBIN_ROUTE } from "./chain.mjs";
import { cluster, file, gateway, LLM, PROXY_LOCAL, ROUTE_LLM, wasm } from "./parts.mjs";

const EMBEDDING = {
  type: "openai",
  serviceName: "embedder",
  model: "multilingual-e5-small",
  path: "/v1/embeddings",
};
const SHARED = {
  explain: true,
  embedding: EMBEDDING,
  cache: { type: "redis", serviceName: "redis_cluster", timeout: 2000 },
  tenant: { anonymous: "share" },
};
const CACHE = {
  ...SHARED,
  match: { mode: "loose" },
  vector: {
    type: "elasticsearch",
    serviceName: "es",
    collectionID: "higress",
    esUsername: "elastic",
    esPassword: "123456",
    threshold: 0.7,
    thresholdRelation: "gte",
  },
  _rules_: [
    {
      _match_domain_: ["chroma.example"],
      ...SHARED,
      vector: { type: "chroma", serviceName: "chroma", collectionID: "higress" },
    },
  ],
};
const SHARES = `Who reaches the port shares answers ("anonymous"): it is published on loopback only. The clusters have the names
that Higress gives them.`;
const PUBLISHED = "In a container; docker-compose.yml publishes";

/** `head`: the file's leading comment. `options`: of both filters. */
const compose = (head, options, holds) =>
  file({
    head,
    admin: "0.0.0.0",
    adminComment: `${PUBLISHED} both ports on 127.0.0.1 only.`,
    listeners: [
      gateway({
        address: "0.0.0.0",
        note: `${PUBLISHED} the port on 127.0.0.1 only.`,
        routes: HTTPBIN_ROUTE + ROUTE_LLM,
        filters: [
          wasm({
            module: "ai-cache",
            notes: { holds, configuration: SHARES },
            configuration: CACHE,
            ...options,
          }),
          wasm({ module: "ai-proxy", configuration: PROXY_LOCAL, ...options }),
        ],
      }),
    ],
    clusters: [
      LLM,
      cluster({
        name: "httpbin",
        port: 8080,
        optional: true,
        note: "A service past both modules.",
      }),
      ...higressClusters(8000),
      cluster({ name: "embedder", port: 8000, timeout: "1s", optional: true }),
    ],
  });

/** Text of each file by its name. */
export const COMPOSE_FILES = {
  "compose.yaml": () =>
    compose(
      `
The whole chain of docker-compose.yml: answers in Redis, questions in Elasticsearch, or in Chroma for the host
chroma.example, with a local embedding model.
`,
      {},
      HOLDS,
    ),
  "compose-higress.yaml": () =>
    compose(
      `
The same for the gateway image of Higress, whose Envoy is older and needs no allow_on_headers_stop_iteration:
docker-compose.higress.yml. Stock Envoy takes the file; in the gateway itself it has not been run.
`,
      { holds: false, runtime: "envoy.wasm.runtime.v8" },
    ),
};
