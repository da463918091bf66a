/**
 * Chat services with protocols of their own, in the place of paid ones: strict about paths, keys and
 * conversations. Asked with tools they call one; given its result they speak of it.
 */
import { verify } from "node:crypto";
import { createServer } from "node:http";
import * as consume from "node:stream/consumers";
import claude from "../fixtures/dialects/claude.mjs";
import gemini from "../fixtures/dialects/gemini.mjs";
import { accountFile, rsaKey, vertexWith } from "../fixtures/service-account.mjs";
import { completion, completionEvents } from "../module/support.mjs";
import bedrock from "../fixtures/dialects/bedrock.mjs";
import { close, listen } from "./http-server.mjs";
import { cohere, hunyuan } from "./signed-vendors.mjs";

function must(condition, message) {
  if (!condition) throw new Error(message);
}

/** Roles take turns, and the first is a user's. */
function takeTurns(roles, [user, other]) {
  must(roles.length > 0 && roles[0] === user, `begins with ${roles[0]}`);
  for (const [index, role] of roles.entries())
    must(role === (index % 2 === 0 ? user : other), `role ${role} at ${index}`);
}

const SERVICE_ACCOUNT = rsaKey();
const TEXTS = ["Hel", "lo \u{1f600}", "!"];
const ARGUMENTS = { city: "Zürich" };

export const VENDORS = {
  cohere,
  hunyuan,
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
      return checkContents(body, path[1], isGooglesOwn(headers));
    },
    text: (stream, pieces) =>
      geminiAnswer(
        stream,
        pieces.map((text) => [{ text }]),
      ),
    tool: (stream) =>
      geminiAnswer(stream, [[{ functionCall: { name: "weather", args: ARGUMENTS } }]]),
  },
  vertex: {
    config: {
      apiTokens: undefined,
      ...vertexWith(accountFile(SERVICE_ACCOUNT)),
    },
    cluster: "outbound|443||google-auth.dns",
    token(form) {
      const assertion = new URLSearchParams(form).get("assertion");
      const [, message, signature] = /^(.*)\.([\w-]+)$/.exec(assertion);
      const bytes = Buffer.from(signature, "base64url");
      const isGood = verify("sha256", Buffer.from(message), SERVICE_ACCOUNT, bytes);
      must(isGood, "signature of the assertion");
      return { access_token: "ya29.token", expires_in: 3599, token_type: "Bearer" };
    },
    check({ url, headers }, body) {
      const path =
        /^\/v1\/projects\/p1\/locations\/us-central1\/publishers\/google\/models\/[\w.-]+:(generateContent|streamGenerateContent\?alt=sse)$/.exec(
          url,
        );
      must(path, url);
      must(headers.authorization === "Bearer ya29.token", "token");
      return checkContents(body, path[1], isGooglesOwn(headers));
    },
    text: (...args) => VENDORS.gemini.text(...args),
    tool: (...args) => VENDORS.gemini.tool(...args),
  },
  qwen: {
    config: { qwenEnableCompatible: false },
    // Anthropic's clients are served by the vendor itself.
    isNative: true,
    check({ url, headers }, body) {
      must(url === "/api/v1/services/aigc/text-generation/generation", url);
      must(headers.authorization === "Bearer key-1", "key");
      must(body.parameters.result_format === "message", "result_format");
      const stream = headers["x-dashscope-sse"] === "enable";
      must(stream === (body.parameters.incremental_output === true), "incremental_output");
      const { messages } = body.input;
      const called = new Set(messages.flatMap((m) => (m.tool_calls ?? []).map(({ id }) => id)));
      for (const { role, content, tool_call_id: id } of messages) {
        must(["system", "user", "assistant", "tool"].includes(role), `role ${role}`);
        must(typeof content === "string", "content");
        if (role === "tool") must(called.has(id), "unknown call");
      }
      const last = messages.findLast(({ role }) => role === "tool");
      return {
        stream,
        wantsTool: body.parameters.tools?.length > 0 && !last,
        result: last?.content,
      };
    },
    text: (stream, pieces) =>
      qwenAnswer(stream, [...pieces.map((content) => ({ content })), { content: "" }], "stop"),
    tool(stream) {
      const json = JSON.stringify(ARGUMENTS);
      const call = (index, id, name, text) => ({
        content: "",
        tool_calls: [{ index, id, type: "function", function: { name, arguments: text } }],
      });
      const pieces = stream
        ? [
            call(0, "call_1", "weather", ""),
            ...json.match(/.{1,4}/gu).map((text) => call(0, "", "", text)),
            { content: "" },
          ]
        : [call(0, "call_1", "weather", json)];
      return qwenAnswer(stream, pieces, "tool_calls");
    },
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

/** Google's own libraries tell a streamed answer piece by piece, which Google takes. */
const isGooglesOwn = (headers) => /google-genai/.test(headers["x-goog-api-client"] ?? "");

/** What a Gemini conversation asks for. */
function checkContents(body, action, isOwn) {
  const roles = body.contents.map(({ role }) => role);
  takeTurns(isOwn ? roles.filter((role, at) => role !== roles[at - 1]) : roles, ["user", "model"]);
  const called = new Set();
  for (const { parts } of body.contents) {
    for (const { functionCall, functionResponse } of parts) {
      if (functionCall) called.add(functionCall.name);
      if (functionResponse) must(called.has(functionResponse.name), "unknown call");
    }
  }
  const last = body.contents.at(-1).parts.find((part) => part.functionResponse);
  return {
    stream: action !== "generateContent",
    wantsTool: body.tools?.length > 0 && !last,
    result: last?.functionResponse.response.output ?? last?.functionResponse.response.result,
  };
}

function qwenAnswer(stream, pieces, reason) {
  const answer = (message, finish_reason) => ({
    output: { choices: [{ message: { role: "assistant", ...message }, finish_reason }] },
    usage: { input_tokens: 9, output_tokens: 5, total_tokens: 14 },
    request_id: "r1",
  });
  if (!stream) {
    const content = pieces.map((piece) => piece.content).join("");
    const { tool_calls } = pieces[0];
    return JSON.stringify(answer({ content, tool_calls }, reason));
  }
  return pieces
    .map((piece, index) => answer(piece, index === pieces.length - 1 ? reason : "null"))
    .map(
      (value, index) =>
        `id:${index + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify(value)}\n\n`,
    )
    .join("");
}

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
    const { check, text, tool, token, streamType = "text/event-stream" } = VENDORS[type];
    vendor.requests = [];
    vendor.http = createServer(async (request, response) => {
      const body = await consume.buffer(request);
      const record = { url: request.url, headers: request.headers, body };
      vendor.requests.push(record);
      try {
        if (token && request.url === "/token") {
          response.writeHead(200, { "content-type": "application/json" });
          return void response.end(JSON.stringify(token(body.toString())));
        }
        const { stream, wantsTool, result } = check(request, JSON.parse(body), body);
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
    vendor.port = await listen(vendor.http);
    return vendor;
  }

  async stop() {
    await close(this.http);
  }
}
