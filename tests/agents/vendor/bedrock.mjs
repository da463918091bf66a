/** Bedrock's Converse, with AWS' event stream. */
import { crc32 } from "node:zlib";
import { parts } from "./wire.mjs";

/** A message of AWS' event stream. */
export function frame(type, payload) {
  const names = {
    ":event-type": type,
    ":content-type": "application/json",
    ":message-type": "event",
  };
  const head = Buffer.concat(
    Object.entries(names).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(value.length);
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const all = Buffer.concat([prelude, head, body]);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(crc32(all));
  return Buffer.concat([all, trailer]);
}

export function read(body, url) {
  return {
    tools: (body.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []),
    stream: url.endsWith("-stream"),
    turns: (body.messages ?? []).map(({ role, content }) => {
      const results = content.flatMap(({ toolResult }) => toolResult ?? []);
      return {
        role,
        text: parts(content, "text"),
        results: results.map(({ content: blocks }) => ({
          text: blocks.map(({ text, json }) => text ?? JSON.stringify(json) ?? "").join("\n"),
        })),
        calls: content.flatMap(({ toolUse }) =>
          toolUse ? [{ name: toolUse.name, input: JSON.stringify(toolUse.input) }] : [],
        ),
        images: [...content, ...results.flatMap((result) => result.content)].flatMap(
          ({ image }) => image?.source.bytes ?? [],
        ),
        thinking: content.flatMap(
          ({ reasoningContent }) => reasoningContent?.reasoningText?.signature ?? [],
        ),
      };
    }),
  };
}

/** Whether the request enables thinking. */
function thinks(body) {
  return ["enabled", "adaptive"].includes(body.additionalModelRequestFields?.thinking?.type);
}

export function write({ thinking, text, calls, usage }, { body, url, mint, sign }) {
  const content = [];
  if (thinking && thinks(body)) {
    content.push({ reasoningContent: { reasoningText: { text: thinking, signature: sign() } } });
  }
  if (text) content.push({ text });
  for (const { name, input } of calls) {
    content.push({ toolUse: { toolUseId: `tooluse_${mint()}`, name, input } });
  }
  const stopReason = calls.length > 0 ? "tool_use" : "end_turn";
  const tokens = {
    inputTokens: usage.input,
    outputTokens: usage.output,
    totalTokens: usage.input + usage.output,
  };
  const metrics = { latencyMs: 400 };
  if (!url.endsWith("-stream")) {
    const output = { message: { role: "assistant", content } };
    const whole = { output, stopReason, usage: tokens, metrics };
    return { type: "application/json", pieces: [JSON.stringify(whole)] };
  }
  const pieces = [frame("messageStart", { role: "assistant" })];
  for (const [contentBlockIndex, block] of content.entries()) {
    const delta = (value) =>
      pieces.push(frame("contentBlockDelta", { contentBlockIndex, delta: value }));
    if (block.reasoningContent) {
      const { text: thought, signature } = block.reasoningContent.reasoningText;
      delta({ reasoningContent: { text: thought } });
      delta({ reasoningContent: { signature } });
    } else if (block.text) {
      for (const piece of block.text.match(/.{1,12}/gsu)) delta({ text: piece });
    } else {
      const { toolUseId, name, input } = block.toolUse;
      pieces.push(
        frame("contentBlockStart", { contentBlockIndex, start: { toolUse: { toolUseId, name } } }),
      );
      for (const piece of JSON.stringify(input).match(/.{1,16}/gsu))
        delta({ toolUse: { input: piece } });
    }
    pieces.push(frame("contentBlockStop", { contentBlockIndex }));
  }
  pieces.push(frame("messageStop", { stopReason }), frame("metadata", { usage: tokens, metrics }));
  return { type: "application/vnd.amazon.eventstream", pieces };
}
