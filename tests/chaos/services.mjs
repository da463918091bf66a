/** The services behind the modules, each of which works most of the time, and else fails in every way. */
import { createServer } from "node:http";
import net from "node:net";
import { embed } from "../fakes/embeddings.mjs";
import { FakeRedis } from "../fakes/redis.mjs";
import { FakeStore } from "../fakes/vector-stores.mjs";

/** Past the timeouts of all call-outs, when many of their streams have ended. */
const LATE_MS = 1200;
/** One call in so many fails: more of them would keep the modules' circuit breakers open. */
const ONE_IN = 20;

/** Listens on loopback; gives the server its port and a `stop`. */
function listening(server) {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const sockets = new Set();
      server.on("connection", (socket) => {
        socket.on("error", () => {});
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      const { port } = server.address();
      const stop = () => {
        for (const socket of sockets) socket.destroy();
        return new Promise((done) => server.close(done));
      };
      resolve({ port, stop });
    });
  });
}

/** A service over HTTP. `work(request, text)` gives status and body. */
function startHttp(random, work) {
  const answer = async (request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, body } = work(request, Buffer.concat(chunks).toString());
    const say = (text) => {
      if (response.destroyed) return;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(text);
    };
    const fault = random.below(7 * ONE_IN);
    switch (fault) {
      case 0:
        return response.destroy();
      case 1:
        return undefined;
      case 2:
        return void setTimeout(say, LATE_MS, body);
      case 3:
        return say(body.slice(0, body.length >> 1));
      case 4:
        return say("[".repeat(5000));
      case 5:
        response.writeHead(200, { "content-length": body.length + 9 });
        response.write(body);
        return void setTimeout(() => response.destroy(), 20);
      case 6:
        response.writeHead(500, { "content-type": "text/html" });
        return void response.end("<html>");
      default:
        return say(body);
    }
  };
  return listening(
    createServer((request, response) => answer(request, response).catch(() => response.destroy())),
  );
}

export const startEmbedder = (random) =>
  startHttp(random, (request, body) =>
    embed("openai", { method: request.method, path: request.url, headers: request.headers, body }),
  );

/** Chroma. `dimension`: of its vectors. */
export function startVectors(random, dimension) {
  const store = new FakeStore("chroma");
  store.entries.dimension = dimension;
  return startHttp(random, (request, text) => {
    const headers = { ...request.headers, ":method": request.method, ":path": request.url };
    try {
      return store.handle(headers, text);
    } catch (error) {
      return { status: 400, body: JSON.stringify({ error: error.message }) };
    }
  });
}

export const startFiles = (random) =>
  startHttp(random, () => ({ status: 200, body: "Answer briefly." }));

/** A Redis that closes after its replies, as the real one does when Envoy has ended its side. */
export function startRedis(random) {
  const redis = new FakeRedis();
  const take = (socket) => {
    const chunks = [];
    socket.on("error", () => {});
    socket.on("data", (data) => chunks.push(data));
    socket.on("end", () => {
      let reply;
      try {
        reply = redis.answer(Buffer.concat(chunks));
      } catch {
        reply = Buffer.from("-ERR unknown\r\n");
      }
      switch (random.below(7 * ONE_IN)) {
        case 0:
          return socket.resetAndDestroy();
        case 1:
          return undefined;
        case 2:
          return void setTimeout(() => socket.end(reply), LATE_MS);
        case 3:
          return socket.end(reply.subarray(0, reply.length >> 1));
        case 4:
          return socket.end("$99999999999\r\n*5\r\n");
        case 5:
          return socket.end("-LOADING Redis is loading the dataset in memory\r\n");
        default:
          return socket.end(reply);
      }
    });
  };
  return listening(net.createServer({ allowHalfOpen: true }, take));
}
