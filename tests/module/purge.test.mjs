/** ai-cache with `role: admin`: deleting what is wrong, in memory, in Redis and in vector stores. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONFIGURATIONS, embed } from "../fakes/embeddings.mjs";
import { FakeRedis } from "../fakes/redis.mjs";
import { FakeStore, STORES } from "../fakes/vector-stores.mjs";
import { Status } from "../host/chain.mjs";
import {
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const TOKEN = "a-token-of-16-characters";
const PASSWORD = "How do I reset my password?";
const SHIPPING = "What does shipping to Norway cost?";

/** A caching plugin and its admin in one VM's shared data, in front of `redis` and `vectors`. */
function gateway({ redis, vectors, configuration = {}, build = "stock" } = {}) {
  const shared = new SharedData();
  const stores = {
    ...(redis && { cache: { type: "redis", serviceName: "redis", cluster: "redis" } }),
    ...(vectors && {
      embedding: { type: "openai", serviceName: "embedder", ...CONFIGURATIONS.openai },
      vector: {
        type: vectors.type,
        serviceName: "vectors",
        cluster: "vectors",
        ...STORES[vectors.type].config,
      },
      match: { mode: "loose", threshold: 0.5 },
    }),
    ...configuration,
  };
  const options = { shared, build };
  const cache = plugin("ai-cache", { explain: true, ...stores }, options);
  const admin = plugin("ai-cache", { role: "admin", token: TOKEN, ...stores }, options);
  for (const { accepted, vm } of [cache, admin]) {
    assert.ok(accepted, vm.logText());
    if (build === "higress") vm.redis.add("redis");
    vm.onHttpCall = () => Status.Ok;
  }
  const answer = (call) => {
    if (call.cluster === "redis") return { status: 200, body: redis.answer(call.body) };
    if (call.cluster === "vectors") return vectors.answer(call);
    const headers = Object.fromEntries(call.headers.fields);
    const body = call.body.toString();
    return embed("openai", { method: headers[":method"], path: headers[":path"], headers, body });
  };
  const serve = (change = answer) => {
    for (let round = 0; round < 20; round++) {
      for (const { vm } of [cache, admin]) {
        for (const [token, call] of [...vm.calls]) vm.answer(token, change(call, answer));
        for (const [token, call] of [...vm.redisCalls])
          vm.answerRedis(token, redis.answer(call.query));
      }
    }
  };
  return {
    cache,
    admin,
    ask(question, { members, headers } = {}) {
      const body = chatBody(question, members);
      const stream = exchange([cache], { body, headers }, jsonUpstream(completion("Answer.")));
      serve();
      const status = stream.received.headers.get("cache-status");
      return {
        reason: stream.attribute("ai_cache"),
        key: /key="(\w+)"/.exec(status)?.[1],
        scope: /scope="(\w+)"/.exec(status)?.[1],
      };
    },
    purge(wish, { headers, change, ...request } = {}) {
      const stream = exchange(
        [admin],
        {
          path: "/ai-cache/purge",
          headers: { authorization: `Bearer ${TOKEN}`, ...headers },
          body: typeof wish === "string" ? wish : JSON.stringify(wish),
          ...request,
        },
        () => assert.fail("the request went on"),
      );
      serve(change);
      return { status: stream.received.status, ...stream.json };
    },
  };
}

