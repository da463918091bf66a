/**
 * What Codex needs back (codex-rs: items by `response.output_item.done`, calls by namespace and name, freeform
 * tools as `custom_tool_call`, `response.completed` at the end), put together by the official `openai` library,
 * for answers of vendors that have chats alone. The requests are captured ones.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import OpenAI from "openai";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { exchange, plugin } from "./support.mjs";

const captured = (name) =>
  JSON.parse(readFileSync(join(ROOT, `tests/fixtures/agents/${name}.json`), "utf8"));
const chunk = (delta, finish_reason = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const calls = (list) =>
  list.map(([name, json], index) => ({
    tool_calls: [
      { index, id: `call_${index}`, type: "function", function: { name, arguments: json } },
    ],
  }));
const answer = (deltas, reason = "tool_calls") => [
  ...deltas.map((delta) => chunk(delta)),
  chunk({}, reason),
  "data: [DONE]\n\n",
];

/** What the client's library makes of an answer to a captured request, the events, and what was sent. */
async function turn(fixture, deltas, reason, provider = { type: "deepseek" }) {
  const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
  let sent = null;
  const client = new OpenAI({
    apiKey: "k",
    maxRetries: 0,
    fetch: async (_url, { body }) => {
      const stream = exchange([proxy], { path: "/v1/responses", body: String(body) }, (request) => {
        sent = JSON.parse(request.body);
        return { headers: { "content-type": "text/event-stream" }, chunks: answer(deltas, reason) };
      });
      const headers = { "content-type": stream.received.headers.get("content-type") };
      return new Response(stream.text, { status: stream.received.status, headers });
    },
  });
  const events = [];
  const stream = client.responses.stream(captured(fixture).body);
  for await (const event of stream) events.push(event);
  return { response: await stream.finalResponse(), events, sent };
}

/** As Codex does: the items of `output_item.done`, once `completed` has come. */
function itemsOf(events) {
  assert.equal(events.at(-1).type, "response.completed");
  const done = events.filter(({ type }) => type === "response.output_item.done");
  return done.map(({ item }) => item);
}
const typesOf = (events, place) =>
  events
    .filter((event) => event.output_index === place)
    .map(({ type }) => type.replace("response.", ""));

