/** ai-cache: how long answers live. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  exchange,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const HOUR = 3_600_000;
const NOW = "What time is it now?";
const FACT = "How do I reset my password?";

/** A cache whose clock the test moves. */
function clocked(configuration = {}, options = {}) {
  const clock = { time: 1_700_000_000_000 };
  const cache = plugin(
    "ai-cache",
    { explain: true, enableSemanticCache: false, ...configuration },
    { now: () => clock.time, ...options },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  const ask = (question, answer = "Open the settings.", members = {}) =>
    exchange([cache], { body: chatBody(question), ...members }, jsonUpstream(completion(answer)));
  const reason = (...args) => ask(...args).attribute("ai_cache");
  const life = (question) => {
    const status = ask(question).received.headers.get("cache-status");
    return Number(/life=(\d+)/.exec(status)?.[1]);
  };
  const wait = (hours) => (clock.time += hours * HOUR);
  return { cache, ask, reason, life, wait };
}

for (const build of BUILDS) {
  describe(`lives of answers (${build})`, () => {
    it("are short for what is so now, in English, Chinese and an operator's words", () => {
      const one = clocked({ life: { timelyWords: ["on duty", "值班"] } }, { build });
      for (const question of [NOW, "今天天气怎么样？", "Who is on duty?", "谁在值班"]) {
        assert.equal(one.reason(question), "miss-cold");
        assert.equal(one.reason(question), "hit-exact");
        assert.ok(one.life(question) < 1800, question);
      }
      assert.equal(one.reason(FACT), "miss-cold");
      assert.ok(one.life(FACT) > 7200);
      one.wait(1);
      assert.equal(one.reason(NOW), "miss-expired");
      assert.equal(one.reason(FACT), "hit-exact");
      one.wait(4);
      assert.equal(one.reason(FACT), "miss-expired");
    });

    it("grow with answers that stay, and shrink with those that change", () => {
      const one = clocked({}, { build });
      one.ask(FACT);
      const first = one.life(FACT);
      let former = first;
      for (let i = 0; i < 5; i++) {
        one.wait(former / 3600 + 12);
        assert.equal(one.reason(FACT, "Open the settings."), "miss-expired");
        const life = one.life(FACT);
        assert.ok(life > former, `${life} after ${former}`);
        former = life;
      }
      assert.ok(former >= 24 * 3600);
      // The same within an hour, another after a day: that is change. Different each time would be noise.
      const fresh = { headers: { "cache-control": "no-cache" } };
      for (let i = 0; i < 5; i++) {
        one.wait(0.5);
        one.ask(FACT, i === 0 ? "Open the settings." : `The price is ${i} dollars.`, fresh);
        one.wait(30);
        one.ask(FACT, `The price is ${i + 1} dollars.`, fresh);
      }
      assert.ok(one.life(FACT) < former / 4, `${one.life(FACT)} after ${former}`);
      const metric = (agree) =>
        one.cache.vm.metrics.get(
          `ai_cache_observations_total.kind=.=general;.;.agree=.=${agree};.;`,
        );
      assert.deepEqual([metric("yes"), metric("no")], [10, 5]);
    });
  });
}

describe("lives of answers, as they are configured", () => {
  it("are fixed with cacheTTL, and then nothing is learned", () => {
    const one = clocked({ cache: { cacheTTL: 7200 } });
    assert.equal(one.reason(NOW), "miss-cold");
    assert.equal(one.life(NOW), 7200);
    one.wait(1.9);
    assert.equal(one.reason(NOW), "hit-exact");
    one.wait(0.2);
    assert.equal(one.reason(NOW), "miss-expired");
    assert.ok(![...one.cache.vm.metrics.keys()].some((name) => name.includes("observations")));
  });

  it("are learned beside cacheTTL where life.mode says so", () => {
    const learned = clocked({ cacheTTL: 7200, life: { mode: "learn" } });
    learned.ask(NOW);
    assert.ok(learned.life(NOW) < 1800);
    const observed = clocked({ cacheTTL: 7200, life: { mode: "observe" } });
    observed.ask(NOW);
    assert.equal(observed.life(NOW), 7200);
    observed.wait(3);
    observed.ask(NOW);
    assert.equal(
      observed.cache.vm.metrics.get("ai_cache_observations_total.kind=.=timely;.;.agree=.=yes;.;"),
      1,
    );
  });

  it("stay within life.min and life.max", () => {
    const one = clocked({ life: { min: 7000, max: 8000 } });
    one.ask(NOW);
    one.ask(FACT);
    assert.equal(one.life(NOW), 7000);
    assert.equal(one.life(FACT), 8000);
  });

  it("are learned from the same question's answers by the same model only", () => {
    const one = clocked();
    one.ask(FACT);
    one.wait(5);
    const other = { ...completion("Other words, really."), model: "another" };
    exchange([one.cache], { body: chatBody(FACT) }, jsonUpstream(other));
    assert.ok(![...one.cache.vm.metrics.keys()].some((name) => name.includes("observations")));
  });

  it("are refused for background requests that cacheControl would not let through", () => {
    const life = { refreshShare: 0.1, refreshCluster: "self" };
    const cache = plugin("ai-cache", { cacheControl: false, life });
    assert.equal(cache.accepted, false);
    assert.match(cache.vm.takeLog(), /life.refreshShare.*requires cacheControl/);
  });

  it("are shared by workers, and survive a configuration", () => {
    const shared = new SharedData();
    const one = clocked({}, { shared });
    one.ask(FACT);
    for (let i = 0; i < 4; i++) {
      one.wait(24);
      one.ask(FACT);
    }
    const life = one.life(FACT);
    const other = clocked({ revision: "2" }, { shared });
    other.ask("Where is the manual?");
    assert.ok(other.life("Where is the manual?") > 3 * 3600, "of its class");
    assert.ok(other.life("Where is the manual?") < life, "of itself");
  });

  for (const [life, message] of [
    [
      { mode: "learnt" },
      /life.mode.*unknown value "learnt", expected one of fixed, observe, learn/,
    ],
    [{ maxStaleRate: 0 }, /life.maxStaleRate.*must be from 0.001 to 0.5/],
    [{ min: 100, max: 99 }, /life.min.*must not be above max/],
    [{ timelyWords: Array(201).fill("x") }, /life.timelyWords.*at most 200 words/],
    [{ refreshShare: 0.2, refreshCluster: "self" }, /life.refreshShare.*must be from 0 to 0.1/],
    [{ refreshShare: 0.1 }, /life.refreshCluster.*is required with refreshShare/],
  ]) {
    it(`refuse ${JSON.stringify(life).slice(0, 40)}`, () => {
      const cache = plugin("ai-cache", { life });
      assert.equal(cache.accepted, false);
      assert.match(cache.vm.takeLog(), message);
    });
  }
});

describe("answers that are asked for anew in the background", () => {
  const life = { refreshShare: 0.1, refreshCluster: "self" };
  const metric = (cache, name, ...labels) =>
    cache.vm.metrics.get([name, ...labels.map(([key, value]) => `${key}=.=${value};.;`)].join("."));

  it("are those of one in so many exact hits; the request is the client's, but for what lets it through", () => {
    const one = clocked({ life });
    one.cache.vm.onHttpCall = () => 0;
    one.ask(FACT);
    const headers = { "cache-control": "max-age=100", "x-team": "red", "x-request-id": "1" };
    for (let i = 0; i < 25; i++) assert.equal(one.reason(FACT, "", { headers }), "hit-exact");
    const calls = [...one.cache.vm.calls.values()];
    assert.equal(calls.length, 2);
    const [{ cluster, headers: sent, body }] = calls;
    assert.equal(cluster, "self");
    const fields = Object.fromEntries(sent.fields);
    assert.equal(fields["cache-control"], "no-cache, ai-cache-refresh");
    assert.equal(fields["x-team"], "red");
    assert.equal(fields[":path"], "/v1/chat/completions");
    assert.equal(fields[":method"], "POST");
    assert.ok(!("x-request-id" in fields) && !("content-length" in fields));
    assert.equal(body.toString(), chatBody(FACT));
  });

  it("replace what is stored, are compared with it, and counted as what they cost", () => {
    const one = clocked({ life });
    one.cache.vm.onHttpCall = () => 0;
    one.ask(FACT);
    one.wait(1);
    const headers = { "cache-control": "no-cache, ai-cache-refresh" };
    const status = one.ask(FACT, "Open the menu.", { headers });
    assert.match(
      status.received.headers.get("cache-status"),
      /fwd=request; detail="?bypass-refresh/,
    );
    assert.equal(status.attribute("ai_cache"), "bypass-refresh");
    assert.equal(metric(one.cache, "ai_cache_spent_tokens_total", ["kind", "refresh"]), 5);
    const hit = one.ask(FACT);
    assert.match(hit.text, /Open the menu/);
    const observed = [...one.cache.vm.metrics.keys()].filter((key) => /observations/.test(key));
    assert.equal(observed.length, 1);
  });

  it("are four at a time, and cost the client nothing where the cluster is not there", () => {
    const one = clocked({ life });
    one.cache.vm.onHttpCall = () => 0;
    one.ask(FACT);
    for (let i = 0; i < 70; i++) one.ask(FACT);
    assert.equal(one.cache.vm.calls.size, 4);
    assert.ok(metric(one.cache, "ai_cache_refreshes_total", ["result", "skipped"]) >= 2);
    for (const token of [...one.cache.vm.calls.keys()])
      one.cache.vm.answer(token, { status: 200, body: "" });
    assert.equal(metric(one.cache, "ai_cache_refreshes_total", ["result", "ok"]), 4);
    one.cache.vm.onHttpCall = () => 2;
    for (let i = 0; i < 20; i++) assert.equal(one.reason(FACT), "hit-exact");
    assert.equal(metric(one.cache, "ai_cache_refreshes_total", ["result", "failed"]), 2);
  });
});
