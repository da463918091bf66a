/** A fast model service for the benchmark, in a process of its own: answers are prepared in advance. */
import { createServer } from "node:http";
import { completion, completionEvents } from "../module/support.mjs";

const JSON_ANSWER = Buffer.from(
  JSON.stringify(completion("An answer of a common length. ".repeat(20))),
);
const EVENTS = completionEvents(
  Array.from({ length: 198 }, () => "word "),
  { usage: true },
).map((event) => Buffer.from(event));

const claudeEvent = (type, members) =>
  Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`);
const usage = { input_tokens: 25, output_tokens: 1 };
/** The same answer in Anthropic's protocol. */
const CLAUDE_EVENTS = [
  claudeEvent("message_start", {
    message: { id: "msg_1", type: "message", role: "assistant", model: "c", content: [], usage },
  }),
  claudeEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
  ...Array.from({ length: 195 }, () =>
    claudeEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text: "word " } }),
  ),
  claudeEvent("content_block_stop", { index: 0 }),
  claudeEvent("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } }),
  claudeEvent("message_stop", {}),
];

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
    const events = request.headers["x-api-key"] ? CLAUDE_EVENTS : EVENTS;
    let next = 0;
    const write = () => {
      response.write(events[next++]);
      if (next < events.length) setImmediate(write);
      else response.end();
    };
    write();
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
