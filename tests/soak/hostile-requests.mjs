/** Requests that are meant to do harm, repeatable by a seed: mostly small, some of more than 1 MiB. */
import { chatBody } from "../module/support.mjs";

const MIB = 1 << 20;
const HOSTS = ["openai", "mistral", "groq", "gemini", "claude", "bedrock", "cohere", "hunyuan"];
const PATHS = [
  "/v1/chat/completions",
  "/v1/chat/completions",
  "/v1/messages",
  "/v1/responses",
  "/v1/embeddings",
  "/v1/images/generations",
  "/v1/completions",
  "/v1//chat/%63ompletions/",
  "/v1/chat/../chat/completions?key=k&key=l",
  "/v1/files/..%2f..%2forganization",
  "/v1/messages/count_tokens",
  "/%ff%00?%",
];
const MODELS = [
  "m",
  "../../v1/files?x=%",
  "..",
  "a%2fb?c#d",
  "é".repeat(200),
  "x".repeat(3000),
  "\\u0000\\ud800",
  "a;b=.=c\\n\\\\",
];

const arrayOf = (unit, size) =>
  Array(Math.max(1, Math.floor(size / (unit.length + 1))))
    .fill(unit)
    .join(",");
const keys = (size, key) => {
  const out = [];
  for (let i = 0, length = 0; length < size; i++) {
    out.push(key(i));
    length += out[i].length + 1;
  }
  return out.join(",");
};
const message = (content) => `{"role":"user","content":${content}}`;
const chat = (messages, more = "") => `{"model":"m","messages":[${messages}]${more}}`;

/** Bodies of about so many bytes. */
const BODIES = [
  (size, random) => chatBody(`question ${random.below(500)} ${"x".repeat(random.below(size))}`),
  (size, random) => chatBody(`question ${random.below(500)}`, { stream: true, user: "u" }),
  (size) => chat(message(`"${"\\u0001".repeat(size / 6)}"`)),
  (size) => chat(message(`"${'\\n\\"'.repeat(size / 4)}"`)),
  (size) => chat(message('"q"'), `,${arrayOf('"user":1', size)}`),
  (size) => chat(message('"q"'), `,${keys(size, (i) => `"\\u0061${i}":0`)}`),
  (size) => chat(message('"q"'), `,${arrayOf('"logprobs":0', size)}`),
  (size) => chat(arrayOf('{"role":"user","content":"x","name":0,"name":1}', size)),
  (size) => chat(arrayOf("null", size)),
  (size) =>
    chat(
      arrayOf(
        '{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a"}',
        size,
      ),
    ),
  (size) => chat(message(`[${arrayOf('{"type":"text","text":"x"}', size)}]`)),
  (size) =>
    chat(
      message(
        `[${arrayOf('{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}', size)}]`,
      ),
    ),
  (size) => chat("[".repeat(size)),
  (size) =>
    `{"model":"m","max_tokens":1,"messages":[${message('"q"')}],"tools":[${arrayOf('{"name":"f","input_schema":{}}', size)}]}`,
  (size) =>
    `{"model":"m","input":[${arrayOf('{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}', size)}]}`,
  (size, random) => chatBody("q").slice(0, random.below(60)) + " ".repeat(size),
  (size, random) =>
    String.fromCharCode(...Array.from({ length: Math.min(size, 2000) }, () => random.below(256))),
  (_, random) => chat(message('"q"')).replace('"m"', `"${random.pick(MODELS)}"`),
  (_, random) => chat(message('"q"')).replace('"m"', `"invented-${random.below(1e9)}"`),
  () => "",
];

const HEADERS = [
  {},
  {},
  { authorization: "Bearer demo" },
  { authorization: `Bearer ${"k".repeat(4000)}`, "x-api-key": ["a", "b"] },
  { cookie: Array(50).fill("a=b"), "x-mse-consumer": ["alice", "mallory"] },
  { "cache-control": "no-cache, max-age=99999999999999999999, only-if-cached=1" },
  { "content-type": `multipart/form-data; boundary=${"-".repeat(3000)}x` },
  { "content-type": "application/json;charset=utf-16", "content-encoding": "gzip" },
  { accept: "text/event-stream", "anthropic-beta": ["x", "y"], "x-higress-fallback-from": "r" },
];

/** How the body is sent. */
export const Manner = { Whole: 0, Slow: 1, Aborted: 2, Trailers: 3 };

/** The next request. `large`: whether its body exceeds 1 MiB. */
export function hostileRequest(random, large) {
  const size = large ? MIB + random.below(2 * MIB) : random.below(7000);
  const headers = {
    host: `${random.pick(HOSTS)}.test`,
    "content-type": "application/json",
    ...random.pick(HEADERS),
  };
  const manner = random.chance(0.85) ? Manner.Whole : 1 + random.below(3);
  const body = Buffer.from(random.pick(BODIES)(size, random), "latin1");
  return { path: random.pick(PATHS), headers, body, manner, wait: random.below(20) };
}
