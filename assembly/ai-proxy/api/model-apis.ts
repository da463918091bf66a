import { ApiName } from "./api-name";

/** APIs whose requests name a model. */
const NAMING: string[] = [
  ApiName.ChatCompletions,
  ApiName.Responses,
  ApiName.CompactResponse,
  ApiName.AnthropicMessages,
  ApiName.AnthropicCountTokens,
  ApiName.AnthropicComplete,
  ApiName.GenerateContent,
  ApiName.StreamGenerateContent,
  ApiName.EmbedContent,
  ApiName.BatchEmbedContents,
  ApiName.CountTokens,
  ApiName.Completions,
  ApiName.Embeddings,
  ApiName.AudioSpeech,
  ApiName.AudioTranscription,
  ApiName.AudioTranslation,
  ApiName.Realtime,
  ApiName.ImageGeneration,
  ApiName.ImageVariation,
  ApiName.ImageEdit,
  ApiName.Videos,
  ApiName.Moderations,
  ApiName.FineTuningJobs,
  ApiName.Rerank,
  ApiName.Reranks,
  ApiName.RetrieveModel,
  ApiName.AnthropicModel,
  ApiName.GoogleModel,
];

/** Whether requests of an `ApiName` name a model, so that what a vendor does not find can be the model. */
export function namesModel(api: string): bool {
  return NAMING.includes(api);
}
