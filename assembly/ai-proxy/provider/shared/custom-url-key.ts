import { Bytes } from "../../../proxy-wasm/bytes";
import { isHeaderSafe } from "../../../http/header-value";
import { splitUrl } from "../../../http/url";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { CustomUrl } from "../base/custom-url";
import { Vendor } from "../base/provider-type";

/** The URL of a server that `key` names. `ends`: see `CustomUrl`. */
export function readCustomUrl(
  keys: KeyReader,
  key: ConfigKey,
  ends: Bytes[],
  vendor: Vendor,
): void {
  const url = keys.text(key);
  if (url.length == 0) return;
  const parts = splitUrl(Bytes.of(url));
  vendor.scheme = parts.scheme;
  if (parts.authority.length == 0 || !isHeaderSafe(url)) keys.error(key, "has no host");
  else vendor.customUrl = new CustomUrl(parts, ends);
}
