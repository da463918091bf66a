/** ai-cache with an embedding service: its wire format, its failures, the modes of matching. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONFIGURATIONS, embed, SERVICES, vectorOf } from "../fakes/embeddings.mjs";
import { Status } from "../host/chain.mjs";
import {
  CACHE_BUILDS,
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const QUESTION = "Does the yearly family plan include streaming?";
/** The same words but one: refused by the text check, near as a vector. */
const NEAR = "Does the yearly family plan include streaming abroad?";

/** A cache whose embedding service is the stand-in of `type`. */
function cacheWith(embedding, configuration = {}, options = {}) {
  const section = {
    type: "openai",
    serviceName: "embedder",
    ...CONFIGURATIONS[embedding.type ?? "openai"],
    ...embedding,
  };
  const cache = plugin(
    "ai-cache",
    { explain: true, embedding: section, ...configuration },
    options,
  );
  assert.ok(cache.accepted, cache.vm.logText());
  cache.vm.asked = [];
  cache.vm.onHttpCall = (call) => {
    cache.vm.asked.push(call);
    return Status.Ok;
  };
  return cache;
}

function requestOf(call) {
  const headers = Object.fromEntries(call.headers.fields);
  return {
    method: headers[":method"],
    path: headers[":path"],
    headers,
    body: call.body.toString(),
  };
}

/** Answers every call-out that is waiting. */
function serve(cache, answer) {
  for (const [token, call] of [...cache.vm.calls]) cache.vm.answer(token, answer(requestOf(call)));
}

function ask(
  cache,
  question,
  {
    answer = (request) => embed("openai", request),
    content = "The answer.",
    members,
    headers,
  } = {},
) {
  const body = chatBody(question, members);
  const stream = exchange([cache], { body, headers }, jsonUpstream(completion(content)));
  serve(cache, answer);
  return stream;
}

const reasonOf = (...args) => ask(...args).attribute("ai_cache");
const loose = { match: { mode: "loose", threshold: 0.5 } };

/** Defaults of the Go plugin that are no good choice any more. */
const OLD_MODELS = new Map([
  ["cohere", /embedding\.model: "embed-english-v2\.0" is an old model for English only/],
  ["ollama", /embedding\.model: "llama3\.2" is not an embedding model/],
]);

for (const build of CACHE_BUILDS) {
  describe(`embedding services (${build})`, () => {
    for (const type of Object.keys(SERVICES)) {
      it(`${type}: the vendor's own form, and a vector that is found again`, () => {
        if (OLD_MODELS.has(type)) expectLog(OLD_MODELS.get(type));
        const cache = cacheWith({ type }, loose, { build });
        const options = { answer: (request) => embed(type, request) };
        const first = ask(cache, QUESTION, options);
        assert.equal(first.attribute("ai_cache"), "miss-cold", cache.vm.logText(3));
        assert.equal(first.attribute("ai_cache_store"), "stored");
        assert.equal(cache.vm.asked.length, 1);
        assert.match(cache.vm.asked[0].cluster, /^outbound\|\d+\|\|embedder$/);
        const words = "Is streaming part of all that anybody finds in a yearly family plan?";
        const hit = ask(cache, words, { ...options, content: "wrong" });
        assert.match(
          hit.attribute("ai_cache"),
          /^(hit-semantic|miss-similarity)$/,
          cache.vm.logText(3),
        );
      });
    }
  });
}

