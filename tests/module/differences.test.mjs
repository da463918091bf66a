/**
 * Two requests that differ in one thing. Where the difference may change the answer, or who asks, the second
 * is never answered from the first; where it cannot, it is. Fields are those of the vendors' schemas
 * (`tests/fixtures/request_fields.json`), and every node of a request that has many kinds of them.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { BUILDS, completion, exchange, jsonUpstream, plugin } from "./support.mjs";

const QUESTION = "Which of the two rivers is the longer one?";
const ALL = [
  "chat",
  "embeddings",
  "count_tokens",
  "rerank",
  "completions",
  "moderations",
  "images",
  "speech",
  "models",
  "native",
];
const FIELDS = JSON.parse(
  readFileSync(new URL("../fixtures/request_fields.json", import.meta.url), "utf8"),
);

/** Names of headers that vendors and routers document, some of them invented, and of those of libraries. */
const HEADERS = {
  decide: [
    "openai-organization",
    "openai-project",
    "openai-beta",
    "openai-unknown",
    "anthropic-version",
    "anthropic-beta",
    "anthropic-workspace-id",
    "anthropic-user-profile-id",
    "x-goog-user-project",
    "x-goog-fieldmask",
    "x-vertex-ai-llm-request-type",
    "x-gemini-service-tier",
    "x-amzn-bedrock-guardrailidentifier",
    "x-amzn-bedrock-guardrailversion",
    "x-amzn-bedrock-performanceconfig-latency",
    "x-ms-oai-image-generation-deployment",
    "x-policy-id",
    "extra-parameters",
    "azureml-model-deployment",
    "x-dashscope-datainspection",
    "x-dashscope-workspace",
    "groq-model-version",
    "x-portkey-config",
    "x-portkey-provider",
    "x-litellm-tags",
    "helicone-target-url",
    "cf-aig-custom-cost",
  ],
  not: [
    "user-agent",
    "accept",
    "accept-language",
    "x-request-id",
    "traceparent",
    "x-stainless-lang",
    "x-stainless-retry-count",
    "x-goog-api-client",
    "anthropic-dangerous-direct-browser-access",
    "anthropic-client-version",
    "x-ms-client-request-id",
    "x-dashscope-useragent",
    "x-portkey-trace-id",
    "x-litellm-trace-id",
    "helicone-session-id",
    "idempotency-key",
    "x-claude-code-session-id",
    "openai",
  ],
};

const GEMINI = {
  candidates: [
    { content: { role: "model", parts: [{ text: "x" }] }, finishReason: "STOP", index: 0 },
  ],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  modelVersion: "m",
};
const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text: "x" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const RESPONSE = {
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "m",
  output: [
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "x", annotations: [] }],
    },
  ],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
};
const VECTORS = {
  object: "list",
  model: "m",
  data: [{ object: "embedding", index: 0, embedding: [0.5] }],
  usage: { prompt_tokens: 1, total_tokens: 1 },
};
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const schema = { type: "object", properties: { a: { type: "string", enum: ["x", "y"] } } };

