/** Every row of the provider table: where its requests go, with which key and which body. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ROOT } from "../../scripts/tools/paths.mjs";
import { providerTable } from "../../scripts/tools/described.mjs";
import { BUILDS, chatBody, exchange, expectLog, jsonUpstream, plugin } from "./support.mjs";
import { providerOf } from "./types.mjs";

const CHAT = "/v1/chat/completions";

/**
 * One case a row: what the configuration needs, host and chat path, and what differs from the rule
 * (a bearer token, `developer` becomes `system`, `max_completion_tokens` stays, an unknown API is
 * refused).
 */
const ROWS = {
  openai: { host: "api.openai.com", chat: CHAT, developer: true },
  ai360: { host: "api.360.cn", chat: CHAT, renames: true },
  azure: {
    config: { azureServiceUrl: "https://res.openai.azure.com/openai/v1" },
    host: "res.openai.azure.com",
    chat: "/openai/v1/chat/completions",
    developer: true,
    passes: "/openai/v1/audio/speech",
    keyHeader: "api-key",
  },
  baichuan: { host: "api.baichuan-ai.com", chat: CHAT },
  baidu: { host: "qianfan.baidubce.com", chat: "/v2/chat/completions" },
  cloudflare: {
    config: { cloudflareAccountId: "acct" },
    host: "api.cloudflare.com",
    chat: "/client/v4/accounts/acct/ai/v1/chat/completions",
    renames: true,
  },
  coze: { host: "api.coze.cn", chat: CHAT, developer: true, untouched: true, passes: true },
  deepseek: { host: "api.deepseek.com", chat: CHAT, renames: true },
  doubao: { host: "ark.cn-beijing.volces.com", chat: "/api/v3/chat/completions" },
  fireworks: { host: "api.fireworks.ai", chat: "/inference/v1/chat/completions" },
  galadriel: { host: "api.galadriel.com", chat: CHAT },
  generic: {
    config: { genericHost: "llm.internal" },
    host: "llm.internal",
    chat: CHAT,
    developer: true,
    untouched: true,
    passes: true,
  },
  github: { host: "models.github.ai", chat: "/inference/chat/completions", developer: true },
  grok: { host: "api.x.ai", chat: CHAT, developer: true },
  groq: {
    host: "api.groq.com",
    chat: "/openai/v1/chat/completions",
    passes: "/openai/v1/audio/speech",
  },
  hunyuan: { host: "api.hunyuan.cloud.tencent.com", chat: CHAT, renames: true },
  minimax: { host: "api.minimax.chat", chat: "/v1/text/chatcompletion_v2" },
  mistral: { host: "api.mistral.ai", chat: CHAT, renames: true, usageUnasked: true },
  moonshot: { host: "api.moonshot.cn", chat: CHAT, renames: true },
  qwen: { host: "dashscope.aliyuncs.com", chat: "/compatible-mode/v1/chat/completions" },
  spark: { host: "spark-api-open.xf-yun.com", chat: CHAT, renames: true },
  zhipuai: {
    host: "open.bigmodel.cn",
    chat: "/api/paas/v4/chat/completions",
    renames: true,
    passes: "/api/paas/v4/audio/speech",
  },
  longcat: { host: "api.longcat.chat", chat: "/openai/v1/chat/completions", renames: true },
  openrouter: {
    host: "openrouter.ai",
    chat: "/api/v1/chat/completions",
    developer: true,
    passes: "/api/v1/audio/speech",
  },
  ollama: {
    config: { ollamaServerHost: "ollama.internal" },
    host: "ollama.internal:11434",
    chat: CHAT,
    renames: true,
    passes: "/v1/audio/speech",
  },
  stepfun: { host: "api.stepfun.com", chat: CHAT, passes: "/v1/audio/speech" },
  "together-ai": { host: "api.together.xyz", chat: CHAT, passes: "/v1/audio/speech" },
  vllm: { host: "vllm-service.cluster.local", chat: CHAT, passes: true },
  yi: { host: "api.lingyiwanwu.com", chat: CHAT },
  cerebras: { host: "api.cerebras.ai", chat: CHAT },
  deepinfra: { host: "api.deepinfra.com", chat: "/v1/openai/chat/completions" },
  huggingface: { host: "router.huggingface.co", chat: CHAT },
  hyperbolic: { host: "api.hyperbolic.xyz", chat: CHAT },
  modelscope: { host: "api-inference.modelscope.cn", chat: CHAT },
  nebius: { host: "api.tokenfactory.nebius.com", chat: CHAT },
  novita: { host: "api.novita.ai", chat: "/openai/v1/chat/completions" },
  nvidia: { host: "integrate.api.nvidia.com", chat: CHAT },
  qiniu: { host: "api.qnaigc.com", chat: CHAT },
  sambanova: { host: "api.sambanova.ai", chat: CHAT },
  siliconflow: {
    host: "api.siliconflow.cn",
    chat: CHAT,
    renames: true,
    passes: "/v1/audio/speech",
  },
};

