/** The stand-ins for embedding services behind HTTP; the host of a request says which one answers. */
import { createServer } from "node:http";
import * as consume from "node:stream/consumers";
import { close, listen } from "./http-server.mjs";
import { embed, SERVICES } from "./embeddings.mjs";

export class EmbeddingServer {
  /** `hosts`: host -> type. Requests for other hosts are answered by `fallback`. */
  static async start(hosts = {}, fallback = "openai") {
    const server = new EmbeddingServer();
    server.requests = [];
    /** Takes requests and answers nothing. */
    server.frozen = false;
    server.http = createServer(async (request, response) => {
      const type = hosts[request.headers.host] ?? fallback;
      const record = {
        type,
        method: request.method,
        path: request.url,
        headers: request.headers,
        body: await consume.text(request),
      };
      server.requests.push(record);
      if (server.frozen) return;
      const { status, body } = embed(type, record);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body);
    });
    server.port = await listen(server.http);
    return server;
  }

  async stop() {
    await close(this.http);
  }
}

export const TYPES = Object.keys(SERVICES);
