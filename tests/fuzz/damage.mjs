/** Damage to JSON values and to streams of events that keeps most of their structure. */
import { awsMessage } from "../fixtures/aws-event-stream.mjs";
import { mutate, value as anyValue } from "./random.mjs";

const ODD_TEXTS = [
  "",
  " ",
  "\u0000",
  "\ud83d",
  "\ude00\ud83d",
  "\u2028\u2029",
  "\ufeff",
  "\u202e\u0301",
  "ünïcode ".repeat(9),
  "你好😀".repeat(40),
  "data: {}\n\n",
  "\r\n\r\ndata: [DONE]\r\n\r\n",
  "</think>",
  "<think>",
  "a.b/c:d e",
  "-0",
  "1e400",
  "null",
  "__proto__",
  "../../x?y=#z",
  '{"a":1}',
  "[",
];
const ODD_NUMBERS = [0, -1, 1.5, 1e21, 1e-7, 2 ** 31, -(2 ** 53), 123456789012];
const NAMES = ["role", "content", "type", "id", "name", "index", "text", "x", "$ref", ""];

/** All members and elements of a value: `[parent, key]`. */
function places(root) {
  const found = [];
  const rest = [root];
  while (rest.length > 0) {
    const parent = rest.pop();
    for (const key of Object.keys(parent)) {
      found.push([parent, key]);
      if (typeof parent[key] === "object" && parent[key] !== null) rest.push(parent[key]);
    }
  }
  return found;
}

/** About so many bytes of one kind. */
function huge(random, size) {
  switch (random.below(6)) {
    case 0:
      return "x".repeat(size);
    case 1:
      return "\u0001".repeat(size / 6);
    case 2:
      return "😀".repeat(size / 4);
    case 3:
      return Array(Math.ceil(size / 2)).fill(0);
    case 4:
      return Array.from({ length: Math.ceil(size / 20) }, (_, i) => ({
        type: "text",
        text: `${i}`,
      }));
    default:
      return Object.fromEntries(
        Array.from({ length: Math.ceil(size / 12) }, (_, i) => [`k${i}`, i]),
      );
  }
}

function nested(random, inner) {
  let all = inner;
  const isList = random.chance(0.5);
  for (let depth = random.pick([1, 2, 5, 40, 300]); depth > 0; depth--)
    all = isList ? [all] : { [random.pick(NAMES)]: all };
  return all;
}

function damageOne(random, found) {
  const [parent, key] = random.pick(found);
  const old = parent[key];
  switch (random.below(12)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case 1:
      if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(old));
      else parent[`${key}2`] = old;
      return;
    case 2: {
      const [other, at] = random.pick(found);
      parent[key] = structuredClone(other[at]);
      return;
    }
    case 3:
      parent[key] = nested(random, old);
      return;
    case 4:
      if (random.chance(0.2)) parent[key] = huge(random, random.pick([300, 5000, 40_000]));
      return;
    case 5:
      parent[key] = random.pick(ODD_TEXTS);
      return;
    case 6:
      parent[key] = random.pick(ODD_NUMBERS);
      return;
    case 7:
      parent[key] = typeof old === "string" ? [{ type: "text", text: old }] : JSON.stringify(old);
      return;
    case 8:
      if (Array.isArray(parent)) parent.push(random.pick([null, 0, "", [], {}]));
      else parent[random.pick(NAMES)] = old;
      return;
    case 9:
      parent[key] = anyValue(random, 3);
      return;
    case 10:
      if (typeof old === "string") parent[key] = old + random.pick(ODD_TEXTS);
      return;
    default:
      parent[key] = random.pick([null, true, false, "", [], {}, [[]], [null]]);
  }
}

