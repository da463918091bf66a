/**
 * A conversation goes round: a vendor answers with calls, the client sends the answer back as it got it, and another
 * vendor goes on. Names and identifiers of calls still belong together, results stand behind their calls, and what a
 * vendor has signed reaches that vendor's models alone. Each vendor after each other, for clients of each protocol,
 * with names that vendors do not accept and names that become alike.
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
import { eventData, exchange, plugin } from "./support.mjs";

const LONG = `mcp__server__${"a".repeat(60)}`;
/** Names that a client's own API accepts, some alike in their first 64 characters. */
const NAMES = {
  openai: ["plain", `${LONG}_one`, `${LONG}_two`, "a.b/c", "a_b_c", "工具", "工箱", "1st"],
  anthropic: ["plain", `${LONG}_one`, `${LONG}_two`, "a-b-c", "a_b_c", "_", "-", "1st"],
  responses: ["plain", "one", "two", "a-b-c", "a_b_c", "_", "-", "1st"],
  google: ["plain", "one", "two", "a.b:c", "a_b_c", "_", "_.", "a-b"],
};

/** The protocols in which requests pass as they are, signatures included, and the types that speak them. */
const OWN = {
  openai: [],
  anthropic: ["claude", "deepseek", "moonshot", "ollama"],
  responses: ["openai", "groq", "ollama"],
  google: ["gemini", "vertex"],
};

/** What goes on with whose conversations: the vendor, its model, and whose signatures it reads. */
const VENDORS = [
  ["claude", "claude-opus-4-6", "anthropic"],
  ["bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic"],
  ["bedrock", "amazon.nova-pro-v1:0", "nova"],
  ["gemini", "gemini-3-pro-preview", "google"],
  ["vertex", "gemini-3.7-flash", "google"],
  ["openai", "gpt-5.6-terra", "openai"],
  ["openai", "gpt-4o", "openai"],
  ["cohere", "command-a-plus-05-2026", "none"],
  ["deepseek", "deepseek-v4", "none"],
  ["mistral", "mistral-large-2512", "none"],
  ["moonshot", "kimi-k2.6", "none"],
  ["groq", "openai/gpt-oss-120b", "none"],
  ["ollama", "qwen3.6:27b", "none"],
].map(([type, model, family]) => ({ type, model, family, title: `${type} (${model})` }));

const SIGNATURES = {
  anthropic: (number) => Buffer.from(`claude-${number}-signed`).toString("base64"),
  google: (number) => Buffer.from(`google-${number}-signed`).toString("base64"),
  openai: (number) => `gAAAAABo${number}openai`,
};

const PROTOCOLS = [
  [/\/converse(-stream)?$/, bedrock],
  [/:(streamGenerateContent|generateContent)(\?|$)/, gemini],
  [/\/messages(\?|$)/, claude],
  [/\/responses(\?|$)/, responses],
  [/\/v2\/chat$/, cohere],
  [/\/chat\/completions(\?|$)/, chat],
];

const call = (id, name) => ({ call: id, name });
const result = (id, name) => ({ result: id, name });

/** The tools, and the calls and results in their order, turn by turn, of what a vendor gets. */
const SEEN = new Map([
  [
    claude,
    ({ tools, messages }) => ({
      tools: tools.map(({ name }) => name),
      turns: messages.map(({ content }) =>
        (typeof content === "string" ? [] : content).flatMap((block) => {
          if (block.type === "tool_use") return call(block.id, block.name);
          return block.type === "tool_result" ? result(block.tool_use_id) : [];
        }),
      ),
    }),
  ],
  [
    bedrock,
    ({ toolConfig, messages }) => ({
      tools: toolConfig.tools.flatMap(({ toolSpec }) => toolSpec?.name ?? []),
      turns: messages.map(({ content }) =>
        content.flatMap(({ toolUse, toolResult }) => {
          if (toolUse) return call(toolUse.toolUseId, toolUse.name);
          return toolResult ? result(toolResult.toolUseId) : [];
        }),
      ),
    }),
  ],
  [
    gemini,
    ({ tools, contents }) => ({
      tools: tools[0].functionDeclarations.map(({ name }) => name),
      turns: contents.map(({ parts }) =>
        parts.flatMap(({ functionCall, functionResponse }) => {
          // Without identifiers the order decides.
          if (functionCall) return call(functionCall.id, functionCall.name);
          return functionResponse ? result(functionResponse.id, functionResponse.name) : [];
        }),
      ),
    }),
  ],
  [
    responses,
    ({ tools, input }) => ({
      tools: tools.map(({ name }) => name),
      turns: joined(
        input.map((item) => {
          if (item.type === "function_call") return [call(item.call_id, item.name)];
          return item.type === "function_call_output" ? [result(item.call_id)] : [];
        }),
      ),
    }),
  ],
  [chat, seenInChat],
  [cohere, seenInChat],
]);

