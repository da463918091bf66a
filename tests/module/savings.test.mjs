/** ai-cache: what hits have saved, exactly, and what they cost. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rng } from "../policy/model/rng.mjs";
import {
  BUILDS,
  chatBody,
  completion,
  exchange,
  jsonUpstream,
  plugin,
  SharedData,
  streamUpstream,
} from "./support.mjs";

const PRICES = {
  "gpt-4o": { input: 2.5, cachedInput: 1.25, output: 10 },
  "gpt-4o-*": { input: "0.15", output: 0.6 },
  "gpt-*": { input: 30.000001, output: 60.123456, currency: "EUR" },
  "*": { input: 1, output: 1 },
};

function cacheWith(configuration = {}, options = {}) {
  const cache = plugin("ai-cache", { enableSemanticCache: false, ...configuration }, options);
  assert.ok(cache.accepted, cache.vm.logText());
  return cache;
}

const usage = (input, output, cached) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
});

function ask(cache, question, model, answer = {}) {
  const upstream = jsonUpstream({ ...completion("Hello"), ...answer });
  return exchange([cache], { body: chatBody(question, { model }) }, upstream);
}

/** Sums of a family by the value of one label. */
function sums(caches, family, label) {
  const all = {};
  for (const cache of caches)
    for (const [name, value] of cache.vm.metrics) {
      if (!name.startsWith(`${family}.`)) continue;
      const key = new RegExp(`${label}=\\.=(.*?);\\.;`).exec(name)[1];
      all[key] = (all[key] ?? 0n) + BigInt(value);
    }
  return all;
}

for (const build of BUILDS) {
  describe(`savings (${build})`, () => {
    it("are the exact sums, over workers, models and currencies", () => {
      const shared = new SharedData();
      const options = { build, shared };
      const caches = [1, 2, 3].map(() => cacheWith({ prices: PRICES }, options));
      const random = rng(11);
      const below = (n) => Math.floor(random() * n);
      const answers = Array.from({ length: 40 }, (_, i) => {
        const model = ["gpt-4o", "gpt-4o-mini", "gpt-3.5", "llama"][i % 4];
        const input = 1 + below(9000);
        const cached = i % 3 === 0 ? below(input) : undefined;
        return { question: `q${i}`, model, input, cached, output: 1 + below(3000) };
      });
      for (const { question, model, input, output, cached } of answers)
        ask(caches[0], question, model, { usage: usage(input, output, cached) });
      const pico = (price) => BigInt(Math.round(Number(price) * 1e6));
      const price = { "gpt-4o": 0, "gpt-4o-mini": 1, "gpt-3.5": 2, llama: 3 };
      const exact = { input: 0n, output: 0n, cached: 0n };
      const money = { USD: 0n, EUR: 0n };
      for (let i = 0; i < 1000; i++) {
        const answer = answers[below(answers.length)];
        const hit = ask(caches[below(3)], answer.question, answer.model);
        assert.equal(hit.attribute("ai_cache"), "hit-exact");
        const {
          input,
          cachedInput,
          output,
          currency = "USD",
        } = Object.values(PRICES)[price[answer.model]];
        const known = answer.cached ?? 0;
        exact.input += BigInt(answer.input);
        exact.output += BigInt(answer.output);
        exact.cached += BigInt(known);
        money[currency] +=
          BigInt(answer.input - known) * pico(input) +
          BigInt(known) * pico(cachedInput ?? input) +
          BigInt(answer.output) * pico(output);
      }
      assert.deepEqual(sums(caches, "ai_cache_saved_tokens_total", "kind"), exact);
      const micros = sums(caches, "ai_cache_saved_micro_total", "currency");
      for (const [currency, picos] of Object.entries(money)) {
        // Each worker keeps what is less than a millionth.
        const kept = picos - micros[currency] * 1_000_000n;
        assert.ok(kept >= 0n && kept < 3n * 1_000_000n, `${currency}: ${kept}`);
      }
      assert.deepEqual(Object.keys(sums(caches, "ai_cache_saved_tokens_total", "by")), ["exact"]);
    });
  });
}

