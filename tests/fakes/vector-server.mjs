/** A stand-in for a vector store behind HTTP. */
import { createServer } from "node:http";
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
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const headers = { ...request.headers, ":method": request.method, ":path": request.url };
      let answer;
      try {
        answer = server.store.handle(headers, Buffer.concat(chunks).toString());
      } catch (error) {
        server.faults.push(error.message);
        answer = { status: 400, body: JSON.stringify({ code: 3, message: error.message }) };
      }
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.body);
    });
    await new Promise((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    server.port = server.http.address().port;
    return server;
  }

  async stop() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
