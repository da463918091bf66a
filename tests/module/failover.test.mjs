/** Several keys: which one serves, what takes it out, what brings it back, and asking again. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stream } from "../host/chain.mjs";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  exchange,
  expectLog,
  plugin,
  SharedData,
} from "./support.mjs";

const KEYS = ["key-a", "key-b", "key-c"];
const CLUSTER = "outbound|443||llm.dns";
const SECOND = 1000;

/** A clock that tests set. */
class Clock {
  ms = 1_700_000_000_000;
  now = () => this.ms;
}

function setUp(
  provider,
  { build = "stock", shared = new SharedData(), clock = new Clock(), ...members } = {},
) {
  const proxy = plugin(
    "ai-proxy",
    { provider: { id: "p", type: "openai", apiTokens: KEYS, ...provider }, ...members },
    { build, shared, now: clock.now },
  );
  assert.ok(proxy.accepted, proxy.vm.logText());
  return { proxy, clock, shared };
}

/** An upstream that answers by key: `answers[key]` is a status, or an answer. */
function vendor(answers) {
  const upstream = (request) => {
    const key = request.headers.get("authorization").replace("Bearer ", "");
    upstream.keys.push(key);
    const answer = answers[key] ?? 200;
    if (typeof answer === "object") return answer;
    const body = answer < 300 ? completion(`by ${key}`) : { error: { message: `no ${key}` } };
    return {
      status: answer,
      headers: { "content-type": "application/json" },
      chunks: [JSON.stringify(body)],
    };
  };
  upstream.keys = [];
  return upstream;
}

const properties = { "xds.cluster_name": CLUSTER };
const ask = (proxy, upstream, request = {}) =>
  exchange([proxy], { body: chatBody(), ...request }, upstream, { properties });
const failover = (members) => ({
  failover: { enabled: true, cooldownDuration: 60 * SECOND, ...members },
});
/** A key's way out, in the log. */
const isOut = (key, status) =>
  new RegExp(`^key ${key} of provider p is out after status ${status}$`);
const times = (count, body) => Array.from({ length: count }, (_, index) => body(index));

for (const build of BUILDS) {
  describe(`keys that fail (${build})`, () => {
    it("are left out after failureThreshold failures in a row, and come back after cooldownDuration", () => {
      expectLog(isOut(0, 429));
      const { proxy, clock } = setUp(failover(), { build });
      const upstream = vendor({ "key-a": 429 });
      times(200, () => ask(proxy, upstream));
      assert.equal(upstream.keys.filter((key) => key === "key-a").length, 3);
      clock.ms += 61 * SECOND;
      times(200, () => ask(proxy, upstream));
      assert.equal(upstream.keys.filter((key) => key === "key-a").length, 6);
      for (const key of KEYS)
        assert.equal(proxy.vm.logText().includes(key), false, "no key in a log");
    });

    it("are shared by workers, and a push of the configuration keeps what is known", () => {
      expectLog(isOut(0, 500), isOut(1, 500));
      const { proxy, clock, shared } = setUp(failover(), { build });
      const upstream = vendor({ "key-a": 500, "key-b": 500 });
      times(100, () => ask(proxy, upstream));
      const later = vendor({});
      const { proxy: other } = setUp(failover(), { build, clock, shared });
      times(50, () => ask(other, later));
      assert.deepEqual([...new Set(later.keys)], ["key-c"]);
      const changed = vendor({});
      const { proxy: third } = setUp(failover({ failureThreshold: 4 }), { build, clock, shared });
      times(50, () => ask(third, changed));
      assert.equal(new Set(changed.keys).size, 3, "other settings are another pool");
      for (const [key, { value }] of shared.values) {
        for (const token of KEYS) assert.equal(`${key}${value}`.includes(token), false);
      }
    });
  });
}

