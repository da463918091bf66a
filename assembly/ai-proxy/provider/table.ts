import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderNames } from "./base/header-lists";
import { AZURE } from "./azure/row";
import { BEDROCK } from "./bedrock/row";
import { CEREBRAS } from "./cerebras/row";
import { CLAUDE } from "./claude/row";
import { CLOUDFLARE } from "./cloudflare/row";
import { COHERE } from "./cohere/row";
import { COZE } from "./coze/row";
import { DEEPL } from "./deepl/row";
import { DEEPSEEK } from "./deepseek/row";
import { DIFY } from "./dify/row";
import { DOUBAO } from "./doubao/row";
import { FIREWORKS } from "./fireworks/row";
import { GEMINI } from "./gemini/row";
import { GENERIC } from "./generic/row";
import { GITHUB } from "./github/row";
import { GROK } from "./grok/row";
import { GROQ } from "./groq/row";
import { HUNYUAN } from "./hunyuan/row";
import { KLING } from "./kling/row";
import { LONGCAT } from "./longcat/row";
import { MINIMAX } from "./minimax/row";
import { MISTRAL } from "./mistral/row";
import { MODELSCOPE } from "./modelscope/row";
import { MOONSHOT } from "./moonshot/row";
import { NVIDIA } from "./nvidia/row";
import { OLLAMA } from "./ollama/row";
import { OPENAI } from "./openai/row";
import { OPENROUTER } from "./openrouter/row";
import { PERPLEXITY } from "./perplexity/row";
import { QWEN } from "./qwen/row";
import { SILICONFLOW } from "./siliconflow/row";
import { STEPFUN } from "./stepfun/row";
import { TRITON } from "./triton/row";
import { VERTEX } from "./vertex/row";
import { VLLM } from "./vllm/row";
import { ZHIPUAI } from "./zhipuai/row";
import { OPENAI_COMPATIBLE } from "./openai-compatible";
import { ProviderType } from "./base/provider-type";

/** The supported vendors: those that need only a row, and those with a folder of their own. */
const TYPES: ProviderType[] = OPENAI_COMPATIBLE.concat([
  AZURE,
  BEDROCK,
  CEREBRAS,
  CLAUDE,
  CLOUDFLARE,
  COHERE,
  COZE,
  DEEPL,
  DEEPSEEK,
  DIFY,
  DOUBAO,
  FIREWORKS,
  GEMINI,
  GENERIC,
  GITHUB,
  GROK,
  GROQ,
  HUNYUAN,
  KLING,
  LONGCAT,
  MINIMAX,
  MISTRAL,
  MODELSCOPE,
  MOONSHOT,
  NVIDIA,
  OLLAMA,
  OPENAI,
  OPENROUTER,
  PERPLEXITY,
  QWEN,
  SILICONFLOW,
  STEPFUN,
  TRITON,
  VERTEX,
  VLLM,
  ZHIPUAI,
]);

/** The row of the type `name`; null if there is none. */
export function findProviderType(name: string): ProviderType | null {
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].name == name) return TYPES[i];
  }
  return null;
}

/** The names of all types. */
export function providerTypeNames(): string[] {
  return TYPES.map<string>((type) => type.name);
}

/** All rows. */
export function providerTypes(): ProviderType[] {
  return TYPES;
}

/** The type of the vendor that `name` is another name for; empty if unknown. */
export function typeCalled(name: string): string {
  const lower = name.toLowerCase();
  for (let i = 0; i < TYPES.length; i++) {
    if (TYPES[i].otherNames.includes(lower)) return TYPES[i].name;
  }
  return "";
}

/** All vendors' headers that select the billed account. */
export const ACCOUNT_HEADERS = new HeaderNames([]);
/** All vendors' additional paths of error messages and codes. */
export const ERROR_TEXTS: Bytes[][] = [];
export const ERROR_CODES: Bytes[][] = [];
for (let i = 0; i < TYPES.length; i++) {
  const type = TYPES[i];
  for (let j = 0; j < type.accountHeaders.length; j++) ACCOUNT_HEADERS.add(type.accountHeaders[j]);
  for (let j = 0; j < type.errorTexts.length; j++) ERROR_TEXTS.push(type.errorTexts[j]);
  for (let j = 0; j < type.errorCodes.length; j++) ERROR_CODES.push(type.errorCodes[j]);
}