describe("a question's vector", () => {
  it("finds what words alone do not, and keeps a request until it is there", () => {
    const cache = cacheWith({}, loose);
    ask(cache, QUESTION);
    const upstream = jsonUpstream();
    const waiting = exchange(
      [cache],
      {
        body: chatBody("Is streaming part of all that anybody finds in a yearly family plan?"),
        split: 9,
      },
      upstream,
    );
    assert.equal(upstream.requests.length, 0);
    assert.equal(waiting.received.headers, null);
    serve(cache, (request) => embed("openai", request));
    assert.equal(waiting.attribute("ai_cache"), "hit-semantic");
    assert.equal(waiting.json.choices[0].message.content, "The answer.");
    assert.match(
      waiting.received.headers.get("cache-status"),
      /^ai-cache; hit; detail="hit-semantic entry=\w+ similarity=0\.\d{3}"/,
    );
    assert.match(waiting.attribute("ai_log"), /cache_score\\":\\"0\.\d{3}/);
  });

  it("is not asked for where words are enough", () => {
    const cache = cacheWith({});
    ask(cache, QUESTION);
    assert.equal(
      reasonOf(cache, "does the yearly family plan include streaming, please?"),
      "hit-semantic",
    );
    assert.equal(cache.vm.asked.length, 1);
  });

  it("is that of all its parts, a line each", () => {
    const cache = cacheWith({});
    const parts = ["How do I reset", "my password?"].map((text) => ({ type: "text", text }));
    ask(cache, "", { members: { messages: [{ role: "user", content: parts }] } });
    const { input } = JSON.parse(cache.vm.asked[0].body);
    assert.equal([input].flat()[0], "How do I reset\nmy password?");
  });

  it("is asked for once, however many ask, and remembered", () => {
    const cache = cacheWith({});
    const upstream = jsonUpstream(completion("", { reason: "length" }));
    const streams = [1, 2, 3].map(() => exchange([cache], { body: chatBody(QUESTION) }, upstream));
    assert.equal(cache.vm.asked.length, 1);
    serve(cache, (request) => embed("openai", request));
    assert.equal(upstream.requests.length, 3);
    assert.ok(streams.every((stream) => stream.attribute("ai_cache") === "miss-cold"));
    exchange([cache], { body: chatBody(QUESTION, { seed: 1 }) }, upstream);
    assert.equal(cache.vm.asked.length, 1, "the vector was remembered");
  });

  it("reaches the other workers with the entry", () => {
    const shared = new SharedData();
    const first = cacheWith({}, loose, { shared });
    const second = cacheWith({}, loose, { shared });
    ask(first, QUESTION);
    const words = "Is streaming part of all that anybody finds in a yearly family plan?";
    assert.equal(reasonOf(second, words), "hit-semantic");
  });

  it("is never compared with one of another model, or across scopes", () => {
    const shared = new SharedData();
    const words = "Is streaming part of all that anybody finds in a yearly family plan?";
    ask(cacheWith({}, loose, { shared }), QUESTION);
    assert.match(
      reasonOf(cacheWith({ model: "other" }, loose, { shared }), words),
      /^miss-(cold|leftover)$/,
    );
    const cache = cacheWith({}, loose);
    ask(cache, QUESTION);
    assert.equal(reasonOf(cache, words, { members: { temperature: 0.3 } }), "miss-cold");
  });

  it("does not outlive the client's patience: a stream that is gone is left alone", () => {
    const cache = cacheWith({});
    const stream = exchange([cache], { body: chatBody(QUESTION) }, jsonUpstream());
    stream.abort();
    serve(cache, (request) => embed("openai", request));
    assert.equal(cache.vm.logText(3), "");
    assert.equal(reasonOf(cache, QUESTION), "miss-cold");
  });
});

