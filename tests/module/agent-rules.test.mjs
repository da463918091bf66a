/**
 * Rules about requests and answers of agents, one at a time; what the strict vendors refuse is held for all
 * types in agents.test.mjs. Sources stand beside the tests.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DESTINATIONS } from "../strict/index.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

for (const build of BUILDS) {
  const start = (type, more) =>
    plugin("ai-proxy", { provider: { type, apiTokens: ["k"], ...more } }, { build });
  /** What a vendor is sent. */
  const sent = (type, path, body, more) => {
    const upstream = jsonUpstream({});
    const { text } = exchange(
      [start(type, more)],
      { path, body: JSON.stringify({ model: "m", ...body }) },
      upstream,
    );
    assert.equal(upstream.requests.length, 1, text);
    return JSON.parse(upstream.requests[0].body);
  };
  const ofMessages = (type, body) => sent(type, "/v1/messages", { max_tokens: 99, ...body });
  const ofResponses = (type, body, more) => sent(type, "/v1/responses", body, more);
  const hi = { role: "user", content: "hi" };

  describe(`tools that are deferred (${build})`, () => {
    const tool = (name, more) => ({ name, input_schema: { type: "object" }, ...more });
    const deferred = (name) => tool(name, { defer_loading: true });
    const namesOf = (body) => body.tools.map(({ function: { name } }) => name);

    // Anthropic's document on tool search: deferred tools are hidden until they are referenced.
    it("are hidden while nothing names them", () => {
      const tools = [tool("a"), deferred("b")];
      const body = ofMessages("groq", { tools, messages: [hi] });
      assert.deepEqual(namesOf(body), ["a"]);
      assert.ok(!JSON.stringify(body).includes("defer_loading"));
    });

    it("are all declared where there are no others", () => {
      const body = ofMessages("groq", { tools: [deferred("a"), deferred("b")], messages: [hi] });
      assert.deepEqual(namesOf(body), ["a", "b"]);
    });

    // Types of @anthropic-ai/sdk: tool_addition and tool_removal within a system message.
    it("come and go with what the system says in mid-conversation, whose text stays", () => {
      const says = (...content) => ({ role: "system", content });
      const definition = tool("late", { description: "d" });
      const added = { type: "tool_addition", tool: { type: "tool_definition", definition } };
      const named = { type: "tool_addition", tool: { type: "tool_reference", name: "b" } };
      const removed = { type: "tool_removal", tool: { type: "tool_reference", name: "a" } };
      const text = { type: "text", text: "Look." };
      const body = ofMessages("groq", {
        tools: [tool("a"), deferred("b")],
        messages: [
          hi,
          says(added, named, text),
          { role: "assistant", content: "x" },
          hi,
          says(removed),
        ],
      });
      assert.deepEqual(namesOf(body), ["b", "late"]);
      assert.match(JSON.stringify(body.messages), /Look\./);
    });
  });

  describe(`reasoning and turns (${build})`, () => {
    // openai/codex#24500: DeepSeek wants reasoning back, Codex may have a summary alone.
    it("a summary is the reasoning where there is nothing else", () => {
      const { messages } = ofResponses("deepseek", {
        model: "deepseek-v4",
        input: [
          hi,
          { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }], content: null },
          { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
          { type: "function_call_output", call_id: "a", output: "R" },
        ],
      });
      assert.equal(messages[1].reasoning_content, "Hm.");
    });

    // UKGovernmentBEIS/inspect_ai#3721: from 4.6 on no answer is begun by the client.
    it("an answer that the client has begun is gone on with by a user's turn", () => {
      const begun = [hi, { role: "assistant", content: "So" }];
      const path = "/v1/chat/completions";
      for (const [model, last] of [
        ["claude-sonnet-4-6", "user"],
        ["claude-sonnet-4-5", "assistant"],
      ]) {
        const { messages } = sent("claude", path, { model, max_tokens: 9, messages: begun });
        assert.equal(messages.at(-1).role, last, model);
      }
    });
  });

  describe(`identifiers of calls that come twice (${build})`, () => {
    const call = (id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const calls = (...ids) => ({ role: "assistant", content: null, tool_calls: ids.map(call) });
    const result = (id, content) => ({ role: "tool", tool_call_id: id, content });
    const messages = [
      hi,
      calls("a", "a", "b"),
      result("a", "R1"),
      result("a", "R2"),
      result("b", "R3"),
      hi,
      calls("a", "a_1"),
      result("a", "R4"),
      result("a_1", "R5"),
    ];
    const path = "/v1/chat/completions";

    // musistudio/claude-code-router#1808: `tool_use` ids must be unique.
    it("are distinguished where each may come once, and results stay with their calls", () => {
      const { messages: told } = sent("claude", path, { model: "claude-opus-4-5", messages });
      const blocks = told.flatMap(({ content }) => content);
      const ids = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => id);
      assert.equal(new Set(ids).size, 5, ids.join(" "));
      const results = blocks.filter(({ type }) => type === "tool_result");
      assert.deepEqual(
        results.map((block) => block.tool_use_id),
        ids,
      );
      assert.deepEqual(
        results.map(({ content }) => content),
        ["R1", "R2", "R3", "R4", "R5"],
      );
    });

    it("stay where nobody minds", () => {
      assert.deepEqual(sent("groq", path, { messages }).messages, messages);
    });
  });

  describe(`tools in namespaces (${build})`, () => {
    // openai/codex#36942: calls are looked up by namespace and name.
    it("have names apart, whatever they are called", () => {
      const child = (name) => ({ type: "function", name, parameters: { type: "object" } });
      const long = "n".repeat(60);
      const spaces = ["mcp__a", "mcp__b", long];
      const tools = spaces.map((name) => ({ type: "namespace", name, tools: [child("read")] }));
      let told;
      const { json } = exchange(
        [start("deepseek")],
        { path: "/v1/responses", body: JSON.stringify({ model: "m", input: "hi", tools }) },
        (request) => {
          told = JSON.parse(request.body).tools.map(({ function: { name } }) => name);
          const tool_calls = told.map((name, id) => ({
            id: `c${id}`,
            type: "function",
            function: { name, arguments: "{}" },
          }));
          const choice = { index: 0, finish_reason: "tool_calls", message: { tool_calls } };
          const answer = { id: "c", object: "chat.completion", choices: [choice] };
          return {
            headers: { "content-type": "application/json" },
            chunks: [JSON.stringify(answer)],
          };
        },
      );
      assert.equal(new Set(told).size, 3);
      for (const name of told) assert.match(name, /^[\w-]{1,64}$/);
      assert.deepEqual(
        json.output.map(({ namespace, name }) => [namespace, name]),
        spaces.map((space) => [space, "read"]),
      );
    });
  });

  describe(`refusals and ends (${build})`, () => {
    // better-ccflare#236, headroomlabs-ai/headroom#1495: clients wait as these headers say.
    it("words on which clients wait reach them", () => {
      for (const status of [429, 503, 529]) {
        const headers = { "retry-after": "7", "x-should-retry": "true" };
        const error = { error: { message: "busy", type: "x" } };
        const { received } = exchange(
          [start("groq")],
          {
            path: "/v1/messages",
            body: JSON.stringify({ model: "m", max_tokens: 9, messages: [hi] }),
          },
          jsonUpstream(error, { status, headers }),
        );
        assert.equal(received.status, status);
        assert.equal(received.headers.get("retry-after"), "7");
        assert.equal(received.headers.get("x-should-retry"), "true");
      }
    });

    /**
     * Claude Code takes back what a vendor refuses in words that it knows, at the price of a request. ai-proxy makes
     * these fit, so that there are no refusals of its own, not even of a strict translation, that would need them.
     */
    const TAKEN_BACK = {
      "instructions in mid-conversation": {
        messages: [hi, { role: "system", content: "note" }],
      },
      "an effort": { output_config: { effort: "max" } },
      "adaptive thinking": { thinking: { type: "adaptive", display: "omitted" } },
      "what becomes of former thoughts": {
        thinking: { type: "adaptive" },
        context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
      },
      "tools that were found": {
        tools: [{ name: "f", input_schema: { type: "object" }, defer_loading: true }],
        messages: [
          hi,
          { role: "assistant", content: [{ type: "tool_use", id: "t", name: "s", input: {} }] },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                tool_use_id: "t",
                content: [{ type: "tool_reference", tool_name: "f" }],
              },
            ],
          },
        ],
      },
      "thoughts that nobody has signed": {
        messages: [
          hi,
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "hm", signature: "" },
              { type: "text", text: "A" },
            ],
          },
          hi,
        ],
      },
    };
    for (const [what, members] of Object.entries(TAKEN_BACK)) {
      it(`${what}: nobody has to take it back`, () => {
        for (const [name, { type = name, models, config }] of Object.entries(DESTINATIONS)) {
          const provider = { type, apiTokens: ["k"], strictTranslation: true, ...config };
          const proxy = plugin("ai-proxy", { provider }, { build });
          const upstream = jsonUpstream({});
          const body = { model: models.at(-1), max_tokens: 9000, messages: [hi], ...members };
          const { text } = exchange(
            [proxy],
            { path: "/v1/messages", body: JSON.stringify(body) },
            upstream,
          );
          assert.equal(upstream.requests.length, 1, `${name}: ${text}`);
        }
      });
    }

    // Dify's API reference, message_replace: moderation has replaced what was said.
    it("an answer that Dify has taken back is no proper end", () => {
      const event = (members) => `data: ${JSON.stringify({ message_id: "m", ...members })}\n\n`;
      const { text } = exchange(
        [start("dify", { botType: "Chat" })],
        { body: JSON.stringify({ model: "m", stream: true, messages: [hi] }) },
        () => ({
          headers: { "content-type": "text/event-stream" },
          chunks: [
            event({ event: "message", answer: "bad" }),
            event({ event: "message_replace", answer: "I cannot say that." }),
            event({ event: "message_end" }),
          ],
        }),
      );
      assert.match(text, /"finish_reason":"content_filter"/);
      assert.ok(!text.includes('"finish_reason":"stop"'));
    });
  });
}
