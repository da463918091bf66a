/** Converts answers of the client protocols, buffered and streamed, to one form that can be compared. */
import assert from "node:assert/strict";
import { eventData } from "./support.mjs";

const FINISH = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** Vendors that do not count tokens omit the usage. */
const openAiTokens = (usage) => ({
  prompt: usage?.prompt_tokens ?? 0,
  completion: usage?.completion_tokens ?? 0,
  cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
});
const anthropicTokens = (usage) => ({
  prompt: usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens,
  completion: usage.output_tokens,
  cached: usage.cache_read_input_tokens,
});

/** A refusal, in the protocols that have one. */
const refused = (refusal) => (refusal ? { refusal } : {});

export function ofOpenAi(body) {
  assert.equal(body.object, "chat.completion");
  const [{ message, finish_reason: finish }] = body.choices;
  assert.equal(message.role, "assistant");
  return {
    ...refused(message.refusal),
    text: message.content ?? "",
    reasoning: message.reasoning_content ?? "",
    signature: message.thinking_blocks?.[0].signature ?? "",
    tools: (message.tool_calls ?? []).map(({ id, function: call }) => ({
      id,
      name: call.name,
      input: JSON.parse(call.arguments),
    })),
    finish,
    tokens: openAiTokens(body.usage),
  };
}

export function ofOpenAiEvents(text) {
  const events = eventData(text);
  assert.equal(events.at(-1), "[DONE]");
  const result = { text: "", reasoning: "", signature: "", tools: [], tokens: openAiTokens() };
  for (const [position, event] of events.slice(0, -1).entries()) {
    assert.equal(event.object, "chat.completion.chunk");
    if (event.usage) result.tokens = openAiTokens(event.usage);
    const [choice] = event.choices;
    if (!choice) continue;
    assert.equal(result.finish, undefined, "nothing follows the end");
    const { delta } = choice;
    assert.equal(delta.role, position === 0 ? "assistant" : undefined);
    result.text += delta.content ?? "";
    if (delta.refusal) result.refusal = (result.refusal ?? "") + delta.refusal;
    result.reasoning += delta.reasoning_content ?? "";
    result.signature += delta.reasoning_signature ?? "";
    for (const { index, id, function: call } of delta.tool_calls ?? []) {
      if (id) {
        assert.equal(index, result.tools.length);
        result.tools.push({ id, name: call.name, json: "" });
      }
      result.tools[index].json += call?.arguments ?? "";
    }
    if (choice.finish_reason) result.finish = choice.finish_reason;
  }
  result.tools = result.tools.map(({ json, ...tool }) => ({
    ...tool,
    input: JSON.parse(json || "{}"),
  }));
  return result;
}

export function ofAnthropicMessage(body) {
  assert.deepEqual([body.type, body.role], ["message", "assistant"]);
  assert.ok(body.content.length > 0);
  const all = (type) => body.content.filter((block) => block.type === type);
  return {
    text: all("text")
      .map(({ text }) => text)
      .join(""),
    reasoning: all("thinking")
      .map(({ thinking }) => thinking)
      .join(""),
    signature: all("thinking")[0]?.signature ?? "",
    tools: all("tool_use").map(({ id, name, input }) => ({ id, name, input })),
    finish: FINISH[body.stop_reason],
    tokens: anthropicTokens(body.usage),
  };
}

