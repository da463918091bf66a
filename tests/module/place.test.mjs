/**
 * Where a request goes is part of its key: nothing that differs there is ever shared, and what is
 * harmless always is.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
} from "./support.mjs";
import { integer, propertyMap } from "../host/chain.mjs";
import { Gateway, OPENAI, PLACE } from "./place-gateway.mjs";

const PLACES = {
  "the filter chain": { "xds.filter_chain_name": "other" },
  "the port": { "destination.port": integer(10001) },
  "the virtual host": { "xds.virtual_host_name": "other" },
  "the route": { "xds.route_name": "other" },
  "a route without a name": { "xds.route_name": null },
  "the cluster": { "xds.cluster_name": "other" },
};

const DECISIVE = {
  type: { type: "deepseek", apiTokens: ["sk-1"] },
  id: { id: "other" },
  openaiCustomUrl: { openaiCustomUrl: "b.example/v1" },
  modelMapping: { modelMapping: { "gpt-4": "dear" } },
  customSettings: { customSettings: [{ name: "temperature", value: 0.1 }] },
  capabilities: { capabilities: { "openai/v1/chatcompletions": "/other/chat" } },
  basePath: { basePath: "/x", basePathHandling: "prepend" },
  providerDomain: { providerDomain: "c.example" },
  providerBasePath: { providerBasePath: "/y" },
  reasoningContentMode: { reasoningContentMode: "ignore" },
  promoteThinkingOnEmpty: { promoteThinkingOnEmpty: true },
  mergeConsecutiveMessages: { mergeConsecutiveMessages: true },
  contextCleanupCommands: { contextCleanupCommands: ["clear"] },
  responseJsonSchema: { responseJsonSchema: { type: "object" } },
  strictTranslation: { strictTranslation: true },
  responsesAsChat: { responsesAsChat: true },
  disableStreamUsageStats: { disableStreamUsageStats: true },
  "a member that nobody knows": { someNewSetting: 1 },
};
const VENDORS = {
  claudeVersion: [{ type: "claude", apiTokens: ["k"] }, { claudeVersion: "2024-01-01" }],
  claudeDefaultMaxTokens: [{ type: "claude", apiTokens: ["k"] }, { claudeDefaultMaxTokens: 7 }],
  targetLang: [{ type: "deepl", apiTokens: ["k"], targetLang: "DE" }, { targetLang: "FR" }],
  tritonModelVersion: [
    { type: "triton", apiTokens: ["k"], tritonDomain: "t.example" },
    { tritonModelVersion: "2" },
  ],
  "the key of a dify application": [
    { type: "dify", apiTokens: ["k"], botType: "Chat" },
    { apiTokens: ["other"] },
  ],
  cozeBotId: [{ type: "coze", apiTokens: ["k"], cozeBotId: "1" }, { cozeBotId: "2" }],
};
const HARMLESS = {
  apiTokens: { apiTokens: ["sk-2", "sk-3"] },
  failover: { failover: { enabled: true, failureThreshold: 3, healthCheckModel: "gpt-4" } },
  retryOnFailure: { retryOnFailure: { enabled: true } },
  timeout: { timeout: 5000 },
  firstByteTimeout: { firstByteTimeout: 5000 },
  logUpstreamErrorResponseBody: { logUpstreamErrorResponseBody: true },
};

/** What ai-proxy leaves in the stream, for a provider of its own VM. */
function fingerprintOf(build, provider) {
  const proxy = plugin("ai-proxy", { provider }, { build });
  assert.ok(proxy.accepted, proxy.vm.logText());
  const stream = exchange([proxy], { body: chatBody() }, jsonUpstream());
  return stream.properties.get("ai_proxy_chain").subarray(0, 16).toString("hex");
}

