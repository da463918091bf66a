/** Many providers behind one listener. */
import { HOLDS } from "./chain.mjs";
import { cluster, file, gateway, wasm } from "./parts.mjs";

/** By type: host, and the settings that it needs besides a key. The first one serves requests that name no provider. */
const PROVIDERS = {
  openai: ["api.openai.com"],
  ai360: ["api.360.cn"],
  baichuan: ["api.baichuan-ai.com"],
  cloudflare: ["api.cloudflare.com", { cloudflareAccountId: "your-account" }],
  deepseek: ["api.deepseek.com"],
  fireworks: ["api.fireworks.ai"],
  galadriel: ["api.galadriel.com"],
  github: ["models.github.ai"],
  grok: ["api.x.ai"],
  groq: ["api.groq.com"],
  longcat: ["api.longcat.chat"],
  openrouter: ["openrouter.ai"],
  stepfun: ["api.stepfun.com"],
  "together-ai": ["api.together.xyz"],
  azure: [
    "your-resource.openai.azure.com",
    { azureServiceUrl: "https://your-resource.openai.azure.com/openai/v1" },
  ],
  baidu: ["qianfan.baidubce.com"],
  coze: ["api.coze.cn"],
  doubao: ["ark.cn-beijing.volces.com"],
  hunyuan: ["api.hunyuan.cloud.tencent.com"],
  minimax: ["api.minimax.chat"],
  mistral: ["api.mistral.ai"],
  moonshot: ["api.moonshot.cn"],
  qwen: ["dashscope.aliyuncs.com"],
  spark: ["spark-api-open.xf-yun.com"],
  zhipuai: ["open.bigmodel.cn"],
  yi: ["api.lingyiwanwu.com"],
  cerebras: ["api.cerebras.ai"],
  deepinfra: ["api.deepinfra.com"],
  huggingface: ["router.huggingface.co"],
  hyperbolic: ["api.hyperbolic.xyz"],
  modelscope: ["api-inference.modelscope.cn"],
  nebius: ["api.tokenfactory.nebius.com"],
  novita: ["api.novita.ai"],
  nvidia: ["integrate.api.nvidia.com"],
  perplexity: ["api.perplexity.ai"],
  qiniu: ["api.qnaigc.com"],
  sambanova: ["api.sambanova.ai"],
  siliconflow: ["api.siliconflow.cn"],
  bedrock: ["bedrock-runtime.us-east-1.amazonaws.com", { awsRegion: "us-east-1" }],
  claude: ["api.anthropic.com"],
  cohere: ["api.cohere.com"],
  deepl: ["api.deepl.com", { targetLang: "EN" }],
  dify: ["api.dify.ai", { botType: "Chat" }],
  gemini: ["generativelanguage.googleapis.com"],
  kling: ["api-singapore.klingai.com"],
  vertex: ["aiplatform.googleapis.com"],
};

/** Servers of the operator's, without TLS, by type: address, port, settings. */
const OWN = {
  triton: ["triton", 8000, { apiTokens: ["sk-triton"], tritonDomain: "triton:8000" }],
  ollama: ["ollama", 11434, { ollamaServerHost: "ollama" }],
  vllm: ["vllm", 8000, { vllmServerHost: "vllm:8000" }],
};

const [first, ...others] = Object.keys(PROVIDERS);
const names = [...others, ...Object.keys(OWN)];

const route = (name) => `- name: ${name}
  match:
    prefix: "/"
    headers:
      - name: x-provider
        string_match:
          exact: ${name}
  route:
    cluster: ${name}
    timeout: 0s
`;

/** JSON on one line, with spaces, so that each provider has a line of its own. */
const line = (value) =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replaceAll("{ ", "{")
    .replaceAll(" }", "}")
    .replaceAll("[ ", "[")
    .replaceAll(" ]", "]");

function providerOf(type) {
  if (type in OWN) return { type, ...OWN[type][2] };
  return { type, apiTokens: [`sk-${type}`], ...PROVIDERS[type][1] };
}

