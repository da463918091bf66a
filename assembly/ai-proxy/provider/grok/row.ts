import { ApiName } from "../../api/api-name";
import { FILE_APIS } from "../base/apis";
import { HeaderNames } from "../base/header-lists";
import { ProviderType } from "../base/provider-type";
import { grokModels } from "./models";

/** xAI. */
export const GROK = <ProviderType>{
  name: "grok",
  otherNames: ["xai"],
  models: grokModels,
  host: "api.x.ai",
  apis: [
    ApiName.ChatCompletions,
    ApiName.Responses,
    ApiName.Models,
    ApiName.ImageGeneration,
    ApiName.ImageEdit,
  ].concat(FILE_APIS),
  plainResponses: true,
  keepsDeveloperRole: true,
  headers: new HeaderNames(["x-grok-*"]),
};
