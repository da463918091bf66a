import { localModels } from "../../features/model-rows";
import { ApiName } from "../../api/api-name";
import { ClientAuth, ProviderType } from "../base/provider-type";
import { VLLM_KEYS, readVllm } from "./config";

/** A vLLM server. */
export const VLLM = <ProviderType>{
  name: "vllm",
  models: localModels,
  host: "vllm-service.cluster.local",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Completions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.Responses,
    ApiName.AnthropicMessages,
    ApiName.AnthropicCountTokens,
    ApiName.Rerank,
  ],
  tokensOptional: true,
  clientAuth: ClientAuth.Pass,
  passesOtherApis: true,
  passesUnknownPaths: true,
  plainResponses: true,
  mixesCalls: true,
  takesTopK: true,
  keys: VLLM_KEYS,
  readKeys: readVllm,
};
