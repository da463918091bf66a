/** Answers that the real Envoy asks for anew in the background, through its own listener. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { addCluster } from "../../scripts/tools/envoy-config.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, Gateway, post, sleep, stopAll } from "./support.mjs";

describe("hits that are asked for anew in the background", () => {
  let upstream;
  let gateway;
  let asked = 0;
  const seen = [];

  before(async () => {
    upstream = createServer(async (request, response) => {
      for await (const _ of request);
      seen.push(request.headers);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion(`answer ${++asked}`)));
    });
    await listen(upstream);
    gateway = await Gateway.start({
      upstreamPort: upstream.address().port,
      cache: { explain: true, life: { refreshShare: 0.1, refreshCluster: "self" } },
      change: (config) => {
        const { port_value: port } = config.static_resources.listeners[0].address.socket_address;
        addCluster(config, "self", port);
      },
    });
  });
  after(() => stopAll(gateway, upstream));

  it("have the fresh answer from then on, under the client's own credential", async () => {
    const body = chatBody("Where is the manual?");
    const ask = async () => JSON.parse((await post(gateway, body)).text).choices[0].message.content;
    assert.equal(await ask(), "answer 1");
    for (let i = 0; i < 10; i++) assert.equal(await ask(), "answer 1");
    for (let i = 0; i < 100 && asked < 2; i++) await sleep(50);
    assert.equal(asked, 2, "one in ten hits");
    for (let i = 0; i < 100 && (await ask()) !== "answer 2"; i++) await sleep(50);
    assert.equal(await ask(), "answer 2");
    assert.equal(seen[1].authorization, seen[0].authorization);
    const metric = async (name, label) => {
      const line = (await gateway.metrics(name)).find((each) => each.includes(label));
      return Number(line?.split(" ").at(-1));
    };
    assert.ok((await metric("ai_cache_requests_total", "bypass-refresh")) >= 1);
    assert.ok((await metric("ai_cache_refreshes_total", 'result="ok"')) >= 1);
    assert.ok((await metric("ai_cache_spent_tokens_total", 'kind="refresh"')) >= 5);
  });
});
