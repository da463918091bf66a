import { ResponsesDialect } from "../openai-responses/responses";
import { openAiModels } from "../../features/table";
import { HeaderNames } from "../base/header-lists";
import { OPENAI_APIS } from "../base/apis";
import { ClientAuth, ProviderType } from "../base/provider-type";
import { OPENAI_KEYS, readOpenAi } from "./config";

/** OpenAI, and servers that speak its protocol. */
export const OPENAI = <ProviderType>{
  name: "openai",
  models: openAiModels,
  host: "api.openai.com",
  apis: OPENAI_APIS,
  tokensOptional: true,
  clientAuth: ClientAuth.Own,
  keepsDeveloperRole: true,
  responses: new ResponsesDialect(),
  headers: new HeaderNames(["openai-beta"]),
  keys: OPENAI_KEYS,
  readKeys: readOpenAi,
};
