/** Configurations as they stand in the wild: they load as they are and do what their authors meant. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeRedis } from "../fakes/redis.mjs";
import { FakeStore } from "../fakes/vector-stores.mjs";
import { vectorOf } from "../fakes/embeddings.mjs";
import { Status } from "../host/chain.mjs";
import { chatBody, completion, exchange, jsonUpstream, plugin, SharedData } from "./support.mjs";

/** The published set-up with Docker Compose, and its variant. */
const COMPOSE = {
  embeddingProvider: {
    type: "dashscope",
    serviceName: "dashscope",
    apiKey: "sk-key",
    DashScopeServiceName: "dashscope",
  },
  vectorProvider: {
    VectorStoreProviderType: "elasticsearch",
    ThresholdRelation: "gte",
    ESThreshold: 0.7,
    ESServiceName: "es",
    ESIndex: "higress",
    ESUsername: "elastic",
    ESPassword: "123456",
  },
  cacheKeyFrom: { requestBody: "" },
  cacheValueFrom: { responseBody: "" },
  cacheStreamValueFrom: { responseBody: "" },
  returnResponseTemplate: "",
  returnTestResponseTemplate: "",
  ReturnStreamResponseTemplate: "",
  redis: { serviceName: "redis_cluster", timeout: 2000 },
};
const CHROMA = {
  ...COMPOSE,
  vectorProvider: {
    VectorStoreProviderType: "chroma",
    ChromaServiceName: "chroma",
    ChromaCollectionID: "0294deb1-8ef5-4582-b21c-75f23093db2c",
  },
};

/** The clusters of that set-up. */
function gateway(configuration, redis, store) {
  const cache = plugin(
    "ai-cache",
    { explain: true, ...configuration },
    { shared: new SharedData() },
  );
  assert.ok(cache.accepted, cache.vm.logText());
  const known = {
    "outbound|6379||redis_cluster": (call) => ({ status: 200, body: redis.answer(call.body) }),
    "outbound|9200||es.dns": (call) => store.answer(call),
    "outbound|8001||chroma.dns": (call) => store.answer(call),
    "outbound|443||dashscope.dns": (call) => {
      assert.equal(call.headers.get(":authority"), "dashscope.aliyuncs.com");
      assert.equal(call.headers.get("authorization"), "Bearer sk-key");
      const { model, input } = JSON.parse(call.body);
      assert.equal(model, "text-embedding-v1", "the prototype's model");
      const embeddings = [{ text_index: 0, embedding: vectorOf(input.texts[0]) }];
      return { status: 200, body: JSON.stringify({ output: { embeddings }, request_id: "r" }) };
    },
  };
  cache.vm.onHttpCall = (call) => (known[call.cluster] ? Status.Ok : Status.BadArgument);
  return (question) => {
    const upstream = jsonUpstream(completion("The answer."));
    const stream = exchange([cache], { body: chatBody(question) }, upstream);
    for (let round = 0; round < 10; round++) {
      for (const [token, call] of [...cache.vm.calls])
        cache.vm.answer(token, known[call.cluster](call));
    }
    cache.vm.takeLog();
    stream.log = cache.vm.logText();
    return stream;
  };
}

describe("the published set-up with Docker Compose", () => {
  for (const [name, configuration, type, meaning] of [
    ["Elasticsearch", COMPOSE, "elasticsearch", "hit-semantic"],
    ["Chroma", CHROMA, "chroma", "miss-leftover"],
  ]) {
    it(`${name}: exact hits through Redis, hits by meaning through the store, clusters by their names there`, () => {
      const redis = new FakeRedis();
      const store = new FakeStore(type);
      const first = gateway(
        configuration,
        redis,
        store,
      )("Does the yearly family plan include streaming?");
      assert.equal(first.attribute("ai_cache"), "miss-cold", first.log);
      assert.equal(redis.data().size, 1);
      assert.equal(store.entries.size, 1, first.log);
      const exact = gateway(
        configuration,
        redis,
        store,
      )("Does the yearly family plan include streaming?");
      assert.equal(exact.attribute("ai_cache"), "hit-exact", exact.log);
      redis.data().clear();
      const other = gateway(
        configuration,
        redis,
        store,
      )("Is streaming part of all that anybody finds in a yearly family plan?");
      // The one has a threshold, under which only the guards refuse; without one the words decide.
      assert.equal(other.attribute("ai_cache"), meaning, other.log);
      assert.ok(store.calls.some(({ path }) => /_search$|\/query$/.test(path)));
      assert.match(
        other.log,
        /embeddingProvider: is the 2024 prototype's form, and is read as embedding: type, serviceName, apiKey/,
      );
      assert.match(
        other.log,
        /vectorProvider: is the 2024 prototype's form, and is read as vector: type/,
      );
      assert.doesNotMatch(other.log, /unknown key|sk-key|123456/);
    });
  }

  it("names what is no key of the chosen store", () => {
    const { vm } = plugin("ai-cache", {
      ...CHROMA,
      vectorProvider: { ...CHROMA.vectorProvider, ESIndex: "x" },
    });
    assert.match(
      vm.takeLog(),
      /vectorProvider\.ESIndex: is not a key of the 2024 prototype for this store/,
    );
  });
});

