/**
 * Configurations of the Go plugins: what they make of requests and answers, where nothing else in the tests is about
 * it. What is different on purpose stands in docs/higress.md.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import {
  BUILDS,
  chatBody,
  completion,
  eventData,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
} from "./support.mjs";

const CHAT = "/v1/chat/completions";
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };
const PNG = Buffer.from("\x89PNG\r\n\x1a\nrest", "latin1");

for (const build of BUILDS) {
  const start = (provider, options) => {
    const proxy = plugin("ai-proxy", { provider }, { build, ...options });
    assert.ok(proxy.accepted, proxy.vm.logText());
    return proxy;
  };
  const ask = (provider, request, answer = {}, options) => {
    const upstream = jsonUpstream(answer, options);
    const isValue = request.body !== null && typeof request.body === "object";
    const body = isValue ? JSON.stringify(request.body) : request.body;
    const wanted = { path: CHAT, ...request, body };
    if (Buffer.isBuffer(request.body)) wanted.body = request.body;
    const stream = exchange([start(provider)], wanted, upstream);
    const [sent] = upstream.requests;
    const header = (name) => sent?.headers.get(name);
    const json = () => JSON.parse(sent.body);
    return { stream, sent, header, json, asked: sent && header(":authority") + header(":path") };
  };
  const KEYS = { apiTokens: ["K"] };

  describe(`pictures of Gemini's models (${build})`, () => {
    const VENDORS = [
      [
        { type: "vertex", ...KEYS },
        "aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash-image:generateContent",
      ],
      [
        { type: "gemini", ...KEYS },
        "generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-image:generateContent",
      ],
    ];
    const model = "gemini-2.5-flash-image";
    const usage = { promptTokenCount: 3, candidatesTokenCount: 1290, totalTokenCount: 1293 };
    const drawn = {
      candidates: [
        {
          content: {
            parts: [
              { text: "thinking", thought: true },
              { thought: true, inlineData: { mimeType: "image/png", data: "VEg=" } },
              { text: "Here:" },
              { inlineData: { mimeType: "image/png", data: "QQ==" } },
              { inlineData: { mimeType: "image/png", data: "Qg==" } },
            ],
          },
          finishReason: "STOP",
        },
      ],
      usageMetadata: usage,
    };

    it("are drawn in the answer to a chat", () => {
      for (const [provider, url] of VENDORS) {
        const { stream, asked, json } = ask(
          { ...provider, geminiSafetySetting: { HARM: "BLOCK_NONE" } },
          { path: "/v1/images/generations", body: { model, prompt: "cat" } },
          drawn,
        );
        assert.equal(asked, url);
        assert.deepEqual(json(), {
          contents: [{ role: "user", parts: [{ text: "cat" }] }],
          generationConfig: {
            responseModalities: ["TEXT", "IMAGE"],
            imageConfig: { aspectRatio: "1:1" },
          },
          safetySettings: [{ category: "HARM", threshold: "BLOCK_NONE" }],
        });
        const { created, ...list } = stream.json;
        assert.equal(typeof created, "number");
        assert.deepEqual(list, {
          data: [{ b64_json: "QQ==" }, { b64_json: "Qg==" }],
          usage: { total_tokens: 1293, input_tokens: 3, output_tokens: 1290 },
        });
      }
    });

    it("have the ratio and the size that the client's words mean", () => {
      for (const [size, aspectRatio, imageSize] of [
        ["256x256", "1:1"],
        ["1792x1024", "16:9", "2K"],
        ["1024x1792", "9:16", "2K"],
        ["2048x2048", "1:1", "2K"],
        ["4096x4096", "1:1", "4K"],
        ["1536x1024", "3:2", "2K"],
        ["1024x1536", "2:3", "2K"],
        ["1024x768", "4:3"],
        ["1365x1024", "4:3"],
        ["768x1024", "3:4"],
        ["1280x1024", "5:4"],
        ["1024x1280", "4:5"],
        ["2560x1080", "21:9", "2K"],
        ["auto", "1:1"],
      ]) {
        const body = { model, prompt: "p", size, output_format: "jpeg" };
        const { json } = ask(VENDORS[0][0], { path: "/v1/images/generations", body }, drawn);
        assert.deepEqual(
          json().generationConfig.imageConfig,
          {
            aspectRatio,
            ...(imageSize && { imageSize }),
            imageOutputOptions: { mimeType: "image/jpeg" },
          },
          size,
        );
      }
    });

    const inline = { inlineData: { mimeType: "image/png", data: "QQ==" } };
    const data = "data:image/png;base64,QQ==";
    const file = (fileUri, mimeType = "image/jpeg") => ({ fileData: { mimeType, fileUri } });

    it("are edited, wherever the client has put them", () => {
      for (const [members, parts] of [
        [{ image: data }, [inline]],
        [{ image: { url: data } }, [inline]],
        [{ image: [data, "https://x/y.png"] }, [inline, file("https://x/y.png", "image/png")]],
        [
          { images: [{ image_url: data }, { image_url: { url: "gs://b/c" } }] },
          [inline, file("gs://b/c")],
        ],
        [{ image_url: data, images: ["https://x/y"] }, [file("https://x/y"), inline]],
      ]) {
        for (const [provider, url] of VENDORS) {
          const { asked, json, stream } = ask(
            provider,
            { path: "/v1/images/edits", body: { model, prompt: "red", ...members } },
            drawn,
          );
          assert.equal(asked, url);
          assert.deepEqual(json().contents[0].parts, [...parts, { text: "red" }]);
          assert.equal(stream.json.data.length, 2);
        }
      }
    });

    const form = (fields, boundary = "b0undary") =>
      Buffer.concat([
        ...fields.flatMap(([name, value, filename, type]) => [
          Buffer.from(
            `--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
              (filename ? `; filename="${filename}"` : "") +
              (type ? `\r\nContent-Type: ${type}` : "") +
              "\r\n\r\n",
          ),
          Buffer.from(value),
          Buffer.from("\r\n"),
        ]),
        Buffer.from(`--${boundary}--\r\n`),
      ]);
    const headers = { "content-type": 'multipart/form-data; boundary="b0undary"' };

    it("come in a form, as OpenAI's libraries send them", () => {
      const body = form([
        ["model", "mine"],
        ["image[]", PNG, "a.png", "image/png"],
        ["image[]", PNG, 'name="model".bin', "application/octet-stream"],
        ["image", Buffer.from([0xff, 0xd8, 1]), "c"],
        ["image", "https://x/y.webp"],
        ["prompt", 'a "hat"'],
        ["size", "1536x1024"],
        ["n", "1"],
        ["quality", "high"],
      ]);
      for (const [provider, url] of VENDORS) {
        const { asked, json, header, stream } = ask(
          { ...provider, modelMapping: { mine: model } },
          { path: "/v1/images/edits", body, headers },
          drawn,
        );
        assert.equal(asked, url);
        assert.equal(header("content-type"), "application/json");
        assert.equal(header("content-length"), String(JSON.stringify(json()).length));
        const picture = (mimeType, bytes) => ({
          inlineData: { mimeType, data: bytes.toString("base64") },
        });
        assert.deepEqual(json().contents[0].parts, [
          picture("image/png", PNG),
          picture("image/png", PNG),
          picture("image/jpeg", Buffer.from([0xff, 0xd8, 1])),
          file("https://x/y.webp", "image/webp"),
          { text: 'a "hat"' },
        ]);
        assert.equal(json().generationConfig.imageConfig.aspectRatio, "3:2");
        assert.equal(stream.received.status, 200);
      }
    });

    it("are varied with a prompt of their own", () => {
      const path = "/v1/images/variations";
      const sent = (body, headers) => ask(VENDORS[0][0], { path, body, headers }, drawn).json();
      const usual = { text: "Create variations of the provided image." };
      assert.deepEqual(sent({ model, image: data }).contents[0].parts, [inline, usual]);
      const body = form([
        ["model", model],
        ["image", PNG, "a.png", "image/png"],
      ]);
      assert.deepEqual(sent(body, headers).contents[0].parts[1], usual);
      const own = sent({ model, image: data, prompt: "as oil" });
      assert.deepEqual(own.contents[0].parts[1], { text: "as oil" });
    });

    it("are refused with a mask, without a picture or a prompt, and of Imagen's models", () => {
      const path = "/v1/images/edits";
      const good = { model, prompt: "p", image: data };
      for (const [body, words] of [
        [{ ...good, mask: data }, /mask/],
        [{ ...good, mask_url: { url: data } }, /mask/],
        [{ ...good, image: undefined }, /image is missing/],
        [{ ...good, prompt: undefined }, /prompt/],
        [{ ...good, model: "imagen-4.0" }, /does not edit/],
        [
          form([
            ["model", model],
            ["prompt", "p"],
            ["image", PNG, "a"],
            ["mask", PNG, "m"],
          ]),
          /mask/,
        ],
        [form([["model", model]]).subarray(0, 40), /model is missing/],
      ]) {
        const { stream, sent } = ask(VENDORS[0][0], {
          path,
          body,
          headers: Buffer.isBuffer(body) ? headers : {},
        });
        assert.equal(sent, undefined);
        assert.equal(stream.received.status, 400);
        assert.match(stream.json.error.message, words);
      }
    });

    it("that are missing are an error with the model's text", () => {
      const words = { content: { parts: [{ text: "I cannot draw that." }] } };
      for (const [answer, status, message] of [
        [
          { candidates: [{ ...words, finishReason: "IMAGE_SAFETY" }] },
          400,
          "there is no image (IMAGE_SAFETY): I cannot draw that.",
        ],
        [{ promptFeedback: { blockReason: "SAFETY" } }, 400, "there is no image (SAFETY)"],
        [{}, 502, "there is no image"],
      ]) {
        const body = { model, prompt: "p" };
        const { stream } = ask(VENDORS[1][0], { path: "/v1/images/generations", body }, answer);
        assert.equal(stream.received.status, status);
        assert.equal(stream.json.error.message, message);
      }
    });
  });

  describe(`paths of Kling's that the operator has named (${build})`, () => {
    const provider = {
      type: "kling",
      ...KEYS,
      providerBasePath: "/klingai",
      modelMapping: { "*": "kling-v2-1" },
      capabilities: {
        "openai/v1/videos": "/gateway/text2video?mode=text",
        "openai/v1/retrievevideo": "/gateway/text-tasks/{video_id}",
        "kling/v1/image2video": "/gateway/image2video?mode=image",
        "kling/v1/retrieveimagevideo": "/gateway/image-tasks/{video_id}?version=1",
      },
    };
    const good = { code: 0, data: { task_id: "867" } };

    it("say where a request goes, and not what it is", () => {
      const make = (members) =>
        ask(
          provider,
          { path: "/v1/videos?gateway_param=1", body: { model: "m", ...members } },
          good,
        );
      const image = make({ prompt: "p", image: "http://x/y.png" });
      assert.equal(
        image.header(":path"),
        "/klingai/gateway/image2video?mode=image&gateway_param=1",
      );
      assert.deepEqual(image.json(), {
        model_name: "kling-v2-1",
        prompt: "p",
        image: "http://x/y.png",
      });
      assert.equal(image.stream.json.data.task_id, "kling-i2v-867");
      const text = make({ prompt: "p" });
      assert.equal(text.header(":path"), "/klingai/gateway/text2video?mode=text&gateway_param=1");
      assert.equal(text.stream.json.data.task_id, "kling-t2v-867");
    });

    it("are filled with the task's identifier as Kling has it", () => {
      const look = (id) =>
        ask(provider, { method: "GET", path: `/v1/videos/${id}`, body: null }, good);
      for (const [id, path] of [
        ["kling-i2v-867?a=b", "/klingai/gateway/image-tasks/867?version=1&a=b"],
        ["kling-t2v-867", "/klingai/gateway/text-tasks/867"],
        ["867?kling_task_type=image", "/klingai/gateway/image-tasks/867?version=1"],
      ]) {
        assert.equal(look(id).header(":path"), path);
      }
    });

    it("of one kind leave the other's as they are", () => {
      const capabilities = { "kling/v1/image2video": "/own" };
      const at = (members) =>
        ask(
          { type: "kling", ...KEYS, capabilities },
          { path: "/v1/videos", body: members },
          good,
        ).header(":path");
      assert.equal(at({ prompt: "p" }), "/v1/videos/text2video");
      assert.equal(at({ prompt: "p", image: "x" }), "/own");
    });

    it("are nobody else's", () => {
      expectLog(/capabilities\.kling\/v1\/image2video: is not a known API/);
      start({ type: "openai", ...KEYS, capabilities: { "kling/v1/image2video": "/x" } });
    });
  });

  describe(`tool_choice in neighbouring forms (${build})`, () => {
    const one = [
      { type: "function", function: { name: "f" } },
      { type: "tool", name: "f" },
      { type: "function", name: "f" },
    ];
    const FORMS = [
      ["auto", ["auto", { type: "auto" }]],
      ["none", ["none", { type: "none" }]],
      ["any", ["any", "required", { type: "any" }, { type: "required" }]],
      ["one", one],
      ["other", ["whatever", { type: "whatever" }, 7]],
    ];
    const gemini = (mode, names) => ({
      functionCallingConfig: { mode, ...(names && { allowedFunctionNames: names }) },
    });
    const VENDORS = [
      [
        { type: "bedrock", awsRegion: "us-east-1", ...KEYS },
        (body) => body.toolConfig && (body.toolConfig.toolChoice ?? "tools alone"),
        {
          auto: { auto: {} },
          none: undefined,
          any: { any: {} },
          one: { tool: { name: "f" } },
          other: "tools alone",
        },
      ],
      [
        { type: "claude", ...KEYS },
        (body) => body.tool_choice,
        {
          auto: { type: "auto" },
          none: { type: "none" },
          any: { type: "any" },
          one: { type: "tool", name: "f" },
        },
      ],
      [
        { type: "gemini", ...KEYS },
        (body) => body.toolConfig,
        {
          auto: gemini("AUTO"),
          none: gemini("NONE"),
          any: gemini("ANY"),
          one: gemini("ANY", ["f"]),
        },
      ],
      [
        { type: "cohere", ...KEYS },
        (body) => body.tool_choice,
        { none: "NONE", any: "REQUIRED", one: "REQUIRED" },
      ],
      [
        { type: "hunyuan", hunyuanAuthId: "i", hunyuanAuthKey: "k" },
        (body) => body.ToolChoice,
        { auto: "auto", none: "none", one: "custom" },
      ],
      [
        { type: "perplexity", ...KEYS },
        (body) => body.tool_choice,
        { auto: "auto", none: "none", any: "required", one: { type: "function", name: "f" } },
      ],
    ];
    for (const [provider, choiceOf, wanted] of VENDORS) {
      it(`means at ${provider.type} what it says`, () => {
        for (const [meaning, forms] of FORMS) {
          for (const tool_choice of forms) {
            const body = chatBody("q", { model: "claude-opus-4-6", tools: [TOOL], tool_choice });
            const { json } = ask(provider, { body });
            assert.deepEqual(choiceOf(json()), wanted[meaning], JSON.stringify(tool_choice));
            const strict = { ...provider, strictTranslation: true };
            const { stream } = ask(strict, { body });
            const isLost =
              meaning === "other" || (provider.type === "hunyuan" && meaning === "any");
            if (isLost) {
              assert.equal(stream.received.status, 400);
              assert.match(stream.json.error.message, /tool_choice/);
            }
          }
        }
      });
    }
  });

  it(`a response_format that is itself a schema is one at Gemini (${build})`, () => {
    for (const type of ["gemini", "vertex"]) {
      const sent = (response_format) =>
        ask({ type, ...KEYS }, { body: chatBody("q", { response_format }) }).json()
          .generationConfig;
      for (const schema of [
        { type: "object", properties: { a: { type: "string" } } },
        { type: "array", items: { type: "integer" } },
        ...["boolean", "string", "number", "integer"].map((type) => ({ type })),
      ]) {
        assert.deepEqual(sent(schema), {
          responseMimeType: "application/json",
          responseJsonSchema: schema,
        });
      }
      assert.deepEqual(sent({ type: "text" }), {});
    }
  });

  describe(`translations of DeepL (${build})`, () => {
    const provider = { type: "deepl", targetLang: "ZH", ...KEYS };
    const messages = [
      { role: "system", content: "money" },
      { role: "user", content: "sit by the bank" },
      { role: "user", content: "a bank in China" },
    ];
    const answer = {
      translations: [
        { detected_source_language: "EN", text: "坐庄" },
        { detected_source_language: "DE", text: "中国银行" },
      ],
    };
    const body = { model: "Free", messages };

    it("are a choice for each text, in the name of its language", () => {
      const { stream, json } = ask(provider, { body }, answer);
      assert.deepEqual(json(), {
        text: ["sit by the bank", "a bank in China"],
        target_lang: "ZH",
        context: "money",
      });
      const { id, object, model, choices } = stream.json;
      assert.match(id, /[0-9a-f]{32}/);
      assert.deepEqual([object, model], ["chat.completion", "Free"]);
      const choice = (index, name, content) => ({
        index,
        message: { role: "assistant", name, content },
        logprobs: null,
        finish_reason: "stop",
      });
      assert.deepEqual(choices, [choice(0, "EN", "坐庄"), choice(1, "DE", "中国银行")]);
    });

    it("are identified by their numbers in a stream", () => {
      const { stream } = ask(provider, { body: { ...body, stream: true } }, answer);
      const texts = ["", ""];
      const names = [];
      const ends = [];
      const events = eventData(stream.text).filter((event) => event !== "[DONE]");
      assert.equal(new Set(events.map((event) => event.id)).size, 1);
      for (const { choices } of events) {
        for (const { index, delta, finish_reason } of choices) {
          texts[index] += delta.content ?? "";
          names[index] ??= delta.name;
          if (finish_reason) ends.push([index, finish_reason]);
        }
      }
      assert.deepEqual(texts, ["坐庄", "中国银行"]);
      assert.deepEqual(names, ["EN", "DE"]);
      assert.deepEqual(ends, [
        [0, "stop"],
        [1, "stop"],
      ]);
    });

    it("are lines of one text for Anthropic's clients", () => {
      const request = {
        path: "/v1/messages",
        body: { model: "Free", max_tokens: 9, messages: messages.slice(1) },
      };
      const { stream } = ask(provider, request, answer);
      assert.deepEqual(stream.json.content, [{ type: "text", text: "坐庄\n中国银行" }]);
    });
  });

  describe(`protocol: original (${build})`, () => {
    const TIMEOUT = "x-envoy-upstream-rq-first-byte-timeout-ms";
    const setting = (name, value, more = {}) => ({ name, value, ...more });

    it("customSettings are called what the vendor's own protocol calls them", () => {
      const settings = [
        setting("max_tokens", 9),
        setting("temperature", 0.5),
        setting("top_p", 1),
        setting("top_k", 3),
        setting("seed", 7),
        setting("x.y", 1, { mode: "raw" }),
      ];
      for (const [members, wanted, left] of [
        [
          { type: "openai" },
          { max_tokens: 9, temperature: 0.5, top_p: 1, seed: 7, x: { y: 1 } },
          ["top_k"],
        ],
        [
          { type: "claude" },
          { max_tokens: 9, temperature: 0.5, top_p: 1, top_k: 3, x: { y: 1 } },
          ["seed"],
        ],
        [
          { type: "gemini" },
          {
            generationConfig: {
              maxOutputTokens: 9,
              temperature: 0.5,
              topP: 1,
              topK: 3,
              x: { y: 1 },
            },
          },
          ["seed"],
        ],
        [
          { type: "qwen" },
          { parameters: { max_tokens: 9, temperature: 0.5, top_p: 1, seed: 7, x: { y: 1 } } },
          ["top_k"],
        ],
        [
          { type: "minimax" },
          { tokens_to_generate: 9, temperature: 0.5, top_p: 1, x: { y: 1 } },
          ["top_k", "seed"],
        ],
        [
          { type: "baidu" },
          { max_output_tokens: 9, temperature: 0.5, top_p: 1, x: { y: 1 } },
          ["top_k", "seed"],
        ],
        [
          { type: "spark" },
          { max_tokens: 9, temperature: 0.5, top_k: 3, x: { y: 1 } },
          ["top_p", "seed"],
        ],
        [
          { type: "hunyuan", apiTokens: [], hunyuanAuthId: "i", hunyuanAuthKey: "k" },
          { Temperature: 0.5, TopP: 1, x: { y: 1 } },
          ["max_tokens", "top_k", "seed"],
        ],
        [
          { type: "bedrock", awsRegion: "us-east-1" },
          { x: { y: 1 } },
          ["max_tokens", "temperature", "top_p", "top_k", "seed"],
        ],
      ]) {
        expectLog(...left.map((name) => new RegExp(`"${name}" is not (one of|a known name)`)));
        const { json } = ask(
          { ...KEYS, ...members, protocol: "original", customSettings: settings },
          { path: "/v1/whatever", body: { own: true } },
        );
        assert.deepEqual(json(), { own: true, ...wanted }, members.type);
      }
    });

    it("firstByteTimeout is sent with streams, and the body stays as it is", () => {
      const provider = { type: "claude", ...KEYS, protocol: "original", firstByteTimeout: 700 };
      for (const [body, wanted] of [
        ['{"model":"m", "stream" : true}', "700"],
        ['{"model":"m","stream":false}', undefined],
        ["[]", undefined],
        ["no JSON", undefined],
      ]) {
        const { header, sent } = ask(provider, {
          path: "/v1/messages",
          body,
          headers: { accept: "application/json" },
        });
        assert.equal(header(TIMEOUT), wanted, body);
        assert.equal(sent.body.toString(), body);
        assert.equal(header("accept"), "application/json");
      }
      const google = ask(
        { ...provider, type: "gemini" },
        { path: "/v1beta/models/m:streamGenerateContent?alt=sse", body: { contents: [] } },
      );
      assert.equal(google.header(TIMEOUT), "700");
    });
  });

  it(`claudeVersion, else apiVersion, is Anthropic's version (${build})`, () => {
    for (const [members, wanted] of [
      [{}, "2023-06-01"],
      [{ claudeVersion: "2024-01-01", apiVersion: "2025-01-01" }, "2024-01-01"],
      [{ claudeVersion: "", apiVersion: "2025-01-01" }, "2025-01-01"],
      [{ apiVersion: "2025-01-01" }, "2025-01-01"],
    ]) {
      const { header } = ask({ type: "claude", ...KEYS, ...members }, { body: chatBody("q") });
      assert.equal(header("anthropic-version"), wanted);
    }
  });

  it(`DashScope's own paths go to Qwen with its key (${build})`, () => {
    for (const path of [
      "/api/v1/services/aigc/text2image/image-synthesis",
      "/api/v1/tasks/42",
      "/api/v1/apps/a/completion",
    ]) {
      const { asked, header } = ask({ type: "qwen", ...KEYS }, { path, body: "{}" });
      assert.equal(asked, `dashscope.aliyuncs.com${path}`);
      assert.equal(header("authorization"), "Bearer K");
    }
    expectLog(/path \/api\/v1\/admin is not an API of provider qwen/);
    const { sent, stream } = ask({ type: "qwen", ...KEYS }, { path: "/api/v1/admin", body: "{}" });
    assert.deepEqual([sent, stream.received.status], [undefined, 404]);
  });

  describe(`configurations of the documentation (${build})`, () => {
    it("claudeCodeMode disables its provider alone, and says so", () => {
      const providers = [
        { id: "bad", type: "claude", apiTokens: ["k"], claudeCodeMode: true },
        { id: "good", type: "openai", apiTokens: ["k"] },
      ];
      const rule = { _match_route_: ["bad"], activeProviderId: "bad" };
      expectLog(/disabled: providers\[0\]\.claudeCodeMode: is not supported/);
      const proxy = plugin(
        "ai-proxy",
        { providers, activeProviderId: "good", _rules_: [rule] },
        { build },
      );
      assert.ok(proxy.accepted);
      const upstream = jsonUpstream();
      const good = exchange([proxy], { body: chatBody("q") }, upstream);
      assert.equal(good.received.status, 200);
    });

    it("cloudflare without an account names what is missing", () => {
      const proxy = plugin("ai-proxy", { provider: { type: "cloudflare", ...KEYS } }, { build });
      assert.equal(proxy.accepted, false);
      assert.match(proxy.vm.takeLog(), /cloudflareAccountId/);
    });

    it("a context that is a list of one goes into chats", () => {
      const context = [
        { fileUrl: "http://file.example/c.txt", serviceName: "file.dns", servicePort: 80 },
      ];
      const proxy = start({ type: "openai", ...KEYS, context });
      proxy.vm.asked = [];
      proxy.vm.onHttpCall = (call) => (proxy.vm.asked.push(call), 0);
      const upstream = jsonUpstream();
      const stream = exchange([proxy], { body: chatBody("q") }, upstream);
      assert.equal(proxy.vm.asked.length, 1, "the text is fetched");
      const [token] = proxy.vm.calls.keys();
      proxy.vm.answer(token, { status: 200, body: "be kind" });
      assert.equal(stream.received.status, 200);
      const [{ body }] = upstream.requests;
      assert.deepEqual(JSON.parse(body).messages[0], { role: "system", content: "be kind" });
    });

    it("ai-cache: an answer that does not say why it ended is kept where its text alone is", () => {
      const answer = completion("Oslo.");
      delete answer.choices[0].finish_reason;
      for (const [keyMode, asked] of [
        ["text", 1],
        ["full", 2],
      ]) {
        const cache = plugin("ai-cache", { keyMode, tenant: { anonymous: "share" } }, { build });
        const upstream = jsonUpstream(answer);
        for (let i = 0; i < 2; i++) {
          const { json } = exchange([cache], { body: chatBody("capital?") }, upstream);
          assert.equal(json.choices[0].message.content, "Oslo.");
        }
        assert.equal(upstream.requests.length, asked, keyMode);
      }
    });

    it("ai-cache: serviceDomain is the host of a vector store", () => {
      const embedding = { type: "dashscope", serviceName: "e.dns", apiKey: "k" };
      for (const type of ["dashvector", "pinecone"]) {
        const vector = {
          type,
          serviceName: "v.dns",
          serviceDomain: "v.example",
          apiKey: "k",
          collectionID: "c",
        };
        const cache = plugin("ai-cache", { embedding, vector }, { build });
        assert.ok(cache.accepted, cache.vm.logText());
        assert.equal(cache.vm.logText(3), "");
      }
    });

    it("ai-cache: a threshold of a dot product names the key that says so", () => {
      const embedding = { type: "dashscope", serviceName: "e.dns", apiKey: "k" };
      const vector = {
        type: "dashvector",
        serviceName: "v.dns",
        serviceHost: "v.example",
        apiKey: "k",
        collectionID: "c",
        threshold: 0.8,
        thresholdRelation: "gt",
      };
      expectLog(/thresholdRelation: contradicts the store.*vector\.metric/s);
      const cache = plugin("ai-cache", { embedding, vector }, { build });
      assert.ok(cache.accepted);
    });
  });
}

const { pairs } = JSON.parse(readFileSync(join(ROOT, "tests/fixtures/go-readme.json"), "utf8"));
/** What an answer of a vendor lacks in the README, and every client of OpenAI's expects. */
const ADDED = {
  spark: (answer) => (answer.choices[0].finish_reason ??= "stop"),
  // Together's `eos` is OpenAI's `stop`.
  "together-ai": (answer) => (answer.choices[0].finish_reason = "stop"),
};

