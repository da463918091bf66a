/**
 * Every type of provider through the real Envoy: one instance, one rule and one strict upstream for
 * all of them.
 */
import assert from "node:assert/strict";
import http from "node:http";
import * as consume from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { loadEnvoyConfig, setCluster } from "../../scripts/tools/envoy-config.mjs";
import { listen } from "../fakes/http-server.mjs";
import { chatBody, completion, CREDENTIAL, Gateway, stopAll } from "./support.mjs";

const TYPES = {
  ai360: ["api.360.cn", "/v1/chat/completions"],
  baichuan: ["api.baichuan-ai.com", "/v1/chat/completions"],
  cloudflare: ["api.cloudflare.com", "/client/v4/accounts/acct/ai/v1/chat/completions"],
  deepseek: ["api.deepseek.com", "/v1/chat/completions"],
  fireworks: ["api.fireworks.ai", "/inference/v1/chat/completions"],
  galadriel: ["api.galadriel.com", "/v1/chat/completions"],
  generic: ["llm.internal", "/v1/chat/completions"],
  github: ["models.github.ai", "/inference/chat/completions"],
  grok: ["api.x.ai", "/v1/chat/completions"],
  groq: ["api.groq.com", "/openai/v1/chat/completions"],
  longcat: ["api.longcat.chat", "/openai/v1/chat/completions"],
  openrouter: ["openrouter.ai", "/api/v1/chat/completions"],
  ollama: ["ollama.internal:11434", "/v1/chat/completions"],
  openai: ["api.openai.com", "/v1/chat/completions"],
  stepfun: ["api.stepfun.com", "/v1/chat/completions"],
  "together-ai": ["api.together.xyz", "/v1/chat/completions"],
  vllm: ["vllm-service.cluster.local", "/v1/chat/completions"],
  yi: ["api.lingyiwanwu.com", "/v1/chat/completions"],
  cerebras: ["api.cerebras.ai", "/v1/chat/completions"],
  deepinfra: ["api.deepinfra.com", "/v1/openai/chat/completions"],
  huggingface: ["router.huggingface.co", "/v1/chat/completions"],
  hyperbolic: ["api.hyperbolic.xyz", "/v1/chat/completions"],
  modelscope: ["api-inference.modelscope.cn", "/v1/chat/completions"],
  nebius: ["api.tokenfactory.nebius.com", "/v1/chat/completions"],
  novita: ["api.novita.ai", "/openai/v1/chat/completions"],
  nvidia: ["integrate.api.nvidia.com", "/v1/chat/completions"],
  qiniu: ["api.qnaigc.com", "/v1/chat/completions"],
  sambanova: ["api.sambanova.ai", "/v1/chat/completions"],
  siliconflow: ["api.siliconflow.cn", "/v1/chat/completions"],
  azure: ["your-resource.openai.azure.com", "/openai/v1/chat/completions"],
  baidu: ["qianfan.baidubce.com", "/v2/chat/completions"],
  coze: ["api.coze.cn", "/v1/chat/completions"],
  doubao: ["ark.cn-beijing.volces.com", "/api/v3/chat/completions"],
  hunyuan: ["api.hunyuan.cloud.tencent.com", "/v1/chat/completions"],
  minimax: ["api.minimax.chat", "/v1/text/chatcompletion_v2"],
  mistral: ["api.mistral.ai", "/v1/chat/completions"],
  moonshot: ["api.moonshot.cn", "/v1/chat/completions"],
  qwen: ["dashscope.aliyuncs.com", "/compatible-mode/v1/chat/completions"],
  spark: ["spark-api-open.xf-yun.com", "/v1/chat/completions"],
  zhipuai: ["open.bigmodel.cn", "/api/paas/v4/chat/completions"],
};

/** Types with protocols of their own: host, path, the header of the key and what it holds. */
const OWN = {
  bedrock: ["bedrock-runtime.us-east-1.amazonaws.com", "/model/m/converse"],
  claude: ["api.anthropic.com", "/v1/messages", "x-api-key", "sk-claude"],
  cohere: ["api.cohere.com", "/v2/chat"],
  deepl: ["api.deepl.com", "/v2/translate", "authorization", "DeepL-Auth-Key sk-deepl"],
  dify: ["api.dify.ai", "/v1/chat-messages"],
  gemini: [
    "generativelanguage.googleapis.com",
    "/v1beta/models/m:generateContent",
    "x-goog-api-key",
    "sk-gemini",
  ],
  triton: ["triton:8000", "/v2/models/m/generate"],
  vertex: [
    "aiplatform.googleapis.com",
    "/v1/publishers/google/models/m:generateContent",
    "x-goog-api-key",
    "sk-vertex",
  ],
};
const answers = {};
for (const type of Object.keys(OWN)) {
  const { default: fixture } = await import(`../fixtures/dialects/${type}.mjs`);
  [[answers[type]]] = Object.values(fixture.wholes);
}
answers.kling = { code: 0, data: { task_id: "867" } };

