/** Requests that have hurt, or could: forms, model names, headers, texts for all sorts of readers. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CHAT, MESSAGES } from "./bodies.mjs";
import { repeat } from "./inflate.mjs";
import { check, countingPlugin, exchange } from "./measure.mjs";

const OPENAI = { type: "openai", openaiCustomUrl: "https://llm.example/v1" };

const nothing = () => ({ headers: { "content-type": "application/json" }, chunks: ["{}"] });

/** Counts for each byte of a body that is JSON: far below what a reader of other kinds may take. */
const OF_JSON = { perByte: 60 };

/** Checks one shape of a body. */
function shape(name, provider, text, request = {}, most = OF_JSON) {
  it(name, () => {
    const make = () => countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
    const run = (plugin, body) => exchange([plugin], { ...request, body }, nothing);
    check({ make, text, run }, most);
  });
}

const chat = (members) => JSON.stringify({ ...CHAT, ...members });
const twice = (size, member) =>
  `${JSON.stringify(CHAT).slice(0, -1)},${repeat(size, () => member)}}`;

describe("hostile bodies", () => {
  for (const member of ['"user":1', '"logprobs":0', '"max_tokens":1', '"name":0']) {
    shape(`${member} again and again`, { type: "mistral" }, (size) => twice(size, member));
  }
  const escaped = (size) => twice(size, '"\\u0075ser":1');
  for (const type of ["mistral", "groq", "gemini", "claude", "qwen", "zhipuai"]) {
    shape(
      `many keys with escapes, to ${type}`,
      { type },
      (size) =>
        `{"model":"m","messages":[],${repeat(size, (i) => `"\\u0061${String(i).padStart(6, "0")}":0`)}}`,
      {},
      { perByte: 12 },
    );
    shape(
      `one key with escapes again and again, to ${type}`,
      { type },
      escaped,
      {},
      { perByte: 30 },
    );
  }
  shape(
    "names in one message",
    { type: "groq" },
    (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x",${repeat(size, () => '"name":0')}}]}`,
  );
  shape(
    "edits in front of edits",
    { type: "mistral" },
    (size) =>
      `{"model":"m",${repeat(size / 2, () => '"user":0')},"messages":[${repeat(size / 2, () => '{"tool_call_id":"a"}')}]}`,
  );
  shape(
    "a first message with many members, and many of its role",
    { ...OPENAI, mergeConsecutiveMessages: true },
    (size) =>
      `{"model":"m","messages":[{"role":"user","content":"x",${repeat(size / 2, (i) => `"a${i}":0`)}},${repeat(size / 2, () => '{"role":"user"}')}]}`,
  );
  shape(
    "messages of turns that cannot be merged",
    { ...OPENAI, mergeConsecutiveMessages: true },
    (size) => `{"model":"m","messages":[${repeat(size, (i) => `{"role":"user","name":"${i}"}`)}]}`,
  );
  shape(
    "calls and their results",
    { type: "gemini" },
    (size) =>
      `{"model":"m","messages":[${repeat(size, (i) => `{"role":"assistant","tool_calls":[{"id":"c${i}","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c${i}","content":"{}"}`)}]}`,
  );
  shape(
    "a model's name that patterns are tried on",
    { ...OPENAI, modelMapping: { "~(a|a)*b": "x", "~(.*)(.*)(.*)c": "y" } },
    (size) => chat({ model: "a".repeat(size) }),
  );
  shape("nesting as deep as it may be", { type: "mistral" }, (size) => {
    const deep = '{"a":'.repeat(100) + "0" + "}".repeat(100);
    return `{"model":"m","messages":[],"z":[${repeat(size, () => deep)}]}`;
  });
  shape(
    "tokens that are counted",
    { type: "mistral" },
    (size) =>
      JSON.stringify({ ...MESSAGES, system: "" }).replace(
        '"system":""',
        `"system":"${"\\n".repeat(size / 2)}"`,
      ),
    { path: "/v1/messages/count_tokens" },
  );
});

describe("hostile forms", () => {
  const form = (name, boundary, text) => {
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    const path = "/v1/audio/transcriptions";
    shape(name, { ...OPENAI, modelMapping: { "*": "x" } }, text, { path, headers });
    shape(`${name}, of pictures`, { type: "gemini" }, text, { path: "/v1/images/edits", headers });
  };
  const boundary = `${"-".repeat(69)}x`;
  form("a body that almost is the boundary", boundary, (size) => "-".repeat(size));
  form("parts without end", "b", (size) => "--b\r\n".repeat(size / 5));
  form("blank lines", "b", (size) => `--b\r\n${"\r\n\r".repeat(size / 3)}`);
  const field = (name, value) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const picture = field("model", "m") + field("prompt", "p");
  form("a large file", "b", (size) => `${picture}${field("image[]", "y".repeat(size))}--b--`);
  form(
    "names in one head",
    "b",
    (size) => `--b\r\n${'xname="'.repeat(size / 7)}\r\n\r\nx\r\n--b--`,
  );
  form("lines in one head", "b", (size) => `--b\r\n${"a:b\r\n".repeat(size / 5)}\r\nx\r\n--b--`);
  form("headers without end", "b", (size) => `--b\r\n${"name=".repeat(size / 5)}\r\n\r\nx--b--`);

  it("a boundary that is longer than RFC 2046 allows is refused", () => {
    const proxy = countingPlugin("ai-proxy", {
      provider: { ...OPENAI, apiTokens: ["k"], modelMapping: { "*": "x" } },
    });
    for (const [length, status] of [
      [70, 200],
      [71, 400],
      [40_000, 400],
    ]) {
      const long = "b".repeat(length);
      const body = `--${long}\r\ncontent-disposition: form-data; name="model"\r\n\r\nm\r\n--${long}--`;
      const stream = exchange(
        [proxy],
        {
          path: "/v1/audio/transcriptions",
          headers: { "content-type": `multipart/form-data; boundary=${long}` },
          body,
        },
        nothing,
      );
      assert.equal(stream.received.status, status, `${length}`);
    }
  });
});
