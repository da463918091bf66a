import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { sequenceLength } from "../text/utf8";

const HEX = "0123456789abcdef";
const REPLACEMENT = Bytes.of("�");

/**
 * Appends `text` as a JSON string with quotes. Escapes `"`, `\`, C0 controls and DEL; other UTF-8
 * passes as it is, and each byte that is not part of a well-formed character becomes U+FFFD, so
 * that the result is always valid JSON.
 */
export function writeString(out: ByteWriter, text: Bytes): ByteWriter {
  out.byte(0x22);
  writeStringContent(out, text);
  return out.byte(0x22);
}

/** Like `writeString`, without the quotes. */
export function writeStringContent(out: ByteWriter, text: Bytes): void {
  const base = text.pointer;
  const length = text.length;
  let from = 0;
  let at = 0;
  while (at < length) {
    const byte = load<u8>(base + <usize>at);
    if (byte >= 0x80) {
      const size = sequenceLength(base + <usize>at, length - at);
      if (size > 0) {
        at += size;
        continue;
      }
      out.memory(base + <usize>from, at - from).bytes(REPLACEMENT);
    } else if (byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x7f) {
      out.memory(base + <usize>from, at - from);
      writeEscape(out, byte);
    } else {
      at++;
      continue;
    }
    at++;
    from = at;
  }
  out.memory(base + <usize>from, length - from);
}

/** Appends `"key":`; `key` needs no escaping. */
export function writeKey(out: ByteWriter, key: Bytes): ByteWriter {
  const length = key.length;
  const at = out.take(length + 3);
  store<u8>(at, 0x22);
  memory.copy(at + 1, key.pointer, <usize>length);
  store<u16>(at + 1 + <usize>length, 0x3a22);
  return out;
}

function writeEscape(out: ByteWriter, byte: u8): void {
  out.byte(0x5c);
  switch (byte) {
    case 0x08:
      out.byte(0x62);
      break;
    case 0x09:
      out.byte(0x74);
      break;
    case 0x0a:
      out.byte(0x6e);
      break;
    case 0x0c:
      out.byte(0x66);
      break;
    case 0x0d:
      out.byte(0x72);
      break;
    case 0x22:
    case 0x5c:
      out.byte(byte);
      break;
    default:
      out
        .byte(0x75)
        .byte(0x30)
        .byte(0x30)
        .byte(<u8>HEX.charCodeAt(byte >> 4))
        .byte(<u8>HEX.charCodeAt(byte & 15));
  }
}

/**
 * Appends a JSON text that a `JsonDocument` has checked, without the white space between its
 * tokens.
 */
export function writeCompact(out: ByteWriter, json: Bytes): ByteWriter {
  const base = json.pointer;
  let from = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = load<u8>(base + <usize>at);
    if (inString) {
      if (byte == 0x5c) at++;
      else if (byte == 0x22) inString = false;
    } else if (byte == 0x22) {
      inString = true;
    } else if (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) {
      out.memory(base + <usize>from, at - from);
      from = at + 1;
    }
  }
  return out.memory(base + <usize>from, json.length - from);
}
