/** What Anthropic rejects in its Messages API, by generation of the model. */
import { objectsIn, rule } from "./rule.mjs";

const form = (message) => ({ type: "error", error: { type: "invalid_request_error", message } });
const said = (id, source, find) => rule(id, source, find, { form });

/** Family and version of a Claude model: `claude-opus-4-7` is opus, 4.7. */
export function claudeVersion(model) {
  const name = model.replace(/^.*(claude-)/, "$1");
  const modern = /claude-(opus|sonnet|haiku|fable|mythos)-(\d+)(?:-(\d)(?!\d))?/.exec(name);
  if (modern) return { family: modern[1], version: Number(`${modern[2]}.${modern[3] ?? 0}`) };
  const old = /claude-(\d+)(?:-(\d))?-(opus|sonnet|haiku)/.exec(name);
  if (old) return { family: old[3], version: Number(`${old[1]}.${old[2] ?? 0}`) };
  // A name without a version is taken for a current model.
  return { family: "", version: 5 };
}

/** Whether thinking can only be adaptive: Opus 4.7 and later. */
const isAdaptive = (model) => claudeVersion(model).version >= 4.7;
const knowsAdaptive = (model) => {
  const { family, version } = claudeVersion(model);
  return version >= 4.6 && family !== "haiku" ? true : version >= 5;
};
const knowsEffort = (model) =>
  knowsAdaptive(model) || (/opus/.test(model) && claudeVersion(model).version >= 4.5);
const isAlwaysOn = (model) => /fable|mythos/.test(model) || claudeVersion(model).version >= 5.5;

/** Rules that depend on the model alone, so that they hold at Bedrock and Vertex AI too. With Anthropic's names. */
export const GENERATIONS = [
  said(
    "thinking.enabled",
    "BerriAI/litellm#27074, OpenHands#3427; Anthropic docs, adaptive thinking",
    (body, { model }) =>
      isAdaptive(model) &&
      body.thinking?.type === "enabled" &&
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
  ),
  said(
    "thinking.adaptive",
    "Anthropic docs, adaptive thinking: Opus 4.6, Sonnet 4.6 and later",
    (body, { model }) =>
      !knowsAdaptive(model) &&
      body.thinking?.type === "adaptive" &&
      "adaptive thinking is not supported on this model",
  ),
  said(
    "thinking.disabled",
    "BerriAI/litellm model table: always thinking",
    (body, { model }) =>
      isAlwaysOn(model) &&
      body.thinking?.type === "disabled" &&
      '"thinking.type.disabled" is not supported for this model.',
  ),
  said("effort", "Anthropic docs, effort: Opus 4.5 and later models", (body, { model }) => {
    const effort = body.output_config?.effort;
    if (effort === undefined) return undefined;
    if (!knowsEffort(model)) return "This model does not support the effort parameter.";
    const { version } = claudeVersion(model);
    const values = ["low", "medium", "high"];
    if (version >= 4.6) values.push("max");
    if (version >= 4.7) values.push("xhigh");
    return (
      !values.includes(effort) && `output_config.effort: '${effort}' is not supported by this model`
    );
  }),
  said(
    "budget",
    "Anthropic docs, extended thinking: budget_tokens is at least 1024 and less than max_tokens",
    (body) => {
      if (body.thinking?.type !== "enabled") return undefined;
      const budget = body.thinking.budget_tokens;
      if (!(budget >= 1024))
        return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
      return (
        body.max_tokens !== undefined &&
        budget >= body.max_tokens &&
        "`max_tokens` must be greater than `thinking.budget_tokens`."
      );
    },
  ),
  said(
    "sampling",
    "UKGovernmentBEIS/inspect_ai#3721, theopenco/llmgateway#1726; Anthropic docs, extended thinking",
    (body, { model }) => {
      const thinks = ["enabled", "adaptive"].includes(body.thinking?.type);
      for (const name of ["temperature", "top_p", "top_k"]) {
        if (body[name] === undefined) continue;
        if (isAdaptive(model)) return `\`${name}\` is not supported for this model.`;
        const isFine =
          (name === "temperature" && body[name] === 1) || (name === "top_p" && body[name] >= 0.95);
        if (thinks && !isFine) {
          return `\`${name}\` may only be set to ${name === "top_p" ? "0.95 or more" : "1"} when thinking is enabled.`;
        }
      }
      return undefined;
    },
  ),
  said(
    "prefill",
    "Anthropic docs, what is new in Claude 4.6: prefilled answers are refused; UKGovernmentBEIS/inspect_ai#3721",
    (body, { model }) =>
      claudeVersion(model).version >= 4.6 &&
      body.messages?.at(-1)?.role === "assistant" &&
      "This model does not support assistant message prefill. The conversation must end with a user message.",
  ),
  said(
    "forced tool",
    "Anthropic docs, thinking: within a budget tool_choice any and tool are refused; BerriAI/litellm table for 5.5",
    (body, { model }) => {
      const isForced = ["any", "tool"].includes(body.tool_choice?.type);
      const isBudget = body.thinking?.type === "enabled";
      return (
        isForced &&
        (isBudget || isAlwaysOn(model)) &&
        "Thinking may not be enabled when tool_choice forces tool use."
      );
    },
  ),
];

