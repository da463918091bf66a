import { AnswerRules, BROKEN_OFF, FinishReason } from "../base/answer-rules";
import { AUDIO_APIS } from "../base/apis";
import { MAX_TOKENS } from "../base/member-rule";
import { ApiName } from "../../api/api-name";

import { ProviderType } from "../base/provider-type";
import { ZHIPUAI_KEYS, readZhipu } from "./config";
import { zhipuModels } from "./models";

/** Zhipu AI. */
export const ZHIPUAI = <ProviderType>{
  name: "zhipuai",
  otherNames: ["zhipu", "glm"],
  models: zhipuModels,
  host: "open.bigmodel.cn",
  pathPrefix: "/api/paas/v4",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Embeddings,
    ApiName.AnthropicMessages,
    ApiName.ImageGeneration,
    ApiName.Rerank,
  ].concat(AUDIO_APIS),
  paths: [{ api: ApiName.AnthropicMessages, path: "/api/anthropic/v1/messages" }],
  changes: [MAX_TOKENS],
  answer: <AnswerRules>{
    finishReasons: [
      new FinishReason("sensitive", "content_filter"),
      new FinishReason("network_error", BROKEN_OFF),
      new FinishReason("model_context_window_exceeded", "length"),
    ],
  },
  keys: ZHIPUAI_KEYS,
  readKeys: readZhipu,
};
