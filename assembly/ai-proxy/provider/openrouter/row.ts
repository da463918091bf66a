import { ApiName } from "../../api/api-name";
import { AnswerRules } from "../base/answer-rules";
import { AUDIO_APIS } from "../base/apis";
import { HeaderNames } from "../base/header-lists";
import { MemberRule } from "../base/member-rule";
import { ProviderType } from "../base/provider-type";
import { openRouterModels } from "./models";

/** OpenRouter, which routes requests to other vendors' models. */
export const OPENROUTER = <ProviderType>{
  name: "openrouter",
  models: openRouterModels,
  host: "openrouter.ai",
  pathPrefix: "/api/v1",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Completions,
    ApiName.Models,
    ApiName.Responses,
    ApiName.AnthropicMessages,
    ApiName.Embeddings,
  ].concat(AUDIO_APIS),
  plainResponses: true,
  headers: new HeaderNames(["http-referer", "x-title", "x-openrouter-*"]),
  keepsDeveloperRole: true,
  answer: <AnswerRules>{ reportsErrors: true },
  takesTopK: true,
  takesReasoningBudget: true,
  changes: [
    MemberRule.nesting("reasoning_max_tokens", "reasoning", "max_tokens", "reasoning_effort"),
  ],
};
