/** The Higress builds in the emulator, their Redis host calls answered by the real Redis. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { PASSWORD, Redis } from "../engines/redis.mjs";
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
} from "../module/support.mjs";

const CLUSTER = "outbound|6379||redis.dns";

describe("the Higress build and the real Redis", () => {
  let redis;

  before(async () => {
    redis = await Redis.start();
  });
  after(() => redis?.stop());

  /** The reply to one command, as the host passes it on; null when there is no Redis. */
  const command = (query, { password }) =>
    new Promise((resolve) => {
      const socket = connect(redis.port, "127.0.0.1");
      const chunks = [];
      socket.on("data", (data) => chunks.push(data));
      socket.on("error", () => resolve(null));
      socket.on("close", () => {
        const all = Buffer.concat(chunks);
        // Between the replies to AUTH and QUIT.
        const from = all.indexOf("\r\n") + 2;
        resolve(all.subarray(from, all.length - "+OK\r\n".length));
      });
      const auth = `*2\r\n$4\r\nAUTH\r\n$${password.length}\r\n${password}\r\n`;
      socket.write(Buffer.concat([Buffer.from(auth), query, Buffer.from("*1\r\n$4\r\nQUIT\r\n")]));
    });

  /** A worker with a memory of its own. */
  const worker = (section = {}, password = PASSWORD) => {
    const cache = plugin(
      "ai-cache",
      { explain: true, cache: { type: "redis", serviceName: "redis", password, ...section } },
      { build: "higress", shared: new SharedData() },
    );
    assert.ok(cache.accepted, cache.vm.logText());
    const { vm } = cache;
    vm.redis.add(CLUSTER);
    const serve = async () => {
      while (vm.redisCalls.size > 0) {
        for (const [token, call] of [...vm.redisCalls])
          vm.answerRedis(token, await command(call.query, { password }));
      }
    };
    return async (
      question,
      { members, upstream = jsonUpstream(completion("The answer.")) } = {},
    ) => {
      const stream = exchange([cache], { body: chatBody(question, members) }, upstream);
      await serve();
      return { reason: stream.attribute("ai_cache"), asked: upstream.requests.length, stream };
    };
  };

  it("what one worker has stored another serves, as JSON and as a stream", async () => {
    const [one, two] = [worker(), worker()];
    const first = await one("How do I reset my password?");
    assert.deepEqual([first.reason, first.asked], ["miss-cold", 1]);
    const again = await two("How do I reset my password?");
    assert.deepEqual([again.reason, again.asked], ["hit-exact", 0]);
    assert.deepEqual(again.stream.json, completion("The answer."));
    const streamed = await worker()("How do I reset my password?", { members: { stream: true } });
    assert.equal(streamed.reason, "hit-exact");
    assert.equal(streamedText(streamed.stream.text), "The answer.");
  });

  it("takes large answers, streams and a life", async () => {
    const long = "row ".repeat(100_000);
    const upstream = streamUpstream(completionEvents([long]));
    const wish = { members: { stream: true }, upstream };
    await worker({ cacheTTL: 100 })("Tell me all of it", wish);
    const hit = await worker()("Tell me all of it");
    assert.equal(hit.reason, "hit-exact");
    assert.equal(hit.stream.json.choices[0].message.content, long);
    const keys = redis.cli("KEYS", "*").split("\n");
    const lives = keys.map((key) => Number(redis.cli("TTL", key)));
    assert.ok(
      lives.some((life) => life > 0 && life <= 100),
      lives.join(),
    );
  });

  it("shares entries with the Go plugin in keyMode text", async () => {
    redis.cli("SET", "higress-ai-cache:Which trams go there?", "Lines 5 and 9.");
    const cache = plugin(
      "ai-cache",
      { keyMode: "text", cache: { type: "redis", serviceName: "redis", password: PASSWORD } },
      { build: "higress", shared: new SharedData() },
    );
    cache.vm.redis.add(CLUSTER);
    const stream = exchange([cache], { body: chatBody("Which trams go there?") }, () =>
      assert.fail("the model was asked"),
    );
    for (const [token, call] of [...cache.vm.redisCalls])
      cache.vm.answerRedis(token, await command(call.query, { password: PASSWORD }));
    assert.equal(stream.json.choices[0].message.content, "Lines 5 and 9.");
  });

  it("goes on to the model with a wrong password and without Redis", async () => {
    expectLog(/^redis: auth/, /^redis: unreachable/);
    const refused = await worker({}, "wrong")("Is there life on Mars?");
    assert.deepEqual([refused.reason, refused.asked], ["error-redis-auth", 1]);
    await redis.stop();
    const gone = await worker()("Is there life on Venus?");
    assert.deepEqual([gone.reason, gone.asked], ["error-redis-unreachable", 1]);
  });
});
