import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { nvidiaModels } from "./models";

/** NVIDIA's hosted NIMs. */
export const NVIDIA = <ProviderType>{
  name: "nvidia",
  otherNames: ["nim", "nvidia_nim"],
  models: nvidiaModels,
  host: "integrate.api.nvidia.com",
  apis: [ApiName.ChatCompletions, ApiName.Completions, ApiName.Embeddings, ApiName.Models],
};
