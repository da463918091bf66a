/** HTTP/2 on both sides of Envoy, where bodies can end with trailers. */
import http2 from "node:http2";
import { listen } from "../fakes/http-server.mjs";

/** Makes a cluster use HTTP/2. */
export function speakHttp2(config, name) {
  const cluster = config.static_resources.clusters.find((entry) => entry.name === name);
  const type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  cluster.typed_extension_protocol_options = {
    [type]: {
      "@type": `type.googleapis.com/${type}`,
      explicit_http_config: { http2_protocol_options: {} },
    },
  };
}

/** An HTTP/2 upstream. `answer` returns its responses: `{ status, headers, pieces, trailers }`. */
export class Http2Upstream {
  static async start(answer) {
    const upstream = new Http2Upstream();
    upstream.answer = answer;
    upstream.requests = [];
    upstream.sessions = new Set();
    upstream.server = http2.createServer();
    upstream.server.on("session", (session) => {
      upstream.sessions.add(session);
      session.on("close", () => upstream.sessions.delete(session));
    });
    upstream.server.on("stream", (stream, headers) => upstream.handle(stream, headers));
    upstream.port = await listen(upstream.server);
    return upstream;
  }

  handle(stream, headers) {
    const record = { headers, body: "", trailers: null };
    this.requests.push(record);
    stream.on("error", () => {});
    stream.setEncoding("utf8");
    stream.on("data", (data) => (record.body += data));
    stream.on("trailers", (trailers) => (record.trailers = { ...trailers }));
    stream.on("end", () => void this.say(stream, this.answer(record)));
  }

  async say(stream, { status = 200, headers = {}, pieces = [], trailers = null, wait = 5 }) {
    stream.respond({ ":status": status, ...headers }, { waitForTrailers: trailers !== null });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    for (const piece of pieces) {
      if (stream.destroyed) return;
      stream.write(piece);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    stream.end();
  }

  async stop() {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Sends a request over HTTP/2 in chunks; returns what came back, even if the stream was reset. */
export function ask(session, headers, pieces = [], { trailers = null, wait = 5 } = {}) {
  return new Promise((resolve) => {
    const stream = session.request(
      { ":method": "POST", ":path": "/v1/chat/completions", ...headers },
      { waitForTrailers: trailers !== null },
    );
    const reply = { status: 0, headers: {}, text: "", trailers: null, fault: null };
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.on("response", (fields) => {
      reply.headers = { ...fields };
      reply.status = fields[":status"];
    });
    stream.setEncoding("utf8");
    stream.on("data", (data) => (reply.text += data));
    stream.on("trailers", (fields) => (reply.trailers = { ...fields }));
    stream.on("error", (error) => (reply.fault = error.message));
    stream.on("close", () => resolve(reply));
    stream.setTimeout(5_000, () => {
      reply.fault = "nothing comes any more";
      stream.close();
    });
    void (async () => {
      for (const piece of pieces) {
        if (stream.destroyed) return;
        stream.write(piece);
        await new Promise((done) => setTimeout(done, wait));
      }
      stream.end();
    })();
  });
}
