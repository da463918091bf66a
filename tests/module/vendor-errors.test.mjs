/**
 * What vendors say when something goes wrong, or an answer ends, in their own words: the client gets the status,
 * the code and the finish reason on which it acts, and failover the status that the key deserves. Each table names
 * the document or report that its words are from.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chatBody,
  completion,
  completionEvents,
  eventData,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const MESSAGES = JSON.stringify({
  model: "m",
  max_tokens: 50,
  messages: [{ role: "user", content: "hi" }],
});
const CONFIG = {
  cloudflare: { cloudflareAccountId: "a" },
  hunyuan: { hunyuanAuthId: "A".repeat(36), hunyuanAuthKey: "B".repeat(32), apiTokens: undefined },
  qwen: { qwenEnableCompatible: false },
};
const proxyOf = (provider) =>
  plugin("ai-proxy", { provider: { apiTokens: ["k"], ...CONFIG[provider.type], ...provider } });
const TO_MESSAGES = { path: "/v1/messages", body: MESSAGES };
const GOOGLES = JSON.stringify({ contents: [{ parts: [{ text: "hi" }] }] });
const toGoogles = (method) => ({ path: `/v1beta/models/m:${method}`, body: GOOGLES });

/** What a client gets for JSON with status 200, or another. */
const received = (type, answer, { status = 200, ...request } = {}) =>
  exchange([proxyOf({ type })], { body: chatBody(), ...request }, jsonUpstream(answer, { status }));

