/** What other services answer, other APIs, administration and configurations. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONFIGURATIONS, embed, SERVICES } from "../fakes/embeddings.mjs";
import { FakeStore, STORES } from "../fakes/vector-stores.mjs";
import { EMBEDDINGS } from "../fixtures/embeddings.mjs";
import { Plugin, Status } from "../host/chain.mjs";
import { chatBody, completion } from "../module/support.mjs";
import { inflations, repeat, some } from "./inflate.mjs";
import { ALL, check, countingPlugin, exchange } from "./measure.mjs";
import { REDIS_REPLIES } from "./redis-replies.mjs";

const headers = { authorization: "Bearer demo" };
const answered = () => ({
  headers: { "content-type": "application/json" },
  chunks: [JSON.stringify(completion("Hello"))],
});
const nothing = () => ({ headers: { "content-type": "application/json" }, chunks: ["{}"] });

function each(cases, turn, count, run) {
  const step = Math.max(1, Math.floor(cases.length / count));
  for (const { name, text } of some(cases, ALL, step, turn)) {
    try {
      run(text);
    } catch (error) {
      error.message = `${name}: ${error.message}`;
      throw error;
    }
  }
}

function requestOf(call) {
  const fields = Object.fromEntries(call.headers.fields);
  const { ":method": method, ":path": path } = fields;
  return { method, path, headers: fields, body: call.body.toString() };
}

/** Answers what waits: `answers` by cluster, a function of the call. */
function serve(vm, answers) {
  for (let round = 0; round < 6; round++) {
    for (const [token, call] of [...vm.calls]) {
      vm.answer(token, (answers[call.cluster] ?? answers.embedder)(call));
    }
    for (const [token, call] of [...vm.redisCalls]) vm.answerRedis(token, answers.redis(call));
  }
}

/** A cache that makes call-outs. */
function cacheWith(configuration) {
  const cache = countingPlugin("ai-cache", { explain: true, ...configuration });
  cache.vm.onHttpCall = () => Status.Ok;
  return cache;
}

let question = 0;

/** A question of its own, so that nothing is remembered. */
function askOne(cache, answers) {
  const stream = exchange([cache], { headers, body: chatBody(`question ${question++}`) }, answered);
  serve(cache.vm, answers);
  return stream;
}

const embedder = (type) => (call) => embed(type, requestOf(call));
const embedding = (type) => ({ type, serviceName: "embedder", ...CONFIGURATIONS[type] });

describe("hostile answers of embedding services", () => {
  Object.keys(SERVICES).forEach((type, turn) => {
    it(type, () => {
      let good;
      const probe = cacheWith({ embedding: embedding(type) });
      askOne(probe, { embedder: (call) => (good = embedder(type)(call)) });
      assert.equal(good?.status, 200);
      const cases = [...inflations(JSON.parse(good.body))];
      each(cases, turn, 6, (text) => {
        const run = (cache, body) => askOne(cache, { embedder: () => ({ status: 200, body }) });
        check({ make: () => cacheWith({ embedding: embedding(type) }), text, run });
      });
    });
  });
});

describe("hostile answers of vector stores", () => {
  Object.keys(STORES).forEach((type, turn) => {
    it(type, () => {
      const store = new FakeStore(type);
      const configuration = {
        embedding: embedding("openai"),
        vector: {
          type,
          serviceName: "vectors",
          cluster: "vectors",
          topK: 3,
          ...STORES[type].config,
        },
        match: { mode: "loose", threshold: 0.5 },
      };
      let good;
      const vectors = (call) => {
        const answer = store.answer(call);
        if (store.entries.size > 0 && answer.status === 200) good ??= answer;
        return answer;
      };
      const probe = cacheWith(configuration);
      for (let i = 0; i < 2; i++) askOne(probe, { embedder: embedder("openai"), vectors });
      assert.ok(good, probe.vm.logText());
      const cases = [...inflations(JSON.parse(good.body))];
      each(cases, turn, 8, (text) => {
        const run = (cache, body) =>
          askOne(cache, { embedder: embedder("openai"), vectors: () => ({ status: 200, body }) });
        check({ make: () => cacheWith(configuration), text, run });
      });
    });
  });
});

