import { MemberRule } from "../../convert/member-rule";
import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { HUNYUAN_KEYS, readHunyuan } from "./config";

/** Hunyuan, of Tencent. */
export const HUNYUAN = <ProviderType>{
  name: "hunyuan",
  host: "api.hunyuan.cloud.tencent.com",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings],
  tokensOptional: true,
  changes: [MemberRule.renamed("max_completion_tokens", "max_tokens")],
  keys: HUNYUAN_KEYS,
  readKeys: readHunyuan,
};