describe("errors in an answer with status 200", () => {
  // platform.minimax.io/docs/api-reference/errorcode
  const MINIMAX = [
    [1001, 504],
    [1002, 429],
    [1004, 401],
    [1008, 402],
    [1024, 500],
    [1026, 400, "content_policy_violation"],
    [1027, 400, "content_policy_violation"],
    [1039, 400, "context_length_exceeded"],
    [1041, 429],
    [1042, 400],
    [2013, 400],
    [2045, 429],
    [2049, 401],
    [2056, 429],
  ];
  for (const [number, status, code = String(number)] of MINIMAX) {
    it(`minimax ${number}`, () => {
      const answer = { base_resp: { status_code: number, status_msg: "words" } };
      const { received: head, json } = received("minimax", answer);
      assert.equal(head.status, status);
      assert.equal(json.error.code, code);
      assert.ok(json.error.message.endsWith("words"));
    });
  }

  // www.xfyun.cn/doc/spark/Web.html, section on error codes
  const SPARK = [
    [10003, 400],
    [10004, 400],
    [10005, 400],
    [10007, 429],
    [10008, 503],
    [10010, 500],
    [10013, 400, "content_policy_violation"],
    [10014, 400, "content_policy_violation"],
    [10019, 400, "content_policy_violation"],
    [10110, 503],
    [10163, 400],
    [10907, 400, "context_length_exceeded"],
    [11200, 403],
    [11201, 429],
    [11203, 429],
  ];
  for (const [number, status, code = String(number)] of SPARK) {
    it(`spark ${number}`, () => {
      const { received: head, json } = received("spark", {
        code: number,
        message: "words",
        sid: "s",
      });
      assert.equal(head.status, status);
      assert.equal(json.error.code, code);
    });
  }

  it("agents learn that a prompt is too long from a number, too", () => {
    const answer = { base_resp: { status_code: 1039, status_msg: "token limit" } };
    const { json } = received("minimax", answer, TO_MESSAGES);
    assert.match(json.error.message, /^prompt is too long: .*token limit$/);
  });

  // www.tencentcloud.com/document/product/1284/75543 (common codes), cloud.tencent.com/document/api/1729/101848
  const HUNYUAN = [
    ["AuthFailure.SecretIdNotFound", 401],
    ["UnauthorizedOperation", 403],
    ["FailedOperation.UserUnAuthError", 403],
    ["FailedOperation.ServiceNotActivated", 403],
    ["FailedOperation.ResourcePackExhausted", 402],
    ["FailedOperation.FreeResourcePackExhausted", 402],
    ["FailedOperation.ServiceStopArrears", 402],
    ["FailedOperation.SetPayModeExceed", 402],
    ["FailedOperation.EngineServerLimitExceeded", 429],
    ["LimitExceeded", 429],
    ["RequestLimitExceeded.UinLimitExceeded", 429],
    ["InvalidParameterValue.Model", 400],
    ["InvalidParameterValue.MessageLimitExceeded", 400],
    ["OperationDenied.TextIllegalDetected", 400],
    ["UnknownParameter", 400],
    ["UnsupportedOperation", 400],
    ["FailedOperation.EngineServerError", 500],
    ["InternalError", 500],
  ];
  for (const [code, status] of HUNYUAN) {
    it(`hunyuan's native API: ${code}`, () => {
      const answer = { Response: { Error: { Code: code, Message: "words" }, RequestId: "r" } };
      const { received: head, json } = received("hunyuan", answer);
      assert.equal(head.status, status);
      assert.equal(json.error.code, code);
    });
  }

  // openrouter.ai/docs/api/reference/errors-and-debugging; BerriAI/litellm#8448
  it("openrouter's other vendor refused", () => {
    const error = { code: 429, message: "limited upstream", metadata: { provider_name: "x" } };
    const chat = received("openrouter", { error, user_id: "u" });
    assert.equal(chat.received.status, 429);
    assert.deepEqual(chat.json.error, error);
    const google = received("openrouter", { error, user_id: "u" }, toGoogles("generateContent"));
    assert.equal(google.received.status, 429);
    assert.equal(google.json.error.status, "RESOURCE_EXHAUSTED");
    const unknown = received("openrouter", { error: { message: "no", code: "server_error" } });
    assert.equal(unknown.received.status, 502);
    const good = received("openrouter", { ...completion("x"), error: null });
    assert.equal(good.received.status, 200);
  });

  it("is the key's failure", () => {
    const proxy = proxyOf({
      type: "openrouter",
      apiTokens: ["first", "second"],
      failover: { enabled: true, failureThreshold: 1, cooldownDuration: 60_000 },
    });
    const bad = { error: { code: 429, message: "limited" } };
    const upstream = jsonUpstream(bad);
    for (let i = 0; i < 2; i += 1) {
      expectLog(/key \d of provider openrouter is out after status 429/);
      exchange([proxy], { body: chatBody() }, upstream);
    }
    const keys = upstream.requests.map(({ headers }) => headers.get("authorization"));
    assert.deepEqual(keys.toSorted(), ["Bearer first", "Bearer second"]);
  });

  it("openrouter's streams pass byte for byte", () => {
    const failure = {
      id: "1",
      object: "chat.completion.chunk",
      error: { code: "server_error", message: "Provider disconnected" },
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    };
    const events = [...completionEvents(["a"]).slice(0, 2), `data: ${JSON.stringify(failure)}\n\n`];
    const ask = (request) =>
      exchange([proxyOf({ type: "openrouter" })], request, streamUpstream(events));
    assert.equal(ask({ body: chatBody("hi", { stream: true }) }).text, events.join(""));
    const { text } = ask(toGoogles("streamGenerateContent?alt=sse"));
    assert.match(text, /Provider disconnected/);
  });

  // modelscope/modelscope#1801
  it("modelscope's answer without choices", () => {
    const empty = { id: "", object: "", created: 0, model: "m", choices: null, usage: {} };
    for (const request of [{}, TO_MESSAGES]) {
      const { received: head, json } = received("modelscope", empty, request);
      assert.equal(head.status, 502);
      assert.match(json.error.message, /no choice/);
    }
  });
});

