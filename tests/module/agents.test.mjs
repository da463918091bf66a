/**
 * Requests of today's agents, as they were captured, at every type with a chat and at models of each
 * generation: the strict vendors accept what ai-proxy makes of them, but for what
 * `tests/strict/expected.json` lists.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { DESTINATIONS, judgeRequest } from "../strict/index.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const FOLDER = join(ROOT, "tests/fixtures/agents");
const EXPECTED = join(ROOT, "tests/strict/expected.json");
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({
    name: file.replace(".json", ""),
    ...JSON.parse(readFileSync(join(FOLDER, file), "utf8")),
  }))
  .filter(({ method, path }) => method === "POST" && !/count_tokens|v1beta/.test(path));
const all = Object.entries(DESTINATIONS).flatMap(([name, { models }]) =>
  models.map((model) => ({ name, model, key: `${name}/${model}` })),
);

/** Whether the vendor gets the client's own words, which are none of ai-proxy's. */
function isNative({ headers }, fixture) {
  const [, api] = /\/(messages|responses)(?:\?|$)/.exec(fixture.path) ?? [];
  return api !== undefined && headers.get(":path").split("?")[0].endsWith(`/${api}`);
}

/** What becomes of a request: null when it is accepted, else the word for the refusal. */
function outcome(proxy, { name, model }, fixture) {
  const upstream = jsonUpstream();
  const stream = exchange(
    [proxy],
    { path: fixture.path, body: JSON.stringify(fixture.body), headers: fixture.headers },
    upstream,
  );
  const [request] = upstream.requests;
  if (!request) return { id: `ai-proxy: ${JSON.parse(stream.text).error.message}` };
  if (isNative(request, fixture)) return null;
  const body = JSON.parse(request.body.toString());
  return judgeRequest(name, model, request.headers.get(":path"), body);
}

const expected = JSON.parse(readFileSync(EXPECTED, "utf8"));
const seen = {};

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
        const refused = {};
        for (const fixture of fixtures) {
          const fault = outcome(proxy, destination, fixture);
          if (fault === null) continue;
          refused[fault.id] = [refused[fault.id], fixture.name].filter(Boolean).join(" ");
        }
        seen[destination.key] = refused;
        if (process.env.WRITE_EXPECTED) return;
        assert.deepEqual(refused, expected[destination.key] ?? {});
      });
    }

    it("no destination is expected to refuse that is not there", () => {
      const keys = new Set(all.map(({ key }) => key));
      assert.deepEqual(
        Object.keys(expected).filter((key) => !keys.has(key)),
        [],
      );
      if (!process.env.WRITE_EXPECTED) return;
      const left = Object.entries(seen).filter(([, refused]) => Object.keys(refused).length > 0);
      writeFileSync(EXPECTED, `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`);
    });
  });
}
