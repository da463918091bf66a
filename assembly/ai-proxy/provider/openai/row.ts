import { ResponsesDialect } from "../openai-responses/responses";
import { gptModels } from "../../features/gpt-family";
import { HeaderNames } from "../base/header-lists";
import { OPENAI_APIS } from "../base/apis";
import { ClientAuth, ProviderType } from "../base/provider-type";
import { OPENAI_KEYS, readOpenAi } from "./config";

/** OpenAI, and servers that speak its protocol. */
export const OPENAI = <ProviderType>{
  name: "openai",
  otherNames: [
    "openai-compatible",
    "openai_compatible",
    "local",
    "custom",
    "chatgpt",
    "litellm",
    "localai",
    "sglang",
    "lmstudio",
    "llamacpp",
  ],
  models: gptModels,
  host: "api.openai.com",
  apis: OPENAI_APIS,
  tokensOptional: true,
  clientAuth: ClientAuth.Own,
  keepsDeveloperRole: true,
  responses: new ResponsesDialect(),
  headers: new HeaderNames(["openai-beta"]),
  accountHeaders: ["openai-organization", "openai-project"],
  takesCacheKey: true,
  keys: OPENAI_KEYS,
  readKeys: readOpenAi,
};
