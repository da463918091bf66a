/**
 * Thinking goes to the client and comes back to the vendor as it was: texts, signatures, redacted and
 * signature-only blocks, in order, for each protocol that a client may speak. Sources: Anthropic's
 * documents on extended thinking, Amazon's on Converse's `reasoningContent`, Google's on thought signatures.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { frame } from "../worst/aws-frames.mjs";
import { exchange, jsonUpstream, plugin } from "./support.mjs";

const now = () => 1_700_000_000_000;
const sse = (events) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

/** A turn of Claude's with all that may stand in it. */
const TURN = [
  { type: "thinking", thinking: 'first \n"q"', signature: "c2lnLTE=" },
  { type: "redacted_thinking", data: "aGlkZGVu" },
  { type: "thinking", thinking: "", signature: "c2lnLTI=" },
  { type: "text", text: "I look." },
  { type: "thinking", thinking: "third", signature: "c2lnLTM=" },
  { type: "tool_use", id: "toolu_1", name: "f", input: { a: 1 } },
];

/** The turn as Anthropic's events. */
function claudeEvents(blocks) {
  const events = blocks.flatMap((block, index) => {
    const at = (type, members) => ({ type, index, ...members });
    const delta = (value) => at("content_block_delta", { delta: value });
    const start = (value) => at("content_block_start", { content_block: value });
    const stop = at("content_block_stop", {});
    switch (block.type) {
      case "thinking":
        return [
          start({ type: "thinking", thinking: "", signature: "" }),
          ...(block.thinking ? [delta({ type: "thinking_delta", thinking: block.thinking })] : []),
          delta({ type: "signature_delta", signature: block.signature }),
          stop,
        ];
      case "text":
        return [
          start({ type: "text", text: "" }),
          delta({ type: "text_delta", text: block.text }),
          stop,
        ];
      case "tool_use":
        return [
          start({ ...block, input: {} }),
          delta({ type: "input_json_delta", partial_json: JSON.stringify(block.input) }),
          stop,
        ];
      default:
        return [start(block), stop];
    }
  });
  const usage = { input_tokens: 1, output_tokens: 1 };
  return sse([
    {
      type: "message_start",
      message: { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage },
    },
    ...events,
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage },
    { type: "message_stop" },
  ]);
}

/** Blocks of Converse for Anthropic's. */
const toConverse = (block) => {
  switch (block.type) {
    case "thinking":
      return {
        reasoningContent: { reasoningText: { text: block.thinking, signature: block.signature } },
      };
    case "redacted_thinking":
      return { reasoningContent: { redactedContent: block.data } };
    case "text":
      return { text: block.text };
    default:
      return { toolUse: { toolUseId: block.id, name: block.name, input: block.input } };
  }
};

function converseFrames(blocks) {
  const frames = blocks.flatMap((block, contentBlockIndex) => {
    const delta = (value) => frame("contentBlockDelta", { contentBlockIndex, delta: value });
    const stop = frame("contentBlockStop", { contentBlockIndex });
    switch (block.type) {
      case "thinking":
        return [
          ...(block.thinking ? [delta({ reasoningContent: { text: block.thinking } })] : []),
          delta({ reasoningContent: { signature: block.signature } }),
          stop,
        ];
      case "redacted_thinking":
        return [delta({ reasoningContent: { redactedContent: block.data } }), stop];
      case "text":
        return [delta({ text: block.text }), stop];
      default:
        return [
          frame("contentBlockStart", {
            contentBlockIndex,
            start: { toolUse: { toolUseId: block.id, name: block.name } },
          }),
          delta({ toolUse: { input: JSON.stringify(block.input) } }),
          stop,
        ];
    }
  });
  return Buffer.concat([
    frame("messageStart", { role: "assistant" }),
    ...frames,
    frame("messageStop", { stopReason: "tool_use" }),
    frame("metadata", { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } }),
  ]);
}

const CLAUDE_ANSWER = {
  whole: (blocks) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: blocks,
    stop_reason: "tool_use",
    usage: { input_tokens: 1, output_tokens: 1 },
  }),
  stream: claudeEvents,
  streamType: "text/event-stream",
  turnOf: (body) => body.messages.filter(({ role }) => role === "assistant").at(-1).content,
  own: (block) => block,
};

