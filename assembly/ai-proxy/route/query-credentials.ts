import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";
import { QUERY_KEYS } from "../../http/identity-names";
import { decodeOnce } from "../../http/path";
import { withoutParameters } from "../../http/url";

/** Azure's and OAuth's query parameters for credentials. */
const MORE_QUERY_KEYS: Bytes[] = [Bytes.of("api-key"), Bytes.of("access_token")];

/** A query without the keys in which clients send credentials. */
export function withoutCredentials(query: Bytes): Bytes {
  return withoutParameters(query, isKey);
}

function isKey(parameter: Bytes): bool {
  const equals = parameter.indexOf(Char.Equals);
  const decoded = decodeOnce(equals < 0 ? parameter : parameter.slice(0, equals));
  if (decoded === null) return false;
  const name = decoded.trim();
  return name.isInIgnoringCase(QUERY_KEYS) || name.isInIgnoringCase(MORE_QUERY_KEYS);
}
