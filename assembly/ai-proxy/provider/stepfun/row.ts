import { ApiName } from "../../api/api-name";
import { AUDIO_APIS } from "../base/apis";
import { ProviderType } from "../base/provider-type";
import { stepFunModels } from "./models";

/** StepFun. */
export const STEPFUN = <ProviderType>{
  name: "stepfun",
  models: stepFunModels,
  host: "api.stepfun.com",
  apis: [ApiName.ChatCompletions, ApiName.Models, ApiName.ImageGeneration].concat(AUDIO_APIS),
};
