import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";
import { FILE_APIS } from "../base/apis";
import { ProviderType } from "../base/provider-type";
import { CLAUDE_KEYS, readClaude } from "./config";
import { claudeModels } from "./models";

/** Anthropic. */
export const CLAUDE = <ProviderType>{
  name: "claude",
  otherNames: ["anthropic"],
  models: claudeModels,
  host: "api.anthropic.com",
  apis: [
    ApiName.ChatCompletions,
    ApiName.AnthropicMessages,
    ApiName.AnthropicCountTokens,
    ApiName.MessageBatches,
    ApiName.Models,
    ApiName.RetrieveModel,
    ApiName.AnthropicModels,
    ApiName.AnthropicModel,
  ].concat(FILE_APIS),
  paths: [{ api: ApiName.ChatCompletions, path: "/v1/messages" }],
  keyHeader: "x-api-key",
  headers: new HeaderNames(["anthropic-version", "anthropic-beta"]),
  settings: [
    "max_tokens",
    "max_tokens",
    "temperature",
    "temperature",
    "top_p",
    "top_p",
    "top_k",
    "top_k",
  ],
  keys: CLAUDE_KEYS,
  readKeys: readClaude,
};