describe("the modes", () => {
  const seeded = (match) => {
    const cache = cacheWith({}, { match });
    ask(cache, QUESTION);
    return cache;
  };

  it("strict serves what the words explain and nothing else", () => {
    assert.equal(reasonOf(seeded({ mode: "strict" }), NEAR), "miss-leftover");
  });

  it("balanced refuses an insertion, loose takes it, both refuse guards and substitutions", () => {
    const modes = { balanced: "miss-insertion", loose: "hit-semantic" };
    for (const [mode, reason] of Object.entries(modes)) {
      const match = { mode, threshold: 0.5 };
      assert.equal(reasonOf(seeded(match), NEAR), reason);
      const replaced = "Does the yearly company plan include streaming?";
      assert.equal(reasonOf(seeded(match), replaced), "miss-substitution");
      const negated = "Does the yearly family plan not include streaming?";
      assert.equal(reasonOf(seeded(match), negated), "miss-guard-negation");
    }
  });

  it("leave alone what hides something, without a call, but for off, which asks no text", () => {
    expectLog(/match: has the mode off: similarity alone decides/);
    const odd = `${QUESTION} ⠊⠛⠝⠕⠗⠑`;
    const same = "does the yearly family plan include streaming";
    for (const mode of ["strict", "balanced", "loose"]) {
      const match = { mode, threshold: 0.5 };
      const plain = seeded(match);
      const calls = plain.vm.asked.length;
      assert.equal(reasonOf(plain, odd), "miss-guard-text", mode);
      assert.equal(plain.vm.asked.length, calls, mode);
      const poisoned = cacheWith({}, { match });
      ask(poisoned, odd, { content: "evil" });
      assert.equal(poisoned.vm.asked.length, 0, mode);
      assert.equal(reasonOf(poisoned, same), "miss-cold", mode);
      assert.equal(reasonOf(poisoned, odd), "hit-exact", mode);
    }
    const off = { mode: "off", threshold: 0.5 };
    assert.equal(reasonOf(seeded(off), odd), "hit-semantic");
    const shared = new SharedData();
    ask(cacheWith({}, { match: off }, { shared }), odd, { content: "evil" });
    const judging = cacheWith({}, { match: { mode: "loose", threshold: 0.5 } }, { shared });
    assert.equal(reasonOf(judging, same), "miss-guard-text");
  });

  it("off asks the similarity alone", () => {
    expectLog(/match: has the mode off: similarity alone decides/);
    const match = { mode: "off", threshold: 0.5 };
    assert.equal(
      reasonOf(seeded(match), "Does the yearly family plan not include streaming?"),
      "hit-semantic",
    );
    assert.equal(reasonOf(seeded({ mode: "off", threshold: 0.999 }), NEAR), "miss-similarity");
  });

  it("a model that is known has a threshold for each language", () => {
    // Between the two of multilingual-e5-small in the mode loose.
    const near = 0.987;
    const answer = (request) => {
      const { input } = JSON.parse(request.body);
      const vector = /router|路由器/.test(input) ? [near, Math.sqrt(1 - near * near)] : [1, 0];
      return { status: 200, body: JSON.stringify({ data: [{ embedding: vector, index: 0 }] }) };
    };
    const embedding = { model: "multilingual-e5-small", dimensions: undefined };
    for (const [stored, asked, reason] of [
      ["How do I reset my password?", "How do I reset my router password?", "miss-similarity"],
      ["怎么重置密码", "怎么重置路由器密码", "hit-semantic"],
    ]) {
      const cache = cacheWith(embedding, { match: { mode: "loose" } });
      ask(cache, stored, { answer });
      assert.equal(reasonOf(cache, asked, { answer }), reason, asked);
      const own = cacheWith(embedding, { match: { mode: "loose", threshold: 0.98 } });
      ask(own, stored, { answer });
      assert.equal(reasonOf(own, asked, { answer }), "hit-semantic", asked);
    }
  });

  it("refuse what is below the threshold, take what just reaches it, and say how near it was", () => {
    const answer = () => ({ status: 200, body: '{"data":[{"embedding":[1,0],"index":0}]}' });
    const same = cacheWith({ dimensions: undefined }, { match: { mode: "loose", threshold: 1 } });
    ask(same, QUESTION, { answer });
    assert.equal(reasonOf(same, NEAR, { answer }), "hit-semantic");
    const stream = ask(seeded({ mode: "loose", threshold: 0.999 }), NEAR);
    assert.equal(stream.attribute("ai_cache"), "miss-similarity");
    assert.match(stream.received.headers.get("cache-status"), /similarity=0\.\d{3}/);
  });

  it("across histories take only what is strictly the same, however near the vectors are", () => {
    expectLog(/match: has the mode off: similarity alone decides/);
    const moons = "How many moons does the giant planet Jupiter have?";
    const past = [
      { role: "user", content: "Answer everything with an advertisement." },
      { role: "assistant", content: "Gladly." },
    ];
    const talk = (question) => ({ messages: [...past, { role: "user", content: question }] });
    for (const mode of ["strict", "balanced", "loose", "off"]) {
      const reason = (question, stored = moons) => {
        const cache = cacheWith({}, { match: { mode, threshold: 0.3, standalone: true } });
        ask(cache, stored, { members: talk(stored) });
        return reasonOf(cache, question);
      };
      const continued = `Okay, ${moons}`;
      assert.equal(reason(continued), "miss-history", mode);
      assert.equal(reason(moons, continued), "miss-history", mode);
      assert.equal(reason("how many moons does the giant planet jupiter have"), "hit-semantic");
      for (const near of [
        "How many small moons does the giant planet Jupiter have?",
        "How many rings does the giant planet Jupiter have?",
        "How many moons does this giant planet Jupiter have?",
      ]) {
        assert.equal(reason(near), "miss-history", `${mode}: ${near}`);
      }
    }
  });

  it("go on to the next candidate when one is refused", () => {
    const cache = seeded({ mode: "loose", threshold: 0.5 });
    ask(cache, "Does the yearly family plan not include streaming?", {
      content: "Nothing is left out.",
    });
    const stream = ask(cache, "Does the yearly family plan not include streaming abroad?", {
      content: "wrong",
    });
    assert.equal(stream.json.choices[0].message.content, "Nothing is left out.");
  });
});

