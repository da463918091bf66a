/** APIs beside chats in the vendors' own protocols: embeddings, lists of models and videos. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { A, B, EMBEDDINGS } from "../fixtures/embeddings.mjs";
import { exchange, jsonUpstream, plugin } from "./support.mjs";

const NOW = 1_767_225_600;

function start(provider) {
  const now = () => NOW * 1000;
  const proxy = plugin("ai-proxy", { provider: { apiTokens: ["key-1"], ...provider } }, { now });
  assert.ok(proxy.accepted, proxy.vm.logText());
  return proxy;
}

function ask(provider, request, answer = {}, options) {
  const upstream = jsonUpstream(answer, options);
  const body = request.body && JSON.stringify(request.body);
  const stream = exchange([start(provider)], { ...request, body }, upstream);
  const [sent] = upstream.requests;
  const header = (name) => sent.headers.get(name);
  return {
    stream,
    header,
    sent: sent?.body?.length > 0 ? JSON.parse(sent.body) : undefined,
    asked: sent && `${header(":authority")}${header(":path")}`,
  };
}

for (const [type, vendor] of Object.entries(EMBEDDINGS)) {
  describe(`embeddings of ${type}`, () => {
    const provider = { type, ...vendor.config };
    const embed = (members, answer = vendor.answer, options) => {
      const body = { model: vendor.model, input: ["a", "b"], dimensions: 3, ...members };
      return ask(provider, { path: "/v1/embeddings", body }, answer, options);
    };

    it("are asked for in the vendor's protocol and answered in OpenAI's", () => {
      const { stream, sent, asked } = embed(vendor.extra);
      assert.equal(asked, vendor.url);
      assert.deepEqual(sent, vendor.sent);
      assert.equal(stream.received.status, 200);
      assert.deepEqual(stream.json, {
        object: "list",
        data: [A, B].map((embedding, index) => ({ object: "embedding", index, embedding })),
        model: vendor.model,
        usage: { prompt_tokens: vendor.tokens, total_tokens: vendor.tokens },
      });
      assert.equal(stream.received.headers.get("content-length"), String(stream.text.length));
    });

    it("come in base64 for those who want that, as OpenAI's libraries do", () => {
      const { stream } = embed({ encoding_format: "base64" });
      const [{ embedding }] = stream.json.data;
      const bytes = Buffer.from(embedding, "base64");
      const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset), 0, 3);
      assert.deepEqual([...floats], [...new Float32Array(A)]);
    });

    it("of tokens, of nothing and without a model are refused", () => {
      for (const members of [
        { input: [1, 2] },
        { input: [[1]] },
        { input: [] },
        { input: {} },
        { input: undefined },
        { input: Array(2049).fill("x") },
        { model: undefined },
        { model: 7 },
      ]) {
        const { stream, asked } = embed(members);
        assert.equal(asked, undefined);
        assert.equal(stream.received.status, 400);
        assert.equal(stream.json.error.code, "unsupported_request");
      }
    });

    it("errors keep their status, and what is not an answer is an error", () => {
      const error = { error: { message: "no", code: "c" } };
      const failed = embed({}, error, { status: 429 }).stream;
      assert.deepEqual([failed.received.status, failed.json.error.message], [429, "no"]);
      for (const answer of [{}, "[]", "{", { embeddings: [null] }, { embeddings: { float: 7 } }]) {
        const { stream } = embed({}, answer);
        assert.equal(stream.received.status, 502, JSON.stringify(answer));
        assert.equal(stream.json.error.code, "upstream_incomplete");
      }
    });

    it("with a path of capabilities go there, translated all the same", () => {
      const capabilities = { "openai/v1/embeddings": "/own/embeddings" };
      const body = { model: vendor.model, input: "x" };
      const usual = ask(provider, { path: "/v1/embeddings", body }, {});
      const { sent, header } = ask(
        { ...provider, capabilities },
        { path: "/v1/embeddings", body },
        {},
      );
      assert.equal(header(":path"), "/own/embeddings");
      // A key of Vertex' has a header of its own, whatever has decided the path.
      if (type === "vertex") assert.equal(header("x-goog-api-key"), "key-1");
      assert.deepEqual(sent, usual.sent);
    });
  });
}

describe("embeddings", () => {
  const embed = (provider, body) => ask(provider, { path: "/v1/embeddings", body });

  it("of Amazon's models take one text", () => {
    const provider = { type: "bedrock", awsRegion: "us-east-1" };
    const body = { model: "amazon.titan-embed-text-v2:0", input: "a", dimensions: 256 };
    const answer = { embedding: A, inputTextTokenCount: 2 };
    const { stream, sent } = ask(provider, { path: "/v1/embeddings", body }, answer);
    assert.deepEqual(sent, { inputText: "a", dimensions: 256, normalize: true });
    assert.deepEqual(stream.json.usage, { prompt_tokens: 2, total_tokens: 2 });
    const many = embed(provider, { ...body, input: ["a", "b"] });
    assert.equal(many.stream.received.status, 400);
    assert.match(many.stream.json.error.message, /one text per request/);
  });

  it("are signed where chats are: Bedrock and Tencent Cloud", () => {
    const aws = { type: "bedrock", apiTokens: [], awsRegion: "us-east-1" };
    const keys = { awsAccessKey: "AKID", awsSecretKey: "secret" };
    const signed = embed({ ...aws, ...keys }, { model: "amazon.titan", input: "a" });
    assert.match(signed.header("authorization"), /^AWS4-HMAC-SHA256 Credential=AKID\//);
    const tencent = { type: "hunyuan", ...EMBEDDINGS.hunyuan.config };
    const { header } = embed(tencent, { model: "m", input: "a" });
    assert.equal(header("x-tc-action"), "GetEmbedding");
    assert.match(header("authorization"), /^TC3-HMAC-SHA256 Credential=A{36}\//);
  });

  it("Tencent's errors come with status 200", () => {
    const error = { Code: "AuthFailure.SignatureFailure", Message: "bad" };
    const { stream } = ask(
      { type: "hunyuan", ...EMBEDDINGS.hunyuan.config },
      { path: "/v1/embeddings", body: { model: "m", input: "a" } },
      { Response: { Error: error, RequestId: "r" } },
    );
    assert.deepEqual([stream.received.status, stream.json.error.message], [401, "bad"]);
  });

  it("models are named as in chats", () => {
    const gemini = embed({ type: "gemini" }, { model: "models/x", input: "a" });
    assert.match(gemini.asked, /\/v1beta\/models\/x:batchEmbedContents$/);
    assert.equal(gemini.sent.requests[0].model, "models/x");
    const vertex = embed({ type: "vertex" }, { model: "gecko@003", input: "a" });
    assert.match(vertex.asked, /\/models\/gecko@003:predict$/);
  });

  it("models are mapped", () => {
    const provider = { type: "cohere", modelMapping: { mine: "embed-v4.0" } };
    assert.equal(embed(provider, { model: "mine", input: "a" }).sent.model, "embed-v4.0");
  });
});

describe("images", () => {
  const draw = (provider, body, answer) => {
    const request = { path: "/v1/images/generations", body: { prompt: "p", ...body } };
    return ask(provider, request, answer);
  };
  const created = NOW;

  it("of Imagen's models, behind Gemini's API and on Vertex", () => {
    const answer = { predictions: [{ bytesBase64Encoded: "QQ==", mimeType: "image/png" }] };
    const body = { model: "imagen-4.0", n: 2, size: "1536x1024" };
    for (const [type, url] of [
      ["gemini", "generativelanguage.googleapis.com/v1beta/models/imagen-4.0:predict"],
      ["vertex", "aiplatform.googleapis.com/v1/publishers/google/models/imagen-4.0:predict"],
    ]) {
      const { stream, sent, asked } = draw({ type }, body, answer);
      assert.equal(asked, url);
      assert.deepEqual(sent, {
        instances: [{ prompt: "p" }],
        parameters: { sampleCount: 2, aspectRatio: "4:3" },
      });
      assert.deepEqual(stream.json, { created, data: [{ b64_json: "QQ==" }] });
    }
    const ratio = (size) =>
      draw({ type: "gemini" }, { model: "imagen-3", size }, answer).sent.parameters.aspectRatio;
    assert.deepEqual(
      ["auto", "512x512", "1024x1792", "768x1024", "1920x1080", "0x7", "x"].map(ratio),
      ["1:1", "1:1", "9:16", "3:4", "16:9", "1:1", "1:1"],
    );
  });

  it("of Amazon's models", () => {
    const provider = { type: "bedrock", awsRegion: "us-east-1" };
    const body = { model: "amazon.titan-image-generator-v2:0", quality: "hd", size: "512x768" };
    const { stream, sent, asked } = draw(provider, body, { images: ["QQ==", "Qg=="], error: null });
    assert.equal(
      asked,
      "bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-image-generator-v2%3A0/invoke",
    );
    assert.deepEqual(sent, {
      taskType: "TEXT_IMAGE",
      textToImageParams: { text: "p" },
      imageGenerationConfig: { numberOfImages: 1, width: 512, height: 768, quality: "premium" },
    });
    assert.deepEqual(stream.json, { created, data: [{ b64_json: "QQ==" }, { b64_json: "Qg==" }] });
    const held = draw(provider, body, { images: [], error: "blocked by our filters" }).stream;
    assert.equal(held.received.status, 400);
    assert.equal(held.json.error.code, "content_policy_violation");
  });

  it("without a prompt, or too many, are refused; without an image there is no answer", () => {
    const provider = { type: "gemini" };
    for (const body of [{ prompt: 7 }, { n: 0 }, { n: 11 }, { n: "x" }])
      assert.equal(draw(provider, { model: "m", ...body }).stream.received.status, 400);
    for (const answer of [{}, { predictions: [{}, null] }])
      assert.equal(draw(provider, { model: "m" }, answer).stream.received.status, 502);
  });
});

describe("Gemini's list of models", () => {
  const list = (answer) => ask({ type: "gemini" }, { method: "GET", path: "/v1/models" }, answer);

  it("is OpenAI's", () => {
    const { stream, asked } = list({ models: [{ name: "models/gemini-x" }, { name: "tuned/y" }] });
    assert.equal(asked, "generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
    assert.deepEqual(stream.json, {
      object: "list",
      data: ["gemini-x", "tuned/y"].map((id) => ({
        id,
        object: "model",
        created: 0,
        owned_by: "google",
      })),
    });
    assert.equal(list({}).stream.received.status, 502);
  });
});

describe("kling", () => {
  const task = { task_id: "867", task_status: "submitted", created_at: 1, updated_at: 1 };
  const good = { code: 0, message: "SUCCEED", request_id: "r", data: task };
  const keys = { apiTokens: [], klingAccessKey: "ak-test", klingSecretKey: "sk-test" };
  const create = (body, { provider = {}, path = "/v1/videos", answer = good } = {}) =>
    ask({ type: "kling", ...provider }, { path, body }, answer);
  const look = (id, provider) =>
    ask(
      { type: "kling", ...provider },
      { method: "GET", path: `/team/v1/videos/${id}` },
      { ...good, task_id: "1" },
    );

  it("a video from a text, or from an image", () => {
    const text = create(
      { model: "mine", prompt: "p", seconds: 5 },
      { provider: { modelMapping: { mine: "kling-v2" } }, path: "/v1/videos?a=b" },
    );
    assert.equal(text.asked, "api-singapore.klingai.com/v1/videos/text2video?a=b");
    assert.deepEqual(text.sent, { model_name: "kling-v2", prompt: "p", seconds: 5 });
    assert.deepEqual(text.stream.json, { ...good, data: { ...task, task_id: "kling-t2v-867" } });
    for (const name of ["image", "image_tail", "input_image", "first_frame_image"]) {
      const image = create({ prompt: "p", [name]: "http://x/y.png" });
      assert.equal(image.header(":path"), "/v1/videos/image2video", name);
      assert.equal(image.stream.json.data.task_id, "kling-i2v-867");
    }
    const both = create({ model: "a", model_name: "b", image: null });
    assert.deepEqual(both.sent, { model_name: "b", image: null });
    assert.equal(both.header(":path"), "/v1/videos/text2video");
  });

  it("a task is looked at by its prefix, or by the query", () => {
    for (const [id, path, mark] of [
      ["kling-t2v-867", "/v1/videos/text2video/867", "kling-t2v-"],
      ["kling-i2v-867?x=1", "/v1/videos/image2video/867?x=1", "kling-i2v-"],
      ["867", "/v1/videos/text2video/867", "kling-t2v-"],
      ["867?kling_task_type=i2v&x=1", "/v1/videos/image2video/867?x=1", "kling-i2v-"],
      ["867?kling_task_type=image&kling_task_type=t2v", "/v1/videos/text2video/867", "kling-t2v-"],
      ["kling-i2v-867?kling_task_type=text", "/v1/videos/image2video/867", "kling-i2v-"],
    ]) {
      const { header, stream } = look(id);
      assert.equal(header(":path"), path, id);
      assert.deepEqual(
        [stream.json.task_id, stream.json.data.task_id],
        [`${mark}1`, `${mark}867`],
        id,
      );
    }
  });

  it("clients that know Kling's paths get its answers as they are", () => {
    const own = create(
      { model_name: "kling-v2", prompt: "p" },
      { path: "/v1/videos/text2video?q=1" },
    );
    assert.equal(own.header(":path"), "/v1/videos/text2video?q=1");
    assert.deepEqual(own.sent, { model_name: "kling-v2", prompt: "p" });
    assert.deepEqual(own.stream.json, good);
  });

  it("an access key signs tokens that are kept until shortly before their end", () => {
    const jwt =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhay10ZXN0IiwiZXhwIjoxNzY3MjI3NDAwLCJuYmYiOjE3NjcyMjU1OTV9.dDxpWSVSj5kNmv3WvJxz25pk9735kQ4OjYPb-MoIoH0";
    assert.equal(look("kling-t2v-1", keys).header("authorization"), `Bearer ${jwt}`);
    assert.equal(create({}, { provider: keys }).header("authorization"), `Bearer ${jwt}`);
    assert.equal(look("1").header("authorization"), "Bearer key-1");

    let now = NOW;
    const proxy = plugin(
      "ai-proxy",
      { provider: { type: "kling", ...keys, klingTokenRefreshAhead: 100 } },
      { now: () => now * 1000 },
    );
    const expiry = () => {
      const upstream = jsonUpstream(good);
      exchange([proxy], { method: "GET", path: "/v1/videos/1" }, upstream);
      const [head, claims, signature] = upstream.requests[0].headers
        .get("authorization")
        .slice(7)
        .split(".");
      const wanted = createHmac("sha256", "sk-test").update(`${head}.${claims}`);
      assert.equal(signature, wanted.digest("base64url"));
      return JSON.parse(Buffer.from(claims, "base64url")).exp;
    };
    assert.equal(expiry(), NOW + 1800);
    now += 1699;
    assert.equal(expiry(), NOW + 1800);
    now += 1;
    assert.equal(expiry(), now + 1800);
  });

  it("a code that is not 0 is an error", () => {
    for (const [code, status] of [
      [1002, 401],
      [1203, 404],
      [1303, 429],
      [77, 502],
    ]) {
      const { stream } = create({}, { answer: { code, message: "no" } });
      assert.equal(stream.received.status, status);
      assert.deepEqual([stream.json.error.code, stream.json.error.message], [String(code), "no"]);
    }
  });

  it("has no chats, and needs keys", () => {
    const chat = ask(
      { type: "kling" },
      { path: "/v1/chat/completions", body: { model: "m", messages: [] } },
    );
    assert.equal(chat.stream.json.error.code, "unsupported_api");
    const log = (provider) => plugin("ai-proxy", { provider: { type: "kling", ...provider } });
    const half = log({ klingAccessKey: "a" });
    assert.match(half.vm.takeLog(), /missing klingAccessKey or klingSecretKey in provider config/);
    assert.match(log({}).vm.takeLog(), /no apiToken found in provider config/);
  });
});
