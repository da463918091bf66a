/**
 * What a request costs that is answered from the memory: calls to the host, and counted work of the modules. Both are
 * maxima that hold for each warm hit; they do not depend on the machine.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exchange, SharedData } from "../host/chain.mjs";
import { chatBody, completion, completionEvents } from "../module/support.mjs";
import { countingPlugin, countOf } from "./measure.mjs";
import { isFast } from "./instrument.mjs";

const PROVIDER = { provider: { type: "openai", apiTokens: ["sk-demo"] } };
const CONFIGURATIONS = { "ai-cache": {}, "ai-proxy": PROVIDER };
const FILLER = "All work and no play makes Jack a dull boy. ";
/** Hits after which counts do not rise any more and the store need not be looked at. */
const WARM = 40;
/** Hits that are measured; the worker tells the others of them now and then. */
const HITS = 64;

/** Calls to the host for a hit, by name. */
const CALLS = {
  proxy_get_header_map_pairs: 1,
  // The place in six, ai-proxy's mark, and `ai_log`.
  proxy_get_property: 8,
  // The registry of configurations, and the answer.
  proxy_get_shared_data: 2,
  proxy_get_buffer_bytes: 1,
  proxy_get_current_time_nanoseconds: 2,
  // Requests, tokens in and out, milliseconds.
  proxy_increment_metric: 4,
  // The reason, the path, the model, and `ai_log`.
  proxy_set_property: 4,
  proxy_send_local_response: 1,
};
/** How many more calls a build without the optimiser makes, at most. */
const FAST_CALLS = 6;
/** Further calls of all measured hits together: the store's state, the clock of requests, the log of samples. */
const NOW_AND_THEN = 12;

const CASES = [
  { name: "1 KB", bytes: 900, most: 7700 },
  { name: "100 KB", bytes: 100_000, most: 23_500 },
  { name: "a stream of 200 events", bytes: 900, isStream: true, most: 13_000 },
  { name: "1 KB, ai-proxy behind", bytes: 900, behind: ["ai-proxy"], most: 7800 },
];

/** An upstream that answers with 400 bytes, or with 200 events. */
const upstream = (isStream) => () =>
  isStream
    ? {
        headers: { "content-type": "text/event-stream" },
        chunks: completionEvents(Array.from({ length: 197 }, (_, i) => `token${i} `)),
      }
    : {
        headers: { "content-type": "application/json" },
        chunks: [JSON.stringify(completion("x".repeat(400)))],
      };

/** Calls and counts for each of the measured hits. */
function measureHits({ bytes, isStream = false, behind = [] }) {
  const shared = new SharedData();
  let now = 1_700_000_000_000;
  const options = { shared, now: () => now };
  const plugins = ["ai-cache", ...behind].map((name) =>
    countingPlugin(name, CONFIGURATIONS[name], options),
  );
  const body = chatBody(FILLER.repeat(Math.ceil(bytes / FILLER.length)), { stream: isStream });
  const headers = {
    authorization: "Bearer demo",
    "content-length": String(Buffer.byteLength(body)),
  };
  const ask = () => exchange(plugins, { headers, body }, upstream(isStream));
  // The model takes its time, so that a hit saves some.
  exchange(plugins, { headers, body }, () => ((now += 5), upstream(isStream)()));
  for (let i = 0; i < WARM; i++) ask();
  const calls = () => plugins.map(({ vm }) => new Map(vm.callsByName));
  const counts = () => plugins.reduce((sum, plugin) => sum + countOf(plugin), 0);
  const before = { calls: calls(), counts: counts() };
  for (let i = 0; i < HITS; i++) assert.equal(ask().attribute("ai_cache"), "hit-exact");
  const made = calls().map((after, i) => {
    const more = [...after].map(([name, n]) => [name, n - (before.calls[i].get(name) ?? 0)]);
    return Object.fromEntries(more.filter(([, n]) => n > 0));
  });
  return { calls: made, counts: (counts() - before.counts) / HITS };
}

describe("a warm hit", () => {
  for (const each of CASES) {
    it(`${each.name}: asks the host for little, and does little`, () => {
      const { calls, counts } = measureHits(each);
      const [own, ...others] = calls;
      for (const other of others) assert.deepEqual(other, {});
      let more = 0;
      for (const [name, made] of Object.entries(own))
        more += Math.max(0, made - HITS * (CALLS[name] ?? 0));
      assert.ok(more <= NOW_AND_THEN, `${more} more calls: ${JSON.stringify(own)}`);
      const most = each.most * (isFast("ai-cache") ? FAST_CALLS : 1);
      assert.ok(counts <= most, `${counts.toFixed(0)} counts, at most ${most} are allowed`);
    });
  }
});