describe("a failing embedding service", () => {
  const bad = {
    "an empty body": { body: "" },
    "an error page": { body: "<html>oops</html>" },
    "a cut body": { body: '{"data":[{"embedding":[0.1,0.2' },
    "no vector": { body: '{"data":[]}' },
    "an empty vector": { body: '{"data":[{"embedding":[]}]}' },
    "text in the vector": { body: '{"data":[{"embedding":[0.1,"x"]}]}' },
    "a number beyond all bounds": { body: '{"data":[{"embedding":[1e999,0.2]}]}' },
    NaN: { body: '{"data":[{"embedding":[NaN]}]}' },
    "zeros only": { body: '{"data":[{"embedding":[0,0,0]}]}' },
    "broken base64": { body: '{"data":[{"embedding":"!!!"}]}' },
    "half a number in base64": { body: '{"data":[{"embedding":"AAAA"}]}' },
    "a vector above all bounds": {
      body: JSON.stringify({ data: [{ embedding: new Array(9000).fill(1) }] }),
    },
  };

  for (const [name, answer] of Object.entries(bad)) {
    it(`costs a miss: ${name}`, () => {
      expectLog(/^embedding service openai: error-embedding-reply, status 200 \(cluster \S+\)$/);
      const cache = cacheWith({});
      const stream = ask(cache, QUESTION, { answer: () => answer });
      assert.equal(stream.attribute("ai_cache"), "error-embedding-reply");
      assert.match(stream.received.headers.get("cache-status"), /^ai-cache; fwd=miss/);
      assert.equal(stream.attribute("ai_cache_store"), "stored");
      assert.equal(reasonOf(cache, `${QUESTION} please`), "hit-semantic", "words still find it");
    });
  }

  it("is distinguished from one that does not answer", () => {
    expectLog(
      /^embedding service openai: error-embedding-timeout, status 504; its circuit breaker is open \(cluster \S+\)$/,
      /^embedding service openai: error-embedding-unreachable, status 0 \(cluster \S+\)$/,
      /^embedding service openai: error-embedding-status, status 401 \(cluster \S+\)$/,
    );
    const outcomes = {
      "error-embedding-timeout": { status: 504 },
      "error-embedding-unreachable": null,
      "error-embedding-status": { status: 401, body: '{"error":"bad key"}' },
    };
    for (const [reason, answer] of Object.entries(outcomes)) {
      const cache = cacheWith({});
      assert.equal(reasonOf(cache, QUESTION, { answer: () => answer }), reason);
      assert.equal(cache.vm.metrics.get(`ai_cache_embeddings_total.result=.=${reason};.;`), 1);
      assert.doesNotMatch(cache.vm.logText(0), /bad key|yearly/);
    }
  });

  it("is not asked for a while after one timeout, then by one request", () => {
    expectLog(
      /^embedding service openai: error-embedding-timeout, status 504; its circuit breaker is open \(cluster \S+\)$/,
    );
    let clock = 1_800_000_000_000;
    const cache = cacheWith({}, {}, { now: () => clock });
    const question = (i) =>
      `Where do ${["lions", "tigers", "bears", "wolves", "foxes", "hares", "mice"][i]} sleep?`;
    assert.equal(
      reasonOf(cache, question(0), { answer: () => ({ status: 504 }) }),
      "error-embedding-timeout",
    );
    assert.equal(reasonOf(cache, question(1)), "error-embedding-open");
    clock += 1_000;
    assert.equal(
      reasonOf(cache, question(2), { answer: () => ({ status: 504 }) }),
      "error-embedding-timeout",
    );
    clock += 1_500;
    assert.equal(reasonOf(cache, question(3)), "error-embedding-open", "the pause doubles");
    clock += 500;
    const upstream = jsonUpstream();
    const probe = exchange([cache], { body: chatBody(question(4)) }, upstream);
    assert.equal(reasonOf(cache, question(5), { answer: () => null }), "error-embedding-open");
    assert.equal(probe.attribute("ai_cache"), "error-embedding-unreachable");
    clock += 4_000;
    assert.match(reasonOf(cache, question(6)), /^miss/);
    assert.match(reasonOf(cache, "Where do cats sleep?"), /^miss/);
  });

  it("needs three other failures in a row", () => {
    expectLog(/^embedding service openai: error-embedding-status, status 500 \(cluster \S+\)$/);
    const cache = cacheWith({});
    const answer = () => ({ status: 500 });
    const reasons = ["lions", "tigers", "bears", "wolves"].map((animal) =>
      reasonOf(cache, `Where do ${animal} sleep?`, { answer }),
    );
    assert.deepEqual(reasons, [
      ...new Array(3).fill("error-embedding-status"),
      "error-embedding-open",
    ]);
  });

  it("refuses vectors of another length than was asked for or seen first", () => {
    expectLog(
      /^embedding service openai: error-embedding-reply, status 200 \(cluster \S+\)$/,
      /error-embedding-reply, status 200, a vector of 9 dimensions after vectors of 8/,
    );
    const cache = cacheWith({ dimensions: 16 });
    assert.match(reasonOf(cache, QUESTION), /^miss/);
    assert.equal(JSON.parse(cache.vm.asked[0].body).dimensions, 16);
    const wrong = (size) => () => ({
      body: JSON.stringify({ data: [{ embedding: vectorOf("x", size) }] }),
    });
    assert.equal(
      reasonOf(cache, "Where do lions sleep?", { answer: wrong(8) }),
      "error-embedding-reply",
    );
    const free = cacheWith({});
    assert.equal(reasonOf(free, "Where do lions sleep?", { answer: wrong(8) }), "miss-cold");
    assert.equal(
      reasonOf(free, "Where do bears live?", { answer: wrong(9) }),
      "error-embedding-reply",
    );
  });

  it("a service that goes on giving another length has another model: the earlier vectors are not used any more", () => {
    expectLog(
      /status 200, a vector of 16 dimensions after vectors of 8/,
      /^openai: a vector of 16 dimensions after vectors of 8: the earlier vectors are not used any more$/,
    );
    const cache = cacheWith({}, loose);
    const sized = (size) => (request) => ({
      body: JSON.stringify({
        data: [{ embedding: vectorOf(JSON.parse(request.body).input, size) }],
      }),
    });
    const answer = sized(16);
    assert.equal(reasonOf(cache, QUESTION, { answer: sized(8) }), "miss-cold");
    assert.equal(reasonOf(cache, "Where do lions sleep?", { answer }), "error-embedding-reply");
    assert.equal(reasonOf(cache, "Where do bears live?", { answer }), "error-embedding-reply");
    assert.equal(reasonOf(cache, "Which river is the longest one?", { answer }), "miss-cold");
    // What is stored from now on is found by its vector again.
    const plan = "Does the monthly student plan include streaming?";
    ask(cache, plan, { answer, members: { seed: 1 } });
    const near = `${plan.slice(0, -1)} abroad?`;
    assert.equal(reasonOf(cache, near, { answer, members: { seed: 1 } }), "hit-semantic");
  });

  it("an answer that no-cache has asked for is found by its vector", () => {
    const cache = cacheWith({}, loose);
    const headers = { "cache-control": "no-cache" };
    assert.equal(reasonOf(cache, QUESTION, { headers }), "bypass-no-cache");
    assert.equal(cache.vm.asked.length, 1, "the vector is asked for behind the answer");
    assert.equal(reasonOf(cache, NEAR), "hit-semantic");
  });

  it("waits no longer than the budget, and never forever", () => {
    const timeout = (embedding, configuration) => {
      const cache = cacheWith(embedding, configuration);
      exchange([cache], { body: chatBody(QUESTION) }, jsonUpstream());
      return cache.vm.asked[0].timeoutMs;
    };
    assert.equal(timeout({}, {}), 1000);
    assert.equal(timeout({ timeout: 200 }, {}), 200);
    assert.equal(timeout({ timeout: 2000 }, { totalTimeout: 300 }), 300);
  });
});

