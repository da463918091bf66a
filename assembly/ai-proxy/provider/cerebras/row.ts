import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { cerebrasModels } from "./models";

/** Cerebras. */
export const CEREBRAS = <ProviderType>{
  name: "cerebras",
  models: cerebrasModels,
  host: "api.cerebras.ai",
  apis: [ApiName.ChatCompletions, ApiName.Completions, ApiName.Models],
};
