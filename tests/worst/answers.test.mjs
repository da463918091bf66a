/** Answers of broken or evil services: each vendor's protocol, each client's, whole and streamed. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { completion, completionEvents } from "../module/support.mjs";
import { ask, CLIENTS } from "./bodies.mjs";
import { inflations, repeat, some } from "./inflate.mjs";
import { ALL, check, countingPlugin, exchange } from "./measure.mjs";

const FOLDER = join(ROOT, "tests/fixtures/dialects");
const JSON_TYPE = "application/json";
const EVENT_STREAM = "text/event-stream";
/** Bytes of the pieces that a stream comes in; small ones show what is copied with each piece. */
const PIECES = [16_384, 300];

function pieces(text, size) {
  const bytes = Buffer.from(text);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

/** Checks texts as answers of `provider` to a client. */
function answers(label, provider, client, type, cases, turn) {
  it(`${label} for ${client} clients`, () => {
    const step = Math.max(1, Math.floor(cases.length / 3));
    for (const [number, { name, text }] of some(cases, ALL, step, turn).entries()) {
      const size = type === JSON_TYPE ? 1 << 20 : PIECES[(number + turn) % PIECES.length];
      const run = (plugin, input) =>
        exchange([plugin], ask(client, type !== JSON_TYPE), () => ({
          headers: { "content-type": type },
          chunks: pieces(input, size),
        }));
      const make = () =>
        countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
      try {
        check({ make, text, run });
      } catch (error) {
        error.message = `${name}: ${error.message}`;
        throw error;
      }
    }
  });
}

/** A stream with one of its frames repeated or inflated. */
function* hostileStreams(text) {
  const frames = text.split(/(?<=\r?\n\r?\n)/);
  for (const [i, frame] of frames.entries()) {
    const before = frames.slice(0, i).join("");
    const after = frames.slice(i + 1).join("");
    yield {
      name: `event ${i} again and again`,
      text: (size) => before + frame.repeat(Math.ceil(size / frame.length)) + after,
    };
    const [, head, data, tail] = /^((?:.*\r?\n)*?data: ?)(.*)([^]*)$/.exec(frame) ?? [];
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      continue;
    }
    for (const { name, text: inflated } of inflations(value)) {
      yield {
        name: `event ${i}, ${name}`,
        text: (size) => before + head + inflated(size) + tail + after,
      };
    }
  }
}

/** Streams that are no vendor's. */
const SHAPES = {
  "empty lines": (size) => "\n".repeat(size),
  "line ends of all kinds": (size) => "\r\n\r\n\n\r".repeat(size / 6),
  comments: (size) => ":\n".repeat(size / 2),
  "fields without a value": (size) => "data\n".repeat(size / 5),
  "empty events": (size) => "data:\n\n".repeat(size / 7),
  "tiny events": (size) => "data:1\n\n".repeat(size / 8),
  "one event of many lines": (size) => "data:1\n".repeat(size / 7),
  "one line": (size) => `data: ${"x".repeat(size)}`,
  "a line and then comments": (size) => `data: ${"x".repeat(size / 2)}\n${":\n".repeat(size / 4)}`,
  "a type and then comments": (size) => `event: ${"x".repeat(size / 2)}\n${":\n".repeat(size / 4)}`,
  "types of events": (size) => "event:a\n".repeat(size / 8),
};
const shapes = (begin) =>
  Object.entries(SHAPES).map(([name, text]) => ({ name, text: (size) => begin + text(size) }));

for (const file of readdirSync(FOLDER)) {
  const { default: fixture } = await import(join(FOLDER, file));
  const name = file.replace(".mjs", "");
  const provider = { type: fixture.type ?? name, responsesAsChat: true, ...fixture.config };
  describe(`hostile answers of ${name}`, () => {
    let turn = 0;
    for (const client of Object.keys(CLIENTS)) {
      const wholes = Object.values(fixture.wholes).flatMap(([value]) => [...inflations(value)]);
      if (wholes.length > 0) answers("answers", provider, client, JSON_TYPE, wholes, turn++);
      if (fixture.streamType) continue;
      const streams = Object.values(fixture.streams).flatMap(([text]) => [...hostileStreams(text)]);
      if (streams.length > 0) answers("streams", provider, client, EVENT_STREAM, streams, turn++);
    }
  });
}