describe("purging the memory", () => {
  it("counts first, and deletes only when told to", () => {
    const one = gateway();
    const { key } = one.ask(PASSWORD);
    one.ask(SHIPPING);
    const counted = one.purge({ entry: key });
    assert.equal(counted.status, 200);
    assert.deepEqual(counted.memory, { entries: 1, ids: [key] });
    assert.equal(counted.dryRun, true);
    assert.equal(one.ask(PASSWORD).reason, "hit-exact");
    const deleted = one.purge({ entry: key, dryRun: false });
    assert.deepEqual([deleted.dryRun, deleted.memory.entries], [false, 1]);
    assert.equal(one.ask(SHIPPING).reason, "hit-exact");
    assert.match(one.ask(PASSWORD).reason, /^miss/);
    assert.equal(one.ask(PASSWORD).reason, "hit-exact", "stored anew");
  });

  it("by question: in every scope, with what was copied for other words", () => {
    const one = gateway();
    one.ask(PASSWORD);
    one.ask(PASSWORD, { headers: { authorization: "Bearer other" } });
    const words = "how can I reset my password, please?";
    assert.equal(one.ask(words).reason, "hit-semantic");
    assert.equal(one.ask(words).reason, "hit-exact", "copied");
    assert.equal(one.purge({ question: PASSWORD, dryRun: false }).memory.entries, 3);
    assert.match(one.ask(words).reason, /^miss/);
    assert.equal(one.purge({ question: "How do I", dryRun: false }).memory.entries, 0);
  });

  it("by entry: with its copies", () => {
    const one = gateway();
    const { key } = one.ask(PASSWORD);
    one.ask("how can I reset my password, please?");
    assert.equal(one.purge({ entry: key, dryRun: false }).memory.entries, 2);
    assert.match(one.ask("how can I reset my password, please?").reason, /^miss/);
  });

  it("by scope: one client's entries and nobody else's", () => {
    const one = gateway();
    const other = { headers: { authorization: "Bearer other" } };
    const { scope } = one.ask(PASSWORD);
    one.ask(SHIPPING);
    one.ask(SHIPPING, other);
    assert.equal(one.purge({ scope, dryRun: false }).memory.entries, 2);
    assert.match(one.ask(PASSWORD).reason, /^miss/);
    assert.equal(one.ask(SHIPPING, other).reason, "hit-exact");
  });

  it("everything; the room of what was deleted is used again", () => {
    const one = gateway({ configuration: { cache: { type: "memory", maxEntries: 4 } } });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 4; i++) one.ask(`Question ${round} ${i}?`);
      assert.equal(one.purge({ all: true, dryRun: false }).memory.entries, 4);
    }
    assert.equal(one.purge({ all: true }).memory.entries, 0);
    one.ask(PASSWORD);
    assert.equal(one.ask(PASSWORD).reason, "hit-exact");
  });

  it("goes on where it has stopped", () => {
    const one = gateway();
    one.ask(PASSWORD);
    one.ask(SHIPPING);
    assert.equal(one.purge({ all: true, from: { memory: 1 } }).memory.entries, 1);
    assert.equal(one.purge({ all: true, from: { memory: 2, redis: "0" } }).memory.entries, 0);
  });
});

