/** What is a function is cached: embeddings each for itself, other answers as a whole. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUILDS, exchange, jsonUpstream, plugin } from "./support.mjs";

const header = (reply, name) => reply.received.headers?.get(name);
const status = (reply) => Number(header(reply, ":status"));
const detail = (reply) => /detail="?([a-z-]+)/.exec(header(reply, "cache-status"))?.[1];
const post = (cache, path, body, upstream, headers = {}) =>
  exchange([cache], { path, body: JSON.stringify(body), headers }, upstream);

/** A vector that depends on a text alone. */
const vectorOf = (text) =>
  [0.1, -0.25, 1e-7].map((seed) => seed * (JSON.stringify(text).length + 1));
const base64Of = (vector) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
const listOf = (input) =>
  typeof input === "string" || typeof input[0] === "number" ? [input] : input;

/** OpenAI's answer to a request for embeddings. */
function openAi({ input, encoding_format, model }) {
  const items = listOf(input);
  return {
    object: "list",
    data: items.map((text, index) => ({
      object: "embedding",
      index,
      embedding: encoding_format === "base64" ? base64Of(vectorOf(text)) : vectorOf(text),
    })),
    model: `${model}-0001`,
    usage: { prompt_tokens: 4 * items.length, total_tokens: 4 * items.length },
  };
}
/** An upstream that answers what it is asked for. */
const server = (answer, headers) =>
  jsonUpstream((request) => answer(JSON.parse(request.body)), { headers });
const bodies = (upstream) => upstream.requests.map(({ body }) => JSON.parse(body));
const texts = (from, to) => Array.from({ length: to - from }, (_, i) => `text ${from + i}`);

/** Each form in which embeddings are asked for: its path, a request for texts, the answer of the vendor. */
const FORMS = {
  openai: {
    path: "/v1/embeddings",
    request: (input) => ({ model: "m", input }),
    asked: ({ input }) => input,
    answer: openAi,
  },
  "openai, base64": {
    path: "/v1/embeddings",
    request: (input) => ({ model: "m", input, encoding_format: "base64", dimensions: 3 }),
    asked: ({ input }) => input,
    answer: openAi,
  },
  "azure, whose body names no model": {
    path: "/openai/deployments/d/embeddings?api-version=2024-10-21",
    request: (input) => ({ input }),
    asked: ({ input }) => input,
    answer: (request) => openAi({ ...request, model: "d" }),
  },
  cohere: {
    path: "/v2/embed",
    request: (list) => ({
      model: "m",
      texts: list,
      input_type: "search_query",
      embedding_types: ["float", "base64"],
    }),
    asked: (body) => body.texts,
    answer: ({ texts: list }) => ({
      id: "e-1",
      embeddings: {
        float: list.map(vectorOf),
        base64: list.map((text) => base64Of(vectorOf(text))),
      },
      texts: list,
      meta: { api_version: { version: "2" }, billed_units: { input_tokens: 4 * list.length } },
      response_type: "embeddings_by_type",
    }),
  },
  "cohere, first version": {
    path: "/v1/embed",
    request: (list) => ({ model: "m", texts: list, input_type: "search_query" }),
    asked: (body) => body.texts,
    answer: ({ texts: list }) => ({
      id: "e-1",
      texts: list,
      embeddings: list.map(vectorOf),
      meta: { billed_units: { input_tokens: 4 * list.length } },
      response_type: "embeddings_floats",
    }),
  },
  dashscope: {
    path: "/api/v1/services/embeddings/text-embedding/text-embedding",
    request: (list) => ({ model: "m", input: { texts: list }, parameters: { text_type: "query" } }),
    asked: (body) => body.input.texts,
    answer: ({ input }) => ({
      output: {
        embeddings: input.texts.map((text, text_index) => ({
          embedding: vectorOf(text),
          text_index,
        })),
      },
      usage: { total_tokens: 4 * input.texts.length },
      request_id: "r-1",
    }),
  },
  "dashscope, texts and pictures": {
    path: "/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding",
    request: (list) => ({ model: "m", input: { contents: list.map((text) => ({ text })) } }),
    asked: (body) => body.input.contents.map(({ text }) => text),
    answer: ({ input }) => ({
      output: {
        embeddings: input.contents.map(({ text }, index) => ({
          index,
          embedding: vectorOf(text),
          type: "text",
        })),
      },
      usage: { input_tokens: 4 * input.contents.length, image_tokens: 0 },
      request_id: "r-1",
    }),
  },
  "Vertex AI": {
    path: "/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict",
    request: (list) => ({
      instances: list.map((content) => ({ content, task_type: "RETRIEVAL_QUERY" })),
      parameters: { autoTruncate: true },
    }),
    asked: ({ instances }) => instances.map(({ content }) => content),
    answer: ({ instances }) => ({
      predictions: instances.map(({ content }) => ({
        embeddings: {
          statistics: { truncated: false, token_count: 4 },
          values: vectorOf(content),
        },
      })),
      metadata: { billableCharacterCount: 4 * instances.length },
    }),
  },
  google: {
    path: "/v1beta/models/gemini-embedding-001:batchEmbedContents",
    request: (list) => ({
      requests: list.map((text) => ({ model: "models/m", content: { parts: [{ text }] } })),
    }),
    asked: ({ requests }) => requests.map(({ content }) => content.parts[0].text),
    answer: ({ requests }) => ({
      embeddings: requests.map(({ content }) => ({ values: vectorOf(content.parts[0].text) })),
    }),
  },
};

