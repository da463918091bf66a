import { Bytes } from "../proxy-wasm/bytes";
import { toHex } from "../text/hex";

const ID_BYTES = 8;

/**
 * The id of an entry as operators see it: the first eight bytes of its key's digest in hexadecimal
 * digits, never the key.
 */
export function entryIdOf(digest: Bytes): string {
  return toHex(digest.slice(0, ID_BYTES));
}
