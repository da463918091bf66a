/** What vendors reject in Anthropic's Messages API if they speak it besides their own protocol. */
import { rule } from "./rule.mjs";

const form = (message) => ({ type: "error", error: { type: "invalid_request_error", message } });

const SYSTEM = (source, words) =>
  rule(
    "role system",
    source,
    (body) => {
      const at = (body.messages ?? []).findIndex(({ role }) => role === "system");
      return at >= 0 && words(at);
    },
    { form },
  );

const unknownVariant = (at) =>
  `Failed to deserialize the JSON body into the target type: messages[${at}].role: unknown variant \`system\`, expected \`user\` or \`assistant\` at line 1 column 1`;

/** One block of another type ends the request. */
const BLOCKS = (source, types) =>
  rule(
    "block",
    source,
    (body) => {
      const lists = (body.messages ?? []).map(({ content }) => content).filter(Array.isArray);
      const blocks = lists.flat();
      const parts = blocks.map(({ content }) => content).filter(Array.isArray);
      const inner = blocks.some(({ type }) => type === "tool_result") ? parts.flat() : [];
      const bad = [...blocks, ...inner].find(({ type }) => type !== undefined && !types.has(type));
      return bad && `messages: unknown variant \`${bad.type}\``;
    },
    { form },
  );

const PLAIN = ["text", "image", "tool_use", "tool_result", "thinking", "tool_reference"];

/** Rules by type of provider. */
export const NATIVE = {
  deepseek: [
    BLOCKS(
      "Messages API in DeepSeek's docs; deepseek-ai/DeepSeek-V3#1026",
      new Set([...PLAIN, "server_tool_use", "web_search_tool_result", "web_search_result"]),
    ),
    SYSTEM(
      "deepseek-ai/awesome-deepseek-integration#639, anthropics/claude-code#63569, aattaran/deepclaude#29",
      unknownVariant,
    ),
    rule(
      "user_id",
      "deepseek-ai/awesome-deepseek-agent#67",
      (body) =>
        /[^a-zA-Z0-9_-]/.test(body.metadata?.user_id ?? "") &&
        "Invalid 'user_id': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      { form },
    ),
    rule(
      "effort without thinking",
      "anthropics/claude-code#65863",
      (body) =>
        body.thinking?.type === "disabled" &&
        body.output_config?.effort !== undefined &&
        "thinking options type cannot be disabled when reasoning_effort is set",
      { form },
    ),
    rule(
      "forced tool",
      "deepseek-ai/awesome-deepseek-integration#606",
      (body) =>
        body.thinking?.type !== "disabled" &&
        ["any", "tool"].includes(body.tool_choice?.type) &&
        "deepseek-reasoner does not support this tool_choice",
      { form },
    ),
    rule(
      "calls without reasoning",
      "SuperJJ007/CSSwitch#73, NousResearch/hermes-agent#22313",
      (body, { model }) =>
        // The former model that does not think by default.
        !model.startsWith("deepseek-chat") &&
        body.thinking?.type !== "disabled" &&
        (body.messages ?? []).some(({ role, content }) => {
          const types = (Array.isArray(content) ? content : []).map(({ type }) => type);
          const thinks = types.some((type) => /thinking$/.test(type));
          return role === "assistant" && types.includes("tool_use") && !thinks;
        }) &&
        "The `content[].thinking` in the thinking mode must be passed back to the API.",
      { form },
    ),
  ],
  qwen: [SYSTEM("QwenLM/Qwen#2244", unknownVariant)],
  ollama: [SYSTEM("ollama/ollama#17774", () => "system message must be at the beginning")],
  vllm: [
    BLOCKS("vllm/entrypoints/anthropic/protocol.py", new Set([...PLAIN, "redacted_thinking"])),
    SYSTEM(
      "vllm-project/vllm#44505, agentclientprotocol/claude-agent-acp#720",
      () => "System message must be at the beginning.",
    ),
  ],
};