describe("Codex", () => {
  it("gets calls of tools in namespaces by namespace and name", async () => {
    const { events, response } = await turn(
      "codex-namespaced-call",
      calls([
        ["mcp__docs__lookup", '{"query":"x"}'],
        ["exec_command", '{"cmd":"ls"}'],
      ]),
    );
    const [lookup, exec] = itemsOf(events);
    assert.deepEqual(
      [lookup.type, lookup.namespace, lookup.name, lookup.call_id, lookup.arguments],
      ["function_call", "mcp__docs", "lookup", "call_0", '{"query":"x"}'],
    );
    assert.deepEqual([exec.namespace, exec.name], [undefined, "exec_command"]);
    assert.deepEqual(
      response.output.map(({ call_id }) => call_id),
      ["call_0", "call_1"],
    );
  });

  it("gets freeform tools with their text and its events, whatever is in it", async () => {
    const text = 'const a = "q";\n// \u2028 \u{1f600}\n' + "x".repeat(5000);
    const json = JSON.stringify({ input: text });
    const pieces = json.match(/[^]{1,7}/gu);
    const deltas = [
      ...calls([["exec", pieces[0]]]),
      ...pieces
        .slice(1)
        .map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
    ];
    const { events, sent } = await turn("codex-gpt5.6-additional-tools", deltas);
    const [item] = itemsOf(events);
    assert.deepEqual([item.type, item.name, item.input], ["custom_tool_call", "exec", text]);
    assert.deepEqual(typesOf(events, 0), [
      "output_item.added",
      "custom_tool_call_input.delta",
      "custom_tool_call_input.done",
      "output_item.done",
    ]);
    assert.ok(sent.tools.some(({ function: f }) => f.name === "exec"));
    assert.doesNotMatch(JSON.stringify(sent.tools), /"encrypted":true/);
  });

  it("gets what the model wrote in place of a freeform tool's text as it is", async () => {
    const { events } = await turn("codex-gpt5.6-additional-tools", calls([["exec", "ls -l"]]));
    assert.equal(itemsOf(events)[0].input, "ls -l");
  });

  it("gets its own search for tools with arguments that are an object", async () => {
    const { events } = await turn(
      "codex-gpt5.5-turn1",
      calls([["tool_search", '{"query":"docs"}']]),
    );
    const [item] = itemsOf(events);
    assert.deepEqual(
      [item.type, item.execution, item.arguments, item.call_id],
      ["tool_search_call", "client", { query: "docs" }, "call_0"],
    );
  });

  it("gets an undeclared name unchanged, and arguments that are not JSON", async () => {
    const { events } = await turn("codex-unknown-model-turn2", calls([["nobody__knows", '{"a":']]));
    const [item] = itemsOf(events);
    assert.deepEqual(
      [item.type, item.name, item.arguments],
      ["function_call", "nobody__knows", '{"a":'],
    );
  });

  it("gets reasoning in front of calls, and sends it back to a vendor that wants it", async () => {
    const { events, response } = await turn("codex-unknown-model-turn2", [
      { reasoning_content: "I " },
      { reasoning_content: "think." },
      { content: "Listing." },
      ...calls([["exec_command", '{"cmd":"ls"}']]),
    ]);
    assert.deepEqual(
      itemsOf(events).map(({ type }) => type),
      ["reasoning", "message", "function_call"],
    );
    assert.equal(response.output_text, "Listing.");
    const { body } = captured("codex-unknown-model-turn2");
    const output = { type: "function_call_output", call_id: "call_0", output: "a" };
    let sent;
    exchange(
      [plugin("ai-proxy", { provider: { type: "deepseek", apiTokens: ["k"] } })],
      {
        path: "/v1/responses",
        body: JSON.stringify({ ...body, input: [...body.input, ...response.output, output] }),
      },
      (request) => {
        sent = JSON.parse(request.body);
        return {
          headers: { "content-type": "text/event-stream" },
          chunks: answer([{ content: "x" }], "stop"),
        };
      },
    );
    const last = sent.messages.filter(({ role }) => role === "assistant").at(-1);
    assert.equal(last.reasoning_content, "I think.");
    assert.equal(last.tool_calls[0].id, "call_0");
    assert.equal(sent.messages.at(-1).role, "tool");
  });

  it("gets exactly one item when it asks for a thread in short, and the model its text with the next turn", async () => {
    const { events, sent } = await turn(
      "codex-compaction-trigger",
      [{ content: "The task is x." }],
      "stop",
    );
    const [item, ...others] = itemsOf(events);
    assert.deepEqual([item.type, others.length], ["compaction", 0]);
    assert.match(item.encrypted_content, /^aip1:c:/);
    assert.equal(sent.tool_choice ?? "none", "none");
    const { body } = captured("codex-compaction-item-back");
    const input = body.input.map((each) => (each.type === "compaction" ? item : each));
    for (const provider of [{ type: "deepseek" }, { type: "openai" }]) {
      let next;
      exchange(
        [plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } })],
        { path: "/v1/responses", body: JSON.stringify({ ...body, input }) },
        (request) => {
          next = request.body.toString();
          return { headers: { "content-type": "text/event-stream" }, chunks: [] };
        },
      );
      assert.match(next, /Summary of the conversation so far:\\nThe task is x\./, provider.type);
      assert.doesNotMatch(next, /aip1:c:/, provider.type);
    }
  });

  it("learns that an answer was cut, and that it failed", async () => {
    const { events, response } = await turn(
      "codex-unknown-model-turn2",
      [{ content: "Hal" }],
      "length",
    );
    assert.equal(events.at(-1).type, "response.incomplete");
    assert.equal(response.incomplete_details.reason, "max_output_tokens");
  });
});

