/** Every type of provider through the real Envoy: one instance, one rule and one strict upstream for all of them. */
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { chatBody, completion, Gateway } from "./support.mjs";

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
};
const MORE = {
  cloudflare: { cloudflareAccountId: "acct" },
  ollama: { ollamaServerHost: "ollama.internal" },
  generic: { genericHost: "llm.internal" },
};

describe("provider types", () => {
  let server;
  let gateway;
  const seen = [];

  before(async () => {
    server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push({
        host: request.headers.host,
        url: request.url,
        authorization: request.headers.authorization,
        body: JSON.parse(Buffer.concat(chunks)),
      });
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(completion(`from ${request.headers.host}`)));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
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
  after(async () => {
    await gateway?.stop();
    server?.closeAllConnections();
    server?.close();
  });

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
