import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";

const ACCOUNT = <ConfigKey>{ name: "cloudflareAccountId", isRequired: true };

/** The account, which stands in paths. */
export class CloudflareConfig extends VendorConfig {
  constructor() {
    super([ACCOUNT]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    vendor.pathPrefix = vendor.pathPrefix.replace("{account}", keys.text(ACCOUNT));
  }
}
