/** Cohere's Chat API, version 2. Source: Cohere's API reference, v2/chat and its streams. */
import { parts, sse } from "./wire.mjs";

export function read(body) {
  return {
    tools: (body.tools ?? []).map((tool) => tool.function.name),
    stream: body.stream === true,
    turns: (body.messages ?? []).map(({ role, content, tool_calls = [] }) => ({
      role: role === "tool" ? "user" : role,
      text: role === "tool" ? "" : parts(content, "text"),
      results: role === "tool" ? [{ text: parts(content, "text") }] : [],
      calls: tool_calls.map(({ function: called }) => ({
        name: called.name,
        input: called.arguments,
      })),
      images: (Array.isArray(content) ? content : []).flatMap(
        ({ image_url }) => image_url?.url ?? [],
      ),
      thinking: [],
    })),
  };
}

export function write({ thinking, text, calls, usage }, { body, mint }) {
  const tool_calls = calls.map(({ name, input }, index) => ({
    id: `${name.slice(0, 20)}_${mint()}${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
  const id = `c14c80c3-${mint()}`;
  const finish_reason = calls.length > 0 ? "TOOL_CALL" : "COMPLETE";
  const tokens = { input_tokens: usage.input, output_tokens: usage.output };
  const told = { billed_units: tokens, tokens };
  if (!body.stream) {
    const message = { role: "assistant" };
    if (text) message.content = [{ type: "text", text }];
    if (calls.length > 0) Object.assign(message, { tool_plan: thinking ?? "", tool_calls });
    const answer = { id, finish_reason, message, usage: told };
    return { type: "application/json", pieces: [JSON.stringify(answer)] };
  }
  const pieces = [];
  const event = (type, members) => pieces.push(sse({ type, ...members }, type));
  const of = (message) => ({ delta: { message } });
  event("message-start", {
    id,
    ...of({ role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] }),
  });
  if (thinking && calls.length > 0) event("tool-plan-delta", of({ tool_plan: thinking }));
  if (text) {
    event("content-start", { index: 0, ...of({ content: { type: "text", text: "" } }) });
    for (const piece of text.match(/.{1,12}/gsu))
      event("content-delta", { index: 0, ...of({ content: { text: piece } }) });
    event("content-end", { index: 0 });
  }
  for (const [index, call] of tool_calls.entries()) {
    const { name, arguments: json } = call.function;
    const begun = { ...call, function: { name, arguments: "" } };
    event("tool-call-start", { index, ...of({ tool_calls: begun }) });
    for (const piece of json.match(/.{1,16}/gsu))
      event("tool-call-delta", {
        index,
        ...of({ tool_calls: { function: { arguments: piece } } }),
      });
    event("tool-call-end", { index });
  }
  event("message-end", { delta: { finish_reason, usage: told } });
  return { type: "text/event-stream", pieces };
}
