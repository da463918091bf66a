import { Bytes } from "../../../proxy-wasm/bytes";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { Vendor } from "../base/provider-type";

/** Reads a host from `key`, in place of the type's. */
export function readHost(keys: KeyReader, key: ConfigKey, vendor: Vendor): void {
  const host = keys.text(key);
  if (host.length > 0) vendor.host = Bytes.of(host);
}

/** `readKeys` of types whose only key names the host. */
export function readOnlyHost(keys: KeyReader, vendor: Vendor): void {
  readHost(keys, vendor.type.keys[0], vendor);
}