/** Requests with many kinds of nodes, the answers to them, and the names of their fields. */
const REQUESTS = {
  chat: {
    path: "/v1/chat/completions",
    body: {
      model: "m",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", name: "ann", content: [{ type: "text", text: "See." }, image] },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c1", content: "3" },
        { role: "assistant", content: "Three." },
        { role: "user", content: QUESTION },
      ],
      tools: [{ type: "function", function: { name: "f", description: "d", parameters: schema } }],
      response_format: { type: "json_schema", json_schema: { name: "n", schema } },
      temperature: 0.5,
      logit_bias: { 50256: -100 },
      stop: ["a", "b"],
    },
    answer: completion('{"a":"x"}'),
  },
  messages: {
    path: "/v1/messages",
    body: {
      model: "m",
      max_tokens: 100,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "See." },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm", signature: "s" },
            { type: "tool_use", id: "t1", name: "f", input: { a: [1, true, null] } },
          ],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "t1",
              is_error: false,
              content: [{ type: "text", text: "3" }],
            },
          ],
        },
        { role: "assistant", content: "Three." },
        { role: "user", content: [{ type: "text", text: QUESTION }] },
      ],
      tools: [{ name: "f", description: "d", input_schema: schema }],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
      thinking: { type: "enabled", budget_tokens: 50 },
    },
    answer: MESSAGE,
  },
  responses: {
    path: "/v1/responses",
    body: {
      model: "m",
      instructions: "Be brief.",
      input: [
        { role: "user", content: [{ type: "input_text", text: "See." }] },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "e" },
        { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "3" },
        { role: "user", content: QUESTION },
      ],
      tools: [{ type: "function", name: "f", parameters: schema, strict: true }],
      reasoning: { effort: "low" },
      text: { format: { type: "text" }, verbosity: "low" },
      previous_response_id: "resp_0",
    },
    answer: RESPONSE,
  },
  generateContent: {
    path: "/v1beta/models/m:generateContent",
    body: {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        {
          role: "user",
          parts: [{ text: "See." }, { inlineData: { mimeType: "a/b", data: "AA==" } }],
        },
        { role: "model", parts: [{ functionCall: { name: "f", args: { a: "x" } } }] },
        { role: "user", parts: [{ functionResponse: { name: "f", response: { b: 3 } } }] },
        { role: "model", parts: [{ text: "Three.", thoughtSignature: "s" }] },
        { role: "user", parts: [{ text: QUESTION }] },
      ],
      tools: [{ functionDeclarations: [{ name: "f", parameters: schema }] }],
      generationConfig: {
        temperature: 0.5,
        stopSequences: ["a"],
        thinkingConfig: { thinkingBudget: 5 },
      },
      safetySettings: [{ category: "C", threshold: "T" }],
    },
    answer: GEMINI,
  },
  embeddings: {
    path: "/v1/embeddings",
    body: { model: "m", input: "a text", dimensions: 1, extra: { a: [1] } },
    // One text, and a list of it.
    same: [{ model: "m", input: ["a text"], dimensions: 1, extra: { a: [1] } }],
    answer: VECTORS,
  },
  rerank: {
    path: "/v2/rerank",
    body: { model: "m", query: "q", documents: ["a", { text: "b" }], top_n: 1 },
    answer: { id: "1", results: [{ index: 0, relevance_score: 0.5 }] },
  },
  moderations: {
    path: "/v1/moderations",
    body: { model: "m", input: ["a", { type: "text", text: "b" }] },
    answer: { id: "1", model: "m", results: [{ flagged: false }] },
  },
  completions: {
    path: "/v1/completions",
    body: { model: "m", prompt: ["a"], temperature: 0, logit_bias: { 1: 2 } },
    answer: { id: "1", choices: [{ index: 0, text: "x", finish_reason: "stop" }] },
  },
  images: {
    path: "/v1/images/generations",
    body: { model: "m", prompt: "a", seed: 1, size: "1x1" },
    answer: { created: 1, data: [{ b64_json: "AA==" }] },
  },
  "count_tokens of Anthropic": {
    path: "/v1/messages/count_tokens",
    body: { model: "m", messages: [{ role: "user", content: "a" }], system: "b" },
    answer: { input_tokens: 1 },
  },
  "count_tokens of OpenAI": {
    path: "/v1/responses/input_tokens",
    body: { model: "m", input: "a", tools: [{ type: "function", name: "f" }] },
    answer: { object: "response.input_tokens", input_tokens: 1 },
  },
  "count_tokens of Google": {
    path: "/v1beta/models/m:countTokens",
    body: { contents: [{ parts: [{ text: "a" }] }] },
    answer: { totalTokens: 1 },
  },
  "Bedrock's converse": {
    path: "/model/m/converse",
    body: {
      messages: [{ role: "user", content: [{ text: "a" }] }],
      inferenceConfig: { maxTokens: 9 },
      additionalModelRequestFields: { top_k: 3 },
    },
    answer: {
      output: { message: { role: "assistant", content: [{ text: "x" }] } },
      stopReason: "end_turn",
    },
  },
};

