import { AnswerRules, ErrorStatus } from "../base/answer-rules";
import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { MINIMAX_KEYS, readMinimax } from "./config";
import { minimaxModels } from "./models";

/** MiniMax. */
export const MINIMAX = <ProviderType>{
  name: "minimax",
  models: minimaxModels,
  host: "api.minimax.chat",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v1/text/chatcompletion_v2" }],
  errorTexts: [placeOf(["base_resp", "status_msg"])],
  answer: <AnswerRules>{
    errorPath: placeOf(["base_resp", "status_code"]),
    messagePath: placeOf(["base_resp", "status_msg"]),
    statuses: [
      new ErrorStatus(1002, 429),
      new ErrorStatus(1004, 401),
      new ErrorStatus(1008, 402),
      new ErrorStatus(1026, 400),
      new ErrorStatus(1027, 400),
      new ErrorStatus(1039, 400),
      new ErrorStatus(2013, 400),
    ],
  },
  settings: ["max_tokens", "tokens_to_generate", "temperature", "temperature", "top_p", "top_p"],
  keys: MINIMAX_KEYS,
  readKeys: readMinimax,
};
