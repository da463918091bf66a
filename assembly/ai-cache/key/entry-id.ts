import { Bytes } from "../../proxy-wasm/bytes";
import { toHex } from "../../text/hex";

/** Hexadecimal digits of an id. */
export const ID_DIGITS: i32 = 16;

/**
 * The id of an entry or of a question as operators and stores see it: the first eight bytes of its
 * digest in hexadecimal digits, never the key or the text.
 */
export function idOf(digest: Bytes): string {
  return toHex(digest.slice(0, ID_DIGITS / 2));
}