/** A copy of a JSON value with one to three of its parts changed, left out, repeated or misplaced. */
export function damaged(random, value) {
  const root = structuredClone(value);
  for (let n = 1 + random.below(3); n > 0; n--) {
    const found = places(root);
    if (found.length > 0) damageOne(random, found);
  }
  return root;
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Server-sent events: the JSON of each, and how it is written with other JSON. */
function eventsOf(bytes) {
  return bytes
    .toString("utf8")
    .split(/(?<=\r?\n\r?\n)/)
    .map((text) => {
      const [, head, data, tail] = /^((?:.*\r?\n)*?data: ?)(.*?)(\r?\n[^]*)$/.exec(text) ?? [];
      const write = (value) =>
        Buffer.from(value === undefined ? text : head + JSON.stringify(value) + tail);
      return { json: data && jsonOf(data), write };
    });
}

/** Messages of AWS' event stream. What is no message is the last one. */
function messagesOf(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length;) {
    const size = at + 16 < bytes.length ? bytes.readUInt32BE(at) : 0;
    const message = bytes.subarray(at, at + size);
    if (message.length < 16) {
      all.push({ write: () => bytes.subarray(at) });
      break;
    }
    all.push(messageOf(message));
    at += size;
  }
  return all;
}

/** A message, whose headers are texts; of InvokeModel the JSON inside of `bytes`. */
function messageOf(message) {
  const end = 12 + message.readUInt32BE(4);
  const headers = [];
  for (let i = 12; i < end && end < message.length;) {
    const nameEnd = i + 1 + message[i];
    const valueEnd = nameEnd + 3 + message.readUInt16BE(nameEnd + 1);
    const [name, value] = [
      message.subarray(i + 1, nameEnd),
      message.subarray(nameEnd + 3, valueEnd),
    ];
    headers.push([name.toString(), value.toString()]);
    i = valueEnd;
  }
  const payload = jsonOf(message.toString("utf8", end, message.length - 4));
  const inner =
    typeof payload?.bytes === "string" ? jsonOf(Buffer.from(payload.bytes, "base64")) : undefined;
  const write = (value) => {
    if (value === undefined) return message;
    if (inner === undefined) return awsMessage(headers, value);
    const text = Buffer.from(JSON.stringify(value)).toString("base64");
    return awsMessage(headers, { ...payload, bytes: text });
  };
  return { json: inner ?? payload, write };
}

/** A damaged copy of a stream. `isAws`: AWS' event stream; otherwise server-sent events. */
export function damagedStream(random, bytes, isAws) {
  const events = isAws ? messagesOf(bytes) : eventsOf(bytes);
  const written = events.map(({ json, write }) => {
    const isHit =
      json !== undefined && typeof json === "object" && random.chance(1.5 / events.length);
    return write(isHit ? damaged(random, json) : undefined);
  });
  for (let n = random.below(3); n > 0 && written.length > 1; n--) {
    const [at, other] = [random.below(written.length), random.below(written.length)];
    if (random.chance(0.3)) written.splice(at, 1);
    else if (random.chance(0.5)) written.splice(other, 0, written[at]);
    else [written[at], written[other]] = [written[other], written[at]];
  }
  const all = Buffer.concat(written);
  if (random.chance(0.1)) return all.subarray(0, random.below(all.length));
  return random.chance(0.15) ? mutate(random, all) : all;
}

const EVENT_END = /\r?\n\r?\n/;

/** The same events as other servers write them: with comments, names of other fields, other line ends. */
export function respelled(random, bytes) {
  const text = bytes.toString("latin1");
  if (text.includes("\r")) return bytes;
  const parts = text.split(EVENT_END);
  const last = parts.pop();
  const said = parts.map((part) => (random.chance(0.2) ? `: keep-alive\n${part}` : part));
  const spelled = [...said.map((part) => `${part}\n\n`), last].join("");
  const lines = random.chance(0.5) ? spelled.replaceAll("\n", "\r\n") : spelled;
  return Buffer.from(random.chance(0.2) ? `: hello\n\n${lines}` : lines, "latin1");
}

/** Chunks of one size, or of random sizes. */
export function pieces(random, bytes) {
  const step = random.pick(bytes.length < 4000 ? [1, 2, 7, 100, 0] : [64, 1000, 0]);
  const chunks = [];
  for (let at = 0; at < bytes.length;) {
    const size = step || 1 + random.below(300);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
