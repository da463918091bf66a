import { Bytes } from "../proxy-wasm/bytes";

const DIGITS = "0123456789abcdef";

/** Lower-case hexadecimal form of `data`. */
export function toHex(data: Bytes): string {
  let text = "";
  for (let i = 0; i < data.length; i++) {
    const byte = <i32>data.at(i);
    text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  }
  return text;
}
