/** Request headers that wait for the body in the real Envoy, with `allow_on_headers_stop_iteration` and without. */
import assert from "node:assert/strict";
import http2 from "node:http2";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { wasmFilters } from "../../scripts/tools/envoy-config.mjs";
import { chatBody, CREDENTIAL, Gateway, post, sleep, Upstream } from "./support.mjs";

/** What the module takes for a time in which Envoy must have delivered a body that it has. */
const DELIVERY_MS = 2_000;
const OPTION_LINE = /set allow_on_headers_stop_iteration: true/;

async function start(t, options = {}) {
  const upstream = await Upstream.start();
  t.after(() => upstream.stop());
  const gateway = await Gateway.start({
    upstreamPort: upstream.port,
    mapping: { alias: "json" },
    ...options,
  });
  t.after(() => gateway.stop());
  return { upstream, gateway };
}

/** Takes the option from the filters of these names. */
const without = (names) => (config) => {
  const filters = wasmFilters(config);
  for (const name of names) delete filters[name].allow_on_headers_stop_iteration;
};

/** Sends headers, and the body so many ms later; null for never. Gives status and body. */
function slowly(port, body, ms, headers = "") {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (data) => (text += data));
    socket.on("error", reject);
    socket.on("close", () => {
      const [head, ...rest] = text.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), text: rest.join("\r\n\r\n") });
    });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\n` +
        `content-type: application/json\r\nauthorization: Bearer demo\r\n${headers}content-length: ${body.length}\r\n\r\n`,
    );
    if (ms !== null) setTimeout(() => socket.write(body), ms);
  });
}

describe("a client that is slow to begin with its body", () => {
  it("is served as any other on a fresh worker", async (t) => {
    const { gateway, upstream } = await start(t);
    const body = chatBody("slow", { model: "alias" });
    const odd = `cookie: a=1\r\ncookie: b=2\r\nx-long: ${"x".repeat(3000)}\r\nx-a: 1\r\nx-a: 2\r\nx-empty:\r\n`;
    const session = http2.connect(gateway.url);
    t.after(() => session.destroy());
    const overHttp2 = new Promise((resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": "/v1/chat/completions",
        "content-type": "application/json",
        ...CREDENTIAL,
        cookie: ["a=1", "b=2"],
      });
      stream.on("error", reject);
      stream.on("response", (fields) => resolve({ status: fields[":status"] }));
      stream.resume();
      setTimeout(() => stream.end(body), 2 * DELIVERY_MS);
    });
    const replies = await Promise.all([
      slowly(gateway.port, body, 1.5 * DELIVERY_MS),
      slowly(gateway.port, body, 2 * DELIVERY_MS, odd),
      overHttp2,
    ]);
    for (const reply of replies) assert.equal(reply.status, 200, reply.text);
    for (const request of upstream.requests) {
      assert.equal(JSON.parse(request.body).model, "json");
      assert.equal(request.headers.authorization, "Bearer sk-test");
    }
    assert.doesNotMatch(gateway.log, /allow_on_headers_stop_iteration/);
  });

  it("gets 408 after requestHoldTimeout, and nothing goes upstream", async (t) => {
    const { gateway, upstream } = await start(t, {
      cache: { requestHoldTimeout: 1000 },
      change: (config) => {
        const { configuration } = wasmFilters(config)["ai-proxy"];
        const members = { ...JSON.parse(configuration.value), requestHoldTimeout: 1000 };
        configuration.value = JSON.stringify(members);
      },
    });
    const reply = await slowly(gateway.port, chatBody("never"), null);
    assert.equal(reply.status, 408, reply.text);
    assert.match(reply.text, /no request body arrived within 1000 ms/);
    assert.equal(upstream.requests.length, 0);
    assert.equal((await post(gateway.port, chatBody("next", { model: "alias" }))).status, 200);
  });
});

describe("without allow_on_headers_stop_iteration", () => {
  for (const [what, names] of [
    ["both filters", ["ai-cache", "ai-proxy"]],
    ["ai-proxy", ["ai-proxy"]],
  ]) {
    it(`for ${what}, ai-proxy answers with the name of the setting, the second request at once`, async (t) => {
      const { gateway, upstream } = await start(t, { change: without(names) });
      const ask = (question) => post(gateway.port, chatBody(question, { model: "alias" }));
      const first = await ask("one");
      assert.equal(first.status, 500, first.text);
      assert.ok(first.ms >= DELIVERY_MS - 100, `${first.ms} ms`);
      for (let i = 0; i < 3; i++) {
        const next = await ask(`next ${i}`);
        assert.equal(next.status, 500);
        assert.match(JSON.parse(next.text).error.message, /allow_on_headers_stop_iteration: true/);
        assert.ok(next.ms < DELIVERY_MS / 2, `${next.ms} ms`);
      }
      assert.equal(upstream.requests.length, 0, "nothing half-rewritten");
      gateway.expectLog(OPTION_LINE);
      const lines = gateway.log.match(new RegExp(OPTION_LINE, "g")) ?? [];
      assert.equal(lines.length, names.length, gateway.log);
      const counted = await gateway.metrics("ai_proxy_refusals_total");
      assert.match(counted.join(), /option_missing/);
    });
  }

  it("for ai-cache, requests pass uncached, the second one at once", async (t) => {
    const { gateway, upstream } = await start(t, { change: without(["ai-cache"]) });
    const ask = () => post(gateway.port, chatBody("same", { model: "alias" }));
    assert.equal((await ask()).status, 200);
    await sleep(50);
    const second = await ask();
    assert.equal(second.status, 200);
    assert.match(second.cache, /fwd=bypass/);
    assert.ok(second.ms < DELIVERY_MS / 2, `${second.ms} ms`);
    gateway.expectLog(OPTION_LINE);
    assert.equal(upstream.requests.length, 2);
    for (const { body } of upstream.requests) assert.equal(JSON.parse(body).model, "json");
  });
});
