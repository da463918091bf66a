import { Bytes } from "../../proxy-wasm/bytes";
import { HeaderSnapshot, HeaderWriter } from "../../proxy-wasm/header-map";
import { CREDENTIALS } from "../../http/identity-names";
import { AUTHORIZATION } from "../../http/names";
import { ProviderConfig } from "../config/provider-config";
import { Char } from "../../proxy-wasm/char";

const BEARER = Bytes.of("Bearer ");
const X_API_KEY = Bytes.of("x-api-key");
const X_AUTHORIZATION = Bytes.of("x-authorization");

/**
 * The client's key: from `configured` if set, then from `x-api-key`, `x-authorization`, `Authorization`.
 * Empty when none.
 */
export function clientKey(headers: HeaderSnapshot, configured: Bytes): Bytes {
  if (configured.length > 0) {
    const value = headers.get(configured);
    if (value !== null && value.length > 0) return withoutScheme(value);
  }
  const names: Bytes[] = [X_API_KEY, X_AUTHORIZATION, AUTHORIZATION];
  for (let i = 0; i < names.length; i++) {
    const value = headers.get(names[i]);
    if (value !== null && value.length > 0) return withoutScheme(value);
  }
  return Bytes.empty();
}

/**
 * All credentials of the client, without their schemes. `configured`: a header that may contain one, or
 * empty.
 */
export function clientKeys(headers: HeaderSnapshot, configured: Bytes): Bytes[] {
  const found: Bytes[] = [];
  const names = CREDENTIALS.concat([configured]);
  for (let i = 0; i < names.length; i++) {
    const lines = headers.all(names[i]);
    for (let j = 0; j < lines.length; j++) {
      const value = lines[j].trim();
      found.push(value.slice(value.indexOf(Char.Space) + 1).trim());
    }
  }
  return found;
}

/**
 * Sends `key`: `out` gets it in the provider's header as it is, else as `Authorization`, or as it is when
 * it brings a scheme of its own and the type keeps it. An empty key sends nothing.
 */
export function setKey(provider: ProviderConfig, key: Bytes, out: HeaderWriter): void {
  if (key.length == 0) return;
  if (provider.vendor.keyHeader.length > 0) out.set(provider.vendor.keyHeader, key);
  else out.set(AUTHORIZATION, provider.type.authorizationFor(key));
}

function withoutScheme(value: Bytes): Bytes {
  return value.slice(0, BEARER.length).equalsIgnoreCase(BEARER)
    ? value.slice(BEARER.length).trim()
    : value.trim();
}
