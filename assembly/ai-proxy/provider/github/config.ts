import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";

const NO_KEYS: ConfigKey[] = [];
/** The host before the present one; its paths had no prefix. */
const OLD_HOST = "models.inference.ai.azure.com";

/** No keys: only the old host has other paths. */
export class GitHubConfig extends VendorConfig {
  constructor() {
    super(NO_KEYS);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    if (keys.reader.text("providerDomain", "") == OLD_HOST) vendor.pathPrefix = "";
  }
}
