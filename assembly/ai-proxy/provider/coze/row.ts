import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { COZE_KEYS, readCoze } from "./config";

/** Coze, for clients that speak its protocol. */
export const COZE = <ProviderType>{
  name: "coze",
  host: "api.coze.cn",
  pathPrefix: "",
  apis: [ApiName.Coze],
  passesOtherApis: true,
  keepsPath: true,
  keepsBody: true,
  keys: COZE_KEYS,
  readKeys: readCoze,
};