function seenInChat({ tools, messages }) {
  return {
    tools: tools.map(({ function: { name } }) => name),
    turns: joined(
      messages.map(({ role, tool_calls = [], tool_call_id: id }) => {
        if (role === "tool") return [result(id)];
        return tool_calls.map((each) => call(each.id, each.function.name));
      }),
    ),
  };
}

/** Calls, or results, that follow each other are of one turn. */
function joined(turns) {
  const all = [];
  for (const turn of turns) {
    const isSame = all.at(-1)?.[0] && turn[0] && "call" in all.at(-1)[0] === "call" in turn[0];
    if (isSame) all.at(-1).push(...turn);
    else all.push([...turn]);
  }
  return all;
}

/** The clients: what they ask, and what they keep of an answer to send it back, with the results of its calls. */
const CLIENTS = {
  openai: {
    path: () => "/v1/chat/completions",
    question: { role: "user", content: "go" },
    body: (messages, stream, names) => ({
      model: "m",
      stream,
      messages,
      reasoning_effort: "high",
      tools: names.map((name) => ({ type: "function", function: { name, ...schemaOf("p") } })),
    }),
    kept(text, stream) {
      if (!stream) return [JSON.parse(text).choices[0].message];
      // As most clients put a stream together: identifiers, names, arguments and no more.
      const message = { role: "assistant", content: "", tool_calls: [] };
      for (const { choices } of eventData(text).filter((event) => event !== "[DONE]")) {
        const { content, tool_calls: calls = [] } = choices?.[0]?.delta ?? {};
        message.content += content ?? "";
        for (const { index, id, function: called } of calls) {
          message.tool_calls[index] ??= { type: "function", function: { name: "", arguments: "" } };
          const open = message.tool_calls[index];
          if (id) open.id = id;
          open.function.name += called.name ?? "";
          open.function.arguments += called.arguments ?? "";
        }
      }
      return [message];
    },
    calls: ([{ tool_calls: calls }]) => calls.map((each) => [each.id, each.function.name]),
    results: (calls) =>
      calls.map(([id], i) => ({ role: "tool", tool_call_id: id, content: `result ${i}` })),
  },
  anthropic: {
    path: () => "/v1/messages",
    question: { role: "user", content: "go" },
    body: (messages, stream, names) => ({
      model: "m",
      stream,
      max_tokens: 20_000,
      messages,
      thinking: { type: "enabled", budget_tokens: 8000 },
      tools: names.map((name) => ({ name, input_schema: schemaOf("p").parameters })),
    }),
    kept(text, stream) {
      if (!stream) return [{ role: "assistant", content: JSON.parse(text).content }];
      const content = [];
      const json = [];
      for (const [, data] of text.matchAll(/^data: (.*)$/gm)) {
        const { index, content_block: block, delta } = JSON.parse(data);
        if (block) content[index] = block;
        if (delta?.text !== undefined) content[index].text += delta.text;
        if (delta?.thinking !== undefined) content[index].thinking += delta.thinking;
        if (delta?.signature) content[index].signature = delta.signature;
        if (delta?.partial_json) json[index] = (json[index] ?? "") + delta.partial_json;
      }
      for (const [index, whole] of json.entries()) {
        if (whole) content[index].input = JSON.parse(whole);
      }
      return [{ role: "assistant", content }];
    },
    calls: ([{ content }]) =>
      content.flatMap(({ type, id, name }) => (type === "tool_use" ? [[id, name]] : [])),
    results: (calls) => [
      {
        role: "user",
        content: calls.map(([id], i) => ({
          type: "tool_result",
          tool_use_id: id,
          content: `result ${i}`,
        })),
      },
    ],
  },
  responses: {
    path: () => "/v1/responses",
    question: { role: "user", content: "go" },
    body: (input, stream, names) => ({
      model: "m",
      stream,
      input,
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { effort: "high", summary: "auto" },
      tools: names.map((name) => ({ type: "function", name, ...schemaOf("p") })),
    }),
    kept(text, stream) {
      if (!stream) return JSON.parse(text).output;
      const last = [...text.matchAll(/^data: (.*)$/gm)].at(-1)[1];
      return JSON.parse(last).response.output;
    },
    calls: (items) =>
      items.flatMap(({ type, call_id: id, name }) =>
        type === "function_call" ? [[id, name]] : [],
      ),
    results: (calls) =>
      calls.map(([id], i) => ({
        type: "function_call_output",
        call_id: id,
        output: `result ${i}`,
      })),
  },
  google: {
    path: (stream) =>
      `/v1beta/models/m:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    question: { role: "user", parts: [{ text: "go" }] },
    body: (contents, _stream, names) => ({
      contents: contents.map(withSignature),
      generationConfig: { thinkingConfig: { includeThoughts: true } },
      tools: [
        {
          functionDeclarations: names.map((name) => ({
            name,
            parametersJsonSchema: schemaOf("p").parameters,
          })),
        },
      ],
    }),
    kept(text, stream) {
      const answers = stream
        ? text
            .split(/\r?\n\r?\n/)
            .filter(Boolean)
            .map((event) => JSON.parse(event.slice(6)))
        : [JSON.parse(text)];
      const parts = answers.flatMap(({ candidates }) => candidates[0].content?.parts ?? []);
      return [{ role: "model", parts }];
    },
    calls: ([{ parts }]) =>
      parts.flatMap(({ functionCall }) =>
        functionCall ? [[functionCall.id, functionCall.name]] : [],
      ),
    results: (calls) => [
      {
        role: "user",
        parts: calls.map(([id, name], i) => ({
          functionResponse: { ...(id && { id }), name, response: { output: `result ${i}` } },
        })),
      },
    ],
  },
};

const NO_SIGNATURE = "skip_thought_signature_validator";

/** The Gemini CLI signs the first call of a turn that another model has not signed (ensureActiveLoopHasThoughtSignatures). */
function withSignature({ role, parts }) {
  const first = parts.findIndex(({ functionCall }) => functionCall);
  const signed = parts.map((part, at) =>
    role === "model" && at === first ? { thoughtSignature: NO_SIGNATURE, ...part } : part,
  );
  return { role, parts: signed };
}

function schemaOf(property) {
  return { parameters: { type: "object", properties: { [property]: { type: "string" } } } };
}

const proxies = new Map();
function proxyOf({ type, model }) {
  const key = `${type} ${model}`;
  if (!proxies.has(key)) {
    const provider = {
      type,
      apiTokens: ["k"],
      modelMapping: { "*": model },
      ...DESTINATIONS[type].config,
    };
    proxies.set(key, plugin("ai-proxy", { provider }));
  }
  return proxies.get(key);
}

/** One conversation, which vendors answer in turn. */
class Conversation {
  constructor(client, stream) {
    this.client = CLIENTS[client];
    this.own = OWN[client];
    this.names = NAMES[client];
    this.stream = stream;
    this.history = [this.client.question];
    this.minted = 0;
    /** Signatures by the family of their vendor. */
    this.signed = { anthropic: [], google: [], openai: [] };
    /** The names of the client's tools that have been called, in order. */
    this.called = [];
  }

  /** Asks a vendor, which calls these tools, and keeps its answer and the results. Gives what the vendor got. */
  turn(vendor, numbers) {
    const { client, stream, names } = this;
    let got = null;
    const upstream = ({ headers, body }) => {
      const url = headers.get(":path");
      const protocol = PROTOCOLS.find(([path]) => path.test(url))[1];
      got = { url, protocol, body: JSON.parse(body) };
      return this.answerOf(vendor, got, numbers);
    };
    const request = {
      path: client.path(stream),
      body: JSON.stringify(client.body(this.history, stream, names)),
    };
    const answer = exchange([proxyOf(vendor)], request, upstream);
    assert.ok(got, answer.text);
    this.check(vendor, got);
    const kept = client.kept(answer.text, stream);
    const calls = client.calls(kept);
    const wanted = numbers.map((number) => names[number]);
    assert.deepEqual(
      calls.map(([, name]) => name),
      wanted,
      "the client's own names",
    );
    this.called.push(...wanted);
    this.history.push(...kept, ...client.results(calls));
  }

  answerOf(vendor, { url, protocol, body }, numbers) {
    const { tools } = SEEN.get(protocol)(body);
    const { type, pieces } = protocol.write(
      {
        thinking: "I think.",
        text: "I call.",
        calls: numbers.map((number) => ({ name: tools[number], input: { p: `${number}` } })),
        usage: { input: 5, output: 7 },
      },
      {
        vendor: vendor.type,
        model: vendor.model,
        body,
        url,
        mint: () => ++this.minted,
        sign: () => this.sign(vendor.family),
      },
    );
    return { headers: { "content-type": type }, chunks: pieces };
  }

  sign(family) {
    const signature = SIGNATURES[family]?.(++this.minted);
    this.signed[family]?.push(signature);
    return signature;
  }

  check({ type, model, family }, { url, protocol, body }) {
    const text = JSON.stringify(body);
    const own = new Set(this.signed[family] ?? []);
    const refusal = judgeRequest(type, model, url, body, own);
    assert.equal(refusal, null, `${type} refuses: ${JSON.stringify(refusal?.words)} of ${text}`);
    for (const [other, signatures] of Object.entries(this.signed)) {
      if (other === family || this.own.includes(type)) continue;
      const stem = (signature) => signature.replaceAll("=", "");
      const strange = signatures.filter((signature) => text.includes(stem(signature)));
      assert.deepEqual(strange, [], `signatures of ${other} at ${type}`);
    }
    if (family !== "google") assert.ok(!text.includes(NO_SIGNATURE));
    const { tools, turns } = SEEN.get(protocol)(body);
    assert.equal(new Set(tools).size, this.names.length, "each tool has a name of its own");
    const all = turns.flat();
    const calls = all.filter((each) => "call" in each);
    assert.deepEqual(
      calls.map(({ name }) => this.names[tools.indexOf(name)]),
      this.called,
      "calls are those of the declared tools",
    );
    const ids = calls.map(({ call: id }) => id);
    if (protocol !== gemini) assert.equal(new Set(ids).size, ids.length, "identifiers differ");
    checkOrder(turns.filter((turn) => turn.length > 0));
  }
}

/** Behind each turn of calls stand their results, all of them and no others. */
function checkOrder(turns) {
  for (let i = 0; i < turns.length; i += 2) {
    const [calls, results] = [turns[i], turns[i + 1] ?? []];
    assert.ok(calls.every((each) => "call" in each));
    assert.ok(results.every((each) => "result" in each));
    assert.equal(results.length, calls.length, "a result for each call");
    for (const [at, { result: id, name }] of results.entries()) {
      assert.equal(id, calls[at].call);
      if (name !== undefined) assert.equal(name, calls[at].name);
    }
  }
}

for (const client of Object.keys(CLIENTS)) {
  describe(`conversations of ${client} clients`, () => {
    for (const [at, first] of VENDORS.entries()) {
      it(`go on elsewhere after ${first.title}, and come back`, () => {
        for (const [other, second] of VENDORS.entries()) {
          const conversation = new Conversation(client, (at + other) % 2 === 0);
          try {
            conversation.turn(first, [1, 2, 0]);
            conversation.turn(first, [5]);
            conversation.turn(second, [3, 4]);
            conversation.turn(second, [6, 7]);
            conversation.turn(first, [0]);
            conversation.turn(second, [1]);
          } catch (error) {
            const stream = conversation.stream ? "streamed" : "whole";
            error.message = `then ${second.title}, ${stream}: ${error.message}`;
            throw error;
          }
        }
      });
    }
  });
}
