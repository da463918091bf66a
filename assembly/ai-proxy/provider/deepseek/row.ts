import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiName } from "../../api/api-name";
import { AnswerRules, BROKEN_OFF, FinishReason } from "../base/answer-rules";
import { MAX_TOKENS } from "../base/member-rule";
import { ProviderType } from "../base/provider-type";
import { deepSeekModels } from "./models";

/** DeepSeek. */
export const DEEPSEEK = <ProviderType>{
  name: "deepseek",
  models: deepSeekModels,
  host: "api.deepseek.com",
  apis: [ApiName.ChatCompletions, ApiName.Completions, ApiName.Models, ApiName.AnthropicMessages],
  paths: [
    { api: ApiName.AnthropicMessages, path: "/anthropic/v1/messages" },
    { api: ApiName.Completions, path: "/beta/completions" },
  ],
  changes: [MAX_TOKENS],
  answer: <AnswerRules>{
    finishReasons: [new FinishReason("insufficient_system_resource", BROKEN_OFF)],
    cachedMember: Bytes.of("prompt_cache_hit_tokens"),
  },
};
