/**
 * Requests of today's agents, as they were captured, at every type with a chat and at models of each
 * generation: the strict vendors accept what ai-proxy makes of them.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import { DESTINATIONS, isOpenAis, judgeRequest, modelsOf } from "../strict/index.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const FOLDER = join(ROOT, "tests/fixtures/agents");
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({
    name: file.replace(".json", ""),
    ...JSON.parse(readFileSync(join(FOLDER, file), "utf8")),
  }))
  .filter(({ method, path }) => method === "POST" && !/count_tokens/.test(path));
const all = Object.keys(DESTINATIONS).flatMap((name) =>
  [...modelsOf(name)].map((model) => ({ name, model, key: `${name}/${model}` })),
);
/** Types with texts or pictures alone, which agents cannot work with, and what has no vendor. */
const NO_AGENTS = ["coze", "deepl", "dify", "generic", "kling", "triton"];

/** Whether the protocol's own maker gets the client's words as they are. */
function isNative({ headers }, name, fixture) {
  if (/responses/.test(fixture.path) && !isOpenAis(name)) return false;
  const [, api] = /([/:](?:responses|streamGenerateContent))(?:\?|$)/.exec(fixture.path) ?? [];
  return api !== undefined && headers.get(":path").split("?")[0].endsWith(api);
}

/** What becomes of a request: null when it is accepted, undefined when it is not ai-proxy's, else the refusal. */
function outcome(proxy, { name, model }, fixture) {
  const upstream = jsonUpstream();
  const stream = exchange(
    [proxy],
    { path: fixture.path, body: JSON.stringify(fixture.body), headers: fixture.headers },
    upstream,
  );
  const [request] = upstream.requests;
  if (!request) return { id: `ai-proxy: ${JSON.parse(stream.text).error.message}` };
  if (isNative(request, name, fixture)) return undefined;
  const body = JSON.parse(request.body.toString());
  return judgeRequest(name, model, request.headers.get(":path"), body);
}

/** What ai-proxy refuses by a rule, in words that the client understands. */
const REFUSED = {
  "codex-compaction-item-back": "ai-proxy: this thread was compacted by another service",
};

describe("requests of agents", () => {
  /** Whether a name is meant by a pattern of the table, in which `*` stands for any text. */
  const matches = (pattern, name) =>
    new RegExp(`^${pattern.replace(/[.+/]/g, "\\$&").replaceAll("*", ".*")}$`, "i").test(name);

  it("are tried at a model of every row of what models accept", () => {
    for (const { name, features } of providerTable().types) {
      if (NO_AGENTS.includes(name)) continue;
      const left = new Set(features.map(([pattern]) => pattern));
      for (const model of modelsOf(name)) {
        // A name counts with and without its publisher.
        const plain = model.slice(model.lastIndexOf("/") + 1);
        const isOf = ([pattern]) => matches(pattern, model) || matches(pattern, plain);
        left.delete(features.find(isOf)?.[0]);
      }
      assert.deepEqual([...left], [], `rows of ${name} without a model`);
    }
  });
});

for (const build of BUILDS) {
  describe(`requests of agents (${build})`, () => {
    for (const destination of all) {
      it(`are accepted by ${destination.key}`, () => {
        const { type = destination.name, config } = DESTINATIONS[destination.name];
        const proxy = plugin(
          "ai-proxy",
          {
            provider: {
              type,
              apiTokens: ["key-1"],
              modelMapping: { "*": destination.model },
              ...config,
            },
          },
          { build, now: () => 1_700_000_000_000 },
        );
        let asked = 0;
        for (const fixture of fixtures) {
          const fault = outcome(proxy, destination, fixture);
          if (fault === undefined) continue;
          asked++;
          assert.equal(fault?.id, REFUSED[fixture.name], `${fixture.name}: ${fault?.words}`);
        }
        assert.ok(asked >= 6, "requests of agents reached the vendor");
      });
    }
  });
}
