/** Where vendors differ from OpenAI: bodies on the way there, answers on the way back. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chatBody,
  completion,
  completionEvents,
  eventData,
  exchange,
  jsonUpstream,
  plugin,
  streamUpstream,
} from "./support.mjs";

const proxyOf = (provider, members = {}) => {
  const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider }, ...members });
  assert.ok(proxy.accepted, proxy.vm.logText());
  return proxy;
};

/** What goes upstream for a request. */
function sent(provider, request) {
  const upstream = jsonUpstream();
  const stream = exchange([proxyOf(provider)], request, upstream);
  return upstream.requests[0] ?? stream;
}
const bodySent = (provider, members, path = "/v1/chat/completions") =>
  JSON.parse(sent(provider, { path, body: chatBody("hi", members) }).body);

/** What the client gets for a JSON answer of the vendor. */
function received(provider, answer, { status = 200, stream = false } = {}) {
  const upstream = jsonUpstream(answer, { status });
  return exchange([proxyOf(provider)], { body: chatBody("hi", { stream }) }, upstream);
}

/** What the client gets for a stream of the vendor: the same however the bytes are cut. */
function streamed(provider, events) {
  const text = events.join("");
  const read = (chunks) => {
    const upstream = streamUpstream(chunks);
    return exchange([proxyOf(provider)], { body: chatBody("hi", { stream: true }) }, upstream).text;
  };
  const whole = read([text]);
  const bytes = Buffer.from(text);
  for (let at = 1; at < bytes.length; at += 1) {
    assert.equal(read([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`);
  }
  assert.equal(read([...bytes].map((byte) => Buffer.from([byte]))), whole, "single bytes");
  return whole;
}

const event = (data) => `data: ${JSON.stringify(data)}\n\n`;
const chunk = (delta, finish_reason = null, members = {}) =>
  event({
    id: "1",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason }],
    ...members,
  });
const DONE = "data: [DONE]\n\n";
const textOf = (events) =>
  eventData(events)
    .filter((data) => data !== "[DONE]")
    .map((data) => data.choices[0]?.delta?.content ?? "")
    .join("");

describe("bodies in the vendor's terms", () => {
  it("mistral: no member that it refuses, its own names, ids of nine letters that stay equal", () => {
    const call = (id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const body = bodySent(
      { type: "mistral" },
      {
        stream: true,
        seed: 7,
        user: "u",
        store: true,
        logit_bias: { 5: 1 },
        logprobs: true,
        stream_options: { include_usage: true },
        tool_choice: "required",
        temperature: 0,
        messages: [
          { role: "user", content: "hi" },
          {
            role: "assistant",
            content: "",
            tool_calls: [call("call_abcdefgh"), call("abc123XYZ")],
          },
          { role: "tool", tool_call_id: "call_abcdefgh", content: "1" },
          { role: "tool", tool_call_id: "abc123XYZ", content: "2" },
        ],
      },
    );
    assert.deepEqual(Object.keys(body).toSorted(), [
      "messages",
      "model",
      "random_seed",
      "stream",
      "temperature",
      "tool_choice",
    ]);
    assert.equal(body.random_seed, 7);
    assert.equal(body.tool_choice, "any");
    const [first, second] = body.messages[1].tool_calls.map((entry) => entry.id);
    assert.match(first, /^[a-zA-Z0-9]{9}$/);
    assert.equal(body.messages[2].tool_call_id, first);
    assert.equal(second, "abc123XYZ");
    assert.equal(body.messages[3].tool_call_id, second);
  });

  it("a renamed member whose own name the client sent too gives way", () => {
    const body = bodySent({ type: "deepseek" }, { max_completion_tokens: 5, max_tokens: 9 });
    assert.equal(body.max_tokens, 9);
    assert.equal("max_completion_tokens" in body, false);
  });

  it("groq: no names of messages; zhipuai: effort becomes thinking; openrouter: a budget", () => {
    const messages = [{ name: "n", role: "user", content: "hi" }];
    assert.deepEqual(bodySent({ type: "groq" }, { messages }).messages, [
      { role: "user", content: "hi" },
    ]);
    const zhipu = bodySent({ type: "zhipuai" }, { reasoning_effort: "high" });
    assert.deepEqual(zhipu.thinking, { type: "enabled" });
    assert.equal("reasoning_effort" in zhipu, false);
    const own = bodySent(
      { type: "zhipuai" },
      { reasoning_effort: "low", thinking: { type: "auto" } },
    );
    assert.deepEqual(own.thinking, { type: "auto" });
    const router = bodySent(
      { type: "openrouter" },
      { reasoning_max_tokens: 10, reasoning_effort: "low" },
    );
    assert.deepEqual(router.reasoning, { max_tokens: 10 });
    assert.equal("reasoning_effort" in router || "reasoning_max_tokens" in router, false);
    assert.equal(
      bodySent({ type: "openrouter" }, { reasoning_effort: "low" }).reasoning_effort,
      "low",
    );
  });

  it("doubao: images without a watermark unless asked for, responses without what it refuses", () => {
    const images = (members) => bodySent({ type: "doubao" }, members, "/v1/images/generations");
    assert.equal(images({}).watermark, false);
    assert.equal(images({ watermark: true }).watermark, true);
    const responses = bodySent(
      { type: "doubao" },
      { tool_choice: "auto", parallel_tool_calls: true },
      "/v1/responses",
    );
    assert.deepEqual(Object.keys(responses), ["model", "messages"]);
  });

  it("qwen: former reasoning is kept by the models that can", () => {
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b", reasoning_content: "r" },
      { role: "user", content: "c" },
    ];
    const asked = (model, more = {}) => bodySent({ type: "qwen" }, { model, messages, ...more });
    assert.equal(asked("qwen3.6-plus-2026").preserve_thinking, true);
    assert.equal(asked("qwen3.6-plus", { preserve_thinking: false }).preserve_thinking, false);
    assert.equal("preserve_thinking" in asked("qwen-max"), false);
  });

  it("paths: qwen's reranks, zhipuai's plan for code, github's old host, bases without /v1", () => {
    const target = (provider, path) => {
      const { headers } = sent(provider, { path, body: chatBody() });
      return headers.get(":authority") + headers.get(":path");
    };
    assert.equal(
      target({ type: "qwen", qwenDomain: "q.example" }, "/v1/reranks"),
      "q.example/compatible-api/v1/reranks",
    );
    assert.equal(
      target({ type: "qwen" }, "/v1/files/f-1/content"),
      "dashscope.aliyuncs.com/compatible-mode/v1/files/f-1/content",
    );
    assert.equal(
      target({ type: "zhipuai", zhipuCodePlanMode: true }, "/v1/chat/completions"),
      "open.bigmodel.cn/api/coding/paas/v4/chat/completions",
    );
    assert.equal(
      target({ type: "zhipuai", zhipuDomain: "z.example" }, "/v1/embeddings"),
      "z.example/api/paas/v4/embeddings",
    );
    const old = "models.inference.ai.azure.com";
    assert.equal(
      target({ type: "github", providerDomain: old }, "/v1/chat/completions"),
      `${old}/chat/completions`,
    );
    assert.equal(
      target({ type: "doubao", doubaoDomain: "d.example" }, "/api/v3/chat/completions"),
      "d.example/api/v3/chat/completions",
    );
    assert.equal(
      target({ type: "yi" }, "/chat/completions"),
      "api.lingyiwanwu.com/v1/chat/completions",
    );
  });

  it("keys of another type are named", () => {
    const { vm } = plugin("ai-proxy", {
      provider: { type: "openai", azureServiceUrl: "x", qwenDomain: "y" },
    });
    const text = vm.takeLog();
    assert.match(text, /azureServiceUrl: has no effect for type openai/);
    assert.match(text, /qwenDomain: has no effect for type openai/);
  });

  it("minimax's older generation needs a group", () => {
    const log = (provider) =>
      plugin("ai-proxy", {
        provider: { type: "minimax", apiTokens: ["k"], ...provider },
      }).vm.takeLog();
    assert.match(log({ minimaxApiType: "pro" }), /missing minimaxGroupId in provider config/);
    assert.match(log({ minimaxGroupId: "g" }), /applies to minimaxApiType: pro only/);
    assert.doesNotMatch(log({ minimaxApiType: "pro", minimaxGroupId: "g" }), /minimaxGroupId/);
  });
});

describe("azure", () => {
  const HOST = "res.openai.azure.com";
  const target = (azureServiceUrl, path = "/v1/chat/completions", members = {}) => {
    const provider = { type: "azure", azureServiceUrl, ...members };
    const { headers } = sent(provider, { path, body: chatBody("hi", { model: "gpt/4 o" }) });
    assert.equal(headers.get(":authority"), HOST);
    return headers.get(":path");
  };

  it("takes the four forms of its URL", () => {
    const full = `https://${HOST}/openai/deployments/d/chat/completions?api-version=1`;
    assert.equal(target(full), "/openai/deployments/d/chat/completions?api-version=1");
    assert.equal(
      target(full, "/v1/embeddings"),
      "/openai/deployments/d/chat/completions?api-version=1",
    );
    const deployment = `https://${HOST}/openai/deployments/d?api-version=1`;
    assert.equal(target(deployment), "/openai/deployments/d/chat/completions?api-version=1");
    assert.equal(
      target(deployment, "/x/v1/embeddings?a=b"),
      "/openai/deployments/d/embeddings?a=b&api-version=1",
    );
    assert.equal(target(deployment, "/v1/responses"), "/openai/responses?api-version=1");
    assert.equal(
      target(deployment, "/v1/embeddings?api-version=old&a=b"),
      "/openai/deployments/d/embeddings?a=b&api-version=1",
    );
    const domain = `https://${HOST}?api-version=1`;
    assert.equal(target(domain), "/openai/deployments/gpt%2F4%20o/chat/completions?api-version=1");
    assert.equal(
      target(domain, "/v1/chat/completions", { modelMapping: { "*": "prod" } }),
      "/openai/deployments/prod/chat/completions?api-version=1",
    );
    assert.equal(
      target(`${HOST}/?api-version=1`, "/v1/files/f/content"),
      "/openai/files/f/content?api-version=1",
    );
    assert.equal(target(`https://${HOST}/openai/v1`, "/v1/videos"), "/openai/v1/videos");
    assert.equal(
      target(`https://${HOST}/openai/v1/?api-version=preview`),
      "/openai/v1/chat/completions?api-version=preview",
    );
    assert.equal(
      target(domain, "/v1/chat/completions?x=1", { protocol: "original" }),
      "/v1/chat/completions?x=1",
    );
  });

  it("finds the deployment in a form, and wants a model where the path needs it", () => {
    const provider = {
      type: "azure",
      azureServiceUrl: `https://${HOST}?api-version=1`,
      modelMapping: { w: "whisper" },
    };
    const form = [
      "--B",
      'Content-Disposition: form-data; name="file"; filename="a.mp3"',
      "",
      "\x00\xffmodel",
      "--B",
      'Content-Disposition: form-data; name="model"',
      "",
      "w",
      "--B--",
      "",
    ].join("\r\n");
    const request = sent(provider, {
      path: "/v1/audio/transcriptions",
      body: form,
      headers: { "content-type": "multipart/form-data; boundary=B" },
    });
    assert.equal(
      request.headers.get(":path"),
      "/openai/deployments/whisper/audio/transcriptions?api-version=1",
    );
    assert.equal(request.body.toString(), form.replace("\r\n\r\nw\r\n", "\r\n\r\nwhisper\r\n"));
    const none = sent(provider, { body: '{"messages":[]}' });
    assert.equal(none.received.status, 400);
    assert.match(none.json.error.message, /model/);
  });

  it("sends its key as api-key or bearer, and says what is missing", () => {
    const azureServiceUrl = `https://${HOST}/openai/v1`;
    const { headers } = sent(
      { type: "azure", azureServiceUrl, azureAuthMode: "bearer" },
      { body: chatBody() },
    );
    assert.equal(headers.get("authorization"), "Bearer k");
    assert.equal(headers.get("api-key"), undefined);
    const fault = (members) =>
      plugin("ai-proxy", {
        provider: { type: "azure", apiTokens: ["k"], ...members },
      }).vm.takeLog();
    assert.match(fault({}), /missing azureServiceUrl in provider config/);
    assert.match(
      fault({ azureServiceUrl: `https://${HOST}/openai/deployments/d` }),
      /missing api-version query parameter/,
    );
  });
});

describe("answers in OpenAI's terms", () => {
  it("finish reasons, buffered and streamed", () => {
    for (const [type, word, meaning] of [
      ["zhipuai", "sensitive", "content_filter"],
      ["mistral", "model_length", "length"],
      ["deepseek", "insufficient_system_resource", "length"],
      ["zhipuai", "network_error", "length"],
      ["zhipuai", "model_context_window_exceeded", "length"],
      ["mistral", "error", "length"],
      ["baidu", "normal", "stop"],
    ]) {
      const answer = received({ type }, completion("x", { reason: word }));
      assert.equal(answer.json.choices[0].finish_reason, meaning);
      assert.equal(answer.received.headers.get("content-length"), String(answer.body.length));
      const events = completionEvents(["a"], { reason: word });
      const expected = events.join("").replace(`"${word}"`, `"${meaning}"`);
      assert.equal(streamed({ type }, events), expected, type);
    }
  });

  it("usage that stands elsewhere comes to its place", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const moonshot = event({
      id: "1",
      choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }],
    });
    assert.deepEqual(eventData(streamed({ type: "moonshot" }, [moonshot, DONE]))[0].usage, usage);
    const groq = event({ id: "1", choices: [], x_groq: { id: "r", usage } });
    assert.deepEqual(eventData(streamed({ type: "groq" }, [groq, DONE]))[0].usage, usage);
    const deepseek = received(
      { type: "deepseek" },
      completion("x", { usage: { ...usage, prompt_cache_hit_tokens: 2 } }),
    );
    assert.deepEqual(deepseek.json.usage.prompt_tokens_details, { cached_tokens: 2 });
  });

  it("an error inside status 200 gets its status, in a stream an event", () => {
    const minimax = received(
      { type: "minimax" },
      { id: "1", base_resp: { status_code: 1002, status_msg: "slow down" } },
    );
    assert.equal(minimax.received.status, 429);
    assert.deepEqual(minimax.json.error, {
      message: "slow down",
      type: "rate_limit_exceeded",
      param: null,
      code: "1002",
    });
    const spark = received(
      { type: "spark" },
      { code: 11200, message: "no", sid: "s" },
      { stream: true },
    );
    assert.equal(spark.received.status, 403);
    const events = eventData(
      streamed({ type: "minimax" }, [
        chunk({ content: "a" }),
        event({ base_resp: { status_code: 1027, status_msg: "bad words" } }),
        chunk({ content: "never" }),
      ]),
    );
    assert.equal(events.length, 3);
    assert.equal(events[1].error.message, "bad words");
    assert.equal(events[2], "[DONE]");
  });

  it("minimax: the repeated message at the end of a stream goes", () => {
    const last = event({
      id: "1",
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "ab" } }],
      usage: { total_tokens: 5 },
      base_resp: { status_code: 0, status_msg: "" },
    });
    const events = eventData(
      streamed({ type: "minimax" }, [chunk({ content: "a" }), chunk({ content: "b" }), last]),
    );
    assert.deepEqual(events[2].choices, [{ index: 0, finish_reason: "stop", delta: {} }]);
    assert.equal(events[2].object, "chat.completion.chunk");
    assert.equal(events[2].usage.total_tokens, 5);
  });

  it("spark: identifier and finish reason are filled in", () => {
    const buffered = received(
      { type: "spark" },
      {
        code: 0,
        sid: "cha",
        choices: [{ index: 0, message: { role: "assistant", content: "x" } }],
      },
    );
    assert.equal(buffered.json.id, "cha");
    assert.equal(buffered.json.choices[0].finish_reason, "stop");
    const line = (members) =>
      `data:${JSON.stringify({ code: 0, sid: "cha", id: "1", ...members })}\n\n`;
    const delta = (content) => [{ index: 0, delta: { content } }];
    const events = eventData(
      streamed({ type: "spark" }, [
        line({ choices: delta("a") }),
        line({ choices: delta("b"), usage: { total_tokens: 2 } }),
        DONE,
      ]).replaceAll(/^data:(?! )/gm, "data: "),
    );
    assert.equal(events[0].choices[0].finish_reason, undefined);
    assert.equal(events[1].choices[0].finish_reason, "stop");
  });

  it("errors of any shape become OpenAI's; those that have it stay as they are", () => {
    const error = (body, status = 400) => received({ type: "yi" }, body, { status });
    const own = '{"error": {"message":"m","type":"t","param":null,"code":"c"}, "x":1.0}';
    assert.equal(error(own).text, own);
    for (const [body, message, code] of [
      [{ success: false, errors: [{ code: 7000, message: "no route" }] }, "no route", "7000"],
      [{ message: "m", code: 5 }, "m", "5"],
      [{ msg: "m" }, "m", "upstream_error"],
      [{ error: "words" }, "words", "upstream_error"],
      [{ detail: [{ loc: ["body"], msg: "field required" }] }, "field required", "upstream_error"],
    ]) {
      const answer = error(body, 422);
      assert.equal(answer.received.status, 422);
      assert.deepEqual(answer.json.error, {
        message,
        type: "invalid_request_error",
        param: null,
        code,
      });
      assert.equal(answer.received.headers.get("content-length"), String(answer.body.length));
    }
    assert.match(error("", 500).json.error.message, /status 500/);
    assert.match(error("{broken", 503).json.error.message, /status 503/);
  });

  it("logUpstreamErrorResponseBody logs an error's words without the key", () => {
    const provider = { type: "yi", apiTokens: ["sk-secret"], logUpstreamErrorResponseBody: true };
    const proxy = proxyOf(provider);
    const upstream = jsonUpstream({ error: { message: "bad key sk-secret!" } }, { status: 401 });
    exchange([proxy], { body: chatBody() }, upstream);
    assert.match(proxy.vm.takeLog(), /status 401 of yi: .*bad key \*\*\*!/);
    assert.equal(proxy.vm.logText().includes("sk-secret"), false);
  });

  it("an answer that nothing concerns passes byte for byte", () => {
    const body =
      '{ "id":"1","choices":[{"index":0,"message":{"content":"\\u00e9"},"finish_reason":"stop"}],"n":1.0 }';
    assert.equal(received({ type: "zhipuai" }, body).text, body);
    const events = [
      ": keep-alive\n\n",
      'event: x\nid: 7\ndata: {"a": 1.0}\r\n\r\n',
      chunk({ content: "a" }),
      "data: no json\n\n",
      DONE,
    ];
    assert.equal(streamed({ type: "deepseek" }, events), events.join(""));
  });
});

