/**
 * A model's service that cannot be asked, in every way in which that happens to real ones: the
 * client, the log, the metric and the access log say which.
 */
import assert from "node:assert/strict";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { setCluster, setPlugin } from "../../scripts/tools/envoy-config.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { Authority } from "./certificates.mjs";
import { chatBody, completion, Gateway, stopAll, until } from "./support.mjs";

const TLS = {
  name: "envoy.transport_sockets.tls",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
    sni: "model.example",
  },
};
const NOTHING = { max_requests: 0, max_pending_requests: 0, max_connections: 0 };

const listen = (server) =>
  new Promise((resolve) => {
    server.unref();
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

/** By the name of its cluster: what it is, and what is said of it. */
const CASES = {
  refused: [503, "connection_refused", /could not connect .*: connection refused/],
  unresolved: [503, "no_endpoint", /its name does not resolve, or its health checks fail/],
  empty: [503, "no_endpoint", /no address of the model's service/],
  silent: [504, "timeout", /did not answer in time/],
  closing: [503, "connection_closed", /closed the connection before it answered/],
  garbage: [502, "protocol", /did not answer with HTTP/],
  "no-tls": [503, "tls", /could not set up a TLS connection/],
  handshake: [503, "connect_timeout", /could not connect .* in time/],
  full: [503, "overflow", /has reached its limit of open requests/],
  missing: [503, "unknown_cluster", /leads to a cluster that does not exist/],
  "no-route": [404, "no_route", /no route of the gateway matches/],
};

describe("a model's service that does not answer", () => {
  let gateway;
  const servers = [];

  before(async () => {
    const plain = await listen(createHttp((request, response) => response.end("plain")));
    const silent = await listen(createHttp(() => {}));
    const mute = await listen(createServer(() => {}));
    const closing = await listen(
      createServer((socket) => socket.on("error", () => {}).once("data", () => socket.destroy())),
    );
    const garbage = await listen(
      createServer((socket) =>
        socket.on("error", () => {}).once("data", () => socket.end("not HTTP\r\n\r\n")),
      ),
    );
    servers.push(plain, silent, mute, closing, garbage);
    const dead = await freePort();
    const portOf = (server) => server.address().port;
    gateway = await Gateway.startFile("envoy.yaml", (config) => {
      const clusters = [];
      config.static_resources.clusters = clusters;
      const add = (name, host, port, more = {}) => {
        clusters.push({
          name,
          type: "STRICT_DNS",
          connect_timeout: "1s",
          wait_for_warm_on_init: false,
          load_assignment: { cluster_name: name, endpoints: [] },
          ...more,
        });
        if (host) setCluster(config, name, host, port);
      };
      add("refused", "127.0.0.1", dead);
      add("unresolved", "nobody.invalid", 80);
      add("empty");
      add("silent", "127.0.0.1", portOf(silent));
      add("closing", "127.0.0.1", portOf(closing));
      add("garbage", "127.0.0.1", portOf(garbage));
      add("no-tls", "127.0.0.1", portOf(plain), { transport_socket: TLS });
      add("handshake", "127.0.0.1", portOf(mute), { transport_socket: TLS });
      add("full", "127.0.0.1", portOf(silent), { circuit_breakers: { thresholds: [NOTHING] } });
      const [{ typed_config: manager }] =
        config.static_resources.listeners[0].filter_chains[0].filters;
      const match = (name) => ({
        prefix: "/",
        headers: [{ name: "x-to", string_match: { exact: name } }],
      });
      manager.route_config.virtual_hosts[0].routes = [
        ...clusters.map(({ name }) => ({
          name,
          match: match(name),
          route: { cluster: name, timeout: "2s" },
        })),
        { name: "missing", match: match("missing"), route: { cluster_header: "x-cluster" } },
      ];
      setPlugin(config, "ai-proxy", {
        provider: { type: "openai", apiTokens: ["sk-test"], openaiCustomUrl: "llm:8000/v1" },
      });
    });
  });
  after(() => stopAll(gateway, ...servers));

  const ask = (name, path = "/v1/chat/completions") =>
    gateway.chat(chatBody(`of ${name} ${Math.random()}`, { max_tokens: 9 }), {
      path,
      headers: { "x-to": name, "x-cluster": "nobody" },
    });

  for (const [name, [status, reason, words]] of Object.entries(CASES)) {
    it(`${name}: ${reason} in the client's error, the log and the metric`, async () => {
      const line = new RegExp(`no answer for provider openai from cluster .*: ${reason}: `);
      gateway.expectLog(line);
      for (const path of ["/v1/chat/completions", "/v1/messages"]) {
        const reply = await ask(name, path);
        assert.equal(reply.status, status, reply.text);
        const { error, type } = JSON.parse(reply.text);
        assert.match(error.message, words);
        assert.match(reply.headers.get("content-type"), /^application\/json/);
        if (path === "/v1/messages") assert.equal(type, "error");
        else assert.equal(error.code, `upstream_${reason}`);
        assert.doesNotMatch(reply.text, /127\.0\.0\.1|nobody|cluster_|OPENSSL/);
      }
      const [metric] = (await gateway.metrics("ai_proxy_failures_total")).filter((each) =>
        each.includes(`reason="${reason}"`),
      );
      assert.match(metric, /provider="openai"/);
      await until(() => line.test(gateway.log), "the line of the log");
    });
  }

  it("is logged once a minute for each cluster and reason, with Envoy's response code details", async () => {
    for (let i = 0; i < 3; i++) await ask("refused");
    const lines = gateway.log.match(/no answer for provider openai from cluster refused: .*/g);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0], /Connection_refused.*; logged once a minute\)/);
  });

  it("has Envoy's own word in the access log", async () => {
    for (const word of ["no_healthy_upstream", "cluster_not_found", "route_not_found"]) {
      const pattern = new RegExp(`details=${word}$`);
      await until(() => gateway.accessLog.some((line) => pattern.test(line)), word);
    }
  });
});