// help.aliyun.com/en/model-studio/error-code; zhengxs2018/ai#12 (errors as events)
describe("errors of DashScope's native streams", () => {
  const CODES = [
    ["InvalidApiKey", "authentication_error"],
    ["Throttling.RateQuota", "rate_limit_exceeded"],
    ["Throttling.AllocationQuota", "rate_limit_exceeded"],
    ["AccessDenied", "permission_error"],
    ["Model.AccessDenied", "permission_error"],
    ["Arrearage", "permission_error"],
    ["PrepaidBillOverdue", "permission_error"],
    ["ModelNotFound", "not_found_error"],
    ["InvalidParameter.DataInspection", "invalid_request_error"],
    ["DataInspectionFailed", "invalid_request_error"],
    ["BadRequest.TooLarge", "invalid_request_error"],
    ["UnsupportedModel", "invalid_request_error"],
    ["ServiceUnavailable", "server_error"],
    ["InternalError.Timeout", "server_error"],
  ];
  for (const [code, type] of CODES) {
    it(code, () => {
      const data = JSON.stringify({ code, message: "words", request_id: "r" });
      const upstream = streamUpstream([`id:1\nevent:error\n:HTTP_STATUS/400\ndata:${data}\n\n`]);
      const { text } = exchange(
        [proxyOf({ type: "qwen" })],
        { body: chatBody("hi", { stream: true }) },
        upstream,
      );
      const [{ error }] = eventData(text);
      assert.deepEqual([error.type, error.code, error.message], [type, code, "words"]);
    });
  }
});

describe("errors of a shape of their own", () => {
  // modelscope.cn's API-Inference, huggingface_hub's `hf_raise_for_status`, NVIDIA's problem details
  for (const [type, error, message] of [
    [
      "modelscope",
      { errors: { message: "Invalid model id: x" }, request_id: "r" },
      "Invalid model id: x",
    ],
    [
      "huggingface",
      { error: ["Error in `parameters.stop`: bad"] },
      "Error in `parameters.stop`: bad",
    ],
    [
      "nvidia",
      { type: "about:blank", title: "Not Found", status: 404, detail: "no model" },
      "no model",
    ],
  ]) {
    it(type, () => {
      assert.equal(received(type, error, { status: 400 }).json.error.message, message);
      assert.equal(
        received(type, error, { status: 400, ...TO_MESSAGES }).json.error.message,
        message,
      );
    });
  }
});

describe("an error that is a text", () => {
  // docs.siliconflow.cn, chat completions: 401, 404 and 504
  for (const [status, text] of [
    [401, "Invalid token"],
    [404, "404 page not found"],
  ]) {
    it(`siliconflow: ${status}`, () => {
      const { received: head, json } = received("siliconflow", JSON.stringify(text), { status });
      assert.equal(head.status, status);
      assert.equal(json.error.message, text);
      const asked = { status, ...TO_MESSAGES };
      const message = received("siliconflow", JSON.stringify(text), asked).json;
      assert.equal(message.error.message, text);
    });
  }
});

