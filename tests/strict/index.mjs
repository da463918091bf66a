/**
 * Strict vendors: fakes that reject, with the vendor's status and message, what its documentation or several
 * public reports say that it rejects. Their rules come from these sources and never from the modules' own tables.
 * `DESTINATIONS` names models of each generation for each type with chats.
 */
import { BEDROCK } from "./bedrock.mjs";
import { CLAUDE } from "./claude.mjs";
import { COHERE } from "./cohere.mjs";
import { GEMINI } from "./gemini.mjs";
import { MORE_MODELS } from "./generations.mjs";
import { OPENAI } from "./openai.mjs";
import { NATIVE } from "./native.mjs";
import { FUNCTIONS_ALONE, isResponses, RESPONSES } from "./responses.mjs";
import { judge } from "./rule.mjs";
import { VENDORS } from "./vendors.mjs";

const usual = (model, rules = VENDORS.usual, config = {}) => ({ models: [model], rules, config });

/** Configuration, models and rules by type of provider. */
export const DESTINATIONS = {
  openai: {
    models: ["gpt-4o", "o3", "gpt-5", "gpt-5.2", "gpt-5.4", "gpt-5.6-terra", "gpt-6-sol"],
    rules: OPENAI,
  },
  azure: {
    models: ["gpt-4.1", "gpt-5.6-terra"],
    rules: OPENAI,
    config: { azureServiceUrl: "https://res.openai.azure.com/openai/v1" },
  },
  github: { models: ["openai/gpt-4o", "openai/gpt-5"], rules: OPENAI },
  claude: {
    models: [
      "claude-3-5-haiku-20241022",
      "claude-sonnet-4-5",
      "claude-opus-4-6",
      "claude-opus-4-7",
      "claude-opus-5",
      "claude-sonnet-5-5",
    ],
    rules: CLAUDE,
  },
  bedrock: {
    models: [
      "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "anthropic.claude-opus-4-6-v1",
      "us.anthropic.claude-opus-4-7",
      "anthropic.claude-opus-5",
      "amazon.nova-pro-v1:0",
    ],
    rules: BEDROCK,
    config: { awsRegion: "us-east-1" },
  },
  gemini: {
    models: [
      "gemini-2.5-pro",
      "gemini-3-pro-preview",
      "gemini-pro-latest",
      "models/gemini-3.7-flash",
    ],
    rules: GEMINI,
  },
  vertex: { models: ["gemini-2.5-pro", "gemini-3.7-flash"], rules: GEMINI },
  cohere: { models: ["command-r-plus-08-2024", "command-a-plus-05-2026"], rules: COHERE },
  perplexity: usual("openai/gpt-5"),
  groq: {
    models: ["llama-3.3-70b-versatile", "openai/gpt-oss-120b", "qwen/qwen3-32b"],
    rules: VENDORS.groq,
  },
  fireworks: {
    models: [
      "accounts/fireworks/models/llama-v3p3-70b-instruct",
      "accounts/fireworks/models/deepseek-v4",
    ],
    rules: VENDORS.fireworks,
  },
  mistral: { models: ["mistral-large-2512", "mistral-large-4"], rules: VENDORS.mistral },
  moonshot: {
    models: ["kimi-k2-0905-preview", "kimi-k2.6", "kimi-k2.7-code", "kimi-k3"],
    rules: VENDORS.moonshot,
  },
  zhipuai: { models: ["glm-4.6", "glm-5.2"], rules: VENDORS.zhipuai },
  deepseek: { models: ["deepseek-chat", "deepseek-v4", "deepseek-flash"], rules: VENDORS.deepseek },
  grok: { models: ["grok-4", "grok-4.3", "grok-3-mini"], rules: VENDORS.grok },
  ollama: {
    models: ["qwen3.6:27b"],
    rules: VENDORS.ollama,
    config: { ollamaServerHost: "ollama.internal" },
  },
  vllm: { models: ["Qwen/Qwen3.6-27B"], rules: VENDORS.vllm },
  doubao: usual("doubao-seed-2-1", VENDORS.doubao),
  openrouter: {
    models: ["openai/gpt-4o", "anthropic/claude-opus-4.7"],
    rules: VENDORS.openrouter,
  },
  cerebras: {
    models: ["llama-4-scout-17b-16e-instruct", "gpt-oss-120b"],
    rules: VENDORS.cerebras,
  },
  deepinfra: usual("deepseek-ai/DeepSeek-V3.2"),
  huggingface: usual("openai/gpt-oss-120b"),
  hyperbolic: usual("Qwen/Qwen3-235B-A22B"),
  modelscope: usual("Qwen/Qwen3-32B"),
  nebius: usual("meta-llama/Llama-3.3-70B-Instruct"),
  novita: usual("zai-org/glm-5"),
  nvidia: usual("meta/llama-3.3-70b-instruct", VENDORS.nvidia),
  qiniu: usual("deepseek-v3"),
  sambanova: usual("Meta-Llama-3.3-70B-Instruct"),
  siliconflow: usual("deepseek-ai/DeepSeek-V4-Flash"),
  ai360: usual("360gpt-pro"),
  baichuan: usual("Baichuan4"),
  baidu: usual("ernie-5.0"),
  cloudflare: usual("@cf/meta/llama-3.3-70b-instruct-fp8-fast", VENDORS.usual, {
    cloudflareAccountId: "acct",
  }),
  galadriel: usual("llama3.1:70b"),
  hunyuan: usual("hunyuan-turbos-latest"),
  longcat: usual("LongCat-Flash-Chat"),
  minimax: usual("MiniMax-M2.5"),
  qwen: usual("qwen3-max"),
  spark: usual("4.0Ultra"),
  stepfun: usual("step-3"),
  "together-ai": usual("meta-llama/Llama-3.3-70B-Instruct-Turbo"),
  yi: usual("yi-lightning"),
};

/** A destination's models of each generation that the modules distinguish, without duplicates. */
export const modelsOf = (name) =>
  new Set([...DESTINATIONS[name].models, ...(MORE_MODELS[name] ?? [])]);

/** Paths of Anthropic's models on Vertex AI, whose protocol is Anthropic's. */
const OF_CLAUDE = /\/publishers\/anthropic\/models\//;

/** Whether a destination is OpenAI's own service. */
export const isOpenAis = (name) => name === "openai" || name === "azure";

/**
 * A destination's rejection of a request, `{ id, status, body }`, or null. `signatures`: those that it has issued,
 * if known.
 */
export function judgeRequest(name, model, path, body, signatures) {
  const isForeign = name !== "claude" && /\/messages(\?|$)/.test(path);
  const usual = OF_CLAUDE.test(path) ? CLAUDE : DESTINATIONS[name].rules;
  const own = isForeign ? (NATIVE[name] ?? []) : usual;
  const ofResponses = isOpenAis(name) ? RESPONSES : FUNCTIONS_ALONE;
  return judge(isResponses(path) ? ofResponses : own, body, { model, path, signatures });
}
