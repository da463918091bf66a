import { ResponsesDialect } from "../openai-responses/responses";
import { gptModels } from "../../features/gpt-family";
import { HeaderNames } from "../base/header-lists";
import { OPENAI_APIS } from "../base/apis";

import { ProviderType } from "../base/provider-type";
import { AZURE_KEYS, readAzure } from "./config";

/** Azure OpenAI. */
export const AZURE = <ProviderType>{
  name: "azure",
  otherNames: ["azure-openai", "azureopenai"],
  models: gptModels,
  pathPrefix: "",
  apis: OPENAI_APIS,
  keyHeader: "api-key",
  passesOtherApis: true,
  passesUnknownPaths: true,
  keepsDeveloperRole: true,
  responses: new ResponsesDialect(),
  headers: new HeaderNames(["openai-beta", "x-ms-client-request-id"]),
  takesCacheKey: true,
  keys: AZURE_KEYS,
  readKeys: readAzure,
};
