/**
 * What clients are told of a vendor's error: its words where it has some, in the client's protocol, whatever
 * shape they come in. Shapes are from the vendors' documents.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { expectLog } from "../host/watch.mjs";
import { chatBody, exchange, jsonUpstream, plugin } from "./support.mjs";

const MESSAGES = {
  path: "/v1/messages",
  body: JSON.stringify({
    model: "m",
    max_tokens: 9,
    messages: [{ role: "user", content: "q" }],
  }),
};

/** What a client gets for an error of the vendor's. */
function told(body, { type = "yi", status = 422, as = "application/json", pieces, request } = {}) {
  const proxy = plugin("ai-proxy", { provider: { type, apiTokens: ["k"] } });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const chunks = pieces ?? [text];
  const upstream = () => ({ status, headers: { "content-type": as }, chunks });
  return exchange([proxy], request ?? { body: chatBody() }, upstream);
}

const GENERAL = (status) => `the model's service answered with status ${status}`;
const UNNAMED = "upstream_error";

/** Bodies, the words in them, and the code. */
const SHAPES = [
  ["Google", { error: { code: 422, message: "m", status: "X", details: [] } }, "m", UNNAMED],
  ["Google, streamed", [{ error: { code: 400, message: "m", status: "X" } }], "m", UNNAMED],
  ["Mistral", { object: "error", message: "m", type: "t", code: "3051" }, "m", "3051"],
  ["AWS", { Message: "m" }, "m", UNNAMED],
  ["msg", { code: 1001, msg: "m" }, "m", "1001"],
  ["Baidu", { error_code: 17, error_msg: "m" }, "m", "17"],
  ["Baidu's own form", { error_code: 336000, error_msg: "m", id: "x" }, "m", "336000"],
  ["errorMsg", { errorMsg: "m" }, "m", UNNAMED],
  ["MiniMax", { base_resp: { status_code: 1002, status_msg: "m" } }, "m", UNNAMED],
  ["Tencent", { Response: { Error: { Code: "C", Message: "m" } } }, "m", UNNAMED],
  ["Cloudflare", { success: false, errors: [{ code: 7000, message: "m" }] }, "m", "7000"],
  ["Ollama", { error: "m" }, "m", UNNAMED],
  ["FastAPI", { detail: "m" }, "m", UNNAMED],
  ["FastAPI, validation", { detail: [{ loc: ["body"], msg: "m" }] }, "m", UNNAMED],
  ["a number", { error: 7 }, "7", UNNAMED],
];

