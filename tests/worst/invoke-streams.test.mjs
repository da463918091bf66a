/** Streams of a broken or evil `InvokeModelWithResponseStream`: frames, base64 and the JSON in it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { awsMessage } from "../fixtures/aws-event-stream.mjs";
import { check, countingPlugin, exchange } from "./measure.mjs";

const PROVIDER = {
  type: "bedrock",
  apiTokens: ["k"],
  awsRegion: "us-east-1",
  capabilities: { "anthropic/v1/messages": "/model/{model}/invoke" },
};
const REQUEST = {
  path: "/v1/messages",
  body: JSON.stringify({ model: "anthropic.claude-x", stream: true, messages: [] }),
};
const EVENT = [
  [":event-type", "chunk"],
  [":content-type", "application/json"],
  [":message-type", "event"],
];
const wrapped = (payload, more = []) => awsMessage([...EVENT, ...more], payload);
const chunk = (event) => wrapped({ bytes: Buffer.from(event).toString("base64"), p: "abcd" });
const delta = (text) =>
  chunk(JSON.stringify({ type: "content_block_delta", index: 0, delta: { text } }));
const stop = chunk('{"type":"message_stop"}');
/** `frame` again and again, `size` bytes in all. */
const many = (frame) => (size) => Buffer.concat(Array(Math.ceil(size / frame.length)).fill(frame));
/** A frame with some bytes written over. */
const broken = (frame, at, ...bytes) => {
  const copy = Buffer.from(frame);
  copy.set(bytes, at < 0 ? copy.length + at : at);
  return copy;
};
/** What of a text becomes base64, and what of a frame is left for it. */
const inBase64 = (size) => Math.floor((size * 3) / 4);

/** Streams that are valid, but for their missing end. */
const READ = {
  "small events": many(delta("x")),
  "the smallest events": many(wrapped({ bytes: "e30=" })),
  "pings in several lines": many(chunk('{\r\n"type"\n:\r"ping"}')),
  "one large event": (size) => delta("x".repeat(inBase64(size))),
  "one event of escapes": (size) => delta("\u0001".repeat(inBase64(size) / 6)),
  "one event of line ends": (size) => chunk(`{${"\r\n".repeat(inBase64(size) / 2)}}`),
  "one event of many members": (size) => chunk(`{${'"a":1,'.repeat(inBase64(size) / 6)}"a":1}`),
  "one event of many items": (size) => chunk(`{"a":[${"1,".repeat(inBase64(size) / 2)}1]}`),
  "a long type": (size) => chunk(JSON.stringify({ type: "x".repeat(inBase64(size)) })),
  "base64 in escapes": (size) => {
    const text = Buffer.from(`{"type":"ping","a":"${"x".repeat(size / 8)}"}`).toString("base64");
    const escaped = [...text].map((sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
    return wrapped(Buffer.from(`{"bytes":"${escaped.join("")}"}`));
  },
  "headers without end": (size) => wrapped({ bytes: "e30=" }, Array(size >> 2).fill(["ab", true])),
  "members beside the event": (size) =>
    wrapped({ a: Array(size >> 2).fill(1), bytes: "e30=", p: "" }),
  "padding without end": (size) => wrapped({ bytes: "e30=", p: "a".repeat(size) }),
};
/** Streams of which nothing reaches the client but an error. */
const REFUSED = {
  "half a message": (size) => delta("x".repeat(size * 2)).subarray(0, size),
  "events that nest": (size) => chunk("[".repeat(inBase64(size))),
  "frames that nest": (size) => wrapped(Buffer.from("[".repeat(size))),
  "frames of no JSON": (size) => wrapped(Buffer.alloc(size, 0xff)),
  "no base64": (size) => wrapped({ bytes: `${"A".repeat(size)}*` }),
  "a cut base64": (size) => wrapped({ bytes: `${"A".repeat(size - (size % 4))}A` }),
  "base64 of nothing": many(wrapped({ bytes: "" })),
  "no event in it": many(wrapped({ p: "abcd" })),
  "a type of two lines": many(chunk('{"type":"a\\ndata: {}"}')),
  exceptions: many(
    awsMessage(
      [
        [":exception-type", "throttlingException"],
        [":message-type", "exception"],
      ],
      { message: "slow down" },
    ),
  ),
  "a length of 4 GB": many(broken(stop, 0, 255, 255, 255, 255)),
  "a length of nothing": many(broken(stop, 0, 0, 0, 0, 0)),
  "headers longer than the message": many(broken(stop, 4, 255, 255, 255, 255)),
  "a wrong checksum of the lengths": many(broken(stop, 8, 0, 0, 0, 0)),
  "a wrong checksum at the end": many(broken(stop, -4, 0, 0, 0, 0)),
  zeros: (size) => Buffer.alloc(size),
};

/** Bytes of the pieces that a stream comes in, and the counts for each byte that they cost at most. */
const PIECES = { 16_384: 150, 300: 150, 7: 3000 };

function run(plugin, input, size) {
  const chunks = [];
  for (let at = 0; at < input.length; at += size) chunks.push(input.subarray(at, at + size));
  return exchange([plugin], REQUEST, () => ({
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    chunks,
  }));
}

describe("hostile streams of InvokeModel", () => {
  for (const [name, text] of Object.entries({ ...READ, ...REFUSED })) {
    it(name, () => {
      const isRead = name in READ;
      for (const [size, perByte] of Object.entries(PIECES)) {
        const make = () => countingPlugin("ai-proxy", { provider: PROVIDER });
        const task = { make, text, run: (plugin, input) => run(plugin, input, Number(size)) };
        const { stream } = check(task, { perByte });
        const events = stream.text.split("\n\n").slice(0, -1);
        for (const event of events) assert.match(event, /^event: [^\r\n]*\ndata: [^\r\n]*$/);
        const error = events.pop();
        assert.match(error, /^event: error\n/);
        assert.equal(error.includes("the answer was cut off"), isRead || name === "half a message");
        assert.equal(events.length > 0, isRead, `${events.length} events`);
        for (const event of events) assert.doesNotMatch(event, /^event: error/);
      }
    });
  }
});