describe("finish reasons and counts in a vendor's words", () => {
  // togethercomputer/openapi, `FinishReason`; text-generation-inference's API; Tencent's `ChatCompletions`
  for (const [type, word, chat, messages] of [
    ["together-ai", "eos", "stop", "end_turn"],
    ["huggingface", "eos_token", "stop", "end_turn"],
    ["huggingface", "stop_sequence", "stop", "end_turn"],
    ["hunyuan", "sensitive", "content_filter", "refusal"],
  ]) {
    it(`${type}: ${word}`, () => {
      const answer = completion("x", { reason: word });
      const plain =
        type === "hunyuan" ? { hunyuanAuthId: "", hunyuanAuthKey: "", apiTokens: ["k"] } : {};
      const ask = (request, upstream = jsonUpstream(answer)) =>
        exchange([proxyOf({ type, ...plain })], request, upstream);
      assert.equal(ask({ body: chatBody() }).json.choices[0].finish_reason, chat);
      assert.equal(ask(TO_MESSAGES).json.stop_reason, messages);
      const events = completionEvents(["a"], { reason: word });
      const streamed = ask({ body: chatBody("hi", { stream: true }) }, streamUpstream(events)).text;
      assert.equal(streamed, events.join("").replace(`"${word}"`, `"${chat}"`));
    });
  }

  // platform.kimi.ai/docs/api/chat, docs.together.ai/docs/prompt-caching: `usage.cached_tokens`
  for (const type of ["moonshot", "together-ai"]) {
    it(`${type}: cached tokens beside the others`, () => {
      const usage = { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, cached_tokens: 7 };
      const { json } = received(type, completion("x", { usage }), TO_MESSAGES);
      assert.equal(json.usage.cache_read_input_tokens, 7);
      assert.equal(json.usage.input_tokens, 2);
      const chat = received(type, completion("x", { usage })).json.usage;
      assert.deepEqual(chat.prompt_tokens_details, { cached_tokens: 7 });
    });
  }

  // docs.siliconflow.cn, chat completions
  it("siliconflow: eos", () => {
    const { json } = received("siliconflow", completion("x", { reason: "eos" }));
    assert.equal(json.choices[0].finish_reason, "stop");
  });

  // platform.stepfun.com, chat completions in streams: an empty text until the end
  it("an empty text ends nothing", () => {
    const delta = (members, finish_reason) =>
      `data: ${JSON.stringify({ id: "i", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: members, finish_reason }] })}\n\n`;
    const events = [
      delta({ role: "assistant", content: "" }, ""),
      delta({ reasoning_content: "why" }, ""),
      delta({ reasoning_content: " not" }, ""),
      delta({}, "stop"),
      "data: [DONE]\n\n",
    ];
    const proxy = proxyOf({ type: "stepfun", promoteThinkingOnEmpty: true });
    const ask = (request) => exchange([proxy], request, streamUpstream(events));
    const chunks = eventData(ask({ body: chatBody("hi", { stream: true }) }).text);
    const text = chunks.map((chunk) => chunk.choices?.[0].delta.content ?? "").join("");
    assert.equal(text, "why not");
    assert.equal(chunks.filter((chunk) => chunk.choices?.[0].delta.content).length, 1);
    assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
  });
});

describe("calls of a shape of their own", () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
  const called = { function: { name: "f", arguments: '{"a":1}' }, type: "function" };
  const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ code: 0, sid: "s", id: "i", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const asMessages = (stream) => ({
    path: "/v1/messages",
    body: JSON.stringify({
      model: "m",
      max_tokens: 50,
      stream,
      tools: [{ name: "f", input_schema: { type: "object" } }],
      messages: [{ role: "user", content: "hi" }],
    }),
  });
  const used = ({ json }) =>
    json.content.filter(({ type }) => type === "tool_use").map(({ name, input }) => [name, input]);

  // www.xfyun.cn/doc/spark/HTTP, `tool_calls_switch: false`
  it("spark: a call that is alone", () => {
    const message = { role: "assistant", content: "", tool_calls: called };
    const answer = { code: 0, sid: "s", choices: [{ index: 0, message }] };
    assert.deepEqual(used(received("spark", answer, asMessages())), [["f", { a: 1 }]]);
    const events = [
      chunk({ role: "assistant", content: "", tool_calls: called }),
      chunk({ content: "" }, "tool_calls"),
      "data: [DONE]\n\n",
    ];
    const ask = (request) =>
      exchange([proxyOf({ type: "spark" })], request, streamUpstream(events)).text;
    assert.match(ask(asMessages(true)), /"type":"tool_use"[^\n]*"name":"f"/);
    const body = chatBody("hi", { stream: true, tools });
    const [{ index, id, ...rest }] = eventData(ask({ body }))[0].choices[0].delta.tool_calls;
    assert.equal(index, 0);
    assert.ok(id.length > 0);
    assert.deepEqual(rest, called);
  });

  // cloudflare/ai, workers-ai-provider: name and arguments beside each other, the latter an object
  it("cloudflare: a name and an object", () => {
    const flat = { name: "f", arguments: { a: 1 } };
    const answer = completion(null, { message: { tool_calls: [flat] }, reason: "tool_calls" });
    assert.deepEqual(used(received("cloudflare", answer, asMessages())), [["f", { a: 1 }]]);
  });
});