const cacheFor = (build, configuration = {}) =>
  plugin("ai-cache", { cacheable: ALL, ...configuration }, { build });

const ask = (cache, { path, answer }, body, options = {}) =>
  exchange(
    [cache],
    { path, body: typeof body === "string" ? body : JSON.stringify(body), ...options },
    jsonUpstream(answer),
  ).attribute("ai_cache");

/** All values that differ from `value` in one thing at one place; the question is left alone. */
function* changes(value) {
  if (value === QUESTION) return;
  if (typeof value === "string") {
    yield `${value}x`;
    yield value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase();
    yield ` ${value}`;
    yield null;
    yield [value];
  } else if (typeof value === "number") {
    yield value + 1;
    yield -value;
    yield String(value);
  } else if (typeof value === "boolean") {
    yield !value;
    yield Number(value);
    yield null;
  } else if (value === null) {
    yield false;
    yield "";
    yield {};
  } else if (Array.isArray(value)) {
    yield [...value, null];
    yield {};
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      yield value.toSpliced(index, 0, item);
      if (index > 0) yield value.toSpliced(index - 1, 2, item, value[index - 1]);
      for (const other of changes(item)) yield value.with(index, other);
    }
  } else {
    yield { ...value, x_unknown: 1 };
    for (const [key, member] of Object.entries(value)) {
      const { [key]: _, ...rest } = value;
      yield rest;
      yield { ...rest, [`${key}_`]: member };
      for (const other of changes(member)) yield { ...value, [key]: other };
    }
  }
}