const MORE = {
  cloudflare: { cloudflareAccountId: "acct" },
  ollama: { ollamaServerHost: "ollama.internal" },
  generic: { genericHost: "llm.internal" },
  azure: { azureServiceUrl: "https://your-resource.openai.azure.com/openai/v1" },
};

/** A server in the place of every vendor: records what it gets and answers a chat completion. */
async function startVendors(seen) {
  const server = http.createServer(async (request, response) => {
    const { host, "x-provider": type } = request.headers;
    const key = request.headers["api-key"];
    const authorization = key ? `Bearer ${key}` : request.headers.authorization;
    const body = await consume.json(request);
    seen.push({ host, authorization, url: request.url, headers: request.headers, body });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[type] ?? completion(`from ${host}`)));
  });
  await listen(server);
  return server;
}

describe("provider types", () => {
  let server;
  let gateway;
  const seen = [];

  before(async () => {
    server = await startVendors(seen);
    gateway = await Gateway.start({
      upstreamPort: server.address().port,
      proxy: {
        _rules_: Object.keys(TYPES).map((type) => ({
          _match_domain_: [`${type}.gateway`],
          provider: {
            type,
            apiTokens: [`key-${type}`],
            modelMapping: { asked: "mapped" },
            ...MORE[type],
          },
        })),
      },
    });
  });
  after(() => stopAll(gateway, server));

  for (const [type, [host, path]] of Object.entries(TYPES)) {
    it(`${type}: own host, path, key and model`, async () => {
      const body = chatBody("hi", { model: "asked" });
      const ask = () =>
        new Promise((resolve, reject) => {
          const headers = {
            host: `${type}.gateway`,
            "content-type": "application/json",
            "content-length": Buffer.byteLength(body),
            authorization: "Bearer client",
          };
          const request = http.request(
            {
              host: "127.0.0.1",
              port: gateway.port,
              path: "/v1/chat/completions",
              method: "POST",
              headers,
            },
            (response) => {
              let text = "";
              response.on("data", (data) => (text += data));
              response.on("end", () =>
                resolve({
                  status: response.statusCode,
                  cache: response.headers["cache-status"],
                  text,
                }),
              );
            },
          );
          request.on("error", reject);
          request.end(body);
        });
      const first = await ask();
      assert.equal(first.status, 200, first.text);
      const got = seen.at(-1);
      assert.equal(got.host, host);
      assert.equal(got.url, path);
      assert.equal(got.authorization, `Bearer key-${type}`);
      assert.equal(got.body.model, "mapped");
      assert.match((await ask()).cache, /hit/, "answers are cached for each of them");
    });
  }
});

