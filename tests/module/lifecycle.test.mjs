/**
 * From the first header to the last piece, once: requests that wait, replies of other filters, retries
 * whose client has gone, requests that are signed, and answers of odd forms.
 */
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { expectLog } from "../host/watch.mjs";
import {
  BUILDS,
  chatBody,
  completion,
  completionEvents,
  eventData,
  exchange,
  plugin,
} from "./support.mjs";

const OPENAI = { type: "openai", apiTokens: ["k"] };
const GEMINI = { type: "gemini", apiTokens: ["k"] };
const CLUSTER = { properties: { "xds.cluster_name": "llm" } };
const JSON_TYPE = { "content-type": "application/json" };

/** A body of Anthropic's messages. */
const messageBody = (members = {}) =>
  JSON.stringify({
    model: "m",
    max_tokens: 9,
    messages: [{ role: "user", content: "q" }],
    ...members,
  });

/** What a vendor gets of a request, and what the client gets of its answer. */
function ask(provider, request, answer = {}, { build, options = CLUSTER } = {}) {
  const proxy = plugin("ai-proxy", { provider }, { build });
  const sent = [];
  const stream = exchange(
    [proxy],
    { body: chatBody("q"), ...request },
    (seen) => {
      sent.push(seen);
      return { headers: JSON_TYPE, chunks: [JSON.stringify(completion("A"))], ...answer };
    },
    options,
  );
  return { proxy, stream, sent, header: (name) => sent[0]?.headers.get(name) };
}

