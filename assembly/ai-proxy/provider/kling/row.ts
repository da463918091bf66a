import { ApiName } from "../../api/api-name";
import { nativePaths } from "../base/native-paths";
import { ProviderType } from "../base/provider-type";
import { FROM_IMAGE, KLING_KEYS, LOOK_AT_IMAGE, readKling } from "./config";

/** Kling's native API. */
const API = "kling/v1/videos";
const PATHS: string[] = [
  "/v1/videos/text2video",
  "/v1/videos/text2video/*",
  "/v1/videos/image2video",
  "/v1/videos/image2video/*",
];

/** Kling. */
export const KLING = <ProviderType>{
  name: "kling",
  host: "api-singapore.klingai.com",
  apis: [ApiName.Videos, ApiName.RetrieveVideo, API, FROM_IMAGE, LOOK_AT_IMAGE],
  nativePaths: nativePaths(API, PATHS, 1),
  tokensOptional: true,
  keys: KLING_KEYS,
  readKeys: readKling,
};
