import { vertexModels } from "../../features/table";
import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";
import { ProviderType } from "../base/provider-type";
import { VERTEX_KEYS, readVertex } from "./config";

/** Vertex AI of Google Cloud. */
export const VERTEX = <ProviderType>{
  name: "vertex",
  models: vertexModels,
  pathPrefix: "",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.ImageGeneration, ApiName.VertexRaw],
  tokensOptional: true,
  headers: new HeaderNames(["x-vertex-ai-llm-*"]),
  keys: VERTEX_KEYS,
  readKeys: readVertex,
};