describe("the examples of the Go plugin's README", () => {
  for (const { provider, request, answer } of pairs) {
    const { type } = provider;
    const model = request.model ?? "of the path";
    it(`${type}, ${model}: the vendor gets the model that is mapped, the client the answer that is shown`, () => {
      if (provider.qwenFileIds) expectLog(/qwenFileIds: applies to the vendor's native API only/);
      const proxy = plugin("ai-proxy", { provider });
      assert.ok(proxy.accepted, proxy.vm.logText());
      const paths = { input: "/v1/embeddings", messages: CHAT };
      const own = "/api/v1/apps/YOUR_APP_ID/completion";
      const path =
        provider.protocol === "original" ? own : paths[request.input ? "input" : "messages"];
      const upstream = jsonUpstream(answer);
      const stream = exchange([proxy], { path, body: JSON.stringify(request) }, upstream);
      const [sent] = upstream.requests;
      const body = JSON.parse(sent.body);
      const { modelMapping = {} } = provider;
      const mapped = Object.entries(modelMapping).find(([name]) => name === request.model);
      if (mapped) assert.equal(body.model, mapped[1]);
      const turns = request.messages?.map(({ content }) => content);
      if (turns)
        assert.deepEqual(
          body.messages.slice(-turns.length).map(({ content }) => content),
          turns,
        );
      else assert.deepEqual(body.input, request.input);
      const wanted = structuredClone(answer);
      ADDED[type]?.(wanted);
      assert.deepEqual(stream.json, wanted);
    });
  }

  it("generic maps the model, which the Go plugin leaves", () => {
    const provider = { type: "generic", genericHost: "llm.internal", modelMapping: { a: "b" } };
    const upstream = jsonUpstream(completion("hi"));
    exchange([plugin("ai-proxy", { provider })], { body: chatBody("q", { model: "a" }) }, upstream);
    assert.equal(JSON.parse(upstream.requests[0].body).model, "b");
  });
});
