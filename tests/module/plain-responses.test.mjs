/**
 * Requests of the Responses API at vendors that have it with functions alone: as they are, but for those with
 * tools or items of kinds that only OpenAI knows, which go by a chat and come back as what they were. Sources:
 * openai/codex#18307, awsl-project/maxx#537, makecindy/cindy#2927.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, completion, completionEvents, exchange, plugin } from "./support.mjs";

const TYPES = ["doubao", "grok", "groq", "huggingface", "openrouter", "qwen", "vllm"];
const MORE = { vllm: { vllmServerHost: "llm.internal" } };
const lookup = { type: "function", name: "lookup", parameters: { type: "object" } };
const NAMESPACED = {
  model: "m",
  input: "hi",
  tools: [{ type: "namespace", name: "mcp__docs", tools: [lookup] }],
};
const PLAIN = { model: "m", input: "hi", tools: [lookup], metadata: { a: "b" } };
const says = (item) => ({ model: "m", input: [{ role: "user", content: "hi" }, item] });

/** What reaches the vendor, and what the client gets. */
function ask(provider, body, { build = "stock", answer = () => completion() } = {}) {
  const requests = [];
  const client = exchange(
    [plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } }, { build })],
    { path: "/v1/responses?x=1", body: JSON.stringify(body) },
    (request) => {
      const sent = JSON.parse(request.body);
      requests.push({ path: request.headers.get(":path"), sent, text: `${request.body}` });
      const told = answer(sent);
      const isText = typeof told === "string";
      const type = isText ? "text/event-stream" : "application/json";
      return { headers: { "content-type": type }, chunks: [isText ? told : JSON.stringify(told)] };
    },
  );
  return { client, ...requests[0] };
}

for (const build of BUILDS) {
  describe(`responses with functions alone (${build})`, () => {
    for (const type of TYPES) {
      const provider = { type, ...MORE[type] };

      it(`go to ${type} as they are`, () => {
        const { path, sent } = ask(provider, PLAIN, { build });
        assert.match(path, /\/responses\?x=1$/);
        assert.deepEqual(sent, PLAIN);
      });

      for (const stream of [false, true]) {
        it(`what needs OpenAI goes to ${type} by a chat, ${stream ? "streamed" : "buffered"}`, () => {
          const { path, client } = ask(
            provider,
            { ...NAMESPACED, stream },
            {
              build,
              answer(sent) {
                const { name } = sent.tools[0].function;
                const called = { index: 0, id: "a", type: "function" };
                const tool_calls = [{ ...called, function: { name, arguments: "{}" } }];
                if (!stream) return completion(null, { message: { tool_calls } });
                const [first, ...rest] = completionEvents([]);
                const chunk = JSON.parse(first.slice(6));
                chunk.choices[0].delta = { role: "assistant", tool_calls };
                return [`data: ${JSON.stringify(chunk)}\n\n`, ...rest].join("");
              },
            },
          );
          assert.match(path, /\/chat\/completions/);
          const { output } = stream
            ? JSON.parse(/event: response.completed\ndata: (.*)/.exec(client.text)[1]).response
            : client.json;
          const { namespace, name } = output.find((item) => item.type === "function_call");
          assert.deepEqual([namespace, name], ["mcp__docs", "lookup"]);
        });
      }
    }

    it("a thread that was about such tools goes by a chat to its end", () => {
      for (const item of [
        { type: "custom_tool_call", call_id: "a", name: "f", input: "x" },
        { type: "function_call", namespace: "n", call_id: "a", name: "f", arguments: "{}" },
        { type: "agent_message", author: "a", recipient: "b", content: [] },
        { type: "additional_tools", role: "developer", tools: [] },
      ]) {
        const { path } = ask({ type: "groq" }, says(item), { build });
        assert.match(path, /\/chat\/completions/, item.type);
      }
    });

    it("OpenAI itself, servers of the operator's and paths that he names get everything as it is", () => {
      for (const provider of [
        { type: "openai" },
        { type: "openai", openaiCustomUrl: "http://llm.internal/v1" },
        { type: "groq", capabilities: { "openai/v1/responses": "/own/responses" } },
        { type: "groq", protocol: "original" },
      ]) {
        const { path, sent } = ask(provider, NAMESPACED, { build });
        assert.match(path, /\/responses/, JSON.stringify(provider));
        assert.deepEqual(sent, NAMESPACED);
      }
    });
  });
}
