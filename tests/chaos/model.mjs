/**
 * A model's service that answers in every way in which real ones do and none should. The question says which:
 * `do:WORD q17` is answered, where it is answered at all, with `answer to q17`, so that no answer can be taken for
 * another one.
 */
import { createServer } from "node:http";
import http2 from "node:http2";
import { gzipSync } from "node:zlib";
import { completion, completionEvents } from "../module/support.mjs";

/** Bytes that may be under way over HTTP/2. */
const WINDOW = 64 << 20;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * What the client must get. `good`: the answer. A number: an error of that status. `error`: an error of any status.
 * `cut`: an error, or an answer that visibly breaks off. `free`: anything that ends.
 */
export const WAYS = {
  json: "good",
  stream: "good",
  slow: "good",
  hints: "good",
  trailers: "good",
  close: "good",
  drip: "good",
  pause: "good",
  flaky: "good",
  shaky: "good",
  s400: 400,
  s401: 401,
  s429: 429,
  s500: 500,
  html: 502,
  long503: "error",
  longhtml: "error",
  cut503: "error",
  stall503: "error",
  reset: "error",
  refuse: "error",
  stall: "error",
  huge: "error",
  garbage: "error",
  early413: 413,
  empty: "free",
  nothing: "free",
  zipped: "free",
  plain: "free",
  cutjson: "cut",
  cutchunk: "cut",
  cutstream: "cut",
  stallstream: "cut",
};

const JSON_TYPE = { "content-type": "application/json" };
const EVENTS = { "content-type": "text/event-stream" };

const claude = (text) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
});
const claudeEvents = (pieces) => {
  const event = (type, members) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
  return [
    event("message_start", { message: { ...claude(""), content: [], stop_reason: null } }),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ...pieces.map((text) =>
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
    ),
    event("content_block_stop", { index: 0 }),
    event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }),
    event("message_stop", {}),
  ];
};

/** Which way a body asks for, and the number of its question. */
export function wayOf(text) {
  const [, way, number] = /do:(\w+) (q\d+)/.exec(text) ?? [];
  return { way, number };
}

/** The vectors of texts: each has the number of its text. */
function vectorsOf(text) {
  let input = [];
  try {
    input = JSON.parse(text).input ?? [];
  } catch {
    // A hostile request, whose answer does not matter.
  }
  const data = [input].flat().map((item, index) => {
    return { object: "embedding", index, embedding: [Number(/q(\d+)/.exec(item)?.[1]), 0.5] };
  });
  return { object: "list", data, model: "m", usage: { prompt_tokens: 3, total_tokens: 3 } };
}

/** The pieces of the answer to a request, and its headers. */
function answerTo(path, text, number) {
  if (path.endsWith("/embeddings")) return [JSON_TYPE, [JSON.stringify(vectorsOf(text))]];
  const isClaude = path.startsWith("/v1/messages");
  const isStream = /"stream":\s*true/.test(text);
  const content = `answer to ${number}`;
  const words = content.match(/.{1,5}/gsu);
  if (!isStream) return [JSON_TYPE, [JSON.stringify((isClaude ? claude : completion)(content))]];
  return [EVENTS, isClaude ? claudeEvents(words) : completionEvents(words)];
}

const ERROR = JSON.stringify({ error: { message: "the model says no", type: "chaos" } });

