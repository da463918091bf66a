/**
 * Clients of Google's protocol: to Google's services as they are, to all others as chats, with answers,
 * streams and errors in Google's form.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { geminiEvents, ofGemini } from "./answers.mjs";
import {
  allowLog,
  BUILDS,
  completion,
  completionEvents,
  exchange,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const ANSWER = {
  candidates: [
    { content: { role: "model", parts: [{ text: "Hello" }] }, finishReason: "STOP", index: 0 },
  ],
  usageMetadata: {
    promptTokenCount: 9,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 2,
    cachedContentTokenCount: 4,
    totalTokenCount: 16,
  },
  modelVersion: "gemini-x",
  responseId: "r1",
};
/** With white space, an escape, a number that no double holds, and a member that nobody knows. */
const BODY =
  '{ "contents":[{"parts":[{"text":"hi \\u00e9"}]}], "generationConfig":{"seed":12345678901234567890},"x":{} }';
const HEADERS = {
  "x-goog-api-key": "client-key",
  "x-goog-api-client": "google-genai-sdk/1.30.0",
  "content-type": "application/json",
};

const CALL = (id) => ({ functionCall: { id, name: "f", args: {} } });
const RESULT = (id, output) => ({ functionResponse: { id, name: "f", response: { output } } });
/**
 * A session that the Gemini CLI has resumed: each result comes twice (google-gemini/gemini-cli#29365, #29366),
 * which Google refuses as too many for the calls.
 */
const RESUMED = [
  { role: "user", parts: [{ text: "hi" }] },
  { role: "model", parts: [CALL("a"), CALL("b")] },
  { role: "user", parts: [RESULT("a", "A"), RESULT("b", "B"), RESULT("a", "A"), RESULT("b", "B")] },
  { role: "model", parts: [CALL("c")] },
  { role: "user", parts: [RESULT("c", "C"), { text: "by the way" }] },
  { role: "user", parts: [RESULT("c", "C")] },
  { role: "model", parts: [CALL("a")] },
  { role: "user", parts: [RESULT("a", "again"), RESULT("a", "again")] },
];

