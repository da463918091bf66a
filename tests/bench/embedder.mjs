/** A fast embedding service for the benchmark: embedder.mjs PORT DIMENSIONS. Equal words get equal vectors. */
import { createServer } from "node:http";
import * as consume from "node:stream/consumers";
import { vectorOf } from "../fakes/embeddings.mjs";

const [port, dimensions] = process.argv.slice(2).map(Number);
const known = new Map();

const server = createServer(async (request, response) => {
  const text = await consume.text(request);
  // The probe, which measures a bare call-out, sends a plain word.
  const input = text.startsWith("{") ? JSON.parse(text).input : text;
  const words = input.toLowerCase().match(/\w+/g).join(" ");
  if (!known.has(words)) {
    const embedding = vectorOf(words, dimensions);
    const data = [{ object: "embedding", index: 0, embedding }];
    known.set(words, Buffer.from(JSON.stringify({ object: "list", data, model: "m" })));
  }
  const body = known.get(words);
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
});
// Keeps idle connections open, so that requests never race with closing ones.
server.keepAliveTimeout = 600_000;
server.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
