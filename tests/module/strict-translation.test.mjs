/**
 * `strictTranslation`: a chat request is refused exactly when its translation would leave something out,
 * for every vendor with a protocol of its own.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { exchange, jsonUpstream, plugin } from "./support.mjs";

const FOLDER = join(ROOT, "tests/fixtures/dialects");
const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

/** Members with values that mean something. */
const MEMBERS = {
  max_tokens: 5000,
  max_completion_tokens: 5000,
  temperature: 0.5,
  top_p: 0.5,
  top_k: 3,
  seed: 7,
  stop: "X",
  n: 2,
  logprobs: true,
  top_logprobs: 2,
  frequency_penalty: 0.5,
  presence_penalty: 0.5,
  logit_bias: { 1: 1 },
  response_format: {
    type: "json_schema",
    json_schema: { name: "n", schema: { type: "object" } },
  },
  reasoning_effort: "high",
  reasoning_max_tokens: 2048,
  thinking: { type: "enabled", budget_tokens: 2048 },
  tools: [tool],
  tool_choice: "required",
  parallel_tool_calls: false,
  functions: [{ name: "f" }],
  web_search_options: { search_context_size: "low" },
  prediction: { type: "content", content: "x" },
  audio: { voice: "v" },
  verbosity: "low",
  made_up: 1,
};
/** Values that say nothing, or concern the sender alone. */
const HARMLESS = {
  n: 1,
  logprobs: false,
  frequency_penalty: 0,
  parallel_tool_calls: true,
  response_format: { type: "text" },
  logit_bias: null,
  metadata: { a: "b" },
  store: true,
  stream_options: { include_usage: true },
};
/** What counts only together with others. */
const TOGETHER = { tool_choice: { tools: [tool] }, parallel_tool_calls: { tools: [tool] } };
const MODELS = {
  bedrock: "anthropic.claude-sonnet-4-5",
  claude: "claude-sonnet-4-5",
  gemini: "gemini-2.5-pro",
  "qwen-native": "qwen3",
};
/** What some have become before they are judged. */
const LATER = { max_completion_tokens: "max_tokens", functions: "tools" };
const WORDS = { "qwen-native": { reasoning_effort: "none" } };

for (const file of readdirSync(FOLDER)) {
  const { default: fixture } = await import(join(FOLDER, file));
  const name = file.replace(".mjs", "");

  describe(`strict translation for ${name}`, () => {
    const start = (strictTranslation) =>
      plugin(
        "ai-proxy",
        {
          provider: {
            type: fixture.type ?? name,
            apiTokens: ["k"],
            ...fixture.config,
            strictTranslation,
          },
        },
        { now: () => 1_700_000_000_000 },
      );
    const strict = start(true);
    const lax = start(false);
    const ask = (proxy, members) => {
      const upstream = jsonUpstream({});
      const messages = [{ role: "user", content: "hi" }];
      const body = JSON.stringify({ model: MODELS[name] ?? "m", messages, ...members });
      const stream = exchange([proxy], { body }, upstream);
      return { stream, sent: upstream.requests[0]?.body.toString() };
    };

    it("refuses what is lost, and nothing else", () => {
      const words = { ...MEMBERS, ...WORDS[name] };
      for (const [member, value] of Object.entries(words)) {
        let more = TOGETHER[member] ?? {};
        // Where there are no tools at all, a choice of them says nothing either.
        if (ask(lax, more).sent === ask(lax, {}).sent) more = {};
        const base = ask(lax, more).sent;
        const { sent } = ask(lax, { ...more, [member]: value });
        if (base === undefined || sent === undefined) continue;
        const judged = ask(strict, { ...more, [member]: value });
        const isLost = sent === base;
        assert.equal(judged.sent === undefined, isLost, `${member}: ${sent}`);
        if (!isLost) continue;
        assert.equal(judged.stream.received.status, 400);
        const { message } = judged.stream.json.error;
        const names = [member, LATER[member]];
        assert.ok(
          names.some((name) => message === `${name} cannot be sent to this provider`),
          `${member}: ${message}`,
        );
      }
    });

    it("takes what has no effect", () => {
      const { sent, stream } = ask(strict, HARMLESS);
      assert.ok(sent, stream.text);
    });
  });
}

describe("strict translation", () => {
  const ask = (type, request) => {
    const upstream = jsonUpstream({});
    const provider = { type, apiTokens: ["k"], strictTranslation: true };
    const stream = exchange([plugin("ai-proxy", { provider })], request, upstream);
    return upstream.requests.length === 1 ? "sent" : stream.json.error.message;
  };
  const messages = [{ role: "user", content: "hi" }];

  it("does not concern what vendors of OpenAI's protocol are sent as it is", () => {
    const chat = { body: JSON.stringify({ model: "m", messages, made_up: 1 }) };
    assert.equal(ask("stepfun", chat), "sent");
  });

  it("judges clients of other protocols by what the model would not know", () => {
    const message = (members, model = "m") => ({
      path: "/v1/messages",
      body: JSON.stringify({ model, max_tokens: 5, messages, ...members }),
    });
    const lost = (name) => `${name} cannot be sent to this provider`;
    assert.equal(ask("gemini", message({ container: "c" })), lost("container"));
    const screen = { tools: [{ type: "computer_20251124", name: "computer" }] };
    assert.equal(ask("gemini", message(screen)), lost("tools"));
    const bash = { tools: [{ type: "bash_20250124", name: "bash" }] };
    assert.equal(ask("gemini", message(bash)), "sent");
    const source = { type: "base64", media_type: "image/png", data: "QQ==" };
    const picture = { messages: [{ role: "user", content: [{ type: "image", source }] }] };
    assert.equal(ask("moonshot", message(picture)), "sent");
    const path = "/v1/responses";
    const content = [{ type: "input_image", image_url: "data:image/png;base64,QQ==" }];
    const response = { model: "m", input: [{ role: "user", content }] };
    assert.equal(ask("deepseek", { path, body: JSON.stringify(response) }), lost("image_url"));
    // What the client runs itself is never lost: Codex' freeform tools and namespaces become functions.
    const codex = JSON.parse(
      readFileSync(join(ROOT, "tests/fixtures/agents/codex-gpt5.6-additional-tools.json"), "utf8"),
    );
    assert.equal(ask("moonshot", { path, body: JSON.stringify(codex.body) }), "sent");
    // What the model does without is no reason.
    const hosted = { tools: [{ type: "web_search_20250305", name: "web_search" }] };
    assert.equal(ask("gemini", message({ ...hosted, output_config: { effort: "max" } })), "sent");
  });
});
