import { placeOf } from "../../../json/place";
import { AnswerRules, FinishReason } from "../base/answer-rules";
import { MAX_TOKENS } from "../base/member-rule";
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
  changes: [MAX_TOKENS],
  answer: <AnswerRules>{ finishReasons: [new FinishReason("sensitive", "content_filter")] },
  settings: ["temperature", "Temperature", "top_p", "TopP"],
  keys: HUNYUAN_KEYS,
  readKeys: readHunyuan,
};
