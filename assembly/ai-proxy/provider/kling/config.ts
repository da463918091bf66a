import { ConfigKey, KeyForm } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";
import { KlingToken } from "./token";

const ACCESS_KEY = <ConfigKey>{ name: "klingAccessKey", isSecret: true, keepsAnswers: true };
const SECRET_KEY = <ConfigKey>{ name: "klingSecretKey", isSecret: true, keepsAnswers: true };
const AHEAD = <ConfigKey>{
  name: "klingTokenRefreshAhead",
  form: KeyForm.Integer,
  usual: 60,
  most: 1799,
  keepsAnswers: true,
};

export const KLING_KEYS: ConfigKey[] = [ACCESS_KEY, SECRET_KEY, AHEAD];

/** Either keys, or an access key that signs tokens for itself. */
export function readKling(keys: KeyReader, vendor: Vendor): void {
  const access = keys.text(ACCESS_KEY);
  const secret = keys.text(SECRET_KEY);
  const ahead = keys.integer(AHEAD);
  if (access.length > 0 && secret.length > 0) {
    vendor.credential = new KlingToken(access, secret, <u64>ahead);
  } else if (access.length + secret.length > 0) {
    keys.error(ACCESS_KEY, "missing klingAccessKey or klingSecretKey in provider config");
  } else if (!vendor.hasTokens) {
    keys.error(<ConfigKey>{ name: "apiTokens" }, "no apiToken found in provider config");
  }
}
