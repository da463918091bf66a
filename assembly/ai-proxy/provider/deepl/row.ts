import { Bytes } from "../../../proxy-wasm/bytes";
import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { DEEPL_KEYS, readDeepL } from "./config";
import { FREE_HOST } from "./deepl";

/** DeepL. */
export const DEEPL = <ProviderType>{
  name: "deepl",
  host: FREE_HOST,
  pathPrefix: "/v2",
  apis: [ApiName.ChatCompletions],
  paths: [{ api: ApiName.ChatCompletions, path: "/v2/translate" }],
  scheme: Bytes.of("DeepL-Auth-Key "),
  keys: DEEPL_KEYS,
  readKeys: readDeepL,
};