for (const build of BUILDS) {
  const start = (provider) => {
    const proxy = plugin(
      "ai-proxy",
      { provider: { apiTokens: ["key-1"], ...provider } },
      { build, now: () => 1_700_000_000_000 },
    );
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const ask = (provider, path, body = BODY, upstream = jsonUpstream(ANSWER)) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const stream = exchange([start(provider)], { path, headers: HEADERS, body: text }, upstream);
    return { stream, request: upstream.requests[0], upstream };
  };

  describe(`Google's clients and Google's services (${build})`, () => {
    const express = "/v1/publishers/google/models";
    for (const [type, path, wanted] of [
      ["gemini", "/v1beta/models/m:generateContent", "/v1beta/models/big:generateContent"],
      ["gemini", "/v1/models/m:generateContent?a=b", "/v1beta/models/big:generateContent?a=b"],
      [
        "gemini",
        "/v1beta/models/m:streamGenerateContent?key=client-key&alt=sse",
        "/v1beta/models/big:streamGenerateContent?alt=sse",
      ],
      ["gemini", "/v1beta/models/m:countTokens", "/v1beta/models/big:countTokens"],
      [
        "gemini",
        "/v1beta1/publishers/google/models/m:generateContent",
        "/v1beta/models/big:generateContent",
      ],
      [
        "gemini",
        "/v1beta1/projects/p/locations/global/publishers/google/models/m:streamGenerateContent?alt=sse",
        "/v1beta/models/big:streamGenerateContent?alt=sse",
      ],
      ["vertex", "/v1beta/models/m:generateContent", `${express}/big:generateContent`],
      [
        "vertex",
        "/v1beta/models/m:streamGenerateContent?alt=sse&key=client-key",
        `${express}/big:streamGenerateContent?alt=sse`,
      ],
      [
        "vertex",
        "/v1beta1/publishers/google/models/m:generateContent",
        "/v1beta1/publishers/google/models/big:generateContent",
      ],
    ]) {
      it(`${type} gets what was sent to ${path}, byte for byte`, () => {
        const { request, stream } = ask({ type, modelMapping: { m: "big" } }, path);
        assert.ok(request, stream.text);
        assert.equal(request.headers.get(":path"), wanted);
        assert.equal(request.body.toString(), BODY);
        assert.equal(request.headers.get("x-goog-api-key"), "key-1");
        assert.equal(request.headers.get("authorization"), undefined);
        assert.equal(stream.text, JSON.stringify(ANSWER));
        assert.equal(stream.attribute("ai_proxy_model"), "big");
      });
    }

    for (const [type, path] of [
      ["gemini", "/v1beta/models/m:streamGenerateContent?alt=sse"],
      ["gemini", "/v1beta1/publishers/google/models/m:generateContent"],
      ["vertex", "/v1beta/models/m:generateContent"],
      ["vertex", "/v1beta1/publishers/google/models/m:generateContent"],
    ]) {
      it(`${type} gets each result once that is sent to ${path}`, () => {
        const body = (contents) => `{ "contents" :${JSON.stringify(contents)}, "x":1.0}`;
        const once = RESUMED.slice(0, 5).concat(RESUMED.slice(6));
        once[2] = { role: "user", parts: RESUMED[2].parts.slice(0, 2) };
        once[6] = { role: "user", parts: RESUMED[7].parts.slice(0, 1) };
        const { request, stream } = ask({ type }, path, body(RESUMED));
        assert.ok(request, stream.text);
        assert.equal(request.body.toString(), body(once));
      });
    }

    it("results that may be two calls' stay", () => {
      const turn = (calls, results) => [
        RESUMED[0],
        { role: "model", parts: calls },
        { role: "user", parts: results },
      ];
      for (const contents of [
        turn([CALL(), CALL()], [RESULT(undefined, "A"), RESULT(undefined, "A")]),
        turn([CALL("a"), CALL("a")], [RESULT("a", "A"), RESULT("a", "A")]),
        turn([CALL("a"), CALL("")], [RESULT("a", "A"), RESULT("", "B"), RESULT("", "B")]),
        turn([CALL("a"), CALL("b")], [RESULT("a", "A"), RESULT("x", "B"), RESULT("x", "B")]),
        [...turn([CALL("a")], [RESULT("a", "A")]), ...turn([CALL("a")], [RESULT("a", "A")])],
        [{ role: "user", parts: [RESULT("a", "A"), RESULT("a", "A"), null, 7] }, null, 7],
      ]) {
        const { request } = ask({ type: "gemini" }, "/v1beta/models/m:generateContent", {
          contents,
        });
        assert.deepEqual(JSON.parse(request.body).contents, JSON.parse(JSON.stringify(contents)));
      }
    });

    it("streams pass as they come, events and arrays, and their tokens are counted", () => {
      const part = (text, rest = {}) => ({
        candidates: [{ content: { parts: [{ text }], role: "model" }, index: 0 }],
        ...rest,
      });
      const parts = [
        part("Hel"),
        part("lo", { usageMetadata: ANSWER.usageMetadata, responseId: "r" }),
      ];
      for (const [query, type, text] of [
        [
          "?alt=sse",
          "text/event-stream",
          parts.map((value) => `data: ${JSON.stringify(value)}\r\n\r\n`).join(""),
        ],
        ["", "application/json", JSON.stringify(parts, null, 2)],
      ]) {
        const upstream = () => ({
          headers: { "content-type": type },
          chunks: text.match(/[^]{1,7}/g),
        });
        upstream.requests = [];
        const path = `/v1beta/models/m:streamGenerateContent${query}`;
        const { stream } = ask({ type: "gemini" }, path, BODY, upstream);
        assert.equal(stream.text, text);
        assert.equal(stream.attribute("ai_proxy_input_tokens"), "9");
        assert.equal(stream.attribute("ai_proxy_output_tokens"), "7");
      }
    });

    it("a vendor's error keeps its words and its form", () => {
      const error = { code: 400, message: "bad", status: "INVALID_ARGUMENT", details: [{ a: 1 }] };
      const upstream = jsonUpstream({ error }, { status: 400 });
      const { stream } = ask(
        { type: "gemini" },
        "/v1beta/models/m:generateContent",
        BODY,
        upstream,
      );
      assert.equal(stream.received.status, 400);
      assert.deepEqual(stream.json, { error });
    });

    it("another key is tried when one has failed", () => {
      const retryOnFailure = { enabled: true, maxRetries: 1 };
      const proxy = start({ type: "gemini", apiTokens: ["key-1", "key-2"], retryOnFailure });
      const calls = [];
      proxy.vm.onHttpCall = () => 0;
      const error = { code: 503, message: "x", status: "UNAVAILABLE" };
      const upstream = jsonUpstream({ error }, { status: 503 });
      const request = { path: "/v1beta/models/m:generateContent", headers: HEADERS, body: BODY };
      const properties = { cluster_name: "llm" };
      const stream = exchange([proxy], request, upstream, { properties });
      for (const [token, call] of [...proxy.vm.calls]) {
        calls.push(call);
        const headers = { "content-type": "application/json" };
        proxy.vm.answer(token, { status: 200, headers, body: JSON.stringify(ANSWER) });
      }
      assert.equal(stream.received.status, 200, stream.text);
      assert.deepEqual(stream.json, ANSWER);
      const sent = [...upstream.requests, ...calls];
      const keys = sent.map(({ headers }) => headers.get("x-goog-api-key"));
      assert.equal(new Set(keys).size, 2);
      assert.ok(sent.every(({ body }) => body.toString() === BODY));
      assert.ok(sent.every(({ headers }) => headers.get(":path") === request.path));
    });
  });

  describe(`Google's clients and other services (${build})`, () => {
    const CHAT = { type: "openai", openaiCustomUrl: "llm:8000/v1" };
    const chatOf = (body, path = "/v1beta/models/m:generateContent", provider = CHAT) => {
      const { request, stream } = ask(provider, path, body, jsonUpstream(completion()));
      assert.ok(request, stream.text);
      return JSON.parse(request.body);
    };
    const contents = [{ parts: [{ text: "hi" }] }];

    it("a request becomes a chat, in all its parts", () => {
      const chat = chatOf({
        systemInstruction: { parts: [{ text: "S" }, { text: "T" }] },
        safetySettings: [{ category: "C", threshold: "BLOCK_NONE" }],
        labels: { a: "b" },
        generationConfig: {
          temperature: 0,
          topP: 0.5,
          topK: 3,
          maxOutputTokens: 7,
          stopSequences: ["X"],
          seed: 12,
          presencePenalty: 0.25,
          frequencyPenalty: -1,
        },
        tools: [
          { googleSearch: {} },
          {
            functionDeclarations: [
              {
                name: "f",
                description: "d",
                parameters: {
                  type: "OBJECT",
                  properties: {
                    type: { type: "STRING", enum: ["STRING"], nullable: true },
                    list: { type: "ARRAY", items: { type: "INTEGER" } },
                  },
                  required: ["type"],
                },
              },
              { name: "g", parametersJsonSchema: { type: "object", properties: {} } },
              { name: "h" },
            ],
          },
        ],
        contents: [
          {
            role: "user",
            parts: [
              { text: "look" },
              { inlineData: { mimeType: "image/png", data: "QQ==" } },
              { inlineData: { mimeType: "audio/mpeg", data: "QQ==" } },
              { inlineData: { mimeType: "application/pdf", data: "QQ==" } },
              { inlineData: { mimeType: "text/markdown", data: "aGk=" } },
              { fileData: { mimeType: "image/png", fileUri: "https://x/y.png" } },
            ],
          },
          {
            role: "model",
            parts: [
              { text: "hm", thought: true, thoughtSignature: "c2ln" },
              { text: "a" },
              { text: "b" },
              { functionCall: { name: "f", args: { type: "x" } }, thoughtSignature: "AbC=" },
              { functionCall: { id: "own", name: "f", args: { type: "y" } } },
              { functionCall: { name: "g" } },
            ],
          },
          {
            role: "user",
            parts: [
              { functionResponse: { name: "g", response: { result: "G" } } },
              { functionResponse: { id: "own", name: "f", response: { a: [1] } } },
              { functionResponse: { name: "f", response: { output: "F" } } },
              { functionResponse: { name: "lost", response: { output: "L" } } },
              { text: "and?" },
            ],
          },
        ],
      });
      const url = "data:image/png;base64,QQ==";
      assert.deepEqual(chat, {
        model: "m",
        temperature: 0,
        top_p: 0.5,
        max_tokens: 7,
        stop: ["X"],
        seed: 12,
        presence_penalty: 0.25,
        frequency_penalty: -1,
        messages: [
          { role: "system", content: "S\n\nT" },
          {
            role: "user",
            content: [
              { type: "text", text: "look" },
              { type: "image_url", image_url: { url } },
              { type: "input_audio", input_audio: { data: "QQ==", format: "mp3" } },
              {
                type: "file",
                file: { filename: "document.pdf", file_data: "data:application/pdf;base64,QQ==" },
              },
              { type: "text", text: "hi" },
              { type: "image_url", image_url: { url: "https://x/y.png" } },
            ],
          },
          {
            role: "assistant",
            content: "ab",
            tool_calls: [
              {
                id: "call_1_0",
                type: "function",
                function: { name: "f", arguments: '{"type":"x"}' },
              },
              { id: "own", type: "function", function: { name: "f", arguments: '{"type":"y"}' } },
              { id: "call_1_2", type: "function", function: { name: "g", arguments: "{}" } },
            ],
          },
          { role: "tool", tool_call_id: "call_1_2", content: "G" },
          { role: "tool", tool_call_id: "own", content: '{"a":[1]}' },
          { role: "tool", tool_call_id: "call_1_0", content: "F" },
          {
            role: "user",
            content: [
              { type: "text", text: "result of an earlier call lost: L" },
              { type: "text", text: "and?" },
            ],
          },
        ],
        tools: [
          {
            type: "function",
            function: {
              name: "f",
              description: "d",
              parameters: {
                type: "object",
                properties: {
                  type: { type: ["string", "null"], enum: ["STRING"], nullable: true },
                  list: { type: "array", items: { type: "integer" } },
                },
                required: ["type"],
              },
            },
          },
          {
            type: "function",
            function: { name: "g", parameters: { type: "object", properties: {} } },
          },
          {
            type: "function",
            function: { name: "h", parameters: { type: "object", properties: {} } },
          },
        ],
      });
    });

    it("a result without an identifier is that of the first call that has none yet", () => {
      const call = (id) => ({ functionCall: { id, name: "f", args: {} } });
      const result = (id, output) => ({
        functionResponse: { id, name: "f", response: { output } },
      });
      const { messages } = chatOf({
        contents: [
          ...contents,
          { role: "model", parts: [call("a"), call("b"), call()] },
          { role: "user", parts: [result("a", "A"), result(undefined, "B"), result("c", "C")] },
        ],
      });
      const told = messages.filter(({ role }) => role === "tool");
      assert.deepEqual(
        told.map((message) => [message.tool_call_id, message.content]),
        [
          ["a", "A"],
          ["b", "B"],
          ["call_1_2", "C"],
        ],
      );
    });

    it("a repeated result is sent once, and belongs to its own call", () => {
      const { messages } = chatOf({ contents: RESUMED });
      assert.deepEqual(
        messages.map(({ role, tool_call_id: id, content }) => [role, id, content]),
        [
          ["user", undefined, [{ type: "text", text: "hi" }]],
          ["assistant", undefined, null],
          ["tool", "a", "A"],
          ["tool", "b", "B"],
          ["assistant", undefined, null],
          ["tool", "c", "C"],
          ["user", undefined, [{ type: "text", text: "by the way" }]],
          ["assistant", undefined, null],
          ["tool", "a", "again"],
        ],
      );
      const paired = structuredClone(RESUMED);
      paired[2].parts = ["a", "a", "b", "b"].map((id) => RESULT(id, id.toUpperCase()));
      assert.deepEqual(chatOf({ contents: paired }).messages, messages);
    });

    it("names in snake case mean the same", () => {
      const chat = chatOf({
        system_instruction: { parts: { text: "not a list" } },
        generation_config: { max_output_tokens: 7, stop_sequences: ["X"], top_p: 0.5 },
        contents: [
          { parts: [{ inline_data: { mime_type: "image/png", data: "QQ==" } }] },
          { role: "model", parts: [{ function_call: { name: "f", args: {} } }] },
          { role: "function", parts: [{ function_response: { name: "f", response: {} } }] },
        ],
        tools: [{ function_declarations: [{ name: "f" }] }],
      });
      assert.deepEqual([chat.max_tokens, chat.stop, chat.top_p], [7, ["X"], 0.5]);
      assert.equal(chat.messages[0].content[0].image_url.url, "data:image/png;base64,QQ==");
      assert.deepEqual(
        chat.messages.map(({ role }) => role),
        ["user", "assistant", "tool"],
      );
      assert.equal(chat.tools[0].function.name, "f");
    });

    for (const [config, wanted] of [
      [{ mode: "AUTO" }, undefined],
      [{ mode: "NONE" }, "none"],
      [{ mode: "ANY" }, "required"],
      [
        { mode: "ANY", allowedFunctionNames: ["g"] },
        { type: "function", function: { name: "g" } },
      ],
      [{ mode: "ANY", allowedFunctionNames: ["g", "f"] }, "required"],
      [{ mode: "VALIDATED", allowedFunctionNames: ["g"] }, undefined],
    ]) {
      it(`tool_choice of ${JSON.stringify(config)}`, () => {
        const names = ["f", "g", "h"];
        const { tools, tool_choice } = chatOf({
          contents,
          tools: [{ functionDeclarations: names.map((name) => ({ name })) }],
          toolConfig: { functionCallingConfig: config },
        });
        assert.deepEqual(tool_choice, wanted);
        const allowed = config.allowedFunctionNames ?? names;
        assert.deepEqual(
          tools.map((tool) => tool.function.name),
          names.filter((name) => allowed.includes(name)),
        );
      });
    }

    for (const [thinkingConfig, effort] of [
      [{ thinkingBudget: 0 }, "none"],
      [{ thinkingBudget: -1 }, undefined],
      [{ thinkingBudget: 1024 }, "low"],
      [{ thinkingBudget: 8192 }, "medium"],
      [{ thinkingBudget: 20000 }, "high"],
      [{ thinkingLevel: "HIGH" }, "high"],
      [{ thinkingLevel: "LOW", includeThoughts: true }, "low"],
    ]) {
      it(`reasoning_effort of ${JSON.stringify(thinkingConfig)}`, () => {
        const provider = { ...CHAT, modelMapping: { m: "gpt-5" } };
        const path = "/v1beta/models/m:generateContent";
        const chat = chatOf({ contents, generationConfig: { thinkingConfig } }, path, provider);
        assert.equal(chat.reasoning_effort, effort === "none" ? "minimal" : effort);
      });
    }

    for (const [config, wanted] of [
      [{ responseMimeType: "application/json" }, { type: "json_object" }],
      [
        { responseMimeType: "application/json", responseSchema: { type: "OBJECT" } },
        { type: "json_schema", json_schema: { name: "output", schema: { type: "object" } } },
      ],
      [
        { responseMimeType: "application/json", responseJsonSchema: { type: "object" } },
        { type: "json_schema", json_schema: { name: "output", schema: { type: "object" } } },
      ],
      [{ responseMimeType: "text/plain" }, undefined],
    ]) {
      it(`response_format of ${JSON.stringify(config)}`, () => {
        const chat = chatOf({ contents, generationConfig: config });
        assert.deepEqual(chat.response_format, wanted);
      });
    }

    it("an answer comes back as Google's, buffered", () => {
      const call = { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } };
      const message = { reasoning_content: "hm", tool_calls: [call] };
      const answer = completion("Hello", {
        message,
        reason: "tool_calls",
        usage: {
          prompt_tokens: 9,
          completion_tokens: 7,
          completion_tokens_details: { reasoning_tokens: 2 },
          prompt_tokens_details: { cached_tokens: 4 },
        },
      });
      const path = "/v1beta/models/m:generateContent";
      const upstream = () => jsonUpstream(answer);
      const hidden = ask(CHAT, path, { contents }, upstream()).stream;
      const parts = [{ text: "Hello" }, { functionCall: { id: "c", name: "f", args: { a: 1 } } }];
      assert.deepEqual(hidden.json, {
        candidates: [{ content: { parts, role: "model" }, finishReason: "STOP", index: 0 }],
        usageMetadata: {
          promptTokenCount: 9,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 2,
          cachedContentTokenCount: 4,
          totalTokenCount: 16,
        },
        modelVersion: "gpt-4-0613",
        responseId: "chatcmpl-1",
      });
      assert.equal(hidden.attribute("ai_proxy_input_tokens"), "9");
      assert.equal(hidden.attribute("ai_proxy_output_tokens"), "7");
      const generationConfig = { thinkingConfig: { includeThoughts: true } };
      const shown = ask(CHAT, path, { contents, generationConfig }, upstream()).stream;
      assert.deepEqual(shown.json.candidates[0].content.parts, [
        { text: "hm", thought: true },
        ...parts,
      ]);
    });

    it("a stream comes as events or as one array, as the client asks", () => {
      const path = "/v1beta/models/m:streamGenerateContent";
      const events = completionEvents(["Hel", "lo"]);
      const told = ask(CHAT, `${path}?alt=sse`, { contents }, streamUpstream(events));
      assert.match(told.stream.received.headers.get("content-type"), /^text\/event-stream/);
      assert.equal(JSON.parse(told.request.body).stream, true);
      assert.equal(told.request.headers.get("accept"), "text/event-stream");
      const responses = geminiEvents(told.stream.text);
      assert.equal(ofGemini(...responses).text, "Hello");
      const bytes = Buffer.from(events.join(""));
      for (let at = 1; at < bytes.length; at += 13) {
        const upstream = streamUpstream([bytes.subarray(0, at), bytes.subarray(at)]);
        const { stream } = ask(CHAT, path, { contents }, upstream);
        assert.equal(stream.received.headers.get("content-type"), "application/json");
        assert.deepEqual(JSON.parse(stream.text), responses, `cut at ${at}`);
      }
    });

    it("a stream that breaks ends with Google's error, in an array too", () => {
      const path = "/v1beta/models/m:streamGenerateContent";
      const broken = [completionEvents(["Hel"])[1]];
      for (const query of ["?alt=sse", ""]) {
        const { stream } = ask(CHAT, path + query, { contents }, streamUpstream(broken));
        const all = query ? geminiEvents(stream.text) : JSON.parse(stream.text);
        assert.equal(all[0].candidates[0].content.parts[0].text, "Hel");
        assert.deepEqual(all.at(-1).error, {
          code: 502,
          message: "the answer was cut off",
          status: "UNAVAILABLE",
        });
      }
    });

    for (const [what, body, words] of [
      ["nothing to answer", {}, "contents with parts are required"],
      ["no JSON", "{", "the request body is not a JSON object"],
      ["a cache of Google's", { contents, cachedContent: "cachedContents/x" }, /cachedContent/],
      [
        "a file of Google's",
        { contents: [{ parts: [{ fileData: { fileUri: "files/x" } }] }] },
        "a file by reference cannot be sent",
      ],
    ]) {
      it(`${what} is refused in Google's form`, () => {
        const { stream, request } = ask(CHAT, "/v1beta/models/m:generateContent", body);
        assert.equal(request, undefined);
        assert.equal(stream.received.status, 400);
        const { code, status, message } = stream.json.error;
        assert.deepEqual([code, status], [400, "INVALID_ARGUMENT"]);
        if (words instanceof RegExp) assert.match(message, words);
        else assert.equal(message, words);
      });
    }

    it("errors of other vendors become Google's", () => {
      for (const [status, word] of [
        [401, "UNAUTHENTICATED"],
        [404, "NOT_FOUND"],
        [429, "RESOURCE_EXHAUSTED"],
        [500, "INTERNAL"],
        [503, "UNAVAILABLE"],
      ]) {
        const upstream = jsonUpstream({ error: { message: "no", type: "x" } }, { status });
        const { stream } = ask(CHAT, "/v1beta/models/m:generateContent", { contents }, upstream);
        assert.equal(stream.received.status, status);
        assert.deepEqual(stream.json, { error: { code: status, message: "no", status: word } });
      }
    });

    it("tokens are estimated where the vendor cannot count them for Google's clients", () => {
      const { stream, request } = ask(CHAT, "/v1beta/models/m:countTokens", { contents });
      assert.equal(request, undefined);
      assert.ok(stream.json.totalTokens > 0);
    });

    it("no credential of the client's reaches another vendor", () => {
      allowLog(/each client's own credential is sent to provider openai/);
      for (const type of ["openai", "claude", "bedrock", "deepseek", "cohere", "qwen"]) {
        const config = type === "bedrock" ? { awsRegion: "us-east-1" } : {};
        for (const apiTokens of type === "openai" ? [["key-1"], undefined] : [["key-1"]]) {
          const path = "/v1beta/models/m:generateContent?key=client-key";
          const provider = { type, ...config, apiTokens };
          const { request } = ask(provider, path, { contents }, jsonUpstream({}));
          assert.ok(request, type);
          const all = JSON.stringify(request.headers.fields) + request.body;
          assert.doesNotMatch(all, /client-key/, type);
        }
      }
    });
  });
}

