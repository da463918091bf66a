/** Anthropic's messages. */
import { parts, sse } from "./wire.mjs";

export function read(body) {
  return {
    tools: (body.tools ?? []).map(({ name }) => name),
    stream: body.stream === true,
    turns: (body.messages ?? []).map(({ role, content }) => {
      const blocks = Array.isArray(content) ? content : [];
      const results = blocks.filter(({ type }) => type === "tool_result");
      const inside = results.flatMap((block) =>
        Array.isArray(block.content) ? block.content : [],
      );
      return {
        role,
        text: parts(content, "text"),
        results: results.map((block) => ({ text: parts(block.content, "text") })),
        calls: blocks
          .filter(({ type }) => type === "tool_use")
          .map(({ name, input }) => ({ name, input: JSON.stringify(input) })),
        images: [...blocks, ...inside]
          .filter(({ type }) => type === "image")
          .map(({ source }) => source.data ?? source.url),
        thinking: blocks
          .filter(({ type }) => type === "thinking")
          .map(({ signature }) => signature),
      };
    }),
  };
}

/** Whether the request enables thinking. */
function thinks(body) {
  return ["enabled", "adaptive"].includes(body.thinking?.type);
}

export function write({ thinking, text, calls, usage }, { model, body, mint, sign }) {
  const content = [];
  if (thinking && thinks(body)) {
    const shown = body.thinking.display === "omitted" ? "" : thinking;
    content.push({ type: "thinking", thinking: shown, signature: sign() });
  }
  if (text) content.push({ type: "text", text });
  for (const { name, input } of calls) {
    content.push({
      type: "tool_use",
      id: `toolu_${String(mint()).padStart(20, "0")}`,
      name,
      input,
    });
  }
  const stop_reason = calls.length > 0 ? "tool_use" : "end_turn";
  const message = {
    id: `msg_${mint()}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: usage.output,
    },
  };
  if (!body.stream) return { type: "application/json", pieces: [JSON.stringify(message)] };
  const event = (type, members) => sse({ type, ...members }, type);
  const delta = (index, value) => event("content_block_delta", { index, delta: value });
  const start = { ...message, content: [], stop_reason: null };
  const pieces = [event("message_start", { message: start }), event("ping", {})];
  for (const [index, block] of content.entries()) {
    const begin = (content_block) => event("content_block_start", { index, content_block });
    if (block.type === "thinking") {
      pieces.push(begin({ type: "thinking", thinking: "", signature: "" }));
      if (block.thinking)
        pieces.push(delta(index, { type: "thinking_delta", thinking: block.thinking }));
      pieces.push(delta(index, { type: "signature_delta", signature: block.signature }));
    } else if (block.type === "text") {
      pieces.push(begin({ type: "text", text: "" }));
      for (const piece of block.text.match(/.{1,12}/gsu))
        pieces.push(delta(index, { type: "text_delta", text: piece }));
    } else {
      pieces.push(begin({ ...block, input: {} }));
      for (const partial_json of JSON.stringify(block.input).match(/.{1,16}/gsu))
        pieces.push(delta(index, { type: "input_json_delta", partial_json }));
    }
    pieces.push(event("content_block_stop", { index }));
  }
  pieces.push(
    event("message_delta", {
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output },
    }),
    event("message_stop", {}),
  );
  return { type: "text/event-stream", pieces };
}
