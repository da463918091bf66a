/** Request headers that wait for the body: how long, and what happens on a host that never brings it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeRedis } from "../fakes/redis.mjs";
import { Stream } from "../host/chain.mjs";
import {
  allowLogInFile,
  BUILDS,
  chatBody,
  CREDENTIAL,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

allowLogInFile(/allow_on_headers_stop_iteration/);

const START = 1_700_000_000_000;
const gemini = { provider: { type: "gemini", apiTokens: ["t"] } };

/** A worker's plugin, with a clock that only moves when a test says so. */
class Worker {
  constructor(name, configuration, options = {}) {
    this.now = options.start ?? START;
    this.plugin = plugin(name, configuration, { ...options, now: () => this.now });
    this.shared = this.plugin.vm.shared;
  }

  /** Lets time pass as Envoy does, with the ticks that were asked for. */
  wait(ms) {
    for (const end = this.now + ms; this.now < end;) {
      const period = this.plugin.vm.tickPeriods.get(1) || Infinity;
      this.now = Math.min(end, this.now + period);
      if (this.now % 500 === START % 500 && period !== Infinity) this.plugin.tick();
    }
  }

  /** Opens a request; the body does not come yet. */
  open(path = "/v1/chat/completions", upstream = jsonUpstream()) {
    const stream = new Stream([this.plugin], upstream).sendHeaders({
      ":method": "POST",
      ":path": path,
      ":authority": "gateway.example",
      ...CREDENTIAL,
      "content-type": "application/json",
      "content-length": String(chatBody().length),
    });
    stream.requests = upstream.requests;
    return stream;
  }

  /** Sends a whole request. */
  ask(path) {
    return this.open(path).sendBody(chatBody(), true);
  }

  get errors() {
    return this.plugin.vm.logs.filter((line) => line.level >= 3);
  }
}

const CLIENTS = {
  "/v1/chat/completions": (json) => json.error,
  "/v1/messages": (json) => (assert.equal(json.type, "error"), json.error),
  "/v1/responses": (json) => json.error,
};

for (const build of BUILDS) {
  describe(`a client that is slow to begin with its body, ${build}`, () => {
    it("is waited for on a fresh worker, and served as any other", () => {
      for (const seconds of [2.5, 14.9]) {
        const proxy = new Worker("ai-proxy", gemini, { build });
        const cache = new Worker("ai-cache", {}, { build });
        const [asked, looked] = [proxy.open(), cache.open()];
        proxy.wait(seconds * 1000);
        cache.wait(seconds * 1000);
        assert.equal(asked.sent.headers, null);
        assert.equal(looked.sent.headers, null);
        asked.sendBody(chatBody(), true);
        looked.sendBody(chatBody(), true);
        const [request] = asked.requests;
        assert.equal(request.headers.get(":path"), "/v1beta/models/gpt-4:generateContent");
        assert.equal(request.headers.get("x-goog-api-key"), "t");
        assert.equal(looked.attribute("ai_cache"), "miss-cold");
        assert.deepEqual([proxy.errors, cache.errors], [[], []]);
      }
    });

    it("gets 408 after requestHoldTimeout from ai-proxy, in its protocol", () => {
      for (const [timeout, configuration] of [
        [15_000, gemini],
        [3_000, { ...gemini, requestHoldTimeout: 3000 }],
      ]) {
        for (const [path, errorOf] of Object.entries(CLIENTS)) {
          const proxy = new Worker("ai-proxy", configuration, { build });
          const stream = proxy.open(path);
          proxy.wait(timeout - 500);
          assert.equal(stream.closed, false);
          proxy.wait(500);
          assert.equal(stream.received.status, 408);
          assert.match(errorOf(stream.json).message, /no request body arrived within \d+ ms/);
          assert.equal(stream.details, "ai-proxy.no_request_body");
          assert.equal(stream.sent.headers, null, "nothing went upstream");
          assert.equal(proxy.ask().requests.length, 1, "the next is served");
          assert.deepEqual(proxy.errors, []);
        }
      }
    });

    it("passes uncached after it through ai-cache, with the body that comes then", () => {
      const cache = new Worker("ai-cache", { requestHoldTimeout: 3000 }, { build });
      const stream = cache.open();
      cache.wait(2_500);
      assert.equal(stream.sent.headers, null);
      cache.wait(500);
      assert.equal(stream.attribute("ai_cache"), "error-no-body");
      stream.sendBody(chatBody(), true);
      assert.equal(stream.received.status, 200);
      assert.equal(stream.requests[0].body.toString(), chatBody());
      assert.equal(cache.ask().attribute("ai_cache"), "miss-cold");
    });
  });
}