describe("what is refused", () => {
  const one = gateway();

  it("who has not the token, and what is no purge", () => {
    for (const authorization of [
      "",
      "Bearer ",
      "Bearer a-token-of-16-characterz",
      `Basic ${TOKEN}`,
    ])
      assert.equal(one.purge({ all: true }, { headers: { authorization } }).status, 401);
    assert.equal(one.purge({ all: true }, { path: "/" }).status, 404);
    assert.equal(one.purge({ all: true }, { path: "/ai-cache/purge2" }).status, 404);
    assert.equal(one.purge({ all: true }, { method: "GET" }).status, 405);
    assert.equal(one.purge({ question: "x".repeat(70_000) }).status, 413);
  });

  it("what is misspelt or means nothing, in words", () => {
    for (const [wish, message] of [
      ["", /JSON object/],
      ["[]", /JSON object/],
      [{}, /exactly one of/],
      [{ entry: "0123456789abcdef", all: true }, /exactly one of/],
      [{ dryRun: false }, /exactly one of/],
      [{ all: false }, /all must be true/],
      [{ entry: "0123" }, /16 hexadecimal/],
      [{ entry: "0123456789abcdeg" }, /16 hexadecimal/],
      [{ scope: "0123456789abcdef" }, /64 hexadecimal/],
      [{ question: "" }, /question must be/],
      [{ question: 7 }, /question must be/],
      [{ all: true, dry_run: false }, /unknown member dry_run/],
      [{ all: true, dryRun: "false" }, /dryRun must be/],
      [{ all: true, from: 7 }, /from must be/],
      [{ all: true, from: { redis: "x" } }, /from must be/],
      [{ all: true, from: { memry: 5 } }, /from must be/],
    ]) {
      const { status, error } = one.purge(wish);
      assert.equal(status, 400, JSON.stringify(wish));
      assert.match(error.message, message);
    }
  });

  it("a repeated member, whichever of its values would count", () => {
    one.ask(PASSWORD);
    for (const wish of [
      '{"all":true,"dryRun":true,"dryRun":false}',
      '{"all":true,"dryRun":false,"dryRun":true}',
      '{"all":true,"dryRun":true,"dry\\u0052un":false}',
      '{"all":true,"all":true,"dryRun":false}',
      `{"question":"x","question":"${PASSWORD}","dryRun":false}`,
      '{"all":true,"dryRun":false,"from":{},"from":{"memory":1}}',
      '{"all":true,"dryRun":false,"from":{"memory":1,"memory":0}}',
      '{"all":true,"dryRun":false,"from":{"redis":"1","redis":"0"}}',
    ]) {
      const { status, error } = one.purge(wish);
      assert.equal(status, 400, wish);
      assert.match(error.message, /repeats/, wish);
    }
    assert.equal(one.ask(PASSWORD).reason, "hit-exact");
  });

  it("a configuration without a good token", () => {
    const log = (configuration) => plugin("ai-cache", configuration).vm.takeLog();
    assert.match(log({ role: "admin" }), /token: is required with role admin/);
    assert.match(log({ role: "admin", token: "short" }), /16 characters or more/);
    assert.match(log({ role: "admin", token: TOKEN, adminPath: "x" }), /adminPath: must begin/);
    assert.match(
      log({ role: "admin", token: TOKEN, _rules_: [{ _match_domain_: ["a"] }] }),
      /_rules_: is not allowed with role admin/,
    );
  });
});

for (const build of ["stock", "higress"]) {
  describe(`purging a Redis (${build})`, () => {
    const start = (configuration) => {
      const redis = new FakeRedis();
      return { redis, one: gateway({ redis, build, configuration }) };
    };

    it("counts, then deletes, by entry, question, scope and all", () => {
      const { redis, one } = start();
      const { key, scope } = one.ask(PASSWORD);
      one.ask(SHIPPING);
      one.ask("Who are you?");
      one.ask(PASSWORD, { headers: { authorization: "Bearer other" } });
      assert.equal(redis.data().size, 4);
      assert.deepEqual(one.purge({ question: PASSWORD }).redis, { entries: 2 });
      assert.equal(redis.data().size, 4);
      assert.deepEqual(one.purge({ entry: key, dryRun: false }).redis, { entries: 1 });
      assert.equal(redis.data().size, 3);
      assert.deepEqual(one.purge({ scope, dryRun: false }).redis, { entries: 2 });
      redis.data().set("foreign", Buffer.from("x"));
      assert.deepEqual(one.purge({ all: true, dryRun: false }).redis, { entries: 1 });
      assert.deepEqual([...redis.data().keys()], ["foreign"]);
    });

    it("with keyMode text: by question and prefix; characters of patterns stand for themselves", () => {
      const { redis, one } = start({ keyMode: "text" });
      const odd = "What does [a-z]* mean?";
      one.ask(odd);
      one.ask("What does bbb meanx");
      assert.deepEqual(one.purge({ question: odd, dryRun: false }).redis, { entries: 1 });
      assert.equal(redis.data().size, 1);
      const { status, redis: told } = one.purge({ entry: "0123456789abcdef", dryRun: false });
      assert.deepEqual([status, told], [502, { entries: 0, error: "unsupported" }]);
      assert.deepEqual(one.purge({ all: true, dryRun: false }).redis, { entries: 1 });
    });

    it("everything without a prefix would be everybody's: it is refused", () => {
      const cache = { type: "redis", cluster: "redis", cacheKeyPrefix: "" };
      const { redis, one } = start({ keyMode: "text", cache });
      one.ask(PASSWORD);
      assert.equal(one.purge({ all: true, dryRun: false }).redis.error, "unsupported");
      assert.equal(redis.data().size, 1);
    });
  });
}

