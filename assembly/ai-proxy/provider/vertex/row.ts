import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { IMAGE_APIS } from "../gemini/images";
import { HeaderNames } from "../base/header-lists";
import { nativePaths } from "../base/native-paths";
import { ProviderType } from "../base/provider-type";
import { VERTEX_KEYS, readVertex } from "./config";
import { vertexModels } from "./models";

/** The actions of a publisher's models. */
const ACTIONS: string[] = [
  ":generateContent",
  ":streamGenerateContent",
  ":embedContent",
  ":batchEmbedContents",
  ":countTokens",
  ":predict",
  ":rawPredict",
  ":streamRawPredict",
];

function paths(): string[] {
  const paths: string[] = [];
  for (let i = 0; i < ACTIONS.length; i++) {
    const model = "publishers/*/models/*" + ACTIONS[i];
    paths.push("/v*/projects/*/locations/*/" + model);
    paths.push("/v*/" + model);
  }
  return paths;
}

/** Google Cloud's Vertex AI. */
export const VERTEX = <ProviderType>{
  name: "vertex",
  models: vertexModels,
  pathPrefix: "",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.VertexRaw].concat(IMAGE_APIS),
  nativePaths: nativePaths(ApiName.VertexRaw, paths()),
  accountHeaders: ["x-goog-user-project"],
  otherNames: ["vertexai"],
  errorTexts: [placeOf(["0", "error", "message"])],
  tokensOptional: true,
  headers: new HeaderNames(["x-vertex-ai-llm-*"]),
  keys: VERTEX_KEYS,
  readKeys: readVertex,
};
