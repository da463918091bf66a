/** What the modules say at load: one line each, once, that tells what they are going to do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { SharedData } from "../host/vm.mjs";
import { chatBody, exchange, jsonUpstream, plugin } from "./support.mjs";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const EMBEDDING = { type: "openai", serviceName: "e", apiKey: "k", model: "m" };
const lineOf = (name, configuration, options) => {
  const { accepted, vm } = plugin(name, configuration, options);
  assert.ok(accepted, vm.logText());
  return vm
    .logText(2)
    .split("\n")
    .find((line) => line.includes(`${name} ${version}: `));
};

describe("the line at load", () => {
  for (const [configuration, words] of [
    [
      {},
      "memory 10000 entries/64 MiB, semantic strict (built in), tenant credential, life learned",
    ],
    [
      {
        cache: {
          type: "redis",
          serviceName: "r",
          cacheTTL: 3600,
          maxEntries: 5,
          maxBytes: 1 << 20,
        },
        tenant: { from: "header:x-user", anonymous: "share" },
        explain: true,
      },
      "memory 5 entries/1 MiB + redis tcp → cluster r, semantic strict (built in), tenant header x-user, anonymous clients share, life 1 h, explained",
    ],
    [
      {
        enableSemanticCache: false,
        tenant: { from: "shared" },
        cache: { cacheTTL: 90 },
      },
      "memory 10000 entries/64 MiB, semantic off, all clients share, life 90 s",
    ],
    [
      {
        embedding: EMBEDDING,
        match: { mode: "loose", threshold: 0.9, shadow: true },
        vector: { type: "qdrant", serviceName: "q", collectionID: "c" },
      },
      "semantic loose (built in + embedding openai) threshold 0.9, vectors in qdrant, shadow only,",
    ],
    [
      { _rules_: [{ _match_route_: ["a"], enableSemanticCache: false }] },
      "rule 0: memory 10000 entries/64 MiB, semantic off, tenant credential, life learned; requests outside the rules pass untouched",
    ],
  ]) {
    it(`of ai-cache: ${words}`, () => {
      const line = lineOf("ai-cache", configuration);
      assert.ok(line.includes(words), line);
    });
  }

  const openai = { type: "openai", apiTokens: ["sk-1", "sk-2"] };
  for (const [configuration, words] of [
    [{ provider: openai }, "openai 2 keys"],
    [
      {
        provider: { id: "mine", type: "openai", openaiCustomUrl: "http://h:1/v1", apiTokens: "k" },
      },
      "mine (openai) 1 key at h:1",
    ],
    [
      { _rules_: [{ _match_route_: ["a"], provider: openai }], upstreamFilter: true },
      "openai 2 keys; 1 rule, requests outside pass untouched; as upstream filter",
    ],
  ]) {
    it(`of ai-proxy: ${words}`, () => {
      const line = lineOf("ai-proxy", configuration);
      assert.ok(line.endsWith(`ai-proxy ${version}: ${words}`), line);
      assert.doesNotMatch(line, /sk-/);
    });
  }

  it("is written by one worker, and again when the configuration has changed", () => {
    const shared = new SharedData();
    assert.ok(lineOf("ai-cache", {}, { shared }));
    assert.equal(lineOf("ai-cache", {}, { shared }), undefined);
    assert.ok(lineOf("ai-cache", { explain: true }, { shared }));
    assert.ok(lineOf("ai-cache", {}, { shared }));
    assert.ok(lineOf("ai-proxy", { provider: openai }, { shared }));
  });

  it("is followed by what is decided about each request, at debug level", () => {
    for (const [logLevel, expected] of [
      [1, true],
      [2, false],
    ]) {
      const shared = new SharedData();
      const chain = [
        plugin("ai-cache", {}, { shared, logLevel }),
        plugin("ai-proxy", { provider: openai }, { shared, logLevel }),
      ];
      const headers = { authorization: "Bearer client" };
      exchange(chain, { body: chatBody("What is in a debug line?"), headers }, jsonUpstream());
      const log = chain.map(({ vm }) => vm.logText(0)).join("\n");
      assert.equal(/ai-cache decided miss-/.test(log), expected);
      const line =
        /ai-proxy sent openai\/v1\/chatcompletions to provider openai with key [01], model gpt-4, status 200/;
      assert.equal(line.test(log), expected, log);
      assert.doesNotMatch(log, /sk-1|sk-2|debug line|client/);
    }
  });

  it("is matched by a metric with the version", () => {
    for (const [name, configuration] of [
      ["ai-cache", {}],
      ["ai-proxy", { provider: openai }],
    ]) {
      const { vm } = plugin(name, configuration);
      const metric = `${name.replace("-", "_")}_build_info.version=.=${version};.;`;
      assert.equal(vm.metrics.get(metric), 1, [...vm.metrics.keys()].join());
    }
  });
});
