/**
 * Chat services with protocols of their own, in the place of paid ones: strict about paths, keys and
 * conversations. Asked with tools they call one; given its result they speak of it.
 */
import { createServer } from "node:http";
import claude from "../fixtures/dialects/claude.mjs";
import gemini from "../fixtures/dialects/gemini.mjs";
import { completion, completionEvents } from "../module/support.mjs";
import bedrock from "../fixtures/dialects/bedrock.mjs";

function must(condition, message) {
  if (!condition) throw new Error(message);
}

/** Roles take turns, and the first is a user's. */
function takeTurns(roles, [user, other]) {
  must(roles.length > 0 && roles[0] === user, `begins with ${roles[0]}`);
  for (const [index, role] of roles.entries())
    must(role === (index % 2 === 0 ? user : other), `role ${role} at ${index}`);
}

const TEXTS = ["Hel", "lo \u{1f600}", "!"];
const ARGUMENTS = { city: "Zürich" };

export const VENDORS = {
  claude: {
    config: claude.config,
    check({ url, headers }, body) {
      must(url === "/v1/messages", url);
      must(headers["x-api-key"] === "key-1" && !headers.authorization, "key");
      must(/^\d{4}-\d{2}-\d{2}$/.test(headers["anthropic-version"]), "version");
      must(body.model && body.max_tokens > 0, "model, max_tokens");
      takeTurns(
        body.messages.map(({ role }) => role),
        ["user", "assistant"],
      );
      const called = new Set();
      for (const { content } of body.messages) {
        for (const block of content) {
          if (block.type === "tool_use") called.add(block.id);
          if (block.type === "tool_result") must(called.has(block.tool_use_id), "unknown call");
        }
      }
      const last = body.messages.at(-1).content;
      const result = last.find(({ type }) => type === "tool_result");
      return {
        stream: body.stream === true,
        wantsTool: body.tools?.length > 0 && !result,
        result: result?.content,
      };
    },
    text(stream, pieces) {
      const content = [{ type: "text", text: pieces.join("") }];
      if (!stream) return JSON.stringify(claudeMessage(content, "end_turn"));
      return claudeStream(
        claudeEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
        ...pieces.map((text) =>
          claudeEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text } }),
        ),
        claudeEvent("content_block_stop", { index: 0 }),
        claudeEnd("end_turn"),
      );
    },
    tool(stream) {
      const call = { type: "tool_use", id: "toolu_1", name: "weather", input: ARGUMENTS };
      if (!stream) return JSON.stringify(claudeMessage([call], "tool_use"));
      return claudeStream(
        claudeEvent("content_block_start", { index: 0, content_block: { ...call, input: {} } }),
        ...JSON.stringify(ARGUMENTS)
          .match(/.{1,4}/gu)
          .map((partial_json) =>
            claudeEvent("content_block_delta", {
              index: 0,
              delta: { type: "input_json_delta", partial_json },
            }),
          ),
        claudeEvent("content_block_stop", { index: 0 }),
        claudeEnd("tool_use"),
      );
    },
  },
  gemini: {
    config: gemini.config,
    check({ url, headers }, body) {
      const path =
        /^\/v1beta\/models\/[\w.-]+:(generateContent|streamGenerateContent\?alt=sse)$/.exec(url);
      must(path, url);
      must(headers["x-goog-api-key"] === "key-1" && !headers.authorization, "key");
      takeTurns(
        body.contents.map(({ role }) => role),
        ["user", "model"],
      );
      const called = new Set();
      for (const { parts } of body.contents) {
        for (const { functionCall, functionResponse } of parts) {
          if (functionCall) called.add(functionCall.name);
          if (functionResponse) must(called.has(functionResponse.name), "unknown call");
        }
      }
      const last = body.contents.at(-1).parts.find((part) => part.functionResponse);
      return {
        stream: path[1] !== "generateContent",
        wantsTool: body.tools?.length > 0 && !last,
        result: last?.functionResponse.response.output,
      };
    },
    text: (stream, pieces) =>
      geminiAnswer(
        stream,
        pieces.map((text) => [{ text }]),
      ),
    tool: (stream) =>
      geminiAnswer(stream, [[{ functionCall: { name: "weather", args: ARGUMENTS } }]]),
  },
  bedrock: {
    config: { awsRegion: "us-east-1" },
    streamType: bedrock.streamType,
    check({ url, headers }, body) {
      const path = /^\/model\/[\w.%-]+\/converse(-stream)?$/.exec(url);
      must(path, url);
      must(/^AWS4-HMAC-SHA256 |^Bearer key-1$/.test(headers.authorization), "key");
      takeTurns(
        body.messages.map(({ role }) => role),
        ["user", "assistant"],
      );
      const last = body.messages.at(-1).content.find(({ toolResult }) => toolResult);
      return {
        stream: path[1] !== undefined,
        wantsTool: body.toolConfig?.tools.length > 0 && !last,
        result: last?.toolResult.content[0].text,
      };
    },
    text(stream, pieces) {
      if (!stream) return converse([{ text: pieces.join("") }], "end_turn");
      return bedrock.makeStream(
        pieces.map((text) => [0, { text }]),
        "end_turn",
      );
    },
    tool(stream) {
      const toolUse = { toolUseId: "tooluse_1", name: "weather" };
      if (!stream) return converse([{ toolUse: { ...toolUse, input: ARGUMENTS } }], "tool_use");
      return bedrock.makeStream(
        JSON.stringify(ARGUMENTS)
          .match(/.{1,4}/gu)
          .map((input) => [0, { toolUse: { input } }]),
        "tool_use",
        { contentBlockIndex: 0, start: { toolUse } },
      );
    },
  },
  openai: {
    config: {},
    check({ url, headers }, body) {
      must(url === "/v1/chat/completions", url);
      must(headers.authorization === "Bearer key-1", "key");
      must(!headers["x-api-key"] && !headers["anthropic-version"], "headers of another protocol");
      const called = new Set();
      for (const { role, tool_calls: calls, tool_call_id: id } of body.messages) {
        must(["system", "user", "assistant", "tool"].includes(role), `role ${role}`);
        for (const call of calls ?? []) {
          JSON.parse(call.function.arguments);
          called.add(call.id);
        }
        if (role === "tool") must(called.has(id), "unknown call");
      }
      const last = body.messages.findLast(({ role }) => role === "tool");
      return {
        stream: body.stream === true,
        wantsTool: body.tools?.length > 0 && !last,
        result: last?.content,
      };
    },
    text: (stream, pieces) =>
      stream ? completionEvents(pieces).join("") : JSON.stringify(completion(pieces.join(""))),
    tool(stream) {
      const call = { id: "call_1", type: "function" };
      const json = JSON.stringify(ARGUMENTS);
      if (!stream) {
        const message = {
          tool_calls: [{ ...call, function: { name: "weather", arguments: json } }],
        };
        return JSON.stringify(completion(null, { message, reason: "tool_calls" }));
      }
      const events = completionEvents([], { reason: "tool_calls" });
      const chunk = (tool_calls) =>
        `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] })}\n\n`;
      return [
        events[0],
        chunk([{ index: 0, ...call, function: { name: "weather", arguments: "" } }]),
        ...json
          .match(/.{1,4}/gu)
          .map((text) => chunk([{ index: 0, function: { arguments: text } }])),
        ...events.slice(1),
      ].join("");
    },
  },
};

