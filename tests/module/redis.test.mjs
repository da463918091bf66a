/** ai-cache with a Redis: shared answers, its ways there, its failures. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeRedis } from "../fakes/redis.mjs";
import { Status } from "../host/chain.mjs";
import {
  chatBody,
  completion,
  completionEvents,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
  streamedText,
  streamUpstream,
} from "./support.mjs";

const CLUSTER = "outbound|6379||redis_cluster";
const SECTION = { type: "redis", serviceName: "redis_cluster" };
const QUESTION = "How do I reset my password?";

/** One Envoy: a cache of its own in front of `redis`. Call-outs wait until `serve`. */
function gateway(redis, section = {}, { configuration = {}, build = "stock", now } = {}) {
  const cache = plugin(
    "ai-cache",
    { explain: true, cache: { ...SECTION, ...section }, ...configuration },
    { build, shared: new SharedData(), ...(now ? { now } : {}) },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  const { vm } = cache;
  const known = new Set([CLUSTER]);
  if (build === "higress") known.forEach((name) => vm.redis.add(name));
  const calls = [];
  vm.onHttpCall = (call) =>
    known.has(call.cluster) ? (calls.push(call), Status.Ok) : Status.BadArgument;
  const self = {
    cache,
    vm,
    calls,
    known,
    /** Answers everything that waits, and what comes of that. */
    serve(change = (reply) => ({ status: 200, body: reply })) {
      for (let round = 0; round < 20; round++) {
        for (const [token, call] of [...vm.calls])
          vm.answer(token, change(redis.answer(call.body), call));
        for (const [token, call] of [...vm.redisCalls])
          vm.answerRedis(token, redis.answer(call.query));
      }
    },
    ask(
      question = QUESTION,
      {
        upstream = jsonUpstream(completion("The answer.")),
        members,
        serve = true,
        ...request
      } = {},
    ) {
      const stream = exchange([cache], { body: chatBody(question, members), ...request }, upstream);
      if (serve) self.serve();
      stream.asked = upstream.requests.length;
      return stream;
    },
  };
  return self;
}

const reasonOf = (stream) => stream.attribute("ai_cache");

/** Vectors as a service answers them, too long for one reply of Redis without a pool. */
const vectorsOf = ({ input }, size = 1536) => ({
  object: "list",
  data: input.map((text, index) => ({
    object: "embedding",
    index,
    embedding: Array.from({ length: size }, (_, i) => Number(text.split(" ")[1]) + i / 2048),
  })),
  model: "m",
  usage: { prompt_tokens: 4 * input.length, total_tokens: 4 * input.length },
});
const numbered = (from, to) => Array.from({ length: to - from }, (_, i) => `text ${from + i}`);

for (const [name, section, build] of [
  ["tcp", {}, "stock"],
  ["pool", { transport: "pool" }, "stock"],
  ["host", {}, "higress"],
]) {
  describe(`batches in a Redis shared by Envoys (${name})`, () => {
    const start = (redis, configuration = {}) => {
      const one = gateway(redis, section, { build, configuration });
      one.batch = (input, { size, serve = true, ...request } = {}) => {
        const upstream = jsonUpstream(({ body }) => vectorsOf(JSON.parse(body), size));
        const body = JSON.stringify({ model: "m", input });
        const stream = exchange(
          [one.cache],
          { path: "/v1/embeddings", body, ...request },
          upstream,
        );
        if (serve) one.serve();
        stream.asked = upstream.requests.map((sent) => JSON.parse(sent.body).input);
        stream.sent = upstream.requests;
        return stream;
      };
      return one;
    };

    it("of 100 texts of which 90 are known to another Envoy 10 are asked for, in few calls", () => {
      const redis = new FakeRedis();
      start(redis).batch(numbered(100, 190), { size: 384 });
      const writes = redis.commands.filter((parts) => /'SET'/.test(parts[1]));
      // 256 KB go into one of them.
      assert.ok(writes.length <= 4, `${writes.length} writes for 90 items`);
      const second = start(redis);
      redis.commands.length = 0;
      const mixed = numbered(100, 200).toReversed();
      const partial = second.batch(mixed, { size: 384 });
      assert.deepEqual(partial.asked, [numbered(190, 200).toReversed()]);
      assert.deepEqual(partial.json, vectorsOf({ input: mixed }, 384));
      assert.equal(reasonOf(partial), "miss-partial");
      const [{ headers, body }] = partial.sent;
      assert.equal(headers.get("content-length"), String(body.length));
      // Only a reply of one buffer comes whole without a pool.
      const reads = redis.commands.filter((parts) => /MGET/.test(parts[1]));
      assert.ok(reads.length <= (name === "tcp" ? 45 : 1), `${reads.length} reads`);
      redis.commands.length = 0;
      assert.equal(reasonOf(second.batch(mixed, { size: 384 })), "hit-exact");
      assert.equal(redis.commands.length, 0, "from memory");
      const third = start(redis).batch(mixed, { size: 384 });
      assert.equal(reasonOf(third), "hit-exact");
      assert.deepEqual([third.asked, third.json], [[], partial.json]);
    });

    it("a text alone and in a batch are one entry there, too", () => {
      const redis = new FakeRedis();
      start(redis).batch(["text 1"]);
      assert.deepEqual(start(redis).batch(["text 1", "text 2"]).asked, [["text 2"]]);
      assert.equal(reasonOf(start(redis).batch(["text 2"])), "hit-exact");
    });

    it("another user's are not given, and no-cache asks for all", () => {
      const redis = new FakeRedis();
      start(redis).batch(numbered(0, 3));
      const other = start(redis).batch(numbered(0, 3), { headers: { authorization: "Bearer o" } });
      assert.equal(other.asked[0].length, 3);
      const fresh = start(redis).batch(numbered(0, 3), {
        headers: { "cache-control": "no-cache" },
      });
      assert.equal(fresh.asked[0].length, 3);
    });

    it("a body that is too large for the host's buffer goes on as it is", () => {
      const redis = new FakeRedis();
      const long = numbered(0, 4).map((text) => text + " word".repeat(2000));
      start(redis).batch(long.slice(1), { size: 8 });
      const second = start(redis);
      const partial = second.batch(long, { size: 8 });
      const isRaised = name === "host";
      assert.deepEqual(partial.asked, [isRaised ? long.slice(0, 1) : long]);
      assert.equal(reasonOf(partial), isRaised ? "miss-partial" : "miss-form");
      assert.equal(reasonOf(start(redis).batch(long, { size: 8 })), "hit-exact");
    });

    it("what is broken there is asked for", () => {
      for (const harm of [
        (data) => data.forEach((value, key) => data.set(key, value.subarray(1))),
        (data) => data.forEach((_, key) => data.set(key, Buffer.from("12:"))),
        (data) => data.clear(),
      ]) {
        const redis = new FakeRedis();
        start(redis).batch(numbered(0, 3));
        harm(redis.data());
        assert.deepEqual(start(redis).batch(numbered(0, 4)).asked, [numbered(0, 4)]);
      }
    });

    it("a client that leaves while it waits leaves nothing behind", () => {
      const redis = new FakeRedis();
      const one = start(redis);
      const stream = one.batch(numbered(0, 4), { serve: false });
      stream.resetClient();
      one.serve();
      assert.equal(stream.asked.length, 0);
      assert.equal(start(redis).batch(numbered(0, 4)).asked.length, 1);
    });
  });
}

it("a Redis that fails leaves batches to the service", () => {
  const redis = new FakeRedis();
  redis.run = () => Buffer.from("-CROSSSLOT Keys in request don't hash to the same slot\r\n");
  const one = gateway(redis);
  const upstream = jsonUpstream(({ body }) => vectorsOf(JSON.parse(body)));
  const body = JSON.stringify({ model: "m", input: numbered(0, 3) });
  const stream = exchange([one.cache], { path: "/v1/embeddings", body }, upstream);
  one.serve();
  assert.equal(stream.received.status, 200);
  assert.equal(reasonOf(stream), "error-redis-moved");
  const again = exchange([one.cache], { path: "/v1/embeddings", body }, upstream);
  assert.equal(reasonOf(again), "hit-exact", "from memory");
});

for (const [name, section, build] of [
  ["tcp", {}, "stock"],
  ["pool", { transport: "pool" }, "stock"],
  ["host", {}, "higress"],
]) {
  describe(`a Redis shared by two Envoys (${name})`, () => {
    it("an answer of one is a hit of the other, and then a hit of its own memory", () => {
      const redis = new FakeRedis();
      const first = gateway(redis, section, { build });
      assert.equal(reasonOf(first.ask()), "miss-cold");
      const second = gateway(redis, section, { build });
      const hit = second.ask();
      assert.equal(reasonOf(hit), "hit-exact", second.vm.logText());
      assert.equal(hit.asked, 0);
      assert.equal(hit.json.choices[0].message.content, "The answer.");
      const before = redis.commands.length;
      assert.equal(reasonOf(second.ask()), "hit-exact");
      assert.equal(redis.commands.length, before, "from memory");
      assert.equal(reasonOf(second.ask("how can I reset my password?")), "hit-semantic");
    });

    it("streams are served from it too, and other tenants are not", () => {
      const redis = new FakeRedis();
      const upstream = () => streamUpstream(completionEvents(["Hel", "lo"]));
      const ask = (one, authorization) =>
        one.ask(QUESTION, {
          upstream: upstream(),
          members: { stream: true },
          headers: { authorization },
        });
      ask(gateway(redis, section, { build }), "Bearer a");
      const second = gateway(redis, section, { build });
      assert.equal(streamedText(ask(second, "Bearer a").text), "Hello");
      assert.equal(reasonOf(ask(second, "Bearer b")), "miss-cold");
    });

    it("values larger than one reply come whole, binary too", () => {
      const redis = new FakeRedis();
      const long = "中\u0000é".repeat(30_000);
      const upstream = () => jsonUpstream(completion(long));
      gateway(redis, section, { build }).ask(QUESTION, { upstream: upstream() });
      const hit = gateway(redis, section, { build }).ask(QUESTION, { upstream: upstream() });
      assert.equal(reasonOf(hit), "hit-exact");
      assert.equal(hit.json.choices[0].message.content, long);
    });

    it("password, user, database, prefix and life are those of the configuration", () => {
      if (name === "pool") return;
      const redis = new FakeRedis({ password: "s3cret" });
      const set = gateway(
        redis,
        { username: "u", password: "s3cret", database: 3, cacheKeyPrefix: "p:", cacheTTL: 60 },
        { build },
      );
      if (name === "host") redis.password = undefined;
      set.ask();
      const [key] = redis.data(name === "host" ? 0 : 3).keys();
      assert.match(key, /^p:v3:[0-9a-f]{16}:[0-9a-f]{16}:[0-9a-f]{64}$/);
      const write = redis.commands.find(([command]) => command.toUpperCase() === "SET");
      assert.equal(write[3].toUpperCase(), "EX");
      assert.equal(write[4], "60");
      if (name === "host") {
        const [[cluster, client]] = set.vm.redisClients;
        assert.equal(cluster, `${CLUSTER}?db=3`);
        assert.equal(client.password, "s3cret");
      } else assert.ok(redis.commands.some((parts) => parts.join() === "AUTH,u,s3cret"));
      assert.equal(set.vm.logText().includes("s3cret"), false);
    });
  });
}

describe("what else is stored in a Redis", () => {
  const seeded = (value, configuration) => {
    const redis = new FakeRedis();
    const first = gateway(redis, {}, { configuration });
    first.ask();
    const [key] = redis.data().keys();
    redis
      .data()
      .set(key, typeof value === "function" ? value(redis.data().get(key)) : Buffer.from(value));
    return gateway(redis, {}, { configuration }).ask();
  };

  it("junk, damaged and cut values are misses, and are written anew", () => {
    for (const value of [
      "",
      "junk",
      "{}",
      '{"v":1}',
      "AIC1",
      "\u0000".repeat(200),
      (v) => v.subarray(0, v.length - 1),
      (v) => Buffer.concat([v, Buffer.from("x")]),
    ]) {
      assert.equal(reasonOf(seeded(value)), "miss-cold");
    }
    const flipped = (v) => {
      const copy = Buffer.from(v);
      copy[copy.length - 10] ^= 1;
      return copy;
    };
    assert.equal(reasonOf(seeded(flipped)), "miss-cold");
  });

  it("the answer to another question under this key is a miss", () => {
    const redis = new FakeRedis();
    const one = gateway(redis);
    one.ask("What is the capital of France?");
    const [other] = redis.data().values();
    one.ask("Who wrote Faust?");
    const [, key] = redis.data().keys();
    redis.data().set(key, other);
    assert.equal(reasonOf(gateway(redis).ask("Who wrote Faust?")), "miss-cold");
  });

  it("an answer is served for the rest of its life only", () => {
    const redis = new FakeRedis();
    const clock = { ms: 1_700_000_000_000 };
    const now = () => clock.ms;
    gateway(redis, { cacheTTL: 100 }, { now }).ask();
    clock.ms += 60_000;
    const second = gateway(redis, { cacheTTL: 100 }, { now });
    const hit = second.ask();
    assert.equal(hit.received.headers.get("age"), "60");
    clock.ms += 41_000;
    assert.match(reasonOf(second.ask()), /^miss/);
    const third = gateway(redis, { cacheTTL: 100 }, { now });
    clock.ms += 200_000;
    assert.match(reasonOf(third.ask()), /^miss/);
  });
});

describe("keyMode text", () => {
  const configuration = { keyMode: "text" };

  it("reads what the Go plugin has stored, and writes what it reads", () => {
    const redis = new FakeRedis();
    redis.data().set(`higress-ai-cache:${QUESTION}`, Buffer.from('Use "forgot password".\n'));
    const one = gateway(redis, {}, { configuration });
    const hit = one.ask();
    assert.equal(reasonOf(hit), "hit-exact");
    assert.equal(
      hit.text,
      '{"id":"from-cache","choices":[{"index":0,"message":{"role":"assistant","content":"Use \\"forgot password\\".\\n"},"finish_reason":"stop"}],"model":"from-cache","object":"chat.completion","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}',
    );
    one.ask("Another one?", {
      upstream: streamUpstream(completionEvents(["A", "b"])),
      members: { stream: true },
    });
    assert.equal(redis.data().get("higress-ai-cache:Another one?").toString(), "Ab");
    redis.data().set("higress-ai-cache:blank", Buffer.from(" \n"));
    assert.match(reasonOf(one.ask("blank")), /^miss/);
  });

  it("the first generation's section and prefix mean the same", () => {
    const redis = new FakeRedis();
    const cache = {
      redis: { serviceName: "redis_cluster", timeout: 2000 },
      cacheKeyPrefix: "old:",
      keyMode: "text",
      cache: undefined,
    };
    const one = gateway(redis, {}, { configuration: cache });
    one.ask();
    assert.deepEqual([...redis.data().keys()], [`old:${QUESTION}`]);
    assert.equal(redis.commands.at(-1).length, 3, "forever, as the Go plugin has it");
  });
});

describe("HTTP fronts", () => {
  it("webdis: values pass as they are, keys are escaped", () => {
    const redis = new FakeRedis();
    const seen = [];
    const webdis = (call) => {
      const path = call.headers.get(":path");
      seen.push([call.headers.get(":method"), path]);
      const [, command, key, ttl] = path
        .replace(/\.raw$/, "")
        .split("/")
        .map(decodeURIComponent);
      const data = redis.data();
      if (command === "GET") {
        const value = data.get(key);
        const body = value
          ? Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from("\r\n")])
          : "$-1\r\n";
        return { status: 200, body };
      }
      data.set(key, Buffer.from(call.body));
      return { status: 200, body: JSON.stringify({ [command]: [true, "OK"] }), ttl };
    };
    const section = {
      transport: "webdis",
      cacheKeyPrefix: "a/b.c %:",
      cacheTTL: 9,
      username: "u",
      password: "p",
    };
    const run = () => {
      const one = gateway(redis, section);
      one.known.add("outbound|7379||redis_cluster");
      one.serve = () => {
        for (let round = 0; round < 5; round++) {
          for (const [token, call] of [...one.vm.calls]) {
            assert.equal(
              call.headers.get("authorization"),
              `Basic ${Buffer.from("u:p").toString("base64")}`,
            );
            one.vm.answer(token, webdis(call));
          }
        }
      };
      return one.ask();
    };
    assert.equal(reasonOf(run()), "miss-cold");
    assert.match(
      seen.at(-1)[1],
      /^\/SETEX\/a%2fb%2ec%20%25%3av3%3a[0-9a-f]{16}%3a[0-9a-f]{16}%3a[0-9a-f]{64}\/9$/,
    );
    assert.equal(seen.at(-1)[0], "PUT");
    assert.equal(reasonOf(run()), "hit-exact");
  });

  it("upstash: text over REST with a bearer token", () => {
    const data = new Map();
    const run = () => {
      const one = gateway(new FakeRedis(), {
        transport: "upstash",
        serviceHost: "eu1.upstash.io",
        password: "tok",
        cacheTTL: 9,
      });
      one.known.add("outbound|443||redis_cluster");
      one.serve = () => {
        for (let round = 0; round < 5; round++) {
          for (const [token, call] of [...one.vm.calls]) {
            assert.equal(call.headers.get(":authority"), "eu1.upstash.io");
            assert.equal(call.headers.get("authorization"), "Bearer tok");
            const [command, key, value, ...rest] = JSON.parse(call.body);
            if (command === "SET") {
              assert.deepEqual(rest, ["EX", "9"]);
              data.set(key, value);
            }
            const result = command === "GET" ? (data.get(key) ?? null) : "OK";
            one.vm.answer(token, { status: 200, body: JSON.stringify({ result }) });
          }
        }
      };
      return one.ask();
    };
    assert.equal(reasonOf(run()), "miss-cold");
    assert.equal(reasonOf(run()), "hit-exact");
  });
});

