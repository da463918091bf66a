/** What OpenAI, Azure and GitHub reject in chat completions. */
import { callsOf, messagesOf, rule } from "./rule.mjs";

const unsupported = (param, words) => `Unsupported parameter: '${param}' ${words}`;
/** GitHub prefixes names with the publisher: `openai/gpt-5`. */
const isReasoning = (model) => /^(openai\/)?(o\d|gpt-[5-9])/.test(model) && !/-chat/.test(model);
const isOSeries = (model) => /^(openai\/)?o\d/.test(model);
const level = (model) => Number(/^(?:openai\/)?gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 0);

/** Models known not to reason. */
const isPlain = (model) => /(^|\/)(chatgpt|gpt-[34])|-chat/.test(model);

/** Accepted values of reasoning_effort by model; null if the member itself is rejected, undefined if unknown. */
function effortsOf(model) {
  if (isPlain(model)) return null;
  if (!isReasoning(model)) return undefined;
  if (isOSeries(model)) return ["low", "medium", "high"];
  const version = level(model);
  if (version < 5.1) return ["minimal", "low", "medium", "high"];
  if (version < 5.2) return ["none", "low", "medium", "high"];
  const values = ["none", "low", "medium", "high", "xhigh"];
  return version >= 6 ? [...values, "max"] : values;
}

