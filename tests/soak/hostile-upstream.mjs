/**
 * A model service that answers what no service should, in a process of its own. The model's name or
 * the request's number says what: see `ANSWERS`.
 */
import { createServer } from "node:http";
import { Random } from "../fuzz/random.mjs";
import { completion, completionEvents } from "../module/support.mjs";

/** A question that is answered as it should be. */
const HONEST = "honest question";

const random = new Random(Number(process.argv[3] || 1));
const JSON_TYPE = { "content-type": "application/json" };
const EVENTS = { "content-type": "text/event-stream" };

const chunk = (delta) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
const call = (index, members) => chunk({ tool_calls: [{ index, ...members }] });
const begin = (index) => call(index, { id: `c${index}`, function: { name: "f", arguments: "" } });
const fine = completionEvents(["Hel", "lo"]).join("");
const whole = JSON.stringify(completion("Hello"));

const ANSWERS = [
  () => [200, JSON_TYPE, whole],
  () => [200, EVENTS, fine],
  () => [200, EVENTS, fine.slice(0, random.below(fine.length))],
  () => [200, JSON_TYPE, whole.slice(0, random.below(whole.length))],
  () => [200, EVENTS, `${"\n".repeat(random.below(20_000))}${fine}`],
  () => [200, EVENTS, `data: ${"x".repeat(random.below(60_000))}`],
  () => [
    200,
    EVENTS,
    [begin(0), begin(1), ...Array(20).fill(call(1, { function: { arguments: "1" } }))].join(""),
  ],
  () => [200, EVENTS, `: ${"c".repeat(9000)}\r\rdata:${"[".repeat(5000)}\n\n`],
  () => [200, JSON_TYPE, `{"choices":[null,1,{"message":${"[".repeat(300)}`],
  () => [
    200,
    JSON_TYPE,
    '{"choices":[{"message":{"content":"\\ud800"},"finish_reason":"stop"}],"usage":{"prompt_tokens":-1,"prompt_tokens":1e999}}',
  ],
  () => [200, { "content-type": "text/html" }, "<html>"],
  () => [200, { ...JSON_TYPE, "content-encoding": "gzip" }, "no gzip"],
  () => [200, { "content-type": "application/vnd.amazon.eventstream" }, "\xff".repeat(500)],
  () => [200, { ...JSON_TYPE, vary: "*", "cache-control": "private, max-age=-1" }, whole],
  () => [
    random.pick([400, 401, 404, 429, 500, 503, 529, 599]),
    JSON_TYPE,
    random.pick([
      "",
      "{",
      '{"error":"x"}',
      '{"error":{"message":{}}}',
      '[{"error":{"message":"m"}}]',
    ]),
  ],
  () => [429, { ...JSON_TYPE, "retry-after": "99999999999999999999" }, "{}"],
  () => [204, {}, ""],
  () => null,
];

const server = createServer((request, response) => {
  request.on("error", () => {});
  let isHonest = false;
  request.on("data", (data) => (isHonest ||= data.includes(HONEST)));
  request.on("end", () => {
    const answer = isHonest
      ? ANSWERS[0]()
      : random.chance(0.6)
        ? ANSWERS[random.below(2)]()
        : random.pick(ANSWERS)();
    if (answer === null) return response.destroy();
    const [status, headers, body] = answer;
    response.writeHead(status, headers);
    const cut = random.chance(0.3) ? random.below(body.length) : 0;
    if (cut > 0) response.write(body.slice(0, cut), "latin1");
    return response.end(body.slice(cut), "latin1");
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
