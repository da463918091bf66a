/** What vendors with OpenAI's protocol reject in addition to what the protocol itself forbids. */
import { PROTOCOL } from "./openai.mjs";
import { callsOf, messagesOf, partsOf, rule } from "./rule.mjs";

const mistralForm = (message) => ({
  object: "error",
  message,
  type: "invalid_request_error",
  code: 3001,
});
const forbidden = (...loc) =>
  JSON.stringify({
    detail: [
      { type: "extra_forbidden", loc: ["body", ...loc], msg: "Extra inputs are not permitted" },
    ],
  });

const cacheMarks = (source, words) =>
  rule("cache_control", source, (body) => {
    const bad = partsOf(body).find(({ part }) => part.cache_control);
    return bad && words(bad);
  });

const TEXT_ONLY = (source, seeing) =>
  rule("picture", source, (body, { model }) => {
    const known = seeing?.test(model) ? ["text", "image_url"] : ["text"];
    const bad = partsOf(body).find(({ part }) => !known.includes(part.type));
    return (
      bad &&
      `Failed to deserialize the JSON body into the target type: messages[${bad.index}]: unknown variant \`${bad.part.type}\`, expected \`text\` at line 1 column 1`
    );
  });

const SYSTEM_FIRST = rule(
  "system first",
  "ollama/ollama#17774, vllm-project/vllm#41114, looplj/axonhub#1664 at NVIDIA, OmniRoute#12908: templates of Qwen and Llama",
  (body) => {
    const late = messagesOf(body, "system").find(({ index }) => index > 0);
    return late && "System message must be at the beginning.";
  },
);

const NO_DEVELOPER = rule(
  "developer",
  "the vendors' API references: roles are system, user, assistant and tool",
  (body) => {
    const bad = messagesOf(body, "developer")[0];
    return (
      bad &&
      `messages[${bad.index}].role: 'developer' is not one of ['system', 'assistant', 'user', 'tool']`
    );
  },
);

const NAMES = rule(
  "name of a tool",
  "OpenAI API reference, function.name, which the vendor repeats: at most 64 letters, digits, _ and -",
  (body) => {
    const names = [
      ...(body.tools ?? []).map((tool) => tool.function?.name),
      ...callsOf(body).map(({ call }) => call.function?.name),
    ];
    const bad = names.find((name) => !/^[a-zA-Z0-9_-]{1,64}$/.test(name ?? ""));
    return bad !== undefined && `Invalid function name '${bad}'`;
  },
);

const ONLY_FUNCTIONS = rule(
  "only functions",
  "the vendors' API references: tools are functions",
  (body) => {
    const bad = (body.tools ?? []).find(({ type }) => type !== "function");
    return bad && `tools[0].type: unknown variant \`${bad.type}\`, expected \`function\``;
  },
);

const COMMON = [...PROTOCOL, NO_DEVELOPER, ONLY_FUNCTIONS];

const GROQ_MEMBERS =
  /^(logprobs|top_logprobs|logit_bias|thinking|reasoning|top_k|store|metadata|verbosity|prompt_cache_key|safety_identifier)$/;