const rules = names
  .map((type) => `    ${line({ _match_route_: [type], provider: providerOf(type) })}`)
  .join(",\n");
const configuration = `{\n  "provider": ${line(providerOf(first))},\n  "_rules_": [\n${rules}\n  ]\n}`;

/** Providers selected by the model's name: the patterns, in the order in which they are tried. */
const BY_MODEL = { openai: ["gpt-*", "o*"], claude: ["claude-*"], gemini: ["gemini-*"] };

const follows = (name) => `- name: ${name}
  match:
    prefix: "/"
    headers:
      - name: x-ai-proxy-provider
        string_match:
          exact: ${name}
  # The vendor need not see it.
  request_headers_to_remove: [x-ai-proxy-provider]
  route:
    cluster: ${name}
    timeout: 0s
`;

/** The route of requests until ai-proxy has selected a provider; without a selection they get a 404. */
const UNCHOSEN = `- name: unchosen
  match:
    prefix: "/"
  direct_response:
    status: 404
`;

/** Text of each file by its name. */
export const PROVIDER_FILES = {
  "models.yaml": () =>
    file({
      head: `
Several providers behind one listener of stock Envoy, of which the requested model chooses one: "gpt-5" goes to openai,
"claude-opus-5" to claude, "openai/any-name" to openai as "any-name". Other models get 404 model_not_found.

ai-proxy reads the model, sets the header "x-ai-proxy-provider" to the provider's id, and Envoy selects the route anew.
Requests stand at the route "unchosen" before; it has no cluster, so that nothing leaves without a provider's key.
ai-cache keeps nothing where it does not see the cluster, unless a header is said to decide: "scopeHeaders". Here the
model decides, which is part of every key anyway.

Put your keys in, and mount the modules at /etc/envoy/.
`,
      listeners: [
        gateway({
          routes: Object.keys(BY_MODEL).map(follows).join("") + UNCHOSEN,
          filters: [
            wasm({
              module: "ai-cache",
              notes: { holds: HOLDS },
              configuration: { explain: true, scopeHeaders: ["content-type"] },
            }),
            wasm({
              module: "ai-proxy",
              configuration: `{\n  "providers": [\n${Object.entries(BY_MODEL)
                .map(([id, models]) => `    ${line({ id, models, ...providerOf(id) })}`)
                .join(",\n")}\n  ]\n}`,
            }),
          ],
        }),
      ],
      clusters: Object.keys(BY_MODEL).map((name) =>
        cluster({ name, address: PROVIDERS[name][0], port: 443, secure: true, optional: true }),
      ),
    }),
  "providers.yaml": () =>
    file({
      head: `
Many providers behind one listener of stock Envoy: each with its own route, cluster (TLS, SNI, checked certificate), key
and path. A client chooses by the header "x-provider"; without it the request goes to openai.

Why by a header: ai-proxy rewrites host and path, and Envoy then selects the route again. A route must therefore match
by something that stays. Rules of ai-proxy look at the route that was selected first, by its name.

Keep the providers that you have, put your keys in, and mount the modules at /etc/envoy/.
`,
      listeners: [
        gateway({
          routes:
            names.map(route).join("") +
            `- name: ${first}\n  match:\n    prefix: "/"\n  route:\n    cluster: ${first}\n    timeout: 0s\n`,
          filters: [
            wasm({ module: "ai-cache", notes: { holds: HOLDS }, configuration: { explain: true } }),
            wasm({ module: "ai-proxy", configuration }),
          ],
        }),
      ],
      clusters: [
        ...Object.entries(PROVIDERS).map(([name, [address]]) =>
          cluster({ name, address, port: 443, secure: true, optional: true }),
        ),
        ...Object.entries(OWN).map(([name, [address, port]], index) =>
          cluster({
            name,
            address,
            port,
            optional: true,
            note: index === 0 ? "Servers of your own, without TLS." : undefined,
          }),
        ),
      ],
    }),
};
