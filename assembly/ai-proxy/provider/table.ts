import { ApiName } from "../route/api-name";
import { ClientAuth, ProviderType } from "./provider-type";

const C = ApiName.ChatCompletions;
const P = ApiName.Completions;
const E = ApiName.Embeddings;
const M = ApiName.Models;
const R = ApiName.Responses;

/** What OpenAI itself offers. */
const OPENAI: string[] = [
  C, P, E, M, R,
  ApiName.RetrieveModel, ApiName.Moderations, ApiName.Realtime,
  ApiName.ImageGeneration, ApiName.ImageVariation, ApiName.ImageEdit,
  ApiName.AudioSpeech, ApiName.AudioTranscription, ApiName.AudioTranslation,
  ApiName.Batches, ApiName.RetrieveBatch, ApiName.CancelBatch,
  ApiName.Files, ApiName.RetrieveFile, ApiName.RetrieveFileContent,
  ApiName.FineTuningJobs, ApiName.RetrieveFineTuningJob, ApiName.FineTuningJobsEvents, ApiName.FineTuningJobCheckpoints,
  ApiName.CancelFineTuningJob, ApiName.ResumeFineTuningJob, ApiName.PauseFineTuningJob,
  ApiName.Videos, ApiName.RetrieveVideo, ApiName.RetrieveVideoContent, ApiName.VideoRemix,
];

/**
 * The vendors that this version speaks to. `{account}` in a prefix is the vendor's account id. A
 * new vendor of this shape is a row here, a row in `docs/providers.md` and a case in
 * `tests/module/providers.test.mjs`.
 */
const TYPES: ProviderType[] = [
  row("openai", "api.openai.com", "/v1", OPENAI).withoutTokens(ClientAuth.Own).knowingDeveloper(),
  row("ai360", "api.360.cn", "/v1", [C, E]).keepingScheme().renamingMaxTokens(),
  row("baichuan", "api.baichuan-ai.com", "/v1", [C, E]),
  row("cloudflare", "api.cloudflare.com", "/client/v4/accounts/{account}/ai/v1", [C, E]).renamingMaxTokens(),
  row("deepseek", "api.deepseek.com", "/v1", [C, M]).renamingMaxTokens(),
  row("fireworks", "api.fireworks.ai", "/inference/v1", [C, P, M]),
  row("galadriel", "api.galadriel.com", "/v1", [C, M]),
  row("generic", "", "/v1", []).withoutTokens(ClientAuth.Pass).passingThrough(),
  row("github", "models.github.ai", "/inference", [C, E]).knowingDeveloper(),
  row("grok", "api.x.ai", "/v1", [C, R, M, ApiName.ImageGeneration]).knowingDeveloper(),
  row("groq", "api.groq.com", "/openai/v1", [C, R, M]),
  row("longcat", "api.longcat.chat", "/openai/v1", [C, E, M]).renamingMaxTokens(),
  row("ollama", "", "/v1", [C, P, E, M]).withoutTokens(ClientAuth.Strip).passingOthers().renamingMaxTokens(),
  row("openrouter", "openrouter.ai", "/api/v1", [C, P, M]).knowingDeveloper(),
  row("stepfun", "api.stepfun.com", "/v1", [C, M]),
  row("together-ai", "api.together.xyz", "/v1", [C, P, E, M]),
  row("vllm", "vllm-service.cluster.local", "/v1", [C, P, E, M, R, ApiName.Rerank]).withoutTokens(ClientAuth.Pass).passingOthers(),
  row("yi", "api.lingyiwanwu.com", "/v1", [C, M]),
];

/** Types of the Go plugin that this version does not have. */
const NOT_YET: string[] = [
  "azure", "baidu", "bedrock", "claude", "cohere", "coze", "deepl", "dify", "doubao", "gemini", "hunyuan", "kling", "minimax",
  "mistral", "moonshot", "qwen", "spark", "triton", "vertex", "zhipuai",
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

function row(name: string, host: string, pathPrefix: string, apis: string[]): ProviderType {
  return new ProviderType(name, host, pathPrefix, apis);
}