/** Rules of the protocol itself, which most vendors that speak it enforce. */
export const PROTOCOL = [
  rule(
    "messages missing",
    "OpenAI API reference, chat completions: messages is required, at least one",
    (body) => !(body.messages?.length > 0) && "[] is too short - 'messages'",
  ),
  rule(
    "content null without calls",
    "OpenAI API reference, assistant message: content is required unless tool_calls is specified",
    (body) => {
      const bad = messagesOf(body).find(
        ({ message }) =>
          (message.content === null || message.content === undefined) &&
          !(message.tool_calls?.length > 0),
      );
      return (
        bad &&
        `Invalid value for 'content': expected a string, got null. (messages.[${bad.index}].content)`
      );
    },
  ),
  rule(
    "call without result",
    "openai/codex#22129, tingly-dev/tingly-box#1752: OpenAI, DeepSeek, Kimi and Mistral want results behind their calls",
    (body) => {
      for (const { message, index } of messagesOf(body, "assistant")) {
        const wanted = new Set((message.tool_calls ?? []).map(({ id }) => id));
        for (let at = index + 1; body.messages[at]?.role === "tool"; at++) {
          wanted.delete(body.messages[at].tool_call_id);
        }
        if (wanted.size > 0) {
          return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...wanted].join(", ")}`;
        }
      }
      return undefined;
    },
  ),
  rule("result without call", "farion1231/cc-switch#7509, decolua/9router#2928", (body) => {
    let open = new Set();
    for (const message of body.messages ?? []) {
      if (message.role === "assistant") {
        open = new Set((message.tool_calls ?? []).map(({ id }) => id));
      } else if (message.role !== "tool") open = new Set();
      else if (!open.has(message.tool_call_id)) {
        return "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      }
    }
    return undefined;
  }),
  rule(
    "choice without tools",
    "OpenAI API reference: tool_choice and parallel_tool_calls go with tools; partITech/php-mistral#76, minimax-code#194 for an empty list",
    (body) => {
      if (body.tools?.length === 0) return "[] is too short - 'tools'";
      if (body.tools) return undefined;
      for (const name of ["tool_choice", "parallel_tool_calls"]) {
        if (body[name] !== undefined && body[name] !== null) {
          return `Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`;
        }
      }
      return undefined;
    },
  ),
  rule(
    "unknown kind of tool",
    "OpenAI API reference, chat completions: tools are functions or custom",
    (body) => {
      const at = (body.tools ?? []).findIndex(
        ({ type }) => type !== "function" && type !== "custom",
      );
      return (
        at >= 0 &&
        `Invalid value: '${body.tools[at].type}'. Supported values are: 'function' and 'custom'. (tools[${at}].type)`
      );
    },
  ),
];

/** The members of a chat request that OpenAI accepts. */
const MEMBERS = new Set(
  `audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages
  metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier
  stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
  web_search_options`.split(/\s+/),
);

export const OPENAI = [
  ...PROTOCOL,
  rule(
    "unknown member",
    "OpenAI API: unknown request arguments are refused by name (charmbracelet/crush, openai-python issues)",
    (body) => {
      const name = Object.keys(body).find((key) => !MEMBERS.has(key));
      return name && `Unrecognized request argument supplied: ${name}`;
    },
  ),
  rule(
    "max_tokens",
    "OpenAI API reference, max_tokens: not compatible with o-series models; ericc-ch/copilot-api#222 for gpt-5",
    (body, { model }) =>
      isReasoning(model) &&
      body.max_tokens !== undefined &&
      unsupported(
        "max_tokens",
        "is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
  ),
  rule(
    "reasoning_effort",
    "github/copilot-cli#3394 (gpt-4o); OpenAI API reference, reasoning_effort, for the values; livekit/agents#7169 (minimal)",
    (body, { model }) => {
      const effort = body.reasoning_effort;
      if (effort === undefined || effort === null) return undefined;
      const values = effortsOf(model);
      if (values === null) return `Unrecognized request argument supplied: reasoning_effort`;
      if (!values || values.includes(effort)) return undefined;
      return `Unsupported value: 'reasoning_effort' does not support '${effort}' with this model. Supported values are: ${values.map((value) => `'${value}'`).join(", ")}.`;
    },
  ),
  rule(
    "tools with effort",
    "pipecat-ai/pipecat#4043, openai/openai-openapi#541 (5.4), BerriAI/litellm#34569 (5.6: also without the member)",
    (body, { model }) => {
      const version = level(model);
      if (version < 5.4 || !body.tools) return undefined;
      const effort = body.reasoning_effort;
      const isNone = effort === "none" || (version < 5.5 && (effort ?? undefined) === undefined);
      return (
        !isNone &&
        `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`
      );
    },
  ),
  rule(
    "sampling",
    "OpenAI guide to reasoning models: temperature, top_p, penalties, logprobs and logit_bias are not supported",
    (body, { model }) => {
      if (!isReasoning(model)) return undefined;
      const mayBeNone = level(model) >= 5.1;
      const isNone =
        mayBeNone &&
        (body.reasoning_effort === "none" ||
          (level(model) < 5.5 && body.reasoning_effort === undefined));
      if (isNone) return undefined;
      const temperature = body.temperature ?? 1;
      if (temperature !== 1) {
        return `Unsupported value: 'temperature' does not support ${temperature} with this model. Only the default (1) value is supported.`;
      }
      for (const name of ["top_p", "logprobs", "top_logprobs", "logit_bias"]) {
        if (body[name] !== undefined && body[name] !== null) {
          return unsupported(name, "is not supported with this model.");
        }
      }
      for (const name of ["presence_penalty", "frequency_penalty"]) {
        if (body[name]) return unsupported(name, "is not supported with this model.");
      }
      return undefined;
    },
  ),
  rule(
    "stop",
    "OpenAI API reference, stop: not supported with reasoning models o3 and o4-mini and later",
    (body, { model }) =>
      isReasoning(model) &&
      !/^(openai\/)?o1/.test(model) &&
      body.stop !== undefined &&
      body.stop !== null &&
      unsupported("stop", "is not supported with this model."),
  ),
  rule(
    "parallel_tool_calls",
    "BerriAI/litellm model table: o-series without parallel_tool_calls",
    (body, { model }) =>
      isOSeries(model) &&
      body.parallel_tool_calls !== undefined &&
      unsupported("parallel_tool_calls", "is not supported with this model."),
  ),
  rule(
    "user too long",
    "looplj/axonhub#1669, maximhq/bifrost#1000",
    (body) =>
      body.user?.length > 64 &&
      `Invalid 'user': string too long. Expected a string with maximum length 64, but instead got a string with length ${body.user.length} instead.`,
  ),
  rule(
    "name of a tool",
    "OpenAI API reference, function.name: a-z, A-Z, 0-9, _ and -, at most 64; packit/ai-workflows#619",
    (body) => {
      const all = [
        ...(body.tools ?? []).map((tool) => (tool.function ?? tool.custom)?.name),
        ...callsOf(body).map(({ call }) => (call.function ?? call.custom)?.name),
      ];
      const name = all.find((value) => !/^[a-zA-Z0-9_-]{1,64}$/.test(value ?? ""));
      return (
        name !== undefined &&
        `Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$' of at most 64 characters, got '${name}'.`
      );
    },
  ),
  rule("id of a call too long", "microsoft/autogen#6377", (body) => {
    const bad = callsOf(body).find(({ call }) => call.id.length > 40);
    return (
      bad &&
      `Invalid 'messages[${bad.index}].tool_calls[${bad.at}].id': string too long. Expected a string with maximum length 40, but instead got a string with length ${bad.call.id.length} instead.`
    );
  }),
];
