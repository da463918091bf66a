import { ApiName } from "../../api/api-name";
import { AnswerRules, BROKEN_OFF, FinishReason } from "../base/answer-rules";
import { FILE_APIS } from "../base/apis";
import { MAX_TOKENS, MemberRule } from "../base/member-rule";
import { ProviderType } from "../base/provider-type";
import { mistralModels } from "./models";

/** Mistral AI. */
export const MISTRAL = <ProviderType>{
  name: "mistral",
  models: mistralModels,
  host: "api.mistral.ai",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.Models,
    ApiName.Moderations,
    ApiName.AudioTranscription,
  ].concat(FILE_APIS),
  refusesStreamOptions: true,
  refusesMessageNames: true,
  changes: [
    MAX_TOKENS,
    MemberRule.renamed("seed", "random_seed"),
    MemberRule.replacing("tool_choice", "required", '"any"'),
    MemberRule.dropped("user"),
    MemberRule.dropped("logit_bias"),
    MemberRule.dropped("store"),
    MemberRule.dropped("stream_options"),
    MemberRule.dropped("logprobs"),
    MemberRule.dropped("top_logprobs"),
  ],
  answer: <AnswerRules>{
    listsContent: true,
    finishReasons: [
      new FinishReason("model_length", "length"),
      new FinishReason("error", BROKEN_OFF),
    ],
  },
};
