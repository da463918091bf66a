/** ai-cache: a limit of wrong answers among hits by meaning. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Status } from "../host/chain.mjs";
import {
  BUILDS,
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const RESET = "How do I reset my password?";
const PARAPHRASE = "how can I reset my password, please";
const ANSWER = "Open the settings and choose reset.";
/** Labels that a limit of 5 % needs before it serves anything. */
const LABELS = 90;

/** A cache with a limit; its clock and the chance that it explores are the test's. */
function limited(match = {}, configuration = {}, options = {}) {
  const clock = { time: 1_700_000_000_000 };
  const cache = plugin(
    "ai-cache",
    {
      explain: true,
      cache: { cacheTTL: 0 },
      match: { maxErrorRate: 0.05, ...match },
      ...configuration,
    },
    { now: () => (clock.time += 7), logLevel: 2, ...options },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  const ask = (question, place, answer = ANSWER) => {
    const messages = [
      { role: "system", content: `You are number ${place}.` },
      { role: "user", content: question },
    ];
    const upstream = jsonUpstream(completion(answer));
    const stream = exchange([cache], { body: chatBody("", { messages }) }, upstream);
    return Object.assign(stream, { reason: stream.attribute("ai_cache") });
  };
  /** A question and another that asks the same, both answered by the model. */
  const pair = (place, second = ANSWER, first = ANSWER) => {
    ask(RESET, place, first);
    return ask(PARAPHRASE, place, second);
  };
  const metric = (name, labels = {}) =>
    cache.vm.metrics.get(
      name +
        Object.entries(labels)
          .map(([label, value], i) => `${i === 0 ? "." : ""}${label}=.=${value};.;`)
          .join("."),
    );
  const labels = (label) => metric("ai_cache_explore_total", { stratum: "text", label }) ?? 0;
  return { cache, clock, ask, pair, metric, labels };
}

for (const build of BUILDS) {
  describe(`a limit of wrong answers by meaning (${build})`, () => {
    it("serves nothing until it is proved, then nearly all, and says how sure it is", () => {
      const one = limited({}, {}, { build });
      const first = one.pair(0);
      assert.equal(first.reason, "miss-unproven");
      assert.match(
        first.received.headers.get("cache-status"),
        /^ai-cache; fwd=miss; detail="miss-unproven entry=[0-9a-f]{16} score=(1\.000|0\.\d{3}) threshold=1\.001 bound=1\.000 labels=0"/,
      );
      for (let place = 1; place < LABELS + 6; place++) one.pair(place);
      assert.equal(one.labels("wrong"), 0);
      assert.ok(one.labels("right") >= LABELS, `${one.labels("right")}`);
      const reasons = new Map();
      for (let place = 1000; place < 1300; place++) {
        const { reason } = one.pair(place);
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      assert.ok(reasons.get("hit-semantic") >= 270, JSON.stringify([...reasons]));
      assert.ok(reasons.get("miss-explore") >= 1, JSON.stringify([...reasons]));
      assert.equal(reasons.size, 2, JSON.stringify([...reasons]));
      const threshold = one.metric("ai_cache_threshold", { stratum: "text" });
      assert.ok(threshold >= 500 && threshold <= 1000, `${threshold}`);
      assert.ok(one.metric("ai_cache_error_bound", { stratum: "text" }) <= 50);
      assert.match(
        one.cache.vm.logText(2),
        /ai-cache: text: semantic hits served from similarity \d\.\d{3} on \(bound \d\.\d % of \d+ labels\)/,
      );
      let hit;
      for (let place = 2000; hit?.reason !== "hit-semantic"; place++) hit = one.pair(place);
      assert.match(
        hit.received.headers.get("cache-status"),
        /; hit; .* bound=0\.0[0-4]\d labels=\d{2,3}"/,
      );
    });
  });
}

describe("a limit of wrong answers by meaning, as it is learned", () => {
  it("serves nothing where answers are wrong too often, and says so", () => {
    const one = limited();
    for (let place = 0; place < 2 * LABELS; place++) {
      const other = place % 4 === 0 ? "It costs 7 dollars at any bank." : ANSWER;
      assert.equal(one.pair(place, other).reason, "miss-unproven");
    }
    assert.equal(one.metric("ai_cache_threshold", { stratum: "text" }), 1001);
    assert.match(
      one.cache.vm.logText(2),
      /ai-cache: text: no semantic hits served: at most 5\.0 % wrong is not proved \(bound \d+\.\d % of \d+ labels\)/,
    );
    assert.ok(one.labels("wrong") >= LABELS / 2 - 1);
  });

  it("counts each hit by meaning: none becomes one by its words, also from before the limit", () => {
    const shared = new SharedData();
    const before = limited({ maxErrorRate: undefined }, {}, { shared });
    before.ask(RESET, 1);
    assert.equal(before.ask(PARAPHRASE, 1).reason, "hit-semantic");
    assert.equal(before.ask(PARAPHRASE, 1).reason, "hit-exact");
    const after = limited({}, {}, { shared });
    assert.equal(after.ask(PARAPHRASE, 1).reason, "miss-unproven");
    assert.equal(after.ask(PARAPHRASE, 1).reason, "hit-exact", "its own answer, by now");
  });

  it("begins warm after shadow mode, and is shared by workers", () => {
    const shared = new SharedData();
    const watched = limited({ maxErrorRate: undefined, shadow: true }, {}, { shared });
    for (let place = 0; place < LABELS + 6; place++)
      assert.equal(watched.pair(place).reason, "miss-shadow");
    const serving = limited({}, {}, { shared });
    // A worker that comes late reads what questions there are a part at a time.
    for (let i = 0; i < 8; i++) serving.ask(RESET, 4000 + i);
    assert.match(serving.pair(5000).reason, /^(hit-semantic|miss-explore)$/);
    const forgetting = limited({}, { learning: { reset: "2" } }, { shared });
    for (let i = 0; i < 8; i++) forgetting.ask(RESET, 4100 + i);
    assert.equal(forgetting.pair(6000).reason, "miss-unproven");
  });

  it("counts an answer that cannot be compared for nothing", () => {
    const one = limited();
    one.ask(RESET, 0);
    const messages = [
      { role: "system", content: "You are number 0." },
      { role: "user", content: PARAPHRASE },
    ];
    const broken = jsonUpstream({ error: { message: "no" } }, { status: 500 });
    exchange([one.cache], { body: chatBody("", { messages }) }, broken);
    assert.deepEqual([one.labels("none"), one.labels("right"), one.labels("wrong")], [1, 0, 0]);
  });

  it("measures how often labels are wrong: by twins, and by what a guard keeps apart", () => {
    const one = limited();
    const fresh = { headers: { "cache-control": "no-cache" } };
    const again = (place, answer) => {
      const messages = [{ role: "user", content: `${RESET} ${place}` }];
      const upstream = jsonUpstream(completion(answer));
      exchange([one.cache], { body: chatBody("", { messages }), ...fresh }, upstream);
    };
    for (let i = 0; i < 60; i++) {
      again(i, ANSWER);
      again(i, i % 3 === 0 ? "That is done at the desk of the office." : ANSWER);
    }
    const n0 = one.metric("ai_cache_label_noise", { kind: "n0" });
    assert.ok(n0 > 180 && n0 < 333, `${n0}`);
    for (let i = 0; i < 16 * 60; i++)
      one.ask(`What happened in Rome in ${1000 + i}?`, 0, `In ${1000 + i} much.`);
    const n1 = one.metric("ai_cache_label_noise", { kind: "n1" });
    assert.ok(n1 < 100, `${n1}`);
  });
});

describe("a limit of wrong answers, with a judge", () => {
  const JUDGE = { serviceName: "judge", model: "small", apiKey: "sk-judge", dailyCalls: 200 };
  const WORDING = "Under settings there is a button that does it.";

  function judged(verdict, judge = {}) {
    const one = limited({}, { learning: { judge: { ...JUDGE, ...judge } } });
    one.asked = [];
    one.cache.vm.onHttpCall = (call) => {
      one.asked.push(call);
      return Status.Ok;
    };
    one.settle = () => {
      for (const token of [...one.cache.vm.calls.keys()]) one.cache.vm.answer(token, verdict());
    };
    return one;
  }
  const says = (text) => () => ({ status: 200, body: JSON.stringify(completion(text)) });

  it("asks it about answers whose words differ, when the client has its answer", () => {
    const one = judged(says("SAME"));
    const { json } = one.pair(0, WORDING);
    assert.equal(json.choices[0].message.content, WORDING, "the client does not wait");
    assert.equal(one.asked.length, 1);
    const [call] = one.asked;
    const headers = Object.fromEntries(call.headers.fields);
    assert.equal(headers[":path"], "/v1/chat/completions");
    assert.equal(headers.authorization, "Bearer sk-judge");
    const { model, messages, temperature } = JSON.parse(call.body);
    assert.deepEqual([model, temperature], ["small", 0]);
    assert.ok(messages[1].content.includes(ANSWER) && messages[1].content.includes(WORDING));
    assert.equal(one.labels("right"), 0);
    one.settle();
    assert.equal(one.labels("right"), 1);
    assert.equal(one.metric("ai_cache_spent_tokens_total", { kind: "judge" }), 5);
    one.pair(1);
    assert.equal(one.asked.length, 1, "words that agree need no judge");
    assert.equal(one.labels("right"), 2);
  });

  for (const [name, verdict] of [
    ["says so", says("Different: the price.")],
    ["says neither", says("Perhaps")],
    ["fails", () => ({ status: 503, body: "" })],
    ["answers no JSON", () => ({ status: 200, body: "<html>" })],
  ]) {
    it(`counts an answer as wrong when the judge ${name}`, () => {
      if (name !== "says so") expectLog(/learning\.judge: no verdict, status \d+/);
      const one = judged(verdict);
      one.pair(0, WORDING);
      one.settle();
      assert.deepEqual([one.labels("right"), one.labels("wrong")], [0, 1]);
      one.pair(1, ANSWER);
      assert.equal(one.labels("right"), name === "says so" ? 1 : 0, "no labels while it fails");
    });
  }

  it("asks it no more than dailyCalls, and takes no labels then until the next day", () => {
    const one = judged(says("SAME"), { dailyCalls: 3 });
    for (let place = 0; place < 6; place++) {
      one.pair(place, WORDING);
      one.settle();
    }
    assert.equal(one.asked.length, 3);
    assert.deepEqual([one.labels("right"), one.labels("none")], [3, 3]);
    one.clock.time += 86_400_000;
    one.pair(7, WORDING);
    assert.equal(one.asked.length, 4);
  });
});

describe("a limit of wrong answers, as it is configured", () => {
  it("learns the threshold of an unknown embedding model", () => {
    const embedding = { type: "openai", serviceName: "embedder", model: "unheard-of", apiKey: "k" };
    const known = plugin(
      "ai-cache",
      { embedding, match: { mode: "balanced", maxErrorRate: 0.05 } },
      { logLevel: 2 },
    );
    assert.ok(known.accepted, known.vm.logText());
    assert.match(known.vm.logText(2), /semantic balanced/);
    assert.match(
      known.vm.logText(2),
      /match: has no threshold: it is learned by match.maxErrorRate/,
    );
    expectLog(/has no threshold and none is known for the model "unheard-of": strict is used/);
    plugin("ai-cache", { embedding, match: { mode: "balanced" } });
  });

  it("says how many labels it needs, and what is out of reach without a judge", () => {
    expectLog(/match.maxErrorRate: is below 0.02, which the wording of answers hardly ever proves/);
    const cache = plugin("ai-cache", { match: { maxErrorRate: 0.01 } }, { logLevel: 2 });
    assert.match(cache.vm.logText(2), /there are no semantic hits until at least 446 answers/);
  });

  for (const [configuration, message] of [
    [{ match: { maxErrorRate: 0 } }, /match.maxErrorRate.*must be from 0.001 to 0.2/],
    [{ match: { maxErrorRate: 0.3 } }, /match.maxErrorRate.*must be from 0.001 to 0.2/],
    [{ match: { exploreShare: 0.9 } }, /match.exploreShare.*must be from 0.005 to 0.5/],
    [{ learning: { judge: { model: "m" } } }, /learning.judge.serviceName.*is required/],
    [{ learning: { judge: { serviceName: "s" } } }, /learning.judge.model.*is required/],
    [{ learning: { reset: "x".repeat(101) } }, /learning.reset.*at most 100 characters/],
  ]) {
    it(`refuses ${JSON.stringify(configuration).slice(0, 60)}`, () => {
      const cache = plugin("ai-cache", configuration);
      assert.equal(cache.accepted, false);
      assert.match(cache.vm.takeLog(), message);
    });
  }
});