describe("reasoning", () => {
  const reasons = (content, reasoning_content = "R") =>
    completion(content, { message: { reasoning_content } });
  const deltas = [
    chunk({ role: "assistant", content: "" }),
    chunk({ reasoning_content: "R1" }),
    chunk({ reasoning_content: "R2" }),
    chunk({ content: "T" }),
    chunk({}, "stop"),
    DONE,
  ];

  it("passes, is left out or stands in front of the text, as reasoningContentMode says", () => {
    const with_ = (reasoningContentMode) => ({ type: "yi", reasoningContentMode });
    assert.equal(
      received(with_("passthrough"), reasons("T")).json.choices[0].message.reasoning_content,
      "R",
    );
    assert.deepEqual(received(with_("ignore"), reasons("T")).json.choices[0].message, {
      role: "assistant",
      content: "T",
    });
    assert.equal(
      received(with_("CONCAT"), reasons("T")).json.choices[0].message.content,
      "<think>R</think>\nT",
    );
    assert.equal(textOf(streamed(with_("concat"), deltas)), "<think>R1R2</think>\nT");
    const ignored = streamed(with_("ignore"), deltas);
    assert.equal(textOf(ignored), "T");
    assert.equal(ignored.includes("reasoning"), false);
    const only = [...deltas.slice(0, 3), ...deltas.slice(4)];
    assert.equal(textOf(streamed(with_("concat"), only)), "<think>R1R2</think>\n");
  });

  it("takes the place of a content that stays empty with promoteThinkingOnEmpty", () => {
    const provider = { type: "yi", promoteThinkingOnEmpty: true };
    assert.deepEqual(received(provider, reasons(" \n")).json.choices[0].message, {
      role: "assistant",
      content: "R",
    });
    assert.equal(received(provider, reasons("T")).json.choices[0].message.reasoning_content, "R");
    const only = [...deltas.slice(0, 3), ...deltas.slice(4)];
    const events = eventData(streamed(provider, only));
    assert.equal(events.at(-3).choices[0].delta.content, "R1R2");
    assert.equal(events.at(-3).choices[0].finish_reason, null);
    assert.equal(events.at(-2).choices[0].finish_reason, "stop");
    assert.equal(streamed(provider, deltas), deltas.join(""));
    const calls = chunk({
      tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{}" } }],
    });
    const tools = [deltas[1], calls, chunk({}, "tool_calls"), DONE];
    assert.equal(streamed(provider, tools), tools.join(""));
  });
});