describe("what counts as a failure", () => {
  const failing = (status, members = {}) => {
    const { proxy } = setUp(failover({ failureThreshold: 1, ...members }));
    const upstream = vendor({ "key-a": status });
    times(60, () => ask(proxy, upstream));
    return upstream.keys.filter((key) => key === "key-a").length === 1;
  };

  it("is by default what a key or the service is to blame for", () => {
    expectLog(...[401, 402, 403, 408, 429, 500, 503].map((status) => isOut(0, status)));
    for (const status of [401, 402, 403, 408, 429, 500, 503])
      assert.ok(failing(status), `${status}`);
    for (const status of [400, 404, 413, 422, 302]) assert.ok(!failing(status), `${status}`);
  });

  it("is what failoverOnStatus says, from the start of the status, and never a success", () => {
    expectLog(isOut(0, 400), isOut(0, 503));
    assert.ok(failing(400, { failoverOnStatus: ["4.*"] }));
    assert.ok(!failing(500, { failoverOnStatus: ["4.*"] }));
    assert.ok(!failing(504, { failoverOnStatus: ["4.*"] }), "not somewhere in it");
    assert.ok(failing(503, { failoverOnStatus: ["429|503"] }));
    const { proxy } = setUp(failover({ failureThreshold: 1, failoverOnStatus: ["2.*"] }));
    const upstream = vendor({});
    times(60, () => ask(proxy, upstream));
    assert.equal(new Set(upstream.keys).size, 3);
  });

  it("is forgotten by a success in between", () => {
    const { proxy } = setUp({ apiTokens: ["key-a", "key-b"], ...failover() });
    const answers = {};
    const upstream = vendor(answers);
    for (let round = 0; round < 40; round++) {
      answers["key-a"] = round % 3 === 2 ? 200 : 500;
      const before = upstream.keys.length;
      while (upstream.keys.slice(before).every((key) => key !== "key-a")) {
        ask(proxy, upstream);
        assert.ok(upstream.keys.length < before + 100, "key-a is still in use");
      }
    }
  });

  // openai/openai-python#957: OpenAI's and Azure's `retry-after-ms` is the more exact
  for (const said of [
    { "retry-after": "300" },
    { "retry-after-ms": "300000" },
    { "retry-after-ms": "300000", "retry-after": "1" },
    { "retry-after-ms": "soon", "retry-after": "300" },
  ]) {
    it(`lasts as long as ${Object.keys(said).join(" and ")} ask for`, () => {
      expectLog(isOut(0, 429));
      const { proxy, clock } = setUp({
        apiTokens: ["key-a", "key-b"],
        ...failover({ failureThreshold: 1 }),
      });
      const limited = {
        status: 429,
        headers: { ...said, "content-type": "application/json" },
        chunks: ["{}"],
      };
      const upstream = vendor({ "key-a": limited });
      times(40, () => ask(proxy, upstream));
      clock.ms += 200 * SECOND;
      const before = upstream.keys.length;
      times(40, () => ask(proxy, upstream));
      assert.equal(upstream.keys.slice(before).includes("key-a"), false);
      clock.ms += 101 * SECOND;
      times(40, () => ask(proxy, upstream));
      assert.equal(upstream.keys.slice(before).includes("key-a"), true);
    });
  }

  it("is counted for each model with perModel", () => {
    expectLog(isOut(0, 429), isOut(1, 429));
    const { proxy } = setUp(failover({ failureThreshold: 1, perModel: true }));
    const upstream = vendor({ "key-a": 429, "key-b": 429 });
    times(60, () => ask(proxy, upstream, { body: chatBody("hi", { model: "busy" }) }));
    const other = vendor({});
    times(60, () => ask(proxy, other, { body: chatBody("hi", { model: "idle" }) }));
    assert.equal(new Set(other.keys).size, 3);
    const again = vendor({});
    times(20, () => ask(proxy, again, { body: chatBody("hi", { model: "busy" }) }));
    assert.deepEqual([...new Set(again.keys)], ["key-c"]);
  });

  it("with all keys out, requests still go with one of them", () => {
    expectLog(isOut(0, 500), isOut(1, 500), isOut(2, 500));
    const { proxy } = setUp(failover({ failureThreshold: 1 }));
    const upstream = vendor(Object.fromEntries(KEYS.map((key) => [key, 500])));
    times(20, () => ask(proxy, upstream));
    assert.equal(upstream.keys.length, 20);
  });

  it("of a stateful API moves a consumer to one other key, the same for all its requests", () => {
    expectLog(isOut(2, 500));
    const { proxy } = setUp(failover({ failureThreshold: 1 }));
    const request = { path: "/v1/responses", headers: { "x-mse-consumer": "alice" } };
    const upstream = vendor({ "key-b": 500 });
    times(30, () => ask(proxy, upstream, request));
    // FNV-1a of alice modulo 3 is 2, of the Go plugin's vectors.
    assert.deepEqual([...new Set(upstream.keys)], ["key-c"]);
    const broken = vendor({ "key-c": 500 });
    times(30, () => ask(proxy, broken, request));
    assert.equal(broken.keys.filter((key) => key === "key-c").length, 1);
    assert.equal(new Set(broken.keys).size, 2);
  });

  it("needs a way back", () => {
    const text = (members) =>
      plugin("ai-proxy", {
        provider: { type: "openai", apiTokens: KEYS, failover: { enabled: true, ...members } },
      }).vm.takeLog();
    assert.match(text({}), /either healthCheckModel or cooldownDuration must be configured/);
    assert.match(
      text({ healthCheckModel: "m", perModel: true }),
      /perModel: requires cooldownDuration/,
    );
    assert.match(
      text({ cooldownDuration: 1, failoverOnStatus: ["("] }),
      /failoverOnStatus\[0\]: is not a valid/,
    );
  });
});

