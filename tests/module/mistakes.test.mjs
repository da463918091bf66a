/**
 * Plausible mistakes in configurations, and what each is told: where it stands, what is wrong, what to
 * write instead. Whoever changes a message changes it here, and reads it as the one who made the mistake.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plugin } from "./support.mjs";

/** Module, configuration, whether it is taken all the same, and the message. */
const MISTAKES = [
  [
    "ai-proxy",
    '{"provider":{"type":"openai","apiTokens":["k"],}}',
    false,
    'the configuration is not valid: invalid JSON at line 1, column 48, at "}}": there is an extra comma before it',
  ],
  [
    "ai-cache",
    "cache:\n  type: memory\n",
    false,
    'the configuration is not JSON (it begins with "cache:"): write one JSON object, such as {"explain": true}, not YAML',
  ],
  [
    "ai-cache",
    "\n\u0010\n\u0007explain",
    false,
    "the configuration is not JSON: pass it as google.protobuf.StringValue, not as a Struct",
  ],
  ["ai-cache", "[]", false, "the configuration is an array, expected an object"],
  [
    "ai-cache",
    '"{}"',
    false,
    "the configuration is a string, expected an object: remove the outer quotes",
  ],
  ["ai-cache", '{"explain":true,"explain":false}', false, "explain: is repeated: keep one of them"],
  [
    "ai-cache",
    "{'explain': true}",
    false,
    "the configuration is not valid: invalid JSON at line 1, column 2, at \"'explain': t\": JSON allows only straight double quotes",
  ],
  [
    "ai-cache",
    "{explain: true}",
    false,
    'the configuration is not valid: invalid JSON at line 1, column 2, at "explain: tru": names and strings need double quotes',
  ],
  [
    "ai-cache",
    '{"explain": True}',
    false,
    'the configuration is not valid: invalid JSON at line 1, column 13, at "True}": JSON spells them true, false and null',
  ],
  [
    "ai-cache",
    '{"explain": true // x\n}',
    false,
    'the configuration is not valid: invalid JSON at line 1, column 18, at "// x": JSON has no comments',
  ],
  [
    "ai-proxy",
    { type: "openai", apiTokens: ["k"] },
    true,
    "unknown keys type (did you mean provider.type?), apiTokens (did you mean provider.apiTokens?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "opnai", apiTokens: ["k"] } },
    false,
    "provider.type: unknown provider type: opnai (did you mean openai?); there are ai360",
  ],
  [
    "ai-proxy",
    { provider: { apiTokens: ["k"] } },
    false,
    "provider.type: missing type in provider config; there are ai360",
  ],
  [
    "ai-proxy",
    { provider: { type: "OpenAI", apiTokens: ["k"] } },
    false,
    "provider.type: unknown provider type: OpenAI (did you mean openai?); there are ai360",
  ],
  [
    "ai-proxy",
    { provider: { type: "anthropic", apiTokens: ["k"] } },
    false,
    "provider.type: unknown provider type: anthropic (did you mean claude?); there are ai360",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], baseUrl: "http://x/v1" } },
    true,
    "provider: unknown key baseUrl (did you mean openaiCustomUrl?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], base_url: "x" } },
    true,
    "provider: unknown key base_url (did you mean openaiCustomUrl?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], apiKey: "x" } },
    true,
    "provider: unknown key apiKey (did you mean apiTokens?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], url: "x" } },
    true,
    "provider: unknown key url (did you mean openaiCustomUrl?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], host: "x" } },
    true,
    "provider: unknown key host (did you mean openaiCustomUrl?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], model: "gpt-4" } },
    true,
    "provider: unknown key model (did you mean modelMapping?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], models: {} } },
    false,
    "provider.models: is an object, expected a string or an array",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], modelMapping: ["a"] } },
    false,
    "provider.modelMapping: is an array, expected an object",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], modelMapping: "gpt" } },
    false,
    "provider.modelMapping: is a string, expected an object",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], modelmapping: {} } },
    true,
    "provider: unknown key modelmapping (did you mean modelMapping?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], timeout: "30s" } },
    false,
    "provider.timeout: is a string, expected an integer (milliseconds)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], timeout: -1 } },
    false,
    "provider.timeout: -1 is out of range, expected 0 to 3600000",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: { a: 1 } } },
    false,
    "provider.apiTokens: is an object, expected a string or an array",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], failover: true } },
    false,
    "provider.failover: is a boolean, expected an object",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], retryOnFailure: true } },
    false,
    "provider.retryOnFailure: is a boolean, expected an object",
  ],
  [
    "ai-proxy",
    {
      provider: {
        type: "openai",
        apiTokens: ["k"],
        retryOnFailure: { enabled: true, maxRetries: "x" },
      },
    },
    false,
    "provider.retryOnFailure.maxRetries: is a string, expected an integer",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], protocol: "anthropic" } },
    false,
    'provider.protocol: unknown value "anthropic", expected one of openai, original',
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], context: [{ fileUrl: "http://x/a" }] } },
    false,
    "provider.context[0].serviceName: missing serviceName in context config; provider.context[0].servicePort: missing servicePort in context config",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], capabilities: ["x"] } },
    false,
    "provider.capabilities: is an array, expected an object",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], customSettings: {} } },
    false,
    "provider.customSettings: is an object, expected an array",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], reasoningContentMode: "drop" } },
    true,
    "provider.reasoningContentMode: is not one of passthrough, ignore and concat: passthrough is used",
  ],
  [
    "ai-proxy",
    { provider: { type: "deepseek" } },
    false,
    'provider.apiTokens: no apiToken found in provider config: write "apiTokens": ["YOUR-KEY"]',
  ],
  [
    "ai-proxy",
    { provider: { type: "dify", apiTokens: ["k"] } },
    true,
    "provider.botType: is missing, and Chat is used; there are Chat, Agent, Completion, Workflow",
  ],
  [
    "ai-proxy",
    { provider: { type: "azure", apiTokens: ["k"] } },
    false,
    "provider.azureServiceUrl: missing azureServiceUrl in provider config",
  ],
  [
    "ai-proxy",
    { providers: [{ id: "a", type: "openai" }] },
    true,
    "providers: none of them is used: select one with activeProviderId, here or in a rule",
  ],
  [
    "ai-proxy",
    { providers: [{ id: "a", type: "openai" }], activeProviderId: "b" },
    true,
    'activeProviderId: no provider has the id "b"',
  ],
  [
    "ai-proxy",
    { providers: [{ id: "a", type: "openai", models: [] }], activeProviderId: "a" },
    false,
    'providers[0].models: contains no model: write names or patterns, such as ["gpt-*"]',
  ],
  [
    "ai-proxy",
    { providers: [{ id: "a", type: "openai", models: ["gpt-*", " "] }] },
    false,
    "providers[0].models: contains an empty name",
  ],
  [
    "ai-proxy",
    { providers: [{ type: "openai", models: ["gpt-*"] }] },
    false,
    "providers[0].id: is missing: it must consist of letters, digits, - and _, because routes match it",
  ],
  [
    "ai-proxy",
    { providers: [{ id: "my openai", type: "openai", models: ["gpt-*"] }] },
    false,
    "providers[0].id: must consist of letters, digits, - and _, because routes match it",
  ],
  [
    "ai-proxy",
    { provider: { id: "a", type: "openai", models: ["gpt-*"] } },
    true,
    "provider.models: has no effect outside a list of providers",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", capabilities: { "kling/v1/image2video": "/x" } } },
    true,
    "provider.capabilities.kling/v1/image2video: is not a known API",
  ],
  ["ai-proxy", { providers: { a: 1 } }, false, "providers: is an object, expected an array"],
  [
    "ai-proxy",
    { provider: [{ type: "openai" }] },
    false,
    "provider: is an array, expected an object",
  ],
  ["ai-proxy", { provider: "openai" }, false, "provider: is a string, expected an object"],
  [
    "ai-proxy",
    { _rules_: [{ provider: { type: "openai" } }] },
    false,
    "_rules_[0]: a rule needs one of _match_route_, _match_domain_, _match_service_, _match_route_prefix_",
  ],
  ["ai-proxy", { rules: [] }, true, "unknown key rules (did you mean _rules_?)"],
  [
    "ai-proxy",
    { _rules_: [{ _match_path_: ["/v1"], provider: { type: "openai" } }] },
    false,
    "_rules_[0]: a rule needs one of _match_route_, _match_domain_, _match_service_, _match_route_prefix_",
  ],
  ["ai-cache", { cacheTtl: 1 }, true, "unknown key cacheTtl (did you mean cacheTTL?)"],
  ["ai-cache", { cacheTTL: "1h" }, false, "cacheTTL: is a string, expected an integer (seconds)"],
  ["ai-cache", { ttl: 60 }, true, "unknown key ttl (did you mean cacheTTL?)"],
  ["ai-cache", { cache: { ttl: 60 } }, true, "cache: unknown key ttl (did you mean cacheTTL?)"],
  ["ai-cache", { cache: "redis" }, false, "cache: is a string, expected an object"],
  [
    "ai-cache",
    { cache: { type: "Redis" } },
    false,
    'cache.type: unknown value "Redis", expected one of memory, redis',
  ],
  [
    "ai-cache",
    { cache: { type: "redis" } },
    false,
    "cache.serviceName: cache service name is required",
  ],
  [
    "ai-cache",
    { cache: { type: "redis", host: "r", port: 6379 } },
    false,
    "cache.serviceName: cache service name is required",
  ],
  [
    "ai-cache",
    { cache: { serviceName: "r", password: "x" } },
    false,
    'cache.type: is missing, and without it answers stay in memory: write "type": "redis"',
  ],
  [
    "ai-cache",
    { cache: { type: "redis", url: "redis://x" } },
    false,
    "cache.serviceName: cache service name is required",
  ],
  [
    "ai-cache",
    { cache: { type: "redis", serviceName: "r", database: "x" } },
    false,
    "cache.database: is a string, expected an integer",
  ],
  [
    "ai-cache",
    { cache: { type: "redis", serviceName: "r", transport: "tls" } },
    false,
    'cache.transport: unknown value "tls", expected one of tcp, pool, webdis, upstash, host',
  ],
  [
    "ai-cache",
    { tenant: { header: "x-t" } },
    false,
    'tenant.header: has no effect without "from": write "from": "header:x-t"',
  ],
  [
    "ai-cache",
    { tenant: { from: "x-user" } },
    false,
    'tenant.from: unknown value "x-user", expected "shared" alone, or one or several of "credential", "consumer", "certificate", "header:NAME", "metadata:NAMESPACE/path"',
  ],
  ["ai-cache", { tenant: "header:x-user" }, false, "tenant: is a string, expected an object"],
  [
    "ai-cache",
    { tenant: { from: "header:x user" } },
    false,
    'tenant.from: "x user" is not a valid header name',
  ],
  [
    "ai-cache",
    { tenant: { cookies: ["a b"] } },
    false,
    'tenant.cookies: "a b" is not a valid name',
  ],
  ["ai-cache", { tenant: { form: "shared" } }, true, "tenant: unknown key form"],
  [
    "ai-cache",
    { tenant: { from: "header" } },
    false,
    'tenant.header: is required with "from": "header"',
  ],
  [
    "ai-cache",
    { tenant: { from: "credential", header: "x-t" } },
    false,
    'tenant.header: requires "from": "header"; write "header:x-t" into from',
  ],
  ["ai-cache", { tenant: { from: [] } }, false, 'tenant.from: is empty, expected "shared" alone, '],
  [
    "ai-cache",
    { tenant: { from: ["shared", "credential"] } },
    false,
    'tenant.from: "shared" cannot be combined with other sources',
  ],
  [
    "ai-cache",
    { tenant: { from: Array.from({ length: 17 }, (_, i) => `header:x-${i}`) } },
    false,
    "tenant.from: has more than 16",
  ],
  [
    "ai-cache",
    { tenant: { from: "metadata:envoy.lb" } },
    false,
    'tenant.from: "metadata:envoy.lb" has no path, write metadata:NAMESPACE/path',
  ],
  [
    "ai-cache",
    { tenant: { from: "metadata:envoy.lb//a" } },
    false,
    'tenant.from: "metadata:envoy.lb//a" is not of the form metadata:NAMESPACE/path',
  ],
  [
    "ai-cache",
    { tenant: { from: "certificate", cookies: ["sid"] } },
    true,
    'tenant.cookies: is not used without "credential" in from',
  ],
  [
    "ai-cache",
    { tenant: { from: "credential", consumerIsTrusted: true } },
    true,
    'tenant.consumerIsTrusted: is not used without "consumer" in from',
  ],
  [
    "ai-cache",
    { tenant: { anonymous: "yes" } },
    false,
    'tenant.anonymous: unknown value "yes", expected one of pass, share',
  ],
  [
    "ai-cache",
    { tenant: { anonymous: true } },
    false,
    "tenant.anonymous: is a boolean, expected a string",
  ],
  [
    "ai-cache",
    { tenant: { from: "jwt" } },
    false,
    'tenant.from: unknown value "jwt", expected "shared" alone, or one or several of "credential", "consumer", "certificate", "header:NAME", "metadata:NAMESPACE/path"',
  ],
  [
    "ai-cache",
    { match: { threshold: 0 } },
    false,
    "match.threshold: must be a cosine similarity above 0 and up to 1, such as 0.95: less refuses nothing",
  ],
  [
    "ai-cache",
    { match: { threshold: 95 } },
    false,
    "match.threshold: must be a cosine similarity above 0 and up to 1, such as 0.95: less refuses nothing",
  ],
  [
    "ai-cache",
    { match: { mode: "fuzzy" } },
    false,
    'match.mode: unknown value "fuzzy", expected one of strict, balanced, loose, off',
  ],
  [
    "ai-cache",
    { match: { mode: "loose" } },
    true,
    "match: requires an embedding service in this mode: strict is used",
  ],
  ["ai-cache", { threshold: 0.9 }, true, "unknown key threshold (did you mean match.threshold?)"],
  ["ai-cache", { mode: "loose" }, true, "unknown key mode (did you mean match.mode?)"],
  [
    "ai-cache",
    { semantic: false },
    true,
    "unknown key semantic (did you mean enableSemanticCache?)",
  ],
  [
    "ai-cache",
    { enableSemanticCache: "no" },
    false,
    "enableSemanticCache: is a string, expected true or false",
  ],
  [
    "ai-cache",
    { responseTemplate: "hello %s" },
    true,
    "responseTemplate: is not JSON once %s is replaced, so clients of chat completions cannot read it",
  ],
  [
    "ai-cache",
    { responseTemplate: '{"a":"b"}' },
    true,
    "responseTemplate: has no %s: every hit gets the same reply",
  ],
  [
    "ai-cache",
    { streamResponseTemplate: '{"a":"%s"}' },
    true,
    'streamResponseTemplate: is not an event stream: each event is "data:JSON" followed by a blank line',
  ],
  [
    "ai-cache",
    { cacheable: ["chat", "embedding"] },
    false,
    'cacheable: "embedding" is not one of chat, embeddings, count_tokens, rerank, completions, moderations, images, speech, models',
  ],
  ["ai-cache", { cacheable: [] }, false, "cacheable: is empty"],
  [
    "ai-cache",
    { keyMode: "text", cacheable: ["chat", "embeddings"] },
    false,
    'cacheable: "embeddings" requires keyMode "full": the text of a question is not enough for its key',
  ],
  [
    "ai-cache",
    { embedding: { type: "openai" } },
    false,
    "embedding.serviceName: embedding service name is required (the name of its cluster); embedding.apiKey: is required for openai",
  ],
  [
    "ai-cache",
    { embedding: { type: "openia", serviceName: "e" } },
    false,
    'embedding.type: unknown value "openia", expected one of dashscope, openai, azure, cohere, ollama, huggingface, textin, xfyun',
  ],
  [
    "ai-cache",
    { embedding: { type: "openai", serviceName: "e", apiTokens: ["x"] } },
    false,
    "embedding.apiKey: is required for openai",
  ],
  [
    "ai-cache",
    { vector: { type: "chroma" } },
    false,
    "vector.collectionID: [chroma] collectionID is required; vector.serviceName: vector service name is required",
  ],
  [
    "ai-cache",
    { vector: { type: "pgvector" } },
    false,
    'vector.type: unknown value "pgvector", expected one of dashvector, chroma, elasticsearch, weaviate, pinecone, qdrant, milvus, memory',
  ],
  [
    "ai-cache",
    { vector: { type: "chroma", serviceName: "c", collection: "x" } },
    false,
    "vector.collectionID: [chroma] collectionID is required",
  ],
  ["ai-cache", { cacheKeyFrom: "..a" }, false, 'cacheKeyFrom: "..a" is not a path'],
  [
    "ai-cache",
    { keyMode: "exact" },
    false,
    'keyMode: unknown value "exact", expected one of full, text',
  ],
  ["ai-cache", { explian: true }, true, "unknown key explian (did you mean explain?)"],
  ["ai-cache", { explain: 1 }, false, "explain: is a number, expected true or false"],
  ["ai-cache", { scopeHeaders: ["x y"] }, false, 'scopeHeaders: "x y" is not a valid header name'],
  ["ai-cache", { maxEntries: 5 }, true, "unknown key maxEntries (did you mean cache.maxEntries?)"],
  [
    "ai-cache",
    { cache: { maxEntries: "many" } },
    false,
    "cache.maxEntries: is a string, expected an integer",
  ],
  [
    "ai-cache",
    { cache: { maxBytes: "64MB" } },
    false,
    "cache.maxBytes: is a string, expected an integer (bytes)",
  ],
  [
    "ai-cache",
    { role: "adm" },
    false,
    'role: unknown value "adm", expected one of hop-addtrailer, hop-hold, admin',
  ],
  [
    "ai-cache",
    { role: "admin", token: "x" },
    false,
    "token: is required with role admin, 16 characters or more",
  ],
  ["ai-cache", { redis: {} }, false, "redis.serviceName: cache service name is required"],
  [
    "ai-cache",
    { provider: { type: "openai" } },
    true,
    "unknown key provider (it belongs to ai-proxy)",
  ],
  [
    "ai-proxy",
    "{“provider”: {}}",
    false,
    'invalid JSON at line 1, column 2, at "“provider": JSON allows only straight double quotes',
  ],
  ["ai-proxy", '\ufeff{"provider":{"type":"openai"}}', true, "ai-proxy 0.1.0: openai"],
  [
    "ai-proxy",
    '{"provider":{"type":"openai"}',
    false,
    "at line 1, column 30, where the text ends: a bracket or a quote is missing",
  ],
  ["ai-cache", "null", false, "the configuration is null, expected an object"],
  ["ai-cache", '{"cacheTTL": NaN}', false, "JSON spells them true, false and null"],
  [
    "ai-proxy",
    { provider: { type: "openai", apiToken: ["k"] } },
    true,
    "provider.apiToken: is read as apiTokens",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: [] } },
    true,
    "provider.apiTokens: is empty: each client's own credential is sent to provider openai",
  ],
  ["ai-proxy", { provider: { type: "openai", apiTokens: ["k\n"] } }, true, "openai 1 key"],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["Bearer sk-abc"] } },
    false,
    'provider.apiTokens[0]: starts with "Bearer": write the key alone',
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["sk-a,sk-b"] } },
    true,
    "provider.apiTokens[0]: contains a comma: write several keys as several elements",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["${NOT_THERE}"] } },
    false,
    "provider.apiTokens[0]: refers to the variable NOT_THERE, which the module cannot read: set it for Envoy, and list it in vm_config.environment_variables.host_env_keys",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["os.environ/OPENAI_API_KEY"] } },
    false,
    "provider.apiTokens[0]: is a variable that was not replaced: ${NAME} is read from Envoy's environment",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["<your key>"] } },
    false,
    "provider.apiTokens[0]: is a placeholder: write the key itself",
  ],
  [
    "ai-cache",
    { embedding: { type: "dashscope", serviceName: "d", apiKey: ["Your Key"] } },
    false,
    "embedding.apiKey: is an array, expected a string",
  ],
  [
    "ai-proxy",
    { provider: { type: "custom", apiTokens: ["k"] } },
    false,
    "provider.type: unknown provider type: custom (did you mean openai?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], openaiCustomUrl: "http://localhost:11434" } },
    true,
    "provider.openaiCustomUrl: has no path: most servers have their API below /v1, as in HOST:PORT/v1",
  ],
  ...["ws://x/v1", "my server/v1", "<your-host>/v1", "http://user:pw@x/v1", "https:///v1"].map(
    (url) => [
      "ai-proxy",
      { provider: { type: "openai", apiTokens: ["k"], openaiCustomUrl: url } },
      false,
      "provider.openaiCustomUrl: has no host: write [http[s]://]HOST[:PORT]/v1",
    ],
  ),
  [
    "ai-proxy",
    { provider: { type: "ollama", ollamaServerHost: "http://localhost", ollamaServerPort: 11434 } },
    true,
    'provider.ollamaServerHost: is a host name: "http://" is ignored (TLS is set on the cluster)',
  ],
  [
    "ai-proxy",
    {
      provider: {
        type: "openai",
        apiTokens: ["k"],
        capabilities: { "openai/v1/chatcompletions": "http://x/v1/chat/completions" },
      },
    },
    false,
    "provider.capabilities.openai/v1/chatcompletions: is a URL, expected a path, such as /v1/chat/completions",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], capabilities: { chat: "/chat" } } },
    true,
    "provider.capabilities.chat: is not a known API",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], temperature: 0 } },
    true,
    "provider: unknown key temperature (did you mean customSettings?)",
  ],
  [
    "ai-proxy",
    {
      provider: {
        type: "openai",
        apiTokens: ["k"],
        customSettings: [{ key: "temperature", value: 0 }],
      },
    },
    true,
    "provider.customSettings[0]: unknown key key (did you mean name?)",
  ],
  [
    "ai-proxy",
    { provider: { type: "openai", apiTokens: ["k"], modelMapping: { "~^(gpt": "x" } } },
    false,
    "provider.modelMapping.~^(gpt: is not a valid regular expression: missing closing )",
  ],
  [
    "ai-proxy",
    {
      providers: [
        { id: "a", type: "openai" },
        { id: "a", type: "deepseek", apiTokens: ["k"] },
      ],
      activeProviderId: "a",
    },
    true,
    'providers[1].id: "a" is used twice: the first one counts',
  ],
  [
    "ai-proxy",
    { providers: [{ type: "openai" }], activeProviderId: "a" },
    true,
    "providers[0].id: is missing: activeProviderId selects providers by it",
  ],
  [
    "ai-proxy",
    { _rules_: [{ _match_domain_: ["http://a.example"], provider: { type: "openai" } }] },
    true,
    '_rules_[0]._match_domain_: "http://a.example" matches nothing: write the host alone, without scheme, port and path',
  ],
  [
    "ai-proxy",
    { _rules_: [{ _match_domain_: ["nobody.example"], provider: { type: "openai" } }] },
    true,
    "ai-proxy 0.1.0: openai; 1 rule, requests outside pass untouched",
  ],
  ["ai-proxy", { matchRules: [] }, true, "unknown key matchRules (did you mean _rules_?)"],
  [
    "ai-proxy",
    { defaultConfig: { provider: { type: "openai" } } },
    true,
    "unknown key defaultConfig (its content belongs at the top of the configuration)",
  ],
  [
    "ai-cache",
    { "ai-cache": { explain: true } },
    true,
    "unknown key ai-cache (its content belongs at the top of the configuration)",
  ],
  [
    "ai-proxy",
    { provider: { type: "claude", apiTokens: ["k"], version: "2023-06-01" } },
    true,
    "provider: unknown key version",
  ],
  [
    "ai-proxy",
    { provider: { type: "claude", apiTokens: ["k"], claudeCodeMode: true } },
    false,
    "provider.claudeCodeMode: is not supported: it sends subscription tokens in the name of another program",
  ],
  [
    "ai-proxy",
    { provider: { type: "hunyuan", apiTokens: [""], hunyuanAuthId: "a", hunyuanAuthKey: "b" } },
    true,
    "provider.apiTokens[0]: is empty and not used",
  ],
  [
    "ai-proxy",
    {
      provider: { type: "qwen", apiTokens: ["k"], qwenFileIds: ["f"], qwenEnableCompatible: true },
    },
    true,
    "provider.qwenFileIds: applies to the vendor's native API only (qwenEnableCompatible: false)",
  ],
  [
    "ai-proxy",
    { provider: { type: "minimax", apiTokens: ["k"], minimaxGroupId: "g" } },
    true,
    "provider.minimaxGroupId: applies to minimaxApiType: pro only and has no effect",
  ],
  [
    "ai-proxy",
    { provider: { type: "cloudflare", apiTokens: ["k"] } },
    false,
    "provider.cloudflareAccountId: missing cloudflareAccountId in provider config",
  ],
  [
    "ai-proxy",
    {
      provider: {
        type: "vertex",
        vertexAuthKey: '{"type": "service_account", "private_key": "..."}',
        vertexRegion: "us-central1",
        vertexProjectId: "p",
        vertexAuthServiceName: "s",
      },
    },
    false,
    "provider.vertexAuthKey: is not the JSON of a service account with an RSA key in PKCS #8 (its value is not shown)",
  ],
  [
    "ai-cache",
    { cache: { type: "redis", serviceName: "redis://r:6379" } },
    true,
    'cache.serviceName: "redis://r:6379" is an address: write the name of the cluster that has it',
  ],
  [
    "ai-cache",
    { embedding: { type: "ollama", serviceName: "ollama:11434", model: "bge-m3" } },
    true,
    'embedding.serviceName: "ollama:11434" is an address: write the name of the cluster that has it',
  ],
  [
    "ai-cache",
    { cache: { type: "memory", serviceName: "redis" } },
    true,
    'cache.type: answers stay in memory, and serviceName is not used: for a Redis write "type": "redis"',
  ],
  [
    "ai-cache",
    {
      vector: {
        type: "dashvector",
        serviceDomain: "x",
        serviceName: "d",
        apiKey: "k",
        collectionID: "c",
      },
      embedding: { type: "dashscope", serviceName: "d", apiKey: "k" },
    },
    true,
    "vectors in dashvector",
  ],
  [
    "ai-cache",
    { vector: { type: "chroma", serviceName: "c", collectionID: "x", serviceHost: "http://c" } },
    true,
    'vector.serviceHost: is a host name: "http://" is ignored (TLS is set on the cluster)',
  ],
  [
    "ai-cache",
    { paths: ["/v1/*"] },
    true,
    "paths: holds /v1/*, a pattern: write the suffix of the paths, such as /chat/completions",
  ],
  [
    "ai-cache",
    { match: { threshold: "95%" } },
    false,
    "match.threshold: must be a cosine similarity above 0 and up to 1",
  ],
  ["ai-cache", { cacheTTL: "1d" }, false, "cacheTTL: is a string, expected an integer (seconds)"],
  ["ai-cache", { cacheTTL: 86400000 }, true, "life 1000 d"],
  [
    "ai-cache",
    { tenant: { from: ["shared", "credential"] } },
    false,
    'tenant.from: "shared" cannot be combined with other sources',
  ],
];