/** Also checks the order: one open block at a time, consecutive indices, and a stop for each start. */
export function ofAnthropicEvents(text) {
  const events = text
    .split("\n\n")
    .filter(Boolean)
    .map((event) => {
      const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(event);
      const value = JSON.parse(data);
      assert.equal(value.type, type);
      return value;
    });
  assert.equal(events[0].type, "message_start");
  assert.equal(events[0].message.type, "message");
  assert.equal(events.at(-1).type, "message_stop");
  const result = { text: "", reasoning: "", signature: "", tools: [] };
  let open = null;
  let next = 0;
  for (const event of events) {
    if (event.type === "content_block_start") {
      assert.equal(open, null);
      assert.equal(event.index, next++);
      open = event.content_block;
      if (open.type === "tool_use") result.tools.push({ id: open.id, name: open.name, json: "" });
    } else if (event.type === "content_block_delta") {
      assert.equal(event.index, next - 1);
      const { delta } = event;
      result.text += delta.text ?? "";
      result.reasoning += delta.thinking ?? "";
      // Google's signatures belong to calls; clients of other protocols get them in this member.
      if (!delta.signature?.startsWith("aip1:g:")) result.signature += delta.signature ?? "";
      if (delta.partial_json) result.tools.at(-1).json += delta.partial_json;
    } else if (event.type === "content_block_stop") {
      assert.equal(event.index, next - 1);
      assert.ok(open);
      open = null;
    } else if (event.type === "message_delta") {
      assert.equal(open, null);
      assert.equal(result.finish, undefined);
      result.finish = FINISH[event.delta.stop_reason];
      result.tokens = anthropicTokens(event.usage);
    }
  }
  result.tools = result.tools.map(({ json, ...tool }) => ({
    ...tool,
    input: JSON.parse(json || "{}"),
  }));
  return result;
}

const INCOMPLETE = { max_output_tokens: "length", content_filter: "content_filter" };

export function ofResponse(body) {
  assert.equal(body.object, "response");
  assert.match(body.id, /^resp_/);
  assert.ok(Number.isInteger(body.created_at));
  assert.equal(body.error, null);
  const all = (type) => body.output.filter((item) => item.type === type);
  for (const item of all("message")) {
    assert.deepEqual([item.role, item.status], ["assistant", "completed"]);
    for (const { type } of item.content) assert.match(type, /^(output_text|refusal)$/);
  }
  assert.equal(new Set(body.output.map(({ id }) => id)).size, body.output.length);
  const tools = all("function_call").map(({ call_id: id, name, arguments: json }) => ({
    id,
    name,
    input: JSON.parse(json),
  }));
  const finish =
    body.status === "completed"
      ? tools.length > 0
        ? "tool_calls"
        : "stop"
      : INCOMPLETE[body.incomplete_details.reason];
  assert.equal(body.status, finish in INCOMPLETE ? "incomplete" : body.status);
  const { usage } = body;
  assert.ok(!usage || usage.total_tokens === usage.input_tokens + usage.output_tokens);
  const joined = (items, member) =>
    items.flatMap(({ content }) => content.map((part) => part[member] ?? "")).join("");
  const texts = (items) => joined(items, "text");
  return {
    ...refused(joined(all("message"), "refusal")),
    text: texts(all("message")),
    reasoning: texts(all("reasoning")),
    signature: all("reasoning")[0]?.encrypted_content ?? "",
    tools,
    finish,
    tokens: {
      prompt: usage?.input_tokens ?? 0,
      completion: usage?.output_tokens ?? 0,
      cached: usage?.input_tokens_details.cached_tokens ?? 0,
    },
  };
}

/** The events of a Responses stream. Checks that their types match the `event` lines, and their sequence numbers. */
export function responsesEvents(text) {
  return text
    .split("\n\n")
    .filter(Boolean)
    .map((event, number) => {
      const [, type, data] = /^event: ([\w.]+)\ndata: (.*)$/.exec(event);
      const value = JSON.parse(data);
      assert.equal(value.type, type);
      assert.equal(value.sequence_number, number);
      return value;
    });
}

/** The text of a part, or of the event that ends it. */
const said = ({ text, refusal }) => text ?? refusal;

