/** Cohere's and Tencent Cloud's chats, in the place of the paid ones: strict about keys, signatures and turns. */
import { createHash, createHmac } from "node:crypto";

function must(condition, message) {
  if (!condition) throw new Error(message);
}

const ARGUMENTS = { city: "Zürich" };
const hash = (data) => createHash("sha256").update(data).digest("hex");
const mac = (key, data) => createHmac("sha256", key).update(data).digest();

/** Roles, calls and results of a conversation in either's words; gives what is to be answered. */
function readTurns(messages, [role, calls, id, content], { stream, tools }) {
  const called = new Set();
  for (const message of messages) {
    must(["system", "user", "assistant", "tool"].includes(message[role]), message[role]);
    for (const call of message[calls] ?? []) called.add(call.id ?? call.Id);
    if (message[role] === "tool") must(called.has(message[id]), "unknown call");
  }
  const last = messages.at(-1);
  const result = last[role] === "tool" ? last[content] : undefined;
  return { stream: stream === true, wantsTool: tools?.length > 0 && !result, result };
}

const cohereUsage = {
  billed_units: { input_tokens: 9, output_tokens: 5 },
  tokens: { input_tokens: 9, output_tokens: 5 },
};
const cohereEvent = (type, members) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const cohereStart = cohereEvent("message-start", {
  id: "c1",
  delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [] } },
});
const cohereEnd = (finish_reason) =>
  cohereEvent("message-end", { delta: { finish_reason, usage: cohereUsage } });
const cohereAnswer = (message, finish_reason) =>
  JSON.stringify({
    id: "c1",
    finish_reason,
    message: { role: "assistant", ...message },
    usage: cohereUsage,
  });

/** Cohere's second version. */
export const cohere = {
  config: {},
  check({ url, headers }, body) {
    must(url === "/v2/chat", url);
    must(headers.authorization === "Bearer key-1", "key");
    must(body.model, "model");
    return readTurns(body.messages, ["role", "tool_calls", "tool_call_id", "content"], body);
  },
  text(stream, pieces) {
    const content = [{ type: "text", text: pieces.join("") }];
    if (!stream) return cohereAnswer({ content }, "COMPLETE");
    const delta = (members) => ({ index: 0, delta: { message: { content: members } } });
    return [
      cohereStart,
      cohereEvent("content-start", delta({ type: "text", text: "" })),
      ...pieces.map((text) => cohereEvent("content-delta", delta({ text }))),
      cohereEvent("content-end", { index: 0 }),
      cohereEnd("COMPLETE"),
    ].join("");
  },
  tool(stream) {
    const json = JSON.stringify(ARGUMENTS);
    const call = (text) => ({
      id: "weather_1",
      type: "function",
      function: { name: "weather", arguments: text },
    });
    if (!stream) return cohereAnswer({ tool_calls: [call(json)] }, "TOOL_CALL");
    const delta = (members) => ({ index: 0, delta: { message: { tool_calls: members } } });
    return [
      cohereStart,
      cohereEvent("tool-call-start", delta(call(""))),
      ...json
        .match(/.{1,4}/gu)
        .map((text) => cohereEvent("tool-call-delta", delta({ function: { arguments: text } }))),
      cohereEvent("tool-call-end", { index: 0 }),
      cohereEnd("TOOL_CALL"),
    ].join("");
  },
};

const ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
const KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

/** The signature as Tencent Cloud's documentation of TC3-HMAC-SHA256 makes it. */
function checkTc3(headers, text) {
  const time = headers["x-tc-timestamp"];
  must(Math.abs(Number(time) - Date.now() / 1000) < 300, "time");
  const date = new Date(time * 1000).toISOString().slice(0, 10);
  const names = "content-type;host;x-tc-action";
  const lines = `content-type:${headers["content-type"]}\nhost:${headers.host}\nx-tc-action:${headers["x-tc-action"].toLowerCase()}\n`;
  const canonical = ["POST", "/", "", lines, names, hash(text)].join("\n");
  const scope = `${date}/hunyuan/tc3_request`;
  const signed = ["TC3-HMAC-SHA256", time, scope, hash(canonical)].join("\n");
  const key = mac(mac(mac(`TC3${KEY}`, date), "hunyuan"), "tc3_request");
  const signature = mac(key, signed).toString("hex");
  must(
    headers.authorization ===
      `TC3-HMAC-SHA256 Credential=${ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    "signature",
  );
}

const tencentUsage = { PromptTokens: 9, CompletionTokens: 5, TotalTokens: 14 };
const tencentCall = (text, isFirst = true) => ({
  Index: 0,
  Id: isFirst ? "call_1" : "",
  Type: "function",
  Function: { Name: isFirst ? "weather" : "", Arguments: text },
});

function tencentAnswer(stream, pieces, reason) {
  const choice = (part, FinishReason) => ({ Index: 0, FinishReason, ...part });
  const rest = { Created: 1700000000, Id: "t1", Note: "", Usage: tencentUsage };
  if (!stream) {
    const Message = { Role: "assistant", ...pieces[0] };
    if (!Message.ToolCalls) Message.Content = pieces.map(({ Content }) => Content).join("");
    return JSON.stringify({ Response: { ...rest, Choices: [choice({ Message }, reason)] } });
  }
  return [...pieces, { Content: "" }]
    .map((Delta, at) => choice({ Delta }, at === pieces.length ? reason : ""))
    .map((one) => `data: ${JSON.stringify({ ...rest, Choices: [one] })}\n\n`)
    .join("");
}

/** Tencent Cloud's own API of hunyuan. */
export const hunyuan = {
  config: { apiTokens: undefined, hunyuanAuthId: ID, hunyuanAuthKey: KEY },
  check({ url, headers }, body, text) {
    must(url === "/", url);
    must(headers["x-tc-action"] === "ChatCompletions", "action");
    must(headers["x-tc-version"] === "2023-09-01", "version");
    checkTc3(headers, text);
    return readTurns(body.Messages, ["Role", "ToolCalls", "ToolCallId", "Content"], {
      stream: body.Stream,
      tools: body.Tools,
    });
  },
  text: (stream, pieces) =>
    tencentAnswer(
      stream,
      pieces.map((Content) => ({ Content })),
      "stop",
    ),
  tool(stream) {
    const json = JSON.stringify(ARGUMENTS);
    if (!stream) {
      return tencentAnswer(false, [{ Content: "", ToolCalls: [tencentCall(json)] }], "tool_calls");
    }
    const pieces = json
      .match(/.{1,4}/gu)
      .map((text, at) => ({ Content: "", ToolCalls: [tencentCall(text, at === 0)] }));
    return tencentAnswer(true, pieces, "tool_calls");
  },
};
