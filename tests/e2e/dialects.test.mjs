/** Vendors with protocols of their own behind the real Envoy, the official clients in front of it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { addCluster, setCluster } from "../../scripts/tools/envoy-config.mjs";
import { LOCAL_MODEL, startModel } from "../../scripts/tools/model.mjs";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { freePort } from "../../scripts/tools/process.mjs";
import { venvBinary } from "../../scripts/tools/python.mjs";
import { ChatVendor, VENDORS } from "../fakes/chat-vendors.mjs";
import { close, listen } from "../fakes/http-server.mjs";
import { Gateway, stopAll } from "./support.mjs";

const ANSWER = "Hello \u{1f600}!";
const PARAMETERS = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const start = (port, provider, cluster, cache = { cacheKeyStrategy: "disabled" }) =>
  Gateway.start({
    upstreamPort: port,
    cache,
    proxy: { provider: { apiTokens: ["key-1"], ...provider } },
    change: (config) => {
      setCluster(config, "llm", "127.0.0.1", port);
      if (cluster) addCluster(config, cluster, port);
    },
  });

const openAi = ({ url }) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "client", maxRetries: 0 });
const anthropic = ({ url }) => new Anthropic({ baseURL: url, apiKey: "client", maxRetries: 0 });

for (const [type, { config, cluster, isNative = false }] of Object.entries(VENDORS)) {
  describe(`the official clients and ${type}`, () => {
    let vendor;
    let gateway;

    before(async () => {
      vendor = await ChatVendor.start(type);
      const custom = type === "openai" ? { openaiCustomUrl: `llm:${vendor.port}/v1` } : {};
      const provider = { type, responsesAsChat: true, ...config, ...custom };
      gateway = await start(vendor.port, provider, cluster);
    });
    after(() => stopAll(gateway, vendor));

    /** Not where Anthropic's requests go to the vendor as they are. */
    const itsOwn = isNative ? () => {} : it;

    it("openai: text, buffered and streamed", async () => {
      const wish = { model: "some-model", messages: [{ role: "user", content: "hi" }] };
      const whole = await openAi(gateway).chat.completions.create(wish);
      assert.equal(whole.choices[0].message.content, ANSWER);
      assert.equal(whole.choices[0].finish_reason, "stop");
      assert.ok(whole.usage.total_tokens > 0);
      const stream = openAi(gateway).chat.completions.stream(wish);
      let text = "";
      stream.on("content", (piece) => (text += piece));
      const final = await stream.finalChatCompletion();
      assert.equal(text, ANSWER);
      assert.equal(final.choices[0].finish_reason, "stop");
      assert.ok((await stream.totalUsage()).total_tokens > 0);
    });

    for (const stream of [false, true]) {
      it(`openai: a conversation with a tool, ${stream ? "streamed" : "buffered"}`, async () => {
        const asked = [];
        const runner = openAi(gateway).chat.completions.runTools({
          model: "some-model",
          stream,
          messages: [
            { role: "system", content: "be brief" },
            { role: "user", content: "weather?" },
          ],
          tools: [
            {
              type: "function",
              function: {
                name: "weather",
                parse: JSON.parse,
                function: ({ city }) => (asked.push(city), `sunny in ${city}`),
                parameters: PARAMETERS,
              },
            },
          ],
        });
        assert.equal(await runner.finalContent(), "It is sunny in Zürich.");
        assert.deepEqual(asked, ["Zürich"]);
      });
    }

    itsOwn("anthropic: text, buffered and streamed", async () => {
      const wish = {
        model: "some-model",
        max_tokens: 50,
        system: "be brief",
        messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
      };
      const whole = await anthropic(gateway).messages.create(wish);
      assert.deepEqual(
        whole.content.map(({ type: kind, text }) => [kind, text]),
        [["text", ANSWER]],
      );
      assert.equal(whole.stop_reason, "end_turn");
      assert.ok(whole.usage.input_tokens > 0 && whole.usage.output_tokens > 0);
      const stream = anthropic(gateway).messages.stream(wish);
      let text = "";
      stream.on("text", (piece) => (text += piece));
      const final = await stream.finalMessage();
      assert.equal(text, ANSWER);
      assert.equal(final.stop_reason, "end_turn");
      assert.ok(final.usage.output_tokens > 0);
    });

    for (const isStream of [false, true]) {
      itsOwn(
        `anthropic: a conversation with a tool, ${isStream ? "streamed" : "buffered"}`,
        async () => {
          const client = anthropic(gateway);
          const messages = [{ role: "user", content: [{ type: "text", text: "weather?" }] }];
          const ask = () => {
            const wish = {
              model: "some-model",
              max_tokens: 50,
              messages,
              tools: [{ name: "weather", input_schema: PARAMETERS }],
            };
            return isStream
              ? client.messages.stream(wish).finalMessage()
              : client.messages.create(wish);
          };
          const first = await ask();
          assert.equal(first.stop_reason, "tool_use");
          const call = first.content.find(({ type: kind }) => kind === "tool_use");
          assert.deepEqual(call.input, { city: "Zürich" });
          messages.push({ role: "assistant", content: first.content });
          messages.push({
            role: "user",
            content: [{ type: "tool_result", tool_use_id: call.id, content: "sunny" }],
          });
          const second = await ask();
          assert.equal(second.content[0].text, "It is sunny.");
        },
      );
    }

    it("openai responses: text, buffered and streamed", async () => {
      const wish = { model: "some-model", instructions: "be brief", input: "hi" };
      const whole = await openAi(gateway).responses.create(wish);
      assert.equal(whole.output_text, ANSWER);
      assert.equal(whole.status, "completed");
      assert.ok(whole.usage.input_tokens > 0 && whole.usage.output_tokens > 0);
      const stream = openAi(gateway).responses.stream(wish);
      let text = "";
      stream.on("response.output_text.delta", ({ delta }) => (text += delta));
      const final = await stream.finalResponse();
      assert.equal(text, ANSWER);
      assert.equal(final.output_text, ANSWER);
      assert.ok(final.usage.output_tokens > 0);
    });

    for (const isStream of [false, true]) {
      it(`openai responses: a conversation with a tool, ${isStream ? "streamed" : "buffered"}`, async () => {
        const client = openAi(gateway);
        const input = [{ role: "user", content: "weather?" }];
        const ask = () => {
          const tools = [
            { type: "function", name: "weather", parameters: PARAMETERS, strict: false },
          ];
          const wish = { model: "some-model", input, tools };
          return isStream
            ? client.responses.stream(wish).finalResponse()
            : client.responses.create(wish);
        };
        const first = await ask();
        const call = first.output.find(({ type: kind }) => kind === "function_call");
        assert.deepEqual(JSON.parse(call.arguments), { city: "Zürich" });
        // The library adds what it has parsed, which no service takes.
        input.push(...first.output.map(({ parsed_arguments: _, ...item }) => item));
        input.push({ type: "function_call_output", call_id: call.call_id, output: "sunny" });
        const second = await ask();
        assert.equal(second.output_text, "It is sunny.");
      });
    }

    it("errors are those of the client's library", async () => {
      const bad = [{ role: "user", content: [{ type: "video", video: "x" }] }];
      if (type !== "openai") {
        await assert.rejects(
          openAi(gateway).chat.completions.create({ model: "m", messages: bad }),
          OpenAI.BadRequestError,
        );
      }
      await assert.rejects(
        openAi(gateway).responses.create({ model: "m", input: "x", previous_response_id: "r" }),
        OpenAI.BadRequestError,
      );
      const image = { type: "image", source: { type: "file", file_id: "f" } };
      await assert.rejects(
        anthropic(gateway).messages.create({
          model: "m",
          max_tokens: 5,
          // Messages go to claude as they are, where two of one role are refused by our strict vendor.
          messages: [
            { role: "user", content: [image] },
            { role: "user", content: [image] },
          ],
        }),
        Anthropic.BadRequestError,
      );
      assert.doesNotMatch(gateway.log, /key-1/);
    });
  });
}

