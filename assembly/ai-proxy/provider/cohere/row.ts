import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";
import { ProviderType } from "../base/provider-type";
import { CohereDialect } from "./cohere";
import { CohereEmbeddings } from "./embeddings";
import { cohereModels } from "./models";

/** Cohere. */
export const COHERE = <ProviderType>{
  name: "cohere",
  models: cohereModels,
  host: "api.cohere.com",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.Rerank],
  paths: [{ api: ApiName.ChatCompletions, path: "/v2/chat" }],
  headers: new HeaderNames(["x-client-name"]),
  dialect: new CohereDialect(),
  apiDialects: [new CohereEmbeddings()],
};
