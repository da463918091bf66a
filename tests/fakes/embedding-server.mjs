/** The stand-ins for embedding services behind HTTP; the host of a request says which one answers. */
import { createServer } from "node:http";
import { embed, SERVICES } from "./embeddings.mjs";

export class EmbeddingServer {
  /** `hosts`: host -> type. Requests for other hosts are answered by `fallback`. */
  static async start(hosts = {}, fallback = "openai") {
    const server = new EmbeddingServer();
    server.requests = [];
    /** Takes requests and answers nothing. */
    server.frozen = false;
    server.http = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const type = hosts[request.headers.host] ?? fallback;
      const record = {
        type,
        method: request.method,
        path: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      server.requests.push(record);
      if (server.frozen) return;
      const { status, body } = embed(type, record);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body);
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

export const TYPES = Object.keys(SERVICES);
