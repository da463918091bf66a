import { Bytes } from "../../../proxy-wasm/bytes";
import { isHeaderSafe } from "../../../http/header-value";
import { splitUrl } from "../../../http/url";
import { ConfigKey } from "../../../rules/config-key";
import { KeyReader } from "../../../rules/key-reader";
import { CustomUrl } from "../base/custom-url";
import { Vendor } from "../base/provider-type";
import { Char } from "../../../proxy-wasm/char";

/** Reads the URL of the operator's server from `key`. `ends`: see `CustomUrl`. */
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
  if (!isHost(parts.authority.toString()) || !isHeaderSafe(url)) {
    keys.error(key, "has no host: write [http[s]://]HOST[:PORT]/v1");
    return;
  }
  if (parts.target.length <= 1) {
    keys.warn(key, "has no path: most servers have their API below /v1, as in HOST:PORT/v1");
  }
  vendor.customUrl = new CustomUrl(parts, ends);
}

/** Whether an authority is plausible: no space, placeholder, user or other scheme. */
function isHost(authority: string): bool {
  for (let i = 0; i < authority.length; i++) {
    const code = <u32>authority.charCodeAt(i);
    if (code <= Char.Space || code == Char.Less || code == Char.Greater || code == Char.At)
      return false;
  }
  return authority.length > 0 && !authority.endsWith(":");
}
