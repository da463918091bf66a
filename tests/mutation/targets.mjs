/** What is mutated, and which tests have to notice. The first test of a list is the likeliest to. */
const cache = (folder, ...names) => names.map((name) => `assembly/ai-cache/${folder}/${name}.ts`);
const proxy = (folder, ...names) => names.map((name) => `assembly/ai-proxy/${folder}/${name}.ts`);

export const TARGETS = [
  {
    module: "ai-cache",
    files: [
      ...cache("identity", "credential", "identity", "tenant", "signature", "names"),
      ...cache("identity", "cookies", "lines", "certificate"),
      ...cache("key", "request-scope", "cache-key"),
    ],
    tests: ["identity", "place", "ai-cache", "meaning", "messages-cache", "responses-cache"],
  },
  {
    module: "ai-cache",
    files: [
      ...cache("lookup", "eligibility", "verdict"),
      ...cache("capture", "open-capture", "vary"),
      ...cache("replay", "replay"),
    ],
    tests: ["ai-cache", "identity", "meaning", "embedding", "messages-cache", "responses-cache"],
  },
  {
    module: "ai-proxy",
    files: [
      ...proxy("credential", "client-credential"),
      ...proxy("route", "admission"),
      ...proxy("answer", "error-answer"),
    ],
    tests: ["ai-proxy", "providers", "paths", "failover", "responses"],
  },
];
