/** The requests of a run, each a function of the seed and its number, and what its client must get. */
import { isAtLeast } from "../../scripts/tools/envoy.mjs";
import { Random } from "../fuzz/random.mjs";
import { WAYS } from "./model.mjs";

/** How the client behaves. */
export const MANNERS = [
  "whole",
  "slow",
  "bytes",
  "trailers",
  "expect",
  "leave-headers",
  "leave-body",
  "leave-waiting",
  "leave-stream",
];
/** In which configuration of the modules the request ends, by its host: `gateway.mjs`. */
const ALL_HOSTS = [
  "plain",
  "redis",
  "meaning",
  "vectors",
  "claude",
  "retry",
  "context",
  "failover",
];
/** The version from which on clusters can be chosen anew for each attempt. */
const WITH_PRIORITY_GROUPS = [1, 40];
export const HOSTS = ALL_HOSTS.filter(
  (host) => host !== "failover" || isAtLeast(WITH_PRIORITY_GROUPS),
);
const CLIENTS = {
  chat: (question, stream) => ({
    path: "/v1/chat/completions",
    body: { model: "m", stream, messages: [{ role: "user", content: question }] },
  }),
  messages: (question, stream) => ({
    path: "/v1/messages",
    body: { model: "m", stream, max_tokens: 99, messages: [{ role: "user", content: question }] },
  }),
  responses: (question, stream) => ({
    path: "/v1/responses",
    body: { model: "m", stream, input: question },
  }),
  // Some of the texts are known, so that only the others are asked for.
  embeddings: (question, stream, random) => ({
    path: "/v1/embeddings",
    body: {
      model: "m",
      input: [question, ...Array.from({ length: random.below(6) }, () => `q${random.below(40)}`)],
    },
  }),
};
const GOOD = Object.keys(WAYS).filter((way) => WAYS[way] === "good");
const ALL = Object.keys(WAYS);
/** These take the patience of the gateway: few of them. */
const SLOW = new Set(["stall", "stall503", "stallstream"]);
/** Bodies that no client should send. */
const HOSTILE = [
  () => "",
  () => "{",
  () => "[".repeat(9000),
  () => '{"model":"m","messages":null}',
  () => '{"model":7,"messages":[{"role":"user","content":["do:json q1"]}]}',
  (random) => String.fromCharCode(...Array.from({ length: 300 }, () => random.below(256))),
  () => `{"model":"m","messages":[{"role":"user","content":"${"x".repeat(1_500_000)}"}]}`,
  () => `{"model":"m","messages":[{"role":"user","content":"${"x".repeat(5_000_000)}"}]}`,
];

/** The request of a number. */
export function requestOf(seed, number, hosts = HOSTS) {
  const random = new Random(seed * 7919 + number);
  const manner = random.chance(0.5) ? "whole" : random.pick(MANNERS);
  const host = random.pick(hosts);
  let way = random.chance(0.5) ? random.pick(GOOD) : random.pick(ALL);
  // A vendor's own host gets no header of which it knows nothing.
  if (way === "early413" && host === "failover") way = "json";
  if (SLOW.has(way) && random.chance(0.8)) way = "json";
  // One question is asked all the time: its answer is found, expires, and stands in for errors.
  const isFrequent = random.chance(0.2);
  if (isFrequent) way = "shaky";
  const isOver2 = random.chance(0.4);
  const isTranslated = host === "claude" && random.chance(0.7);
  const client = isTranslated
    ? random.pick(["messages", "responses"])
    : host === "vectors"
      ? "embeddings"
      : "chat";
  const stream = random.chance(0.5);
  // Some questions come again, so that there are hits.
  const rare = random.chance(0.5) ? random.below(60) : 1000 + number;
  const name = `q${isFrequent ? 1 : rare}`;
  const question = `Tell me, do:${way} ${name}, please`;
  const { path, body } = CLIENTS[client](question, stream, random);
  const isHostile = random.chance(0.06);
  const isLong = !isHostile && random.chance(0.03);
  if (isLong) body.metadata = { pad: "p".repeat(700_000) };
  const text = isHostile ? random.pick(HOSTILE)(random) : JSON.stringify(body);
  const headers = {
    host: `${host}.test`,
    authorization: `Bearer ${random.pick(["alice", "bob"])}`,
    "content-type": "application/json",
    ...(way === "early413" ? { "x-do": way } : {}),
    ...(random.chance(0.3) ? { "x-model": "2" } : {}),
    ...(random.chance(0.05) ? { "cache-control": "no-cache" } : {}),
    ...(random.chance(0.05) ? { "accept-encoding": "gzip, br" } : {}),
    ...(random.chance(0.03) ? { "x-envoy-fault-abort-request": "599" } : {}),
  };
  return {
    number,
    manner,
    way,
    name,
    inputs: body.input,
    isOver2,
    host,
    client,
    stream,
    path,
    headers,
    body: Buffer.from(text, "latin1"),
    isHostile,
    isLong,
    wait: random.below(40),
  };
}