describe("a mistake in a configuration", () => {
  for (const [name, configuration, isTaken, words] of MISTAKES) {
    it(`${name} ${JSON.stringify(configuration).slice(0, 100)}`, () => {
      const { accepted, vm } = plugin(name, configuration);
      assert.equal(accepted, isTaken);
      assert.ok(vm.logText().includes(words), vm.logText());
      vm.takeLog(3);
    });
  }

  it("in one setting says nothing about others", () => {
    const configuration = { tenant: { from: "jwt", cookies: ["sid"], consumerIsTrusted: true } };
    const { accepted, vm } = plugin("ai-cache", configuration);
    assert.ok(!accepted);
    assert.doesNotMatch(vm.logText(), /is not used without|is empty/);
    vm.takeLog(3);
  });

  it("that names the file of the other module is reported at load", () => {
    for (const [name, other] of [
      ["ai-cache", "ai-proxy"],
      ["ai-proxy", "ai-cache"],
    ]) {
      const { accepted, vm } = plugin(name, "{}", { rootName: other });
      assert.ok(accepted);
      const words = `this module is ${name}, and the plugin's root_id is ${other}: does vm_config.code name`;
      assert.ok(vm.takeLog(3).includes(words));
      for (const rootName of [name, "", "any"]) {
        assert.ok(!plugin(name, "{}", { rootName }).vm.logText().includes("root_id"));
      }
    }
  });

  it("has dozens of different messages", () => {
    assert.ok(MISTAKES.length >= 146);
    assert.ok(new Set(MISTAKES.map(([, , , words]) => words)).size >= 115);
  });
});