describe("a vendor's error", () => {
  for (const [name, body, message, code] of SHAPES) {
    it(`${name}: its words and its code`, () => {
      const { json, received } = told(body);
      assert.equal(received.status, 422);
      assert.deepEqual(json.error, { message, type: "invalid_request_error", param: null, code });
      const anthropic = told(body, { request: MESSAGES }).json;
      assert.deepEqual(anthropic, {
        type: "error",
        error: { type: "invalid_request_error", message },
      });
    });
  }

  it("without text: the status is named", () => {
    for (const body of ["", "{", "{}", "[]", "null", '{"error":null}']) {
      const { json } = told(body);
      assert.equal(json.error.message, GENERAL(422), body);
      assert.equal(json.error.code, UNNAMED, body);
    }
  });

  it("with several places of words: the first that is not empty, from the most to the least precise", () => {
    const message = (body) => told(body, { request: MESSAGES }).json.error.message;
    assert.equal(message({ message: "b", error: { message: "a" } }), "a");
    assert.equal(message({ message: "b", error: { message: "" } }), "b");
    assert.equal(message({ detail: "c", message: "b", error: "a" }), "b");
    const code = (body) => told(body).json.error.code;
    assert.equal(code([{ error: { code: 1, message: "m" } }]), UNNAMED);
    assert.equal(code({ code: 2, msg: "m", error_code: 3 }), "2");
    assert.equal(code({ code: "", msg: "m", error_code: 3 }), "3");
    const path = "/v1/responses";
    const request = { path, body: '{"model":"m","input":"q"}' };
    const own = { error: { code: 1, message: "m" }, code: 2, type: "error" };
    assert.equal(told(own, { request, type: "gemini" }).json.error.code, "1");
  });

  // openai-python, APIError.code and .type; langchain-ai/langchainjs, wrapOpenAIClientError
  it("without a code of its own: that of OpenAI where the status says it", () => {
    const google = (code, status) => ({ error: { code, message: "m", status } });
    const requests = [undefined, { path: "/v1/responses", body: '{"model":"m","input":"q"}' }];
    for (const [type, status, body, wanted] of [
      [
        "gemini",
        404,
        google(404, "NOT_FOUND"),
        { type: "not_found_error", code: "model_not_found" },
      ],
      [
        "gemini",
        429,
        google(429, "RESOURCE_EXHAUSTED"),
        { type: "rate_limit_exceeded", code: "rate_limit_exceeded" },
      ],
      ["gemini", 500, google(500, "INTERNAL"), { type: "server_error", code: UNNAMED }],
      ["claude", 404, { type: "error", error: { type: "not_found_error", message: "m" } }],
      ["claude", 429, "slow down"],
      ["cohere", 404, { message: "m" }],
    ]) {
      for (const request of requests) {
        const { error } = told(body, { type, status, request }).json;
        const codes = { 404: "model_not_found", 429: "rate_limit_exceeded" };
        assert.equal(error.code, wanted?.code ?? codes[status], type);
        assert.equal(typeof error.message, "string");
        if (wanted) assert.deepEqual(error, { message: "m", param: null, ...wanted });
      }
    }
    // OpenRouter's have a number and no word for it: their details are kept.
    const numbered = '{"error":{"code":429,"message":"m","metadata":{"raw":"r"}}}';
    assert.equal(told(numbered, { type: "openrouter", status: 429 }).text, numbered);
  });

  // OpenAI API reference, errors: model_not_found is about the model, which files and batches are without
  it("404 is about the model only where the request names one", () => {
    const code = (path, method = "POST") => {
      const body = method === "GET" ? null : JSON.stringify({ model: "m", input: "x" });
      const request = { path, method, body };
      return told({ detail: "none" }, { type: "openai", status: 404, request }).json.error.code;
    };
    for (const path of ["/v1/embeddings", "/v1/chat/completions", "/v1/images/generations"]) {
      assert.equal(code(path), "model_not_found", path);
    }
    assert.equal(code("/v1/models/m", "GET"), "model_not_found");
    for (const path of ["/v1/files/f", "/v1/batches/b", "/v1/responses/r"]) {
      assert.equal(code(path, "GET"), "not_found", path);
    }
    const request = { path: "/v1/files/f", method: "GET", body: null };
    const page = told("<p>", { type: "openai", status: 404, as: "text/html", request });
    assert.equal(page.json.error.code, "not_found");
  });

  it("in the client's own form: not a byte is changed", () => {
    const own = '{"error": {"message":"m","type":"t","param":null,"code":"c"}, "x":1.0}';
    assert.equal(told(own).text, own);
    const anthropic = '{"type":"error", "error":{"type":"invalid_request_error","message":"m"}}';
    assert.equal(told(anthropic, { type: "claude", request: MESSAGES }).text, anthropic);
    // Anthropic's clients look at the words, and there is no code.
    const long = anthropic.replace('"m"', '"prompt is too long: 9000 tokens > 8000 maximum"');
    assert.equal(told(long, { type: "claude", request: MESSAGES }).text, long);
  });

  it("in the client's own form, but without the code on which clients act: it is added", () => {
    const words = "This model's maximum context length is 8192 tokens.";
    const body = { error: { message: words, type: "BadRequestError", param: null, code: null } };
    const { json } = told(body, { status: 400 });
    assert.equal(json.error.message, words);
    assert.equal(json.error.code, "context_length_exceeded");
    const named = { error: { ...body.error, code: "context_length_exceeded" } };
    assert.equal(told(named, { status: 400 }).text, JSON.stringify(named));
    assert.equal(told(body, { status: 500 }).text, JSON.stringify(body));
  });

  it("as text: up to 500 bytes are passed on, whatever pieces they come in", () => {
    const plain = (text, members = {}) =>
      told(text, { as: "text/plain; charset=utf-8", ...members }).json.error;
    const fits = "x".repeat(500);
    for (const pieces of [undefined, [fits.slice(0, 250), fits.slice(250)], [...fits]]) {
      assert.equal(plain(fits, { pieces }).message, fits);
    }
    for (const pieces of [undefined, [fits, "x"], [fits, "x", "tail"]]) {
      assert.equal(plain(`${fits}x`, { pieces }).message, GENERAL(422));
    }
    assert.deepEqual(plain("  slow down\r\n"), {
      message: "slow down",
      type: "invalid_request_error",
      param: null,
      code: UNNAMED,
    });
    for (const text of ["", "  \n"]) assert.equal(plain(text).message, GENERAL(422));
    assert.equal(plain('{"msg":"m","code":5}').message, "m");
    assert.equal(plain('{"msg":"m","code":5}').code, "5");
    assert.equal(told("slow down", { as: "TEXT/PLAIN" }).json.error.message, "slow down");
  });

  it("as a page or in an unknown form: the status is named", () => {
    for (const as of ["text/html", "application/octet-stream", "text/plai", "text", ""]) {
      assert.equal(told("slow down", { as }).json.error.message, GENERAL(422), as);
    }
  });

  it("as an event stream: the first event that has data counts", () => {
    const events = (text, members) =>
      told(text, { as: "text/event-stream", ...members }).json.error.message;
    const data = (text) => `data: ${JSON.stringify({ error: { message: text } })}\n\n`;
    assert.equal(events(data("a")), "a");
    assert.equal(events(data("a") + data("b")), "a");
    assert.equal(events(`: wait\n\nevent: error\n${data("a")}`), "a");
    assert.equal(events(data("a").trimEnd()), "a", "a stream that is cut");
    assert.equal(events(": wait\n\n"), GENERAL(422));
    assert.equal(events("x"), GENERAL(422));
  });

  describe("compressed, though no request asks for it", () => {
    const RESPONSES = { path: "/v1/responses", body: '{"model":"m","input":"q"}' };
    const GOOGLE = {
      path: "/v1beta/models/m:generateContent",
      body: '{"contents":[{"role":"user","parts":[{"text":"q"}]}]}',
    };
    const CLIENTS = { chat: { body: chatBody() }, messages: MESSAGES, RESPONSES, GOOGLE };
    const TYPES = ["yi", "openai", "claude", "gemini", "bedrock", "cohere"];
    const extra = { bedrock: { awsRegion: "us-east-1" } };
    const start = (type, members) => {
      const provider = { type, apiTokens: ["k"], ...extra[type], ...members };
      return plugin("ai-proxy", { provider });
    };
    const KEPT_BACK = /^provider \w+ compressed its answer, .*\(logged once a minute\)$/;
    const named = (name) => ({
      body: chatBody("q", { tools: [{ type: "function", function: { name, parameters: {} } }] }),
    });
    const zipped = (status, body, as = "application/json") => {
      const bytes = gzipSync(JSON.stringify(body));
      const headers = {
        "content-type": as,
        "content-encoding": "gzip",
        "content-length": String(bytes.length),
      };
      const asked = (request) => {
        assert.equal(request.headers.get("accept-encoding"), undefined);
        return { status, headers, chunks: [bytes.subarray(0, 9), bytes.subarray(9)] };
      };
      return Object.assign(asked, { bytes });
    };
    const accepts = (request) => ({ ...request, headers: { "accept-encoding": "gzip, br" } });

    it("the status is named in the client's protocol", () => {
      for (const type of TYPES) {
        const proxy = start(type);
        for (const [client, request] of Object.entries(CLIENTS)) {
          for (const as of ["application/json", "text/event-stream", "text/plain"]) {
            const upstream = zipped(429, { error: { message: "slow down" } }, as);
            const { json, received } = exchange([proxy], accepts(request), upstream);
            const what = `${client} at ${type}, ${as}`;
            assert.equal(received.status, 429, what);
            assert.equal(json.error.message, GENERAL(429), what);
            assert.equal(json.type, client === "messages" ? "error" : undefined, what);
            assert.equal(received.headers.get("content-type"), "application/json", what);
            for (const name of ["content-encoding", "content-length"])
              assert.equal(received.headers.get(name), undefined, what);
          }
        }
      }
    });

    it("a success that has to be translated is an error, another passes as it is", () => {
      expectLog(KEPT_BACK);
      for (const as of ["application/json", "text/event-stream"]) {
        const upstream = zipped(200, { id: "x" }, as);
        for (const [type, request] of [
          ["yi", MESSAGES],
          ["claude", CLIENTS.chat],
          ["gemini", RESPONSES],
          ["bedrock", { body: chatBody("q", { stream: true }) }],
        ]) {
          const { json, received } = exchange([start(type)], request, upstream);
          assert.equal(received.status, 502, type);
          assert.match(json.error.message, /compressed its answer/);
          assert.equal(received.headers.get("content-encoding"), undefined);
        }
        const { body, received } = exchange([start("yi")], CLIENTS.chat, upstream);
        assert.equal(received.status, 200);
        assert.equal(received.headers.get("content-encoding"), "gzip");
        assert.deepEqual(body, upstream.bytes);
      }
    });

    it("which is not the key's fault: it stays in use, and the log reports it once a minute", () => {
      expectLog(KEPT_BACK);
      const failover = { enabled: true, failureThreshold: 1, healthCheckModel: "m" };
      const proxy = start("claude", { apiTokens: ["a", "b"], failover });
      const keys = new Set();
      for (let i = 0; i < 24; i++) {
        const answer = zipped(200, { id: "x" });
        const upstream = (request) => {
          keys.add(request.headers.get("x-api-key"));
          return answer(request);
        };
        const { received } = exchange([proxy], CLIENTS.chat, upstream);
        assert.equal(received.status, 502);
      }
      assert.deepEqual([...keys].sort(), ["a", "b"]);
      const lines = proxy.vm.takeLog(3).split("\n").filter(Boolean);
      assert.equal(lines.length, 1);
      const metric = "ai_proxy_failures_total.provider=.=claude;.;.reason=.=encoding;.;";
      assert.equal(proxy.vm.metrics.get(metric), 24);
    });

    it("an answer with the client's tools under other names is one that has to be read", () => {
      expectLog(KEPT_BACK);
      const upstream = zipped(200, { id: "x" });
      const { json, received } = exchange([start("yi")], named("a".repeat(80)), upstream);
      assert.equal(received.status, 502);
      assert.equal(json.error.code, "upstream_encoding");
      const { body } = exchange([start("yi")], named("fits"), upstream);
      assert.deepEqual(body, upstream.bytes);
    });

    for (const encoding of ["identity", "Identity", ""]) {
      it(`"${encoding}" is no compression`, () => {
        const own = { "content-encoding": encoding };
        const error = jsonUpstream({ error: { message: "m" } }, { status: 422, headers: own });
        assert.equal(exchange([start("yi")], MESSAGES, error).json.error.message, "m");
        const content = [{ type: "text", text: "t" }];
        const message = { type: "message", content, stop_reason: "end_turn" };
        const good = jsonUpstream(message, { headers: own });
        const { json } = exchange([start("claude")], CLIENTS.chat, good);
        assert.equal(json.choices[0].message.content, "t");
        const answer = () => ({
          status: 200,
          headers: { ...own, "content-type": "application/json" },
          chunks: [Buffer.from(JSON.stringify(message))],
        });
        const later = attempt("claude", CLIENTS.chat, answer);
        assert.equal(later.json.choices[0].message.content, "t");
      });
    }

    it("a first answer that stands because the other attempts failed, too", () => {
      for (const as of ["text/plain", "application/json"]) {
        const first = zipped(503, { error: { message: "m" } }, as);
        const failed = () => ({ status: 500, headers: {}, chunks: [] });
        const { json, received } = attempt("yi", CLIENTS.chat, failed, first);
        assert.equal(received.status, 503);
        assert.equal(json.error.message, GENERAL(503), as);
        assert.equal(received.headers.get("content-type"), "application/json");
        assert.equal(received.headers.get("content-encoding"), undefined);
      }
    });

    const plainError = () => ({
      status: 503,
      headers: { "content-type": "application/json" },
      chunks: ['{"error":{"message":"m"}}'],
    });
    const attempt = (type, request, answer, first = plainError) => {
      const retryOnFailure = { enabled: true, maxRetries: 1 };
      const failover = { enabled: true, failureThreshold: 1, healthCheckModel: "m" };
      failover.failoverOnStatus = ["502"];
      const proxy = start(type, { retryOnFailure, failover, apiTokens: ["a", "b"] });
      proxy.vm.onHttpCall = () => 0;
      const properties = { "xds.cluster_name": "llm" };
      const stream = exchange([proxy], request, first, { properties });
      const [[token, call]] = proxy.vm.calls;
      const { status, headers, chunks } = answer({ headers: call.headers });
      proxy.vm.answer(token, { status, headers, body: Buffer.concat(chunks) });
      return stream;
    };

    it("the same holds for an answer to another attempt", () => {
      expectLog(KEPT_BACK);
      const good = zipped(200, { id: "x" });
      const same = attempt("yi", CLIENTS.chat, good);
      assert.equal(same.received.status, 200);
      assert.equal(same.received.headers.get("content-encoding"), "gzip");
      assert.equal(same.received.headers.get("content-length"), String(good.bytes.length));
      assert.deepEqual(same.body, good.bytes);
      const other = attempt("claude", CLIENTS.chat, good);
      assert.equal(other.received.status, 502);
      assert.equal(other.json.error.code, "upstream_encoding");
      assert.equal(other.received.headers.get("content-encoding"), undefined);
      const bad = attempt("yi", MESSAGES, zipped(400, { error: { message: "m" } }));
      assert.equal(bad.received.status, 400);
      assert.equal(bad.json.error.message, GENERAL(400));
      assert.equal(bad.received.headers.get("content-encoding"), undefined);
    });
  });

  describe("what Claude Code leaves out after a refusal", () => {
    const SYSTEM = "role 'system' is not supported: ";
    const EFFORT = "this model does not support the effort parameter: ";
    /** What vendors say, and where it is reported. */
    const REFUSALS = [
      ["System message must be at the beginning.", SYSTEM, "vllm-project/vllm#41114"],
      ["System messages are not allowed", SYSTEM, "finch-xu/cc-router#33"],
      ["System role not supported", SYSTEM, "sgl-project/sglang#892"],
      [
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        SYSTEM,
        "tailcallhq/forgecode#1177",
      ],
      [
        "invalid params, chat content has invalid message role: system (2013)",
        SYSTEM,
        "codexu/note-gen#918",
      ],
      [
        "reasoning_effort is not supported with this model",
        EFFORT,
        "brendanlong/lion-reader#1325 at Groq",
      ],
      [
        "Model grok-4.20-0309-reasoning does not support parameter reasoningEffort.",
        EFFORT,
        "chenyme/grok2api#814",
      ],
      [
        "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model.",
        EFFORT,
        "OpenAI's documents, reasoning",
      ],
    ];
    for (const [message, words, source] of REFUSALS) {
      it(`${message.slice(0, 50)} (${source})`, () => {
        const error = { message, type: "invalid_request_error" };
        const { json } = told({ error }, { status: 400, request: MESSAGES });
        assert.equal(json.error.message, words + message);
        assert.equal(told({ error }, { status: 400 }).json.error.message, message);
      });
    }
  });

  it("in place of an answer that finds no room: 502, also in the words of Google's clients", () => {
    // No fault of the key's.
    const failover = { enabled: true, failureThreshold: 1, healthCheckModel: "m" };
    const provider = { type: "claude", apiTokens: ["k"], failover };
    const proxy = plugin("ai-proxy", { provider, maxBufferedBytes: 1 << 20 });
    const path = "/v1beta/models/m:generateContent";
    const body = '{"contents":[{"role":"user","parts":[{"text":"q"}]}]}';
    const upstream = jsonUpstream(JSON.stringify({ content: "x".repeat(1 << 20) }));
    const { json, received } = exchange([proxy], { path, body }, upstream);
    assert.equal(received.status, 502);
    assert.equal(json.error.code, 502);
    assert.match(json.error.message, /larger than the limit/);
    const own = exchange([proxy], { body: chatBody() }, upstream);
    assert.equal(own.received.status, 502);
    assert.equal(own.json.error.code, "upstream_too_large");
  });
});
