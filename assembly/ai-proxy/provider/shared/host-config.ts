import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor, VendorConfig } from "../provider-type";

/** A type whose one key names its host. */
export class HostConfig extends VendorConfig {
  constructor(key: ConfigKey) {
    super([key]);
  }

  read(keys: KeyReader, vendor: Vendor): void {
    readHost(keys, this.keys[0], vendor);
  }
}

/** The host that `key` names, in place of the type's. */
export function readHost(keys: KeyReader, key: ConfigKey, vendor: Vendor): void {
  const host = keys.text(key);
  if (host.length > 0) vendor.host = Bytes.of(host);
}