for (const build of BUILDS) {
  const start = (configuration = {}) =>
    plugin("ai-cache", { explain: true, ...configuration }, { build });

  describe(`embeddings (${build})`, () => {
    for (const [name, { path, request, asked, answer }] of Object.entries(FORMS)) {
      it(`${name}: a batch of 100 of which 90 are known asks for 10`, () => {
        const cache = start();
        const upstream = server(answer);
        const cold = post(cache, path, request(texts(0, 90)), upstream);
        assert.equal(detail(cold), "miss-cold");
        assert.equal(cold.attribute("ai_cache_store"), "stored");
        // Known and unknown ones in between each other.
        const mixed = texts(0, 90);
        for (let i = 0; i < 10; i++) mixed.splice(9 * i + 4, 0, `fresh ${i}`);
        const partial = post(cache, path, request(mixed), upstream);
        assert.equal(detail(partial), "miss-partial");
        assert.match(header(partial, "cache-status"), /fwd=partial/);
        assert.deepEqual(
          asked(bodies(upstream)[1]),
          Array.from({ length: 10 }, (_, i) => `fresh ${i}`),
        );
        assert.deepEqual(partial.json, answer(request(mixed)));
        assert.equal(Number(header(partial, "content-length")), partial.body.length);
        const known = post(cache, path, request(mixed.toReversed()), upstream);
        assert.equal(detail(known), "hit-exact");
        assert.deepEqual(known.json, answer(request(mixed.toReversed())));
        assert.equal(upstream.requests.length, 2);
      });
    }

    const { path } = FORMS.openai;
    const ask = (cache, input, upstream, members = {}, headers = {}) =>
      post(cache, path, { model: "m", input, ...members }, upstream, headers);

    it("one text alone, in a list and in a longer list are one entry, byte for byte", () => {
      const cache = start();
      const upstream = server(openAi);
      const first = ask(cache, "one", upstream);
      for (const input of ["one", ["one"]]) {
        const hit = ask(cache, input, upstream);
        assert.equal(detail(hit), "hit-exact");
        assert.equal(hit.text, first.text);
      }
      ask(cache, ["two", "one"], upstream);
      assert.deepEqual(bodies(upstream)[1].input, ["two"]);
      assert.equal(detail(ask(cache, "two", upstream)), "hit-exact");
    });

    it("token lists are items, and a list of numbers is one", () => {
      const cache = start();
      const upstream = server(openAi);
      ask(cache, [1, 2, 3], upstream);
      ask(
        cache,
        [
          [4, 5],
          [1, 2, 3],
        ],
        upstream,
      );
      assert.deepEqual(bodies(upstream)[1].input, [[4, 5]]);
    });

    it("what decides the answer is part of the key, and nothing else is", () => {
      const cache = start();
      const upstream = server(openAi);
      ask(cache, ["a", "b"], upstream, { user: "u1" });
      assert.equal(detail(ask(cache, ["a", "b"], upstream, { user: "u2" })), "hit-exact");
      const deciding = [
        { dimensions: 256 },
        { encoding_format: "base64" },
        { input_type: "query" },
        { model: "n" },
        { truncate: "END" },
      ];
      for (const members of deciding)
        assert.equal(detail(ask(cache, ["a", "b"], upstream, members)), "miss-cold");
      const other = ask(cache, ["a", "b"], upstream, {}, { authorization: "Bearer other" });
      assert.equal(detail(other), "miss-cold");
    });

    it("numbers are kept as they are written, and the order is that of the index", () => {
      const cache = start();
      const item = (index, vector) =>
        `{"index": ${index},"embedding":[${vector}],"object":"embedding"}`;
      const answer = (...data) =>
        `{"object":"list", "data" : [${data.join(" , ")}],"model":"m","usage":{"prompt_tokens":4,"total_tokens":4}}`;
      const first = jsonUpstream(
        answer(item(1, "1.50,2E-3"), item(0, "0.10000000000000000001,-0")),
      );
      ask(cache, ["a", "b"], first);
      const hit = ask(cache, ["b", "a"], first);
      assert.match(hit.text, /"index": 0,"embedding":\[1\.50,2E-3\]/);
      assert.match(hit.text, /"index": 1,"embedding":\[0\.10000000000000000001,-0\]/);
    });

    it("the same text twice is answered twice", () => {
      const cache = start();
      const upstream = server(openAi);
      assert.deepEqual(ask(cache, ["a", "a", "b"], upstream).json.data.length, 3);
      const again = ask(cache, ["a", "b", "a", "c"], upstream);
      assert.deepEqual(bodies(upstream)[1].input, ["c"]);
      assert.deepEqual(again.json, openAi({ model: "m", input: ["a", "b", "a", "c"] }));
    });

    it("an answer of an unexpected form passes as it is and is not stored", () => {
      const good = openAi({ model: "m", input: ["a", "b"] });
      const broken = {
        "an item too few": { ...good, data: good.data.slice(1) },
        "an item twice": { ...good, data: [good.data[0], good.data[0]] },
        "an index out of range": { ...good, data: [good.data[0], { ...good.data[1], index: 7 }] },
        "a vector that is shorter": {
          ...good,
          data: [good.data[0], { ...good.data[1], embedding: [1] }],
        },
        "an empty vector": { ...good, data: [good.data[0], { ...good.data[1], embedding: [] }] },
        "an error beside them": { ...good, error: { message: "m" } },
        "no list": { ...good, data: {} },
        "another form": { embeddings: [[1], [2]] },
      };
      for (const [name, answer] of Object.entries(broken)) {
        const cache = start();
        const upstream = jsonUpstream(answer);
        const reply = ask(cache, ["a", "b"], upstream);
        assert.equal(reply.text, JSON.stringify(answer), name);
        assert.equal(reply.attribute("ai_cache_store"), "answer-shape", name);
        ask(cache, ["a", "b"], upstream);
        assert.equal(upstream.requests.length, 2, name);
      }
    });

    it("what cannot be put together is an error, and the next request is for all", () => {
      const broken = {
        "an item too few": (answer) => ({ ...answer, data: answer.data.slice(1) }),
        "another model": (answer) => ({ ...answer, model: "m-0002" }),
        "no JSON": () => "<html>",
      };
      for (const [name, change] of Object.entries(broken)) {
        const cache = start();
        const upstream = server(openAi);
        ask(cache, ["a", "b"], upstream);
        const other = server((body) => change(openAi(body)));
        const refused = ask(cache, ["a", "c", "d"], other);
        assert.equal(status(refused), 503, name);
        assert.equal(refused.json.error.code, "partial_answer", name);
        const whole = ask(cache, ["a", "c", "d"], upstream);
        assert.deepEqual(bodies(upstream)[1].input, ["a", "c", "d"], name);
        assert.deepEqual(whole.json, openAi({ model: "m", input: ["a", "c", "d"] }), name);
      }
    });

    it("an error of the service passes as it is", () => {
      const cache = start();
      ask(cache, ["a", "b"], server(openAi));
      const error = { error: { message: "slow down", type: "rate_limit", code: null } };
      const reply = ask(cache, ["a", "c"], jsonUpstream(error, { status: 429 }));
      assert.equal(status(reply), 429);
      assert.deepEqual(reply.json, error);
    });

    it("directives of the client count for each item", () => {
      const cache = start();
      const upstream = server(openAi);
      ask(cache, ["a", "b"], upstream);
      const only = ask(cache, ["a", "c"], upstream, {}, { "cache-control": "only-if-cached" });
      assert.equal(status(only), 504);
      const all = { "cache-control": "only-if-cached" };
      assert.equal(status(ask(cache, ["b", "a"], upstream, {}, all)), 200);
      ask(cache, ["a", "b"], upstream, {}, { "cache-control": "no-cache" });
      assert.deepEqual(bodies(upstream)[1].input, ["a", "b"]);
    });

    it("texts that depend on each other are one entry", () => {
      const cache = start();
      const upstream = server(openAi);
      ask(cache, ["a", "b"], upstream, { late_chunking: true });
      assert.equal(detail(ask(cache, ["a", "b"], upstream, { late_chunking: true })), "hit-exact");
      assert.equal(detail(ask(cache, ["a"], upstream, { late_chunking: true })), "miss-cold");
    });

    it("the items' shares of the tokens add up to the reported number", () => {
      const cache = start();
      const upstream = server((body) => ({
        ...openAi(body),
        usage: { prompt_tokens: 10, total_tokens: 11, cost: 0.25 },
      }));
      const first = ask(cache, ["a", "a longer text", "b"], upstream);
      const hit = ask(cache, ["a", "a longer text", "b"], upstream);
      assert.equal(detail(hit), "hit-exact");
      assert.deepEqual(hit.json.usage, first.json.usage);
    });
  });

  describe(`functions that are cached as a whole (${build})`, () => {
    const usage = { prompt_tokens: 1, total_tokens: 1 };
    /** A good answer of each, and bad ones. */
    const CASES = {
      count_tokens: {
        path: "/v1/messages/count_tokens",
        body: { model: "claude", messages: [{ role: "user", content: "hi" }] },
        good: { input_tokens: 8 },
        bad: { tokens: 8 },
        isUsual: true,
      },
      "count_tokens, Responses": {
        name: "count_tokens",
        path: "/v1/responses/input_tokens",
        body: { model: "m", input: "hi" },
        good: { object: "response.input_tokens", input_tokens: 8 },
        bad: { object: "response.input_tokens" },
        isUsual: true,
      },
      "count_tokens, Google": {
        name: "count_tokens",
        path: "/v1beta/models/gemini-2.5-flash:countTokens",
        body: { contents: [{ parts: [{ text: "hi" }] }] },
        good: { totalTokens: 8 },
        bad: { error: { code: 400 } },
        isUsual: true,
      },
      rerank: {
        path: "/v2/rerank",
        body: { model: "m", query: "q", documents: ["a", "b"], top_n: 1 },
        good: { id: "r", results: [{ index: 1, relevance_score: 0.98 }], meta: {} },
        bad: { message: "invalid" },
      },
      "rerank, DashScope": {
        name: "rerank",
        path: "/api/v1/services/rerank/text-rerank/text-rerank",
        body: { model: "m", input: { query: "q", documents: ["a"] } },
        good: { output: { results: [{ index: 0, relevance_score: 0.9 }] }, usage },
        bad: { output: {} },
      },
      completions: {
        path: "/v1/completions",
        body: { model: "m", prompt: "one two" },
        good: { choices: [{ text: " three", index: 0, finish_reason: "stop" }], usage },
        bad: { choices: [{ text: " three", index: 0, finish_reason: "length" }], usage },
      },
      "completions, Azure": {
        name: "completions",
        path: "/openai/deployments/d/completions?api-version=1",
        body: { prompt: "one two" },
        good: { choices: [{ text: " three", index: 0, finish_reason: "stop" }] },
        bad: { choices: [] },
      },
      moderations: {
        path: "/v1/moderations",
        body: { input: "text" },
        good: { id: "m", model: "omni", results: [{ flagged: false }] },
        bad: { error: { message: "m" }, results: [] },
      },
      "native, Bedrock's embeddings": {
        name: "native",
        path: "/model/amazon.titan-embed-text-v2%3A0/invoke",
        body: { inputText: "a", dimensions: 256 },
        good: { embedding: [0.25, -1e-7], inputTextTokenCount: 1 },
        bad: { message: "too long" },
      },
      "native, Bedrock's Converse": {
        name: "native",
        path: "/model/amazon.nova-lite-v1%3A0/converse",
        body: { messages: [{ role: "user", content: [{ text: "hi" }] }] },
        good: {
          output: { message: { role: "assistant", content: [{ text: "a" }] } },
          stopReason: "end_turn",
          usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
        },
        bad: { output: { message: { content: [{ text: "a" }] } }, stopReason: "max_tokens" },
      },
      "native, Anthropic's models on Vertex AI": {
        name: "native",
        path: "/v1/projects/p/locations/l/publishers/anthropic/models/claude:rawPredict",
        body: { anthropic_version: "vertex-2023-10-16", max_tokens: 9, messages: [] },
        good: { type: "message", content: [{ type: "text", text: "a" }], stop_reason: "end_turn" },
        bad: { type: "message", content: [], stop_reason: "end_turn" },
      },
      images: {
        path: "/v1/images/generations",
        body: { model: "m", prompt: "a cat", seed: 7, response_format: "b64_json" },
        good: { created: 1, data: [{ b64_json: "aGk=" }] },
        bad: { created: 1, data: [{ url: "https://pictures.example/1" }] },
      },
    };
    for (const [title, { name = title, path, body, good, bad, isUsual = false }] of Object.entries(
      CASES,
    )) {
      it(`${title}: the whole body is the key, the whole answer the value`, () => {
        const usual = post(start(), path, body, jsonUpstream(good));
        assert.equal(detail(usual), isUsual ? "miss-cold" : "ineligible-path");
        const cache = start({ cacheable: [name] });
        const upstream = jsonUpstream(good);
        const first = post(cache, path, body, upstream);
        assert.equal(first.attribute("ai_cache_store"), "stored");
        const hit = post(cache, path, body, upstream);
        assert.equal(detail(hit), "hit-exact");
        assert.equal(hit.text, first.text);
        for (const member of Object.keys(body)) {
          const other = { ...body, [member]: member === "seed" ? 8 : ["other"] };
          assert.notEqual(detail(post(cache, path, other, upstream)), "hit-exact", member);
        }
        assert.notEqual(detail(post(cache, `/other${path}`, body, upstream)), "hit-exact");
        const wrong = post(start({ cacheable: [name] }), path, body, jsonUpstream(bad));
        assert.match(wrong.attribute("ai_cache_store"), /^answer-/);
        assert.equal(wrong.text, JSON.stringify(bad));
      });
    }

    it("a chat whose path names Azure's deployment needs no model in its body", () => {
      const messages = [{ role: "user", content: "How do I reset my password?" }];
      const at = (deployment) => `/openai/deployments/${deployment}/chat/completions?api-version=1`;
      const cache = start();
      const upstream = jsonUpstream();
      assert.equal(detail(post(cache, at("a"), { messages }, upstream)), "miss-cold");
      assert.equal(detail(post(cache, at("a"), { messages }, upstream)), "hit-exact");
      assert.equal(detail(post(cache, at("b"), { messages }, upstream)), "miss-cold");
      const named = { model: null, messages };
      assert.notEqual(detail(post(cache, at("a"), named, upstream)), "ineligible-not-chat");
      for (const [path, body] of [
        ["/v1/chat/completions", { messages }],
        ["/openai/deployments//chat/completions", { messages }],
        [at("a"), { model: 7, messages }],
        [at("a"), {}],
      ])
        assert.equal(detail(post(cache, path, body, upstream)), "ineligible-not-chat", path);
    });

    it("native requests by which the vendor acts pass", () => {
      const cache = start({ cacheable: ["native"] });
      const body = { messages: [], mcp_servers: [{ name: "mail" }] };
      const reply = post(cache, "/model/m/invoke", body, jsonUpstream({}));
      assert.equal(detail(reply), "ineligible-acting");
    });

    it("the application's user is not part of the key", () => {
      const cache = start({ cacheable: ["moderations"] });
      const upstream = jsonUpstream({ id: "m", results: [{ flagged: false }] });
      const ask = (members) =>
        detail(post(cache, "/v1/moderations", { input: "text", ...members }, upstream));
      assert.equal(ask({}), "miss-cold");
      for (const members of [{ user: "a" }, { metadata: { a: "b" } }, { safety_identifier: "c" }]) {
        assert.equal(ask(members), "hit-exact", JSON.stringify(members));
      }
      assert.equal(ask({ store: true }), "miss-cold");
      const page = { headers: { "content-type": "text/html" } };
      const answered = jsonUpstream({ id: "m", results: [{ flagged: false }] }, page);
      const other = post(cache, "/v1/moderations", { input: "other" }, answered);
      assert.equal(other.attribute("ai_cache_store"), "answer-content-type");
    });

    it("requests for streams and pictures without a seed pass", () => {
      const cache = start({ cacheable: ["completions", "images", "speech"] });
      const upstream = jsonUpstream({});
      const reason = (path, body) => detail(post(cache, path, body, upstream));
      const text = { model: "m", prompt: "p" };
      assert.equal(reason("/v1/completions", { ...text, stream: true }), "ineligible-stream");
      assert.equal(reason("/v1/images/generations", text), "ineligible-no-seed");
      assert.equal(
        reason("/v1/audio/speech", { input: "hi", stream_format: "sse" }),
        "ineligible-stream",
      );
    });

    it("what only names a state, repeats a key or is no object passes", () => {
      const cache = start();
      const path = "/v1/responses/input_tokens";
      const send = (body) => detail(exchange([cache], { path, body }, jsonUpstream({})));
      assert.equal(send('{"input":"a","previous_response_id":"r"}'), "ineligible-state");
      assert.equal(send('{"input":"a","conversation":"c"}'), "ineligible-state");
      assert.equal(send('{"input":"\\ud800"}'), "ineligible-surrogate");
      assert.equal(send('{"input":"a","input":"b"}'), "ineligible-duplicate-key");
      assert.equal(send('["a"]'), "ineligible-shape");
      assert.equal(send("{"), "ineligible-not-json");
    });

    it("speech: the sound is kept, byte for byte, with its content type", () => {
      const cache = start({ cacheable: ["speech"] });
      const sound = Buffer.from([0xff, 0xf3, 0, 1, 2, 0x80, 0xc3]);
      const upstream = (request) => {
        upstream.count = (upstream.count ?? 0) + 1;
        return {
          headers: { "content-type": "audio/mpeg" },
          chunks: [sound.subarray(0, 3), sound.subarray(3)],
        };
      };
      const body = { model: "tts-1", input: "hello", voice: "alloy" };
      post(cache, "/v1/audio/speech", body, upstream);
      const hit = post(cache, "/v1/audio/speech", body, upstream);
      assert.equal(detail(hit), "hit-exact");
      assert.equal(header(hit, "content-type"), "audio/mpeg");
      assert.deepEqual(hit.body, sound);
      assert.equal(upstream.count, 1);
    });

    it("models: lists live for a minute", () => {
      const cache = start({ cacheable: ["models"] });
      const upstream = jsonUpstream({ object: "list", data: [{ id: "m" }] });
      const list = (path = "/v1/models") =>
        exchange([cache], { method: "GET", path, body: null }, upstream);
      assert.equal(detail(list()), "miss-cold");
      const hit = list();
      assert.equal(detail(hit), "hit-exact");
      assert.match(header(hit, "cache-status"), /life=60/);
      assert.equal(detail(list("/v1/models/m")), "miss-cold");
      const body = { model: "m" };
      assert.equal(detail(post(cache, "/v1/models", body, upstream)), "ineligible-method");
      const request = { method: "GET", path: "/v1/models", body: "{}" };
      assert.equal(detail(exchange([cache], request, upstream)), "ineligible-body");
    });

    it("with paths only those, whatever they mean", () => {
      const cache = start({ paths: ["/v1/rerank", "/v1/embeddings"] });
      const upstream = server(openAi);
      post(cache, "/v1/embeddings", { model: "m", input: ["a", "b"] }, upstream);
      post(cache, "/v1/embeddings", { model: "m", input: ["a", "c"] }, upstream);
      assert.deepEqual(bodies(upstream)[1].input, ["c"]);
      assert.equal(
        detail(post(cache, "/v2/embeddings", { input: ["a"] }, upstream)),
        "ineligible-path",
      );
      const { path, body } = CASES.count_tokens;
      assert.equal(detail(post(cache, path, body, jsonUpstream({}))), "ineligible-path");
    });
  });
}
