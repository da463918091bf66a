import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

const ALPHABET = Bytes.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
const PAD: u8 = 0x3d;

/** Base64 with padding (RFC 4648, section 4). */
export function encodeBase64(data: Bytes): Bytes {
  const out = new ByteWriter(((data.length + 2) / 3) * 4);
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const bits = ((<u32>data.at(i)) << 16) | ((<u32>data.at(i + 1)) << 8) | (<u32>data.at(i + 2));
    out.byte(ALPHABET.at(<i32>(bits >> 18)));
    out.byte(ALPHABET.at(<i32>((bits >> 12) & 63)));
    out.byte(left > 1 ? ALPHABET.at(<i32>((bits >> 6) & 63)) : PAD);
    out.byte(left > 2 ? ALPHABET.at(<i32>(bits & 63)) : PAD);
  }
  return out.toBytes();
}

/** Base64 of the URL alphabet without padding (RFC 4648, section 5). */
export function encodeBase64Url(data: Bytes): Bytes {
  const text = encodeBase64(data);
  let length = text.length;
  while (length > 0 && text.at(length - 1) == PAD) length--;
  for (let i = 0; i < length; i++) {
    const byte = text.at(i);
    if (byte == 0x2b) store<u8>(text.pointer + <usize>i, 0x2d);
    else if (byte == 0x2f) store<u8>(text.pointer + <usize>i, 0x5f);
  }
  return text.slice(0, length);
}

/**
 * The bytes of a base64 text, of the ordinary or the URL alphabet, with or without padding; null
 * when it is none.
 */
export function decodeBase64(text: Bytes): Bytes | null {
  let length = text.length;
  while (length > 0 && text.at(length - 1) == PAD && text.length - length < 2) length--;
  if ((length & 3) == 1) return null;
  const out = new ByteWriter((length * 3) / 4 + 3);
  let bits: u32 = 0;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = valueOf(text.at(i));
    if (value < 0) return null;
    bits = (bits << 6) | (<u32>value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.byte(<u8>(bits >> (<u32>count)));
  }
  return out.toBytes();
}

function valueOf(c: u8): i32 {
  if (c >= 0x41 && c <= 0x5a) return <i32>c - 0x41;
  if (c >= 0x61 && c <= 0x7a) return <i32>c - 0x61 + 26;
  if (c >= 0x30 && c <= 0x39) return <i32>c - 0x30 + 52;
  if (c == 0x2b || c == 0x2d) return 62;
  return c == 0x2f || c == 0x5f ? 63 : -1;
}
