import { ApiName } from "../../api/api-name";
import { AnswerRules, FinishReason } from "../base/answer-rules";
import { AUDIO_APIS } from "../base/apis";
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
  ].concat(AUDIO_APIS),
  changes: [MAX_TOKENS],
  answer: <AnswerRules>{ finishReasons: [new FinishReason("eos", "stop")] },
  takesTopK: true,
};
