import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { Char } from "../../proxy-wasm/char";
import { QUERY_KEYS } from "../../http/identity-names";
import { decodeOnce } from "../../http/path";

/** Azure's and OAuth's query parameters for credentials. */
const MORE_QUERY_KEYS: Bytes[] = [Bytes.of("api-key"), Bytes.of("access_token")];

/** A query without the keys in which clients send credentials. */
export function withoutCredentials(query: Bytes): Bytes {
  const out = new ByteWriter(query.length);
  let from = 1;
  while (from < query.length) {
    const mark = query.indexOf(Char.Ampersand, from);
    const to = mark < 0 ? query.length : mark;
    const part = query.slice(from, to);
    from = to + 1;
    if (isKey(part)) continue;
    out.byte(out.length == 0 ? Char.Question : Char.Ampersand).bytes(part);
  }
  return out.length == query.length ? query : out.toBytes();
}

function isKey(part: Bytes): bool {
  const equals = part.indexOf(Char.Equals);
  const written = equals < 0 ? part : part.slice(0, equals);
  const name = decodeOnce(written);
  if (name === null) return false;
  return isNamed(name.trim(), QUERY_KEYS) || isNamed(name.trim(), MORE_QUERY_KEYS);
}

function isNamed(name: Bytes, names: Bytes[]): bool {
  for (let i = 0; i < names.length; i++) {
    if (name.equalsIgnoreCase(names[i])) return true;
  }
  return false;
}
