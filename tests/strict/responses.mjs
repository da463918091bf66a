/** What OpenAI and Azure reject in the Responses API. Source unless another is named: OpenAI's API reference. */
import { rule } from "./rule.mjs";

const REFERENCE = "OpenAI API reference, Responses";
const itemsOf = (body, type) =>
  (Array.isArray(body.input) ? body.input : []).filter((item) => item.type === type);

const MEMBERS = new Set(
  `background context_management conversation include input instructions max_output_tokens max_tool_calls metadata
  model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_options
  prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options temperature text
  tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);
const PARTS = {
  user: ["input_text", "input_image", "input_file"],
  system: ["input_text"],
  developer: ["input_text"],
  assistant: ["output_text", "refusal"],
};

export const isResponses = (path) => /\/responses(\?|$)/.test(path);

export const RESPONSES = [
  rule("unknown member", REFERENCE, (body) => {
    const name = Object.keys(body).find((key) => !MEMBERS.has(key));
    return name && `Unknown parameter: '${name}'.`;
  }),
  rule("input missing", REFERENCE, (body) => {
    return !(body.input?.length > 0) && "Missing required parameter: 'input'.";
  }),
  rule("limit too low", REFERENCE, (body) => {
    return (
      body.max_output_tokens < 16 &&
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${body.max_output_tokens} instead.`
    );
  }),
  rule("kind of a part", REFERENCE, (body) => {
    for (const { role, content } of itemsOf(body, "message")) {
      for (const { type } of Array.isArray(content) ? content : []) {
        if (!PARTS[role]?.includes(type)) return `Invalid value: '${type}' for role ${role}.`;
      }
    }
    return undefined;
  }),
  rule("tool without a name", REFERENCE, (body) => {
    const at = (body.tools ?? []).findIndex(
      ({ type, name }) => type === "function" && !/^[a-zA-Z0-9_-]{1,128}$/.test(name ?? ""),
    );
    return at >= 0 && `Missing required parameter: 'tools[${at}].name'.`;
  }),
  rule("id of a call", "ruijian-xu/cursor-byok#364: call_id of at most 64 characters", (body) => {
    const long = [...itemsOf(body, "function_call"), ...itemsOf(body, "function_call_output")].find(
      ({ call_id }) => !(call_id?.length > 0 && call_id.length <= 64),
    );
    return long && "Invalid 'input[].call_id': string too long.";
  }),
  rule("call without result", "OpenAI guide to function calling; openai/codex#22129", (body) => {
    const results = new Set(itemsOf(body, "function_call_output").map(({ call_id }) => call_id));
    const orphan = itemsOf(body, "function_call").find(({ call_id }) => !results.has(call_id));
    return orphan && `No tool output found for function call ${orphan.call_id}.`;
  }),
  rule("result without call", "OpenAI guide to function calling", (body) => {
    const calls = new Set(itemsOf(body, "function_call").map(({ call_id }) => call_id));
    const orphan = itemsOf(body, "function_call_output").find(({ call_id }) => !calls.has(call_id));
    return orphan && `No tool call found for function call output with call_id ${orphan.call_id}.`;
  }),
  rule(
    "encrypted content",
    "OpenAI guide to reasoning: encrypted content is decrypted with OpenAI's keys, other content cannot be",
    (body) => {
      const foreign = itemsOf(body, "reasoning").find(
        ({ encrypted_content: value }) => value && !value.startsWith("gAAAA"),
      );
      return foreign && "The encrypted content could not be verified.";
    },
  ),
  rule("sampling", "OpenAI guide to reasoning models", (body, { model }) => {
    if (!/^(o\d|gpt-[5-9])/.test(model) || body.reasoning?.effort === "none") return undefined;
    const name = ["temperature", "top_p"].find((key) => (body[key] ?? 1) !== 1);
    return name && `Unsupported parameter: '${name}' is not supported with this model.`;
  }),
  rule("effort", "OpenAI API reference, reasoning.effort", (body, { model }) => {
    const effort = body.reasoning?.effort;
    const values = ["none", "low", "medium", "high", "xhigh"];
    if (/^gpt-[67]/.test(model)) values.push("max");
    return (
      effort !== undefined &&
      !values.includes(effort) &&
      `Unsupported value: '${effort}' is not supported with the model.`
    );
  }),
  rule("user too long", "looplj/axonhub#1669, maximhq/bifrost#1000", (body) => {
    return body.user?.length > 64 && "Invalid 'user': string too long.";
  }),
];

const OWN_TOOLS = new Set([
  "namespace",
  "custom",
  "tool_search",
  "local_shell",
  "shell",
  "apply_patch",
]);
const OWN_ITEMS =
  /^(additional_tools|custom_tool_call|tool_search_(call|output)|(local_)?shell_call|apply_patch_call|agent_message|(context_)?compaction|compaction_trigger|configuration_update)/;
const OTHERS =
  "openai/codex#18307, awsl-project/maxx#537 (OpenRouter); makecindy/cindy#2927 (xAI, unknown variants); lists of tools and items in the references of xAI, Groq, Volcano Engine, Model Studio";

/** Other services with this API support only functions, and tools that they run themselves. */
export const FUNCTIONS_ALONE = [
  rule("input missing", REFERENCE, (body) => {
    return !(body.input?.length > 0) && "Missing required parameter: 'input'.";
  }),
  rule("kind of a tool", OTHERS, (body) => {
    const at = (body.tools ?? []).findIndex(({ type }) => OWN_TOOLS.has(type));
    return (
      at >= 0 &&
      `Failed to deserialize the JSON body into the target type: tools[${at}].type: unknown variant \`${body.tools[at].type}\``
    );
  }),
  rule("kind of an item", OTHERS, (body) => {
    const items = Array.isArray(body.input) ? body.input : [];
    const at = items.findIndex(({ type, namespace }) => OWN_ITEMS.test(type) || namespace);
    return (
      at >= 0 &&
      `Failed to deserialize the JSON body into the target type: input[${at}].type: unknown variant \`${items[at].type}\``
    );
  }),
];
