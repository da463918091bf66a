/** Many requests through one VM: its memory stays where it was. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chatBody,
  completion,
  completionEvents,
  exchange,
  jsonUpstream,
  plugin,
  SharedData,
  streamUpstream,
} from "../module/support.mjs";

const REQUESTS = Number(process.env.SOAK_REQUESTS || 60_000);
/** What memory may grow after a tenth of the requests. */
const ALLOWED_GROWTH = 1.25;

describe(`${REQUESTS} requests through the emulator`, () => {
  it("leave the memory of both modules and of shared data flat", () => {
    const shared = new SharedData();
    const cache = plugin(
      "ai-cache",
      { cache: { type: "memory", maxEntries: 500, maxBytes: 1_000_000 } },
      { shared },
    );
    const proxy = plugin(
      "ai-proxy",
      { provider: { type: "openai", apiTokens: ["t"], modelMapping: { "*": "llama" } } },
      { shared },
    );
    const json = jsonUpstream((request) => completion(`answer ${request.body.length}`));
    const events = streamUpstream(completionEvents(["a", "b", "c"]));
    const sizes = () => [cache.vm.memoryBytes, proxy.vm.memoryBytes, shared.bytes];
    let early;
    for (let i = 0; i < REQUESTS; i++) {
      const stream = i % 5 === 0;
      // Half of the questions are new, so that entries come and go all the time.
      const question = i % 2 === 0 ? `new ${i}` : `old ${i % 97}`;
      const upstream = stream ? events : json;
      const done = exchange(
        [cache, proxy],
        { body: chatBody(question, { stream }), split: i % 11 === 0 ? 20 : undefined },
        upstream,
      );
      assert.equal(done.received.status, 200);
      upstream.requests.length = 0;
      cache.vm.logs.length = proxy.vm.logs.length = 0;
      if (i === Math.floor(REQUESTS / 10)) early = sizes();
    }
    const late = sizes();
    for (const [index, size] of late.entries()) {
      assert.ok(size <= early[index] * ALLOWED_GROWTH, `${early} grew to ${late}`);
    }
    assert.equal(cache.vm.contexts.size, 1, "only the root context is left");
    // Two keys for each entry, a quarter of one for its counters, the journal, the log of samples, and a few values besides.
    assert.ok(shared.values.size <= 2.3 * 500 + 140, String(shared.values.size));
  });

  it("leave the index of questions as large as its cap, however many come and go", () => {
    const cap = Math.min(10_000, Math.ceil(REQUESTS / 8));
    const shared = new SharedData();
    const cache = plugin("ai-cache", { cache: { type: "memory", maxEntries: cap } }, { shared });
    const upstream = jsonUpstream(completion("x"));
    const ask = (question) =>
      exchange([cache], { body: chatBody(question) }, upstream).attribute("ai_cache");
    // Letters only, so that numbers do not refuse what words would.
    const word = (i) =>
      Array.from(i.toString(20), (c) => "bcdfghjklmnpqrstvwxz"[parseInt(c, 20)]).join("");
    const question = (i) =>
      `How do I repair the ${word(i)}ing of a ${word(i * 7 + 3)}er in winter?`;
    const sizes = () => [
      cache.vm.memoryBytes,
      shared.bytes,
      cache.vm.metrics.get("ai_cache_question_bytes"),
    ];
    let early;
    for (let i = 0; i < REQUESTS; i++) {
      ask(question(i));
      if (i % 50 === 0) {
        const same = `what is the best way to ${question(i).slice(9)}`;
        assert.equal(ask(same), "hit-semantic", same);
      }
      upstream.requests.length = cache.vm.logs.length = 0;
      if (i === 3 * cap) early = sizes();
    }
    const late = sizes();
    for (const [index, size] of late.entries()) {
      assert.ok(size <= early[index] * ALLOWED_GROWTH, `${early} grew to ${late}`);
    }
    assert.ok(cache.vm.metrics.get("ai_cache_questions") <= cap);
    assert.ok(shared.values.size <= 2.3 * cap + 140, String(shared.values.size));
    process.stdout.write(
      `${cap} questions: ${late[0]} bytes of a VM, ${late[2]} of them questions\n`,
    );
  });
});