/** Whether the client leaves before the end. */
export const leaves = (request) => request.manner.startsWith("leave");

const head = (line, headers = "") =>
  `${line}\r\nhost: plain.test\r\nconnection: close\r\nauthorization: Bearer raw\r\n${headers}\r\n`;
const CHAT = "POST /v1/chat/completions HTTP/1.1";
const JSON_LINE = "content-type: application/json\r\n";
const OK = '{"model":"m","messages":[{"role":"user","content":"do:json q1"}]}';
const chunked = (text) => [...text].map((byte) => `1\r\n${byte}\r\n`).join("") + "0\r\n\r\n";

/** What comes over a bare connection, and the statuses that are an answer to it; 0: the connection is closed. */
export const RAW = {
  "no path": ["GET  HTTP/1.1\r\nhost: a\r\n\r\n", [400]],
  "no HTTP": ["\x16\x03\x01\x02\x00\x01\x00\x01", [400, 0]],
  "no host": ["GET /v1/models HTTP/1.1\r\n\r\n", [400]],
  connect: ["CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n", [403, 404]],
  "whole url": [
    head(
      "POST http://plain.test/v1/chat/completions HTTP/1.1",
      `${JSON_LINE}content-length: ${OK.length}\r\n`,
    ) + OK,
    [200],
  ],
  options: [head("OPTIONS /v1/chat/completions HTTP/1.1"), [200, 204, 400, 404, 405]],
  preflight: [
    head(
      "OPTIONS /v1/chat/completions HTTP/1.1",
      "origin: http://a.test\r\naccess-control-request-method: POST\r\n",
    ),
    [200],
  ],
  head: [head("HEAD /v1/models HTTP/1.1"), [200]],
  "no body": [head(CHAT, JSON_LINE), [200, 400]],
  "empty body": [head(CHAT, `${JSON_LINE}content-length: 0\r\n`), [200, 400]],
  "last chunk only": [
    head(CHAT, `${JSON_LINE}transfer-encoding: chunked\r\n`) + "0\r\n\r\n",
    [200, 400],
  ],
  bytes: [head(CHAT, `${JSON_LINE}transfer-encoding: chunked\r\n`) + chunked(OK), [200]],
  trailer: [
    head(CHAT, `${JSON_LINE}transfer-encoding: chunked\r\ntrailer: x-t\r\n`) +
      `${OK.length.toString(16)}\r\n${OK}\r\n0\r\nx-t: 1\r\n\r\n`,
    [200],
  ],
  "bad chunk": [head(CHAT, `${JSON_LINE}transfer-encoding: chunked\r\n`) + "zz\r\nabc", [400]],
  "two codings": [
    head(CHAT, `${JSON_LINE}transfer-encoding: gzip, chunked\r\n`) + "0\r\n\r\n",
    [501],
  ],
  "both lengths": [
    head(CHAT, `${JSON_LINE}content-length: 4\r\ntransfer-encoding: chunked\r\n`) + "0\r\n\r\n",
    [400],
  ],
  "two lengths": [
    head(CHAT, `${JSON_LINE}content-length: 4\r\ncontent-length: 5\r\n`) + "abcd",
    [400],
  ],
  "never ends": [head(CHAT, `${JSON_LINE}content-length: 99\r\n`) + "{", [408, 504]],
  "never begins": [head(CHAT, `${JSON_LINE}content-length: 99\r\n`), [408, 504]],
  "coded body": [
    head(CHAT, `${JSON_LINE}content-encoding: gzip\r\ncontent-length: 4\r\n`) + "\x1f\x8b\x08\x00",
    [200, 400],
  ],
  "many headers": [head(CHAT, "x-a: b\r\n".repeat(150)), [431]],
  "long header": [head(CHAT, `x-a: ${"b".repeat(70_000)}\r\n`), [431]],
  "long path": [head(`GET /v1/models/${"a".repeat(20_000)} HTTP/1.1`), [431]],
  "HTTP/1.0": [
    `POST /v1/chat/completions HTTP/1.0\r\nauthorization: Bearer raw\r\n${JSON_LINE}content-length: ${OK.length}\r\n\r\n${OK}`,
    [426],
  ],
  websocket: [
    head(
      "GET /v1/realtime HTTP/1.1",
      "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
    ).replace("close", "upgrade"),
    [200, 400, 403, 404, 426],
  ],
  "another upgrade": [
    head(CHAT, `${JSON_LINE}upgrade: h2c\r\ncontent-length: ${OK.length}\r\n`).replace(
      "close",
      "upgrade",
    ) + OK,
    [200, 403],
  ],
};
