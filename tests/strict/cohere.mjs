/** What Cohere rejects in its Chat API, version 2. Source unless another is named: its API reference, v2/chat. */
import { messagesOf, rule } from "./rule.mjs";

const REFERENCE = "Cohere API reference, v2/chat";
const form = (message) => ({ message });
const said = (id, find, source = REFERENCE) => rule(id, source, find, { form });

const MEMBERS = new Set(
  `stream model messages tools strict_tools documents citation_options response_format safety_mode max_tokens
  stop_sequences temperature seed frequency_penalty presence_penalty k p logprobs tool_choice thinking priority`.split(
    /\s+/,
  ),
);
const ROLES = new Set(["system", "user", "assistant", "tool"]);
const PARTS = {
  user: ["text", "image_url"],
  system: ["text"],
  assistant: ["text", "thinking"],
  tool: ["text", "document"],
};
const within = (value, least, most) => value === undefined || (value >= least && value <= most);

export const COHERE = [
  said("unknown member", (body) => {
    const name = Object.keys(body).find((key) => !MEMBERS.has(key));
    return name && `invalid request: unknown field: parameter '${name}' is not a valid field`;
  }),
  said(
    "messages missing",
    (body) => !(body.messages?.length > 0) && "invalid request: messages must not be empty",
  ),
  said("role", (body) => {
    const bad = messagesOf(body).find(({ message }) => !ROLES.has(message.role));
    return bad && `invalid request: message at index ${bad.index} has an invalid role`;
  }),
  said("kind of a part", (body) => {
    for (const { message, index } of messagesOf(body)) {
      for (const { type } of Array.isArray(message.content) ? message.content : []) {
        if (!PARTS[message.role].includes(type)) {
          return `invalid request: message at index ${index}: content type '${type}' is not supported`;
        }
      }
    }
    return undefined;
  }),
  said("empty message", (body) => {
    const bad = messagesOf(body).find(
      ({ message }) => !(message.content?.length > 0) && !(message.tool_calls?.length > 0),
    );
    return bad && `invalid request: message at index ${bad.index} must have non-empty content`;
  }),
  said("results", (body) => {
    let open = new Set();
    for (const { message, index } of messagesOf(body)) {
      if (message.role === "tool") {
        if (!open.delete(message.tool_call_id)) {
          return `invalid request: tool call id not found in previous tool calls (message at index ${index})`;
        }
        continue;
      }
      if (open.size > 0) return `invalid request: missing tool results for calls: ${[...open]}`;
      open = new Set((message.tool_calls ?? []).map(({ id }) => id));
    }
    return open.size > 0 && `invalid request: missing tool results for calls: ${[...open]}`;
  }),
  said("tool choice", (body) => {
    if (body.tool_choice === undefined) return undefined;
    if (!(body.tools?.length > 0)) return "invalid request: tool_choice requires tools";
    return (
      !["REQUIRED", "NONE"].includes(body.tool_choice) &&
      "invalid request: tool_choice must be one of REQUIRED, NONE"
    );
  }),
  said(
    "format beside tools",
    (body) =>
      body.response_format?.type === "json_object" &&
      body.tools?.length > 0 &&
      "invalid request: cannot specify both response_format and tools",
  ),
  said("tools", (body) => {
    const bad = (body.tools ?? []).find((tool) => tool.type !== "function" || !tool.function?.name);
    return bad && "invalid request: tools must be functions with a name";
  }),
  said(
    "sampling",
    (body) =>
      !(within(body.p, 0.01, 0.99) && within(body.k, 0, 500) && within(body.temperature, 0, 1)) &&
      "invalid request: p must be between 0.01 and 0.99, k between 0 and 500, temperature between 0 and 1",
  ),
  said(
    "stop sequences",
    (body) => body.stop_sequences?.length > 5 && "invalid request: at most 5 stop sequences",
  ),
];