describe("probes", () => {
  const probing = {
    type: "deepseek",
    modelMapping: { probe: "mapped" },
    failover: {
      enabled: true,
      failureThreshold: 1,
      successThreshold: 2,
      healthCheckModel: "probe",
    },
  };

  function broken() {
    const set = setUp(probing);
    set.calls = [];
    set.proxy.vm.onHttpCall = (call) => (set.calls.push(call), 0);
    const upstream = vendor({ "key-a": 401 });
    times(40, () => ask(set.proxy, upstream));
    set.tick = (proxy = set.proxy) => {
      set.clock.ms += 5 * SECOND;
      proxy.tick();
    };
    set.answer = (status) => {
      for (const token of set.proxy.vm.calls.keys())
        set.proxy.vm.answer(token, { status, body: "{}" });
    };
    set.isIn = () => {
      const later = vendor({});
      times(60, () => ask(set.proxy, later));
      return later.keys.includes("key-a");
    };
    return set;
  }

  it("ask through the same steps as a request, and bring a key back after successThreshold", () => {
    expectLog(isOut(0, 401));
    const set = broken();
    assert.equal(set.isIn(), false);
    set.tick();
    assert.equal(set.calls.length, 1);
    const headers = Object.fromEntries(set.calls[0].headers.fields);
    assert.equal(set.calls[0].cluster, CLUSTER);
    assert.equal(headers[":path"], "/v1/chat/completions");
    assert.equal(headers[":authority"], "api.deepseek.com");
    assert.equal(headers.authorization, "Bearer key-a");
    const body = JSON.parse(set.calls[0].body);
    assert.equal(body.model, "mapped");
    assert.ok(body.max_tokens <= 16);
    set.tick();
    assert.equal(set.calls.length, 1, "one at a time");
    set.answer(200);
    set.tick();
    set.answer(500);
    set.tick();
    set.answer(200);
    assert.equal(set.isIn(), false, "a failed probe begins the count again");
    set.tick();
    set.answer(200);
    assert.equal(set.isIn(), true);
    set.tick();
    assert.equal(set.calls.length, 4, "nothing is asked when all keys are in");
  });

  it("speak the vendor's own protocol, and mean what the vendor means by a status", () => {
    expectLog(isOut("[012]", 401));
    const probe = (type, members, failing = 401) => {
      const { proxy, clock } = setUp({
        ...probing,
        type,
        modelMapping: { probe: "m" },
        ...members,
      });
      const calls = [];
      proxy.vm.onHttpCall = (call) => (calls.push(call), 0);
      const upstream = () => ({
        status: failing,
        headers: { "content-type": "application/json" },
        chunks: ["{}"],
      });
      times(3, () => ask(proxy, upstream));
      clock.ms += 5 * SECOND;
      proxy.tick();
      assert.ok(calls.length > 0, "a key is asked for");
      const [{ headers, body }] = calls;
      return { headers: Object.fromEntries(headers.fields), body: JSON.parse(body) };
    };
    const claude = probe("claude", {});
    assert.equal(claude.headers[":path"], "/v1/messages");
    assert.equal(claude.headers["anthropic-version"], "2023-06-01");
    assert.match(claude.headers["x-api-key"], /^key-[abc]$/);
    assert.deepEqual(claude.body, {
      model: "m",
      messages: [{ role: "user", content: [{ type: "text", text: "who are you?" }] }],
      max_tokens: 16,
    });
    const gemini = probe("gemini", {});
    assert.equal(gemini.headers[":path"], "/v1beta/models/m:generateContent");
    assert.match(gemini.headers["x-goog-api-key"], /^key-[abc]$/);
    assert.equal(gemini.body.contents[0].parts[0].text, "who are you?");
    // Whatever stands in a model's name is written once: into JSON, into a segment of a path.
    const odd = { modelMapping: { probe: 'a/"b\\ é' } };
    assert.equal(probe("deepseek", odd).body.model, odd.modelMapping.probe);
    const path = `/v1beta/models/${encodeURIComponent(odd.modelMapping.probe)}:generateContent`;
    assert.equal(probe("gemini", odd).headers[":path"], path);
    const named = {
      modelMapping: {},
      failover: { ...probing.failover, healthCheckModel: 'a"\\b' },
    };
    assert.equal(probe("deepseek", named).body.model, 'a"\\b');
    const vertex = probe("vertex", {});
    assert.equal(vertex.headers[":path"], "/v1/publishers/google/models/m:generateContent");
    assert.match(vertex.headers["x-goog-api-key"], /^key-[abc]$/);
    assert.equal("authorization" in vertex.headers, false);
  });

  it("are sent by one worker, which knows the cluster from another's requests", () => {
    expectLog(isOut(0, 401));
    const { clock, shared } = broken();
    const second = setUp(probing, { clock, shared }).proxy;
    const third = setUp(probing, { clock, shared }).proxy;
    const calls = { second: 0, third: 0 };
    second.vm.onHttpCall = () => (calls.second++, 0);
    third.vm.onHttpCall = () => (calls.third++, 0);
    clock.ms += 5 * SECOND;
    second.tick();
    clock.ms += 1;
    third.tick();
    assert.deepEqual(calls, { second: 0, third: 0 }, "no worker has told the cluster yet");
    const upstream = vendor({});
    ask(second, upstream);
    clock.ms += 5 * SECOND;
    second.tick();
    third.tick();
    assert.deepEqual(calls, { second: 1, third: 0 });
    clock.ms += 61 * SECOND;
    third.tick();
    assert.deepEqual(calls, { second: 1, third: 1 }, "a lease that is not renewed is lost");
  });
});

