import { ApiName, GOOGLE_APIS } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { GeminiEmbeddings } from "./embeddings";
import { GeminiDialect } from "./gemini";
import { GeminiImages } from "./images";
import { GeminiModels } from "./models";

/** Gemini's API of AI Studio. */
export const GEMINI = <ProviderType>{
  name: "gemini",
  host: "generativelanguage.googleapis.com",
  pathPrefix: "/v1beta",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.ImageGeneration,
  ].concat(GOOGLE_APIS),
  keyHeader: "x-goog-api-key",
  dialect: new GeminiDialect(),
  apiDialects: [new GeminiEmbeddings(), new GeminiModels(), new GeminiImages()],
};
