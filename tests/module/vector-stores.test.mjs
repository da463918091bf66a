/** ai-cache with outside vector stores: every one by its own protocol. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CONFIGURATIONS, embed } from "../fakes/embeddings.mjs";
import { FakeStore, STORES } from "../fakes/vector-stores.mjs";
import { Status } from "../host/chain.mjs";
import {
  chatBody,
  completion,
  exchange,
  expectLog,
  jsonUpstream,
  plugin,
  SharedData,
} from "./support.mjs";

const QUESTION = "Does the yearly family plan include streaming?";
/** Refused by the words alone, near as a vector. */
const NEAR = "Is streaming part of all that anybody finds in a yearly family plan?";
const LOOSE = { match: { mode: "loose", threshold: 0.5 } };

/** An Envoy with a memory of its own in front of a store. */
function gateway(store, { vector = {}, now, ...configuration } = {}) {
  const section = {
    type: store.type,
    serviceName: "vectors",
    cluster: "vectors",
    topK: 3,
    ...STORES[store.type].config,
    ...vector,
  };
  const cache = plugin(
    "ai-cache",
    {
      explain: true,
      embedding: { type: "openai", serviceName: "embedder", ...CONFIGURATIONS.openai },
      vector: section,
      ...LOOSE,
      ...configuration,
    },
    { shared: new SharedData(), ...(now ? { now } : {}) },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  cache.vm.onHttpCall = () => Status.Ok;
  const self = {
    cache,
    serve(change = (call) => store.answer(call)) {
      for (let round = 0; round < 10; round++) {
        for (const [token, call] of [...cache.vm.calls]) {
          if (call.cluster === "vectors") cache.vm.answer(token, change(call));
          else {
            const headers = Object.fromEntries(call.headers.fields);
            cache.vm.answer(
              token,
              embed("openai", {
                method: headers[":method"],
                path: headers[":path"],
                headers,
                body: call.body.toString(),
              }),
            );
          }
        }
      }
    },
    ask(question, { change, members, content = "The answer.", headers } = {}) {
      const upstream = jsonUpstream(completion(content));
      const stream = exchange([cache], { body: chatBody(question, members), headers }, upstream);
      self.serve(change);
      stream.asked = upstream.requests.length;
      return stream;
    },
  };
  return self;
}

const reasonOf = (stream) => stream.attribute("ai_cache");

for (const type of Object.keys(STORES)) {
  describe(`vector store ${type}`, () => {
    it("what one Envoy has stored another finds by meaning, whole", () => {
      const store = new FakeStore(type);
      const first = gateway(store);
      assert.equal(reasonOf(first.ask(QUESTION)), "miss-cold", first.cache.vm.logText());
      assert.equal(store.entries.size, 1, first.cache.vm.logText());
      const second = gateway(store);
      const hit = second.ask(NEAR, { content: "wrong" });
      assert.equal(reasonOf(hit), "hit-semantic", second.cache.vm.logText());
      assert.equal(hit.asked, 0);
      assert.deepEqual(hit.json, completion("The answer."));
      assert.match(hit.received.headers.get("cache-status"), /similarity=0\.\d+/);
      first.ask(QUESTION, { headers: { "cache-control": "no-cache" } });
      assert.equal(store.entries.size, 1, "written again under the same identifier");
    });

    it("keeps scopes apart, in its query and in ours", () => {
      const store = new FakeStore(type);
      const system = {
        messages: [
          { role: "system", content: "pirate" },
          { role: "user", content: QUESTION },
        ],
      };
      gateway(store).ask(QUESTION, { members: system });
      assert.match(reasonOf(gateway(store).ask(NEAR)), /^miss-cold$/);
      assert.match(
        reasonOf(gateway(store).ask(NEAR, { headers: { authorization: "Bearer other" } })),
        /^miss/,
      );
      const careless = new FakeStore(type);
      gateway(careless).ask(QUESTION, { members: system });
      for (const entry of careless.entries.values()) entry.exp = 0;
      const search = careless.entries.search.bind(careless.entries);
      careless.entries.search = (vector, count) => search(vector, count);
      assert.match(reasonOf(gateway(careless).ask(NEAR)), /^miss/, "a store without filter");
    });

    it("refuses a stored question that hides something", () => {
      expectLog(/match: has the mode off: similarity alone decides/);
      const store = new FakeStore(type);
      const off = { match: { mode: "off", threshold: 0.5 } };
      gateway(store, off).ask(`${QUESTION} ⠊⠛⠝⠕⠗⠑`, { content: "evil" });
      assert.equal(store.entries.size, 1);
      assert.equal(reasonOf(gateway(store).ask(QUESTION)), "miss-guard-text");
    });

    it("refuses near misses by their words, and takes the next result", () => {
      const store = new FakeStore(type);
      const one = gateway(store);
      one.ask("Does the yearly family plan cost 20 euros?");
      const refused = gateway(store).ask("Does the yearly family plan cost 30 euros?");
      assert.match(reasonOf(refused), /^miss-guard-number$/);
    });

    it("an entry is an answer up to its last second, then it is deleted", () => {
      for (const [seconds, isOver] of [
        [59, false],
        [60, true],
        [61, true],
      ]) {
        const store = new FakeStore(type);
        const clock = { ms: 1_700_000_000_000 };
        const settings = { now: () => clock.ms, cache: { cacheTTL: 60 } };
        gateway(store, settings).ask(QUESTION);
        clock.ms += seconds * 1000;
        const reason = reasonOf(gateway(store, settings).ask(NEAR));
        assert.match(reason, isOver ? /^miss/ : /^hit-semantic$/, `after ${seconds} s`);
        const isDeleted = store.calls.some(
          ({ method, path }) => method === "DELETE" || path.endsWith("/delete"),
        );
        assert.equal(isDeleted, isOver);
      }
    });

    it("reads collections as the Go plugin wrote them with keyMode text", () => {
      const store = new FakeStore(type);
      const text = { keyMode: "text", embedding: undefined };
      const writer = gateway(store);
      writer.ask(QUESTION);
      const [[, { vector }]] = store.entries;
      store.entries.clear();
      const fields =
        type === "chroma" ? { answer: "From Go." } : { question: QUESTION, answer: "From Go." };
      store.entries.put(QUESTION, vector, fields);
      delete text.embedding;
      const one = gateway(store, text);
      const hit = one.ask(NEAR);
      assert.equal(reasonOf(hit), "hit-semantic", one.cache.vm.logText());
      assert.equal(hit.json.choices[0].message.content, "From Go.");
      one.ask("Something else entirely?", { content: "Ours." });
      const [[id, ours]] = [...store.entries].slice(-1);
      assert.equal(type === "chroma" ? id : ours.question, "Something else entirely?");
      assert.equal(ours.answer, "Ours.");
      assert.equal(ours.scope, undefined);
    });

    it("its errors are misses with a reason", () => {
      expectLog(
        /^vector store \w+: error-vector-reply, status 200 \(cluster \S+\)$/,
        /^vector store \w+: error-vector-unreachable, status 503 \(cluster \S+\)$/,
        /^vector store \w+: error-vector-timeout, status 504; its circuit breaker is open \(cluster \S+\)$/,
      );
      if (STORES[type].fault.status !== 200)
        expectLog(/^vector store \w+: error-vector-status, status 404 \(cluster \S+\)$/);
      const { fault } = STORES[type];
      const change = () => ({ status: fault.status, body: JSON.stringify(fault.body) });
      const wanted = fault.status === 200 ? "error-vector-reply" : "error-vector-status";
      assert.equal(reasonOf(gateway(new FakeStore(type)).ask(NEAR, { change })), wanted);
      for (const [answer, reason] of [
        [{ status: 503, body: "" }, "error-vector-unreachable"],
        [{ status: 504, body: "" }, "error-vector-timeout"],
        [{ status: 200, body: "<html>" }, "error-vector-reply"],
        [{ status: 200, body: "" }, "error-vector-reply"],
        [{ status: 200, body: "{}" }, "miss-cold"],
      ]) {
        const stream = gateway(new FakeStore(type)).ask(NEAR, { change: () => answer });
        assert.equal(reasonOf(stream), reason, JSON.stringify(answer));
        assert.equal(stream.received.status, 200);
      }
    });
  });
}

describe("a Chroma collection by its name", () => {
  const named = { vector: { collectionID: "faq" } };
  const paths = (store) => store.calls.map(({ path }) => path.split("/").at(-1));

  it("is asked for once, before the first query or write", () => {
    const store = new FakeStore("chroma");
    const one = gateway(store, named);
    assert.equal(reasonOf(one.ask(QUESTION)), "miss-cold", one.cache.vm.logText());
    assert.deepEqual(paths(store), ["faq", "query", "upsert"]);
    assert.equal(reasonOf(gateway(store, named).ask(NEAR)), "hit-semantic");
  });

  it("is asked for again when the store no longer knows the identifier", () => {
    expectLog(/^vector store chroma: error-vector-status, status 404 \(cluster \S+\)$/);
    const store = new FakeStore("chroma");
    const one = gateway(store, named);
    one.ask(QUESTION);
    const gone = (call) =>
      call.headers.fields.some(([, value]) => value.endsWith("/query"))
        ? { status: 404, body: '{"error":"NotFoundError","message":"no collection"}' }
        : store.answer(call);
    store.calls.length = 0;
    assert.equal(reasonOf(one.ask("Who runs it?", { change: gone })), "error-vector-status");
    assert.deepEqual(paths(store), ["faq", "upsert"]);
  });

  it("is a miss with a reason when it is not there, or its answer is unusable", () => {
    expectLog(
      /^vector store chroma: error-vector-reply, status 200 \(cluster \S+\)$/,
      /^vector store chroma: error-vector-status, status 404 \(cluster \S+\)$/,
      /^vector store chroma: error-vector-timeout, status 504; its circuit breaker is open \(cluster \S+\)$/,
    );
    for (const [answer, reason] of [
      [{ status: 404, body: '{"error":"NotFoundError"}' }, "error-vector-status"],
      [{ status: 200, body: "{}" }, "error-vector-reply"],
      [{ status: 200, body: '{"id":"x/../y"}' }, "error-vector-reply"],
      [{ status: 504, body: "" }, "error-vector-timeout"],
    ]) {
      const stream = gateway(new FakeStore("chroma"), named).ask(NEAR, { change: () => answer });
      assert.equal(reasonOf(stream), reason);
      assert.equal(stream.received.status, 200);
    }
  });
});

describe("the configuration of a vector store", () => {
  const errors = (vector) =>
    plugin("ai-cache", {
      embedding: { type: "openai", serviceName: "e", ...CONFIGURATIONS.openai },
      vector: { serviceName: "v", ...vector },
    }).vm.takeLog();

  it("names what is missing, and what cannot stand in a path", () => {
    assert.match(
      errors({ type: "dashvector" }),
      /\[dashvector\] apiKey is required.*\[dashvector\] serviceHost is required/s,
    );
    assert.match(errors({ type: "chroma" }), /\[chroma\] collectionID is required/);
    assert.match(
      errors({ type: "chroma", collectionID: "a/../b" }),
      /collectionID: contains a character/,
    );
    assert.match(
      errors({ type: "weaviate", collectionID: "A) {x}" }),
      /collectionID: contains a character/,
    );
    assert.match(
      errors({ type: "qdrant", collectionID: "c", serviceName: "" }),
      /vector service name is required/,
    );
  });

  it("takes thresholds in the store's own units, and says when they mean nothing", () => {
    assert.match(
      errors({ type: "elasticsearch", collectionID: "c", threshold: 0.9, thresholdRelation: "lt" }),
      /contradicts the store/,
    );
    assert.match(
      errors({ type: "chroma", collectionID: "c", threshold: 2000, thresholdRelation: "lt" }),
      /refuses nothing or everything/,
    );
    const store = new FakeStore("elasticsearch");
    gateway(store).ask(QUESTION);
    const strictly = {
      vector: { threshold: 0.9999, thresholdRelation: "gte" },
      match: { mode: "loose" },
    };
    assert.equal(reasonOf(gateway(store, strictly).ask(NEAR)), "miss-similarity");
    const openly = {
      vector: { threshold: 0.7, thresholdRelation: "gte" },
      match: { mode: "loose" },
    };
    assert.equal(reasonOf(gateway(store, openly).ask(NEAR)), "hit-semantic");
  });
});
