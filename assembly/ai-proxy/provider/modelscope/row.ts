import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { AnswerRules } from "../base/answer-rules";
import { ProviderType } from "../base/provider-type";
import { modelScopeModels } from "./models";

/** ModelScope's API-Inference. */
export const MODELSCOPE = <ProviderType>{
  name: "modelscope",
  models: modelScopeModels,
  host: "api-inference.modelscope.cn",
  apis: [ApiName.ChatCompletions, ApiName.Models],
  errorTexts: [placeOf(["errors", "message"])],
  answer: <AnswerRules>{ reportsErrors: true },
};
