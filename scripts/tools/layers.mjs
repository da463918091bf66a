/**
 * What may import what: packages, and the folders inside them. An arrow that is not here is an error, and so is
 * one that no import needs. `docs/architecture.md` shows the same as a picture, which is compared with this.
 */

/** What each package of `assembly/` may import besides itself. */
export const PACKAGES = {
  "proxy-wasm": [],
  text: ["proxy-wasm"],
  service: ["proxy-wasm"],
  json: ["text", "proxy-wasm"],
  http: ["text", "proxy-wasm"],
  fingerprint: ["text", "proxy-wasm"],
  chat: ["http", "json", "text", "proxy-wasm"],
  rules: ["http", "json", "text", "proxy-wasm"],
  match: ["json", "text", "proxy-wasm"],
  redis: ["service", "json", "http", "text", "proxy-wasm"],
  protocol: ["chat", "http", "json", "text", "proxy-wasm"],
  "ai-cache": [
    "protocol",
    "redis",
    "match",
    "rules",
    "chat",
    "fingerprint",
    "http",
    "json",
    "service",
    "text",
    "proxy-wasm",
  ],
  "ai-proxy": [
    "protocol",
    "rules",
    "chat",
    "fingerprint",
    "http",
    "json",
    "service",
    "text",
    "proxy-wasm",
  ],
};

/** The files that stand in a package, or in a folder with folders, and in none of its folders. */
export const OWN = ".";

/**
 * What each folder of a package may import of the same package; packages without folders are left out. `*`
 * stands for all folders beside each other that are closed to one another, and as an import for any of them;
 * `**` for the whole package.
 */
export const FOLDERS = {
  "proxy-wasm": { [OWN]: [], higress: [OWN], platforms: [OWN] },
  text: { [OWN]: [], regex: [], rsa: [OWN] },
  chat: { [OWN]: [], decode: [OWN], encode: [OWN] },
  protocol: { base: [], "*": ["base"], [OWN]: ["base", "*"] },
  match: {
    tables: [],
    text: ["tables"],
    words: ["tables", "text"],
    question: ["text"],
    english: ["question", "words", "text", "tables"],
    chinese: ["question", "words", "text", "tables"],
    [OWN]: ["english", "chinese", "question", "words", "text", "tables"],
  },
  "ai-cache": {
    key: [],
    vector: [],
    identity: [],
    policy: [],
    report: [],
    life: ["policy"],
    store: ["policy", "report", "key"],
    embedding: ["report", "vector"],
    "vector-store": ["store", "report", "key"],
    config: ["vector-store", "embedding", "store", "life", "policy", "identity", "key"],
    place: ["config", "report", "key"],
    meaning: ["config", "vector-store", "store", "report", "vector", "key"],
    services: ["config", "vector-store", "embedding", "store"],
    request: ["place", "config", "identity", "report", "key"],
    answers: ["meaning", "config", "store", "life", "policy", "report", "vector", "key"],
    replay: ["request", "config", "store"],
    admin: ["services", "config", "vector-store", "store", "report"],
    lookup: [
      "answers",
      "replay",
      "request",
      "services",
      "meaning",
      "config",
      "vector-store",
      "embedding",
      "store",
      "life",
      "report",
      "vector",
      "key",
    ],
    capture: [
      "lookup",
      "answers",
      "request",
      "services",
      "meaning",
      "place",
      "config",
      "store",
      "report",
      "vector",
      "key",
    ],
    [OWN]: ["**"],
  },
  "ai-proxy": {
    api: [],
    features: [],
    credential: [],
    report: [],
    "provider/base": ["features", "api"],
    context: ["provider/base"],
    "provider/shared": ["provider/base", "features"],
    "provider/*": ["provider/shared", "provider/base", "features", "api"],
    provider: ["provider/*", "provider/base", "features", "api"],
    config: ["provider", "context", "provider/base", "credential", "features", "api"],
    exchange: ["config", "context", "provider/base", "credential", "report", "api"],
    convert: ["exchange", "config", "provider/base", "features", "api"],
    answer: ["exchange", "config", "provider/base", "report"],
    route: ["convert", "exchange", "config", "provider/base", "credential", "api"],
    failover: ["route", "convert", "answer", "exchange", "config", "credential", "report", "api"],
    [OWN]: ["**"],
  },
};
