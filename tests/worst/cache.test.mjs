/** ai-cache: requests, answers that it keeps, and what it makes of them again. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CHATS, chatStream } from "../fixtures/chats.mjs";
import { MESSAGES } from "../fixtures/messages.mjs";
import { RESPONSES } from "../fixtures/responses.mjs";
import { completion, completionEvents } from "../module/support.mjs";
import { CLIENTS } from "./bodies.mjs";
import { inflations, repeat, some } from "./inflate.mjs";
import { ALL, check, countingPlugin, exchange } from "./measure.mjs";

const headers = { authorization: "Bearer demo" };
const JSON_TYPE = { "content-type": "application/json" };
const EVENTS_TYPE = { "content-type": "text/event-stream" };

/** Configurations that read a request in different ways. */
const READERS = {
  default: {},
  "keyMode text": { keyMode: "text", cacheKeyFrom: { requestBody: "messages.@reverse.#.content" } },
  "all questions": { keyMode: "text", cacheKeyStrategy: "allQuestions" },
  "turns that stand alone": { match: { standalone: true } },
  "no matching": { match: { mode: "off" } },
};

const make =
  (configuration = {}) =>
  () =>
    countingPlugin("ai-cache", { explain: true, ...configuration });

function each(cases, turn, count, run) {
  const step = Math.max(1, Math.floor(cases.length / count));
  for (const { name, text } of some(cases, ALL, step, turn)) {
    try {
      run(name, text);
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
}

const nothing = () => ({ headers: JSON_TYPE, chunks: ["{}"] });

describe("hostile requests to ai-cache", () => {
  let turn = 0;
  for (const [reader, configuration] of Object.entries(READERS)) {
    for (const [client, { path, rich }] of Object.entries(CLIENTS)) {
      const number = turn++;
      it(`${client} clients, ${reader}`, () => {
        each([...inflations(rich)], number, 10, (_, text) => {
          const run = (cache, body) => exchange([cache], { path, headers, body }, nothing);
          check({ make: make(configuration), text, run });
        });
      });
    }
  }

  const shapes = {
    "escaped keys": (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x"}],"z":{${repeat(size, (i) => `"\\u0061${String(i).padStart(6, "0")}":0`)}}}`,
    "members with escapes": (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x"}],${repeat(size, (i) => `"\\u0061${String(i).padStart(6, "0")}":0`)}}`,
    "long keys that begin alike": (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x"}],"z":{${repeat(size, (i) => `"${"\\u0061".repeat(30)}${i}":0`)}}}`,
    "system messages": (size) =>
      `{"model":"m","messages":[${repeat(size, () => '{"role":"system"}')},{"role":"user","content":"x"}]}`,
    "parts of the last question": (size) =>
      `{"model":"m","messages":[{"role":"user","content":[${repeat(size, () => '{"type":"text","text":"a"}')}]}]}`,
    "objects in objects": (size) => {
      const deep = '{"b":0,"a":'.repeat(100) + "0" + "}".repeat(100);
      return `{"model":"m","messages":[{"role":"user","content":"x"}],"z":[${repeat(size, () => deep)}]}`;
    },
  };
  for (const [name, text] of Object.entries(shapes)) {
    for (const [reader, configuration] of Object.entries(READERS)) {
      it(`${name}, ${reader}`, () => {
        const run = (cache, body) => exchange([cache], { headers, body }, nothing);
        check({ make: make(configuration), text, run });
      });
    }
  }
});

const CHAT_ANSWER = completion("Hello there.", {
  message: { reasoning_content: "r", annotations: [{ a: 1 }], refusal: null },
  system_fingerprint: "f",
  service_tier: "default",
  extra: { a: 1 },
});
const CALLS = completion(null, {
  reason: "tool_calls",
  message: {
    tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
  },
});
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [
    { type: "thinking", thinking: "t", signature: "s" },
    { type: "text", text: "Hello" },
    { type: "tool_use", id: "t", name: "f", input: { a: 1 } },
  ],
  stop_reason: "tool_use",
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const RESPONSE = {
  id: "resp_1",
  object: "response",
  status: "completed",
  error: null,
  model: "m",
  output: [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "y" }] },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hello", annotations: [{ a: 1 }], logprobs: [] }],
    },
    { type: "function_call", id: "fc_1", call_id: "c", name: "f", arguments: "{}" },
  ],
  usage: { input_tokens: 1, output_tokens: 1 },
};
const sse = (events) =>
  events.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
const framesOf = (text) => text.split(/(?<=\n\n)/);
const ANSWERS = {
  openai: {
    wholes: [CHAT_ANSWER, CALLS],
    streams: [
      completionEvents(["Hel", "lo"]),
      ...["OpenRouter, details of the reasoning", "LiteLLM", "OpenAI, with probabilities"].map(
        (name) => framesOf(chatStream(CHATS[name].stream)),
      ),
    ],
  },
  anthropic: {
    wholes: [MESSAGE],
    streams: [
      sse([
        { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
        { type: "content_block_stop", index: 0 },
        {
          type: "message_delta",
          delta: { stop_reason: "end_turn", stop_sequence: null },
          usage: { output_tokens: 5, input_tokens: 1 },
        },
        { type: "message_stop" },
      ]),
      framesOf(MESSAGES["a search of the web"].stream),
    ],
  },
  responses: {
    wholes: [RESPONSE],
    streams: [
      sse([
        { type: "response.created", response: { id: "resp_1", status: "in_progress" } },
        { type: "response.output_text.delta", delta: "Hello" },
        { type: "response.completed", response: RESPONSE },
      ]),
      framesOf(RESPONSES["a stream whose last event leaves the output out"].stream),
    ],
  },
};

/** Asks twice, the second time in the other way of delivery: what was kept is made anew. */
function askTwice(client, isStream, type) {
  const { path } = CLIENTS[client];
  const body = (stream, size) =>
    JSON.stringify(
      client === "responses"
        ? { model: "m", stream, input: `question ${size}` }
        : {
            model: "m",
            max_tokens: 100_000_000,
            stream,
            messages: [{ role: "user", content: `question ${size}` }],
          },
    );
  return (cache, text) => {
    const answer = () => ({ headers: type, chunks: [text] });
    exchange([cache], { path, headers, body: body(isStream, text.length) }, answer);
    const again = { path, headers, body: body(!isStream, text.length) };
    return exchange([cache], again, nothing);
  };
}

describe("hostile answers in ai-cache", () => {
  let turn = 0;
  for (const [client, { wholes, streams }] of Object.entries(ANSWERS)) {
    const number = turn++;
    it(`whole ones of ${client}, kept and told as streams`, () => {
      let hits = 0;
      for (const whole of wholes) {
        each([...inflations(whole)], number, 14, (_, text) => {
          const run = askTwice(client, false, JSON_TYPE);
          const { stream } = check({ make: make(), text, run });
          if (/hit/.test(stream.received.headers.get("cache-status"))) hits++;
        });
      }
      assert.ok(hits > 5, `${hits} answers were kept`);
    });

    it(`streams of ${client}, kept and told whole`, () => {
      let hits = 0;
      for (const events of streams) {
        events.forEach((event, i) => {
          const before = events.slice(0, i).join("");
          const after = events.slice(i + 1).join("");
          const at = event.indexOf("data: ") + 6;
          const cases = [
            {
              name: "again and again",
              text: (size) => event.repeat(Math.ceil(size / event.length)),
            },
          ];
          if (!event.includes("[DONE]")) {
            for (const { name, text } of inflations(JSON.parse(event.slice(at)))) {
              cases.push({ name, text: (size) => `${event.slice(0, at)}${text(size)}\n\n` });
            }
          }
          each(cases, number + i, 8, (_, text) => {
            const run = askTwice(client, true, EVENTS_TYPE);
            const task = { make: make(), text: (size) => before + text(size) + after, run };
            const { stream } = check(task);
            if (/hit/.test(stream.received.headers.get("cache-status"))) hits++;
          });
        });
      }
      assert.ok(hits > 3, `${hits} answers were kept`);
    });
  }
});

describe("answers whose text, or whose calls, have to be JSON", () => {
  const call = (text) => ({ id: "c", type: "function", function: { name: "f", arguments: text } });
  const shapes = {
    lists: (size) => completion(`[${repeat(size, () => "[[[[]]]]")}]`),
    "a block of code": (size) =>
      completion(`\`\`\`json\n{${repeat(size, (i) => `"${i}":"\\\\"`)}}\n\`\`\``),
    "cut at the end": (size) => completion(`[${repeat(size, () => "1")}`),
    "many calls": (size) =>
      completion(null, {
        reason: "tool_calls",
        message: { tool_calls: Array.from({ length: size / 90 }, () => call("{}")) },
      }),
    "one large call": (size) =>
      completion(null, {
        reason: "tool_calls",
        message: { tool_calls: [call(`{"a":[${repeat(size, () => '"\\u0061"')}]}`)] },
      }),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    it(name, () => {
      const body = JSON.stringify({
        model: "m",
        response_format: { type: "json_object" },
        messages: [{ role: "user", content: "q" }],
      });
      const run = (cache, text) =>
        exchange([cache], { headers, body }, () => ({ headers: JSON_TYPE, chunks: [text] }));
      const text = (size) => JSON.stringify(shape(size));
      check({ make: make(), text, run });
    });
  }
});

describe("hostile questions", () => {
  const texts = {
    "one word": (size) => "x".repeat(size),
    "many words": (size) => repeat(size, (i) => `w${i}`, " "),
    "the same word": (size) => "how ".repeat(size / 4),
    numbers: (size) => repeat(size, (i) => `${i}.5`, " "),
    names: (size) => repeat(size, (i) => `Name${i}`, " "),
    Chinese: (size) => "如何重置密码".repeat(size / 18),
    operators: (size) => "a+b ".repeat(size / 4),
    quotes: (size) => '"x" '.repeat(size / 4),
    "marks upon marks": (size) => `e${"\u0301".repeat(size / 2)}`,
    blanks: (size) => " \u3000".repeat(size / 4),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(name, () => {
      const run = (cache, question) => {
        // The second is compared with the first.
        for (const words of [question, `${question} x`]) {
          const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: words }] });
          exchange([cache], { headers, body }, () => ({
            headers: JSON_TYPE,
            chunks: [JSON.stringify(completion("Hello"))],
          }));
        }
      };
      // Longer questions are only hashed, so that the largest that are compared are tried.
      check({ make: make(), text, run, bytes: 3500 }, { perByte: 4000 });
    });
  }
});