const RICH = completion("Hello", {
  message: {
    reasoning_content: "r",
    annotations: [],
    tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
  },
});
const RICH_EVENTS = completionEvents(["Hel", "lo"])
  .join("")
  .replace(
    '"delta":{"content":"Hel"}',
    `"delta":${JSON.stringify({ ...RICH.choices[0].message, content: "Hel" })}`,
  );

/** Rows of the table whose answers are edited, and OpenAI's own, which are translated. */
const EDITED = {
  openai: {},
  deepseek: { reasoningContentMode: "concat" },
  moonshot: { reasoningContentMode: "ignore", promoteThinkingOnEmpty: true },
  qwen: { reasoningContentMode: "concat", promoteThinkingOnEmpty: true },
  minimax: {},
  baidu: {},
  ollama: { ollamaServerHost: "ollama.internal" },
  mistral: {},
  spark: {},
};

describe("hostile answers of services that speak OpenAI's protocol", () => {
  let turn = 0;
  for (const [type, configuration] of Object.entries(EDITED)) {
    const provider = { type, responsesAsChat: true, ...configuration };
    for (const client of Object.keys(CLIENTS)) {
      answers(`answers of ${type}`, provider, client, JSON_TYPE, [...inflations(RICH)], turn++);
      answers(
        `streams of ${type}`,
        provider,
        client,
        EVENT_STREAM,
        [...hostileStreams(RICH_EVENTS)],
        turn++,
      );
    }
  }
  for (const [type, configuration] of Object.entries({ openai: {}, qwen: EDITED.qwen })) {
    const provider = { type, responsesAsChat: true, ...configuration };
    for (const client of Object.keys(CLIENTS)) {
      it(`any stream of ${type} for ${client} clients`, () => {
        for (const { name, text } of [
          ...shapes(""),
          ...shapes(RICH_EVENTS.split("data: [DONE]")[0]),
        ]) {
          for (const size of [...PIECES, 7]) {
            const run = (plugin, input) =>
              exchange([plugin], ask(client, true), () => ({
                headers: { "content-type": EVENT_STREAM },
                chunks: pieces(input, size),
              }));
            const make = () =>
              countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
            try {
              check({ make, text, run }, size < 100 ? { perByte: 3000 } : {});
            } catch (error) {
              error.message = `${name} in pieces of ${size}: ${error.message}`;
              throw error;
            }
          }
        }
      });
    }
  }
});

describe("hostile event streams of AWS", () => {
  const provider = { type: "bedrock", awsRegion: "us-east-1", responsesAsChat: true };
  for (const client of Object.keys(CLIENTS)) {
    it(`for ${client} clients`, async () => {
      const { frame } = await import("./aws-frames.mjs");
      const say = (text) => frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
      const cases = {
        "small messages": (size) => Buffer.concat(Array(Math.ceil(size / 130)).fill(say("x"))),
        "one large message": (size) => say("\u0001".repeat(size / 6)),
        "headers without end": (size) =>
          frame("x", {}, Array(Math.floor(size / 3)).fill(["a", true])),
        "half a message": (size) => say("x".repeat(size * 2)).subarray(0, size),
        zeros: (size) => Buffer.alloc(size),
      };
      for (const [name, text] of Object.entries(cases)) {
        for (const size of PIECES) {
          const run = (plugin, input) =>
            exchange([plugin], ask(client, true), () => ({
              headers: { "content-type": "application/vnd.amazon.eventstream" },
              chunks: pieces(input, size),
            }));
          const make = () =>
            countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
          try {
            check({ make, text, run });
          } catch (error) {
            error.message = `${name} in pieces of ${size}: ${error.message}`;
            throw error;
          }
        }
      }
    });
  }
});
