import { Char } from "../proxy-wasm/char";

/** Whether a text is valid as a header value: no control characters (RFC 9110 5.5, without tabs). */
export function isHeaderSafe(value: string): bool {
  for (let i = 0; i < value.length; i++) {
    const code = <u32>value.charCodeAt(i);
    if (code < Char.Space || code == Char.Delete) return false;
  }
  return true;
}
