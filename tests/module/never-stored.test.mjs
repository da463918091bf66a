/**
 * Answers that are not what a model has said to the end: none of them is stored, in whatever words a vendor
 * says so, and however late. Beside each kind stands one that is stored.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, chatBody, completion, exchange, plugin } from "./support.mjs";

const JSON_TYPE = ["content-type", "application/json"];
const EVENTS = ["content-type", "text/event-stream"];
const CHAT = ["/v1/chat/completions", JSON.parse(chatBody("q"))];
const MESSAGES = [
  "/v1/messages",
  { model: "m", max_tokens: 99, messages: [{ role: "user", content: "q" }] },
];
const RESPONSES = ["/v1/responses", { model: "m", input: "q" }];
const CONTENTS = { contents: [{ role: "user", parts: [{ text: "q" }] }] };
const GEMINI = ["/v1beta/models/m:streamGenerateContent?alt=sse", CONTENTS];
const ANY = ["/v1/agent", { query: "q" }];

/** What became of an answer in some pieces. */
function store(build, [path, body], headers, pieces, { request = [], ...members } = {}) {
  const cache = plugin("ai-cache", path === ANY[0] ? { paths: [path] } : {}, { build });
  const upstream = () => ({
    headers,
    chunks: pieces.map((piece) =>
      typeof piece === "string" || Buffer.isBuffer(piece) ? piece : JSON.stringify(piece),
    ),
  });
  const text = JSON.stringify({ ...body, ...members });
  const stream = exchange([cache], { path, body: text, headers: request }, upstream);
  return stream.attribute("ai_cache_store") || stream.attribute("ai_cache");
}

const HEAD = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
const data = (value) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const event = (members) => data({ ...HEAD, ...members });
const choice = (delta, finish_reason = null, members = {}) =>
  event({ choices: [{ index: 0, delta, finish_reason, ...members }] });
const TEXT = [choice({ role: "assistant", content: "" }), choice({ content: "hello" })];
const STOP = choice({}, "stop");
const DONE = data("[DONE]");

const CHAT_STREAMS = {
  good: ["stored", [...TEXT, STOP, DONE]],
  "with an event of usage alone": [
    "stored",
    [...TEXT, STOP, event({ choices: [], usage: { total_tokens: 1 } }), DONE],
  ],
  "without a reason": ["stored", [...TEXT, DONE]],
  "with the same reason twice": ["stored", [...TEXT, STOP, STOP, DONE]],
  // FastChat and old releases of vLLM end a stream that fails so.
  "an error object in front of the end": [
    "answer-error",
    [...TEXT, data({ object: "error", message: "x", code: 50001 }), DONE],
  ],
  "an error text in front of the end": [
    "answer-unknown-delta",
    [...TEXT, data({ text: "**NETWORK ERROR**", error_code: 50001 }), DONE],
  ],
  "a message of failure": [
    "answer-unknown-delta",
    [...TEXT, data({ code: "InternalError", message: "x", request_id: "r" }), DONE],
  ],
  "an error behind the reason": [
    "answer-error",
    [...TEXT, STOP, data({ error: { message: "x" } })],
  ],
  "a limit, and then a normal end": [
    "answer-finish-reason",
    [...TEXT, choice({}, "length"), STOP, DONE],
  ],
  "a filter behind a normal end": [
    "answer-finish-reason",
    [...TEXT, STOP, choice({}, "content_filter"), DONE],
  ],
  "a second choice": [
    "answer-choices",
    [...TEXT, event({ choices: [{ index: 1, delta: { content: "x" } }] }), STOP, DONE],
  ],
  "a whole message besides deltas": [
    "answer-unknown-delta",
    [...TEXT, choice({}, "stop", { message: { role: "assistant", content: "other" } }), DONE],
  ],
  "a repeated member": [
    "answer-unknown-delta",
    [...TEXT, data('{"choices":[{"index":0,"delta":{"content":"a","content":"b"}}]}'), STOP, DONE],
  ],
  "a status of failure": [
    "answer-error",
    [...TEXT, choice({}, "stop").replace("}\n", ',"base_resp":{"status_code":1027}}\n'), DONE],
  ],
  "an answer that a filter has marked": [
    "answer-refusal",
    [...TEXT, choice({}, "stop").replace("}\n", ',"output_sensitive":true}\n'), DONE],
  ],
  "a sound": [
    "answer-unknown-delta",
    [
      choice({ audio: { id: "a", data: "AA==" } }),
      choice({ audio: { expires_at: 1 } }),
      STOP,
      DONE,
    ],
  ],
};

const named = (type, members = {}) => `event: ${type}\n${data({ type, ...members })}`;
const MESSAGE = [
  named("message_start", {
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  }),
  named("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
  named("content_block_delta", { index: 0, delta: { type: "text_delta", text: "hello" } }),
  named("content_block_stop", { index: 0 }),
];
const ended = (stop_reason) =>
  named("message_delta", {
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 2 },
  });
const MESSAGE_STOP = named("message_stop");
const OVERLOADED = named("error", { error: { type: "overloaded_error", message: "x" } });

const MESSAGE_STREAMS = {
  good: ["stored", [...MESSAGE, ended("end_turn"), MESSAGE_STOP]],
  "with the reason twice": [
    "stored",
    [...MESSAGE, ended("end_turn"), ended("end_turn"), MESSAGE_STOP],
  ],
  "an error behind the end": [
    "answer-error",
    [...MESSAGE, ended("end_turn"), MESSAGE_STOP, OVERLOADED],
  ],
  "a limit, and then a normal end": [
    "answer-finish-reason",
    [...MESSAGE, ended("max_tokens"), ended("end_turn"), MESSAGE_STOP],
  ],
};