/** The same request in other words of JSON. */
function sameForms(body) {
  const reversed = (value) =>
    Array.isArray(value)
      ? value.map(reversed)
      : value === null || typeof value !== "object"
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, member]) => [key, reversed(member)]),
          );
  const text = JSON.stringify(body);
  return {
    "order of members": JSON.stringify(reversed(body)),
    "white space": `\r\n\t${JSON.stringify(body, null, 3)} \n`,
    escapes: text.replace(
      /[a-z](?=[a-z]*")/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  };
}

for (const build of BUILDS) {
  describe(`requests that differ in one thing (${build})`, () => {
    for (const [name, request] of Object.entries(REQUESTS)) {
      it(`${name}: any node`, () => {
        const cache = cacheFor(build);
        assert.equal(ask(cache, request, request.body), "miss-cold");
        assert.equal(ask(cache, request, request.body), "hit-exact");
        const seen = new Set([JSON.stringify(request.body)]);
        const same = new Set((request.same ?? []).map((body) => JSON.stringify(body)));
        for (const body of changes(request.body)) {
          const text = JSON.stringify(body);
          if (seen.has(text)) continue;
          seen.add(text);
          const reason = ask(cache, request, text);
          if (same.has(text)) assert.equal(reason, "hit-exact", text);
          else assert.doesNotMatch(reason, /^hit/, text);
        }
        assert.ok(seen.size > 20, `${seen.size}`);
      });

      it(`${name}: what only looks different`, () => {
        const cache = cacheFor(build);
        assert.equal(ask(cache, request, request.body), "miss-cold");
        for (const [what, text] of Object.entries(sameForms(request.body))) {
          assert.equal(ask(cache, request, text), "hit-exact", what);
        }
      });
    }
    for (const [name, { like, decides, never, harmless }] of Object.entries(FIELDS)) {
      const request = REQUESTS[like ?? name];
      const values = [true, 7, "a", "b", ["a"], { a: 1 }, { a: 2 }];

      it(`${name}: each field that a vendor knows`, () => {
        const cache = cacheFor(build, { enableSemanticCache: false });
        assert.equal(ask(cache, request, request.body), "miss-cold");
        const stated = (fields, value) =>
          fields.map((field) => [field, { ...request.body, [field]: value }]);
        for (const value of values) {
          for (const [field, body] of stated(decides, value)) {
            if (JSON.stringify(request.body[field]) === JSON.stringify(value)) continue;
            if (field === "input" && name === "embeddings") continue;
            assert.doesNotMatch(
              ask(cache, request, body),
              /^hit/,
              `${field}: ${JSON.stringify(value)}`,
            );
          }
        }
        for (const field of never) {
          for (let i = 0; i < 2; i++) {
            const reason = ask(cache, request, {
              ...request.body,
              [field]: i === 0 ? "a" : { id: "a" },
            });
            assert.match(reason, /^ineligible-(state|acting)$/, field);
          }
        }
        for (const [field, body] of stated(harmless, "a")) {
          assert.equal(ask(cache, request, body), "hit-exact", field);
        }
      });
    }

    it("a member of an unknown API may decide, whatever it means elsewhere", () => {
      const request = { path: "/v1/chat-messages", answer: { answer: "x" } };
      const cache = cacheFor(build, { paths: ["/chat-messages"] });
      const body = { query: "q", user: "ann", metadata: { a: 1 } };
      assert.equal(ask(cache, request, body), "miss-cold");
      assert.equal(ask(cache, request, body), "hit-exact");
      assert.equal(ask(cache, request, { ...body, user: "bob" }), "miss-cold");
      assert.equal(ask(cache, request, { ...body, metadata: { a: 2 } }), "miss-cold");
      assert.equal(ask(cache, request, { ...body, conversation_id: "1" }), "ineligible-state");
    });

    it("a header of a vendor's or of a router's, known or not", () => {
      const request = REQUESTS.chat;
      const cache = cacheFor(build);
      const as = (...headers) => ask(cache, request, request.body, { headers });
      const key = ["authorization", "Bearer a"];
      assert.equal(as(key), "miss-cold");
      for (const name of HEADERS.decide) {
        for (const lines of [["1"], ["2"], ["1", "2"], ["2", "1"], [""]]) {
          const own = lines.map((value) => [name, value]);
          assert.equal(as(key, ...own), "miss-cold", `${name}: ${lines}`);
          assert.equal(as(...own, key), "hit-exact", `${name}: ${lines}`);
        }
      }
      const two = [
        ["openai-beta", "1"],
        ["x-goog-user-project", "2"],
      ];
      assert.equal(as(key, ...two), "miss-cold");
      assert.equal(as(...two.toReversed(), key), "hit-exact", "in another order");
      for (const name of HEADERS.not) assert.equal(as(key, [name, "1"]), "hit-exact", name);
    });

    it("a header of an identity counts where the configuration says so", () => {
      const request = REQUESTS.chat;
      const cache = cacheFor(build, { tenant: { from: "header:x-who" } });
      const as = (...headers) => ask(cache, request, request.body, { anonymous: true, headers });
      const who = ["x-who", "a"];
      assert.equal(as(who), "miss-cold");
      for (const name of ["x-goog-api-key", "x-goog-iap-jwt-assertion", "helicone-auth"]) {
        assert.equal(as(who, [name, "renewed"]), "hit-exact", name);
      }
    });

    it("the address: host, path, query and method", () => {
      const cache = cacheFor(build);
      for (const request of Object.values(REQUESTS)) {
        const { path, body } = request;
        const to = (target, options) => ask(cache, { ...request, path: target }, body, options);
        assert.equal(to(path), "miss-cold");
        const mark = path.includes("?") ? "&" : "?";
        const others = [
          `${path}${mark}api-version=1`,
          `${path}${mark}api-version=2`,
          `${path}${mark}fields=a`,
          `${path}${mark}alt=proto`,
          `${path}${mark}%24alt=media`,
          `${path}/`,
          `/x${path}`,
          path.replace("/", "//"),
          path.replace(/[a-z]/i, (c) => `%${c.charCodeAt(0).toString(16)}`),
          path.toUpperCase(),
          path.replace("m:", "n:").replace("/m/", "/n/").replace("/v1", "/v3"),
        ];
        for (const other of others)
          if (other !== path) assert.doesNotMatch(to(other), /^hit/, other);
        for (const authority of ["GATEWAY.example", "gateway.example:80", "gateway.example."]) {
          assert.doesNotMatch(to(path, { authority }), /^hit/, authority);
        }
        for (const method of ["GET", "PUT", "post", "PATCH", "QUERY"]) {
          assert.doesNotMatch(to(path, { method }), /^hit/, method);
        }
        assert.equal(to(path), "hit-exact", path);
      }
    });
  });

  describe(`requests for which a vendor may act (${build})`, () => {
    const once = (name, members, options) => {
      const cache = cacheFor(build);
      const request = REQUESTS[name];
      return ask(cache, request, { ...request.body, ...members }, options);
    };

    it("through a tool of a kind that is not known to be harmless", () => {
      for (const name of ["chat", "messages", "responses"]) {
        for (const type of ["mcp_v2", "browser_toolset_20260801", "collections_search", "x", 7]) {
          const tools = [...REQUESTS[name].body.tools, { type: String(type), name: "t" }];
          assert.equal(once(name, { tools }), "ineligible-acting", `${name}: ${type}`);
        }
        assert.equal(once(name, { tools: [{ googleSearch: {} }] }), "ineligible-acting", name);
      }
    });

    it("not through the client's own, nor a search of the web", () => {
      const kinds = {
        chat: ["function", "custom", "builtin_function", "web_search"],
        messages: [
          "custom",
          "bash_20250124",
          "text_editor_20250728",
          "memory_20250818",
          "web_fetch_20260318",
          "tool_search_tool_bm25_20251119",
          "advisor_20260301",
        ],
        responses: [
          "custom",
          "namespace",
          "tool_search",
          "local_shell",
          "apply_patch",
          "web_search_2025_08_26",
          "image_generation",
        ],
      };
      for (const [name, types] of Object.entries(kinds)) {
        for (const type of types) {
          assert.equal(
            once(name, { tools: [{ type, name: "t" }] }),
            "miss-cold",
            `${name}: ${type}`,
          );
        }
      }
    });

    it("through a tool that a turn brings", () => {
      const [user] = REQUESTS.messages.body.messages;
      const adding = (definition) => ({
        messages: [
          user,
          {
            role: "system",
            content: [{ type: "tool_addition", tool: { type: "tool_definition", definition } }],
          },
          user,
        ],
      });
      const named = (tool) => ({
        messages: [user, { role: "system", content: [{ type: "tool_addition", tool }] }, user],
      });
      assert.equal(
        once("messages", adding({ type: "mcp_toolset", mcp_server_name: "a" })),
        "ineligible-acting",
      );
      assert.equal(
        once("messages", adding({ type: "code_execution_20260521", name: "a" })),
        "ineligible-acting",
      );
      assert.equal(once("messages", adding({ name: "f", input_schema: {} })), "miss-cold");
      assert.equal(once("messages", named({ type: "tool_reference", name: "f" })), "miss-cold");
      const input = (...items) => ({ input: [...items, { role: "user", content: QUESTION }] });
      const brings = (tool) =>
        input({ type: "additional_tools", role: "developer", tools: [tool] });
      assert.equal(
        once("responses", brings({ type: "mcp", server_label: "a" })),
        "ineligible-acting",
      );
      assert.equal(once("responses", brings({ type: "function", name: "a" })), "miss-cold");
      const approval = { type: "mcp_approval_response", approve: true, approval_request_id: "1" };
      assert.equal(once("responses", input(approval)), "ineligible-acting");
    });

    it("in Bedrock's Converse", () => {
      const config = (tool) => ({ toolConfig: { tools: [tool] } });
      const name = "Bedrock's converse";
      assert.equal(
        once(name, config({ systemTool: { name: "nova_code_interpreter" } })),
        "ineligible-acting",
      );
      assert.equal(once(name, config({ toolSpec: { name: "f" } })), "miss-cold");
    });
  });
}