/** Answers over HTTP/1. `socket`: for what is no HTTP any more. */
async function serve(request, text, response, tried) {
  const { socket } = response;
  const { way = "json", number = "q0" } = wayOf(text);
  const [headers, pieces] = answerTo(request.url, text, number);
  const whole = pieces.join("");
  const say = (status, type, body) => {
    response.writeHead(status, { ...type, "content-length": Buffer.byteLength(body) });
    response.end(body);
  };
  const write = async (parts, ms) => {
    response.writeHead(200, headers);
    for (const part of parts) {
      if (response.destroyed) return;
      response.write(part);
      if (ms > 0) await sleep(ms);
    }
  };
  switch (way) {
    case "slow":
      await write(pieces, 20);
      return response.end();
    case "hints":
      response.writeProcessing();
      response.writeEarlyHints({ link: "</x>; rel=preload" });
      return say(200, headers, whole);
    case "trailers":
      response.writeHead(200, { ...headers, trailer: "x-end" });
      for (const piece of pieces) response.write(piece);
      response.addTrailers({ "x-end": "1" });
      return response.end();
    case "close":
      // As HTTP/1.0: the end of the connection is the end of the answer.
      socket.write(`HTTP/1.0 200 OK\r\ncontent-type: ${headers["content-type"]}\r\n\r\n${whole}`);
      return socket.end();
    case "drip":
      await write(whole.match(/.{1,40}/gsu), 1);
      return response.end();
    case "pause":
      await sleep(300);
      return say(200, headers, whole);
    case "flaky":
      // A key's first request of a question fails.
      if (!tried) return say(429, { ...JSON_TYPE, "retry-after": "1" }, ERROR);
      return say(200, headers, whole);
    case "shaky":
      // Every other request fails in a way in which an expired answer may stand in.
      return tried ? say(503, JSON_TYPE, ERROR) : say(200, headers, whole);
    case "s400":
    case "s401":
    case "s429":
    case "s500":
      return say(Number(way.slice(1)), JSON_TYPE, ERROR);
    case "html":
      return say(502, { "content-type": "text/html" }, "<html>bad gateway</html>");
    case "long503":
    case "longhtml": {
      const isHtml = way === "longhtml";
      response.writeHead(503, isHtml ? { "content-type": "text/html" } : JSON_TYPE);
      response.write(isHtml ? "<html>" : '{"error":{"message":"');
      for (let i = 0; i < 40; i++) response.write("x".repeat(60_000));
      return response.end(isHtml ? "</html>" : '"}}');
    }
    case "cut503":
      response.writeHead(503, { ...JSON_TYPE, "content-length": ERROR.length });
      response.write(ERROR.slice(0, 9));
      await sleep(10);
      return response.destroy();
    case "stall503":
      response.writeHead(503, JSON_TYPE);
      return void response.write(ERROR.slice(0, 9));
    case "reset":
      return socket.resetAndDestroy();
    case "refuse":
      return socket.end();
    case "stall":
      return undefined;
    case "huge":
      return say(200, { ...headers, "x-huge": "h".repeat(120_000) }, whole);
    case "garbage":
      return void socket.end("not HTTP at all\r\n\r\n");
    case "empty":
      return say(200, headers, "");
    case "nothing":
      response.writeHead(204);
      return response.end();
    case "zipped":
      return say(200, { ...headers, "content-encoding": "gzip" }, gzipSync(whole));
    case "plain":
      return say(200, { "content-type": "text/plain" }, whole);
    case "cutjson":
      response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(whole) });
      response.write(whole.slice(0, whole.length >> 1));
      await sleep(10);
      return response.destroy();
    case "cutchunk":
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: ${headers["content-type"]}\r\ntransfer-encoding: chunked\r\n\r\n` +
          `${whole.length.toString(16)}\r\n${whole.slice(0, whole.length >> 1)}`,
      );
      return socket.end();
    case "cutstream":
      await write([whole.slice(0, -150)], 1);
      return response.destroy();
    case "stallstream":
      return write([whole.slice(0, -150)], 0);
    default:
      return say(200, headers, whole);
  }
}

/** The service over HTTP/1, and over HTTP/2 at another port. */
export class ChaosModel {
  static async start() {
    const model = new ChaosModel();
    model.asked = 0;
    model.tried = new Set();
    model.sockets = new Set();
    model.server = createServer((request, response) => model.take(request, response));
    // Envoy may use a connection in the moment in which it is closed.
    model.server.keepAliveTimeout = 600_000;
    model.server2 = http2.createServer({ settings: { initialWindowSize: WINDOW } });
    model.server2.on("session", (session) => {
      session.on("error", () => {});
      // By default one long request keeps all others of its connection waiting.
      session.setLocalWindowSize(WINDOW);
      model.sockets.add(session);
      session.on("close", () => model.sockets.delete(session));
    });
    model.server2.on("stream", (stream, headers) => model.takeStream(stream, headers));
    for (const server of [model.server, model.server2]) {
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    model.port = model.server.address().port;
    model.port2 = model.server2.address().port;
    return model;
  }

  async take(request, response) {
    request.on("error", () => {});
    response.on("error", () => {});
    // Answers before the request has been read.
    if (/early413/.test(request.headers["x-do"] ?? "")) {
      response.writeHead(413, { ...JSON_TYPE, connection: "close" });
      return void response.end(ERROR);
    }
    this.asked++;
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return undefined;
    }
    const text = Buffer.concat(chunks).toString();
    return serve(request, text, response, this.isTried(text));
  }

  /** Whether the question has been asked before; every other time it has not. */
  isTried(text) {
    const { number } = wayOf(text);
    return this.tried.delete(number) || !this.tried.add(number);
  }

  takeStream(stream, headers) {
    this.asked++;
    stream.on("error", () => {});
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (data) => (text += data));
    stream.on("end", () => void this.serveStream(stream, headers[":path"], text).catch(() => {}));
  }

  async serveStream(stream, path, text) {
    const { way = "json", number = "q0" } = wayOf(text);
    const [headers, pieces] = answerTo(path, text, number);
    const begin = (status = 200, type = headers, trailers = false) => {
      if (!stream.destroyed)
        stream.respond({ ":status": status, ...type }, { waitForTrailers: trailers });
    };
    const write = async (parts, ms) => {
      for (const part of parts) {
        if (stream.destroyed) return;
        stream.write(part);
        if (ms > 0) await sleep(ms);
      }
    };
    const status = WAYS[way];
    if (typeof status === "number") {
      begin(status, JSON_TYPE);
      return void stream.end(ERROR);
    }
    switch (way) {
      case "flaky":
        if (this.isTried(text)) break;
        begin(429, { ...JSON_TYPE, "retry-after": "1" });
        return void stream.end(ERROR);
      case "shaky":
        if (!this.isTried(text)) break;
        begin(503, JSON_TYPE);
        return void stream.end(ERROR);
      case "hints":
        stream.additionalHeaders({ ":status": 103, link: "</x>; rel=preload" });
        break;
      case "trailers":
        begin(200, headers, true);
        stream.on("wantTrailers", () => stream.sendTrailers({ "x-end": "1" }));
        await write(pieces, 1);
        return void stream.end();
      case "slow":
      case "drip":
        begin();
        await write(pieces, 10);
        return void stream.end();
      case "pause":
        await sleep(300);
        break;
      case "long503":
      case "longhtml":
        begin(503, way === "longhtml" ? { "content-type": "text/html" } : JSON_TYPE);
        await write(Array(40).fill("x".repeat(60_000)), 0);
        return void stream.end();
      case "cut503":
        begin(503, JSON_TYPE);
        stream.write(ERROR.slice(0, 9));
        await sleep(10);
        return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      case "stall503":
        begin(503, JSON_TYPE);
        return void stream.write(ERROR.slice(0, 9));
      case "reset":
      case "garbage":
      case "huge":
        return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      case "refuse":
        return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      case "stall":
        return undefined;
      case "empty":
        begin();
        return void stream.end();
      case "nothing":
        begin(204, {});
        return void stream.end();
      case "zipped":
        begin(200, { ...headers, "content-encoding": "gzip" });
        return void stream.end(gzipSync(pieces.join("")));
      case "plain":
        begin(200, { "content-type": "text/plain" });
        return void stream.end(pieces.join(""));
      case "cutjson":
      case "cutchunk":
      case "cutstream":
        begin();
        await write([pieces.join("").slice(0, -150)], 10);
        return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      case "stallstream":
        begin();
        return write([pieces.join("").slice(0, -150)], 0);
    }
    begin();
    stream.end(pieces.join(""));
  }

  async stop() {
    this.server.closeAllConnections();
    for (const session of this.sockets) session.destroy();
    for (const server of [this.server, this.server2]) {
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
