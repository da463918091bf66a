/** A fast model service for the benchmark, in a process of its own: answers are made beforehand. */
import { createServer } from "node:http";
import { completion, completionEvents } from "../module/support.mjs";

const JSON_ANSWER = Buffer.from(
  JSON.stringify(completion("An answer of a common length. ".repeat(20))),
);
const EVENTS = completionEvents(
  Array.from({ length: 198 }, () => "word "),
  { usage: true },
).map((event) => Buffer.from(event));

const server = createServer((request, response) => {
  let isStream = false;
  request.on("data", (chunk) => (isStream ||= chunk.includes('"stream":true')));
  request.on("end", () => {
    if (!isStream) {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": JSON_ANSWER.length,
      });
      response.end(JSON_ANSWER);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    let next = 0;
    const write = () => {
      response.write(EVENTS[next++]);
      if (next < EVENTS.length) setImmediate(write);
      else response.end();
    };
    write();
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
