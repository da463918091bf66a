import { ApiName } from "../../api/api-name";
import { ProviderType } from "../base/provider-type";
import { KLING_KEYS, readKling } from "./config";
import { KlingTask, KlingVideos } from "./videos";

/** Kling. */
export const KLING = <ProviderType>{
  name: "kling",
  host: "api-singapore.klingai.com",
  apis: [ApiName.Videos, ApiName.RetrieveVideo, ApiName.KlingVideos],
  tokensOptional: true,
  apiDialects: [new KlingVideos(), new KlingTask()],
  keys: KLING_KEYS,
  readKeys: readKling,
};
