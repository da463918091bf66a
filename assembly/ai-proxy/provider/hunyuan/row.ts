import { MemberRule } from "../base/member-rule";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
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
