import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const ALPHABET: usize = memory.data<u8>([
  0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50,
  0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
  0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76,
  0x77, 0x78, 0x79, 0x7a, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x2b, 0x2f,
]);

/** Base64 with padding (RFC 4648, section 4). */
export function encodeBase64(data: Bytes): Bytes {
  const length = data.length;
  const text = new ArrayBuffer(((length + 2) / 3) * 4);
  let out = changetype<usize>(text);
  let p = data.pointer;
  let left = length;
  for (; left >= 3; left -= 3, p += 3, out += 4) {
    const bits = ((<u32>load<u8>(p)) << 16) | ((<u32>load<u8>(p, 1)) << 8) | (<u32>load<u8>(p, 2));
    store<u8>(out, digit(bits >> 18), 0);
    store<u8>(out, digit(bits >> 12), 1);
    store<u8>(out, digit(bits >> 6), 2);
    store<u8>(out, digit(bits), 3);
  }
  if (left > 0) {
    const second: u32 = left > 1 ? load<u8>(p, 1) : 0;
    const bits = ((<u32>load<u8>(p)) << 16) | (second << 8);
    store<u8>(out, digit(bits >> 18), 0);
    store<u8>(out, digit(bits >> 12), 1);
    store<u8>(out, left > 1 ? digit(bits >> 6) : Char.Equals, 2);
    store<u8>(out, Char.Equals, 3);
  }
  return Bytes.wrap(text);
}

function digit(bits: u32): u8 {
  return load<u8>(ALPHABET + <usize>(bits & 63));
}

/** Base64 of the URL alphabet without padding (RFC 4648, section 5). */
export function encodeBase64Url(data: Bytes): Bytes {
  const text = encodeBase64(data);
  let length = text.length;
  while (length > 0 && text.at(length - 1) == Char.Equals) length--;
  for (let i = 0; i < length; i++) {
    const byte = text.at(i);
    if (byte == Char.Plus) store<u8>(text.pointer + <usize>i, Char.Hyphen);
    else if (byte == Char.Slash) store<u8>(text.pointer + <usize>i, Char.Underscore);
  }
  return text.slice(0, length);
}

/** Decodes base64, in the standard or the URL alphabet, with or without padding; null when it is invalid. */
export function decodeBase64(text: Bytes): Bytes | null {
  let length = text.length;
  while (length > 0 && text.at(length - 1) == Char.Equals && text.length - length < 2) length--;
  if ((length & 3) == 1) return null;
  const out = new ByteWriter((length * 3) / 4 + 3);
  let bits: u32 = 0;
  let count = 0;
  const base = text.pointer;
  for (let i = 0; i < length; i++) {
    const value = valueOf(load<u8>(base + <usize>i));
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
  if (c >= Char.UpperA && c <= Char.UpperZ) return <i32>c - Char.UpperA;
  if (c >= Char.LowerA && c <= Char.LowerZ) return <i32>c - Char.LowerA + 26;
  if (c >= Char.Zero && c <= Char.Nine) return <i32>c - Char.Zero + 52;
  if (c == Char.Plus || c == Char.Hyphen) return 62;
  return c == Char.Slash || c == Char.Underscore ? 63 : -1;
}