for (const build of BUILDS) {
  describe(`a request that has waited (${build})`, () => {
    const file = {
      fileUrl: "http://files.example/c.txt",
      serviceName: "files.dns",
      servicePort: 80,
    };
    const wait = (provider, request) => {
      const proxy = plugin("ai-proxy", { provider: { ...provider, context: file } }, { build });
      proxy.vm.onHttpCall = () => 0;
      const sent = [];
      const upstream = (seen) => {
        sent.push(seen);
        return { headers: JSON_TYPE, chunks: ["{}"] };
      };
      const send = () => exchange([proxy], request, upstream, CLUSTER);
      const first = send();
      for (const token of [...proxy.vm.calls.keys()]) proxy.vm.answer(token, { body: "context" });
      return [first, send(), sent];
    };

    it("is checked like one that has not", () => {
      const nameless = JSON.stringify({ messages: [{ role: "user", content: "q" }] });
      for (const [provider, body] of [
        [GEMINI, nameless],
        [OPENAI, "{broken"],
        [OPENAI, chatBody("q", { model: 7 })],
      ]) {
        const [waited, served, sent] = wait(provider, { body });
        assert.equal(waited.received.status, 400);
        assert.equal(waited.text, served.text);
        assert.equal(sent.length, 0);
      }
    });

    it("is left alone once the host has refused what has become of its body", () => {
      const provider = { ...OPENAI, context: file };
      const proxy = plugin("ai-proxy", { provider }, { build });
      proxy.vm.onHttpCall = () => 0;
      const sent = [];
      const stream = exchange(
        [proxy],
        { body: chatBody("q".repeat(700_000)) },
        (seen) => (sent.push(seen), { headers: JSON_TYPE, chunks: ["{}"] }),
        CLUSTER,
      );
      const [token] = proxy.vm.calls.keys();
      expectLog(/no answer for provider openai .*: too_large: .*request_payload_too_large/);
      proxy.vm.answer(token, { body: "c".repeat(500_000) });
      assert.equal(stream.received.status, 413);
      assert.equal(stream.json.error.code, "upstream_too_large");
      assert.equal(sent.length, 0);
    });

    it("goes out like one that has not", () => {
      for (const body of [chatBody("q"), chatBody("q", { stream: true })]) {
        const [, , sent] = wait({ ...OPENAI, firstByteTimeout: 900 }, { body });
        assert.equal(sent.length, 2);
        assert.deepEqual(sent[0].headers.fields, sent[1].headers.fields);
        assert.deepEqual(sent[0].body, sent[1].body);
      }
    });
  });

  describe(`a reply of another filter (${build})`, () => {
    const failing = {
      failover: { enabled: true, failureThreshold: 1, cooldownDuration: 60_000 },
      retryOnFailure: { enabled: true },
    };
    const replies = [
      { status: 403, headers: JSON_TYPE, chunks: ['{"code":403,"reason":"quota"}'] },
      { status: 429, headers: { "content-type": "text/plain" }, chunks: ["slow ", "down"] },
      { status: 200, headers: JSON_TYPE, chunks: [JSON.stringify(completion("A"))] },
      {
        status: 200,
        headers: { "content-type": "text/event-stream" },
        chunks: completionEvents(["A"]),
      },
      { status: 503, headers: {}, chunks: [] },
    ];

    it("passes byte for byte, judges no key and is not repeated", () => {
      for (const provider of [
        OPENAI,
        GEMINI,
        { type: "deepseek", apiTokens: ["k"], reasoningContentMode: "concat" },
      ]) {
        for (const reply of replies) {
          for (const request of [{}, { path: "/v1/messages", body: messageBody() }]) {
            const details = "rbac_access_denied_matched_policy[none]";
            const { proxy, stream } = ask(
              { ...provider, ...failing, apiTokens: ["k", "l"] },
              request,
              { ...reply, details },
              { build },
            );
            assert.equal(stream.received.status, reply.status);
            assert.equal(stream.text, reply.chunks.join(""));
            const type = stream.received.headers.get("content-type");
            assert.equal(type, reply.headers["content-type"]);
            assert.equal(proxy.vm.calls.size, 0);
            assert.equal(proxy.vm.logText(3), "", "no key goes out");
          }
        }
      }
    });

    it("counts by its status, and without tokens", () => {
      const { proxy } = ask(OPENAI, {}, { ...replies[2], details: "lua_response" }, { build });
      const names = [...proxy.vm.metrics.keys()].join("\n");
      assert.match(names, /requests_total.*=200/);
      assert.doesNotMatch(names, /token/);
    });

    it("is not Envoy's own reply when the vendor cannot be reached", () => {
      const reset = "upstream_reset_before_response_started";
      for (const [details, reason] of [
        ["no_healthy_upstream", "no_endpoint"],
        ["dns_resolution_failure", "dns"],
        ["dns_resolution_failure{NXDOMAIN}", "dns"],
        ["cluster_not_found", "unknown_cluster"],
        ["no_cluster_info", "unknown_cluster"],
        ["route_not_found", "no_route"],
        ["maintenance_mode", "maintenance"],
        ["overload", "overloaded"],
        ["response_timeout", "timeout"],
        ["upstream_response_timeout", "timeout"],
        ["upstream_per_try_timeout", "timeout"],
        ["upstream_per_try_idle_timeout", "timeout"],
        ["upstream_max_stream_duration_reached", "timeout"],
        ["duration_timeout", "timeout"],
        ["stream_idle_timeout", "timeout"],
        ["late_upstream_reset", "connection_closed"],
        ["response_payload_too_large", "too_large"],
        ["wasm_fail_stream", "internal"],
        [`${reset}{connection_failure}`, "connection_closed"],
        [`${reset}{connection_termination}`, "connection_closed"],
        [`${reset}{connection_timeout}`, "connect_timeout"],
        [`${reset}{overflow}`, "overflow"],
        [`${reset}{protocol_error}`, "protocol"],
        [`${reset}{local_connection_failure}`, "unreachable"],
        [`${reset}{remote_connection_failure|delayed_connect_error:_111}`, "unreachable"],
        [
          `${reset}{remote_connection_failure|immediate_connect_error:_Connection_refused}`,
          "connection_refused",
        ],
        [
          `${reset}{remote_connection_failure|delayed connect error: Connection refused}`,
          "connection_refused",
        ],
        [`${reset}{remote_connection_failure,TLS_error:|CERTIFICATE_VERIFY_FAILED}`, "tls"],
      ]) {
        const { stream, proxy } = ask(
          OPENAI,
          {},
          {
            status: 503,
            headers: { "content-type": "text/plain" },
            chunks: ["secret words"],
            details,
          },
          { build },
        );
        assert.equal(stream.received.status, 503);
        assert.equal(stream.json.error.code, `upstream_${reason}`, details);
        assert.doesNotMatch(stream.text, /secret/);
        const metric = `ai_proxy_failures_total.provider=.=openai;.;.reason=.=${reason};.;`;
        assert.equal(proxy.vm.metrics.get(metric), 1, details);
        assert.match(
          proxy.vm.takeLog(3),
          new RegExp(`no answer for provider openai .*: ${reason}: `),
        );
      }
    });
  });

  describe(`an answer that breaks off while its headers are held (${build})`, () => {
    it("counts by what the host sends in its place", () => {
      const retryOnFailure = { enabled: true, maxRetries: 1 };
      for (const [provider, status] of [
        [{ type: "claude", apiTokens: ["k"] }, 200],
        [{ ...OPENAI, retryOnFailure }, 503],
      ]) {
        const proxy = plugin("ai-proxy", { provider }, { build });
        const answer = { status, headers: JSON_TYPE, chunks: ['{"error":'], cut: true };
        const stream = exchange([proxy], { body: chatBody() }, () => answer, CLUSTER);
        assert.equal(stream.received.status, 502);
        const names = [...proxy.vm.metrics.keys()].filter((name) => /requests_total/.test(name));
        assert.match(names.join(), /status=\.=502/);
      }
    });
  });

  describe(`retries (${build})`, () => {
    it("end with their client, and judge no key then", () => {
      const provider = {
        type: "openai",
        apiTokens: ["a", "b", "c", "d"],
        retryOnFailure: { enabled: true, maxRetries: 3 },
        failover: { enabled: true, failureThreshold: 1, cooldownDuration: 60_000 },
      };
      const proxy = plugin("ai-proxy", { provider }, { build });
      let calls = 0;
      proxy.vm.onHttpCall = () => (calls++, 0);
      const stream = exchange(
        [proxy],
        { body: chatBody("q") },
        () => ({ status: 500, headers: JSON_TYPE, chunks: ["{}"] }),
        CLUSTER,
      );
      assert.equal(calls, 1);
      expectLog(/^key \d of provider openai is out after status 500$/);
      stream.abort();
      const warnings = proxy.vm.logText(3);
      proxy.vm.answer([...proxy.vm.calls.keys()][0], { status: 500, body: "{}" });
      assert.equal(calls, 1, "nothing further is begun");
      assert.equal(proxy.vm.logText(3), warnings, "no key goes out");
    });
  });

  describe(`signatures (${build})`, () => {
    const aws = {
      type: "bedrock",
      awsRegion: "us-east-1",
      awsAccessKey: "AKID",
      awsSecretKey: "secret",
    };
    const hash = (data) => createHash("sha256").update(data).digest("hex");
    const mac = (key, data) => createHmac("sha256", key).update(data).digest();
    /** AWS' fourth signature, after its documentation. */
    function awsSignature({ headers, body }, method) {
      const [path, query = ""] = headers.get(":path").split("?");
      const date = headers.get("x-amz-date");
      const day = date.slice(0, 8);
      const encoded = path.split("/").map(encodeURIComponent).join("/");
      const host = headers.get(":authority");
      const canonical = `${method}\n${encoded}\n${query}\nhost:${host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${hash(body)}`;
      const scope = `${day}/us-east-1/bedrock/aws4_request`;
      const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`;
      const key = [day, "us-east-1", "bedrock", "aws4_request"].reduce(mac, "AWS4secret");
      return mac(key, text).toString("hex");
    }
    const isSigned = (sent, method = "POST") => {
      const value = sent.headers.get("authorization") ?? "none";
      assert.equal(value.split("Signature=")[1], awsSignature(sent, method), value);
    };

    it("of AWS are on every request, whatever has decided path and body", () => {
      expectLog(/"seed" is not a known name; it is ignored: use "mode": "raw"/);
      const original = { ...aws, protocol: "original" };
      const raw = [
        { name: "inferenceConfig.maxTokens", value: 7, mode: "raw" },
        { name: "seed", value: 1 },
      ];
      for (const [provider, request, path, body] of [
        [
          original,
          { path: "/model/a.b-v1:0/converse", body: "{}" },
          "/model/a.b-v1:0/converse",
          "{}",
        ],
        [
          original,
          { path: "/model/a.b-v1%3A0/converse?a=b", body: "x" },
          "/model/a.b-v1%3A0/converse?a=b",
          "x",
        ],
        [
          { ...original, customSettings: raw },
          { path: "/model/m/converse", body: '{"messages":[]}' },
          "/model/m/converse",
          '{"messages":[],"inferenceConfig":{"maxTokens":7}}',
        ],
        [
          { ...aws, capabilities: { "openai/v1/embeddings": "/model/titan/invoke" } },
          { path: "/v1/embeddings", body: '{"model":"amazon.titan-embed-text-v2:0","input":"x"}' },
          "/model/titan/invoke",
          '{"inputText":"x","normalize":true}',
        ],
        [aws, { body: chatBody("q") }, "/model/gpt-4/converse"],
      ]) {
        const { sent, header } = ask(provider, request, {}, { build });
        assert.equal(header(":path"), path);
        if (body !== undefined) assert.equal(sent[0].body.toString(), body);
        assert.equal(header("content-length"), String(sent[0].body.length));
        isSigned(sent[0]);
      }
    });

    it("of AWS are on requests without a body, and on those that come without a length", () => {
      const original = { ...aws, protocol: "original" };
      const path = "/foundation-models?byProvider=x";
      const { sent } = ask(original, { method: "GET", path, body: null }, {}, { build });
      isSigned(sent[0], "GET");
      const long = {
        body: "y".repeat(200_000),
        path: "/model/m/invoke",
        length: false,
        split: 9_000,
      };
      const streamed = ask(original, long, {}, { build });
      isSigned(streamed.sent[0]);
    });

    it("of Tencent are on every request", () => {
      const tencent = {
        type: "hunyuan",
        hunyuanAuthId: "i".repeat(36),
        hunyuanAuthKey: "s".repeat(32),
      };
      const original = { ...tencent, protocol: "original" };
      for (const [provider, request, action] of [
        [
          original,
          { path: "/", body: "{}", headers: { "x-tc-action": "GetTokenCount" } },
          "GetTokenCount",
        ],
        [original, { path: "/", body: "{}" }, "ChatCompletions"],
        [tencent, { body: chatBody("q") }, "ChatCompletions"],
        [
          { ...tencent, capabilities: { "openai/v1/embeddings": "/" } },
          { path: "/v1/embeddings", body: '{"model":"m","input":"x"}' },
          "GetEmbedding",
        ],
      ]) {
        const { sent, header } = ask(provider, request, {}, { build });
        assert.equal(header("x-tc-action"), action);
        const seconds = header("x-tc-timestamp");
        const day = new Date(seconds * 1000).toISOString().slice(0, 10);
        const signed = `content-type:application/json\nhost:${header(":authority")}\nx-tc-action:${action.toLowerCase()}\n`;
        const canonical = `POST\n/\n\n${signed}\ncontent-type;host;x-tc-action\n${hash(sent[0].body)}`;
        const text = `TC3-HMAC-SHA256\n${seconds}\n${day}/hunyuan/tc3_request\n${hash(canonical)}`;
        const key = [day, "hunyuan", "tc3_request"].reduce(mac, `TC3${"s".repeat(32)}`);
        const [, signature] = header("authorization").split("Signature=");
        assert.equal(signature, mac(key, text).toString("hex"));
      }
    });

    it("of Vertex' express mode are in a header, and the client's nowhere", () => {
      const provider = { type: "vertex", apiTokens: ["K1"], protocol: "original" };
      const native = "/v1/publishers/google/models/m:generateContent";
      const headers = { authorization: "Bearer client", "x-goog-api-key": "client" };
      for (const members of [{}, { protocol: "openai" }]) {
        for (const [query, wanted] of [
          ["", ""],
          ["?key=mine", ""],
          ["?alt=sse&key=mine&a=b&key=more", "?alt=sse&a=b"],
          ["?keys=1&key", "?keys=1"],
        ]) {
          const request = { path: native + query, body: '{"contents":[]}', headers };
          const { sent, header } = ask({ ...provider, ...members }, request, {}, { build });
          assert.equal(header(":path"), native + wanted);
          assert.equal(header("authorization"), undefined);
          assert.equal(header("x-goog-api-key"), "K1");
          assert.equal(sent[0].body.toString(), '{"contents":[]}');
        }
      }
    });

    it("firstByteTimeout of generic is on every request, of others on streams", () => {
      const name = "x-envoy-upstream-rq-first-byte-timeout-ms";
      const timeout = { firstByteTimeout: 1500 };
      const generic = { type: "generic", ...timeout };
      for (const request of [
        {},
        { method: "GET", path: "/v1/models", body: null },
        { path: "/v1/embeddings", body: "x" },
      ]) {
        assert.equal(ask(generic, request, {}, { build }).header(name), "1500");
        const other = ask({ ...OPENAI, ...timeout }, request, {}, { build });
        assert.deepEqual([other.sent.length, other.header(name)], [1, undefined]);
      }
    });
  });

  describe(`answers of odd forms (${build})`, () => {
    it("get an identifier and the model where the vendor sends none", () => {
      const candidate = {
        content: { parts: [{ functionCall: { name: "f", args: {} } }] },
        finishReason: "STOP",
      };
      const gemini = JSON.stringify({ candidates: [candidate] });
      const provider = { ...GEMINI, modelMapping: { "*": "mapped" } };
      const stream = {
        headers: { "content-type": "text/event-stream" },
        chunks: [`data: ${gemini}\n\n`],
      };
      const seen = new Set();
      const check = (id, model) => {
        assert.match(id, /[0-9a-f]{32}/);
        assert.ok(!seen.has(id));
        seen.add(id);
        assert.equal(model, "mapped");
      };
      for (let i = 0; i < 2; i++) {
        const whole = ask(provider, {}, { chunks: [gemini] }, { build }).stream.json;
        check(whole.id, whole.model);
        check(whole.choices[0].message.tool_calls[0].id, whole.model);
        const message = ask(
          provider,
          { path: "/v1/messages", body: messageBody() },
          { chunks: [gemini] },
          { build },
        );
        check(message.stream.json.id, message.stream.json.model);
        const body = JSON.stringify({ model: "m", input: "q" });
        const response = ask(
          provider,
          { path: "/v1/responses", body },
          { chunks: [gemini] },
          { build },
        );
        check(response.stream.json.id, response.stream.json.model);
        const events = ask(provider, { body: chatBody("q", { stream: true }) }, stream, { build });
        const chunks = eventData(events.stream.text).filter((event) => event !== "[DONE]");
        assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1, "one for a stream");
        check(chunks[0].id, chunks.at(-1).model);
      }
      const nameless = JSON.stringify({ ...completion("A"), id: undefined, model: undefined });
      const messages = ask(
        { ...OPENAI, modelMapping: { "*": "mapped" } },
        { path: "/v1/messages", body: messageBody() },
        { chunks: [nameless] },
        { build },
      );
      check(messages.stream.json.id, messages.stream.json.model);
    });

    it("keep the words of an error that is a short text", () => {
      const long = "x".repeat(501);
      for (const [type, chunks, wanted] of [
        ["text/plain", ["Too many", " requests\n"], "Too many requests"],
        ["text/plain; charset=utf-8", ['{"error":{"message":"m"}}'], "m"],
        ["text/plain", [long], "the model's service answered with status 429"],
        ["text/plain", ["x".repeat(500)], "x".repeat(500)],
        ["text/plain", [" "], "the model's service answered with status 429"],
        ["text/html", ["<html>"], "the model's service answered with status 429"],
      ]) {
        for (const provider of [OPENAI, GEMINI]) {
          const answer = { status: 429, headers: { "content-type": type }, chunks };
          const { stream } = ask(provider, {}, answer, { build });
          assert.equal(stream.received.status, 429);
          assert.equal(stream.json.error.message, wanted);
          assert.equal(stream.received.headers.get("content-type"), "application/json");
        }
      }
    });

    it("that are errors in an event stream become errors of the client's protocol", () => {
      const event = 'event: error\ndata: {"error":{"message":"no such model","code":400}}\n\n';
      for (const provider of [OPENAI, GEMINI]) {
        for (const stream of [true, false]) {
          const request = { path: "/v1/messages", body: messageBody({ stream }) };
          const answer = {
            status: 400,
            headers: { "content-type": "text/event-stream" },
            chunks: [event],
          };
          const { received, json } = ask(provider, request, answer, { build }).stream;
          assert.equal(received.status, 400);
          assert.equal(received.headers.get("content-type"), "application/json");
          assert.deepEqual([json.type, json.error.message], ["error", "no such model"]);
        }
      }
    });

    it("that are too large become errors of the client's protocol where they are translated", () => {
      const chunks = Array(18).fill("x".repeat(1 << 20));
      const { received, json } = ask(GEMINI, {}, { chunks }, { build }).stream;
      assert.equal(received.status, 502);
      assert.equal(json.error.code, "upstream_too_large");
      const error = ask(OPENAI, {}, { status: 400, chunks }, { build }).stream;
      assert.equal(error.received.status, 400);
      assert.match(error.json.error.message, /status 400/);
    });

    it("that have no body become errors where they are translated", () => {
      for (const [request, members] of [
        [{}, (json) => json.error.code],
        [{ path: "/v1/messages", body: messageBody({ stream: true }) }, (json) => json.error.type],
        [{ path: "/v1/embeddings", body: '{"model":"m","input":"x"}' }, (json) => json.error.code],
      ]) {
        const { received, json } = ask(GEMINI, request, { chunks: [] }, { build }).stream;
        assert.equal(received.status, 502);
        assert.equal(received.headers.get("content-type"), "application/json");
        assert.ok(members(json));
      }
    });

    it("contain the arguments of each call together, wherever they come", () => {
      const delta = (value) =>
        `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta: value }] })}\n\n`;
      const call = (index, members) => delta({ tool_calls: [{ index, ...members }] });
      const start = (index) =>
        call(index, { id: `t${index}`, type: "function", function: { name: "f", arguments: "" } });
      const args = (index, text) => call(index, { function: { arguments: text } });
      const finish =
        'data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n';
      const run = (...events) => {
        const answer = {
          headers: { "content-type": "text/event-stream" },
          chunks: [...events, finish],
        };
        return ask(OPENAI, { path: "/v1/messages", body: messageBody({ stream: true }) }, answer, {
          build,
        }).stream.text;
      };
      const good = run(
        start(0),
        start(1),
        args(0, '{"a"'),
        args(1, '{"b"'),
        args(0, ":1}"),
        args(1, ":2}"),
      );
      const argumentsOf = (text, index) =>
        [...text.matchAll(/^data: (.*)$/gm)]
          .map(([, data]) => JSON.parse(data))
          .filter((event) => event.index === index && event.delta?.type === "input_json_delta")
          .map((event) => event.delta.partial_json)
          .join("");
      assert.match(good, /message_stop/);
      assert.equal(argumentsOf(good, 0), '{"a":1}');
      assert.equal(argumentsOf(good, 1), '{"b":2}');
      const late = run(start(0), args(0, '{"a"'), delta({ content: "words" }), args(0, ":1}"));
      assert.equal(argumentsOf(late, 0), '{"a":1}');
      assert.match(late, /"index":1,"delta":\{"type":"text_delta","text":"words"/);
      assert.match(late, /message_stop/);
    });
  });
}