for (const build of BUILDS) {
  describe(`embeddings for Google's clients (${build})`, () => {
    const ask = (type, action, body, answer, members = {}) => {
      const provider = { type, apiTokens: ["key-1"], ...members };
      const upstream = jsonUpstream(answer);
      const path = `/v1beta/models/mine:${action}?key=client-key`;
      const request = { path, headers: HEADERS, body: JSON.stringify(body) };
      const proxy = plugin("ai-proxy", { provider }, { build });
      assert.ok(proxy.accepted, proxy.vm.logText());
      const stream = exchange([proxy], request, upstream);
      return { stream, request: upstream.requests[0] };
    };
    const list = (...vectors) => ({
      object: "list",
      data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const one = { content: { parts: [{ text: "a" }, { text: "b" }] }, outputDimensionality: 2 };
    const modelMapping = { mine: "theirs" };

    it("come from a provider of OpenAI's protocol, one and several", () => {
      const single = ask("openai", "embedContent", one, list([0.25, -1e-3]), { modelMapping });
      assert.equal(single.request.headers.get(":path"), "/v1/embeddings");
      assert.deepEqual(JSON.parse(single.request.body), {
        model: "theirs",
        encoding_format: "float",
        dimensions: 2,
        input: ["a\nb"],
      });
      assert.deepEqual(single.stream.json, { embedding: { values: [0.25, -1e-3] } });
      assert.equal(single.stream.attribute("ai_proxy_model"), "theirs");
      const requests = ["x", "y"].map((text) => ({
        model: "models/mine",
        content: { parts: [{ text }] },
      }));
      const batch = ask("openai", "batchEmbedContents", { requests }, list([1], [2]));
      assert.deepEqual(JSON.parse(batch.request.body).input, ["x", "y"]);
      assert.deepEqual(batch.stream.json, { embeddings: [{ values: [1] }, { values: [2] }] });
    });

    it("come from a vendor with a protocol of its own", () => {
      const answer = { id: "e", embeddings: { float: [[0.5, 1]] }, meta: {} };
      const { request, stream } = ask("cohere", "embedContent", one, answer);
      assert.equal(request.headers.get(":path"), "/v2/embed");
      assert.deepEqual(JSON.parse(request.body).texts, ["a\nb"]);
      assert.deepEqual(stream.json, { embedding: { values: [0.5, 1] } });
    });

    it("go to Google's services as they are", () => {
      const answer = { embedding: { values: [1] } };
      const { request, stream } = ask("gemini", "embedContent", one, answer, { modelMapping });
      assert.equal(request.headers.get(":path"), "/v1beta/models/theirs:embedContent");
      assert.equal(request.body.toString(), JSON.stringify(one));
      assert.deepEqual(stream.json, answer);
    });

    it("an invalid request is an error in Google's form", () => {
      for (const [action, body] of [
        ["embedContent", {}],
        ["embedContent", { content: { parts: [{ inlineData: {} }] } }],
        ["batchEmbedContents", { requests: [] }],
        ["batchEmbedContents", { requests: [{}] }],
      ]) {
        const { request, stream } = ask("openai", action, body, list([1]));
        assert.equal(request, undefined);
        assert.equal(stream.received.status, 400);
        assert.equal(stream.json.error.status, "INVALID_ARGUMENT");
      }
      const { stream } = ask("openai", "embedContent", one, { data: [] });
      assert.equal(stream.received.status, 502);
      assert.equal(stream.json.error.status, "UNAVAILABLE");
      const none = ask("groq", "embedContent", one, list([1]));
      assert.equal(none.request, undefined);
      assert.equal(none.stream.json.error.status, "NOT_FOUND");
    });
  });
}
