/** Bodies that end with trailers, in the real Envoy: what the host does, and what the modules make of it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import http2 from "node:http2";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { addCluster } from "../../scripts/tools/envoy-config.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { BODY_CASES, nameOf, REPLY_CASES } from "../host/body-cases.mjs";
import { ask, Http2Upstream, speakHttp2 } from "./http2.mjs";
import { Gateway } from "./support.mjs";

const TRAILERS = { "x-end": "1" };

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
    await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
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
        plugin.vm_config.code.local.filename = join(ROOT, "build/probe.wasm");
        plugin.configuration.value = "{}";
        connection.typed_config.http_filters = [probe, filters.at(-1)];
      },
    });
    session = http2.connect(gateway.url);
  });
  after(async () => {
    session?.close();
    await gateway?.stop();
    await upstream?.stop();
    service?.closeAllConnections();
    service?.close();
  });

  for (const one of [...BODY_CASES, ...REPLY_CASES]) {
    it(`answer ${nameOf(one)}`, async () => {
      next = { pieces: one.pieces, trailers: one.trailers ? TRAILERS : null };
      const reply = await ask(session, { "x-probe-response": one.script });
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
      assert.equal(reply.fault, null);
      assert.equal(reply.text, "ok");
      const [seen] = upstream.requests.slice(before);
      assert.equal(seen.body, one.text);
      assert.equal(seen.trailers?.["x-end"], one.trailers ? "1" : undefined);
    });
  }
});