for (const build of BUILDS) {
  describe(`retryOnFailure (${build})`, () => {
    const retrying = (members = {}, more = {}) => ({
      retryOnFailure: { enabled: true, maxRetries: 2, ...members },
      ...more,
    });

    /** Answers call-outs as the vendor would. */
    function serve(proxy, upstream) {
      proxy.vm.onHttpCall = () => 0;
      proxy.vm.asked = [];
      return () => {
        for (let round = 0; round < 5; round++) {
          for (const [token, call] of [...proxy.vm.calls]) {
            proxy.vm.asked.push(call);
            const { status = 200, headers, chunks } = upstream({ headers: call.headers });
            proxy.vm.answer(token, { status, headers, body: chunks.join("") });
          }
        }
      };
    }

    it("asks again with another key and sends its answer as if nothing had been", () => {
      const { proxy } = setUp(retrying({}, { modelMapping: { "gpt-4": "own" } }), { build });
      for (let round = 0; round < 30; round++) {
        const upstream = vendor({ "key-a": 429, "key-b": 500 });
        const run = serve(proxy, upstream);
        const stream = ask(proxy, upstream, {
          path: "/x/v1/chat/completions?a=b",
          headers: { traceparent: "t" },
        });
        run();
        assert.equal(stream.received.status, 200);
        assert.equal(stream.json.choices[0].message.content, "by key-c");
        if (proxy.vm.asked.length > 0) {
          assert.equal(stream.received.headers.get("content-length"), String(stream.body.length));
        }
        assert.equal(stream.received.ended, true);
        assert.equal(new Set(upstream.keys).size, upstream.keys.length, "each key once");
        for (const call of proxy.vm.asked) {
          assert.equal(call.cluster, CLUSTER);
          assert.equal(call.headers.get(":path"), "/v1/chat/completions?a=b");
          assert.equal(call.headers.get(":authority"), "api.openai.com");
          assert.equal(call.headers.get("traceparent"), "t");
          assert.equal(JSON.parse(call.body).model, "own");
        }
      }
    });

    it("completes each attempt by itself: a key in a header of its own is the next one's", () => {
      const vertex = { type: "vertex" };
      const { proxy } = setUp(retrying({}, vertex), { build });
      const keys = [];
      const upstream = ({ headers }) => {
        assert.ok(!headers.get("authorization"));
        keys.push(headers.get("x-goog-api-key"));
        return { status: 503, headers: { "content-type": "application/json" }, chunks: ["{}"] };
      };
      const run = serve(proxy, upstream);
      ask(proxy, upstream);
      run();
      assert.deepEqual(keys.sort(), KEYS);
    });

    it("lets the first failure through when all attempts fail", () => {
      const { proxy } = setUp(retrying(), { build });
      const upstream = vendor(Object.fromEntries(KEYS.map((key) => [key, 500])));
      const run = serve(proxy, upstream);
      const stream = ask(proxy, upstream);
      run();
      assert.equal(stream.received.status, 500);
      assert.equal(stream.json.error.message, `no ${upstream.keys[0]}`);
      assert.equal(upstream.keys.length, 3);
    });

    it("holds no first answer that is longer than the host buffers, and asks again all the same", () => {
      const long = (pieces, headers = {}) => ({
        status: 503,
        headers: { "content-type": "application/json", "retry-after": "7", ...headers },
        chunks: Array(pieces).fill("x".repeat(600_000)),
      });
      for (const first of [long(1), long(4), long(4, { "content-length": "2400000" })]) {
        const { proxy } = setUp(retrying({ maxRetries: 3 }), { build });
        const upstream = vendor({ "key-a": first, "key-b": first });
        const run = serve(proxy, upstream);
        const streams = times(12, () => ask(proxy, upstream));
        run();
        for (const { json, received } of streams) {
          assert.equal(received.status, 200);
          assert.equal(json.choices[0].message.content, "by key-c");
        }
      }
      const { proxy } = setUp(retrying(), { build });
      const run = serve(proxy, vendor({}));
      const all = vendor(Object.fromEntries(KEYS.map((key) => [key, long(4)])));
      const stream = ask(proxy, all);
      proxy.vm.answer([...proxy.vm.calls.keys()][0], { status: 503, body: "{}" });
      proxy.vm.answer([...proxy.vm.calls.keys()][0], { status: 503, body: "{}" });
      run();
      assert.equal(stream.received.status, 503);
      assert.match(stream.json.error.message, /status 503/);
      assert.equal(stream.received.headers.get("content-type"), "application/json");
      assert.equal(stream.received.headers.get("retry-after"), "7");
    });

    it("replays a stream, never an empty body", () => {
      const { proxy } = setUp(retrying({ maxRetries: 3 }), { build });
      const events = completionEvents(["a", "b"]);
      const good = { headers: { "content-type": "text/event-stream" }, chunks: events };
      const upstream = vendor({ "key-a": 503, "key-b": 503, "key-c": good });
      const run = serve(proxy, upstream);
      const stream = ask(proxy, upstream, { body: chatBody("hi", { stream: true }) });
      run();
      assert.equal(stream.received.headers.get("content-type"), "text/event-stream");
      assert.equal(stream.text, events.join(""));
    });

    it("asks a single key again, does not repeat what was the client's fault or made something", () => {
      const single = setUp(retrying({}, { apiTokens: ["key-a"] }), { build });
      const answers = { "key-a": 503 };
      const upstream = vendor(answers);
      const run = serve(single.proxy, upstream);
      const stream = ask(single.proxy, upstream);
      answers["key-a"] = 200;
      run();
      assert.equal(stream.received.status, 200);
      answers["key-a"] = 400;
      assert.equal(ask(single.proxy, upstream).received.status, 400);
      answers["key-a"] = 500;
      const before = upstream.keys.length;
      assert.equal(
        ask(single.proxy, upstream, { path: "/v1/batches", body: "{}" }).received.status,
        500,
      );
      run();
      assert.equal(upstream.keys.length, before + 1);
    });

    it("goes on with the first answer when the cluster refuses, and survives a client that leaves", () => {
      const { proxy } = setUp(retrying(), { build });
      proxy.vm.onHttpCall = () => 2;
      const upstream = vendor(Object.fromEntries(KEYS.map((key) => [key, 500])));
      assert.equal(ask(proxy, upstream).received.status, 500);
      proxy.vm.onHttpCall = () => 0;
      const stream = ask(proxy, upstream);
      stream.close();
      for (const token of proxy.vm.calls.keys())
        proxy.vm.answer(token, { status: 200, body: "{}" });
      assert.equal(proxy.vm.logText(4), "");
    });
  });
}

