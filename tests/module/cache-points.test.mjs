/** Cache points on Bedrock: `promptCacheRetention` and its positions, by the cases of the Go plugin's tests. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";

const CLAUDE = "anthropic.claude-3-5-haiku-20241022-v1:0";
const ANSWER = {
  output: { message: { role: "assistant", content: [{ text: "Hi" }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};
const SYSTEM = { role: "system", content: "You are a helpful assistant." };
const USER = { role: "user", content: "Hello" };
const POINT = { cachePoint: { type: "default" } };
const HOUR = { cachePoint: { type: "default", ttl: "1h" } };
const NAME = "bedrockPromptCachePointPositions";

for (const build of BUILDS) {
  const ask = (config, members, model = CLAUDE) => {
    const provider = {
      type: "bedrock",
      apiTokens: ["key-1"],
      awsRegion: "us-east-1",
      modelMapping: { "*": model },
      ...config,
    };
    const proxy = plugin("ai-proxy", { provider }, { build });
    assert.ok(proxy.accepted, proxy.vm.logText());
    const upstream = jsonUpstream(ANSWER);
    const path = "/v1/chat/completions";
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ model: "gpt-4", messages: [SYSTEM, USER], ...members });
    exchange([proxy], { path, headers, body }, upstream);
    return JSON.parse(upstream.requests[0].body);
  };
  const texts = (blocks) => blocks.filter((block) => block.text !== undefined).length;

  describe(`cache points of Bedrock (${build})`, () => {
    for (const word of ["in-memory", "in_memory", "inmemory", " in memory ", "IN_MEMORY"]) {
      it(`${JSON.stringify(word)}: one behind the system prompt, without a time`, () => {
        const body = ask({}, { prompt_cache_retention: word, prompt_cache_key: "session-001" });
        assert.deepEqual(body.system, [{ text: SYSTEM.content }, POINT]);
        assert.deepEqual(body.messages, [{ role: "user", content: [{ text: "Hello" }] }]);
        assert.ok(!("prompt_cache_retention" in body) && !("prompt_cache_key" in body));
      });
    }

    it("24h: for an hour", () => {
      assert.deepEqual(ask({}, { prompt_cache_retention: "24h" }).system[1], HOUR);
    });

    it("the provider's value holds where the request has none, and the request's wins", () => {
      const config = { promptCacheRetention: "in-memory" };
      assert.deepEqual(ask(config).system[1], POINT);
      assert.deepEqual(ask(config, { prompt_cache_retention: "24h" }).system[1], HOUR);
      assert.equal(ask(config, { prompt_cache_retention: "2h" }).system.length, 1);
      assert.deepEqual(ask({ promptCacheRetention: "24h" }).system[1], HOUR);
    });

    it("no value, an empty one and an unknown one: no points", () => {
      for (const word of [undefined, "", "2h"])
        assert.equal(ask({}, { prompt_cache_retention: word }).system.length, 1, word);
      expectLog(/promptCacheRetention: is not one of in_memory and 24h/);
      assert.equal(ask({ promptCacheRetention: "1h" }).system.length, 1);
    });

    it("positions that are configured", () => {
      const positions = { systemPrompt: true, lastUserMessage: true, lastMessage: false };
      const messages = [SYSTEM, USER, { role: "assistant", content: "Previous answer" }];
      const members = { messages, prompt_cache_retention: "in_memory" };
      const body = ask({ [NAME]: positions }, members);
      assert.deepEqual(body.system[1], POINT);
      assert.deepEqual(body.messages[0].content, [{ text: "Hello" }, POINT]);
      assert.deepEqual(body.messages[1].content, [{ text: "Previous answer" }]);
      const last = ask({ [NAME]: { last_message: "true", "SYSTEM-PROMPT": false } }, members);
      assert.equal(last.system.length, 1);
      assert.deepEqual(last.messages[1].content, [{ text: "Previous answer" }, POINT]);
      assert.equal(last.messages[0].content.length, 1);
      expectLog(/middle is not one of systemPrompt, lastUserMessage, lastMessage/);
      const none = ask({ [NAME]: { middle: true } }, members);
      assert.doesNotMatch(JSON.stringify(none), /cachePoint/);
    });

    it("positions that name one message give one point", () => {
      const config = { [NAME]: { systemPrompt: false, lastUserMessage: true, lastMessage: true } };
      const members = { prompt_cache_retention: "in_memory" };
      const body = ask(config, { ...members, messages: [USER] });
      assert.ok(!("system" in body));
      assert.deepEqual(body.messages[0].content, [{ text: "Hello" }, POINT]);
      // A client's own mark at the place is that point, too.
      const part = { type: "text", text: "Hello", cache_control: { type: "ephemeral" } };
      const marked = ask(config, { ...members, messages: [{ role: "user", content: [part] }] });
      assert.deepEqual(marked.messages[0].content, [{ text: "Hello" }, POINT]);
    });

    it("results of tools are the user's, and their point follows the last of them", () => {
      const call = (id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
      const messages = [
        USER,
        { role: "assistant", content: null, tool_calls: [call("a"), call("b")] },
        { role: "tool", tool_call_id: "a", content: "A" },
        { role: "tool", tool_call_id: "b", content: "B" },
      ];
      const config = { [NAME]: { lastUserMessage: true, lastMessage: true } };
      const body = ask(config, { messages, prompt_cache_retention: "24h" });
      assert.deepEqual(body.messages[2].content[2], HOUR);
      assert.equal(JSON.stringify(body).split("cachePoint").length, 2);
    });

    it("models that keep no prompts get none; Nova's do", () => {
      const config = { promptCacheRetention: "in_memory", [NAME]: { lastMessage: true } };
      const llama = ask(config, { prompt_cache_retention: "24h" }, "meta.llama3-70b-instruct-v1:0");
      assert.equal(llama.system.length, texts(llama.system));
      assert.equal(llama.messages[0].content.length, 1);
      const nova = ask({ promptCacheRetention: "24h" }, {}, "us.amazon.nova-pro-v1:0");
      assert.deepEqual(nova.system[1], HOUR);
    });

    it("without a system prompt there is none by default", () => {
      const body = ask({}, { messages: [USER], prompt_cache_retention: "in_memory" });
      assert.ok(!("system" in body));
      assert.deepEqual(body.messages[0].content, [{ text: "Hello" }]);
    });

    // higress-group/higress#4739
    it("marks of a client's parts stay marks at Claude, and become points here, whoever speaks", () => {
      const cache_control = { type: "ephemeral" };
      const marked = (text) => [{ type: "text", text, cache_control }];
      const tool = { id: "t", type: "function", function: { name: "f", arguments: "{}" } };
      const messages = [
        { role: "user", content: marked("U") },
        { role: "assistant", content: marked("A"), tool_calls: [tool] },
        { role: "tool", tool_call_id: "t", content: marked("R") },
      ];
      const [user, assistant, tools] = ask({}, { messages }).messages;
      assert.deepEqual(user.content, [{ text: "U" }, POINT]);
      assert.deepEqual(assistant.content.slice(0, 2), [{ text: "A" }, POINT]);
      assert.deepEqual(tools.content[1], POINT);
      const claude = ask(
        { type: "claude", awsRegion: undefined },
        { messages },
        "claude-opus-5",
      ).messages;
      assert.deepEqual(
        [claude[0].content[0], claude[1].content[0]],
        ["U", "A"].map((text) => marked(text)[0]),
      );
      // BerriAI/litellm#41954: what is in a result may not be marked, the result may.
      const [result] = claude[2].content;
      assert.deepEqual(result.content, [{ type: "text", text: "R" }]);
      assert.deepEqual(result.cache_control, cache_control);
    });

    // BerriAI/litellm#21567, #33816: clients mark the message itself where its content is a text
    it("marks of a client's messages hold for their texts, whoever speaks", () => {
      const cache_control = { type: "ephemeral" };
      const messages = [
        { role: "user", content: "U", cache_control },
        { role: "assistant", content: "A", cache_control },
        { role: "user", content: "V", cache_control: null },
      ];
      const [user, assistant, last] = ask({}, { messages }).messages;
      assert.deepEqual(user.content, [{ text: "U" }, POINT]);
      assert.deepEqual(assistant.content, [{ text: "A" }, POINT]);
      assert.deepEqual(last.content, [{ text: "V" }]);
      const claude = ask({ type: "claude", awsRegion: undefined }, { messages }, "claude-opus-5");
      const text = (text, members) => ({ type: "text", text, ...members });
      assert.deepEqual(
        claude.messages.map(({ content }) => content),
        [[text("U", { cache_control })], [text("A", { cache_control })], [text("V")]],
      );
    });

    // AWS's document on prompt caching: longer times must come before shorter ones; tools, system, messages
    it("behind a point of the default time there is none for an hour, but there may be before it", () => {
      const cache_control = { type: "ephemeral", ttl: "1h" };
      const tools = [{ type: "function", function: { name: "f" }, cache_control }];
      const messages = [SYSTEM, { ...USER, cache_control }];
      const model = "anthropic.claude-sonnet-4-5-20250929-v1:0";
      const own = ask({}, { messages, tools }, model);
      assert.deepEqual(own.messages[0].content[1], HOUR);
      const body = ask({}, { messages, tools, prompt_cache_retention: "in_memory" }, model);
      assert.deepEqual(body.system[1], POINT);
      assert.deepEqual(body.messages[0].content[1], POINT);
      assert.deepEqual(body.toolConfig.tools[1], HOUR);
    });

    // BerriAI/litellm#33816
    it("what is not a mark is ignored", () => {
      const part = { type: "text", text: "U", cache_control: null };
      const tool = { type: "function", function: { name: "f" }, cache_control: "ephemeral" };
      const body = ask({}, { messages: [{ role: "user", content: [part] }], tools: [tool] });
      assert.doesNotMatch(JSON.stringify(body), /cachePoint/);
    });
  });
}
