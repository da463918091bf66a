/**
 * Names of tools that vendors refuse, in chats of OpenAI's clients: every vendor gets names that it takes, and
 * the client its own, buffered and streamed. Sources: OpenAI's API reference (`function.name`),
 * packit/ai-workflows#619, cline/cline#11885.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as bedrock from "../agents/vendor/bedrock.mjs";
import * as chat from "../agents/vendor/chat.mjs";
import * as claude from "../agents/vendor/claude.mjs";
import * as cohere from "../agents/vendor/cohere.mjs";
import * as gemini from "../agents/vendor/gemini.mjs";
import * as responses from "../agents/vendor/responses.mjs";
import { DESTINATIONS, judgeRequest } from "../strict/index.mjs";
import { ofOpenAi, ofOpenAiEvents } from "./answers.mjs";
import { BUILDS, chatBody, exchange, plugin } from "./support.mjs";

const LONG = `mcp__docs__${"lookup_".repeat(10)}`;
const STRANGE = "docs.look up/\u00fcber";
const PLAIN = "mcp__docs__read-1";
const TAKEN = /^[a-zA-Z0-9_-]{1,64}$/;
/** Where templates are the operator's, names are, too. */
const ANY_NAME = new Set(["ollama", "vllm"]);

const PROTOCOLS = [
  [/\/converse(-stream)?$/, bedrock],
  [/:(streamG|g)enerateContent(\?|$)/, gemini],
  [/\/messages(\?|$)/, claude],
  [/\/responses(\?|$)/, responses],
  [/\/v2\/chat$/, cohere],
  [/./, chat],
];
const tool = (name) => ({
  type: "function",
  function: { name, description: "d", parameters: { type: "object", properties: {} } },
});
const REQUEST = {
  tools: [tool(LONG), tool(STRANGE), tool(PLAIN)],
  tool_choice: { type: "function", function: { name: STRANGE } },
  messages: [
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "call_1", type: "function", function: { name: LONG, arguments: '{"q":"x"}' } },
      ],
    },
    { role: "tool", tool_call_id: "call_1", name: LONG, content: "found" },
  ],
};

/** Cohere is told the tool that is to be called alone. */
const requestTo = (destination) =>
  destination === "cohere" ? { ...REQUEST, tool_choice: "auto" } : REQUEST;

/** Asks a destination; the vendor calls the first two tools by the names that it was told. */
function ask(destination, model, stream, build, members = requestTo(destination)) {
  const { type = destination, config } = DESTINATIONS[destination];
  let view;
  const provider = { type, apiTokens: ["k"], modelMapping: { "*": model }, ...config };
  const client = exchange(
    [plugin("ai-proxy", { provider }, { build, now: () => 1_700_000_000_000 })],
    { body: chatBody("hi", { stream, ...members }) },
    ({ headers, body }) => {
      const path = headers.get(":path");
      const sent = JSON.parse(body);
      assert.equal(judgeRequest(destination, model, path, sent), null);
      const [, vendor] = PROTOCOLS.find(([pattern]) => pattern.test(path));
      view = vendor.read(sent, path);
      let minted = 0;
      const calls = view.tools.slice(0, 2).map((name) => ({ name, input: { q: 1 } }));
      const answer = { calls, usage: { input: 1, output: 1 } };
      const context = { vendor: destination, model, body: sent, url: path };
      context.mint = () => ++minted;
      context.sign = () => "gAAAAx";
      const { type: contentType, pieces } = vendor.write(answer, context);
      return { headers: { "content-type": contentType }, chunks: pieces };
    },
  );
  return { client, view };
}

for (const build of BUILDS) {
  describe(`names of tools in chats (${build})`, () => {
    for (const [destination, { models }] of Object.entries(DESTINATIONS)) {
      for (const stream of [false, true]) {
        it(`fit at ${destination} and come back, ${stream ? "streamed" : "buffered"}`, () => {
          const { client, view } = ask(destination, models[0], stream, build);
          const told = [...view.tools, ...view.turns.flatMap(({ calls }) => calls)].map(
            (each) => each.name ?? each,
          );
          if (ANY_NAME.has(destination)) assert.deepEqual(told, [LONG, STRANGE, PLAIN, LONG]);
          else for (const name of told) assert.match(name, TAKEN);
          assert.equal(told[0], told[3], "the history calls the tool by its name");
          assert.equal(told[2], PLAIN);
          const answer = stream ? ofOpenAiEvents(client.text) : ofOpenAi(client.json);
          assert.deepEqual(
            answer.tools.map(({ name }) => name),
            [LONG, STRANGE],
          );
        });
      }
    }

    it("that fit stay, and the request with them", () => {
      const { view } = ask("groq", "llama-3.3-70b-versatile", false, build, {
        tools: [tool(PLAIN), tool("f")],
      });
      assert.deepEqual(view.tools, [PLAIN, "f"]);
    });
  });
}