describe("hostile values of a batch in a Redis", () => {
  const shapes = {
    "one value": (size) => `${size}:${"x".repeat(size)}`,
    "empty values": (size) => "0:".repeat(size / 2),
    "values that are no records": (size) => "3:abc".repeat(size / 5),
    "none at all": (size) => "-:".repeat(size / 2),
    "a length without end": (size) => "1".repeat(size),
    "more than was asked for": (size) => `-:${"x".repeat(size)}`,
  };
  for (const [name, text] of Object.entries(shapes)) {
    it(name, () => {
      const cache = { type: "redis", serviceName: "redis_cluster", transport: "pool" };
      let asked = 0;
      const run = (plugin, body) => {
        const input = Array.from({ length: 200 }, (_, i) => `text ${question++} ${i}`);
        const request = { path: "/v1/embeddings", headers, body: JSON.stringify({ input }) };
        const stream = exchange([plugin], request, answered);
        serve(plugin.vm, {
          "outbound|6379||redis_cluster": () => {
            asked++;
            return { status: 200, body: `$${body.length}\r\n${body}\r\n+OK\r\n` };
          },
        });
        return stream;
      };
      check({ make: () => cacheWith({ cache }), text, run });
      assert.ok(asked > 1, "Redis was not asked");
    });
  }
});

describe("hostile answers of Redis", () => {
  for (const transport of [undefined, "pool"]) {
    for (const [name, text] of Object.entries(REDIS_REPLIES)) {
      it(`${name}${transport ? ", of a pool" : ""}`, () => {
        const cache = { type: "redis", serviceName: "redis_cluster", transport };
        let asked = 0;
        const run = (plugin, body) =>
          askOne(plugin, {
            "outbound|6379||redis_cluster": () => {
              asked++;
              return { status: 200, body };
            },
          });
        check({ make: () => cacheWith({ cache }), text, run });
        assert.ok(asked > 1, "Redis was not asked");
      });
    }
  }
});

describe("hostile sums of other Envoys", () => {
  const shapes = {
    "empty lines": (size) => "\n".repeat(size),
    "short lines": (size) => "1:AAAA\n".repeat(size / 7),
    "one line": (size) => `1:${"A".repeat(size)}`,
    "a line without base64": (size) => `1:${"-".repeat(size)}`,
    "heads without sums": (size) => "1:QUlMMQAAAAAAAAAAAAAAAP//////////\n".repeat(size / 35),
  };
  for (const [name, text] of Object.entries(shapes)) {
    it(name, () => {
      let now = 1_700_000_000_000;
      let replies = 0;
      const make = () => {
        const cache = countingPlugin(
          "ai-cache",
          { cache: { type: "redis", serviceName: "redis_cluster" } },
          { now: () => now },
        );
        cache.vm.onHttpCall = () => Status.Ok;
        return cache;
      };
      const run = (plugin, lines) => {
        now += 100_000;
        for (let i = 0; i < 4; i++) {
          now += 1000;
          plugin.tick();
        }
        for (const token of [...plugin.vm.calls.keys()]) {
          replies++;
          const body = `$${lines.length}\r\n${lines}\r\n`;
          plugin.vm.answer(token, { status: 200, body });
        }
        // What is kept is read by whoever stores an answer.
        exchange([plugin], { headers, body: chatBody(`question ${question++}`) }, answered);
      };
      check({ make, text, run });
      assert.ok(replies >= 2, "Redis was not asked");
    });
  }
});

describe("hostile wishes to delete", () => {
  const token = "0123456789abcdef0123";
  const make = () => countingPlugin("ai-cache", { role: "admin", token });
  it("purges", () => {
    each([...inflations({ question: "q", dryRun: true, from: { memory: 1 } })], 0, 30, (text) => {
      const run = (admin, body) =>
        exchange(
          [admin],
          {
            path: "/ai-cache/purge",
            headers: { authorization: `Bearer ${token}`, "x-ai-cache-purge": "1" },
            body,
          },
          nothing,
        );
      check({ make, text, run });
    });
  });
});

