import { ApiName } from "../../api/api-name";
import { HeaderNames } from "../base/header-lists";
import { BATCH_APIS, FILE_APIS } from "../base/apis";
import { ProviderType } from "../base/provider-type";
import { QWEN_KEYS, readQwen } from "./config";
import { qwenModels } from "./models";

/** Alibaba Cloud's Model Studio (DashScope). */
export const QWEN = <ProviderType>{
  name: "qwen",
  otherNames: ["dashscope", "aliyun", "tongyi"],
  models: qwenModels,
  host: "dashscope.aliyuncs.com",
  pathPrefix: "/compatible-mode/v1",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Completions,
    ApiName.Embeddings,
    ApiName.Responses,
    ApiName.AnthropicMessages,
    ApiName.Conversations,
    ApiName.Rerank,
    ApiName.Reranks,
  ]
    .concat(FILE_APIS)
    .concat(BATCH_APIS),
  paths: [
    { api: ApiName.AnthropicMessages, path: "/apps/anthropic/v1/messages" },
    { api: ApiName.Rerank, path: "/compatible-api/v1/reranks" },
    { api: ApiName.Reranks, path: "/compatible-api/v1/reranks" },
  ],
  // Not the workspace, which selects the billed account.
  headers: new HeaderNames([
    "x-dashscope-sse",
    "x-dashscope-async",
    "x-dashscope-plugin",
    "x-dashscope-datainspection",
    "x-dashscope-ossresourceresolve",
    "x-dashscope-session-*",
    "x-dashscope-euid",
  ]),
  plainResponses: true,
  takesTopK: true,
  accountHeaders: ["x-dashscope-workspace"],
  settingsAt: "parameters.",
  ownPaths: ["/api/v1/services/", "/api/v1/tasks/", "/api/v1/apps/"],
  keys: QWEN_KEYS,
  readKeys: readQwen,
};
