import { ApiName } from "../../api/api-name";
import { MAX_TOKENS } from "../base/member-rule";
import { ProviderType } from "../base/provider-type";
import { siliconFlowModels } from "./models";

/** SiliconFlow. */
export const SILICONFLOW = <ProviderType>{
  name: "siliconflow",
  otherNames: ["silicon"],
  models: siliconFlowModels,
  host: "api.siliconflow.cn",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.Rerank,
    ApiName.ImageGeneration,
    ApiName.AnthropicMessages,
  ].concat([ApiName.AudioSpeech, ApiName.AudioTranscription]),
  changes: [MAX_TOKENS],
  takesTopK: true,
};
