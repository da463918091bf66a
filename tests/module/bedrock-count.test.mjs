/** Token counts of Anthropic's clients on Bedrock: by `CountTokens`, at Anthropic's endpoint, or an estimate. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allowLogInFile } from "../host/watch.mjs";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const BARE = "anthropic.claude-haiku-4-5-20251001-v1:0";
const MODEL = `us.${BARE}`;
const PATH = "/v1/messages/count_tokens";
const HEADERS = { "x-api-key": "client-key", "anthropic-version": "2023-06-01" };
const MESSAGES = [{ role: "user", content: "Grüße, 你好" }];
const COUNTED = { inputTokens: 17 };
const REFUSED = { message: "The provided model doesn't support counting tokens." };
/** Fixed, and so is with it which key is drawn when. */
const NOW = 1_700_000_000_000;
const INVOKE = { "anthropic/v1/messages": "/model/{model}/invoke" };

const ESTIMATED =
  /^provider bedrock answered a request for a token count with status \d+: .* an estimate \(logged once a minute\)$/;
allowLogInFile(ESTIMATED);

for (const build of BUILDS) {
  describe(`token counts on Bedrock (${build})`, () => {
    const start = (config) => {
      const provider = {
        type: "bedrock",
        awsRegion: "us-east-1",
        apiTokens: ["key-1"],
        modelMapping: { mine: MODEL },
        ...config,
      };
      const proxy = plugin("ai-proxy", { provider }, { build, now: () => NOW });
      assert.ok(proxy.accepted, proxy.vm.logText());
      return proxy;
    };
    const ask = (config, body, upstream = jsonUpstream(COUNTED), headers = {}) => {
      const proxy = config.vm ? config : start(config);
      const request = { path: `${PATH}?beta=true`, headers: { ...HEADERS, ...headers } };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const stream = exchange([proxy], { ...request, body: text }, upstream);
      return { stream, request: upstream.requests?.[0] };
    };
    const bodyOf = (request) => {
      const { input } = JSON.parse(request.body);
      assert.deepEqual(Object.keys(input), ["invokeModel"]);
      assert.deepEqual(Object.keys(input.invokeModel), ["body"]);
      return Buffer.from(input.invokeModel.body, "base64").toString();
    };

    for (const [name, config] of Object.entries({
      Converse: {},
      InvokeModel: { capabilities: INVOKE },
    })) {
      it(`the model counts Anthropic's own bytes, beside ${name}`, () => {
        const body = `{ "model":"mine" , "new":{"b":1.0},"messages":${JSON.stringify(MESSAGES)}}`;
        const { stream, request } = ask(config, body);
        assert.equal(
          request.headers.get(":path"),
          `/model/${encodeURIComponent(BARE)}/count-tokens`,
        );
        assert.equal(request.headers.get(":authority"), "bedrock-runtime.us-east-1.amazonaws.com");
        assert.equal(request.headers.get("authorization"), "Bearer key-1");
        assert.equal(request.headers.get("content-length"), String(request.body.length));
        for (const name of ["x-api-key", "anthropic-version"])
          assert.equal(request.headers.get(name), undefined, name);
        assert.equal(
          bodyOf(request),
          `{ "anthropic_version":"bedrock-2023-05-31" , "new":{"b":1.0},"messages":${JSON.stringify(MESSAGES)},"max_tokens":1}`,
        );
        assert.deepEqual(stream.json, { input_tokens: 17 });
        assert.equal(stream.received.headers.get("cache-control"), undefined);
      });
    }

    it("limits stay, or are above the budget of thoughts; betas stand in the body", () => {
      const limit = (members) => {
        const { request } = ask({}, { model: "mine", messages: MESSAGES, ...members });
        return JSON.parse(bodyOf(request)).max_tokens;
      };
      assert.equal(limit({ max_tokens: 9 }), 9);
      assert.equal(limit({ thinking: { type: "enabled", budget_tokens: 2048 } }), 2049);
      assert.equal(limit({ thinking: { type: "enabled", budget_tokens: -5 } }), 1);
      assert.equal(limit({ thinking: 7 }), 1);
      const betas = "effort-2025-11-24,token-counting-2024-11-01";
      const { request } = ask({}, { model: "mine", messages: MESSAGES }, undefined, {
        "anthropic-beta": betas,
      });
      assert.deepEqual(JSON.parse(bodyOf(request)).anthropic_beta, ["effort-2025-11-24"]);
      assert.equal(request.headers.get("anthropic-beta"), undefined);
    });

    it("requests are signed where there is an access key", () => {
      const keys = { apiTokens: undefined, awsAccessKey: "AKID", awsSecretKey: "secret" };
      const { request } = ask(keys, { model: "mine", messages: MESSAGES });
      const authorization = request.headers.get("authorization");
      assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/bedrock\//);
    });

    it("names and ARNs lead to the model itself", () => {
      const sent = (model) => ask({}, { model, messages: MESSAGES }).request?.headers.get(":path");
      const arn = "arn:aws:bedrock:us-east-1:1:inference-profile/global.anthropic.claude-opus-4";
      assert.equal(sent("anthropic.claude-x"), "/model/anthropic.claude-x/count-tokens");
      assert.equal(sent(arn), "/model/anthropic.claude-opus-4/count-tokens");
      for (const model of [
        "amazon.nova-pro-v1:0",
        "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc",
      ]) {
        const { stream, request } = ask({}, { model, messages: MESSAGES });
        assert.equal(request, undefined, model);
        assert.ok(stream.json.input_tokens > 0);
        assert.equal(stream.details, "ai_proxy_token_estimate");
      }
    });

    for (const status of [400, 403, 404]) {
      it(`status ${status} is no fault of the key's: the count is estimated`, () => {
        const failover = { enabled: true, failureThreshold: 1, healthCheckModel: "m" };
        const proxy = start({ apiTokens: ["key-1", "key-2"], failover });
        const body = { model: "mine", messages: MESSAGES };
        const estimate = ask({}, { ...body, model: "amazon.nova-pro-v1:0" }).stream.json;
        const keys = new Set();
        for (let i = 0; i < 12; i++) {
          const upstream = jsonUpstream(REFUSED, { status });
          const { stream, request } = ask(proxy, body, upstream);
          keys.add(request.headers.get("authorization"));
          assert.equal(stream.received.status, 200);
          assert.equal(stream.received.headers.get("content-type"), "application/json");
          assert.equal(stream.received.headers.get("cache-control"), "no-store");
          assert.ok(Math.abs(stream.json.input_tokens - estimate.input_tokens) < 10);
          assert.deepEqual(Object.keys(stream.json), ["input_tokens"]);
        }
        assert.equal(keys.size, 2);
        const lines = proxy.vm.takeLog(3).split("\n").filter(Boolean);
        assert.equal(lines.length, 1, "once a minute");
        assert.match(lines[0], new RegExp(` with status ${status}: `));
        assert.doesNotMatch(lines[0], /supported|support /, "without the vendor's words");
        const metric = `ai_proxy_estimates_total.provider=.=bedrock;.;.status=.=${status};.;`;
        assert.equal(proxy.vm.metrics.get(metric), 12);
      });
    }

    it("an empty refusal, and one in pieces, become an estimate as well", () => {
      const body = { model: "mine", messages: MESSAGES };
      for (const chunks of [[], ["{", '"message":', '"no"}'], ["<html>"]]) {
        const upstream = () => ({ status: 403, headers: { "content-type": "text/html" }, chunks });
        const { stream } = ask({}, body, upstream);
        assert.equal(stream.received.status, 200, String(chunks));
        assert.ok(stream.json.input_tokens > 0);
        if (chunks.length === 0) assert.equal(stream.details, "ai_proxy_token_estimate");
      }
    });

    it("other errors pass unchanged", () => {
      const body = { model: "mine", messages: MESSAGES };
      for (const status of [401, 429, 500]) {
        const { stream } = ask({}, body, jsonUpstream({ message: "no" }, { status }));
        assert.equal(stream.received.status, status);
        assert.equal(stream.json.type, "error");
        assert.equal(stream.json.error.message, "no");
      }
      const { stream } = ask({}, body, jsonUpstream({ inputTokens: "many" }));
      assert.equal(stream.received.status, 502);
    });

    it("what cannot be counted there is estimated here", () => {
      for (const body of ["{", '{"messages":[]}', '{"model":7,"messages":[]}', "[]"]) {
        const { request, stream } = ask({}, body);
        assert.equal(request, undefined, body);
        assert.equal(stream.received.status, 200);
        assert.equal(stream.details, "ai_proxy_token_estimate");
        assert.ok(stream.json.input_tokens > 0, body);
      }
    });

    it("Anthropic's endpoint counts by Anthropic's own API", () => {
      const providerDomain = "bedrock-mantle.us-east-1.api.aws";
      const body = '{ "model":"mine" , "messages":[]}';
      const upstream = jsonUpstream({ input_tokens: 5 });
      const { stream, request } = ask({ providerDomain }, body, upstream);
      assert.equal(request.headers.get(":path"), "/anthropic/v1/messages/count_tokens");
      assert.equal(request.headers.get(":authority"), providerDomain);
      assert.equal(request.headers.get("anthropic-version"), "2023-06-01");
      assert.equal(request.headers.get("x-api-key"), "key-1");
      assert.equal(request.body.toString(), body.replace("mine", MODEL));
      assert.deepEqual(stream.json, { input_tokens: 5 });
      const refused = ask({ providerDomain }, body, jsonUpstream(REFUSED, { status: 403 })).stream;
      assert.equal(refused.received.status, 200);
      assert.ok(refused.json.input_tokens > 0);
    });
  });
}
