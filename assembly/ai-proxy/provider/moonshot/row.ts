import { placeOf } from "../../../json/place";
import { Bytes } from "../../../proxy-wasm/bytes";
import { AnswerRules } from "../base/answer-rules";
import { MAX_TOKENS } from "../base/member-rule";
import { ApiName } from "../../api/api-name";
import { FILE_APIS } from "../base/apis";

import { ProviderType } from "../base/provider-type";
import { MOONSHOT_KEYS, readMoonshot } from "./config";
import { moonshotModels } from "./models";

/** Moonshot AI. */
export const MOONSHOT = <ProviderType>{
  name: "moonshot",
  otherNames: ["kimi"],
  models: moonshotModels,
  host: "api.moonshot.cn",
  apis: [ApiName.ChatCompletions, ApiName.Models].concat(FILE_APIS),
  changes: [MAX_TOKENS],
  answer: <AnswerRules>{
    usagePath: placeOf(["choices", "0", "usage"]),
    cachedMember: Bytes.of("cached_tokens"),
  },
  takesCacheKey: true,
  keys: MOONSHOT_KEYS,
  readKeys: readMoonshot,
};
