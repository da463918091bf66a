import { geminiFamily } from "../../features/gemini-family";
import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { GOOGLE_APIS } from "./google-apis";
import { IMAGE_APIS } from "./images";
import { GEMINI_KEYS, readGemini } from "./config";

/** The Gemini API of AI Studio. */
export const GEMINI = <ProviderType>{
  name: "gemini",
  models: geminiFamily,
  host: "generativelanguage.googleapis.com",
  pathPrefix: "/v1beta",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.GoogleModels,
    ApiName.GoogleModel,
  ]
    .concat(IMAGE_APIS)
    .concat(GOOGLE_APIS),
  keyHeader: "x-goog-api-key",
  accountHeaders: ["x-goog-user-project"],
  otherNames: ["google"],
  errorTexts: [placeOf(["0", "error", "message"])],
  settings: [
    "max_tokens",
    "maxOutputTokens",
    "temperature",
    "temperature",
    "top_p",
    "topP",
    "top_k",
    "topK",
  ],
  settingsAt: "generationConfig.",
  keys: GEMINI_KEYS,
  readKeys: readGemini,
};
