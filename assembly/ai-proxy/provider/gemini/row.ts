import { geminiModels } from "../../features/table";
import { ApiName, GOOGLE_APIS } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { GEMINI_KEYS, readGemini } from "./config";

/** Gemini's API of AI Studio. */
export const GEMINI = <ProviderType>{
  name: "gemini",
  models: geminiModels,
  host: "generativelanguage.googleapis.com",
  pathPrefix: "/v1beta",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.ImageGeneration,
  ].concat(GOOGLE_APIS),
  keyHeader: "x-goog-api-key",
  keys: GEMINI_KEYS,
  readKeys: readGemini,
};
