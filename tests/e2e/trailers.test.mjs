/** Bodies that end with trailers, in the real Envoy: what the host does, and what the modules make of it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import http2 from "node:http2";
import { after, before, describe, it } from "node:test";
import { addCluster } from "../../scripts/tools/envoy-config.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { BODY_CASES, isRefused, nameOf, REPLY_CASES } from "../host/body-cases.mjs";
import { listen } from "../fakes/http-server.mjs";
import { ask, Http2Upstream, speakHttp2 } from "./http2.mjs";
import { chatBody, eventData, Gateway, stopAll, streamedText } from "./support.mjs";

const TRAILERS = { "x-end": "1" };
const FAILOVER = { enabled: true, failureThreshold: 1, cooldownDuration: 60_000 };

describe("the host and trailers", () => {
  let service;
  let upstream;
  let gateway;
  let session;
  let next = { pieces: [] };

  before(async () => {
    service = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.end("yes"));
    });
    await listen(service);
    upstream = await Http2Upstream.start(() => next);
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      change: (config) => {
        speakHttp2(config, "llm");
        addCluster(config, "service", service.address().port);
        const connection = config.static_resources.listeners[0].filter_chains[0].filters[0];
        const filters = connection.typed_config.http_filters;
        const probe = structuredClone(filters.find((filter) => filter.name === "ai-cache"));
        const plugin = probe.typed_config.config;
        probe.name = plugin.name = plugin.root_id = plugin.vm_config.vm_id = "probe";
        plugin.vm_config.code.local.filename = builtModule("probe");
        plugin.configuration.value = "{}";
        connection.typed_config.http_filters = [probe, filters.at(-1)];
      },
    });
    session = http2.connect(gateway.url);
  });
  after(async () => {
    session?.close();
    await stopAll(gateway, upstream, service);
  });

  for (const one of [...BODY_CASES, ...REPLY_CASES]) {
    it(`answer ${nameOf(one)}`, async () => {
      next = { pieces: one.pieces, trailers: one.trailers ? TRAILERS : null };
      const reply = await ask(session, { "x-probe-response": one.script });
      if (isRefused(one)) gateway.expectLog(/probe: not written/);
      assert.equal(reply.fault, null);
      assert.equal(reply.status, 200);
      assert.equal(reply.text, one.text);
      const passes = one.trailers && !REPLY_CASES.includes(one);
      assert.equal(reply.trailers?.["x-end"], passes ? "1" : undefined);
    });
  }

  it("fails where its limit is exceeded, and only there", async () => {
    // An HTTP/1 client's: 1 MiB.
    next = { pieces: Array(20).fill("x".repeat(60_000)), wait: 1 };
    const answer = async (script) => {
      const response = await fetch(gateway.url, { headers: { "x-probe-response": script } });
      const text = await response.text().catch(() => "cut");
      return [response.status, text.length];
    };
    assert.equal((await answer("1,1"))[0], 500, "return 1 keeps at most the limit");
    assert.equal((await answer("1,e,w"))[0], 500, "what is written counts, too");
    assert.deepEqual(await answer("0,01"), [200, 3], "the headers have gone");
    assert.deepEqual(await answer("1,ef3,w"), [200, 1_200_002]);
    assert.deepEqual(await answer("1,3,w"), [200, 1_200_002]);
  });

  for (const one of BODY_CASES) {
    it(`request ${nameOf(one)}`, async () => {
      next = { pieces: ["ok"] };
      const before = upstream.requests.length;
      const reply = await ask(session, { "x-probe-request": one.script }, one.pieces, {
        trailers: one.trailers ? TRAILERS : null,
      });
      if (isRefused(one)) gateway.expectLog(/probe: not written/);
      assert.equal(reply.fault, null);
      assert.equal(reply.text, "ok");
      const [seen] = upstream.requests.slice(before);
      assert.equal(seen.body, one.text);
      assert.equal(seen.trailers?.["x-end"], one.trailers ? "1" : undefined);
    });
  }
});

describe("the modules and trailers", () => {
  const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 2 };
  const part = (text, members = {}) => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...members }],
    usageMetadata,
    modelVersion: "gemini-x",
    responseId: "r1",
  });
  const whole = (text) => JSON.stringify(part(text, { finishReason: "STOP" }));
  const JSON_TYPE = { "content-type": "application/json" };
  let upstream;
  let gateway;
  let session;
  let next;

  before(async () => {
    upstream = await Http2Upstream.start(() => ({ trailers: TRAILERS, ...next() }));
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      proxy: {
        provider: {
          type: "gemini",
          apiTokens: ["a", "b"],
          retryOnFailure: { enabled: true, maxRetries: 1, retryOnStatus: ["503"] },
        },
      },
      change: (config) => speakHttp2(config, "llm"),
    });
    // The upstream says 400, as the vendor would to a cluster without TLS.
    gateway.expectLog(/cluster llm speaks plain HTTP, and \S+ expects TLS/);
    session = http2.connect(gateway.url);
  });
  after(async () => {
    session?.close();
    await stopAll(gateway, upstream);
  });

  const chat = (question, members = {}, options = {}) => {
    const messages = [{ role: "user", content: question }];
    const body = JSON.stringify({ model: "m", messages, ...members });
    const pieces = [body.slice(0, 20), body.slice(20)];
    const headers = { ...JSON_TYPE, authorization: "Bearer demo" };
    return ask(session, headers, pieces, options);
  };

  for (const trailer of [{}, { trailer: "x-end" }]) {
    const told = trailer.trailer ? "announced" : "not announced";

    it(`whole answers arrive (${told})`, async () => {
      for (const text of ["Hello", "long ".repeat(40_000)]) {
        const body = whole(text);
        const pieces = [body.slice(0, 9), body.slice(9)];
        next = () => ({ headers: { ...JSON_TYPE, ...trailer }, pieces });
        const reply = await chat(`whole ${told} ${text.length}`);
        assert.deepEqual([reply.fault, reply.status], [null, 200]);
        assert.equal(JSON.parse(reply.text).choices[0].message.content, text);
      }
    });

    it(`errors arrive (${told})`, async () => {
      const error = JSON.stringify({ error: { code: 400, message: "no such model" } });
      for (const [type, body, wanted] of [
        ["application/json", error, "no such model"],
        ["text/html", "<html>", "the model's service answered with status 400"],
        ["text/plain", "a line", "a line"],
      ]) {
        next = () => ({
          status: 400,
          headers: { "content-type": type, ...trailer },
          pieces: [body],
        });
        const reply = await chat(`error ${told} ${type}`);
        assert.deepEqual([reply.fault, reply.status], [null, 400]);
        assert.equal(JSON.parse(reply.text).error.message, wanted);
      }
      next = () => ({ headers: { ...JSON_TYPE, ...trailer } });
      const empty = await chat(`empty ${told}`);
      assert.deepEqual([empty.fault, empty.status], [null, 502]);
      assert.ok(JSON.parse(empty.text).error.message);
    });

    it(`streams end (${told})`, async () => {
      const pieces = [part("Hel"), part("lo", { finishReason: "STOP" })];
      next = () => ({
        headers: { "content-type": "text/event-stream", ...trailer },
        pieces: pieces.map((piece) => `data: ${JSON.stringify(piece)}\r\n\r\n`),
      });
      const reply = await chat(`stream ${told}`, { stream: true });
      assert.deepEqual([reply.fault, reply.status], [null, 200]);
      assert.equal(streamedText(reply.text), "Hello");
      assert.equal(eventData(reply.text).at(-1), "[DONE]");
      assert.equal(reply.trailers?.["x-end"], "1");
    });

    it(`retries begin (${told})`, async () => {
      let calls = 0;
      next = () =>
        calls++ === 0
          ? {
              status: 503,
              headers: { "content-type": "text/plain", ...trailer },
              pieces: ["no ", "room"],
            }
          : { headers: JSON_TYPE, pieces: [whole("again")] };
      const reply = await chat(`retry ${told}`);
      assert.deepEqual([reply.fault, reply.status], [null, 200]);
      assert.equal(JSON.parse(reply.text).choices[0].message.content, "again");
      calls = 0;
      next = () => ({
        status: 503,
        headers: { "content-type": "text/plain" },
        pieces: ["no ", "room"],
      });
      const failed = await chat(`retry in vain ${told}`);
      assert.deepEqual([failed.fault, failed.status], [null, 503]);
      assert.equal(JSON.parse(failed.text).error.message, "no room");
    });
  }

  it("requests pass both, are answered from the cache, and are refused when large", async () => {
    const body = whole("once");
    next = () => ({
      headers: { ...JSON_TYPE, "content-length": String(body.length) },
      pieces: [body],
    });
    const first = await chat("with trailers", {}, { trailers: TRAILERS });
    assert.deepEqual([first.fault, first.status], [null, 200]);
    assert.match(first.headers["cache-status"], /miss/);
    const seen = upstream.requests.at(-1);
    assert.equal(JSON.parse(seen.body).contents[0].parts[0].text, "with trailers");
    assert.equal(seen.trailers["x-end"], "1");
    const second = await chat("with trailers", {}, { trailers: TRAILERS });
    assert.match(second.headers["cache-status"], /hit/);
    assert.equal(JSON.parse(second.text).choices[0].message.content, "once");
    const large = await chat("x".repeat(200_000), {}, { trailers: TRAILERS });
    assert.equal(large.status, 400);
    assert.equal(JSON.parse(large.text).error.code, "request_trailers");
    const plain = await chat("x".repeat(200_000));
    assert.equal(plain.status, 200);
  });
});

describe("replies of other filters, in the real Envoy", () => {
  it("pass ai-proxy byte for byte; Envoy's own do not", async (t) => {
    const answer = '{"choices":[]}';
    const gateway = await Gateway.start({
      upstreamPort: 1,
      proxy: { provider: { type: "gemini", apiTokens: ["a"], failover: FAILOVER } },
      change: (config) => {
        const connection = config.static_resources.listeners[0].filter_chains[0].filters[0];
        const filters = connection.typed_config.http_filters;
        filters.splice(-1, 0, {
          name: "envoy.filters.http.lua",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
            default_source_code: {
              inline_string: `function envoy_on_request(handle)
                local status = handle:headers():get("x-reply")
                if status then
                  local body = status == "200" and '${answer}' or '{"code":403,"reason":"quota"}'
                  handle:respond({[":status"] = status, ["content-type"] = "application/json"}, body)
                end
              end`,
            },
          },
        });
      },
    });
    t.after(() => gateway.stop());
    const ask = (status) =>
      gateway.chat(chatBody(`q${status}`), { headers: status ? { "x-reply": status } : {} });
    const refused = await ask("403");
    assert.deepEqual([refused.status, refused.text], [403, '{"code":403,"reason":"quota"}']);
    const served = await ask("200");
    assert.deepEqual([served.status, served.text], [200, answer]);
    assert.doesNotMatch(gateway.log, /is out after/, "no key is judged");
    const failed = await ask();
    gateway.expectLog(
      /key 0 of provider gemini is out after status 503/,
      /no answer for provider gemini .*: connection_refused: /,
    );
    assert.equal(failed.status, 503);
    assert.equal(
      JSON.parse(failed.text).error.message,
      "the gateway could not connect to the model's service: connection refused",
    );
  });
});
