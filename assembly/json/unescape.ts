import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

/**
 * The text of a JSON string's content (without quotes) that a `JsonDocument` has checked. Surrogate
 * pairs become one character; a lone surrogate becomes U+FFFD. Anything malformed is dropped.
 */
export function unescape(content: Bytes): Bytes {
  const out = new ByteWriter(content.length);
  let from = 0;
  while (from < content.length) {
    const slash = content.indexOf(0x5c, from);
    if (slash < 0) break;
    out.bytes(content.slice(from, slash));
    const letter = content.at(slash + 1);
    from = slash + 2;
    if (letter != 0x75) {
      const plain = simpleEscape(letter);
      if (plain != 0) out.byte(plain);
      continue;
    }
    let code = hexUnit(content, from);
    from += 4;
    if (
      code >= 0xd800 &&
      code < 0xdc00 &&
      content.at(from) == 0x5c &&
      content.at(from + 1) == 0x75
    ) {
      const low = hexUnit(content, from + 2);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        from += 6;
      }
    }
    writeCodePoint(out, code);
  }
  return out.bytes(content.slice(from)).toBytes();
}

/**
 * Appends the UTF-8 form of a code point; a surrogate or anything above U+10FFFF becomes U+FFFD.
 */
export function writeCodePoint(out: ByteWriter, code: u32): void {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
  if (code < 0x80) {
    out.byte(<u8>code);
  } else if (code < 0x800) {
    out.byte(<u8>(0xc0 | (code >> 6))).byte(<u8>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out
      .byte(<u8>(0xe0 | (code >> 12)))
      .byte(<u8>(0x80 | ((code >> 6) & 0x3f)))
      .byte(<u8>(0x80 | (code & 0x3f)));
  } else {
    out
      .byte(<u8>(0xf0 | (code >> 18)))
      .byte(<u8>(0x80 | ((code >> 12) & 0x3f)))
      .byte(<u8>(0x80 | ((code >> 6) & 0x3f)))
      .byte(<u8>(0x80 | (code & 0x3f)));
  }
}

function simpleEscape(letter: u8): u8 {
  switch (letter) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    default:
      return 0;
  }
}

function hexUnit(content: Bytes, at: i32): u32 {
  let value: u32 = 0;
  for (let i = 0; i < 4; i++) {
    const byte = <u32>content.at(at + i);
    const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
    value = (value << 4) | (digit & 15);
  }
  return value;
}