describe("hostile requests and answers of other APIs", () => {
  const cases = Object.entries(EMBEDDINGS).map(([type, { config, model, extra, answer }]) => ({
    name: `embeddings of ${type}`,
    provider: { type, ...config },
    path: "/v1/embeddings",
    body: { model, input: ["a", "b"], dimensions: 3, encoding_format: "base64", ...extra },
    answer,
  }));
  cases.push(
    {
      name: "videos of kling",
      provider: { type: "kling" },
      path: "/v1/videos",
      body: { model: "m", prompt: "p", image: "http://x/y.png" },
      answer: { code: 0, message: "SUCCEED", task_id: "1", data: { task_id: "867" } },
    },
    {
      name: "images of gemini",
      provider: { type: "gemini" },
      path: "/v1/images/generations",
      body: { model: "imagen-4", prompt: "p", n: 2, size: "1536x1024" },
      answer: { predictions: [{ bytesBase64Encoded: "QQ==" }] },
    },
    {
      name: "pictures that gemini edits",
      provider: { type: "gemini" },
      path: "/v1/images/edits",
      body: {
        model: "m",
        prompt: "p",
        image: { url: "data:image/png;base64,QQ==" },
        images: ["http://x/y.png"],
      },
      answer: {
        candidates: [
          {
            content: { parts: [{ text: "t" }, { inlineData: { data: "QQ==" } }] },
            finishReason: "STOP",
          },
        ],
        usageMetadata: { totalTokenCount: 7 },
      },
    },
  );
  cases.forEach(({ name, provider, path, body, answer }, turn) => {
    const make = () => countingPlugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
    it(name, () => {
      each([...inflations(body)], turn, 8, (text) => {
        const run = (proxy, input) => exchange([proxy], { path, body: input }, nothing);
        check({ make, text, run });
      });
      each([...inflations(answer)], turn, 8, (text) => {
        const run = (proxy, input) =>
          exchange([proxy], { path, body: JSON.stringify(body) }, () => ({
            headers: { "content-type": "application/json" },
            chunks: [input],
          }));
        check({ make, text, run });
      });
    });
  });

  it("errors, for clients of each protocol", () => {
    const error = { error: { message: "m", type: "t", code: "c", status: "S" } };
    for (const type of ["openai", "gemini", "claude", "bedrock"]) {
      const provider = { type, apiTokens: ["k"], awsRegion: "us-east-1", responsesAsChat: true };
      const make = () => countingPlugin("ai-proxy", { provider });
      for (const path of ["/v1/chat/completions", "/v1/messages", "/v1/responses"]) {
        const body =
          path === "/v1/responses" ? '{"model":"m","input":"x"}' : chatBody("x", { max_tokens: 5 });
        each([...inflations(error)], path.length, 6, (text) => {
          const run = (proxy, input) =>
            exchange([proxy], { path, body }, () => ({
              status: 400,
              headers: { "content-type": "application/json" },
              chunks: [input],
            }));
          check({ make, text, run });
        });
      }
    }
  });
});

describe("hostile headers", () => {
  const shapes = {
    "a long query": (size) => ({ ":path": `/v1/chat/completions?${"a=b&".repeat(size / 4)}` }),
    "a long path": (size) => ({ ":path": `/v1/${"a/".repeat(size / 2)}` }),
    "percent signs": (size) => ({ ":path": `/v1/${"%2f".repeat(size / 3)}` }),
    directives: (size) => ({ "cache-control": "a=1,".repeat(size / 4) }),
    "a long content type": (size) => ({
      "content-type": `application/json;${"a=b;".repeat(size / 4)}`,
    }),
    credentials: (size) => ({ authorization: `Bearer ${"x".repeat(size)}` }),
    cookies: (size) => ({ cookie: "a=b; ".repeat(size / 5) }),
    "headers of vendors": (size) =>
      Object.fromEntries(
        Array.from({ length: size / 32 }, (_, i) => [`groq-${(i * 7919) % 100_003}`, "x"]),
      ),
  };
  for (const module of ["ai-cache", "ai-proxy"]) {
    const configuration =
      module === "ai-proxy" ? { provider: { type: "gemini", apiTokens: ["k"] } } : {};
    for (const [name, fields] of Object.entries(shapes)) {
      it(`${name} to ${module}`, () => {
        const run = (plugin, text) =>
          exchange(
            [plugin],
            { headers: { ...headers, ...JSON.parse(text) }, body: chatBody("x") },
            answered,
          );
        const text = (size) => JSON.stringify(fields(size));
        check({ make: () => countingPlugin(module, configuration), text, run });
      });
    }
  }
});

describe("hostile configurations", () => {
  const configurations = {
    "ai-cache": {
      cache: { type: "redis", serviceName: "r" },
      embedding: embedding("openai"),
      match: { mode: "loose" },
      scopeHeaders: ["x"],
      _rules_: [{ _match_domain_: ["a"], explain: true }],
    },
    "ai-proxy": {
      providers: [
        {
          id: "a",
          type: "openai",
          apiTokens: ["k"],
          modelMapping: { a: "b", "c*": "d", "~e": "f" },
        },
      ],
      activeProviderId: "a",
      _rules_: [{ _match_route_: ["r"], activeProviderId: "a" }],
    },
  };
  for (const [module, configuration] of Object.entries(configurations)) {
    it(module, () => {
      each([...inflations(configuration)], 0, 20, (text) => {
        let next = 50;
        const run = (plugin, input) =>
          void new Plugin(module, null, input, { vm: plugin.vm, rootId: next++ });
        check(
          { make: () => countingPlugin(module, configuration), text, run, bytes: 8192 },
          // Each rule is a whole configuration: some 20 KB for 16 bytes of text.
          { perByte: 1000, memory: 1250 },
        );
      });
    });
  }
});