describe("envoy/providers.yaml", () => {
  let server;
  let gateway;
  const seen = [];

  before(async () => {
    server = await startVendors(seen);
    gateway = await Gateway.startFile("providers.yaml", (config) => {
      for (const cluster of config.static_resources.clusters) {
        setCluster(config, cluster.name, "127.0.0.1", server.address().port);
        delete cluster.transport_socket;
      }
    });
  });
  after(() => stopAll(gateway, server));

  const file = loadEnvoyConfig("providers.yaml");
  const manager = file.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
  const routes = manager.route_config.virtual_hosts[0].routes.map((route) => route.name);

  it("has a route and a cluster for every type with a host", () => {
    const more = { kling: "api-singapore.klingai.com", perplexity: "api.perplexity.ai" };
    const all = [...Object.keys(TYPES), ...Object.keys(OWN), ...Object.keys(more)];
    const types = all.filter((type) => type !== "generic");
    assert.deepEqual(routes.toSorted(), types.toSorted());
    assert.deepEqual(
      file.static_resources.clusters.map((cluster) => cluster.name).toSorted(),
      types.toSorted(),
    );
    for (const { name, transport_socket } of file.static_resources.clusters) {
      const isOwn = ["ollama", "vllm", "triton"].includes(name);
      const host = more[name] ?? (TYPES[name] ?? OWN[name])[0];
      assert.equal(transport_socket?.typed_config.sni, isOwn ? undefined : host);
    }
  });

  for (const type of routes.filter((name) => TYPES[name])) {
    it(`${type}: chosen by header, reached by its own route after the rewriting`, async () => {
      const reply = await gateway.chat(chatBody(`for ${type}`, { model: "m" }), {
        headers: { "x-provider": type },
      });
      assert.equal(reply.status, 200, reply.text);
      const got = seen.at(-1);
      const [host, path] = TYPES[type];
      assert.equal(
        got.host,
        type === "ollama" ? "ollama:11434" : type === "vllm" ? "vllm:8000" : host,
      );
      assert.equal(got.url, path.replace("acct", "your-account"));
      // Without a key vllm gets the client's own, ollama none.
      const own = { ollama: undefined, vllm: CREDENTIAL.authorization };
      assert.equal(got.authorization, type in own ? own[type] : `Bearer sk-${type}`);
    });
  }

  for (const [type, [host, path, header, key]] of Object.entries(OWN)) {
    it(`${type}: asked in its own protocol`, async () => {
      const reply = await gateway.chat(chatBody(`for ${type}`, { model: "m" }), {
        headers: { "x-provider": type },
      });
      assert.equal(reply.status, 200, reply.text);
      assert.equal(JSON.parse(reply.text).object, "chat.completion");
      const got = seen.at(-1);
      assert.deepEqual([got.host, got.url], [host, path]);
      assert.equal(got.headers[header ?? "authorization"], header ? key : `Bearer sk-${type}`);
    });
  }

  it("kling: makes a video", async () => {
    const reply = await gateway.chat(JSON.stringify({ model: "kling-v2", prompt: "p" }), {
      path: "/v1/videos",
      headers: { "x-provider": "kling" },
    });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(JSON.parse(reply.text).data.task_id, "kling-t2v-867");
    const got = seen.at(-1);
    assert.deepEqual(
      [got.host, got.url, got.body],
      [
        "api-singapore.klingai.com",
        "/v1/videos/text2video",
        { model_name: "kling-v2", prompt: "p" },
      ],
    );
  });

  it("sends the rest to openai", async () => {
    await gateway.chat(chatBody("anything", { model: "m" }));
    assert.equal(seen.at(-1).host, "api.openai.com");
  });
});

describe("envoy/models.yaml", () => {
  let server;
  let gateway;
  const seen = [];

  before(async () => {
    server = await startVendors(seen);
    gateway = await Gateway.startFile("models.yaml", (config) => {
      for (const cluster of config.static_resources.clusters) {
        setCluster(config, cluster.name, "127.0.0.1", server.address().port);
        delete cluster.transport_socket;
      }
    });
  });
  after(() => stopAll(gateway, server));

  const chat = (model, options) => gateway.chat(chatBody(`for ${model}`, { model }), options);

  it("the model chooses provider, route, cluster, host and key", async () => {
    for (const [model, host, url, header, key] of [
      ["gpt-5", "api.openai.com", "/v1/chat/completions", "authorization", "Bearer sk-openai"],
      ["claude-opus-5", "api.anthropic.com", "/v1/messages", "x-api-key", "sk-claude"],
    ]) {
      const before = seen.length;
      await chat(model, { headers: { "x-ai-proxy-provider": "gemini" } });
      assert.equal(seen.length, before + 1);
      const got = seen.at(-1);
      assert.deepEqual([got.host, got.url, got.headers[header]], [host, url, key]);
      assert.equal(got.headers["x-ai-proxy-provider"], undefined, "the vendor does not see it");
      assert.equal(got.body.model, model);
    }
  });

  it("a large body that comes in pieces goes the same way, without the provider's name", async () => {
    const question = "x".repeat(300_000);
    const reply = await gateway.chat(chatBody(question, { model: "openai/gpt-5" }));
    assert.equal(reply.status, 200, reply.text);
    assert.equal(seen.at(-1).host, "api.openai.com");
    assert.equal(seen.at(-1).body.model, "gpt-5");
    assert.equal(seen.at(-1).body.messages[0].content, question);
  });

  it("answers are cached, each for its model", async () => {
    const ask = () => chat("gpt-5-mini");
    const one = await ask();
    assert.equal(one.status, 200);
    const asked = seen.length;
    const again = await ask();
    assert.match(again.headers.get("cache-status"), /hit/);
    assert.equal(seen.length, asked);
  });

  it("what nobody has goes to nobody", async () => {
    const asked = seen.length;
    const reply = await chat("nobodys");
    assert.equal(reply.status, 404);
    assert.equal(JSON.parse(reply.text).error.code, "model_not_found");
    assert.equal(seen.length, asked);
  });
});
