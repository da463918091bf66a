/** What clients of each protocol rely on: streams and whole answers, and JSON that everyone reads alike. */
import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";

const isText = (value) => typeof value === "string" && value.length > 0;
const isCount = (value) => Number.isInteger(value) && value >= 0;
const optional = (check, value) => value === undefined || value === null || check(value);

function checkUsage(usage, ...names) {
  for (const name of names)
    assert.ok(optional(isCount, usage?.[name]), `${name} is a count: ${usage?.[name]}`);
}

/** A stream of OpenAI's chat completions. */
function openAiStream(text, isVerbatim) {
  for (const event of text.split("\n\n").filter(Boolean)) {
    assert.match(event, /^data: /);
    if (event === "data: [DONE]") continue;
    const { choices, usage } = JSON.parse(event.slice(6));
    if (isVerbatim) continue;
    checkUsage(usage, "prompt_tokens", "completion_tokens", "total_tokens");
    for (const call of choices?.[0]?.delta?.tool_calls ?? [])
      assert.equal(typeof call.function, "object", "a piece of a call has a function");
  }
  if (text) assert.match(text, /data: \[DONE\]\n\n$/);
}

/** Blocks begin and end in turn; the last word is the end or an error. */
function anthropicStream(text, isVerbatim) {
  const events = text.split("\n\n").filter(Boolean);
  let open = null;
  let next = 0;
  for (const event of events) {
    const [, type, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event);
    const value = JSON.parse(data);
    assert.equal(value.type, type);
    if (!isVerbatim) checkUsage(value.usage, "input_tokens", "output_tokens");
    if (type === "content_block_start") {
      assert.deepEqual([open, value.index], [null, next]);
      const { content_block: block } = value;
      if (!isVerbatim && block.type === "tool_use")
        assert.ok(isText(block.id) && typeof block.name === "string", event);
      open = next++;
    } else if (/^content_block/.test(type)) {
      assert.equal(value.index, open);
      if (type === "content_block_stop") open = null;
    }
  }
  if (events.length > 0) assert.match(events.at(-1), /^event: (message_stop|error)\n/);
}

/** Items begin and end by their numbers; the last word is the whole answer or an error. */
function responsesStream(text, isVerbatim) {
  const events = text.split("\n\n").filter(Boolean);
  const open = new Set();
  let next = 0;
  for (const [number, event] of events.entries()) {
    const [, type, data] = /^event: ([\w.]+)\ndata: (.*)$/s.exec(event);
    const value = JSON.parse(data);
    assert.deepEqual([value.type, value.sequence_number], [type, number]);
    if (type === "response.output_item.added") {
      assert.equal(value.output_index, next);
      open.add(next++);
    } else if ("output_index" in value) {
      assert.ok(open.has(value.output_index));
      if (type === "response.output_item.done") open.delete(value.output_index);
    }
    if (/completed|incomplete/.test(type)) {
      assert.equal(value.response.output.length, next);
      if (!isVerbatim) responsesWhole(value.response);
    }
  }
  const last = /^event: (response\.(completed|incomplete|failed)|error)\n/;
  if (events.length > 0) assert.match(events.at(-1), last);
}

/** Responses or one error; the last word is why the answer has ended, or the error. */
function googleStream(text, isVerbatim) {
  const events = text.split("\r\n\r\n").filter(Boolean);
  const values = events.map((event) => JSON.parse(/^data: (.*)$/s.exec(event)[1]));
  for (const [at, value] of values.entries()) {
    const isLast = at === values.length - 1;
    const { candidates, error } = value;
    assert.equal(error !== undefined || candidates[0].finishReason !== undefined, isLast);
    if (!isVerbatim) googleWhole(value);
  }
}

function openAiWhole({ choices, usage, error }) {
  if (error !== undefined) return;
  checkUsage(usage, "prompt_tokens", "completion_tokens", "total_tokens");
  for (const { message } of choices) {
    for (const { id, function: called } of message.tool_calls ?? []) {
      assert.ok(isText(id) && typeof called.name === "string", JSON.stringify(message.tool_calls));
      assert.equal(typeof called.arguments, "string");
    }
  }
}

function anthropicWhole({ type, content, usage, error }) {
  if (type === "error") return void assert.ok(isText(error.type));
  assert.equal(type, "message");
  checkUsage(usage, "input_tokens", "output_tokens");
  for (const block of content) {
    if (block.type !== "tool_use") continue;
    assert.ok(isText(block.id) && typeof block.name === "string", JSON.stringify(block));
    assert.ok(block.input && typeof block.input === "object" && !Array.isArray(block.input));
  }
}

function responsesWhole({ output, usage, error }) {
  if (error) return;
  checkUsage(usage, "input_tokens", "output_tokens", "total_tokens");
  for (const item of output) {
    assert.ok(isText(item.type), JSON.stringify(item));
    if (item.type !== "function_call") continue;
    assert.ok(isText(item.call_id) && typeof item.name === "string", JSON.stringify(item));
    assert.equal(typeof item.arguments, "string");
  }
}

function googleWhole({ candidates, usageMetadata, error }) {
  if (error) return;
  checkUsage(usageMetadata, "promptTokenCount", "candidatesTokenCount", "totalTokenCount");
  for (const { functionCall } of candidates[0].content?.parts ?? []) {
    if (functionCall === undefined) continue;
    assert.ok(typeof functionCall.name === "string", JSON.stringify(functionCall));
    assert.ok(optional((args) => typeof args === "object", functionCall.args));
  }
}

/** By client protocol: a check of a stream's text; of values, too, unless they are a vendor's own. */
export const STREAM_CHECKS = {
  openai: openAiStream,
  anthropic: anthropicStream,
  responses: responsesStream,
  google: googleStream,
};

/** By client protocol: a check of the value of a whole answer. */
export const WHOLE_CHECKS = {
  openai: openAiWhole,
  anthropic: anthropicWhole,
  responses: responsesWhole,
  google: googleWhole,
};

/** The names that stand twice in one object of a JSON text, at any depth. */
function doubledNames(text) {
  const doubled = [];
  const open = [];
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g;
  for (let [all, name, isName] of text.matchAll(token)) {
    if (all === "{" || all === "[") open.push(new Set());
    else if (all === "}" || all === "]") open.pop();
    else if (isName) {
      if (open.at(-1).has(name)) doubled.push(name);
      open.at(-1).add(name);
    }
  }
  return doubled;
}

/** Fails unless the bytes are JSON in UTF-8 in which no object has a name twice. */
export function checkSent(bytes) {
  assert.ok(isUtf8(bytes), "what is sent is UTF-8");
  const text = bytes.toString();
  const value = JSON.parse(text);
  assert.deepEqual(doubledNames(text), [], "no name stands twice");
  return value;
}