/** Rules by type of provider. */
export const VENDORS = {
  groq: [
    ...COMMON,
    NAMES,
    cacheMarks(
      "musistudio/claude-code-router#377, yetone/alma-releases#59",
      ({ index, message }) =>
        `'messages.${index}' : for 'role:${message.role}' the following must be satisfied[('messages.${index}.content' : one of the following must be satisfied[('messages.${index}.content' : value must be a string) OR ('messages.${index}.content.0' : property 'cache_control' is unsupported)])]`,
    ),
    rule(
      "unsupported property",
      "fanenr/chatbot#21 (store), musistudio/claude-code-router#1204 (reasoning); Groq docs, OpenAI compatibility (logprobs, logit_bias)",
      (body) => {
        const name = Object.keys(body).find((key) => GROQ_MEMBERS.test(key));
        return name && `property '${name}' is unsupported`;
      },
    ),
    rule(
      "reasoning_content",
      "janhq/jan#8136, NousResearch/hermes-agent#11089, tashfeenahmed/freellmapi#1070",
      (body) => {
        const bad = messagesOf(body, "assistant").find(
          ({ message }) =>
            message.reasoning_content !== undefined || message.reasoning !== undefined,
        );
        return (
          bad &&
          `'messages.${bad.index}' : for 'role:assistant' the following must be satisfied[('messages.${bad.index}' : property 'reasoning_content' is unsupported)]`
        );
      },
    ),
    rule(
      "name of a message",
      "Groq docs, OpenAI compatibility: messages[].name is not supported",
      (body) => {
        const bad = messagesOf(body).find(({ message }) => message.name !== undefined);
        return bad && `'messages.${bad.index}' : property 'name' is unsupported`;
      },
    ),
    rule(
      "reasoning_effort",
      "Groq docs, reasoning: none and default for Qwen 3, low, medium and high for GPT-OSS; no other model",
      (body, { model }) => {
        const effort = body.reasoning_effort;
        if (effort === undefined) return undefined;
        const values = /gpt-oss/.test(model)
          ? ["low", "medium", "high"]
          : /qwen3/.test(model)
            ? ["none", "default"]
            : [];
        if (values.includes(effort)) return undefined;
        return values.length === 0
          ? "`reasoning_effort` is not supported with this model"
          : `\`reasoning_effort\` must be one of ${values.map((value) => `\`${value}\``).join(" or ")}`;
      },
    ),
  ],
  fireworks: [
    ...COMMON,
    cacheMarks(
      "yetone/alma-releases#59, BerriAI/litellm#38790",
      ({ index }) =>
        `Extra inputs are not permitted, field: 'messages[${index}].content.list[ChatMessageContent][0].cache_control', value: {'type': 'ephemeral'}`,
    ),
    rule(
      "thinking and effort",
      "BerriAI/litellm 1.110.2, fireworks: reasoning_effort and thinking never together",
      (body) =>
        body.thinking !== undefined &&
        body.reasoning_effort !== undefined &&
        "Only one of 'thinking' and 'reasoning_effort' may be specified",
    ),
    rule(
      "reasoning_effort",
      "Fireworks docs, reasoning: only models that reason",
      (body, { model }) =>
        body.reasoning_effort !== undefined &&
        /llama/.test(model) &&
        "reasoning_effort is not supported by this model",
    ),
  ],
  mistral: [
    ...COMMON,
    NAMES,
    rule(
      "id of a call",
      "Mistral API: tool call ids are a-z, A-Z, 0-9, of length 9 (many public reports)",
      (body) => {
        const bad = callsOf(body).find(({ call }) => !/^[a-zA-Z0-9]{9}$/.test(call.id));
        return (
          bad && `Tool call id was ${bad.call.id} but must be a-z, A-Z, 0-9, with a length of 9.`
        );
      },
      { form: mistralForm },
    ),
    rule(
      "extra input",
      "charmbracelet/crush#1590, BerriAI/litellm#30835 (reasoning_content), Gage-Technologies/mistral-go#2 (name), vybestack/llxprt-code#114 (stream_options)",
      (body) => {
        const top = [
          "user",
          "store",
          "logit_bias",
          "stream_options",
          "max_completion_tokens",
          "thinking",
          "reasoning",
          "verbosity",
          "service_tier",
          "seed",
          "logprobs",
          "safety_identifier",
        ].find((name) => body[name] !== undefined);
        if (top) return forbidden(top);
        for (const { message, index } of messagesOf(body)) {
          const name = ["reasoning_content", "reasoning", "refusal", "thinking_blocks"].find(
            (key) => message[key] !== undefined,
          );
          if (name) return forbidden("messages", index, message.role, name);
        }
        const marked = partsOf(body).find(({ part }) => part.cache_control);
        return (
          marked &&
          forbidden(
            "messages",
            marked.index,
            marked.message.role,
            "content",
            marked.at,
            "cache_control",
          )
        );
      },
      { status: 422, form: mistralForm },
    ),
    rule(
      "reasoning_effort",
      "Mistral docs, adjustable reasoning: none and high (BerriAI/litellm 1.110.2)",
      (body, { model }) => {
        const effort = body.reasoning_effort;
        if (effort === undefined) return undefined;
        const isAdjustable = /^(mistral-(large-4|medium-3-5|small-4)|devstral)/.test(model);
        if (!isAdjustable) return "reasoning_effort is not supported for this model";
        return (
          !["none", "high"].includes(effort) &&
          `Input should be 'none' or 'high' (reasoning_effort)`
        );
      },
      { form: mistralForm },
    ),
  ],
  moonshot: [
    ...COMMON,
    NAMES,
    rule(
      "thinking disabled",
      "MoonshotAI/Kimi-K2#141, can1357/oh-my-pi#3853",
      (body, { model }) =>
        /^kimi-k2\.7-code/.test(model) &&
        body.thinking?.type === "disabled" &&
        "invalid thinking: only type=enabled is allowed for this model",
    ),
    rule(
      "reasoning_content missing",
      "QuantumNous/new-api#3121, Gitlawb/openclaude#859, Lordymine/opencode-go-cli#7",
      (body, { model }) => {
        if (!/^kimi-(k2-thinking|k2\.[5-9]|k[3-9])/.test(model)) return undefined;
        if (body.thinking?.type === "disabled") return undefined;
        const bad = messagesOf(body, "assistant").find(
          ({ message }) => message.tool_calls?.length > 0 && !message.reasoning_content,
        );
        return (
          bad &&
          `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${bad.index}`
        );
      },
    ),
    rule(
      "temperature",
      "NousResearch/hermes-agent#12566, janhq/jan#7790, Warma10032/VideoAdGuard#34",
      (body, { model }) => {
        if (!/^kimi-(k2-thinking|k2\.[5-9]|k[3-9])/.test(model)) return undefined;
        const only = body.thinking?.type === "disabled" ? 0.6 : 1;
        return (
          body.temperature !== undefined &&
          body.temperature !== only &&
          `invalid temperature: only ${only} is allowed for this model`
        );
      },
    ),
    rule(
      "forced tool",
      "Moonshot docs, tool use with thinking: tool_choice is auto or none",
      (body, { model }) =>
        /^kimi-(k2-thinking|k2\.[5-9]|k[3-9])/.test(model) &&
        body.thinking?.type !== "disabled" &&
        body.tool_choice !== undefined &&
        !["auto", "none"].includes(body.tool_choice) &&
        "tool_choice 'specified' is incompatible with thinking enabled",
    ),
  ],
  zhipuai: [
    ...COMMON,
    rule(
      "user_id",
      "Zhipu API reference, user_id: 6 to 128 characters; ujisati/claude-code-provider-proxy#11",
      (body) => {
        const user = body.user_id ?? body.user;
        return (
          user !== undefined &&
          (user.length < 6 || user.length > 128) &&
          "user_id: The unique ID of the user must be between 6 and 128 characters in length."
        );
      },
    ),
    rule(
      "tool_choice",
      "Zhipu API reference, tool_choice: only auto is supported",
      (body) =>
        body.tool_choice !== undefined &&
        body.tool_choice !== "auto" &&
        "tool_choice: only 'auto' is supported",
    ),
  ],
  deepseek: [
    ...COMMON,
    NAMES,
    TEXT_ONLY(
      "rikkahub/rikkahub#1433, BenedictKing/ccx#95, BigPizzaV3/CodexPlusPlus#631; DeepSeek docs, images: flash models read them",
      /flash|^claude-(haiku|sonnet)/,
    ),
    rule(
      "reasoning_content missing",
      "DeepSeek docs, thinking mode: reasoning_content goes back on turns with tool calls; openai/codex#24500",
      (body, { model }) => {
        if (!/^deepseek-(flash|v4|reasoner)/.test(model) || body.thinking?.type === "disabled")
          return undefined;
        const bad = messagesOf(body, "assistant").find(
          ({ message }) => message.tool_calls?.length > 0 && !message.reasoning_content,
        );
        return (
          bad && "The `reasoning_content` in the thinking mode must be passed back to the API."
        );
      },
    ),
    rule(
      "max_tokens",
      "DeepSeek API reference, max_tokens: deepseek-chat takes 1 to 8192",
      (body, { model }) =>
        model === "deepseek-chat" &&
        body.max_tokens > 8192 &&
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
    ),
  ],
  grok: [
    ...PROTOCOL,
    ONLY_FUNCTIONS,
    rule(
      "reasoning_effort",
      "xAI docs, reasoning: grok-4 has no reasoning_effort, grok-3-mini low and high, grok-4.3 none to high, 4.5 low to high, 4.6 and multi-agent low to xhigh; zed, big-AGI#1104",
      (body, { model }) => {
        const effort = body.reasoning_effort;
        // Of later ones nothing is known.
        if (effort === undefined || /^grok-[5-9]/.test(model)) return undefined;
        const values = /^grok-3-mini/.test(model)
          ? ["low", "high"]
          : /^grok-4\.3/.test(model)
            ? ["none", "low", "medium", "high"]
            : /^grok-4\.5/.test(model)
              ? ["low", "medium", "high"]
              : /multi-agent|^grok-4\.6/.test(model)
                ? ["low", "medium", "high", "xhigh"]
                : [];
        return !values.includes(effort) && `Argument not supported on this model: reasoningEffort`;
      },
    ),
    rule(
      "stop and penalties",
      "xAI docs, reasoning: presencePenalty, frequencyPenalty and stop are refused",
      (body, { model }) => {
        if (!/^grok-(4|3-mini|code)/.test(model)) return undefined;
        const name = ["presence_penalty", "frequency_penalty", "stop"].find(
          (key) => body[key] !== undefined && body[key] !== null,
        );
        return name && `Argument not supported on this model: ${name}`;
      },
    ),
  ],
  ollama: [...PROTOCOL, SYSTEM_FIRST],
  vllm: [...PROTOCOL, SYSTEM_FIRST],
  nvidia: [...COMMON, SYSTEM_FIRST],
  doubao: [
    ...COMMON,
    rule(
      "user too long",
      "maximhq/bifrost#1000 and reports on Doubao: at most 128",
      (body) =>
        body.user?.length > 128 &&
        "The parameter `user` specified in the request is not valid: at most 128 characters",
    ),
  ],
  openrouter: [
    ...PROTOCOL,
    rule(
      "user too long",
      "maximhq/bifrost#1000, OpenRouter: at most 128",
      (body) => body.user?.length > 128 && "user: String must contain at most 128 character(s)",
    ),
  ],
  cerebras: [
    ...COMMON,
    cacheMarks(
      "BerriAI/litellm#38790, musistudio/claude-code-router#377",
      ({ index, message }) =>
        `messages.${index}.${message.role}.content: property 'messages.${index}.${message.role}.content.0.cache_control' is unsupported`,
    ),
    rule("reasoning_content", "Kilo-Org/kilocode#10375", (body) => {
      const bad = messagesOf(body, "assistant").find(
        ({ message }) => message.reasoning_content !== undefined,
      );
      return (
        bad &&
        `messages.${bad.index}.assistant.reasoning_content: property 'messages.${bad.index}.assistant.reasoning_content' is unsupported`
      );
    }),
    rule(
      "reasoning_effort",
      "Cerebras docs, reasoning: only models that reason",
      (body, { model }) =>
        body.reasoning_effort !== undefined &&
        /llama/.test(model) &&
        "reasoning_effort: property 'reasoning_effort' is unsupported",
    ),
  ],
  usual: COMMON,
};
