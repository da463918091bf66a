/** The filters of `examples/` in the real Envoy, one behind the other. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { addCluster } from "../../scripts/tools/envoy-config.mjs";
import { builtModule } from "../../scripts/tools/targets.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, Gateway, stopAll, until, Upstream } from "./support.mjs";

/** Puts the examples in the place of the modules; `configurations` by name. */
function useExamples(config, configurations) {
  const manager = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  const [first] = manager.http_filters;
  const router = manager.http_filters.at(-1);
  const filters = Object.entries(configurations).map(([name, value]) => {
    const filter = structuredClone(first);
    filter.name = name;
    const plugin = filter.typed_config.config;
    plugin.name = name;
    plugin.root_id = name;
    plugin.vm_config.vm_id = name;
    plugin.vm_config.code.local.filename = builtModule(`examples/${name}`);
    plugin.configuration.value = value;
    return filter;
  });
  manager.http_filters = [...filters, router];
  manager.access_log[0].typed_config.log_format.text_format_source.inline_string =
    "%RESPONSE_CODE% %RESPONSE_CODE_DETAILS% events=%FILTER_STATE(wasm.events:PLAIN)%\n";
}

describe("examples/", () => {
  let upstream;
  let guard;
  let gateway;
  const asked = [];

  before(async () => {
    upstream = await Upstream.start();
    guard = createServer((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      response.writeHead(request.headers.authorization === "Bearer good" ? 200 : 401).end();
    });
    await listen(guard);
    gateway = await Gateway.start({
      upstreamPort: upstream.port,
      change: (config) => {
        addCluster(config, "guard", guard.address().port);
        useExamples(config, {
          authorize: "guard",
          "set-header": "authorization: Bearer sk-test",
          "count-events": "",
        });
        const [listener] = config.static_resources.listeners;
        const manager = listener.filter_chains[0].filters[0].typed_config;
        for (const host of manager.route_config.virtual_hosts) {
          for (const { route } of host.routes) {
            if (route) route.host_rewrite_literal = `127.0.0.1:${upstream.port}`;
          }
        }
      },
    });
  });

  after(() => stopAll(gateway, guard, upstream));

  it("ask the service, set the header and count the events of a streamed answer", async () => {
    const { status, text } = await gateway.chat(chatBody("hi", { stream: true }), {
      headers: { authorization: "Bearer good" },
    });
    assert.equal(status, 200, text);
    const events = text.split("\n\n").filter((event) => event.length > 0).length;
    assert.deepEqual(asked.at(-1), ["/v1/chat/completions", "Bearer good"]);
    assert.equal(upstream.requests.at(-1).headers.authorization, "Bearer sk-test");
    const line = await until(() => gateway.accessLog.at(-1), "the access log");
    assert.equal(line, `200 via_upstream events=${events}`);
    const [metric] = await gateway.metrics("count_events_total");
    assert.match(metric, new RegExp(` ${events}$`));
  });

  it("answer in the place of the model when the service refuses", async () => {
    const before = upstream.requests.length;
    const { status } = await gateway.chat(chatBody(), { headers: { authorization: "Bearer bad" } });
    assert.equal(status, 403);
    assert.equal(upstream.requests.length, before);
    await until(() => gateway.accessLog.length === 2, "the access log");
    assert.equal(gateway.accessLog.at(-1), "403 authorize_denied events=-");
  });
});