describe("the vendors' own clients, passed as they are", () => {
  for (const [type, venv] of Object.entries({
    gemini: "gemini",
    cohere: "cohere",
    qwen: "dashscope",
  })) {
    it(`${type}: text, a stream and a call, with our key`, async (t) => {
      const vendor = await ChatVendor.start(type);
      t.after(() => vendor.stop());
      const gateway = await start(vendor.port, { type, protocol: "original" });
      t.after(() => gateway.stop());
      const script = join(ROOT, "tests/e2e/vendor_clients.py");
      const client = spawn(venvBinary(venv, "python"), [script, type, gateway.url, ANSWER]);
      let output = "";
      for (const pipe of [client.stdout, client.stderr])
        pipe.on("data", (data) => (output += data));
      const [status] = await once(client, "close");
      assert.equal(status, 0, output);
      assert.equal(vendor.requests.length, 3);
    });
  }
});

describe("embeddings of vendors with protocols of their own", () => {
  it("openai: as numbers and, as the library asks for them, in base64", async (t) => {
    const asked = [];
    const vendor = createServer(async (request, response) => {
      asked.push({ url: request.url, body: await consume.json(request) });
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"embeddings":[{"values":[0.25,-1e-3]},{"values":[1,2]}]}');
    });
    const port = await listen(vendor);
    t.after(() => close(vendor));
    const gateway = await start(port, { type: "gemini" });
    t.after(() => gateway.stop());
    const wish = { model: "text-embedding-004", input: ["a", "b"] };
    const usual = await openAi(gateway).embeddings.create(wish);
    assert.deepEqual(
      usual.data.map(({ embedding }) => [...embedding]),
      [[...new Float32Array([0.25, -1e-3])], [1, 2]],
    );
    const plain = await openAi(gateway).embeddings.create({ ...wish, encoding_format: "float" });
    assert.deepEqual(plain.data[0].embedding, [0.25, -1e-3]);
    assert.equal(asked[0].url, "/v1beta/models/text-embedding-004:batchEmbedContents");
    assert.deepEqual(
      asked[0].body.requests.map(({ content }) => content.parts[0].text),
      ["a", "b"],
    );
    await assert.rejects(
      openAi(gateway).embeddings.create({ ...wish, input: [[1, 2]] }),
      OpenAI.BadRequestError,
    );
  });
});

