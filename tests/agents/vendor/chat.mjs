/** Chat completions of the vendors that speak OpenAI's protocol, with the peculiarities of each. */
import { parts, sse } from "./wire.mjs";

/** The member with a vendor's reasoning. Vendors not listed do not return any. */
const REASONING = {
  deepseek: "reasoning_content",
  moonshot: "reasoning_content",
  zhipuai: "reasoning_content",
  qwen: "reasoning_content",
  doubao: "reasoning_content",
  fireworks: "reasoning_content",
  longcat: "reasoning_content",
  minimax: "reasoning_content",
  groq: "reasoning",
  ollama: "reasoning",
  vllm: "reasoning",
  openrouter: "reasoning",
  cerebras: "reasoning",
};

/** The formats of vendors' call ids. `n` counts the calls of a session. */
const IDS = {
  moonshot: (n, name) => `functions.${name}:${n - 1}`,
  mistral: (n) => `Ab${String(n).padStart(7, "0")}`,
  vllm: (n) => `chatcmpl-tool-${String(n).padStart(32, "0")}`,
};

/** Vendors that send each call in one piece, and all of them with index 0. Source: ollama/ollama, openai_compat. */
const SAME_INDEX = new Set(["ollama"]);

/**
 * The last event of a stream. `wanted`: whether the usage is asked for. Sources: streams of Mistral's API, whose last
 * choice comes with the usage unasked; MiniMax API reference, `chatcompletion_v2`: a whole completion at the end, with
 * the sum of the tokens alone unless `stream_options.include_usage` asks for more.
 */
const ENDS = {
  mistral: ({ chunk, reason, tokens }) => [{ ...chunk({}, reason), usage: tokens }],
  minimax({ chunk, head, reason, tokens, message, wanted }) {
    const usage = wanted ? tokens : { total_tokens: tokens.total_tokens };
    const choices = [{ index: 0, finish_reason: reason, message }];
    const base_resp = { status_code: 0, status_msg: "" };
    const whole = { ...head, object: "chat.completion", choices, usage, base_resp };
    return [chunk({}, reason), whole];
  },
};
const usualEnd = ({ chunk, reason, tokens, wanted }) => [
  chunk({}, reason),
  ...(wanted ? [{ ...chunk({}), choices: [], usage: tokens }] : []),
];

export function read(body) {
  return {
    tools: (body.tools ?? []).map((tool) => (tool.function ?? tool.custom).name),
    stream: body.stream === true,
    turns: (body.messages ?? []).map((message) => ({
      role: message.role === "tool" ? "user" : message.role,
      text: message.role === "tool" ? "" : parts(message.content, "text"),
      results: message.role === "tool" ? [{ text: parts(message.content, "text") }] : [],
      calls: (message.tool_calls ?? []).map(({ function: called, custom }) => ({
        name: (called ?? custom).name,
        input: called ? called.arguments : custom.input,
      })),
      images: Array.isArray(message.content)
        ? message.content
            .filter(({ type }) => type === "image_url")
            .map((part) => part.image_url.url)
        : [],
      thinking: [message.reasoning_content ?? message.reasoning ?? ""].filter(Boolean),
    })),
  };
}

export function write({ thinking, text, calls, usage }, { vendor, model, body, mint }) {
  const member = REASONING[vendor];
  const thoughts = thinking && member ? { [member]: thinking } : {};
  const tool_calls = calls.map(({ name, input }, index) => ({
    index: SAME_INDEX.has(vendor) ? 0 : index,
    id: (IDS[vendor] ?? ((n) => `call_${String(n).padStart(24, "x")}`))(mint(), name),
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
  const finish_reason = calls.length > 0 ? "tool_calls" : "stop";
  const head = { id: `chatcmpl-${mint()}`, created: 1_700_000_000, model };
  const tokens = {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: 0 },
  };
  const message = { role: "assistant", content: text ?? null, ...thoughts };
  if (calls.length > 0) message.tool_calls = tool_calls.map(({ index: _, ...call }) => call);
  if (!body.stream) {
    return {
      type: "application/json",
      pieces: [
        JSON.stringify({
          ...head,
          object: "chat.completion",
          choices: [{ index: 0, message, finish_reason }],
          usage: tokens,
        }),
      ],
    };
  }
  const chunk = (delta, reason = null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  const deltas = [{ role: "assistant", content: "" }];
  if (thinking && member) deltas.push({ [member]: thinking });
  for (const piece of text?.match(/.{1,12}/gsu) ?? []) deltas.push({ content: piece });
  for (const call of tool_calls) {
    if (SAME_INDEX.has(vendor)) {
      deltas.push({ tool_calls: [call] });
      continue;
    }
    const { index, function: called } = call;
    deltas.push({ tool_calls: [{ ...call, function: { name: called.name, arguments: "" } }] });
    for (const piece of called.arguments.match(/.{1,16}/gsu))
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  const wanted = body.stream_options?.include_usage === true;
  const end = { chunk, head, reason: finish_reason, tokens, message, wanted };
  const events = [...deltas.map((delta) => chunk(delta)), ...(ENDS[vendor] ?? usualEnd)(end)];
  return {
    type: "text/event-stream",
    pieces: [...events.map((event) => sse(event)), "data: [DONE]\n\n"],
  };
}
