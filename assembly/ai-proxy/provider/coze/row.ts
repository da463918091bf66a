import { ApiName } from "../../route/api-name";
import { ProviderType } from "../provider-type";
import { CozeConfig } from "./config";

/** Coze, for clients that speak its protocol. */
export const COZE = <ProviderType>{
  name: "coze",
  host: "api.coze.cn",
  pathPrefix: "",
  apis: [ApiName.Coze],
  passesOtherApis: true,
  keepsPath: true,
  keepsBody: true,
  config: new CozeConfig(),
};
