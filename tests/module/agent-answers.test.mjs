/** Answers as agents want them: one item at a time, identifiers that every vendor takes back. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, completion, exchange, jsonUpstream, plugin, streamUpstream } from "./support.mjs";

const call = (index, id, name, text) => ({
  index,
  ...(id && { id, type: "function" }),
  function: { ...(name && { name }), arguments: text },
});

/** Events of a chat: each of `deltas` is one of calls. */
function events(deltas) {
  const event = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  return [
    event({ role: "assistant", content: "" }),
    ...deltas.map((delta) =>
      event(typeof delta === "string" ? { content: delta } : { tool_calls: [delta] }),
    ),
    event({}, "tool_calls"),
    "data: [DONE]\n\n",
  ];
}

for (const build of BUILDS) {
  describe(`answers to agents (${build})`, () => {
    const proxy = plugin(
      "ai-proxy",
      { provider: { type: "moonshot", apiTokens: ["k"] } },
      { build },
    );
    const tools = ["a", "b"];
    const request = (api, stream) =>
      api === "responses"
        ? {
            path: "/v1/responses",
            body: JSON.stringify({
              model: "m",
              stream,
              input: "q",
              tools: tools.map((name) => ({ type: "function", name, parameters: {} })),
            }),
          }
        : {
            path: "/v1/messages",
            body: JSON.stringify({
              model: "m",
              max_tokens: 9,
              stream,
              messages: [{ role: "user", content: "q" }],
              tools: tools.map((name) => ({ name, input_schema: { type: "object" } })),
            }),
          };
    const dataOf = (text) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => JSON.parse(line.slice(6)));
    const streamed = (api, deltas) =>
      dataOf(exchange([proxy], request(api, true), streamUpstream(events(deltas))).text);
    const items = (all) =>
      all
        .filter(({ type }) => type === "response.output_item.done")
        .map(({ item }) => item.arguments ?? item.content[0].text);
    const order = (all) =>
      all
        .filter(({ type }) => /^response\.output_item\./.test(type))
        .map(({ type, output_index }) => `${type.slice(21)} ${output_index}`);

    it("an item is done before the next one is announced, as clients that know one at a time want it", () => {
      const all = streamed("responses", [
        call(0, "x", "a", '{"q":'),
        call(0, "", "", '"}"}'),
        call(1, "y", "b", "{}"),
        "words",
      ]);
      assert.deepEqual(order(all), ["added 0", "done 0", "added 1", "done 1", "added 2", "done 2"]);
      assert.deepEqual(items(all), ['{"q":"}"}', "{}", "words"]);
    });

    it("calls whose arguments come in turns are complete all the same", () => {
      const all = streamed("responses", [
        call(0, "x", "a", '{"q":'),
        call(1, "y", "b", '{"r":'),
        call(0, "", "", "1}"),
        call(1, "", "", "2}"),
      ]);
      assert.deepEqual(items(all), ['{"q":1}', '{"r":2}']);
    });

    it("Anthropic's clients get identifiers that Anthropic takes back", () => {
      const ids = ["functions.a:0", "call_1", `call_${"x".repeat(80)}`];
      const started = streamed(
        "messages",
        ids.map((id, index) => call(index, id, "a", "{}")),
      ).flatMap(({ content_block: block }) => (block?.type === "tool_use" ? [block.id] : []));
      const message = {
        tool_calls: ids.map((id) => ({
          id,
          type: "function",
          function: { name: "a", arguments: "{}" },
        })),
      };
      const upstream = jsonUpstream(completion(null, { message, reason: "tool_calls" }));
      const { content } = exchange([proxy], request("messages", false), upstream).json;
      const whole = content.filter(({ type }) => type === "tool_use").map(({ id }) => id);
      assert.deepEqual(whole, started, "the same in both forms");
      for (const id of started) assert.match(id, /^[a-zA-Z0-9_-]{1,64}$/);
      assert.equal(started[1], "call_1");
      assert.equal(new Set(started).size, ids.length);
    });
  });
}