/** With thinking, an assistant turn with calls must begin with thinking. The index of one that does not, or −1. */
const lacksThinking = ({ messages, thinking }) => {
  if (thinking?.type !== "enabled") return -1;
  const at = messages.findLastIndex(({ role }) => role === "assistant");
  if (at < 0) return -1;
  // Only the last assistant turn, to whose calls the request has the results.
  const { content } = messages[at];
  if (!Array.isArray(content) || !content.some(({ type }) => type === "tool_use")) return -1;
  return ["thinking", "redacted_thinking"].includes(content[0].type) ? -1 : at;
};

const knowsSystem = (model) => claudeVersion(model).version >= 4.8;

export const CLAUDE = [
  said(
    "max_tokens missing",
    "Anthropic API reference: max_tokens is required",
    (body) => !(body.max_tokens >= 0) && "max_tokens: Field required",
  ),
  said(
    "max_tokens too high",
    "Anthropic docs, models overview: maximum output",
    (body, { model }) => {
      const { family, version } = claudeVersion(model);
      if (version === 0) return undefined;
      const most =
        version >= 4.6 && family !== "haiku"
          ? 128000
          : version >= 5
            ? 128000
            : version >= 4.5
              ? 64000
              : version >= 4
                ? family === "opus"
                  ? 32000
                  : 64000
                : version >= 3.7
                  ? 64000
                  : 8192;
      return (
        body.max_tokens > most &&
        `max_tokens: ${body.max_tokens} > ${most}, which is the maximum allowed number of output tokens for ${model}`
      );
    },
  ),
  said(
    "messages missing",
    "Anthropic API reference: at least one message",
    (body) => !(body.messages?.length > 0) && "messages: at least one message is required",
  ),
  said(
    "role system",
    "ianarawjo/ChainForge#271; Anthropic docs, mid-conversation system messages: Opus 4.8 and later; BerriAI/litellm#33807",
    (body, { model }) =>
      !knowsSystem(model) &&
      body.messages?.some(({ role }) => role === "system") &&
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
  ),
  said(
    "place of a system message",
    "maximhq/bifrost#3945; Anthropic docs, mid-conversation system messages, limitations",
    (body) => {
      const roles = (body.messages ?? []).map(({ role }) => role);
      const at = roles.findIndex((role, index) => role === "system" && roles[index - 1] !== "user");
      return at >= 0 && `messages.${at}: system messages must follow a user message`;
    },
  ),
  said(
    "first turn",
    "Anthropic API reference, messages: the first message is the user's",
    (body) =>
      body.messages?.[0]?.role === "assistant" &&
      'messages: first message must use the "user" role',
  ),
  said(
    "blank text",
    "Anthropic API: text content blocks must contain non-whitespace text (many public reports)",
    (body) => {
      for (const { content } of body.messages ?? []) {
        if (content === "" || content?.length === 0)
          return "messages: text content blocks must be non-empty";
        for (const block of Array.isArray(content) ? content : []) {
          if (block.type === "text" && block.text.trim() === "") {
            return "messages: text content blocks must contain non-whitespace text";
          }
        }
      }
      return undefined;
    },
  ),
  said("id of a call", "farion1231/cc-switch#1181, router-for-me/CLIProxyAPI#1872", (body) => {
    for (const [index, { content }] of (body.messages ?? []).entries()) {
      for (const [at, block] of (Array.isArray(content) ? content : []).entries()) {
        const id = block.type === "tool_use" ? block.id : block.tool_use_id;
        const isCall = ["tool_use", "tool_result"].includes(block.type);
        if (isCall && !/^[a-zA-Z0-9_-]{1,64}$/.test(id)) {
          return `messages.${index}.content.${at}.${block.type}.id: String should match pattern '^[a-zA-Z0-9_-]+$'`;
        }
      }
    }
    return undefined;
  }),
  said(
    "same id twice",
    "Anthropic API: `tool_use` ids must be unique (public reports: musistudio/claude-code-router#1808)",
    (body) => {
      const ids = (body.messages ?? []).flatMap(({ content }) =>
        (Array.isArray(content) ? content : [])
          .filter(({ type }) => type === "tool_use")
          .map(({ id }) => id),
      );
      return ids.length !== new Set(ids).size && "messages: `tool_use` ids must be unique";
    },
  ),
  said(
    "call without result",
    "Anthropic docs, tool use: results follow at once; many public reports",
    (body) => {
      const messages = (body.messages ?? []).filter(({ role }) => role !== "system");
      for (const [index, { role, content }] of messages.entries()) {
        const blocks = Array.isArray(content) ? content : [];
        if (role === "assistant") {
          const wanted = new Set(
            blocks.filter(({ type }) => type === "tool_use").map(({ id }) => id),
          );
          for (const block of [messages[index + 1]?.content].flat()) {
            if (block?.type === "tool_result") wanted.delete(block.tool_use_id);
          }
          if (wanted.size > 0) {
            return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${[...wanted].join(", ")}.`;
          }
        } else {
          const before = messages[index - 1]?.content;
          const called = new Set(
            (Array.isArray(before) ? before : [])
              .filter(({ type }) => type === "tool_use")
              .map(({ id }) => id),
          );
          const orphan = blocks.find(
            ({ type, tool_use_id: id }) => type === "tool_result" && !called.has(id),
          );
          if (orphan) {
            return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan.tool_use_id}.`;
          }
        }
      }
      return undefined;
    },
  ),
  said("thinking lost", "RooCodeInc/Roo-Code#11238, RightNow-AI/openfang#1187", (body) => {
    const at = body.messages ? lacksThinking(body) : -1;
    return (
      at >= 0 &&
      `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`tool_use\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`
    );
  }),
  said(
    "signature",
    "Anthropic docs, extended thinking: blocks go back unmodified, with their signatures",
    (body, { signatures }) => {
      for (const { content } of body.messages ?? []) {
        for (const block of Array.isArray(content) ? content : []) {
          if (block.type !== "thinking") continue;
          if (!block.signature || signatures?.has(block.signature) === false) {
            return "messages.1.content.0: Invalid `signature` in `thinking` block";
          }
        }
      }
      return undefined;
    },
  ),
  said("cache marks", "Anthropic docs, prompt caching: up to four breakpoints", (body) => {
    const count = [...objectsIn(body)].filter((object) => object.cache_control).length;
    return count > 4 && `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`;
  }),
  said("name of a tool", "Anthropic API reference, tools: ^[a-zA-Z0-9_-]{1,128}$", (body) => {
    const bad = (body.tools ?? []).find(({ name }) => !/^[a-zA-Z0-9_-]{1,128}$/.test(name ?? ""));
    return bad && "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
  }),
  ...GENERATIONS,
];
