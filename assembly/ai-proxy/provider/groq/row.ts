import { placeOf } from "../../../json/place";
import { ApiName } from "../../api/api-name";
import { AnswerRules } from "../base/answer-rules";
import { AUDIO_APIS, BATCH_APIS, FILE_APIS } from "../base/apis";
import { ProviderType } from "../base/provider-type";
import { groqModels } from "./models";

/** Groq. */
export const GROQ = <ProviderType>{
  name: "groq",
  models: groqModels,
  host: "api.groq.com",
  pathPrefix: "/openai/v1",
  apis: [ApiName.ChatCompletions, ApiName.Responses, ApiName.Models, ApiName.AudioTranslation]
    .concat(AUDIO_APIS)
    .concat(FILE_APIS)
    .concat(BATCH_APIS),
  plainResponses: true,
  refusesMessageNames: true,
  answer: <AnswerRules>{ usagePath: placeOf(["x_groq", "usage"]) },
};