describe("a Redis that fails", () => {
  const broken = (change, section) => {
    const one = gateway(new FakeRedis({ password: "x" }), section);
    const stream = one.ask(QUESTION, { serve: false });
    one.serve(change);
    return { one, stream };
  };

  it("costs a miss with its reason, whatever it sends", () => {
    expectLog(
      /^redis: auth, .* cache\.password \(cluster \S+\)$/,
      /^redis: unreachable; its circuit breaker is open \(cluster \S+\)$/,
      /^redis: timeout; its circuit breaker is open \(cluster \S+\)$/,
      /^redis: reply \(cluster \S+\)$/,
      /^redis: not-ready \(cluster \S+\)$/,
    );
    const cases = {
      "error-redis-auth": (reply) => ({ status: 200, body: reply }),
      "error-redis-unreachable": () => ({ status: 503, body: "" }),
      "error-redis-timeout": () => ({ status: 504, body: "" }),
      "error-redis-reply": () => ({ status: 200, body: ":5\r\n$5\r\nhel" }),
      "error-redis-moved": () => ({ status: 200, body: "-MOVED 1 a:1\r\n-MOVED 1 a:1\r\n" }),
      "error-redis-not-ready": () => ({ status: 200, body: "-LOADING x\r\n-LOADING x\r\n" }),
      "error-redis-error": () => ({ status: 200, body: "-ERR x\r\n-ERR x\r\n" }),
      "error-redis-too-large": () => ({
        status: 200,
        body: `:99999999\r\n$15360\r\n${"x".repeat(15360)}\r\n`,
      }),
    };
    for (const [reason, change] of Object.entries(cases)) {
      const { stream } = broken(change);
      assert.equal(reasonOf(stream), reason);
      assert.equal(stream.received.status, 200);
      assert.equal(stream.json.choices[0].message.content, "The answer.");
    }
    for (const body of [
      "",
      "garbage",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      ":5\r\n$5\r\nhello\r\nmore",
      ":9\r\n$5\r\nhello\r\n",
    ]) {
      assert.equal(reasonOf(broken(() => ({ status: 200, body })).stream), "error-redis-reply");
    }
  });

  it("is left alone for a while after one timeout, and asked again then", () => {
    expectLog(/^redis: timeout; its circuit breaker is open \(cluster \S+\)$/);
    const clock = { ms: 1_700_000_000_000 };
    const redis = new FakeRedis();
    const one = gateway(redis, {}, { now: () => clock.ms });
    one.ask("first?", { serve: false });
    one.serve(() => ({ status: 504, body: "" }));
    const asked = one.calls.length;
    assert.equal(reasonOf(one.ask("second?")), "error-redis-open");
    assert.equal(one.calls.length, asked, "neither read nor written");
    clock.ms += 1_500;
    assert.equal(reasonOf(one.ask("third?")), "miss-cold");
    assert.ok(one.calls.length > asked);
  });

  it("that is tried again gives a value of several pieces", () => {
    const clock = { ms: 1_700_000_000_000 };
    const redis = new FakeRedis();
    const first = gateway(redis, {}, { now: () => clock.ms });
    first.ask("long?", { upstream: jsonUpstream(completion("x".repeat(60_000))) });
    const one = gateway(redis, {}, { now: () => clock.ms });
    one.ask("first?", { serve: false });
    one.serve(() => ({ status: 504, body: "" }));
    expectLog(/^redis: timeout; its circuit breaker is open \(cluster \S+\)$/);
    assert.equal(reasonOf(one.ask("long?")), "error-redis-open");
    clock.ms += 1_500;
    assert.equal(reasonOf(one.ask("long?")), "hit-exact");
  });

  it("is looked for under all names that it may have, and missing says so once", () => {
    const one = gateway(new FakeRedis(), { serviceName: "r" });
    one.known.clear();
    assert.equal(reasonOf(one.ask()), "error-redis-no-cluster");
    one.ask("another?");
    const text = one.vm.takeLog();
    assert.match(
      text,
      /redis: no cluster is named outbound\|6379\|\|r or outbound\|6379\|\|r\.dns or outbound\|80\|\|r\.static or r/,
    );
    assert.equal(text.match(/no cluster/g).length, 1);
    const bare = gateway(new FakeRedis(), { serviceName: "r" });
    bare.known.add("r");
    assert.equal(reasonOf(bare.ask()), "miss-cold");
  });

  it("does not hurt a client that leaves, nor a hit in memory", () => {
    const redis = new FakeRedis();
    const one = gateway(redis);
    one.ask();
    const gone = one.ask("gone?", { serve: false });
    gone.close();
    one.serve();
    const upstream = jsonUpstream();
    assert.equal(reasonOf(one.ask(QUESTION, { upstream, serve: false })), "hit-exact");
    assert.equal(one.vm.logText(4), "");
  });

  it("Higress: a log-in that was lost is made again, once", () => {
    expectLog(/^redis: unreachable$/);
    const redis = new FakeRedis();
    const one = gateway(redis, { password: "p" }, { build: "higress" });
    const stream = one.ask(QUESTION, { serve: false });
    const [[token]] = one.vm.redisCalls;
    one.vm.answerRedis(token, "-NOAUTH Authentication required.\r\n");
    assert.equal(one.vm.redisCalls.size, 1, "asked again");
    one.serve();
    assert.equal(reasonOf(stream), "miss-cold");
    const lost = one.ask("more?", { serve: false });
    one.vm.answerRedis([...one.vm.redisCalls.keys()][0], null);
    assert.equal(reasonOf(lost), "error-redis-unreachable");
  });
});