describe("other forms", () => {
  const load = (configuration) => {
    const { accepted, vm } = plugin("ai-cache", configuration);
    assert.ok(accepted, vm.logText());
    return vm.takeLog();
  };

  it("the first generation, Redis only, as the Higress console shows it", () => {
    const text = load({
      cacheKeyFrom: { requestBody: "messages.@reverse.0.content" },
      cacheValueFrom: { responseBody: "choices.0.message.content" },
      cacheStreamValueFrom: { responseBody: "choices.0.delta.content" },
      cacheKeyPrefix: "higress-ai-cache:",
      cacheTTL: 3600,
      redis: { serviceName: "my-redis.dns", servicePort: 6379, timeout: 1000, password: "p" },
      returnResponseTemplate: '{"choices":[{"message":{"content":"%s"}}]}',
    });
    assert.doesNotMatch(text, /unknown key/);
  });

  it("of 2024: a line at load says that requests without a credential share answers", () => {
    const NOTE =
      /(^|: )has the 2024 form: requests without a credential share answers, as with tenant\.anonymous "share"$/;
    const embeddingProvider = COMPOSE.embeddingProvider;
    const redis = { serviceName: "r" };
    const old = [
      { embeddingProvider },
      { embeddingProvider, vectorProvider: CHROMA.vectorProvider },
      { embeddingProvider, vectorBaseProvider: CHROMA.vectorProvider },
      { redis },
      { returnResponseTemplate: "" },
      { returnStreamResponseTemplate: "" },
      { ReturnStreamResponseTemplate: "" },
      { returnTestResponseTemplate: "" },
      { cacheKeyFrom: { requestBody: "" } },
      { cacheValueFrom: { responseBody: "" } },
      { cacheStreamValueFrom: { responseBody: "" } },
      { cacheToolCallsFrom: { requestBody: "" } },
    ];
    const today = [
      {},
      { cache: { type: "redis", serviceName: "r" } },
      { cacheKeyFrom: "messages.@reverse.0.content" },
      { redis, tenant: {} },
      { redis, tenant: { anonymous: "share" } },
      { redis, keyMode: "text" },
    ];
    /** How often it is said. */
    const told = (configuration, isRule = false) => {
      const { accepted, vm } = plugin("ai-cache", configuration);
      assert.ok(accepted, vm.logText());
      const lines = vm.logs.filter(({ text }) => NOTE.test(text));
      vm.takeLog();
      for (const { level, text } of lines) {
        assert.equal(level, 2, "no warning");
        if (isRule) assert.match(text, /_rules_\[0\]: has the 2024 form/);
      }
      return lines.length;
    };
    for (const configuration of old) {
      assert.equal(told(configuration), 1, JSON.stringify(configuration));
      const rule = { _match_route_: ["r"], ...configuration };
      assert.equal(told({ _rules_: [rule] }, true), 1, JSON.stringify(configuration));
    }
    for (const configuration of today) {
      assert.equal(told(configuration), 0, JSON.stringify(configuration));
    }
  });

  it("today's Go configuration, with and without rules", () => {
    const own = {
      cache: { type: "redis", serviceName: "redis.static", servicePort: 80, cacheTTL: 60 },
      embedding: { type: "dashscope", serviceName: "ds.dns", apiKey: "k" },
      vector: {
        type: "dashvector",
        serviceName: "dv.dns",
        serviceHost: "h",
        collectionID: "c",
        apiKey: "k",
        threshold: 0.2,
        thresholdRelation: "lt",
      },
      enableSemanticCache: true,
      cacheKeyStrategy: "lastQuestion",
    };
    assert.doesNotMatch(load(own), /unknown key|not used/);
    assert.doesNotMatch(
      load({ _rules_: [{ _match_route_: ["r"], ...own }] }),
      /unknown key|not used/,
    );
  });
});
