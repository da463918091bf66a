/**
 * A fast embedding service in a process of its own, whose answer to a batch is made beforehand. Arguments: its port,
 * the vectors of an answer, the numbers of a vector.
 */
import { createServer } from "node:http";

const [port, batch, numbers] = process.argv.slice(2).map(Number);
const embedding = Array.from({ length: numbers }, (_, i) => Number(`0.0${1000001 + i}`));
const data = Array.from({ length: batch }, (_, index) => ({
  object: "embedding",
  index,
  embedding,
}));
const usage = { prompt_tokens: 4 * batch, total_tokens: 4 * batch };
const answer = Buffer.from(JSON.stringify({ object: "list", data, model: "embedder", usage }));

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": answer.length,
    });
    response.end(answer);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