const claudeEvent = (type, members) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const claudeMessage = (content, stop_reason) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-x",
  content,
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 5 },
});
const claudeStream = (...events) =>
  claudeEvent("message_start", { message: claudeMessage([], null) }) + events.join("");
const claudeEnd = (stop_reason) =>
  claudeEvent("message_delta", {
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 5 },
  }) + claudeEvent("message_stop", {});

function geminiAnswer(stream, pieces) {
  const answer = (parts, finishReason) => ({
    candidates: [{ content: { role: "model", parts }, index: 0, finishReason }],
    usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 5, totalTokenCount: 14 },
    modelVersion: "gemini-x",
    responseId: "r1",
  });
  if (!stream) return JSON.stringify(answer(pieces.flat(), "STOP"));
  return pieces
    .map((parts, index) => answer(parts, index === pieces.length - 1 ? "STOP" : undefined))
    .map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`)
    .join("");
}

const converse = (content, stopReason) =>
  JSON.stringify({
    output: { message: { role: "assistant", content } },
    stopReason,
    usage: { inputTokens: 9, outputTokens: 5, totalTokens: 14 },
  });

/** A vendor behind HTTP. */
export class ChatVendor {
  static async start(type) {
    const vendor = new ChatVendor();
    const { check, text, tool, streamType = "text/event-stream" } = VENDORS[type];
    vendor.requests = [];
    vendor.http = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const record = { url: request.url, headers: request.headers, body };
      vendor.requests.push(record);
      try {
        const { stream, wantsTool, result } = check(request, JSON.parse(body));
        const pieces = result ? [`It is ${result}.`] : TEXTS;
        const answer = Buffer.from(
          wantsTool ? tool(stream) : text(stream, pieces),
          stream && streamType !== "text/event-stream" ? "latin1" : "utf8",
        );
        response.writeHead(200, {
          "content-type": stream ? streamType : "application/json",
          "x-amzn-requestid": "req-1",
        });
        // In pieces that end anywhere.
        for (let at = 0; at < answer.length; at += 37) response.write(answer.subarray(at, at + 37));
        response.end();
      } catch (error) {
        response.writeHead(400, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: `strict vendor: ${error.message}` } }));
      }
    });
    await new Promise((resolve) => vendor.http.listen(0, "127.0.0.1", resolve));
    vendor.port = vendor.http.address().port;
    return vendor;
  }

  async stop() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
