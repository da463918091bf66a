/** Vendors' and products' names that are no types. */
const COMMON_NAMES: string[][] = [
  ["anthropic", "claude"],
  ["google", "gemini"],
  ["vertexai", "vertex"],
  ["aws", "bedrock"],
  ["dashscope", "qwen"],
  ["aliyun", "qwen"],
  ["tongyi", "qwen"],
  ["xai", "grok"],
  ["kimi", "moonshot"],
  ["zhipu", "zhipuai"],
  ["glm", "zhipuai"],
  ["volcengine", "doubao"],
  ["ark", "doubao"],
  ["tencent", "hunyuan"],
  ["qianfan", "baidu"],
  ["ernie", "baidu"],
  ["together", "together-ai"],
  ["nim", "nvidia"],
  ["nvidia_nim", "nvidia"],
  ["hf", "huggingface"],
  ["silicon", "siliconflow"],
  ["azure-openai", "azure"],
  ["azureopenai", "azure"],
  ["openai-compatible", "openai"],
  ["openai_compatible", "openai"],
  ["local", "openai"],
  ["custom", "openai"],
  ["chatgpt", "openai"],
  ["litellm", "openai"],
  ["localai", "openai"],
  ["sglang", "openai"],
  ["lmstudio", "openai"],
  ["llamacpp", "openai"],
];

/** The type of a vendor that is called `name` elsewhere; empty when nobody knows. */
export function commonName(name: string): string {
  const lower = name.toLowerCase();
  for (let i = 0; i < COMMON_NAMES.length; i++) {
    if (COMMON_NAMES[i][0] == lower) return COMMON_NAMES[i][1];
  }
  return "";
}