const VENDORS = {
  claude: { ...CLAUDE_ANSWER, provider: { type: "claude" }, model: "claude-opus-4-7" },
  bedrock: {
    provider: { type: "bedrock", awsRegion: "us-east-1" },
    model: "us.anthropic.claude-opus-4-7",
    whole: (blocks) => ({
      output: { message: { role: "assistant", content: blocks.map(toConverse) } },
      stopReason: "tool_use",
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    }),
    stream: converseFrames,
    streamType: "application/vnd.amazon.eventstream",
    turnOf: (body) => body.messages.filter(({ role }) => role === "assistant").at(-1).content,
    own: toConverse,
  },
};

/** The message that a stream of Anthropic's comes to, by Anthropic's own library. */
async function messageOf(text) {
  const client = new Anthropic({
    apiKey: "k",
    fetch: async () =>
      new Response(text, { status: 200, headers: { "content-type": "text/event-stream" } }),
  });
  const request = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "x" }] };
  return client.messages.stream(request).finalMessage();
}

/** What each client sends, and what it makes of an answer for its next turn. */
const CLIENTS = {
  anthropic: {
    path: "/v1/messages",
    body: (model, stream, turn = []) => ({
      model,
      max_tokens: 4000,
      stream,
      thinking: { type: "adaptive" },
      tools: [{ name: "f", input_schema: { type: "object" } }],
      messages: [{ role: "user", content: "go" }, ...turn],
    }),
    turn: async (text, isStream) => {
      const { content } = isStream ? await messageOf(text) : JSON.parse(text);
      const results = content
        .filter(({ type }) => type === "tool_use")
        .map(({ id }) => ({ type: "tool_result", tool_use_id: id, content: "R" }));
      return [
        { role: "assistant", content },
        { role: "user", content: results },
      ];
    },
  },
  responses: {
    path: "/v1/responses",
    body: (model, stream, turn = []) => ({
      model,
      stream,
      reasoning: { effort: "high" },
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      input: [{ role: "user", content: "go" }, ...turn],
    }),
    turn: async (text, isStream) => {
      const last = isStream ? JSON.parse(text.trim().split("\ndata: ").at(-1)).response : null;
      const { output } = last ?? JSON.parse(text);
      const results = output
        .filter(({ type }) => type === "function_call")
        .map(({ call_id }) => ({ type: "function_call_output", call_id, output: "R" }));
      return [...output, ...results];
    },
  },
};

const ask = (provider, client, body, upstream) =>
  exchange(
    [plugin("ai-proxy", { provider: { apiTokens: ["key"], ...provider } }, { now })],
    {
      path: CLIENTS[client].path,
      headers: client === "anthropic" ? { "anthropic-version": "2023-06-01" } : {},
      body: JSON.stringify(body),
    },
    upstream,
  );

/** The body of the request that follows an answer. */
async function followUp(vendor, client, isStream, blocks) {
  const { body, turn } = CLIENTS[client];
  const answer = isStream ? vendor.stream(blocks) : JSON.stringify(vendor.whole(blocks));
  const type = isStream ? vendor.streamType : "application/json";
  const upstream = () => ({ headers: { "content-type": type }, chunks: [answer] });
  const first = ask(vendor.provider, client, body(vendor.model, isStream), upstream);
  assert.equal(first.received.status, 200, first.text);
  const history = await turn(first.text, isStream);
  const next = jsonUpstream({});
  ask(vendor.provider, client, body(vendor.model, false, history), next);
  return { history, body: JSON.parse(next.requests[0].body), first };
}

for (const [name, vendor] of Object.entries(VENDORS)) {
  for (const client of Object.keys(CLIENTS)) {
    if (name === "claude" && client === "anthropic") continue;
    for (const isStream of [false, true]) {
      const how = `${isStream ? "a stream" : "an answer"} of ${name} and a client of ${client}`;
      it(`thinking survives ${how}`, async () => {
        const { body } = await followUp(vendor, client, isStream, TURN);
        assert.deepEqual(vendor.turnOf(body), TURN.map(vendor.own));
      });
    }
  }
}

