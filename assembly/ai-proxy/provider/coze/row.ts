import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";

const HOST = "api.coze.cn";

/** Coze, for clients that speak its protocol. */
export const COZE = <ProviderType>{
  name: "coze",
  host: HOST,
  pathPrefix: "",
  apis: [ApiName.Coze],
  passesOtherApis: true,
  keepsPath: true,
  keepsBody: true,
};

/** Coze with a bot of its own (`cozeBotId`), which answers chats. */
export const COZE_BOT = <ProviderType>{
  name: "coze",
  host: HOST,
  pathPrefix: "",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v3/chat" }],
};
