import { nativePaths } from "../base/native-paths";
import { ProviderType } from "../base/provider-type";
import { COZE_KEYS, readCoze } from "./config";

const API = "coze/v3";

/** The paths of Coze's native API. Its paths for files look like OpenAI's, and so are not listed. */
const PATHS: string[] = [
  "/v3/chat",
  "/v3/chat/retrieve",
  "/v3/chat/cancel",
  "/v3/chat/submit_tool_outputs",
  "/v3/chat/message/list",
  "/v1/conversation/create",
  "/v1/conversation/retrieve",
  "/v1/conversation/message/*",
  "/v1/workflow/*",
  "/v1/workflows/chat",
];

/** Coze, for clients that use its native API. */
export const COZE = <ProviderType>{
  name: "coze",
  host: "api.coze.cn",
  pathPrefix: "",
  apis: [API],
  nativePaths: nativePaths(API, PATHS),
  passesOtherApis: true,
  keepsPath: true,
  keepsBody: true,
  keys: COZE_KEYS,
  readKeys: readCoze,
};
