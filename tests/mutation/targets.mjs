/** The files that are mutated, and the module tests that have to kill the mutants. */
import { join } from "node:path";
import { ROOT } from "../../scripts/tools/paths.mjs";

const cache = (folder, ...names) => names.map((name) => `assembly/ai-cache/${folder}/${name}.ts`);
const proxy = (folder, ...names) => names.map((name) => `assembly/ai-proxy/${folder}/${name}.ts`);

export const TARGETS = [
  {
    name: "identity",
    modules: ["ai-cache"],
    files: [
      ...cache("identity", "credential", "identity", "tenant", "tenant-section", "signature"),
      ...cache("identity", "cookies", "lines", "certificate", "notice"),
      "assembly/http/identity-names.ts",
    ],
    tests: ["identity", "load", "mistakes", "decisions", "ai-cache", "redis"],
  },
  {
    name: "key",
    modules: ["ai-cache"],
    files: [
      ...cache("key", "cache-key"),
      ...cache("request", "request-scope", "text-key", "make-key", "whole-key"),
      "assembly/json/surrogates.ts",
      "assembly/protocol/base/request-view.ts",
      "assembly/protocol/anthropic-messages/request-view.ts",
      "assembly/protocol/google-gemini/request-view.ts",
      "assembly/protocol/openai-responses/request-view.ts",
    ],
    tests: [
      ...["ai-cache", "faithful", "decisions", "identity", "meaning", "messages-cache"],
      ...["responses-cache", "google-cache", "functions", "mistakes"],
    ],
  },
  {
    name: "protocols",
    modules: ["ai-cache", "ai-proxy"],
    files: ["assembly/protocol/registry.ts"],
    tests: ["protocols"],
  },
  {
    name: "place",
    modules: ["ai-cache", "ai-proxy"],
    files: [
      ...cache("place", "last-models", "request-place", "place", "place-book", "order"),
      ...cache("place", "answered-by", "scope-sketch"),
      "assembly/fingerprint/registry.ts",
      "assembly/fingerprint/mark.ts",
    ],
    tests: ["place", "place-notes", "decisions"],
  },
  {
    name: "answers",
    modules: ["ai-cache"],
    files: [
      ...cache("request", "eligibility"),
      ...cache("meaning", "verdict"),
      ...cache("capture", "open-capture", "vary"),
      ...cache("form", "answer-capture"),
      ...cache("replay", "hit-reply"),
      ...cache("function", "chat/form", "whole/answer"),
      "assembly/http/cache-control.ts",
      "assembly/ai-cache/report/refusals.ts",
    ],
    tests: [
      ...["ai-cache", "decisions", "embedding", "trailers", "messages-cache", "responses-cache"],
      ...["google-cache", "functions", "identity", "meaning", "any-json"],
    ],
  },
  {
    name: "headers",
    modules: ["ai-proxy"],
    files: [
      ...proxy("route", "client-credential", "forward-headers"),
      ...proxy("answer", "mask"),
      ...proxy("provider/base", "header-lists"),
      ...proxy("config", "client-headers"),
    ],
    tests: ["headers", "credentials", "ai-proxy", "providers", "vertex"],
  },
  {
    name: "limits",
    modules: ["ai-proxy"],
    files: [
      ...proxy("route", "admission"),
      ...proxy("answer", "error-answer"),
      "assembly/ai-proxy/exchange/refusals.ts",
    ],
    tests: ["error-answers", "refusals", "paths", "ai-proxy"],
  },
  {
    name: "bodies",
    modules: ["ai-cache", "ai-proxy"],
    files: ["assembly/proxy-wasm/body-buffer.ts", "assembly/http/held-answer.ts"],
    tests: ["body-writes", "bodies", "trailers"],
  },
];

/** Paths of the test files of a target. */
export function testFiles({ tests }) {
  return tests.map((name) => join(ROOT, `tests/module/${name}.test.mjs`));
}
