/**
 * A conversation that is too long is said in words on which agents act, whoever says it: Claude Code compacts
 * on Anthropic's sentence, Codex on OpenAI's code. Vendors' words are from their documents and public
 * reports (musistudio/claude-code-router#1799, #1292).
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
];
const CONFIG = { bedrock: { awsRegion: "us-east-1" }, vllm: { vllmCustomUrl: "llm.internal/v1" } };

function failed(type, path, error) {
  const provider = { type, apiTokens: ["k"], responsesAsChat: true, ...CONFIG[type] };
  const bodies = {
    "/v1/messages": { model: "m", max_tokens: 9, messages: [{ role: "user", content: "x" }] },
    "/v1/responses": { model: "m", input: "x" },
  };
  const body = bodies[path] ? JSON.stringify(bodies[path]) : chatBody();
  return exchange(
    [plugin("ai-proxy", { provider })],
    { path, body },
    jsonUpstream(error, { status: 400 }),
  );
}

describe("a conversation that is too long", () => {
  for (const [type, error, numbers] of VENDORS) {
    const said = error.error?.message ?? error.message;
    it(`${type}: ${said.slice(0, 40)}… for Claude Code`, () => {
      const { received, json } = failed(type, "/v1/messages", error);
      assert.equal(received.status, 400);
      assert.equal(json.error.type, "invalid_request_error");
      assert.equal(json.error.message, `prompt is too long: ${numbers ?? said}`);
    });

    it(`${type}: ${said.slice(0, 40)}… for Codex`, () => {
      const { received, json } = failed(type, "/v1/responses", error);
      assert.equal(received.status, 400);
      assert.equal(json.error.message, said);
      assert.equal(json.error.code, "context_length_exceeded");
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
});