describe("a URL whose scheme is not what the cluster does", () => {
  let gateway;
  const servers = [];
  const authority = new Authority("models");

  before(async () => {
    const answer = async (request, response) => {
      for await (const _ of request);
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion()));
    };
    const plain = await listen(createHttp(answer));
    const secure = await listen(
      createHttps(authority.issue("model.example", { names: ["model.example"] }), answer),
    );
    // As the front ends of public vendors answer plain HTTP on the port of TLS.
    const strict = await listen(
      createHttp((request, response) => {
        response.writeHead(400, { "content-type": "text/html", connection: "close" });
        response.end("<html>The plain HTTP request was sent to HTTPS port</html>");
      }),
    );
    servers.push(plain, secure, strict);
    const own = (url) => ({ type: "openai", apiTokens: ["sk-test"], openaiCustomUrl: url });
    const places = {
      "https-plain": [plain, null, own("https://model.example/v1")],
      "https-tls-server": [secure, null, own("https://model.example/v1")],
      "https-tls": [secure, TLS, own("https://model.example/v1")],
      "http-tls": [plain, TLS, own("http://model.example/v1")],
      "http-plain": [plain, null, own("http://model.example/v1")],
      "bare-plain": [plain, null, own("model.example/v1")],
      public: [strict, null, { type: "openai", apiTokens: ["sk-test"] }],
      "public-relay": [plain, null, { type: "deepseek", apiTokens: ["sk-test"] }],
    };
    gateway = await Gateway.startFile("envoy.yaml", (config) => {
      const clusters = [];
      config.static_resources.clusters = clusters;
      const rules = [];
      const [{ typed_config: manager }] =
        config.static_resources.listeners[0].filter_chains[0].filters;
      const routes = [];
      manager.route_config.virtual_hosts[0].routes = routes;
      for (const [name, [server, transport, provider]] of Object.entries(places)) {
        clusters.push({
          name,
          type: "STRICT_DNS",
          connect_timeout: "1s",
          load_assignment: { cluster_name: name, endpoints: [] },
          ...(transport && { transport_socket: transport }),
        });
        setCluster(config, name, "127.0.0.1", server.address().port);
        const headers = [{ name: "x-to", string_match: { exact: name } }];
        routes.push({ name, match: { prefix: "/", headers }, route: { cluster: name } });
        rules.push({ _match_route_: [name], provider });
      }
      setPlugin(config, "ai-proxy", { _rules_: rules });
    });
  });
  after(() => stopAll(gateway, ...servers));

  const ask = (name) =>
    gateway.chat(chatBody(`of ${name} ${Math.random()}`), { headers: { "x-to": name } });
  const plainHttp = (name, why) => new RegExp(`cluster ${name} speaks plain HTTP, ${why}`);

  for (const [name, status, line] of [
    ["https-plain", 200, plainHttp("https-plain", "but the provider's URL begins with https://")],
    ["https-tls-server", 503, plainHttp("https-tls-server", "but .* https://: give the cluster a")],
    [
      "http-tls",
      503,
      /cluster http-tls uses TLS, but the provider's URL begins with http:\/\/: remove/,
    ],
    ["public", 400, plainHttp("public", "and api.openai.com expects TLS: give the cluster a")],
  ]) {
    it(`${name}: the log says so, once a minute`, async () => {
      for (let i = 0; i < 2; i++) assert.equal((await ask(name)).status, status);
      gateway.expectLog(line);
      gateway.allowLog(new RegExp(`no answer for provider openai from cluster ${name}: `));
      await until(() => line.test(gateway.log), "the line of the log");
      assert.equal(gateway.log.match(new RegExp(line, "g")).length, 1);
    });
  }

  for (const name of ["https-tls", "http-plain", "bare-plain", "public-relay"]) {
    it(`${name}: nothing is logged`, async () => {
      assert.equal((await ask(name)).status, 200);
    });
  }
});