describe("conversations", () => {
  const messages = (provider, list) =>
    bodySent({ type: "yi", ...provider }, { messages: list }).messages;
  const user = (content, members = {}) => ({ role: "user", content, ...members });
  const assistant = (content, members = {}) => ({ role: "assistant", content, ...members });
  const system = { role: "system", content: "s" };

  it("contextCleanupCommands drop what came before the last command, but system messages", () => {
    const provider = { contextCleanupCommands: ["/clear", ""] };
    assert.deepEqual(
      messages(provider, [
        system,
        user("a"),
        assistant("b"),
        user("/clear"),
        user("c"),
        user([{ type: "text", text: "/clear" }]),
        user("d"),
      ]),
      [system, user("d")],
    );
    const untouched = [system, user("a /clear")];
    assert.deepEqual(messages(provider, untouched), untouched);
  });

  it("mergeConsecutiveMessages joins neighbours of one role, and hiclawMode means it too", () => {
    for (const provider of [{ mergeConsecutiveMessages: true }, { hiclawMode: true }]) {
      assert.deepEqual(
        messages(provider, [
          user("a"),
          user("b"),
          assistant("c", { reasoning_content: "r1" }),
          assistant("d", { reasoning_content: "r2" }),
          assistant(null, { tool_calls: [] }),
          user("e"),
          user([{ type: "image_url", image_url: { url: "u" } }]),
          user("f", { name: "n" }),
        ]),
        [
          user("a\n\nb"),
          assistant("c\n\nd", { reasoning_content: "r1\n\nr2" }),
          assistant(null, { tool_calls: [] }),
          user([
            { type: "text", text: "e" },
            { type: "image_url", image_url: { url: "u" } },
          ]),
          user("f", { name: "n" }),
        ],
      );
    }
  });
});
