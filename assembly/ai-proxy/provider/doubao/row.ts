import { ConfigKey } from "../../../rules/config-key";
import { MemberRule } from "../base/member-rule";
import { ApiName } from "../../api/api-name";
import { readOnlyHost } from "../shared/host-key";
import { ProviderType } from "../base/provider-type";
import { doubaoModels } from "./models";

/** Volcano Engine's Doubao. */
export const DOUBAO = <ProviderType>{
  name: "doubao",
  otherNames: ["volcengine", "ark"],
  models: doubaoModels,
  host: "ark.cn-beijing.volces.com",
  pathPrefix: "/api/v3",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings, ApiName.ImageGeneration, ApiName.Responses],
  plainResponses: true,
  changes: [MemberRule.yielding("max_tokens", "max_completion_tokens")],
  apiChanges: [
    {
      api: ApiName.Responses,
      rules: [MemberRule.dropped("parallel_tool_calls"), MemberRule.dropped("tool_choice")],
    },
    { api: ApiName.ImageGeneration, rules: [MemberRule.setting("watermark", "false")] },
  ],
  keys: [<ConfigKey>{ name: "doubaoDomain", meaning: "replaces the vendor's host" }],
  readKeys: readOnlyHost,
};
