import { placeOf } from "../../../json/place";
import { MemberRule } from "../base/member-rule";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { HUNYUAN_KEYS, readHunyuan } from "./config";

/** Tencent's Hunyuan. */
export const HUNYUAN = <ProviderType>{
  name: "hunyuan",
  otherNames: ["tencent"],
  host: "api.hunyuan.cloud.tencent.com",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings],
  tokensOptional: true,
  errorTexts: [placeOf(["Response", "Error", "Message"])],
  changes: [MemberRule.renamed("max_completion_tokens", "max_tokens")],
  settings: ["temperature", "Temperature", "top_p", "TopP"],
  keys: HUNYUAN_KEYS,
  readKeys: readHunyuan,
};