describe("as an upstream filter", () => {
  const upstreamOf = (id, type, more = {}) =>
    plugin("ai-proxy", {
      upstreamFilter: true,
      provider: { id, type, apiTokens: [`${id}-1`, `${id}-2`], ...more },
    });

  /** One attempt: a context of its own over the same headers, body and filter state. */
  function attempt(proxy, state, answer) {
    let request;
    const stream = new Stream([proxy], (sent) => ((request = sent), answer), {
      properties: state.properties,
    });
    stream.sendHeaders(state.headers).sendBody(state.body, true);
    Object.assign(
      state.properties,
      Object.fromEntries([...stream.properties].map(([k, v]) => [k.replaceAll("\0", "."), v])),
    );
    state.headers = stream.requestHeaders;
    return { stream, request };
  }

  it("each attempt starts from what the client sent, with its own host, path, key and body", () => {
    const first = upstreamOf("one", "groq", { modelMapping: { "gpt-4": "llama" } });
    const second = upstreamOf("two", "zhipuai", { modelMapping: { "gpt-4": "glm-long-name" } });
    const third = upstreamOf("three", "generic", { genericHost: "own.internal", apiTokens: [] });
    const state = {
      headers: {
        ":method": "POST",
        ":path": "/team/v1/chat/completions?a=b",
        ":authority": "gateway.example",
        "content-type": "application/json",
        authorization: "Bearer client",
      },
      body: chatBody(),
      properties: {},
    };
    const failed = { status: 503, headers: { "content-type": "application/json" }, chunks: ["{}"] };
    const seen = [first, first, second, third].map(
      (proxy) => attempt(proxy, state, failed).request,
    );
    const facts = seen.map(({ headers, body }) => [
      headers.get(":authority"),
      headers.get(":path"),
      JSON.parse(body).model,
      headers.get("content-length") === String(body.length),
    ]);
    assert.deepEqual(facts, [
      ["api.groq.com", "/openai/v1/chat/completions?a=b", "llama", true],
      ["api.groq.com", "/openai/v1/chat/completions?a=b", "llama", true],
      ["open.bigmodel.cn", "/api/paas/v4/chat/completions?a=b", "glm-long-name", true],
      ["own.internal", "/team/v1/chat/completions?a=b", "gpt-4", true],
    ]);
    const keys = seen.map(({ headers }) => headers.get("authorization"));
    assert.deepEqual(
      keys.slice(0, 2).toSorted(),
      ["Bearer one-1", "Bearer one-2"],
      "another key each time",
    );
    assert.match(keys[2], /^Bearer two-/);
    assert.equal(keys[3], "Bearer client", "a provider without keys lets the client's pass");
  });

  it("counts an attempt without an answer, and none that it has refused", () => {
    const counted = ({ vm }) =>
      [...vm.metrics.keys()].filter((name) => /requests_total/.test(name));
    const proxy = upstreamOf("one", "openai");
    exchange([proxy], { body: chatBody() }, () => null).abort();
    assert.match(
      counted(proxy).join(),
      /^ai_proxy_requests_total.*provider=\.=one.*status=\.=none/,
    );
    const other = upstreamOf("two", "openai");
    assert.equal(exchange([other], { body: "{broken" }, () => null).received.status, 400);
    assert.deepEqual(counted(other), []);
  });

  it("holds a good answer's headers until the first piece, and turns an error inside 200 into a failure", () => {
    const proxy = upstreamOf("one", "minimax");
    const stream = exchange([proxy], { body: chatBody("hi", { stream: true }) }, () => null);
    stream.beginResponse(200, { "content-type": "text/event-stream" });
    assert.equal(stream.received.headers, null);
    stream.sendChunk(completionEvents(["a"])[0]);
    assert.equal(stream.received.status, 200);
    const bad = exchange([proxy], { body: chatBody() }, () => ({
      headers: { "content-type": "application/json" },
      chunks: [JSON.stringify({ base_resp: { status_code: 1002, status_msg: "busy" } })],
    }));
    assert.equal(bad.received.status, 429);
  });
});
