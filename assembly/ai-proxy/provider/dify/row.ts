import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { DIFY_KEYS, readDify } from "./config";

/** Apps of Dify. */
export const DIFY = <ProviderType>{
  name: "dify",
  host: "api.dify.ai",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v1/chat-messages" }],
  keyChoosesApp: true,
  keys: DIFY_KEYS,
  readKeys: readDify,
};