describe("a request that is signed for Bedrock", () => {
  for (const token of [undefined, "SESSION/TOKEN=="]) {
    it(`${token ? "with" : "without"} a session is what AWS' own signer makes of it`, async (t) => {
      const vendor = await ChatVendor.start("bedrock");
      t.after(() => vendor.stop());
      const gateway = await start(vendor.port, {
        type: "bedrock",
        apiTokens: undefined,
        awsRegion: "us-east-1",
        awsAccessKey: "AKID",
        awsSecretKey: "secret",
        awsSessionToken: token,
      });
      t.after(() => gateway.stop());
      const reply = await openAi(gateway).chat.completions.create({
        model: "us.anthropic.claude-3-5-haiku-20241022-v1:0",
        messages: [{ role: "user", content: "hällo" }],
      });
      assert.equal(reply.choices[0].message.content, ANSWER);
      const { url, headers, body } = vendor.requests[0];
      assert.equal(url, "/model/us.anthropic.claude-3-5-haiku-20241022-v1%3A0/converse");
      assert.equal(headers["x-amz-security-token"], token);
      const [, signed, signature] = /SignedHeaders=([\w;-]+), Signature=(\w+)$/.exec(
        headers.authorization,
      );
      const judge = spawnSync(
        venvBinary("botocore", "python"),
        [join(ROOT, "tests/e2e/sigv4_judge.py")],
        {
          encoding: "utf8",
          input: JSON.stringify({
            url,
            headers,
            body: body.toString(),
            token,
            signed: signed.split(";"),
          }),
        },
      );
      assert.equal(judge.stdout.trim(), signature, judge.stderr);
      assert.doesNotMatch(gateway.log, /secret/);
    });
  }
});

describe("a token count on Bedrock", () => {
  it("is what AWS' own SDK asks for, and what Anthropic's client reads", async (t) => {
    const asked = [];
    let status = 200;
    const vendor = createServer(async (request, response) => {
      const { method, url } = request;
      asked.push({ method, url, body: await consume.text(request) });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(status === 200 ? '{"inputTokens":21}' : '{"message":"not authorized"}');
    });
    const port = await listen(vendor);
    t.after(() => close(vendor));
    const provider = { type: "bedrock", awsRegion: "us-east-1" };
    const gateway = await start(port, provider);
    t.after(() => gateway.stop());
    const model = "anthropic.claude-haiku-4-5-20251001-v1:0";
    const wish = { model: `us.${model}`, messages: [{ role: "user", content: "hällo" }] };
    const counted = await anthropic(gateway).messages.countTokens(wish);
    assert.deepEqual({ ...counted }, { input_tokens: 21 });
    const [{ method, url, body }] = asked;
    const judge = spawnSync(
      venvBinary("botocore", "python"),
      [join(ROOT, "tests/e2e/count_tokens_judge.py")],
      { encoding: "utf8", input: JSON.stringify({ model, body }) },
    );
    assert.deepEqual(
      { method, url, body: JSON.parse(body) },
      JSON.parse(judge.stdout || "null"),
      judge.stderr,
    );
    status = 403;
    gateway.expectLog(/bedrock answered a request for a token count with status 403/);
    const estimated = await anthropic(gateway).messages.countTokens(wish);
    assert.ok(estimated.input_tokens > 0);
    assert.notEqual(estimated.input_tokens, 21);
  });
});