/** Also checks that items and parts start and end, and that the last event repeats all of them. */
export function ofResponsesEvents(text) {
  const events = responsesEvents(text);
  assert.deepEqual(
    events.slice(0, 2).map(({ type, response }) => [type, response.status, response.output]),
    [
      ["response.created", "in_progress", []],
      ["response.in_progress", "in_progress", []],
    ],
  );
  const last = events.at(-1);
  assert.equal(last.type, `response.${last.response.status}`);
  const items = [];
  const done = [];
  const itemOf = (event) => {
    const item = items[event.output_index];
    assert.equal(item.id, event.item_id ?? event.item.id);
    assert.equal(done[event.output_index], undefined);
    return item;
  };
  for (const event of events.slice(2, -1)) {
    const what = event.type.replace("response.", "");
    if (what === "output_item.added") {
      assert.equal(event.output_index, items.length);
      items.push({ ...event.item, said: "", parts: 0 });
    } else if (what === "output_item.done") {
      const item = itemOf(event);
      const told = event.item.arguments ?? event.item.content.map(said).join("");
      assert.equal(told, item.type === "function_call" ? item.said || "{}" : item.said);
      done[event.output_index] = event.item;
    } else if (what === "content_part.added") {
      assert.deepEqual([itemOf(event).parts++, said(event.part)], [0, ""]);
    } else if (what === "content_part.done") {
      assert.equal(said(event.part), itemOf(event).said);
    } else if (what.endsWith(".delta")) {
      const item = itemOf(event);
      const wanted = { message: /^(output_text|refusal)\./, reasoning: /^reasoning_text\./ };
      assert.match(what, wanted[item.type] ?? /^function_call_arguments\.delta$/);
      if (item.type !== "function_call") assert.equal(item.parts, 1);
      item.said += event.delta;
    } else {
      assert.match(what, /^(output_text|refusal|reasoning_text|function_call_arguments)\.done$/);
      const text = said(event);
      assert.equal(text ?? event.arguments, itemOf(event).said || (text ?? "{}"));
    }
  }
  assert.deepEqual(last.response.output, done);
  assert.equal(done.length, items.length);
  return ofResponse(last.response);
}

const GOOGLE_FINISH = { STOP: "stop", MAX_TOKENS: "length", SAFETY: "content_filter" };

const googleTokens = (usage) => ({
  prompt: usage.promptTokenCount,
  completion: usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
  cached: usage.cachedContentTokenCount ?? 0,
});

/** A response of Google's, or several from a stream, combined. */
export function ofGemini(...responses) {
  const result = { text: "", reasoning: "", signature: "", tools: [] };
  for (const [position, body] of responses.entries()) {
    assert.equal(body.error, undefined, JSON.stringify(body));
    assert.equal(result.finish, undefined, "nothing follows the end");
    const [{ content, index, finishReason }] = body.candidates;
    assert.deepEqual([content.role, index], ["model", 0]);
    assert.ok(content.parts.length > 0);
    assert.equal(body.modelVersion, responses[0].modelVersion);
    assert.equal(body.responseId, responses[0].responseId);
    for (const { text, thought, thoughtSignature, functionCall } of content.parts) {
      if (functionCall) {
        const { id, name, args } = functionCall;
        result.tools.push({ id, name, input: args });
      } else if (thought) {
        result.reasoning += text;
        result.signature += thoughtSignature ?? "";
      } else result.text += text;
    }
    assert.equal(finishReason !== undefined, position === responses.length - 1);
    if (!finishReason) continue;
    const usage = body.usageMetadata;
    result.tokens = googleTokens(usage);
    const { prompt, completion } = result.tokens;
    assert.equal(usage.totalTokenCount, prompt + completion);
    const finish = GOOGLE_FINISH[finishReason];
    result.finish = finish === "stop" && result.tools.length > 0 ? "tool_calls" : finish;
  }
  return result;
}

/** The responses in a stream of events, including errors. */
export function geminiEvents(text) {
  return text
    .split("\r\n\r\n")
    .filter(Boolean)
    .map((event) => JSON.parse(/^data: (.*)$/.exec(event)[1]));
}

export const ofGeminiEvents = (text) => ofGemini(...geminiEvents(text));