const response = (members = {}) => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "m",
  output: [
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "hello", annotations: [] }],
    },
  ],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  ...members,
});
const WHOLE_RESPONSES = {
  good: ["stored", response({ incomplete_details: null })],
  "one that says what it lacks": [
    "answer-finish-reason",
    response({ incomplete_details: { reason: "max_output_tokens" } }),
  ],
};

const part = (text, finishReason) =>
  data({
    candidates: [
      {
        content: { role: "model", parts: [{ text }] },
        index: 0,
        ...(finishReason ? { finishReason } : {}),
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  });
const GEMINI_STREAMS = {
  good: ["stored", [part("a"), part("b", "STOP")]],
  "with the reason in each event": ["stored", [part("a", "STOP"), part("b", "STOP")]],
  "a filter, and then a normal end": [
    "answer-unknown-delta",
    [part("a", "SAFETY"), part("b", "STOP")],
  ],
  "a limit, and then a normal end": [
    "answer-unknown-delta",
    [part("a", "MAX_TOKENS"), part("b", "STOP")],
  ],
};

const marked = (members) => {
  const answer = completion("hello");
  Object.assign(answer.choices[0], members);
  return answer;
};
const WHOLE_CHATS = {
  good: ["stored", completion("hello")],
  "marks of a filter that has found nothing": [
    "stored",
    marked({ content_filter_results: { hate: { filtered: false, severity: "safe" } } }),
  ],
  "marks of a filter that has found something": [
    "answer-refusal",
    marked({ content_filter_results: { hate: { filtered: false }, sexual: { filtered: true } } }),
  ],
  "a good status": [
    "stored",
    completion("hello", { base_resp: { status_code: 0, status_msg: "" } }),
  ],
  "a status of failure": [
    "answer-error",
    completion("hello", { base_resp: { status_code: 1002 } }),
  ],
  "a mark of the question": ["answer-refusal", completion("hello", { input_sensitive: true })],
  "no mark": ["stored", completion("hello", { input_sensitive: false, output_sensitive: false })],
  "a sound that expires": [
    "answer-shape",
    completion("hello", { message: { audio: { id: "audio_1", expires_at: 1, data: "AA==" } } }),
  ],
};

const ANY_JSON = {
  good: ["stored", { answer: "x" }],
  "a good code": ["stored", { code: 0, errors: [], success: true, answer: "x" }],
  "a good word": ["stored", { code: "Success", error_code: null, answer: "x" }],
  "a bad code": ["answer-error", { code: 500, message: "x" }],
  "a bad word": ["answer-error", { code: "InvalidParameter", message: "x" }],
  "a list of errors": ["answer-error", { errors: ["x"], answer: "x" }],
  "no success": ["answer-error", { success: false, answer: "x" }],
};

/** Headers of an answer, with what becomes of it. */
const HEADERS = {
  "a charset that is UTF-8": [
    "stored",
    [["content-type", 'application/json; a=b; CharSet="UTF-8"']],
  ],
  "ASCII, which is part of it": ["stored", [["content-type", "application/json;charset=us-ascii"]]],
  "another charset": [
    "answer-content-type",
    [["content-type", "application/json; charset=ISO-8859-1"]],
  ],
  "another charset behind others": [
    "answer-content-type",
    [["content-type", "application/json; a=b; charset = gbk ; c=d"]],
  ],
  "two types": ["answer-content-type", [JSON_TYPE, EVENTS]],
  "the same type twice": ["stored", [JSON_TYPE, JSON_TYPE]],
  "a range": ["answer-status", [JSON_TYPE, ["content-range", "bytes 0-9/100"]]],
};

for (const build of BUILDS) {
  const table = (title, target, headers, answers, members = {}) => {
    for (const [what, [expected, answer]] of Object.entries(answers)) {
      it(`${title}: ${what}`, () => {
        const pieces = Array.isArray(answer) ? answer : [answer];
        assert.equal(store(build, target, headers, pieces, members), expected);
      });
    }
  };

  describe(`what is stored of answers (${build})`, () => {
    table("a streamed chat", CHAT, [EVENTS], CHAT_STREAMS, { stream: true });
    table("a streamed message", MESSAGES, [EVENTS], MESSAGE_STREAMS, { stream: true });
    table("a stream of Google's", GEMINI, [EVENTS], GEMINI_STREAMS);
    table("a chat", CHAT, [JSON_TYPE], WHOLE_CHATS);
    table("an answer of the Responses API", RESPONSES, [JSON_TYPE], WHOLE_RESPONSES);
    table("any JSON", ANY, [JSON_TYPE], ANY_JSON);

    it("depends on its headers", () => {
      for (const [what, [expected, headers]] of Object.entries(HEADERS)) {
        assert.equal(store(build, CHAT, headers, [completion("hello")]), expected, what);
      }
    });

    it("depends on the charset of the request, too", () => {
      const request = (type) => ({ request: { "content-type": type } });
      const answer = [completion("hello")];
      const utf8 = request("application/json; charset=utf-8");
      assert.equal(store(build, CHAT, [JSON_TYPE], answer, utf8), "stored");
      const latin = request("application/json; charset=latin1");
      assert.equal(store(build, CHAT, [JSON_TYPE], answer, latin), "ineligible-content-type");
    });
  });
}
