/** Claude on Bedrock by `InvokeModel`: Anthropic's own bytes both ways, in AWS' path, signature and frames. */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { awsMessage } from "../fixtures/aws-event-stream.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";
import { CLAUDE_CODE, withoutUnsigned } from "../fixtures/claude-code.mjs";

const MODEL = "us.anthropic.claude-opus-4-5-20251101-v1:0";
const PATH = "/model/{model}/invoke";
const ENCODED = encodeURIComponent(MODEL);
const HOST = "bedrock-runtime.us-east-1.amazonaws.com";
const fixtures = CLAUDE_CODE.filter(({ path }) => !path.includes("count_tokens"));

const JSON_TYPE = { ":content-type": "application/json" };
const chunk = (event) =>
  awsMessage(Object.entries({ ":event-type": "chunk", ...JSON_TYPE, ":message-type": "event" }), {
    bytes: Buffer.from(event).toString("base64"),
    p: "abcdefghij",
  });
const exception = (name, message) =>
  awsMessage(
    Object.entries({ ":exception-type": name, ...JSON_TYPE, ":message-type": "exception" }),
    { message },
  );

const EVENTS = [
  '{"type":"message_start","message":{"id":"msg_bdrk_1","type":"message","role":"assistant","content":[],"usage":{"input_tokens":6,"cache_creation_input_tokens":30,"cache_read_input_tokens":64,"output_tokens":1}}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB=="}}',
  '{ "type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Gr\\u00fc\\u00dfe, 你好 \\n"},"new":1.0}',
  '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":20}}',
  '{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":6}}',
];
const sse = (event) => `event: ${JSON.parse(event).type}\ndata: ${event}\n\n`;
const EXPECTED = EVENTS.map(sse).join("");