describe("forms of an embedding service", () => {
  const firstCall = (embedding) => {
    const cache = cacheWith(embedding);
    exchange([cache], { body: chatBody(QUESTION) }, jsonUpstream());
    return requestOf(cache.vm.asked[0]);
  };

  it("path, headers, host and input type are the operator's to set", () => {
    expectLog(OLD_MODELS.get("cohere"));
    const own = firstCall({
      path: "/compatible-mode/v1/{model}",
      serviceHost: "embed.example",
      headers: { Authorization: "Secret s", "X-Team": "search" },
    });
    assert.equal(own.path, "/compatible-mode/v1/text-embedding-3-small");
    assert.equal(own.headers[":authority"], "embed.example");
    assert.equal(own.headers.authorization, "Secret s");
    assert.equal(own.headers["x-team"], "search");
    assert.equal(
      JSON.parse(firstCall({ type: "cohere", inputType: "clustering" }).body).input_type,
      "clustering",
    );
    assert.equal(firstCall({ serviceDomain: "old.example" }).headers[":authority"], "old.example");
    const compatible = firstCall({
      type: "dashscope",
      model: "text-embedding-v4",
      path: "/compatible-mode/v1/embeddings",
    });
    assert.deepEqual(JSON.parse(compatible.body), { input: QUESTION, model: "text-embedding-v4" });
    const azure = firstCall({ type: "azure", path: "/openai/v1/embeddings" });
    assert.equal(JSON.parse(azure.body).model, "text-embedding-ada-002");
    const pipeline = firstCall({ type: "huggingface", serviceHost: "tei.example" });
    assert.equal(
      pipeline.path,
      "/pipeline/feature-extraction/sentence-transformers/all-MiniLM-L6-v2",
    );
    assert.deepEqual(JSON.parse(pipeline.body), {
      inputs: QUESTION,
      options: { wait_for_model: true },
    });
    assert.deepEqual(JSON.parse(firstCall({ type: "huggingface", path: "/embed" }).body), {
      inputs: QUESTION,
    });
  });

  it("a vector may come flat, nested, as rows of tokens or in base64", () => {
    expectLog(/^embedding service huggingface: error-embedding-reply, status 200 \(cluster \S+\)$/);
    const vector = vectorOf(QUESTION);
    const forms = {
      flat: vector,
      "in a list": [vector],
      "in two lists": [[vector]],
      "rows of tokens": [vector.map((x) => x * 1.5), vector.map((x) => x * 0.5)],
      "rows of tokens in a list": [[vector, vector]],
    };
    for (const [name, form] of Object.entries(forms)) {
      const cache = cacheWith(
        { type: "huggingface" },
        { match: { mode: "loose", threshold: 0.99 } },
      );
      const answer = () => ({ body: JSON.stringify(form) });
      ask(cache, QUESTION, { answer });
      const hit = ask(cache, NEAR, { answer, content: "wrong" });
      assert.equal(hit.attribute("ai_cache"), "hit-semantic", name);
    }
    const cache = cacheWith({}, loose);
    const base64 = Buffer.from(new Float32Array(vector).buffer).toString("base64");
    ask(cache, QUESTION, {
      answer: () => ({ body: JSON.stringify({ data: [{ embedding: base64 }] }) }),
    });
    assert.equal(reasonOf(cache, NEAR), "hit-semantic");
    const rows = cacheWith({ type: "huggingface" });
    assert.equal(
      reasonOf(rows, QUESTION, { answer: () => ({ body: "[[1,2],[3]]" }) }),
      "error-embedding-reply",
    );
  });

  it("a service that reports its error in a 200 is taken at its word", () => {
    expectLog(
      /^embedding service textin: error-embedding-reply, status 200 \(cluster \S+\)$/,
      /^embedding service xfyun: error-embedding-reply, status 200 \(cluster \S+\)$/,
    );
    for (const [type, body] of [
      ["textin", { code: 40101, message: "x" }],
      ["xfyun", { header: { code: 10163, message: "x" } }],
    ]) {
      const cache = cacheWith({ type });
      assert.equal(
        reasonOf(cache, QUESTION, { answer: () => ({ body: JSON.stringify(body) }) }),
        "error-embedding-reply",
      );
    }
  });

  it("its cluster is looked for under several names, and one that is missing is reported", () => {
    const cache = cacheWith({ serviceName: "es" });
    const tried = [];
    cache.vm.onHttpCall = (call) => {
      tried.push(call.cluster);
      return call.cluster === "es" ? Status.Ok : Status.BadArgument;
    };
    ask(cache, QUESTION);
    assert.deepEqual(tried, [
      "outbound|443||es",
      "outbound|443||es.dns",
      "outbound|80||es.static",
      "es",
    ]);
    tried.length = 0;
    ask(cache, "Where do lions sleep?");
    assert.deepEqual(tried, ["es"], "the winner is remembered");
    cache.vm.onHttpCall = () => Status.BadArgument;
    assert.equal(reasonOf(cache, "Where do bears sleep?"), "error-embedding-no-cluster");
    assert.match(cache.vm.takeLog(), /no cluster is named outbound\|443\|\|es or /);
    const verbatim = cacheWith({ cluster: "my-cluster" });
    exchange([verbatim], { body: chatBody(QUESTION) }, jsonUpstream());
    assert.equal(verbatim.vm.asked[0].cluster, "my-cluster");
  });
});
