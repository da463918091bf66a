import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { ApiName } from "../../api/api-name";
import { Vendor } from "../base/provider-type";
import { KlingAccess } from "./token";
import { KlingTask, KlingVideos, TaskPaths } from "./videos";

const ACCESS_KEY = <ConfigKey>{
  name: "klingAccessKey",
  isSecret: true,
  keepsAnswers: true,
  meaning: "with `klingSecretKey`, an access key that signs tokens (HS256), instead of `apiTokens`",
};
const SECRET_KEY = <ConfigKey>{
  name: "klingSecretKey",
  isSecret: true,
  keepsAnswers: true,
  meaning: "secret of `klingAccessKey`",
};
const AHEAD = <ConfigKey>{
  name: "klingTokenRefreshAhead",
  form: KeyForm.Integer,
  defaultValue: 60,
  countsZero: true,
  max: 1799,
  keepsAnswers: true,
  meaning: "seconds before expiry at which a token is renewed",
};

export const KLING_KEYS: ConfigKey[] = [ACCESS_KEY, SECRET_KEY, AHEAD];

/** The names in `capabilities` of creating a video from an image, and of retrieving such a task. */
export const FROM_IMAGE = "kling/v1/image2video";
export const LOOK_AT_IMAGE = "kling/v1/retrieveimagevideo";

/** Reads either API keys, or an access key that signs its own tokens. */
export function readKling(keys: KeyReader, vendor: Vendor): void {
  // The operator's paths change where a task is sent, not its kind.
  const creating = new TaskPaths(ownPath(vendor, ApiName.Videos), ownPath(vendor, FROM_IMAGE));
  const looking = new TaskPaths(
    ownPath(vendor, ApiName.RetrieveVideo),
    ownPath(vendor, LOOK_AT_IMAGE),
  );
  vendor.apiDialects = [new KlingVideos(creating), new KlingTask(looking)];
  const access = keys.text(ACCESS_KEY);
  const secret = keys.text(SECRET_KEY);
  const ahead = keys.integer(AHEAD);
  if (access.length > 0 && secret.length > 0) {
    vendor.credential = new KlingAccess(Bytes.of(access), Bytes.of(secret), <u64>ahead);
  } else if (access.length + secret.length > 0) {
    keys.error(ACCESS_KEY, "missing klingAccessKey or klingSecretKey in provider config");
  } else if (!vendor.hasTokens) {
    keys.error(<ConfigKey>{ name: "apiTokens" }, "no apiToken found in provider config");
  }
}

/** Removes an API's path from `capabilities` and returns it; empty if there is none. */
function ownPath(vendor: Vendor, api: string): Bytes {
  const path = vendor.paths.has(api) ? vendor.paths.get(api) : "";
  vendor.paths.delete(api);
  return Bytes.of(path);
}
