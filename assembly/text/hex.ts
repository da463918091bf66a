import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

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

/** The bytes that hexadecimal digits encode; null when their number is odd or anything else occurs. */
export function fromHex(text: Bytes): Bytes | null {
  if ((text.length & 1) != 0) return null;
  const out = new ByteWriter(text.length / 2);
  for (let i = 0; i < text.length; i += 2) {
    const high = digitOf(text.at(i));
    const low = digitOf(text.at(i + 1));
    if (high < 0 || low < 0) return null;
    out.byte(<u8>((high << 4) | low));
  }
  return out.toBytes();
}

function digitOf(byte: u8): i32 {
  if (byte >= Char.Zero && byte <= Char.Nine) return byte - Char.Zero;
  const letter = byte | 0x20;
  return letter >= Char.LowerA && letter <= Char.LowerF ? letter - Char.LowerA + 10 : -1;
}
