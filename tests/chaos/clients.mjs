/** Sends the requests of `requests.mjs` over HTTP/1, HTTP/2 and bare connections. */
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";

/** A request that has had no end after so long hangs: everything in the gateway has ended it before. */
const PATIENCE_MS = 40_000;
/** Bytes that may be under way over HTTP/2: what one stream does not take keeps no other waiting. */
const WINDOW = 64 << 20;
/** Streams of one HTTP/2 connection. */
const PER_SESSION = 60;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a client got. `end`: `whole`, `broken`, `left` or `hung`. */
function outcome() {
  let settle;
  const reply = { status: 0, headers: {}, text: "", trailers: null, end: "", fault: "" };
  const done = new Promise((resolve) => (settle = resolve));
  const finish = (end, fault = "") => {
    if (reply.end !== "") return;
    reply.end = end;
    reply.fault = fault;
    clearTimeout(timer);
    settle(reply);
  };
  const timer = setTimeout(() => finish("hung"), PATIENCE_MS);
  return { reply, done, finish };
}

/** Writes the body in the manner of the request; `stream` has `write`, `end` and `leave`. */
async function upload({ manner, body, wait }, stream) {
  const piece = (from, to) => stream.write(body.subarray(from, to));
  const half = body.length >> 1;
  switch (manner) {
    case "slow":
      await sleep(wait);
      piece(0, half);
      await sleep(wait);
      return stream.end(body.subarray(half));
    case "bytes":
      for (let i = 0; i < Math.min(150, body.length); i++) piece(i, i + 1);
      return stream.end(body.subarray(Math.min(150, body.length)));
    case "trailers":
      piece(0, half);
      piece(half);
      return stream.end();
    case "leave-headers":
      await sleep(wait >> 2);
      return stream.leave();
    case "leave-body":
      piece(0, half);
      await sleep(wait);
      return stream.leave();
    case "leave-waiting":
      stream.end(body);
      await sleep(wait);
      return stream.leave();
    default:
      return stream.end(body);
  }
}

export class Clients {
  constructor(port) {
    this.port = port;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
    this.sessions = [];
  }

  send(request) {
    return request.isOver2 ? this.overHttp2(request) : this.overHttp1(request);
  }

  overHttp1(request) {
    const { reply, done, finish } = outcome();
    const { manner, body, headers, path } = request;
    const isChunked = manner === "trailers" || manner === "bytes";
    const call = http.request({
      agent: this.agent,
      host: "127.0.0.1",
      port: this.port,
      method: "POST",
      path,
      headers: {
        ...headers,
        ...(isChunked ? { "transfer-encoding": "chunked" } : { "content-length": body.length }),
        ...(manner === "trailers" ? { trailer: "x-t" } : {}),
        ...(manner === "expect" ? { expect: "100-continue" } : {}),
      },
    });
    const leave = () => {
      finish("left");
      call.destroy();
    };
    call.on("response", (response) => {
      reply.status = response.statusCode;
      reply.headers = response.headers;
      response.setEncoding("utf8");
      response.on("data", (data) => {
        reply.text += data;
        if (manner === "leave-stream") leave();
      });
      response.on("end", () => {
        reply.trailers = response.trailers;
        finish(response.complete ? "whole" : "broken", "incomplete");
      });
      response.on("error", (error) => finish("broken", error.message));
    });
    call.on("error", (error) => finish("broken", error.message));
    if (manner === "trailers") call.addTrailers({ "x-t": "1" });
    const write = () =>
      upload(request, {
        write: (data) => call.write(data),
        end: (data) => call.end(data),
        leave,
      });
    call.flushHeaders();
    if (manner !== "expect") void write();
    else call.on("continue", () => void write());
    return done;
  }

  session() {
    this.sessions = this.sessions.filter(({ session }) => !session.destroyed);
    let entry = this.sessions.find(({ isOpen, used }) => isOpen && used < PER_SESSION);
    if (!entry) {
      const settings = { initialWindowSize: WINDOW };
      const session = http2.connect(`http://127.0.0.1:${this.port}`, { settings });
      session.on("connect", () => session.setLocalWindowSize(WINDOW));
      entry = { session, used: 0, isOpen: true };
      const shut = () => (entry.isOpen = false);
      session.on("error", shut).on("goaway", shut).on("close", shut);
      this.sessions.push(entry);
    }
    if (++entry.used >= PER_SESSION) {
      entry.isOpen = false;
      setImmediate(() => entry.session.close());
    }
    return entry.session;
  }

  overHttp2(request) {
    const { reply, done, finish } = outcome();
    const { manner, headers, path, number } = request;
    const { host, ...rest } = headers;
    const isTrailing = manner === "trailers";
    const call = this.session().request(
      { ":method": "POST", ":path": path, ":authority": host, ...rest },
      { waitForTrailers: isTrailing },
    );
    const leave = () => {
      finish("left");
      call.close(
        number % 2 === 0 ? http2.constants.NGHTTP2_CANCEL : http2.constants.NGHTTP2_NO_ERROR,
      );
    };
    call.on("wantTrailers", () => call.sendTrailers({ "x-t": "1" }));
    call.on("response", (fields) => {
      reply.status = fields[":status"];
      reply.headers = { ...fields };
    });
    call.setEncoding("utf8");
    call.on("data", (data) => {
      reply.text += data;
      if (manner === "leave-stream") leave();
    });
    call.on("trailers", (fields) => (reply.trailers = { ...fields }));
    let ended = false;
    call.on("end", () => (ended = true));
    call.on("error", (error) => finish("broken", error.message));
    call.on("close", () => {
      const isWhole =
        ended && reply.status > 0 && call.rstCode === http2.constants.NGHTTP2_NO_ERROR;
      finish(isWhole ? "whole" : "broken", `closed with ${call.rstCode}`);
    });
    void upload(request, {
      write: (data) => call.destroyed || call.write(data),
      end: (data) => call.destroyed || call.end(data),
      leave,
    });
    return done;
  }

  /** Sends `text` over a connection of its own. `status` 0: closed without an answer. */
  raw(text) {
    const { reply, done, finish } = outcome();
    const socket = net.connect(this.port, "127.0.0.1");
    const end = () => {
      reply.status = Number(
        /^HTTP\/1\.\d (\d+)/.exec(reply.text.replace(/^HTTP\/1\.1 1\d\d.*?\r\n\r\n/s, ""))?.[1] ??
          0,
      );
      socket.destroy();
      finish("whole");
    };
    socket.setEncoding("latin1");
    socket.on("data", (data) => {
      reply.text += data;
      // Whoever keeps the connection open has answered nevertheless.
      if (/^HTTP\/1\.1 [2-5]/.test(reply.text)) setTimeout(end, 300);
    });
    socket.on("close", end).on("error", end);
    socket.write(text, "latin1");
    return done;
  }

  stop() {
    this.agent.destroy();
    for (const { session } of this.sessions) session.destroy();
  }
}