/** The types of Higress' Go plugin. */
const GO_TYPES =
  "ai360 azure baichuan baidu bedrock claude cloudflare cohere coze deepl deepseek dify doubao fireworks galadriel gemini generic github grok"
    .split(" ")
    .concat(
      "groq hunyuan kling longcat minimax mistral moonshot ollama openai openrouter qwen spark stepfun together-ai triton vertex vllm yi zhipuai".split(
        " ",
      ),
    );

const { types } = providerTable();
const tableRows = types.map((type) => type.name);
/**
 * Those with a protocol of their own are tested in `dialects.test.mjs` and `apis.test.mjs`; perplexity, whose chats
 * are the Responses API's, below.
 */
const openAiRows = types
  .filter(({ name, isOwn }) => !isOwn && !["kling", "perplexity"].includes(name))
  .map(({ name }) => name);

const start = (type, build, members = {}) => {
  const proxy = plugin(
    "ai-proxy",
    { provider: { type, apiTokens: ["key-1"], ...ROWS[type]?.config, ...members } },
    { build },
  );
  assert.ok(proxy.accepted, proxy.vm.logText());
  assert.equal(proxy.vm.logText(3), "", "no warning");
  return proxy;
};

const ask = (proxy, request) => {
  const upstream = jsonUpstream();
  const stream = exchange([proxy], request, upstream);
  return { stream, request: upstream.requests[0] };
};

describe("the provider table", () => {
  it("has a case here for every row, and docs/providers.md is made from it", () => {
    assert.deepEqual(Object.keys(ROWS).toSorted(), openAiRows.toSorted());
    const check = spawnSync(
      process.execPath,
      [join(ROOT, "scripts/provider-docs.mjs"), "--check"],
      { encoding: "utf8" },
    );
    assert.equal(check.status, 0, check.stderr);
  });

  it("declares every key that only some types have: others say that it has no effect", () => {
    const keys = types.flatMap((type) => type.keys.map(({ name }) => name));
    assert.ok(keys.length >= 50);
    for (const name of keys) {
      const other = types.find((type) => type.keys.every((key) => key.name !== name));
      const words = new RegExp(`${name}: has no effect for type ${other.name}$`);
      expectLog(words);
      const taken = plugin("ai-proxy", { provider: providerOf(other.name, { [name]: "x" }) });
      assert.ok(taken.accepted, taken.vm.logText());
      assert.match(taken.vm.logText(3), words);
    }
  });

  it("has at least the types of the Go plugin, each once", () => {
    for (const name of GO_TYPES) assert.ok(tableRows.includes(name), name);
    assert.deepEqual([...new Set(tableRows)], tableRows);
  });
});