describe("without allow_on_headers_stop_iteration", () => {
  const bare = { optIn: false };

  for (const [path, errorOf] of Object.entries(CLIENTS)) {
    it(`ai-proxy sends nothing, and names the setting, ${path}`, () => {
      const proxy = new Worker("ai-proxy", gemini, bare);
      const first = proxy.ask(path);
      assert.equal(first.closed, false);
      proxy.wait(2_000);
      const second = proxy.ask(path);
      for (const stream of [first, second]) {
        assert.equal(stream.received.status, 500);
        const { message } = errorOf(stream.json);
        assert.match(message, /allow_on_headers_stop_iteration: true/);
        assert.equal(stream.sent.headers, null, "nothing went upstream");
      }
      assert.equal(
        proxy.plugin.vm.metrics.get("ai_proxy_refusals_total.code=.=option_missing;.;"),
        2,
      );
    });
  }

  it("ai-cache lets requests pass uncached, the second one at once", () => {
    const cache = new Worker("ai-cache", {}, bare);
    const first = cache.ask();
    assert.equal(first.closed, false);
    cache.wait(2_000);
    const second = cache.ask();
    for (const stream of [first, second]) {
      assert.equal(stream.received.status, 200);
      assert.equal(stream.attribute("ai_cache"), "error-option-missing");
      assert.equal(stream.requests[0].body.toString(), chatBody());
    }
  });

  it("the log says so once a minute, and one request a minute tries again", () => {
    const cache = new Worker("ai-cache", {}, bare);
    for (let minute = 0; minute < 3; minute++) {
      const probe = cache.ask();
      cache.wait(2_000);
      assert.equal(probe.received.status, 200);
      for (let i = 0; i < 57; i++) {
        assert.equal(cache.ask().received.status, 200);
        cache.wait(1_000);
      }
      assert.equal(cache.errors.length, minute + 1);
      assert.match(cache.errors[minute].text, /set allow_on_headers_stop_iteration: true/);
      cache.wait(3_000);
    }
    cache.plugin.optIn = true;
    cache.wait(60_000);
    assert.equal(cache.ask().attribute("ai_cache"), "miss-cold", "the operator has set it");
    assert.equal(cache.ask().attribute("ai_cache"), "hit-exact");
  });

  it("what one worker learns holds for the others, but not for a plugin that is made later", () => {
    const shared = new SharedData();
    const first = new Worker("ai-proxy", gemini, { ...bare, shared });
    const other = new Worker("ai-proxy", gemini, { ...bare, shared });
    first.ask();
    first.wait(2_000);
    other.wait(2_000);
    assert.equal(other.ask().received.status, 500, "at once");
    const later = new Worker("ai-proxy", gemini, { shared, start: START + 5_000 });
    assert.equal(later.ask().requests.length, 1);
  });

  it("a filter behind one that has the setting is found out too", () => {
    const proxy = new Worker("ai-proxy", gemini, bare);
    const { shared } = proxy;
    const cache = plugin("ai-cache", {}, { now: () => proxy.now, shared });
    const stream = new Stream([cache, proxy.plugin], jsonUpstream()).sendHeaders({
      ":method": "POST",
      ":path": "/v1/chat/completions",
      ":authority": "gateway.example",
      ...CREDENTIAL,
      "content-type": "application/json",
    });
    stream.sendBody(chatBody(), true);
    assert.equal(stream.closed, false);
    proxy.wait(2_000);
    assert.equal(stream.received.status, 500);
    assert.match(stream.json.error.message, /allow_on_headers_stop_iteration/);
  });

  it("is never concluded after a body has come while headers were held", () => {
    const proxy = new Worker("ai-proxy", gemini);
    assert.equal(proxy.ask().requests.length, 1);
    proxy.plugin.optIn = false;
    const stuck = proxy.ask();
    proxy.wait(14_500);
    assert.equal(stuck.closed, false);
    proxy.wait(500);
    assert.equal(stuck.received.status, 408);
    assert.deepEqual(proxy.errors, []);
  });
});

describe("the watch over held requests", () => {
  it("does not begin for a request without a body that waits for a service", () => {
    const cacheable = ["chat", "models"];
    const redis = { type: "redis", serviceName: "redis", cacheTTL: 60 };
    for (const optIn of [true, false]) {
      const cache = new Worker("ai-cache", { cacheable, cache: redis }, { optIn });
      const { vm } = cache.plugin;
      vm.onHttpCall = () => 0;
      if (!optIn) {
        cache.open().sendBody(chatBody(), true);
        cache.wait(3_000);
      }
      const upstream = jsonUpstream({ object: "list", data: [] });
      const answers = [];
      const stream = new Stream([cache.plugin], (request) => {
        answers.push(upstream(request));
        return null;
      });
      stream.sendHeaders(
        { ":method": "GET", ":path": "/v1/models", ":authority": "a", ...CREDENTIAL },
        true,
      );
      assert.equal(answers.length, 0, "it waits");
      const [token, call] = [...vm.calls].find(([, { body }]) => /STRLEN/.test(String(body)));
      vm.answer(token, { body: new FakeRedis().answer(call.body) });
      assert.equal(answers.length, 1);
      cache.wait(20_000);
      stream.respond(answers[0]);
      assert.equal(stream.received.status, 200);
      const decided = [...vm.metrics].filter(([name]) => /requests_total/.test(name));
      const counts = decided
        .filter(([name]) => !/option-missing/.test(name))
        .map(([, count]) => count);
      assert.deepEqual(counts, [1]);
    }
  });

  it("ends with the last of them, however it ends", () => {
    const proxy = new Worker("ai-proxy", gemini);
    const period = () => proxy.plugin.vm.tickPeriods.get(1) ?? 0;
    assert.equal(period(), 0);
    for (const end of [(s) => s.abort(), (s) => s.sendBody(chatBody(), true)]) {
      const streams = Array.from({ length: 5 }, () => proxy.open());
      assert.equal(period(), 500);
      proxy.wait(1_000);
      assert.equal(period(), 500);
      for (const stream of streams) end(stream);
      proxy.wait(500);
      assert.equal(period(), 0);
    }
  });

  it("leaves the ticks of a prober as they are when those are frequent enough", () => {
    const probed = (interval) =>
      new Worker("ai-proxy", {
        provider: {
          type: "openai",
          apiTokens: ["a", "b"],
          modelMapping: { "*": "x" },
          failover: { enabled: true, healthCheckModel: "m", healthCheckInterval: interval },
        },
      });
    for (const [interval, held] of [
      [100, 100],
      [5000, 500],
    ]) {
      const worker = probed(interval);
      const period = () => worker.plugin.vm.tickPeriods.get(1);
      assert.equal(period(), interval);
      const stream = worker.open();
      assert.equal(period(), held);
      stream.abort();
      worker.plugin.tick();
      assert.equal(period(), interval);
    }
  });
});
