import { AnswerRules, ErrorStatus, TOO_LONG, UNSAFE } from "../base/answer-rules";
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
      new ErrorStatus(1001, 504),
      new ErrorStatus(1002, 429),
      new ErrorStatus(1004, 401),
      new ErrorStatus(1008, 402),
      new ErrorStatus(1026, 400, UNSAFE),
      new ErrorStatus(1027, 400, UNSAFE),
      new ErrorStatus(1039, 400, TOO_LONG),
      new ErrorStatus(1041, 429),
      new ErrorStatus(1042, 400),
      new ErrorStatus(2013, 400),
      new ErrorStatus(2045, 429),
      new ErrorStatus(2049, 401),
      new ErrorStatus(2056, 429),
    ],
  },
  settings: ["max_tokens", "tokens_to_generate", "temperature", "temperature", "top_p", "top_p"],
  keys: MINIMAX_KEYS,
  readKeys: readMinimax,
};