describe("responses that are kept, where nothing is", () => {
  const ask = (method, path, { type = "deepseek", body } = {}) => {
    const requests = [];
    const stream = exchange(
      [plugin("ai-proxy", { provider: { type, apiTokens: ["k"] } })],
      { method, path, ...(body ? { body: JSON.stringify(body) } : {}) },
      (request) => {
        requests.push(request);
        const message = { role: "assistant", content: "In short." };
        const usage = { prompt_tokens: 30, completion_tokens: 4, total_tokens: 34 };
        const whole = {
          id: "c1",
          object: "chat.completion",
          created: 1,
          model: "m",
          choices: [{ index: 0, message, finish_reason: "stop" }],
          usage,
        };
        return { headers: { "content-type": "application/json" }, chunks: [JSON.stringify(whole)] };
      },
    );
    return { stream, requests };
  };

  for (const [method, path] of [
    ["GET", "/v1/responses/resp_1"],
    ["DELETE", "/v1/responses/resp_1"],
    ["GET", "/v1/responses/resp_1/input_items"],
    ["POST", "/v1/responses/resp_1/cancel"],
  ]) {
    it(`${method} ${path} is refused in OpenAI's form, and goes nowhere`, () => {
      const { stream, requests } = ask(method, path);
      assert.equal(requests.length, 0);
      assert.equal(stream.received.status, 404);
      assert.deepEqual(
        [stream.json.error.type, stream.json.error.code],
        ["not_found_error", "unsupported_api"],
      );
      assert.equal(ask(method, path, { type: "openai" }).requests.length, 1, "it goes to OpenAI");
    });
  }

  const body = { model: "m", instructions: "I", input: [{ role: "user", content: "Do x." }] };

  it("a thread is put in short by a chat", () => {
    const { stream, requests } = ask("POST", "/v1/responses/compact", { body });
    assert.equal(requests[0].headers.get(":path"), "/v1/chat/completions");
    assert.match(JSON.parse(requests[0].body).messages.at(-1).content, /^Write a summary/);
    const { id, object, created_at: created, output, usage } = stream.json;
    assert.match(id, /^resp_/);
    assert.deepEqual([object, created, usage.total_tokens], ["response.compaction", 1, 34]);
    assert.deepEqual(
      output.map(({ type }) => type),
      ["compaction"],
    );
    assert.match(output[0].encrypted_content, /^aip1:c:/);
    assert.equal(ask("GET", "/v1/responses/compact").stream.received.status, 405);
  });

  it("and by OpenAI itself where that is the vendor", () => {
    const { requests } = ask("POST", "/v1/responses/compact", { body, type: "openai" });
    assert.equal(requests[0].headers.get(":path"), "/v1/responses/compact");
  });
});

describe("what agents ask beside answers", () => {
  it("a list of models that nobody has is no page in Anthropic's words", () => {
    const stream = exchange(
      [
        plugin("ai-proxy", {
          provider: { type: "bedrock", awsRegion: "us-east-1", apiTokens: ["k"] },
        }),
      ],
      {
        method: "GET",
        path: "/v1/models?limit=1000",
        headers: { "anthropic-version": "2023-06-01" },
      },
      () => assert.fail("it goes nowhere"),
    );
    assert.equal(stream.received.status, 404);
    assert.deepEqual([stream.json.type, stream.json.error.type], ["error", "not_found_error"]);
  });

  it("many counts of tokens at once", () => {
    const proxy = plugin("ai-proxy", { provider: { type: "groq", apiTokens: ["k"] } });
    const { path, body } = captured("claude-code-count-tokens");
    for (let i = 0; i < 40; i++) {
      const stream = exchange([proxy], { path, body: JSON.stringify(body) }, () => assert.fail());
      assert.equal(stream.received.status, 200);
      assert.ok(stream.json.input_tokens > 0);
    }
  });

  it("a look at the gateway reaches no vendor", () => {
    const proxy = plugin("ai-proxy", {
      provider: { type: "bedrock", awsRegion: "us-east-1", apiTokens: ["k"] },
    });
    const stream = exchange([proxy], { method: "HEAD", path: "/" }, () => assert.fail());
    assert.equal(stream.received.status, 200);
  });
});
