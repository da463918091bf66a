import { AuthForm, ProviderType } from "./provider-type";

/** The vendors that this version speaks to. */
const TYPES: ProviderType[] = [
  new ProviderType("openai", "api.openai.com", "/v1", AuthForm.Bearer, false, true),
];

/** Types of the Go plugin that this version does not have. */
const NOT_YET: string[] = [
  "ai360", "azure", "baichuan", "baidu", "bedrock", "claude", "cloudflare", "cohere", "coze", "deepl", "deepseek", "dify", "doubao",
  "fireworks", "galadriel", "gemini", "generic", "github", "grok", "groq", "hunyuan", "kling", "longcat", "minimax", "mistral",
  "moonshot", "ollama", "openrouter", "qwen", "spark", "stepfun", "together-ai", "triton", "vertex", "vllm", "yi", "zhipuai",
];

/** The row of `name`, null when there is none. */
export function findProviderType(name: string): ProviderType | null {
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].name == name) return TYPES[i];
  }
  return null;
}

/** Whether the Go plugin knows `name` and this version does not. */
export function isNotYet(name: string): bool {
  return NOT_YET.includes(name);
}

/** Names of the rows, for messages. */
export function providerTypeNames(): string[] {
  const names: string[] = [];
  for (let i = 0; i < TYPES.length; i++) names.push(TYPES[i].name);
  return names;
}
