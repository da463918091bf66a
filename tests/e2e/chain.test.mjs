/** Both modules in the real Envoy, with one worker and with two. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import {
  chatBody,
  CREDENTIAL,
  eventData,
  Gateway,
  sleep,
  stopAll,
  streamedText,
  until,
  Upstream,
} from "./support.mjs";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
let unique = 0;
/** A question that resembles no other one. */
const question = () => `Explain ${sha256(String(++unique)).replaceAll(/\d/g, "k").slice(0, 16)}`;
const status = (reply) => reply.headers.get("cache-status");

for (const concurrency of [1, 2]) {
  describe(`Envoy with ${concurrency} worker${concurrency > 1 ? "s" : ""}`, () => {
    let upstream;
    let gateway;

    before(async () => {
      upstream = await Upstream.start();
      gateway = await Gateway.start({
        upstreamPort: upstream.port,
        concurrency,
        cache: { explain: true },
      });
    });
    after(() => stopAll(gateway, upstream));

    it("answers a question by the model and the same question again from the cache", async () => {
      const body = chatBody(question(), { model: "json" });
      const first = await gateway.chat(body);
      assert.equal(first.status, 200, first.text);
      assert.match(
        status(first),
        /^ai-cache; fwd=miss; detail=miss-cold; key="[0-9a-f]{16}"; scope="[0-9a-f]{64}"$/,
      );
      const before = upstream.requests.length;
      const second = await gateway.chat(body);
      assert.match(
        status(second),
        /^ai-cache; hit; detail=hit-exact; key="[0-9a-f]{16}"; scope="[0-9a-f]{64}"; life=\d+; stale-risk=0\.\d{3}; class="json\/general"; seen=2; saved="in=\d+ out=\d+ ms=\d+"$/,
      );
      assert.equal(second.text, first.text);
      assert.equal(upstream.requests.length, before);
      assert.ok(Number(second.headers.get("age")) <= 5);
    });

    it("serves what one worker has stored from all of them", async () => {
      const body = chatBody(question(), { model: "json" });
      const first = await gateway.chat(body);
      // Every request on a connection of its own, so that the kernel spreads them.
      const replies = await Promise.all(
        Array.from({ length: 24 }, () => gateway.chat(body, { headers: { connection: "close" } })),
      );
      for (const reply of replies) {
        assert.match(status(reply), /^ai-cache; hit/);
        assert.equal(reply.text, first.text);
      }
    });

    it("replays a stream as JSON and JSON as a stream", async () => {
      const one = question();
      const live = await gateway.chat(chatBody(one, { model: "json", stream: true }));
      assert.equal(live.headers.get("content-type"), "text/event-stream");
      const json = await gateway.chat(chatBody(one, { model: "json" }));
      assert.match(status(json), /hit/);
      assert.equal(JSON.parse(json.text).choices[0].message.content, streamedText(live.text));
      assert.equal(JSON.parse(json.text).usage.total_tokens, 5, "ai-proxy asked for the usage");
      const two = question();
      const plain = await gateway.chat(chatBody(two, { model: "json" }));
      const streamed = await gateway.chat(chatBody(two, { model: "json", stream: true }));
      assert.match(status(streamed), /hit/);
      assert.equal(streamedText(streamed.text), JSON.parse(plain.text).choices[0].message.content);
      assert.equal(eventData(streamed.text).at(-1), "[DONE]");
    });

    it("does not delay a stream", async () => {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...CREDENTIAL },
        body: chatBody(question(), { model: "slow", stream: true }),
      });
      const arrivals = [];
      const started = Date.now();
      for await (const chunk of response.body)
        arrivals.push([Date.now() - started, Buffer.from(chunk).toString()]);
      assert.ok(arrivals.length >= 5, "events come one by one");
      assert.ok(arrivals.at(-1)[0] - arrivals[0][0] >= 300, "the first came long before the last");
    });

    for (const size of [100 * 1024, 10 * 1024 * 1024]) {
      it(`passes a body of ${size >> 10} KiB byte for byte, with a length and in chunks`, async () => {
        const body = chatBody("x".repeat(size), { model: "echo", nonce: question() });
        const plain = await gateway.chat(body);
        assert.equal(JSON.parse(plain.text).choices[0].message.content, sha256(body));
        const chunked = chatBody("y".repeat(size), { model: "echo", nonce: question() });
        const pieces = new ReadableStream({
          start(controller) {
            for (let at = 0; at < chunked.length; at += 50_000)
              controller.enqueue(Buffer.from(chunked.slice(at, at + 50_000)));
            controller.close();
          },
        });
        const reply = await gateway.chat(pieces, { duplex: "half" });
        assert.equal(JSON.parse(reply.text).choices[0].message.content, sha256(chunked));
        assert.match(status(await gateway.chat(body)), /hit/);
      });
    }

    it("passes on what is too large to look at", async () => {
      const body = chatBody("z".repeat(17 * 1024 * 1024), { model: "echo" });
      const reply = await gateway.chat(body);
      assert.match(status(reply), /ineligible-too-large/);
      assert.equal(JSON.parse(reply.text).choices[0].message.content, sha256(body));
    });

    it("keeps a connection through misses, hits and rewritten errors", async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const sockets = new Set();
      const ask = (body) =>
        new Promise((resolve, reject) => {
          const request = http.request(
            `${gateway.url}/v1/chat/completions`,
            {
              method: "POST",
              agent,
              headers: {
                "content-type": "application/json",
                "content-length": Buffer.byteLength(body),
                ...CREDENTIAL,
              },
            },
            (response) => {
              sockets.add(response.socket.localPort);
              const chunks = [];
              response.on("data", (chunk) => chunks.push(chunk));
              response.on("end", () =>
                resolve({
                  status: response.statusCode,
                  text: Buffer.concat(chunks).toString(),
                  cache: response.headers["cache-status"],
                }),
              );
            },
          );
          request.on("error", reject);
          request.end(body);
        });
      const body = chatBody(question(), { model: "json" });
      assert.equal((await ask(body)).status, 200);
      assert.match((await ask(body)).cache, /hit/);
      const html = await ask(chatBody(question(), { model: "html" }));
      assert.equal(html.status, 502);
      assert.equal(JSON.parse(html.text).error.code, "upstream_error");
      assert.match((await ask(body)).cache, /hit/);
      assert.equal(sockets.size, 1, "one connection served them all");
      // Envoy itself closes an HTTP/1 connection behind every local reply with status 400.
      assert.equal((await ask("{broken")).status, 400);
      assert.match((await ask(body)).cache, /hit/);
      agent.destroy();
    });

    it("speaks HTTP/2, with and without trailers", async () => {
      const session = http2.connect(gateway.url);
      const ask = (body, { length = true, trailers = false } = {}) =>
        new Promise((resolve, reject) => {
          const stream = session.request(
            {
              ":method": "POST",
              ":path": "/v1/chat/completions",
              "content-type": "application/json",
              ...CREDENTIAL,
              ...(length ? { "content-length": Buffer.byteLength(body) } : {}),
            },
            { waitForTrailers: trailers },
          );
          const reply = { text: "" };
          stream.on("wantTrailers", () => stream.sendTrailers({ "x-end": "1" }));
          stream.on("response", (headers) =>
            Object.assign(reply, { status: headers[":status"], cache: headers["cache-status"] }),
          );
          stream.setEncoding("utf8");
          stream.on("data", (data) => (reply.text += data));
          stream.on("end", () => resolve(reply));
          stream.on("error", reject);
          stream.end(body);
        });
      const body = chatBody(question(), { model: "json" });
      assert.match((await ask(body)).cache, /miss/);
      assert.match((await ask(body)).cache, /hit/);
      assert.match((await ask(body, { length: false })).cache, /hit/);
      assert.match((await ask(body, { trailers: true })).cache, /hit/);
      assert.match((await ask(body, { length: false, trailers: true })).cache, /hit/);
      session.close();
    });

    it("survives clients that go away at every stage", async () => {
      const body = chatBody(question(), { model: "slow", stream: true });
      const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nauthorization: ${CREDENTIAL.authorization}\r\n\r\n`;
      for (const [text, wait] of [
        [head, 20],
        [head + body.slice(0, 10), 20],
        [head + body, 0],
        [head + body, 250],
      ]) {
        const socket = net.connect(gateway.port, "127.0.0.1");
        socket.on("error", () => {});
        await new Promise((resolve) => socket.write(text, resolve));
        await sleep(wait);
        socket.destroy();
      }
      await sleep(50);
      const again = await gateway.chat(body);
      assert.match(status(again), /miss-cold/, "a stream that was cut by its client is not stored");
      assert.match(status(await gateway.chat(body)), /hit/);
    });

    it("answers upstream faults in JSON and stores none of them", async () => {
      for (const [model, wanted, code] of [
        ["html", 502, "upstream_error"],
        ["reset", 503, "upstream_connection_closed"],
        ["quota", 429, "quota"],
      ]) {
        const body = chatBody(question(), { model });
        for (let i = 0; i < 2; i++) {
          const reply = await gateway.chat(body);
          assert.equal(reply.status, wanted);
          assert.equal(JSON.parse(reply.text).error.code, code);
          assert.match(status(reply), /miss-cold/);
          if (model === "reset")
            gateway.allowLog(/no answer for provider openai .*connection_closed/);
          if (model === "quota") assert.equal(reply.headers.get("retry-after"), "7");
        }
      }
      const length = chatBody(question(), { model: "length" });
      await gateway.chat(length);
      assert.match(status(await gateway.chat(length)), /miss-cold/);
    });

    it("does not store a stream that the upstream cuts", async () => {
      const body = chatBody(question(), { model: "cut", stream: true });
      await assert.rejects(gateway.chat(body), "the client sees the cut");
      await assert.rejects(gateway.chat(body));
    });

    it("refuses bad JSON without asking the upstream", async () => {
      const before = upstream.requests.length;
      const reply = await gateway.chat('{"model":"json","messages":[');
      assert.equal(reply.status, 400);
      assert.equal(JSON.parse(reply.text).error.type, "invalid_request_error");
      assert.match(status(reply), /ineligible-not-json/);
      assert.equal(upstream.requests.length, before);
    });

    it("keeps tenants apart and their keys away from the upstream", async () => {
      const body = chatBody(question(), { model: "json" });
      const ask = (authorization) => gateway.chat(body, { headers: { authorization } });
      assert.match(status(await ask("Bearer one")), /miss-cold/);
      assert.match(status(await ask("Bearer two")), /miss-cold/);
      assert.match(status(await ask("Bearer one")), /hit/);
      assert.ok(
        upstream.requests.every(
          (request) => !/Bearer (one|two)/.test(JSON.stringify(request.headers)),
        ),
      );
    });

    it("says in its log and its metrics what it decided", async () => {
      const body = chatBody(question(), { model: "json" });
      await gateway.chat(body);
      await gateway.chat(body);
      await until(
        () =>
          gateway.accessLog.some((line) =>
            /cache=hit-exact store=- .* details=ai_cache_hit/.test(line),
          ),
        "the access log",
      );
      assert.ok(
        gateway.accessLog.some((line) =>
          /cache=miss-cold store=stored .* details=via_upstream/.test(line),
        ),
      );
      const metrics = await gateway.metrics("ai_cache_requests_total");
      assert.ok(
        metrics.some((line) =>
          /reason="hit-exact".*result="hit"|result="hit".*reason="hit-exact"/.test(line),
        ),
        metrics.join("\n"),
      );
      const proxy = await gateway.metrics("ai_proxy_requests_total");
      assert.ok(
        proxy.some(
          (line) =>
            line.includes('provider="openai"') &&
            line.includes('model="json"') &&
            line.includes('status="200"'),
        ),
        proxy.join("\n"),
      );
      assert.doesNotMatch(gateway.log + gateway.accessLog.join(), /Explain [a-k]/);
      assert.doesNotMatch(gateway.log + gateway.accessLog.join(), /sk-test/);
    });
  });
}
