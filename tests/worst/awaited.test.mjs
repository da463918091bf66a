/** What a request waits for: access tokens, context files, Redis by the host's own calls. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountFile, rsaKey, vertexWith } from "../fixtures/service-account.mjs";
import { Status } from "../host/chain.mjs";
import { chatBody, completion } from "../module/support.mjs";
import { inflations, some } from "./inflate.mjs";
import { ALL, check, countingPlugin, exchange } from "./measure.mjs";
import { REDIS_REPLIES } from "./redis-replies.mjs";

const headers = { authorization: "Bearer demo" };
const answered = () => ({
  headers: { "content-type": "application/json" },
  chunks: [JSON.stringify(completion("Hello"))],
});

/**
 * Judges what it costs that a call-out is answered with `text`, while a request waits for it.
 * `configuration`: of ai-proxy.
 */
function checkReply(configuration, text) {
  let asked = 0;
  const make = () => {
    const proxy = countingPlugin("ai-proxy", configuration);
    proxy.vm.onHttpCall = () => Status.Ok;
    return proxy;
  };
  const run = (proxy, body) => {
    const stream = exchange([proxy], { headers, body: chatBody("x") }, answered, {
      properties: { "xds.cluster_name": "vendor" },
    });
    for (const token of [...proxy.vm.calls.keys()]) {
      asked++;
      proxy.vm.answer(token, { status: 200, body });
    }
    return stream;
  };
  check({ make, text, run });
  assert.ok(asked > 0, "nothing was asked for");
}

describe("hostile replies that requests wait for", () => {
  // A short key: what signing costs does not depend on the reply.
  const vertex = { provider: vertexWith(accountFile(rsaKey(512))) };

  it("an access token of a service account", () => {
    const good = { access_token: "tok", expires_in: 3600, token_type: "Bearer" };
    for (const { text } of some([...inflations(good)], ALL, 4, 0)) checkReply(vertex, text);
  });

  const context = {
    fileUrl: "http://files.internal/a.txt",
    serviceName: "files.dns",
    servicePort: 80,
  };
  const withContext = (provider) => ({ provider: { apiTokens: ["k"], ...provider } });

  it("a context file", () => {
    for (const byte of ["x", "\\", '"', "\u0001", "中", "\xff"])
      checkReply(withContext({ type: "yi", context }), (size) => byte.repeat(size));
  });

  it("a context file that the vendor keeps", () => {
    const moonshot = withContext({ type: "moonshot", moonshotFileId: "f-1" });
    for (const { text } of some([...inflations({ content: "c", id: 1 })], ALL, 4, 0))
      checkReply(moonshot, text);
  });
});

describe("hostile answers of Redis by the host's calls", () => {
  const cluster = "outbound|6379||redis.dns";
  for (const [name, text] of Object.entries(REDIS_REPLIES)) {
    it(name, () => {
      let asked = 0;
      const make = () => {
        const configuration = { cache: { type: "redis", serviceName: "redis.dns" } };
        const cache = countingPlugin("higress/ai-cache", configuration, { higress: true });
        cache.vm.redis.add(cluster);
        return cache;
      };
      let question = 0;
      const run = (cache, reply) => {
        const body = chatBody(`question ${question++}`);
        const stream = exchange([cache], { headers, body }, answered);
        for (let round = 0; round < 6; round++)
          for (const token of [...cache.vm.redisCalls.keys()]) {
            asked++;
            cache.vm.answerRedis(token, reply);
          }
        return stream;
      };
      check({ make, text, run });
      assert.ok(asked > 1, "Redis was not asked");
    });
  }
});