for (const build of BUILDS) {
  describe(`place (${build})`, () => {
    for (const [what, place] of Object.entries(PLACES)) {
      it(`${what} splits, with ai-proxy and without`, () => {
        for (const provider of [OPENAI, null]) {
          const gateway = new Gateway(build, { provider });
          assert.equal(gateway.ask().stored, "stored");
          const other = gateway.ask({ place });
          assert.equal(other.reason, "miss-cold");
          assert.equal(other.elsewhere, "elsewhere");
          assert.equal(gateway.ask({ place }).reason, "hit-exact");
          assert.equal(gateway.ask().reason, "hit-exact");
        }
      });
    }

    it("hundreds of places stay apart, in whatever order they come", () => {
      const gateway = new Gateway(build, { provider: null });
      const places = Array.from({ length: 300 }, (_, i) => ({
        "xds.route_name": `route ${i % 150}`,
        "xds.cluster_name": i < 150 ? "llm" : "other",
      }));
      for (const place of places) assert.equal(gateway.ask({ place }).reason, "miss-cold");
      for (const place of places.toReversed()) {
        assert.equal(gateway.ask({ place }).reason, "hit-exact");
      }
    });

    it("other things of a request do not split", () => {
      const gateway = new Gateway(build);
      gateway.ask();
      const place = { "source.address": "10.0.0.9:1", "connection.id": integer(9) };
      assert.equal(gateway.ask({ place }).reason, "hit-exact");
    });

    it("each setting of ai-proxy that can change an answer has a fingerprint of its own", () => {
      expectLog(/openaiCustomUrl: has no effect for type deepseek/, /unknown key someNewSetting/);
      const seen = new Map([[fingerprintOf(build, OPENAI), "nothing"]]);
      const note = (name, provider) => {
        const fingerprint = fingerprintOf(build, provider);
        assert.ok(
          !seen.has(fingerprint),
          `${name} has the fingerprint of ${seen.get(fingerprint)}`,
        );
        seen.set(fingerprint, name);
      };
      for (const [name, members] of Object.entries(DECISIVE)) note(name, { ...OPENAI, ...members });
      for (const [name, [provider, members]] of Object.entries(VENDORS)) {
        if (!name.startsWith("claudeDefault")) note(`${name} absent`, provider);
        note(name, { ...provider, ...members });
      }
    });

    it("keys, timeouts and what is done about failures have none", () => {
      const usual = fingerprintOf(build, OPENAI);
      for (const [name, members] of Object.entries(HARMLESS)) {
        assert.equal(fingerprintOf(build, { ...OPENAI, ...members }), usual, name);
      }
    });

    it("a changed mapping leaves the old model's answers behind; a changed key does not", () => {
      const gateway = new Gateway(build);
      gateway.ask({ upstream: jsonUpstream(completion("old")) });
      assert.equal(gateway.ask().reason, "hit-exact");
      gateway.add({ provider: { ...OPENAI, apiTokens: ["sk-2"], timeout: 7 } });
      assert.equal(gateway.ask().reason, "hit-exact");
      gateway.add({ provider: { ...OPENAI, modelMapping: { "*": "dear" } } });
      const question = "How do I reset my password?";
      const fresh = gateway.ask({ question, upstream: jsonUpstream(completion("new")) });
      assert.equal(fresh.reason, "miss-place");
      assert.equal(fresh.stored, "stored");
      const again = gateway.ask({ question });
      assert.equal(again.reason, "hit-exact");
      assert.match(again.text, /new/);
      assert.equal(gateway.ask().reason, "miss-cold");
      // What was asked first at a place is found by meaning, too.
      assert.equal(
        gateway.ask({ question: "how can I reset my password, please" }).reason,
        "hit-semantic",
      );
    });

    it("what serves old connections does not bring the old answers back", () => {
      const gateway = new Gateway(build);
      const old = gateway.plugins;
      gateway.ask({ upstream: jsonUpstream(completion("old")) });
      gateway.add({ provider: { ...OPENAI, modelMapping: { "*": "dear" } } });
      gateway.ask({ upstream: jsonUpstream(completion("new")) });
      // Old connections get the answers of the new configuration, or ask.
      assert.match(gateway.ask({ plugins: old }).text, /new/);
      gateway.ask({ plugins: old, question: "other", upstream: jsonUpstream(completion("old")) });
      const asked = gateway.ask({ question: "other", upstream: jsonUpstream(completion("new")) });
      assert.match(asked.text, /new/);
      assert.match(gateway.ask().text, /new/);
      // Believed for ten seconds where nobody else has been seen.
      const place = { "xds.route_name": "second" };
      gateway.ask({ plugins: old, place, upstream: jsonUpstream(completion("old")) });
      Gateway.pass(11);
      const later = gateway.ask({ place, upstream: jsonUpstream(completion("new")) });
      assert.equal(later.reason, "miss-place");
      assert.match(gateway.ask({ place }).text, /new/);
      gateway.ask({ plugins: old, place, question: "third" });
      assert.match(gateway.ask({ place }).text, /new/);
      // When they are gone everything is seen again.
      old[1].close();
      assert.equal(gateway.ask().reason, "miss-place");
    });

    it("a change that is taken back: what served before it serves again", () => {
      const gateway = new Gateway(build);
      const old = gateway.plugins;
      let connection = 0;
      const ask = (plugins, model, question = "hi") => {
        const place = { "connection.id": integer(++connection) };
        const upstream = jsonUpstream(completion(model));
        return gateway.ask({ plugins, place, question, upstream }).text;
      };
      ask(old, "old");
      gateway.add({ provider: { ...OPENAI, modelMapping: { "*": "dear" } } });
      const changed = gateway.plugins;
      ask(changed, "new");
      // An earlier connection is no sign of it.
      connection = 0;
      ask(old, "old", "other");
      connection = 9;
      assert.match(ask(changed, "wrong"), /new/);
      // Envoy does not configure a plugin that it still has: the first new question tells.
      ask(old, "old", "third");
      for (let i = 0; i < 3; i++) {
        assert.match(ask(old, "old"), /old/);
        Gateway.pass(11);
      }
      Gateway.pass(900);
      ask(old, "old");
      for (let i = 0; i < 3; i++) assert.match(ask(old, "wrong"), /old/);
    });

    it("rules: each place has its provider's fingerprint; with rules by host the whole counts", () => {
      const rule = (match, mapping) => ({
        ...match,
        provider: { ...OPENAI, modelMapping: { "*": mapping } },
      });
      const gateway = new Gateway(build, { provider: null });
      const configure = (second) =>
        gateway.add({
          _rules_: [
            rule({ _match_route_: ["route"] }, "first"),
            rule({ _match_route_: ["two"] }, second),
          ],
        });
      configure("second");
      const place = { "xds.route_name": "two" };
      const seen = () => [gateway.ask().reason, gateway.ask({ place }).reason];
      assert.deepEqual(seen(), ["miss-place", "miss-place"]);
      assert.deepEqual(seen(), ["hit-exact", "hit-exact"]);
      configure("changed");
      assert.deepEqual(seen(), ["miss-place", "miss-place"]);
      assert.deepEqual(seen(), ["hit-exact", "hit-exact"]);
      // The first one's answers were never in doubt.
      assert.equal(gateway.ask({ question: "hi" }).reason, "hit-exact");
      configure("second");
      seen();
      assert.deepEqual(seen(), ["hit-exact", "hit-exact"]);

      gateway.add({
        _rules_: [
          rule({ _match_domain_: ["a.example"] }, "first"),
          rule({ _match_domain_: ["b.example"] }, "second"),
        ],
      });
      const askAs = (authority) => gateway.ask({ headers: { ":authority": authority } }).reason;
      assert.equal(askAs("a.example"), "miss-place");
      assert.equal(askAs("b.example"), "miss-cold");
      assert.deepEqual([askAs("a.example"), askAs("b.example")], ["hit-exact", "hit-exact"]);
    });

    it("a place where different plugins answer in turn is not cached, whatever is still in flight", () => {
      const gateway = new Gateway(build);
      const first = gateway.plugins;
      gateway.add({ provider: { ...OPENAI, modelMapping: { "*": "dear" } } }, "another");
      const second = gateway.plugins;
      let connection = 0;
      const request = (question) => ({ body: chatBody(question) });
      const ask = (plugins, question, upstream = jsonUpstream()) => {
        const properties = { ...PLACE, "connection.id": integer(++connection) };
        return exchange(plugins, request(question), upstream, { properties });
      };
      assert.equal(ask(first, "hi").attribute("ai_cache"), "miss-place");
      const slow = ask(second, "slow", () => null);
      ask(second, "hi there");
      slow.respond(jsonUpstream(completion("late"))({}));
      assert.equal(slow.json.choices[0].message.content, "late");
      for (const plugins of [first, second, first]) {
        const stream = ask(plugins, "slow", jsonUpstream(completion("own")));
        assert.equal(stream.attribute("ai_cache"), "ineligible-no-cluster");
        assert.equal(stream.json.choices[0].message.content, "own");
      }
    });

    it("chains with different plugins of one vm_id stay apart, those without ai-proxy work", () => {
      const gateway = new Gateway(build);
      const first = gateway.plugins;
      gateway.add({ provider: { ...OPENAI, modelMapping: { "*": "dear" } } });
      const second = gateway.plugins;
      const alone = [gateway.cache];
      const other = { "destination.port": integer(10001) };
      const third = { "destination.port": integer(10002) };
      for (const reason of ["miss-place", "hit-exact"]) {
        assert.equal(gateway.ask({ plugins: first }).reason, reason);
        assert.equal(gateway.ask({ plugins: second, place: other }).reason, reason);
        assert.equal(gateway.ask({ plugins: alone, place: third }).reason, reason);
      }
    });

    it("where ai-proxy has another vm_id the scope goes without it, and the log says so", () => {
      expectLog(/^ai-cache: ai-proxy runs under another vm_id: /);
      const gateway = new Gateway(build, { provider: null });
      const foreign = plugin("ai-proxy", { provider: OPENAI }, { build, now: Gateway.now });
      gateway.plugins = [gateway.cache, foreign];
      assert.equal(gateway.ask().reason, "miss-cold");
      assert.equal(gateway.ask().reason, "hit-exact");
      gateway.ask({ question: "x" });
      const lines = gateway.cache.vm.logs.filter(({ text }) => text.includes("vm_id"));
      assert.deepEqual(
        lines.map(({ level }) => level),
        [2, 3],
      );
    });

    it("a cluster that is not known yet: not cached, unless the header that decides is in the key", () => {
      const place = { "xds.cluster_name": null };
      const gateway = new Gateway(build);
      assert.equal(gateway.ask({ place }).reason, "ineligible-no-cluster");
      assert.equal(gateway.ask({ place }).stored, undefined);
      const text = new Gateway(build, { cache: { keyMode: "text" } });
      assert.deepEqual(
        [1, 2].map(() => text.ask({ place }).reason),
        ["miss-cold", "hit-exact"],
      );
      const keyed = new Gateway(build, { cache: { scopeHeaders: ["x-model"] } });
      assert.equal(keyed.ask({ place }).reason, "ineligible-no-cluster");
      assert.equal(keyed.ask({ place, headers: { "x-model": "a" } }).reason, "miss-cold");
      assert.equal(keyed.ask({ place, headers: { "x-model": "a" } }).reason, "hit-exact");
      assert.equal(keyed.ask({ place, headers: { "x-model": "b" } }).reason, "miss-cold");
      const chosen = (request) => ({ ...jsonUpstream()(request), cluster: "chosen" });
      const later = keyed.ask({ place, headers: { "x-model": "c" }, upstream: chosen });
      assert.equal(later.stored, "stored");
    });

    it("behind ai-proxy nothing is cached, and one line a minute says so", () => {
      expectLog(/^ai-cache: ineligible-order: /);
      const gateway = new Gateway(build);
      const plugins = [...gateway.plugins].reverse();
      for (let i = 0; i < 3; i++) {
        assert.equal(gateway.ask({ plugins }).reason, "ineligible-order");
      }
      const warnings = () => gateway.cache.vm.logText(3).split("\n").filter(Boolean).length;
      assert.equal(warnings(), 1);
      Gateway.pass(60);
      gateway.ask({ plugins });
      assert.equal(warnings(), 2);
      assert.equal(
        gateway.cache.vm.metrics.get(
          "ai_cache_requests_total.result=.=ineligible;.;.reason=.=ineligible-order;.;",
        ),
        4,
      );
    });
  });

  describe(`a request that a gateway sends again (${build})`, () => {
    it("is not cached: its credential is the operator's, and all clients look alike", () => {
      const gateway = new Gateway(build);
      const headers = { authorization: "Bearer operator", "x-higress-fallback-from": "r" };
      for (let i = 0; i < 2; i++) {
        assert.equal(gateway.ask({ headers }).reason, "ineligible-order");
      }
    });
  });

  describe(`who answered (${build})`, () => {
    const answer = (model, members = {}) => {
      const upstream = jsonUpstream(completion("x", { model }));
      return (request) => ({ ...upstream(request), ...members });
    };

    it("one attempt: the model of an answer decides nothing", () => {
      for (const provider of [OPENAI, null]) {
        const gateway = new Gateway(build, { provider });
        for (const model of ["a", "b"]) {
          const upstream = answer(model);
          assert.equal(gateway.ask({ question: model, upstream }).stored, "stored");
        }
      }
    });

    it("several attempts: stored only with the model that answered last", () => {
      for (const provider of [OPENAI, null]) {
        const gateway = new Gateway(build, { provider });
        const ask = (question, model, attempts) =>
          gateway.ask({ question, upstream: answer(model, { attempts }) }).stored;
        assert.equal(ask("1", "big", 2), "answer-fallback");
        assert.equal(ask("2", "big", 1), "stored");
        assert.equal(ask("3", "big", 2), "stored");
        assert.equal(ask("4", "small", 2), "answer-fallback");
        assert.equal(ask("4", "big", 1), "stored");
      }
    });

    it("another cluster than the route's: not stored", () => {
      const gateway = new Gateway(build);
      gateway.ask({ question: "1", upstream: answer("big") });
      const upstream = answer("big", { attempts: 2, cluster: "other" });
      assert.equal(gateway.ask({ question: "2", upstream }).stored, "answer-fallback");
    });

    it("upstream filters: the first choice's answer is stored, the next one's is not", () => {
      const gateway = new Gateway(build, { provider: null });
      const filter = (name, members) =>
        plugin(
          "ai-proxy",
          { upstreamFilter: true, provider: { ...OPENAI, id: name, ...members } },
          { ...gateway.options, pluginName: name },
        );
      const [one, two] = [filter("one"), filter("two", { openaiCustomUrl: "b.example/v1" })];
      /** Attempts as Envoy makes them: each with a filter of its own over one filter state. */
      const attempts = (proxies, question = "hi", place = {}) => {
        const state = propertyMap({ ...PLACE, ...place });
        const upstream = (request) => {
          proxies.forEach((proxy, index) => {
            state.set("upstream\0request_attempt_count", integer(index + 1));
            if (proxy === null) return;
            const inner = exchange([proxy], { body: chatBody(question) }, jsonUpstream(), {
              state,
            });
            assert.equal(inner.trap, undefined);
          });
          return { ...jsonUpstream()(request), attempts: proxies.length };
        };
        const result = exchange(
          gateway.plugins,
          { body: chatBody(question), headers: { authorization: "Bearer me" } },
          upstream,
          { state },
        );
        return [result.attribute("ai_cache"), result.attribute("ai_cache_store")];
      };
      assert.deepEqual(attempts([one]), ["miss-place", "stored"]);
      assert.deepEqual(attempts([one, two], "2"), ["miss-cold", "answer-fallback"]);
      assert.deepEqual(attempts([one, one], "3"), ["miss-cold", "stored"]);
      assert.deepEqual(attempts([one, null], "4"), ["miss-cold", "answer-fallback"]);
      assert.deepEqual(attempts([null, two], "5"), ["miss-cold", "answer-fallback"]);
      assert.deepEqual(attempts([one]), ["hit-exact", undefined]);
      // Another first choice at the same place: nobody can tell which one a request goes to.
      attempts([two], "6");
      assert.deepEqual(attempts([one]), ["ineligible-no-cluster", undefined]);
      // One on its way out is believed for ten seconds.
      filter("one", { modelMapping: { "*": "dear" } });
      const second = { "xds.route_name": "second" };
      assert.deepEqual(attempts([one], "7", second), ["miss-place", "stored"]);
      assert.deepEqual(attempts([one], "7", second), ["hit-exact", undefined]);
      Gateway.pass(10);
      assert.deepEqual(attempts([one], "7", second), ["miss-place", "stored"]);
    });
  });
}