describe("thinking for clients of Anthropic's", () => {
  for (const isStream of [false, true]) {
    it(`is what the vendor said, ${isStream ? "streamed" : "buffered"}`, async () => {
      const { history } = await followUp(VENDORS.bedrock, "anthropic", isStream, TURN);
      assert.deepEqual(history[0].content, TURN);
    });
  }
});

describe("Google's signatures under calls", () => {
  const parts = [
    { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "AbC=" },
    { functionCall: { name: "f", args: { a: 2 } } },
  ];
  const gemini = {
    provider: { type: "gemini" },
    model: "gemini-3-pro-preview",
    whole: () => ({
      candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0 }],
      responseId: "r1",
    }),
    stream: () => `data: ${JSON.stringify(gemini.whole())}\r\n\r\n`,
    streamType: "text/event-stream",
  };

  for (const client of Object.keys(CLIENTS)) {
    for (const isStream of [false, true]) {
      it(`come back under the same call, ${client}, ${isStream ? "streamed" : "buffered"}`, async () => {
        const { body, history } = await followUp(gemini, client, isStream, []);
        assert.deepEqual(body.contents[1], { role: "model", parts });
        const items = client === "anthropic" ? history[0].content : history;
        assert.deepEqual(
          items.map(({ type }) => type.replace("function_call_output", "")).filter(Boolean),
          client === "anthropic"
            ? ["thinking", "tool_use", "tool_use"]
            : ["reasoning", "function_call", "function_call"],
        );
      });

      it(`go to no other vendor, ${client}, ${isStream ? "streamed" : "buffered"}`, async () => {
        const { history } = await followUp(gemini, client, isStream, []);
        for (const { provider, model } of [
          VENDORS.bedrock,
          VENDORS.claude,
          { provider: { type: "deepseek" }, model: "deepseek-v4" },
          { provider: { type: "groq" }, model: "llama-3.3-70b-versatile" },
        ]) {
          const next = jsonUpstream({});
          ask(provider, client, CLIENTS[client].body(model, false, history), next);
          assert.doesNotMatch(
            next.requests[0].body.toString(),
            /AbC=|aip1:|extra_content/,
            provider.type,
          );
        }
      });
    }
  }
});

describe("signatures that are another's", () => {
  const thought = (signature) => ({ type: "thinking", thinking: "t", signature });
  const history = (block) => [
    {
      role: "assistant",
      content: [block, { type: "tool_use", id: "toolu_1", name: "f", input: {} }],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "R" }] },
  ];
  const sent = ({ provider, model }, block, members = {}) => {
    const upstream = jsonUpstream({});
    const body = { ...CLIENTS.anthropic.body(model, false, history(block)), ...members };
    ask(provider, "anthropic", body, upstream);
    return JSON.parse(upstream.requests[0].body);
  };

  for (const signature of ["", "aip1:g:AbC=", "aip1:o:gAAAA", "gAAAAABo"]) {
    it(`${JSON.stringify(signature)} does not reach Claude`, () => {
      for (const vendor of [VENDORS.claude, VENDORS.bedrock]) {
        const turn = vendor.turnOf(sent(vendor, thought(signature)));
        assert.equal(turn.length, 1, JSON.stringify(turn));
      }
    });
  }

  it("without its thoughts a turn with calls is not one of thinking within a budget", () => {
    const thinking = { type: "enabled", budget_tokens: 2000 };
    const vendor = { ...VENDORS.claude, model: "claude-sonnet-4-5" };
    assert.equal(sent(vendor, thought(""), { thinking }).thinking, undefined);
    assert.deepEqual(sent(vendor, thought("c2ln"), { thinking }).thinking, thinking);
  });

  it("Claude's own stay, byte for byte, in a request that goes out as it is", () => {
    const block = thought("c2ln");
    assert.deepEqual(VENDORS.claude.turnOf(sent(VENDORS.claude, block))[0], block);
  });

  it("Claude's do not reach Google", () => {
    const { contents } = sent(
      { provider: { type: "gemini" }, model: "gemini-3-pro" },
      thought("c2ln"),
    );
    assert.doesNotMatch(JSON.stringify(contents), /c2ln/);
  });
});
