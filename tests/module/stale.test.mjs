/** ai-cache: expired answers in place of the model's errors. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BUILDS,
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  logOf,
  plugin,
  SharedData,
  streamedText,
} from "./support.mjs";

const HOUR = 3_600_000;
const START = 1_700_000_000_000;
const FACT = "How do I reset my password?";
const NOW = "What time is it now?";

const failing = (status = 503, headers = {}) =>
  jsonUpstream({ error: { message: "down", type: "server_error" } }, { status, headers });

/** A cache with an answer to `question` that expired an hour ago, of a life of four. */
function expired(
  configuration = {},
  { question = FACT, life = 4, headers = {}, stream = false, ...options } = {},
) {
  const clock = { time: START };
  const cache = plugin(
    "ai-cache",
    {
      enableSemanticCache: false,
      cacheTTL: life * 3600,
      life: { staleIfError: 7200 },
      ...configuration,
    },
    { now: () => clock.time, ...options },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  const upstream = jsonUpstream(completion("Open the settings."), { headers });
  exchange([cache], { body: chatBody(question) }, upstream);
  clock.time += (life + 1) * HOUR;
  const ask = (answer = failing(), members = {}) =>
    exchange([cache], { body: chatBody(question, { stream }), ...members }, answer);
  return { cache, clock, ask };
}

const isStale = (stream) => {
  const reason = stream.attribute("ai_cache");
  const { headers } = stream.received;
  assert.equal(headers.get(":status") === "200", reason === "hit-stale", reason);
  return reason === "hit-stale";
};

for (const build of BUILDS) {
  describe(`expired answers where the model fails (${build})`, () => {
    it("hide no error from ai-proxy's metric, even after its last attempt", () => {
      const clock = { time: START };
      const options = { build, shared: new SharedData(), now: () => clock.time };
      const cache = plugin("ai-cache", { cacheTTL: 60, life: { staleIfError: 7200 } }, options);
      const retryOnFailure = { enabled: true, maxRetries: 1 };
      const provider = { type: "openai", apiTokens: ["a", "b"], retryOnFailure };
      const proxy = plugin("ai-proxy", { provider }, options);
      proxy.vm.onHttpCall = () => 2;
      const properties = { "xds.cluster_name": "llm" };
      const ask = (upstream) =>
        exchange([cache, proxy], { body: chatBody(FACT) }, upstream, { properties });
      ask(jsonUpstream(completion("Open the settings.")));
      clock.time += HOUR;
      assert.ok(isStale(ask(failing())));
      const names = [...proxy.vm.metrics.keys()].filter((name) => /requests_total/.test(name));
      assert.match(names.join("\n"), /status=\.=503/);
    });

    it("are served, and say so", () => {
      const one = expired({ explain: true }, { build });
      const stream = one.ask();
      assert.ok(isStale(stream));
      const { headers } = stream.received;
      assert.equal(stream.json.choices[0].message.content, "Open the settings.");
      assert.match(headers.get("content-type"), /^application\/json/);
      assert.equal(headers.get("age"), String(5 * 3600));
      const status = headers.get("cache-status");
      assert.match(
        status,
        /^ai-cache; fwd=stale; fwd-status=503; ttl=-3600; detail=hit-stale; key="\w+"/,
      );
      assert.equal(stream.details, "ai_cache_stale");
      const log = logOf(stream);
      assert.equal(log.cache_reason, "hit-stale");
      assert.equal(log.cache_status, "hit");
      const { metrics } = one.cache.vm;
      assert.equal(metrics.get("ai_cache_stale_total.status=.=503;.;"), 1);
      assert.equal(
        metrics.get("ai_cache_requests_total.result=.=miss;.;.reason=.=miss-expired;.;"),
        1,
      );
      assert.ok(![...metrics.keys()].some((name) => name.startsWith("ai_cache_saved")));
      // Each request asks the model: what comes back is fresh.
      const fresh = one.ask(jsonUpstream(completion("Open the menu.")));
      assert.match(fresh.text, /Open the menu/);
      assert.equal(one.ask().attribute("ai_cache"), "hit-exact");
    });

    it("come as the client wants them: a stream, or no answer of ours to add to", () => {
      const streamed = expired({}, { build, stream: true }).ask();
      assert.ok(isStale(streamed));
      assert.match(streamed.received.headers.get("content-type"), /^text\/event-stream/);
      assert.equal(streamedText(streamed.text), "Open the settings.");
      const bare = () => ({ status: 502, headers: {}, chunks: [] });
      const empty = expired({ statusHeader: false }, { build }).ask(bare);
      assert.ok(isStale(empty));
      assert.equal(empty.received.headers.get("cache-status"), undefined);
    });
  });
}

describe("an expired answer stands in", () => {
  it("for a service that has failed, not for one that refuses", () => {
    for (const status of [500, 502, 503, 504, 520, 529, 530])
      assert.ok(isStale(expired().ask(failing(status))), `${status}`);
    for (const status of [400, 401, 404, 408, 429, 501, 505, 511, 531])
      assert.ok(!isStale(expired().ask(failing(status))), `${status}`);
  });

  it("where the operator wants it, for as long as that", () => {
    assert.ok(!isStale(expired({ life: {} }).ask()));
    const one = expired();
    one.clock.time = START + 6 * HOUR - 1000;
    assert.ok(isStale(one.ask()));
    one.clock.time += 1000;
    assert.ok(!isStale(one.ask()));
  });

  it("where the client allows it", () => {
    const cases = {
      "no-cache": false,
      "max-age=60": false,
      "max-age=86400": false,
      "min-fresh=1": false,
      "stale-if-error=0": false,
      "stale-if-error=3600": false,
      "stale-if-error=3601": true,
      "stale-if-error=31536000": true,
      "max-stale": true,
      "max-stale=60": false,
      "max-age=60, max-stale=86400": true,
      "max-age=60, stale-if-error=7200": true,
      "no-cache, max-stale": false,
    };
    for (const [value, may] of Object.entries(cases)) {
      const stream = expired().ask(failing(), { headers: { "cache-control": value } });
      assert.equal(isStale(stream), may, value);
    }
    // Beyond the operator's bound nobody gets it.
    const one = expired({ life: { staleIfError: 3000 } });
    const far = one.ask(failing(), { headers: { "cache-control": "stale-if-error=86400" } });
    assert.ok(!isStale(far));
  });

  it("where its own headers allow it", () => {
    const cases = {
      "max-age=60": true,
      "must-revalidate": false,
      "proxy-revalidate": false,
      "s-maxage=60": false,
      "no-cache": false,
      "stale-if-error=3600": false,
      "stale-if-error=3601": true,
      "stale-if-error=86400, must-revalidate": false,
    };
    for (const [value, may] of Object.entries(cases)) {
      const one = expired({}, { headers: { "cache-control": value } });
      assert.equal(isStale(one.ask()), may, value);
    }
    const options = { headers: { "cache-control": "no-cache" } };
    assert.ok(isStale(expired({ ignoreNoStoreOf: ["*"] }, options).ask()));
  });

  it("for a question about the present for no more than its life again, never where none is learned", () => {
    assert.ok(!isStale(expired({}, { question: NOW }).ask()));
    const learn = { cacheTTL: undefined, life: { staleIfError: 86_400 }, explain: true };
    for (const [question, most] of [
      [NOW, 1],
      [FACT, 5],
    ]) {
      const one = expired(learn, { question, life: 0 });
      one.clock.time = START;
      const fresh = one.ask().received.headers.get("cache-status");
      const life = Number(/life=(\d+)/.exec(fresh)[1]) * 1000;
      for (const [time, may] of [
        [life, true],
        [(1 + most) * life - 1000, true],
        [(1 + most) * life, question === FACT],
      ]) {
        one.clock.time = START + time;
        assert.equal(isStale(one.ask()), may, `${question} after ${time / 1000} of ${life / 1000}`);
      }
    }
  });

  it("under its own key only: not for one that was found by meaning, nor for another question", () => {
    const one = expired({ enableSemanticCache: true });
    one.clock.time = START;
    const other = { body: chatBody("How do I reset my password please?") };
    assert.equal(one.ask(failing(), other).attribute("ai_cache"), "hit-semantic");
    one.clock.time = START + 5 * HOUR;
    assert.ok(!isStale(one.ask(failing(), other)));
    assert.ok(isStale(one.ask()));
  });
});

describe("life.staleIfError", () => {
  it("that cannot be is reported", () => {
    expectLog(/refused: life\.staleIfError: /);
    for (const value of [-1, 31_536_001, "1h", 1.5]) {
      const cache = plugin("ai-cache", { life: { staleIfError: value } });
      assert.ok(!cache.accepted);
      assert.match(cache.vm.logText(), /life\.staleIfError/);
    }
  });
});
