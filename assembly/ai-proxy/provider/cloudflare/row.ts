import { placeOf } from "../../../json/place";
import { MAX_TOKENS } from "../base/member-rule";
import { ApiName } from "../../api/api-name";

import { ProviderType } from "../base/provider-type";
import { CLOUDFLARE_KEYS, readCloudflare } from "./config";

/** Cloudflare Workers AI. `{account}` is `cloudflareAccountId`. */
export const CLOUDFLARE = <ProviderType>{
  name: "cloudflare",
  host: "api.cloudflare.com",
  pathPrefix: "/client/v4/accounts/{account}/ai/v1",
  apis: [ApiName.ChatCompletions, ApiName.Embeddings],
  errorTexts: [placeOf(["errors", "0", "message"])],
  errorCodes: [placeOf(["errors", "0", "code"])],
  changes: [MAX_TOKENS],
  mixesCalls: true,
  keys: CLOUDFLARE_KEYS,
  readKeys: readCloudflare,
};
