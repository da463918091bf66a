import { MatchMode } from "../../../../assembly/ai-cache/config/match-config";
import { functionFor } from "../../../../assembly/ai-cache/function/registry";
import { Bytes } from "../../../../assembly/proxy-wasm/bytes";
import { KeyMode, KeyStrategy } from "../../../../assembly/ai-cache/key/key-mode";
import { errors, global, parse, sources, warnings } from "./parsed";

describe("ai-cache configuration", () => {
  it("is the built-in cache when nothing is configured", () => {
    const config = global("");
    expect(config.keyMode).toBe(KeyMode.Full);
    expect(config.keyStrategy).toBe(KeyStrategy.LastQuestion);
    expect(config.ttl).toBe(86400);
    expect(config.maxEntries).toBe(10000);
    expect(config.maxBytes).toBe(64 << 20);
    expect(config.maxRequestBytes).toBe(16 << 20);
    expect(config.maxAnswerBytes).toBe(1 << 20);
    expect(sources(config)).toBe("1");
    expect(config.tenant.sharesAnonymous || config.tenant.consumerIsTrusted).toBe(false);
    expect(config.statusHeader).toBe(true);
    expect(config.explain).toBe(false);
    expect(functionFor(config.paths, Bytes.of("/v1/chat/completions")) !== null).toBe(true);
    expect(functionFor(config.paths, Bytes.of("/v1/audio/transcriptions")) !== null).toBe(false);
    expect(config.template === null).toBe(true);
  });

  it("reads every key of its own", () => {
    const config = global(
      '{"cache":{"type":"memory","cacheTTL":0,"maxEntries":5,"maxBytes":65536},"keyMode":"text","cacheKeyStrategy":"allQuestions","revision":"r","paths":["/x"],"scopeHeaders":["X-A"],"tenant":{"from":"header","header":"X-T"},"cacheControl":false,"statusHeader":false,"explain":true,"maxRequestBytes":9,"maxAnswerBytes":8,"maxBufferedBytes":7}',
    );
    expect(config.ttl).toBe(0);
    expect(config.maxEntries).toBe(5);
    expect(config.maxBytes).toBe(65536);
    expect(config.keyMode).toBe(KeyMode.Text);
    expect(config.keyStrategy).toBe(KeyStrategy.AllQuestions);
    expect(config.revision.toString()).toBe("r");
    expect(functionFor(config.paths, Bytes.of("/x")) !== null).toBe(true);
    expect(config.scopeHeaders[0].toString()).toBe("x-a");
    expect(sources(config)).toBe("3:x-t");
    expect(config.cacheControl).toBe(false);
    expect(config.maxRequestBytes).toBe(9);
    expect(config.template !== null).toBe(true, "text mode replies as the Go plugin does");
  });

  it("names everything that is wrong at once", () => {
    expect(
      errors(
        '{"cache":{"type":"memory","cacheTTL":-1,"maxEntries":"many"},"cacheKeyStrategy":"x","explain":"maybe","tenant":{"from":"header"},"paths":[]}',
      ),
    ).toBe(
      'cacheKeyStrategy: unknown value "x", expected one of lastQuestion, allQuestions, disabled, disable\npaths: is empty\n' +
        'tenant.header: is required with "from": "header"\n' +
        "cache.maxEntries: is a string, expected an integer\ncache.cacheTTL: -1 is out of range, expected 0 to 316224000\n" +
        "explain: is a string, expected true or false",
    );
  });

  it("refuses what this version does not have, with advice", () => {
    expect(
      errors('{"cache":{"type":"redis","serviceName":"r","transport":"pool","database":1}}'),
    ).toBe(
      "cache.database: cannot be chosen through redis_proxy, whose connections all users share",
    );
    expect(errors('{"cache":{"type":"redis","serviceName":"r","transport":"host"}}')).toBe(
      "cache.transport: this host has no Redis calls: use tcp",
    );
    expect(errors('{"vector":{"type":"chroma","serviceName":"c"}}')).toBe(
      "vector.collectionID: [chroma] collectionID is required",
    );
    expect(errors('{"cache":{"type":"memcached"}}')).toBe(
      'cache.type: unknown value "memcached", expected one of memory, redis',
    );
    expect(errors('{"cache":{"type":"redis"}}').includes("cache service name is required")).toBe(
      true,
    );
  });

  it("reads how questions are matched semantically", () => {
    const usual = global("{}").match;
    expect(usual.enabled).toBe(true);
    expect(usual.mode).toBe(MatchMode.Strict);
    expect(usual.totalTimeoutMs).toBe(1000);
    expect(global('{"keyMode":"text"}').match.enabled).toBe(false);
    expect(global('{"enableSemanticCache":false}').match.enabled).toBe(false);
    const own = global(
      '{"match":{"type":"builtin","shadow":true,"standalone":true,"maxEntries":50,"maxCandidates":3},"totalTimeout":500}',
    ).match;
    expect(own.shadow && own.standalone).toBe(true);
    expect(own.maxEntries).toBe(50);
    expect(own.maxCandidates).toBe(3);
    expect(own.totalTimeoutMs).toBe(500);
    expect(errors('{"match":{"mode":"bold","shadow":1},"totalTimeout":"soon"}')).toBe(
      "totalTimeout: is a string, expected an integer (milliseconds)\n" +
        'match.mode: unknown value "bold", expected one of strict, balanced, loose, off\n' +
        "match.shadow: is a number, expected true or false",
    );
    expect(errors('{"match":{"threshold":1.5}}')).toBe(
      "match.threshold: must be a cosine similarity above 0 and up to 1, such as 0.95: less refuses nothing",
    );
  });

  it("is only as bold as a threshold for the model allows", () => {
    const service = '"embedding":{"type":"openai","serviceName":"e","apiKey":"k"';
    const unknown = '{"match":{"mode":"loose"},' + service + "}}";
    expect(global(unknown).match.mode).toBe(MatchMode.Strict);
    expect(warnings(unknown).includes("none is known for the model")).toBe(true);
    const known = global(
      '{"match":{"mode":"loose"},' + service + ',"model":"intfloat/multilingual-e5-small"}}',
    ).match;
    expect(known.mode).toBe(MatchMode.Loose);
    expect(known.thresholdFor(false)).toBe(0.99);
    expect(known.thresholdFor(true)).toBe(0.985);
    const balanced = global(
      '{"match":{"mode":"balanced"},' + service + ',"model":"multilingual-e5-small"}}',
    ).match;
    expect(balanced.threshold).toBe(0.965);
    const given = '{"vector":{"type":"memory","threshold":0.93},' + service + "}}";
    expect(global(given).match.mode).toBe(MatchMode.Loose);
    expect(global(given).match.thresholdFor(false)).toBe(0.93);
    expect(global(given).match.thresholdFor(true)).toBe(0.93);
    expect(warnings(given).includes("has no mode and there is a threshold")).toBe(true);
    expect(warnings('{"match":{"mode":"loose"}}').includes("requires an embedding service")).toBe(
      true,
    );
    const off = '{"match":{"mode":"off","threshold":0.9},' + service + "}}";
    expect(global(off).match.mode).toBe(MatchMode.Off);
    expect(warnings(off).includes("about a third of near misses are served")).toBe(true);
    expect(
      errors('{"vector":{"type":"memory","thresholdRelation":"lt"}}').includes("use gt or gte"),
    ).toBe(true);
  });

  it("reads embedding services, and refuses what they lack", () => {
    const embedder = (text: string): bool => global(text).embedding !== null;
    expect(embedder('{"embedding":{"type":"ollama","serviceName":"o","model":"bge-m3"}}')).toBe(
      true,
    );
    expect(embedder('{"embedding":{"type":"","serviceName":"o"}}')).toBe(false);
    expect(errors('{"embedding":{"type":"openai","apiKey":"k"}}')).toBe(
      "embedding.serviceName: embedding service name is required (the name of its cluster)",
    );
    expect(errors('{"embedding":{"type":"openai","serviceName":"e"}}')).toBe(
      "embedding.apiKey: is required for openai",
    );
    expect(errors('{"embedding":{"type":"openai","serviceName":"e","path":"/x"}}')).toBe("");
    expect(errors('{"embedding":{"type":"openai","serviceName":"e","headers":{"k":"v"}}}')).toBe(
      "",
    );
    expect(errors('{"embedding":{"type":"azure","serviceName":"e","apiKey":"k"}}')).toBe(
      "embedding.apiVersion: is required for azure",
    );
    expect(errors('{"embedding":{"type":"textin","serviceName":"e"}}').split("\n").length).toBe(3);
    expect(errors('{"embedding":{"type":"xfyun","serviceName":"e"}}').split("\n").length).toBe(3);
    expect(
      errors('{"embedding":{"type":"word2vec","serviceName":"e"}}').includes("dashscope, openai"),
    ).toBe(true);
    expect(
      errors('{"embedding":{"type":"openai","serviceName":"e","path":"x","apiKey":"k"}}'),
    ).toBe("embedding.path: must begin with /");
    const old = warnings('{"embedding":{"type":"cohere","serviceName":"e","apiKey":"k"}}');
    expect(old.includes("is an old model for English only")).toBe(true);
    expect(
      warnings('{"embedding":{"type":"ollama","serviceName":"e"}}').includes(
        "is not an embedding model",
      ),
    ).toBe(true);
  });

  it("reads the keys of the first generation", () => {
    const config = global(
      '{"cacheTTL":60,"cacheKeyFrom":{"requestBody":"messages.0.content"},"cacheValueFrom":{"responseBody":""},"cacheStreamValueFrom":{"responseBody":""},"returnResponseTemplate":"<%s>","ReturnStreamResponseTemplate":"data:%s","returnTestResponseTemplate":""}',
    );
    expect(config.ttl).toBe(60);
    const template = config.template;
    expect(template !== null && template.toString() == "<%s>").toBe(true);
    expect(
      warnings(
        '{"cacheKeyFrom":{"requestBody":""},"cacheValueFrom":{"responseBody":""},"returnResponseTemplate":""}',
      ),
    ).toBe("");
  });

  it("warns about unknown keys and useless templates", () => {
    expect(warnings('{"chache":{},"responseTemplate":"fixed"}')).toBe(
      "responseTemplate: has no %s: every hit gets the same reply\nresponseTemplate: is not JSON once %s is replaced, so clients of chat completions cannot read it\nunknown key chache (did you mean cache?)",
    );
    expect(errors('{"cacheKeyFrom":"a..b"}')).toBe('cacheKeyFrom: "a..b" is not a path');
  });

  it("gives each rule a configuration of its own", () => {
    const set = parse(
      '{"explain":true,"_rules_":[{"_match_route_":["a"],"cacheKeyStrategy":"disabled"},{"_match_domain_":["b"]}]}',
    );
    expect(set.diagnostics.errors.join()).toBe("");
    expect(set.ofRule.length).toBe(2);
    expect(set.ofRule[0].keyStrategy).toBe(KeyStrategy.Disabled);
    expect(set.ofRule[0].explain).toBe(false, "nothing is inherited");
    expect(set.ofRule[0].ruleIdentity.equals(set.ofRule[1].ruleIdentity)).toBe(false);
    const first = set.at(0);
    expect(first !== null && first.keyStrategy == KeyStrategy.Disabled).toBe(true);
    expect(set.at(-2) === null).toBe(true);
    expect(set.at(7) === null).toBe(true);
  });

  it("drops a bad global configuration beside rules, and refuses a bad rule", () => {
    const set = parse('{"explain":5,"_rules_":[{"_match_route_":["a"]}]}');
    expect(set.diagnostics.ok).toBe(true);
    expect(set.global === null).toBe(true);
    expect(set.diagnostics.warnings.join().includes("is not used: explain")).toBe(true);
    expect(errors('{"_rules_":[{"_match_route_":["a"],"explain":5}]}')).toBe(
      "_rules_[0].explain: is a number, expected true or false",
    );
    expect(parse('{"_rules_":[{"_match_route_":["a"]}]}').global === null).toBe(true);
    expect(
      errors('{"_rules_":[{"explain":true}]}').includes("_rules_[0]: a rule needs one of"),
    ).toBe(true);
  });
});
