/** What a client writes stays short where it is kept: names in metrics, access-log attributes, log lines. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, exchange, jsonUpstream, logOf, plugin } from "./support.mjs";

const HOUR = 3_600_000;
const MIB = 1 << 20;

const TYPES = {
  openai: { type: "openai", apiTokens: ["t"] },
  gemini: { type: "gemini", apiTokens: ["t"] },
  claude: { type: "claude", apiTokens: ["t"] },
};

/** Asks for a model; the vendor answers with `status`. */
function ask(filter, model, status = 200) {
  return exchange(
    [filter],
    { body: chatBody("q", { model }) },
    jsonUpstream(undefined, { status }),
  );
}

const series = (filter, family) => filter.vm.metricNames.filter((name) => name.startsWith(family));
const counted = (filter, model, status = 200) =>
  filter.vm.metrics.get(
    `ai_proxy_requests_total.provider=.=main;.;.model=.=${model};.;.status=.=${status};.;`,
  ) ?? 0;

function proxy(now = () => Date.now()) {
  return plugin("ai-proxy", { provider: { ...TYPES.openai, id: "main" } }, { now });
}

describe("names of models", () => {
  for (const [type, provider] of Object.entries(TYPES)) {
    it(`longer than any are refused before they are kept, ${type}`, () => {
      const filter = plugin("ai-proxy", { provider: { ...provider, id: "main" } });
      const fine = ask(filter, "m".repeat(2048));
      assert.ok(!fine.text.includes("longer than"), fine.text);
      const before = filter.vm.memoryBytes;
      for (let i = 0; i < 40; i++) {
        const stream = ask(filter, `${i}${"x".repeat(4 * MIB)}`);
        assert.equal(stream.received.status, 400);
        assert.match(stream.json.error.message, /the model's name is longer than 2048 bytes/);
        assert.ok(stream.attribute("ai_log").length < 1000);
      }
      assert.ok(filter.vm.memoryBytes < before + 64 * MIB, `${filter.vm.memoryBytes}`);
      for (const name of filter.vm.metricNames) assert.ok(name.length < 400, name.slice(0, 500));
    });
  }

  it("are cut in metrics and in ai_log, without a half character", () => {
    const filter = proxy();
    const stream = ask(filter, "é".repeat(300));
    assert.equal(stream.received.status, 200);
    const log = logOf(stream);
    assert.equal(log.model, "é".repeat(128));
    for (const name of filter.vm.metricNames) assert.ok(name.length < 200, name);
  });

  it("that vendors refuse are other, unless one was answered before", () => {
    const filter = proxy();
    ask(filter, "good");
    for (let i = 0; i < 400; i++) ask(filter, `invented-${i}`, 404);
    ask(filter, "good", 429);
    ask(filter, "new");
    assert.equal(counted(filter, "other", 404), 400);
    assert.equal(counted(filter, "good", 429), 1);
    assert.equal(counted(filter, "good"), 1);
    assert.equal(counted(filter, "new"), 1);
    assert.equal(series(filter, "ai_proxy_requests_total").length, 4);
  });

  it("fold without taking provider and kind along, and give way an hour after their last use", () => {
    let now = 1_700_000_000_000;
    const filter = proxy(() => now);
    ask(filter, "used");
    for (let i = 0; i < 400; i++) ask(filter, `accepted-${i}`);
    assert.equal(counted(filter, "accepted-126"), 1);
    assert.equal(counted(filter, "accepted-127"), 0);
    assert.equal(counted(filter, "other"), 400 - 127);
    const kinds = series(filter, "ai_proxy_tokens_total").filter((name) =>
      name.includes("=other;"),
    );
    assert.deepEqual(
      kinds.map((name) => /kind=\.=(\w+)/.exec(name)[1]),
      ["input", "output"],
    );
    assert.ok(kinds.every((name) => name.includes("provider=.=main;")));
    now += HOUR - 1;
    ask(filter, "used");
    ask(filter, "late");
    assert.equal(counted(filter, "late"), 0);
    now += 1;
    for (let i = 0; i < 400; i++) ask(filter, `later-${i}`);
    assert.equal(counted(filter, "later-126"), 1);
    assert.equal(counted(filter, "later-127"), 0);
    ask(filter, "used");
    assert.equal(counted(filter, "used"), 3, "a name in use keeps its place");
  });
});

describe("lines of the log", () => {
  it("are bounded whatever a configuration or a vendor says", () => {
    const filter = plugin("ai-proxy", { provider: TYPES.openai, ["k".repeat(MIB)]: 1 });
    assert.ok(filter.vm.takeLog().length > 0);
    for (const line of filter.vm.logs) assert.ok(line.text.length <= 20_481, `${line.text.length}`);
    const loud = plugin("ai-proxy", {
      provider: { ...TYPES.openai, logUpstreamErrorResponseBody: true },
    });
    const error = { error: { message: "\u20ac".repeat(MIB) } };
    exchange([loud], { body: chatBody() }, jsonUpstream(error, { status: 500 }));
    assert.match(loud.vm.takeLog(), /status 500/);
    for (const line of loud.vm.logs) assert.ok(line.text.length <= 20_481, `${line.text.length}`);
  });
});
