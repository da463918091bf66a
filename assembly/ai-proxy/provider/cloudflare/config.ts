import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

const ACCOUNT = <ConfigKey>{
  name: "cloudflareAccountId",
  isRequired: true,
  meaning: "account id; part of the path",
};

export const CLOUDFLARE_KEYS: ConfigKey[] = [ACCOUNT];

/** Reads the account, which is part of the path. */
export function readCloudflare(keys: KeyReader, vendor: Vendor): void {
  vendor.pathPrefix = vendor.pathPrefix.replace("{account}", keys.text(ACCOUNT));
}