describe("a Redis that does not do it", () => {
  it("is reported, with what was deleted elsewhere", () => {
    expectLog(/^redis: auth, .* cache\.password \(cluster \S+\)$/);
    const redis = new FakeRedis();
    const one = gateway({ redis });
    one.ask(PASSWORD);
    const change = (reply) => () => reply;
    for (const [reply, fault] of [
      [{ status: 200, body: "-NOPERM no permission\r\n" }, "auth"],
      [{ status: 200, body: "-ERR unknown command\r\n" }, "error"],
      [{ status: 200, body: "$3\r\nfoo\r\n" }, "reply"],
      [{ status: 200, body: "$4\r\n0 -1\r\n" }, "reply"],
      [{ status: 200, body: "$-1\r\n" }, "reply"],
      [{ status: 503, body: "" }, "unreachable"],
    ]) {
      const { status, memory, redis: told } = one.purge({ all: true }, { change: change(reply) });
      assert.equal(status, 502);
      assert.equal(memory.entries, 1);
      assert.deepEqual(told, { entries: 0, error: fault });
    }
  });

  it("a client who has gone is not answered", () => {
    const redis = new FakeRedis();
    const one = gateway({ redis });
    const stream = exchange(
      [one.admin],
      {
        path: "/ai-cache/purge",
        headers: { authorization: `Bearer ${TOKEN}` },
        body: '{"all":true}',
      },
      () => assert.fail("the request went on"),
    );
    stream.abort();
    for (const [token] of [...one.admin.vm.calls])
      one.admin.vm.answer(token, { status: 200, body: "$3\r\n0 0\r\n" });
    assert.equal(stream.received.status, 0);
  });
});

for (const type of Object.keys(STORES)) {
  describe(`purging a vector store: ${type}`, () => {
    it("deletes by entry, question, scope and all, and nothing in a dry run", () => {
      const vectors = new FakeStore(type);
      const one = gateway({ vectors });
      const { key, scope } = one.ask(PASSWORD);
      one.ask(SHIPPING);
      one.ask("Who are you?");
      one.ask("Who are you?", { headers: { authorization: "Bearer other" } });
      assert.equal(vectors.entries.size, 4);
      assert.deepEqual(one.purge({ entry: key }).vector, { done: false });
      assert.equal(vectors.entries.size, 4);
      assert.deepEqual(one.purge({ entry: key, dryRun: false }).vector, { done: true });
      assert.equal(vectors.entries.size, 3);
      one.purge({ question: SHIPPING, dryRun: false });
      assert.equal(vectors.entries.size, 2);
      one.purge({ scope, dryRun: false });
      assert.equal(vectors.entries.size, 1);
      one.purge({ all: true, dryRun: false });
      assert.equal(vectors.entries.size, 0);
    });

    it("reports that the store refuses, or that its entries cannot be chosen", () => {
      const vectors = new FakeStore(type);
      const one = gateway({ vectors });
      const { fault } = STORES[type];
      const change = () => ({ status: fault.status, body: JSON.stringify(fault.body) });
      const what = fault.status === 200 ? "reply, status 200" : "status, status 404";
      expectLog(new RegExp(`^vector store \\w+: error-vector-${what} \\(cluster \\S+\\)$`));
      const refused = one.purge({ all: true, dryRun: false }, { change });
      assert.equal(refused.status, 502);
      assert.match(refused.vector.error, /^error-vector-(status|reply)$/);
      const text = gateway({ vectors, configuration: { keyMode: "text" } });
      const { vector } = text.purge({ all: true, dryRun: false });
      assert.deepEqual(vector, { done: false, error: "unsupported" });
    });
  });
}