describe("Anthropic's client and a real model behind OpenAI's protocol", () => {
  it("gets what the model's own Messages API answers", async (t) => {
    const port = await freePort();
    const { child, ready } = await startModel(port);
    t.after(() => child.stop());
    assert.ok(ready, child.output);
    const gateway = await start(port, { type: "openai", openaiCustomUrl: `llm:${port}/v1` });
    t.after(() => gateway.stop());
    const wish = {
      model: LOCAL_MODEL,
      max_tokens: 40,
      temperature: 0,
      system: "Answer in one sentence.",
      messages: [{ role: "user", content: "What is the capital of France?" }],
    };
    const direct = await anthropic({ url: `http://127.0.0.1:${port}` }).messages.create(wish);
    const ours = await anthropic(gateway).messages.create(wish);
    const texts = ({ content }) => content.map(({ type, text }) => [type, text]);
    assert.deepEqual(texts(ours), texts(direct));
    assert.equal(ours.stop_reason, direct.stop_reason);
    assert.equal(ours.usage.output_tokens, direct.usage.output_tokens);
    const streamed = await anthropic(gateway).messages.stream(wish).finalMessage();
    assert.deepEqual(texts(streamed), texts(direct));
  });

  it("and the Responses API gets what the model's own answers", async (t) => {
    const port = await freePort();
    const { child, ready } = await startModel(port);
    t.after(() => child.stop());
    assert.ok(ready, child.output);
    const provider = { type: "openai", openaiCustomUrl: `llm:${port}/v1`, responsesAsChat: true };
    const gateway = await start(port, provider);
    t.after(() => gateway.stop());
    const wish = {
      model: LOCAL_MODEL,
      max_output_tokens: 40,
      temperature: 0,
      instructions: "Answer in one sentence.",
      input: "What is the capital of France?",
    };
    const direct = await openAi({ url: `http://127.0.0.1:${port}` }).responses.create(wish);
    const ours = await openAi(gateway).responses.create(wish);
    assert.ok(ours.output_text.length > 0);
    assert.equal(ours.output_text, direct.output_text);
    assert.equal(ours.usage.output_tokens, direct.usage.output_tokens);
    const streamed = await openAi(gateway).responses.stream(wish).finalResponse();
    assert.equal(streamed.output_text, direct.output_text);
  });

  it("gets stored responses, as JSON and as events", async (t) => {
    const vendor = await ChatVendor.start("openai");
    t.after(() => vendor.stop());
    const provider = {
      type: "openai",
      openaiCustomUrl: `llm:${vendor.port}/v1`,
      responsesAsChat: true,
    };
    const gateway = await start(vendor.port, provider, undefined, { explain: true });
    t.after(() => gateway.stop());
    const wish = { model: "some-model", input: "What is the capital of France?" };
    const status = ({ response }) => response.headers.get("cache-status");
    const first = await openAi(gateway).responses.create(wish).withResponse();
    assert.match(status(first), /fwd=miss/);
    const second = await openAi(gateway).responses.create(wish).withResponse();
    assert.match(status(second), /hit-exact/);
    assert.deepEqual(second.data, first.data);
    const streamed = await openAi(gateway).responses.stream(wish).finalResponse();
    assert.equal(streamed.output_text, first.data.output_text);
    assert.equal(vendor.requests.length, 1);
    const other = { ...wish, input: "what is the capital of France, please?" };
    const similar = await openAi(gateway).responses.create(other).withResponse();
    assert.match(status(similar), /hit-semantic/);
    assert.equal(similar.data.output_text, first.data.output_text);
  });

  it("gets stored answers, as a message and as events", async (t) => {
    const vendor = await ChatVendor.start("openai");
    t.after(() => vendor.stop());
    const gateway = await start(
      vendor.port,
      { type: "openai", openaiCustomUrl: `llm:${vendor.port}/v1` },
      undefined,
      { explain: true },
    );
    t.after(() => gateway.stop());
    const wish = {
      model: "some-model",
      max_tokens: 40,
      messages: [{ role: "user", content: "What is the capital of France?" }],
    };
    const status = ({ response }) => response.headers.get("cache-status");
    const first = await anthropic(gateway).messages.create(wish).withResponse();
    assert.match(status(first), /fwd=miss/);
    const second = await anthropic(gateway).messages.create(wish).withResponse();
    assert.match(status(second), /hit-exact/);
    assert.deepEqual(second.data.content, first.data.content);
    const streamed = await anthropic(gateway).messages.stream(wish).finalMessage();
    assert.deepEqual(streamed.content, first.data.content);
    assert.equal(streamed.usage.output_tokens, first.data.usage.output_tokens);
    assert.equal(vendor.requests.length, 1);
  });
});
