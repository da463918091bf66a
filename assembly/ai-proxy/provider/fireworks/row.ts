import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";
import { ProviderType } from "../base/provider-type";
import { fireworksModels } from "./models";

/** Fireworks AI. */
export const FIREWORKS = <ProviderType>{
  name: "fireworks",
  models: fireworksModels,
  host: "api.fireworks.ai",
  pathPrefix: "/inference/v1",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Completions,
    ApiName.Models,
    ApiName.Embeddings,
    ApiName.Rerank,
  ],
  takesTopK: true,
  headers: new HeaderNames(["x-fireworks-*", "x-session-affinity"]),
};
