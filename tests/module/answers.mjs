/** Answers of both client protocols, buffered and streamed, in one form that can be compared. */
import assert from "node:assert/strict";
import { eventData } from "./support.mjs";

const FINISH = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** Vendors that count no tokens leave the usage out. */
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

export function ofOpenAi(body) {
  assert.equal(body.object, "chat.completion");
  const [{ message, finish_reason: finish }] = body.choices;
  assert.equal(message.role, "assistant");
  return {
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
    result.reasoning += delta.reasoning_content ?? "";
    result.signature += delta.reasoning_signature ?? "";
    for (const { index, id, function: call } of delta.tool_calls ?? []) {
      if (id) {
        assert.equal(index, result.tools.length);
        result.tools.push({ id, name: call.name, json: "" });
      }
      result.tools[index].json += call.arguments;
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

/** Also checks the order: one block open at a time, each number once, each beginning with an end. */
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
      result.signature += delta.signature ?? "";
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
