/** A stand-in for a vector store behind HTTP. */
import { createServer } from "node:http";
import * as consume from "node:stream/consumers";
import { close, listen } from "./http-server.mjs";
import { FakeStore } from "./vector-stores.mjs";

export class VectorServer {
  /** `type`: of `STORES`. `dimension`: of its vectors. */
  static async start(type, dimension) {
    const server = new VectorServer();
    server.store = new FakeStore(type);
    server.store.entries.dimension = dimension;
    /** What was wrong with requests. */
    server.faults = [];
    server.http = createServer(async (request, response) => {
      const headers = { ...request.headers, ":method": request.method, ":path": request.url };
      let answer;
      try {
        answer = server.store.handle(headers, await consume.text(request));
      } catch (error) {
        server.faults.push(error.message);
        answer = { status: 400, body: JSON.stringify({ code: 3, message: error.message }) };
      }
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.body);
    });
    server.port = await listen(server.http);
    return server;
  }

  async stop() {
    await close(this.http);
  }
}