for (const build of BUILDS) {
  for (const [type, row] of Object.entries(ROWS)) {
    describe(`${type} (${build})`, () => {
      it("gets chat requests at its host and path, with our key and no other", () => {
        const { request } = ask(start(type, build), {
          path: "/team/v1/chat/completions?a=b",
          body: chatBody("hi", { stream: false }),
          headers: { authorization: "Bearer client", "x-api-key": "client" },
        });
        assert.equal(request.headers.get(":authority"), row.host);
        assert.equal(
          request.headers.get(":path"),
          row.untouched ? "/team/v1/chat/completions?a=b" : `${row.chat}?a=b`,
        );
        const bearer = row.keyHeader ? undefined : "Bearer key-1";
        assert.equal(request.headers.get("authorization"), bearer);
        if (row.keyHeader) assert.equal(request.headers.get(row.keyHeader), "key-1");
        assert.equal(request.headers.get("x-api-key"), undefined);
        assert.equal(
          request.body.toString(),
          chatBody("hi", { stream: false }),
          "nothing to change, nothing changed",
        );
      });

      it("gets bodies in its own terms, otherwise byte for byte", () => {
        const body =
          '{ "model":"gpt-4", "max_completion_tokens" : 1.0, "messages":[{"role":"developer","content":"d"}],"x":[1e-7,"\\u00e9"],"stream":true }';
        const { request } = ask(start(type, build, { modelMapping: { "gpt-4": "own" } }), { body });
        let wanted = body.replace("gpt-4", "own");
        if (!row.developer) wanted = wanted.replace('"developer"', '"system"');
        if (row.renames) wanted = wanted.replace("max_completion_tokens", "max_tokens");
        if (!row.untouched && !row.usageUnasked)
          wanted = wanted.replace(/ \}$/, ' ,"stream_options":{"include_usage":true}}');
        assert.equal(request.body.toString(), wanted);
        assert.equal(request.headers.get("content-length"), String(Buffer.byteLength(wanted)));
      });

      it("is not asked for what it does not offer", () => {
        const { stream, request } = ask(start(type, build), {
          path: "/v1/audio/speech",
          body: '{"model":"m"}',
        });
        if (row.passes || type === "openai") {
          const path = typeof row.passes === "string" ? row.passes : "/v1/audio/speech";
          assert.equal(request.headers.get(":path"), path);
        } else {
          assert.equal(request, undefined);
          assert.equal(stream.received.status, 404);
          assert.equal(stream.json.error.code, "unsupported_api");
        }
      });

      it("wants a key unless it can do without", () => {
        const bare = plugin("ai-proxy", { provider: { type, ...row.config } }, { build });
        const optional = ["openai", "generic", "ollama", "vllm", "hunyuan", "spark"].includes(type);
        assert.equal(bare.accepted, optional);
        if (!optional) assert.match(bare.vm.takeLog(), /no apiToken found in provider config/);
      });
    });
  }
}

