/** Expired answers in the place of a failing model, in the real Envoy. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, Gateway, post, sleep, stopAll } from "./support.mjs";

const LIFE_MS = 1000;

describe("expired answers where the model fails", () => {
  let upstream;
  let gateway;
  /** How the model's service answers; null for well. */
  let fails = null;
  let asked = 0;

  before(async () => {
    upstream = createServer(async (request, response) => {
      for await (const _ of request);
      asked++;
      if (fails !== null) return fails(response);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion(`answer ${asked}`)));
    });
    await listen(upstream);
    gateway = await Gateway.start({
      upstreamPort: upstream.address().port,
      cache: {
        enableSemanticCache: false,
        cacheTTL: LIFE_MS / 1000,
        life: { staleIfError: 600 },
      },
    });
  });
  after(() => stopAll(gateway, upstream));

  const status = (code) => (response) => {
    response.writeHead(code, { "content-type": "application/json", "retry-after": "9" });
    response.end(JSON.stringify({ error: { message: "down" } }));
  };

  /** Lets an answer to a new question expire, and the model fail. */
  async function expire(question, failure) {
    fails = null;
    const fresh = await post(gateway, chatBody(question));
    assert.equal(fresh.status, 200);
    await sleep(LIFE_MS + 1100);
    fails = failure;
    return JSON.parse(fresh.text);
  }

  function check(answer, code, fresh) {
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.cache, new RegExp(`^ai-cache; fwd=stale; fwd-status=${code}; ttl=-\\d$`));
    assert.ok(Number(answer.headers.age) >= 2);
    assert.equal(answer.headers["retry-after"], undefined);
    assert.deepEqual(JSON.parse(answer.text).choices, fresh.choices);
  }

  it("are served for errors of the vendor, as JSON and as a stream, until it answers again", async () => {
    for (const code of [500, 503, 529]) {
      const fresh = await expire(`vendor ${code}`, status(code));
      const before = asked;
      check(await post(gateway, chatBody(`vendor ${code}`)), code, fresh);
      assert.equal(asked, before + 1, "the model is asked first");
      const stream = await post(gateway, chatBody(`vendor ${code}`, { stream: true }));
      assert.equal(stream.status, 200);
      assert.match(stream.headers["content-type"], /^text\/event-stream/);
      assert.match(stream.text, /answer \d+[^]*data: \[DONE\]/);
    }
    fails = null;
    const again = await post(gateway, chatBody("vendor 503"));
    assert.equal(JSON.parse(again.text).choices[0].message.content, `answer ${asked}`);
    const lines = await gateway.metrics("ai_cache_stale_total");
    assert.equal(
      Number(
        lines
          .find((each) => each.includes('"529"'))
          ?.split(" ")
          .at(-1),
      ),
      2,
    );
  });

  it("are not served where the request is refused, or the client forbids it", async () => {
    await expire("refused", status(429));
    assert.equal((await post(gateway, chatBody("refused"))).status, 429);
    fails = status(503);
    for (const value of ["no-cache", "max-age=60", "stale-if-error=0"]) {
      const answer = await post(gateway, chatBody("refused"), { "cache-control": value });
      assert.equal(answer.status, 503, value);
    }
    assert.equal((await post(gateway, chatBody("never asked before"))).status, 503);
  });

  it("cannot replace a stream that has begun", async () => {
    await expire("begun", (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n');
      setTimeout(() => response.destroy(), 200);
    });
    await assert.rejects(post(gateway, chatBody("begun", { stream: true })));
  });

  it("are served when the connection is closed or refused, and many at once", async () => {
    const fresh = await expire("gone", (response) => response.destroy());
    check(await post(gateway, chatBody("gone")), 503, fresh);
    upstream.close();
    upstream.closeAllConnections();
    const all = await Promise.all(
      Array.from({ length: 40 }, () => post(gateway, chatBody("gone"))),
    );
    for (const answer of all) check(answer, 503, fresh);
    gateway.allowLog(/could not connect|closed the connection/);
  });
});