describe("savings", () => {
  it("are reported with each hit: in Cache-Status, and for the access log", () => {
    const clock = { time: 1_700_000_000_000 };
    const options = { now: () => clock.time };
    const cache = cacheWith({ prices: PRICES, explain: true }, options);
    const slow = (request) => {
      clock.time += 2310;
      return jsonUpstream({ ...completion("Hello"), usage: usage(812, 164) })(request);
    };
    exchange([cache], { body: chatBody("hi", { model: "gpt-4o" }) }, slow);
    clock.time += 60_000;
    const hit = ask(cache, "hi", "gpt-4o");
    const status = hit.received.headers.get("cache-status");
    assert.match(status, /; life=\d+; stale-risk=0\.\d{3}; class="gpt-4o\/general"; seen=2; /);
    assert.match(status, /; saved="in=812 out=164 ms=2310"$/);
    const log = JSON.parse(`"${hit.attribute("ai_log")}"`);
    const told = JSON.parse(log);
    assert.equal(told.cache_saved_input_token, "812");
    assert.equal(told.cache_saved_output_token, "164");
    assert.equal(told.cache_saved_ms, "2310");
    assert.equal(told.cache_saved_cost, "0.003670 USD");
    assert.match(told.cache_life, /^\d+$/);
    assert.deepEqual(Object.keys(told), Object.keys(told).toSorted());
    assert.equal(cache.vm.metrics.get("ai_cache_saved_ms_total.by=.=exact;.;"), 2310);
    assert.equal(typeof cache.vm.metrics.get("ai_cache_expected_stale"), "number");
  });

  it("of a hit by meaning are distinguished; its own later hits are still by meaning", () => {
    const cache = cacheWith({ enableSemanticCache: true });
    ask(cache, "How do I reset my password?", "m", { usage: usage(10, 5) });
    for (let i = 0; i < 3; i++) ask(cache, "how can I reset my password, please", "m");
    const tokens = sums([cache], "ai_cache_saved_tokens_total", "by");
    assert.deepEqual(tokens, { semantic: 45n });
  });

  it("are estimated, and never mixed with what is known, where an answer does not say what it took", () => {
    const cache = cacheWith({ prices: PRICES });
    const body = JSON.stringify({ ...completion("Hello"), usage: undefined });
    exchange([cache], { body: chatBody("hi") }, jsonUpstream(body));
    ask(cache, "hi", "gpt-4");
    assert.deepEqual(sums([cache], "ai_cache_saved_tokens_total", "kind"), {
      estimated: BigInt(body.length >> 2),
      input: 0n,
      output: 0n,
    });
    assert.deepEqual(sums([cache], "ai_cache_saved_micro_total", "currency"), {});
  });

  it("of streamed answers are known by their usage", () => {
    const cache = cacheWith();
    const body = chatBody("hi", { stream: true, stream_options: { include_usage: true } });
    exchange([cache], { body }, streamUpstream());
    exchange([cache], { body }, streamUpstream());
    const tokens = sums([cache], "ai_cache_saved_tokens_total", "kind");
    assert.deepEqual([tokens.input, tokens.output], [3n, 2n]);
  });

  it("distinguish 32 models", () => {
    const cache = cacheWith();
    for (let i = 0; i < 50; i++) for (let k = 0; k < 2; k++) ask(cache, "hi", `model-${i}`);
    const models = Object.keys(sums([cache], "ai_cache_saved_tokens_total", "model"));
    assert.equal(models.length, 33);
    assert.ok(models.includes("other"));
    const total = Object.values(sums([cache], "ai_cache_saved_tokens_total", "kind"));
    assert.equal(
      total.reduce((a, b) => a + b),
      50n * 5n,
    );
  });

  for (const [prices, message] of [
    [{ m: { input: -1 } }, /prices.m.input.*the price of a million tokens/],
    [{ m: { input: 1e-7 } }, /prices.m.input.*the price of a million tokens/],
    [{ m: { output: 2.1234567 } }, /prices.m.output.*at most 6 decimals/],
    [{ m: { output: 100000 } }, /prices.m.output.*below 100000/],
    [{ m: { currency: "U$D" } }, /prices.m.currency.*up to 8 letters/],
    [{ m: 3 }, /prices.m/],
  ]) {
    it(`refuse ${JSON.stringify(prices)}`, () => {
      const cache = plugin("ai-cache", { prices });
      assert.equal(cache.accepted, false);
      assert.match(cache.vm.takeLog(), message);
    });
  }
});
