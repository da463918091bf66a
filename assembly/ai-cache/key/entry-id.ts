import { Bytes } from "../../proxy-wasm/bytes";
import { toHex } from "../../text/hex";

/** Hexadecimal digits of an id. */
export const ID_DIGITS: i32 = 16;

/**
 * The public id of an entry or question: the first eight bytes of its digest in hexadecimal, never the key
 * or the text.
 */
export function idOf(digest: Bytes): string {
  return toHex(digest.slice(0, ID_DIGITS / 2));
}
