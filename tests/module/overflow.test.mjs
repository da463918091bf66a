/**
 * A conversation that is too long is said in words on which agents act, whoever says it: Claude Code compacts
 * on Anthropic's sentence, Codex on OpenAI's code. Vendors' words are from their documents (Qianfan's and
 * Zhipu's lists of errors), public reports (musistudio/claude-code-router#1799, #1292) and the lists that pi and
 * opencode keep (badlogic/pi-mono, packages/ai/src/utils/overflow.ts).
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chatBody, exchange, jsonUpstream, plugin } from "./support.mjs";

const openAi = (message, code = null) => ({
  error: { message, type: "invalid_request_error", param: "messages", code },
});
const LONG =
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 150321 tokens.";
const VENDORS = [
  ["groq", openAi(LONG, "context_length_exceeded"), "150321 tokens > 128000 maximum"],
  [
    "groq",
    openAi("Please reduce the length of the messages or completion.", "context_length_exceeded"),
  ],
  [
    "mistral",
    {
      object: "error",
      message:
        "Prompt contains 40000 tokens, which is too large for model with 32768 maximum context length",
      type: "invalid_request_message_order",
      code: "3051",
    },
    "40000 tokens > 32768 maximum",
  ],
  [
    "vllm",
    openAi(
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
      400,
    ),
    "9000 tokens > 8192 maximum",
  ],
  [
    "gemini",
    {
      error: {
        code: 400,
        message:
          "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        status: "INVALID_ARGUMENT",
      },
    },
    "1200000 tokens > 1048576 maximum",
  ],
  ["bedrock", { message: "Input is too long for requested model." }],
  [
    "qwen",
    openAi(
      "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
      "invalid_parameter_error",
    ),
  ],
  [
    "cloudflare",
    {
      success: false,
      errors: [
        {
          code: 5021,
          message:
            "AiError: The estimated number of input and maximum output tokens (35000) exceeded this model context window limit (24000)",
        },
      ],
    },
    "35000 tokens > 24000 maximum",
  ],
  [
    "together-ai",
    openAi(
      "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens and 512 `max_new_tokens`",
    ),
    "9000 tokens > 8193 maximum",
  ],
  [
    "siliconflow",
    {
      code: 20015,
      message: "length of prompt_tokens (35000) must be less than max_seq_len (32768).",
    },
    "35000 tokens > 32768 maximum",
  ],
  ["baidu", openAi("Prompt tokens too long", "tokens_too_long")],
  ["baidu", openAi("the max input characters is 516096", "characters_too_long")],
  ["zhipuai", { error: { code: "1261", message: "Prompt 超长" } }],
  [
    "deepinfra",
    openAi("Requested input length 13456 exceeds maximum input length 8192"),
    "13456 tokens > 8192 maximum",
  ],
  ["ollama", openAi("prompt too long; exceeded max context length by 4 tokens")],
  ["ollama", openAi("the input length exceeds the context length")],
  [
    "vllm",
    openAi(
      "You passed 9001 input tokens and requested 1 output tokens. However, the model's context length is only 8192 tokens.",
    ),
    "9001 tokens > 8192 maximum",
  ],
  [
    "openai",
    {
      error:
        "Trying to keep the first 5070 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough",
    },
    "5070 tokens > 4096 maximum",
  ],
  ["openai", openAi("The number of tokens to keep is greater than the context length.")],
  [
    "openai",
    openAi("Input tokens exceed the configured limit of 922000 tokens. It has 926618 tokens."),
    "926618 tokens > 922000 maximum",
  ],
  [
    "github",
    openAi(
      "Request body too large for gpt-4o model. Max size: 8000 tokens.",
      "tokens_limit_reached",
    ),
  ],
  [
    "cohere",
    {
      message:
        "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.",
    },
    "4292 tokens > 4081 maximum",
  ],
  [
    "doubao",
    openAi("Total tokens of image and text exceed max message tokens.", "InvalidParameter"),
  ],
  ["bedrock", { message: "Number of input tokens exceeds maximum length." }],
  ["modelscope", { errors: { message: "Range of input length should be [1, 98304]" } }],
];
const CONFIG = {
  bedrock: { awsRegion: "us-east-1" },
  vllm: { vllmCustomUrl: "llm.internal/v1" },
  cloudflare: { cloudflareAccountId: "a" },
  ollama: { ollamaServerHost: "llm.internal" },
};
const saidIn = ({ error, errors, message }) =>
  error?.message ?? error ?? errors?.[0]?.message ?? errors?.message ?? message;

function failed(type, path, error, status = 400) {
  const provider = { type, apiTokens: ["k"], responsesAsChat: true, ...CONFIG[type] };
  const bodies = {
    "/v1/messages": { model: "m", max_tokens: 9, messages: [{ role: "user", content: "x" }] },
    "/v1/responses": { model: "m", input: "x" },
  };
  const body = bodies[path] ? JSON.stringify(bodies[path]) : chatBody();
  return exchange(
    [plugin("ai-proxy", { provider })],
    { path, body },
    jsonUpstream(error, { status }),
  );
}

describe("a conversation that is too long", () => {
  for (const [type, error, numbers] of VENDORS) {
    const said = saidIn(error);
    it(`${type}: ${said.slice(0, 40)}… for Claude Code`, () => {
      const { received, json } = failed(type, "/v1/messages", error);
      assert.equal(received.status, 400);
      assert.equal(json.error.type, "invalid_request_error");
      assert.equal(json.error.message, `prompt is too long: ${numbers ?? said}`);
    });

    it(`${type}: ${said.slice(0, 40)}… for Codex`, () => {
      const { received, json } = failed(type, "/v1/responses", error);
      assert.equal(received.status, 400);
      assert.ok(json.error.message.endsWith(said));
      assert.equal(json.error.code, "context_length_exceeded");
    });

    // langchain-ai/langchainjs, _isOpenAIContextOverflowError: words of OpenAI's, because its library leaves out the code
    it(`${type}: ${said.slice(0, 40)}… for LangChain`, () => {
      const { json } = failed(type, "/v1/chat/completions", error);
      if (json.error.code === error.error?.code) assert.deepEqual(json, error);
      else assert.match(json.error.message, /exceeds the context window|maximum context length/);
    });
  }

  it("nothing else is called so", () => {
    const { json } = failed(
      "groq",
      "/v1/messages",
      openAi("max_tokens must be at most 32768, not 64000"),
    );
    assert.equal(json.error.message, "max_tokens must be at most 32768, not 64000");
  });

  // BedrockRuntime's throttling; its words are those of a long prompt.
  it("a limit on the rate of tokens is not a full context", () => {
    const words = "Too many tokens: please reduce the length of the messages, or wait.";
    assert.equal(failed("groq", "/v1/messages", openAi(words), 429).json.error.message, words);
    const { error } = failed("groq", "/v1/chat/completions", openAi(words), 429).json;
    assert.equal(error.code, null);
  });
});