/** AWS Signature Version 4 of a request, by AWS' document, for the service `bedrock`. */
function signature({ headers, body }, secret) {
  const date = headers.get("x-amz-date");
  const scope = `${date.slice(0, 8)}/us-east-1/bedrock/aws4_request`;
  const hash = (data) => createHash("sha256").update(data).digest("hex");
  const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
  const path = headers.get(":path").split("/").map(encodeURIComponent).join("/");
  const canonical = [
    "POST",
    path,
    "",
    `host:${headers.get(":authority")}`,
    `x-amz-date:${date}`,
    "",
    "host;x-amz-date",
    hash(body),
  ].join("\n");
  const key = [date.slice(0, 8), "us-east-1", "bedrock", "aws4_request"].reduce(
    hmac,
    `AWS4${secret}`,
  );
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`).toString("hex");
}

for (const build of BUILDS) {
  const start = (config = {}) => {
    const provider = {
      type: "bedrock",
      awsRegion: "us-east-1",
      apiTokens: ["key-1"],
      capabilities: { "anthropic/v1/messages": PATH },
      modelMapping: { "*": MODEL },
      ...config,
    };
    const now = () => Date.UTC(2026, 0, 1);
    const proxy = plugin("ai-proxy", { provider }, { build, now });
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const HEADERS = {
    "x-api-key": "client-key",
    "anthropic-version": "2023-06-01",
    "content-type": "application/json",
  };
  const ask = (
    proxy,
    body,
    { headers, upstream = jsonUpstream({}), path = "/v1/messages" } = {},
  ) => {
    const request = { path, headers: { ...HEADERS, ...headers }, body };
    return { stream: exchange([proxy], request, upstream), request: upstream.requests?.[0] };
  };
  const streamed = (chunks) => () => ({
    headers: { "content-type": "application/vnd.amazon.eventstream" },
    chunks,
  });

  describe(`Bedrock's InvokeModel (${build})`, () => {
    it("gets the request as it is: model in the path, version in the body, no stream", () => {
      const body = `{ "model":"${MODEL}" , "max_tokens":12345678901234567890,"stream":false, "new":{"b":1.0,"a":"\\u00e9"},\n"messages":[]}`;
      const answer =
        '{ "type":"message","content":[],"usage":{"input_tokens":1,"output_tokens":2}}';
      const { stream, request } = ask(start(), body, { upstream: jsonUpstream(answer) });
      assert.equal(request.headers.get(":authority"), HOST);
      assert.equal(request.headers.get(":path"), `/model/${ENCODED}/invoke`);
      assert.equal(
        request.body.toString(),
        '{ "anthropic_version":"bedrock-2023-05-31" , "max_tokens":12345678901234567890, "new":{"b":1.0,"a":"\\u00e9"},\n"messages":[]}',
      );
      assert.equal(request.headers.get("authorization"), "Bearer key-1");
      for (const name of ["x-api-key", "anthropic-version", "anthropic-beta"])
        assert.equal(request.headers.get(name), undefined, name);
      assert.equal(stream.text, answer);
      assert.equal(stream.attribute("ai_proxy_model"), MODEL);
    });

    for (const { file, path, headers, body } of fixtures) {
      it(`gets what Claude Code sends: ${file}`, () => {
        const own = JSON.stringify({ ...body, model: MODEL }, null, 1);
        const { request, stream } = ask(start(), own, { path, headers });
        assert.ok(request, stream.text);
        const { model, stream: streams, speed, ...rest } = withoutUnsigned(body);
        assert.ok(model);
        // Bedrock has no fast mode.
        assert.equal(speed === "fast", file.includes("fast-mode"));
        const action = streams ? "invoke-with-response-stream" : "invoke";
        assert.equal(request.headers.get(":path"), `/model/${ENCODED}/${action}`);
        const sent = JSON.parse(request.body);
        const betas = sent.anthropic_beta ?? [];
        delete sent.anthropic_beta;
        assert.deepEqual(sent, { ...rest, anthropic_version: "bedrock-2023-05-31" });
        const named = headers?.["anthropic-beta"] ?? "";
        // What Anthropic calls one beta Bedrock calls another.
        const told = named.replace("advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19");
        assert.ok(betas.every((beta) => told.includes(beta)));
      });
    }

    it("betas that Bedrock takes stand in the body, others go", () => {
      const named = "effort-2025-11-24, skills-2025-10-02,context-1m-2025-08-07";
      const headers = { "anthropic-beta": named };
      const { request } = ask(start(), '{"model":"m","messages":[]}', { headers });
      assert.deepEqual(JSON.parse(request.body).anthropic_beta.toSorted(), [
        "context-1m-2025-08-07",
        "effort-2025-11-24",
      ]);
      assert.equal(request.headers.get("anthropic-beta"), undefined);
      const own = '{"model":"m","messages":[],"anthropic_beta":["mine"]}';
      const kept = ask(start(), own, { headers }).request;
      assert.deepEqual(JSON.parse(kept.body).anthropic_beta, ["mine"]);
    });

    it("is signed for with the path and the body as they go out", () => {
      const keys = { apiTokens: undefined, awsAccessKey: "AKID", awsSecretKey: "secret" };
      const body = '{"model":"m","stream":true,"messages":[]}';
      const { request } = ask(start(keys), body);
      assert.match(
        request.headers.get("authorization"),
        /Credential=AKID\/20260101\/us-east-1\/bedrock\//,
      );
      const told = /Signature=([0-9a-f]+)/.exec(request.headers.get("authorization"))[1];
      assert.equal(told, signature(request, "secret"));
    });

    it("streams are Anthropic's events, byte for byte, at every cut", () => {
      const bytes = Buffer.concat(EVENTS.map(chunk));
      const proxy = start();
      for (let at = 0; at <= bytes.length; at += 7) {
        const upstream = streamed([bytes.subarray(0, at), bytes.subarray(at)]);
        const { stream } = ask(proxy, '{"model":"m","stream":true,"messages":[]}', { upstream });
        assert.equal(stream.text, EXPECTED, String(at));
        assert.equal(stream.received.headers.get("content-type"), "text/event-stream");
        assert.equal(stream.attribute("ai_proxy_input_tokens"), "100");
        assert.equal(stream.attribute("ai_proxy_output_tokens"), "20");
      }
    });

    it("an event over several lines is one line", () => {
      for (const [end, spaces] of Object.entries({ "\n": " ", "\r": " ", "\r\n": "  " })) {
        const upstream = streamed([chunk(`{${end}"type":"message_stop"${end}}`)]);
        const { stream } = ask(start(), '{"model":"m","stream":true,"messages":[]}', { upstream });
        const json = `{${spaces}"type":"message_stop"${spaces}}`;
        assert.equal(stream.text, `event: message_stop\ndata: ${json}\n\n`);
      }
    });

    for (const [name, bytes, type, words] of [
      [
        "an exception",
        exception("throttlingException", "slow down"),
        "rate_limit_error",
        /slow down/,
      ],
      ["a damaged message", Buffer.from("x".repeat(50)), "api_error", /damaged/],
      ["what is no event", chunk("{"), "api_error", /not valid/],
      ["a type of two lines", chunk('{"type":"a\\ndata: {}"}'), "api_error", /not valid/],
      ["a type with a return", chunk('{"type":"a\\rdata: {}"}'), "api_error", /not valid/],
      ["an end before the end", Buffer.alloc(0), "api_error", /cut off/],
      ["half a message", chunk(EVENTS[1]).subarray(0, 40), "api_error", /cut off/],
    ])
      it(`${name} in a stream ends it with an error`, () => {
        const upstream = streamed([chunk(EVENTS[0]), bytes]);
        const { stream } = ask(start(), '{"model":"m","stream":true,"messages":[]}', { upstream });
        const rest = stream.text.slice(sse(EVENTS[0]).length);
        assert.ok(stream.text.startsWith(sse(EVENTS[0])));
        assert.match(rest, /^event: error\ndata: \{.*\}\n\n$/);
        const { error } = JSON.parse(rest.split("data: ")[1]);
        assert.equal(error.type, type);
        assert.match(error.message, words);
      });

    it("an error comes in Anthropic's form", () => {
      const upstream = jsonUpstream({ message: "The model is not ready" }, { status: 429 });
      const { stream } = ask(start(), '{"model":"m","stream":true,"messages":[]}', { upstream });
      assert.equal(stream.received.status, 429);
      assert.equal(stream.json.type, "error");
      assert.match(stream.json.error.message, /not ready/);
    });

    it("other models and other clients go as ever", () => {
      const nova = start({ modelMapping: { "*": "amazon.nova-pro-v1:0" } });
      const answer = {
        output: { message: { role: "assistant", content: [{ text: "Hi" }] } },
        stopReason: "end_turn",
      };
      const messages = '"messages":[{"role":"user","content":"hi"}]';
      const upstream = jsonUpstream(answer);
      const { stream } = ask(nova, `{"model":"m","max_tokens":9,${messages}}`, { upstream });
      assert.match(upstream.requests[0].headers.get(":path"), /\/converse$/);
      assert.equal(stream.json.content[0].text, "Hi");
      const chat = jsonUpstream(answer);
      ask(start(), `{"model":"m",${messages}}`, { upstream: chat, path: "/v1/chat/completions" });
      assert.match(chat.requests[0].headers.get(":path"), /\/converse$/);
    });

    it("promptCaching marks it, too", () => {
      const proxy = start({ promptCaching: { mode: "auto" } });
      const system = "You are careful. ".repeat(400);
      const send = (content) => {
        const body = { model: "m", max_tokens: 9, system, messages: [{ role: "user", content }] };
        return JSON.parse(ask(proxy, JSON.stringify(body)).request.body);
      };
      assert.equal(send("a").system, system);
      assert.deepEqual(send("b").system[0].cache_control, { type: "ephemeral" });
    });
  });
}
