/** Requests of each client protocol that have in them whatever is read, and answers to them. */
const tool = { name: "f", description: "d", parameters: { type: "object", properties: {} } };
const image = "data:image/png;base64,QQ==";

/** An OpenAI chat. */
export const CHAT = {
  model: "gpt-4-x",
  stream: false,
  stream_options: {},
  user: "u",
  max_tokens: 5,
  max_completion_tokens: 5,
  logprobs: false,
  top_logprobs: 0,
  n: 1,
  stop: ["x"],
  temperature: 1,
  reasoning_effort: "low",
  response_format: { type: "json_schema", json_schema: { name: "s", schema: {} } },
  tools: [{ type: "function", function: tool }],
  tool_choice: { type: "function", function: { name: "f" } },
  messages: [
    { role: "system", content: "S" },
    { role: "user", name: "n", content: [{ type: "text", text: "U" }] },
    { role: "user", name: "n", content: "V" },
    {
      role: "assistant",
      content: "A",
      reasoning_content: "r",
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: '{"r":1}' },
    { role: "user", content: [{ type: "image_url", image_url: { url: image } }] },
    { role: "user", content: "how do I reset my password?" },
  ],
};

/** An Anthropic Messages request. */
export const MESSAGES = {
  model: "m",
  max_tokens: 5,
  stream: false,
  cache_control: { type: "ephemeral", scope: "global", ttl: "1h" },
  diagnostics: {},
  system: [
    { type: "text", text: "x-anthropic-billing-header: a; cch=1; b", cache_control: { scope: "" } },
  ],
  tools: [{ name: "f", description: "d", input_schema: { type: "object" } }],
  tool_choice: { type: "tool", name: "f" },
  thinking: { type: "enabled", budget_tokens: 5000 },
  metadata: { user_id: "u" },
  stop_sequences: ["x"],
  output_config: { format: { type: "json_schema", schema: {} }, task_budget: {} },
  output_format: { type: "json_schema", schema: {} },
  messages: [
    { role: "user", content: "U" },
    {
      role: "assistant",
      content: [
        { type: "compaction", content: "C" },
        { type: "server_tool_use", id: "s1", name: "web_fetch", input: { url: "https://x" } },
        {
          type: "web_fetch_tool_result",
          tool_use_id: "s1",
          content: {
            type: "web_fetch_result",
            url: "https://x",
            content: { type: "document", source: { type: "text", data: "D" } },
          },
        },
        { type: "code_execution_tool_result", content: { stdout: "O", lines: ["L"] } },
        { type: "tool_search_tool_result", content: { tool_references: [{ tool_name: "f" }] } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "t", signature: "s" },
        { type: "text", text: "T" },
        { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "t1",
          content: [
            { type: "text", text: "R" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ" } },
            { type: "search_result", title: "T", source: "S", content: [{ text: "F" }] },
          ],
        },
        {
          type: "document",
          title: "T",
          context: "C",
          source: { type: "content", content: [{ type: "text", text: "D" }] },
        },
        { type: "image", source: { type: "url", url: "https://x/y.png" } },
        { type: "text", text: "how do I reset my password?" },
      ],
    },
  ],
};

/** A request of OpenAI's Responses API. */
export const RESPONSES = {
  model: "m",
  instructions: "I",
  max_output_tokens: 5,
  stream: false,
  tools: [{ type: "function", ...tool }],
  tool_choice: { type: "function", name: "f" },
  reasoning: { effort: "low" },
  text: { format: { type: "json_schema", name: "n", schema: {} } },
  input: [
    { role: "user", content: [{ type: "input_text", text: "U" }] },
    {
      type: "reasoning",
      summary: [{ type: "summary_text", text: "y" }],
      content: [{ type: "reasoning_text", text: "t" }],
      encrypted_content: "s",
    },
    { role: "assistant", content: [{ type: "output_text", text: "A" }] },
    { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
    {
      type: "function_call_output",
      call_id: "c",
      output: [{ type: "input_image", image_url: image }],
    },
    { role: "user", content: [{ type: "input_image", image_url: image }] },
    { role: "user", content: [{ type: "input_text", text: "how do I reset my password?" }] },
  ],
};

/** Google's `generateContent`, whose path names the model. */
export const GENERATE = {
  systemInstruction: { parts: [{ text: "S" }] },
  safetySettings: [{ category: "C", threshold: "T" }],
  toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
  tools: [
    {
      functionDeclarations: [
        {
          name: "f",
          description: "d",
          parameters: { type: "OBJECT", properties: { a: { type: "STRING", nullable: true } } },
        },
        { name: "g", parametersJsonSchema: { type: "object" } },
      ],
    },
  ],
  generationConfig: {
    temperature: 1,
    maxOutputTokens: 5,
    stopSequences: ["x"],
    responseMimeType: "application/json",
    responseSchema: { type: "OBJECT", properties: { a: { type: "STRING" } } },
    thinkingConfig: { thinkingBudget: 5000, includeThoughts: true },
  },
  contents: [
    { role: "user", parts: [{ text: "U" }] },
    {
      role: "model",
      parts: [
        { text: "t", thought: true, thoughtSignature: "cw==" },
        { text: "T" },
        { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "cw==" },
      ],
    },
    {
      role: "user",
      parts: [
        { functionResponse: { name: "f", response: { output: "R" } } },
        { inlineData: { mimeType: "image/png", data: "QQ==" } },
        { text: "how do I reset my password?" },
      ],
    },
  ],
};

const turns = [{ role: "user", content: "hi" }];

/** Client protocols: where they are spoken, a request that is rich, and one that anybody takes. */
export const CLIENTS = {
  openai: {
    path: "/v1/chat/completions",
    rich: CHAT,
    plain: { model: "m", messages: turns },
  },
  anthropic: {
    path: "/v1/messages",
    rich: MESSAGES,
    plain: { model: "m", max_tokens: 9, messages: turns },
  },
  responses: {
    path: "/v1/responses",
    rich: RESPONSES,
    plain: { model: "m", input: "hi" },
  },
  google: {
    path: "/v1beta/models/m:generateContent",
    streamPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
    rich: GENERATE,
    plain: { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
  },
};

/** A small request of a client. */
export function ask(client, stream) {
  const { path, streamPath, plain } = CLIENTS[client];
  if (streamPath) return { path: stream ? streamPath : path, body: JSON.stringify(plain) };
  return { path, body: JSON.stringify({ ...plain, stream }) };
}