describe("what single types have of their own", () => {
  const key = (provider, headers = { authorization: "Bearer mine", "x-api-key": "other" }) => {
    const proxy = plugin("ai-proxy", { provider });
    assert.ok(proxy.accepted, proxy.vm.logText());
    const { request } = ask(proxy, { body: chatBody(), headers });
    return [request.headers.get("authorization"), request.headers.get("x-api-key")];
  };

  it("without tokens: vllm and generic pass the client's credential, ollama strips it, and clientAuth decides", () => {
    assert.deepEqual(key({ type: "vllm" }), ["Bearer mine", "other"]);
    assert.deepEqual(key({ type: "generic" }), ["Bearer mine", "other"]);
    assert.deepEqual(key({ type: "ollama", ollamaServerHost: "o" }), [undefined, undefined]);
    assert.deepEqual(key({ type: "vllm", clientAuth: "strip" }), [undefined, undefined]);
    assert.deepEqual(key({ type: "ollama", ollamaServerHost: "o", clientAuth: "pass" }), [
      "Bearer mine",
      "other",
    ]);
  });

  it("perplexity gets chats by the Responses API, which is all that it has", () => {
    const { request, stream } = ask(start("perplexity", "stock"), {
      body: chatBody("hi", { model: "perplexity/sonar" }),
    });
    assert.equal(request.headers.get(":authority"), "api.perplexity.ai");
    assert.equal(request.headers.get(":path"), "/v1/responses");
    assert.equal(request.headers.get("authorization"), "Bearer key-1");
    const sent = JSON.parse(request.body);
    assert.equal(sent.model, "perplexity/sonar");
    assert.deepEqual([sent.messages, typeof sent.input], [undefined, "object"]);
    assert.equal(stream.received.status, 502, "a chat is no answer of that API");
  });

  it("Anthropic's clients reach those that speak their protocol, each at its path", () => {
    for (const [type, host, path] of [
      ["deepinfra", "api.deepinfra.com", "/anthropic/v1/messages"],
      ["deepseek", "api.deepseek.com", "/anthropic/v1/messages"],
      ["longcat", "api.longcat.chat", "/anthropic/v1/messages"],
      ["novita", "api.novita.ai", "/anthropic/v1/messages"],
      ["qiniu", "api.qnaigc.com", "/v1/messages"],
      ["sambanova", "api.sambanova.ai", "/v1/messages"],
      ["siliconflow", "api.siliconflow.cn", "/v1/messages"],
    ]) {
      const body = '{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}';
      const { request } = ask(start(type, "stock"), { path: "/v1/messages", body });
      assert.equal(request.headers.get(":authority"), host);
      assert.equal(request.headers.get(":path"), path, type);
      assert.equal(request.body.toString(), body);
    }
  });

  it("cerebras is not sent what it refuses, siliconflow gets its own parameters for thinking", () => {
    const sentTo = (type, members) =>
      JSON.parse(ask(start(type, "stock"), { body: chatBody("hi", members) }).request.body);
    const refused = { top_k: 1, prompt_cache_key: "k" };
    const plain = sentTo("cerebras", { ...refused, temperature: 1 });
    assert.deepEqual(Object.keys(plain), ["model", "messages", "temperature"]);
    const llama = sentTo("cerebras", { model: "llama3.1-8b", reasoning_effort: "low" });
    assert.equal(llama.reasoning_effort, undefined);
    assert.equal(sentTo("siliconflow", { reasoning_effort: "none" }).enable_thinking, false);
  });

  it("ai360 keeps a scheme that the key brings", () => {
    assert.deepEqual(key({ type: "ai360", apiTokens: ["Basic abc"] }), ["Basic abc", undefined]);
    assert.deepEqual(key({ type: "yi", apiTokens: ["plain"] }), ["Bearer plain", undefined]);
  });

  const target = (provider, path) => {
    const proxy = plugin("ai-proxy", { provider: { apiTokens: ["k"], ...provider } });
    assert.ok(proxy.accepted, proxy.vm.logText());
    const { headers } = ask(proxy, { path, body: chatBody() }).request;
    return headers.get(":authority") + headers.get(":path");
  };

  it("vllm has a URL and a host of its own, ollama a port", () => {
    assert.equal(
      target({ type: "vllm", vllmCustomUrl: "http://v:9/api/v1" }, CHAT),
      "v:9/api/v1/chat/completions",
    );
    assert.equal(
      target({ type: "vllm", vllmCustomUrl: "v:9/v1/rerank" }, "/v1/rerank"),
      "v:9/v1/rerank",
    );
    assert.equal(target({ type: "vllm", vllmServerHost: "v:8" }, CHAT), `v:8${CHAT}`);
    assert.equal(
      target({ type: "ollama", ollamaServerHost: "o", ollamaServerPort: 9 }, CHAT),
      `o:9${CHAT}`,
    );
    assert.equal(target({ type: "generic" }, "/any/path?x"), "gateway.example/any/path?x");
    assert.equal(
      target({ type: "yi", providerDomain: "proxy.internal" }, CHAT),
      `proxy.internal${CHAT}`,
    );
    assert.equal(
      target({ type: "yi", capabilities: { "openai/v1/embeddings": "/e" } }, "/v1/embeddings"),
      "api.lingyiwanwu.com/e",
    );
  });

  it("what is missing is named", () => {
    const fault = (provider) => plugin("ai-proxy", { provider }).vm.takeLog();
    assert.match(fault({ type: "ollama" }), /missing ollamaServerHost/);
    assert.match(fault({ type: "cloudflare", apiTokens: ["k"] }), /missing cloudflareAccountId/);
  });
});
