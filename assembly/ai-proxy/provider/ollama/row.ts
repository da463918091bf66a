import { localModels } from "../../features/model-rows";
import { MAX_TOKENS } from "../base/member-rule";
import { ApiName } from "../../api/api-name";

import { ProviderType } from "../base/provider-type";
import { OLLAMA_KEYS, readOllama } from "./config";

/** An Ollama server. */
export const OLLAMA = <ProviderType>{
  name: "ollama",
  models: localModels,
  apis: [ApiName.ChatCompletions, ApiName.Completions, ApiName.Embeddings, ApiName.Models],
  tokensOptional: true,
  passesOtherApis: true,
  passesUnknownPaths: true,
  mixesCalls: true,
  changes: [MAX_TOKENS],
  keys: OLLAMA_KEYS,
  readKeys: readOllama,
};
