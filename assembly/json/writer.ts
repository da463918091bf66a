import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { sequenceLength } from "../text/utf8";
import { Char } from "../proxy-wasm/char";

const HEX = "0123456789abcdef";
const REPLACEMENT = Bytes.of("�");
const TRUE = Bytes.of("true");
const FALSE = Bytes.of("false");

/**
 * Writes JSON. The writer inserts the commas between members and items by looking at the last byte written,
 * so that fixed pieces of text and single members can alternate.
 */
export class JsonWriter extends ByteWriter {
  /** `capacity`: bytes expected. */
  constructor(capacity: i32 = 256) {
    super(capacity);
  }

  /** Begins an object. */
  object(): JsonWriter {
    return this.open(Char.OpenBrace);
  }

  endObject(): JsonWriter {
    this.byte(Char.CloseBrace);
    return this;
  }

  /** Begins an array. */
  array(): JsonWriter {
    return this.open(Char.OpenBracket);
  }

  endArray(): JsonWriter {
    this.byte(Char.CloseBracket);
    return this;
  }

  /** The key of the value that follows; it needs no escaping. */
  key(name: Bytes): JsonWriter {
    this.separate();
    writeKey(this, name);
    return this;
  }

  /** The key of the value that follows, escaped. */
  escapedKey(name: Bytes): JsonWriter {
    this.string(name).byte(Char.Colon);
    return this;
  }

  /** A member copied from another document: its raw key and value. */
  member(key: Bytes, value: Bytes): JsonWriter {
    this.separate();
    this.bytes(key).byte(Char.Colon).bytes(value);
    return this;
  }

  /** A value that is JSON already, or members of an object; an empty one writes nothing. */
  raw(value: Bytes): JsonWriter {
    if (value.length == 0) return this;
    this.separate();
    this.bytes(value);
    return this;
  }

  /** A value of a parsed document, without the white space between its tokens. */
  compact(value: Bytes): JsonWriter {
    this.separate();
    writeCompact(this, value);
    return this;
  }

  /** A fixed piece of JSON, unchanged: it brings its own commas. */
  piece(json: Bytes): JsonWriter {
    this.bytes(json);
    return this;
  }

  /** A text as a JSON string. */
  string(text: Bytes): JsonWriter {
    this.separate();
    writeString(this, text);
    return this;
  }

  /** A text that is already escaped, as a JSON string. */
  quoted(content: Bytes): JsonWriter {
    this.separate();
    this.byte(Char.Quote).bytes(content).byte(Char.Quote);
    return this;
  }

  /** A whole number; negative ones are written as 0. */
  number(value: i64): JsonWriter {
    this.separate();
    this.decimal(<u64>max<i64>(value, 0));
    return this;
  }

  bool(value: bool): JsonWriter {
    return this.raw(value ? TRUE : FALSE);
  }

  private open(byte: u8): JsonWriter {
    this.separate();
    this.byte(byte);
    return this;
  }

  /** No comma is needed at the start, nor after an opening bracket, a colon or a comma. */
  private separate(): void {
    switch (this.last) {
      case 0:
      case Char.OpenBrace:
      case Char.OpenBracket:
      case Char.Colon:
      case Char.Comma:
        return;
      default:
        this.byte(Char.Comma);
    }
  }
}

/**
 * Appends `text` as a JSON string with quotes. Escapes `"`, `\`, C0 controls and DEL; other UTF-8 is
 * copied, and each byte that is not part of a well-formed character becomes U+FFFD, so that the result is
 * always valid JSON.
 */
export function writeString(out: ByteWriter, text: Bytes): ByteWriter {
  out.byte(Char.Quote);
  writeStringContent(out, text);
  return out.byte(Char.Quote);
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
    } else if (
      byte < Char.Space ||
      byte == Char.Quote ||
      byte == Char.Backslash ||
      byte == Char.Delete
    ) {
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
function writeKey(out: ByteWriter, key: Bytes): ByteWriter {
  const length = key.length;
  const at = out.take(length + 3);
  store<u8>(at, Char.Quote);
  memory.copy(at + 1, key.pointer, <usize>length);
  store<u16>(at + 1 + <usize>length, 0x3a22);
  return out;
}

function writeEscape(out: ByteWriter, byte: u8): void {
  out.byte(Char.Backslash);
  switch (byte) {
    case Char.Backspace:
      out.byte(Char.LowerB);
      break;
    case Char.Tab:
      out.byte(Char.LowerT);
      break;
    case Char.LineFeed:
      out.byte(Char.LowerN);
      break;
    case Char.FormFeed:
      out.byte(Char.LowerF);
      break;
    case Char.CarriageReturn:
      out.byte(Char.LowerR);
      break;
    case Char.Quote:
    case Char.Backslash:
      out.byte(byte);
      break;
    default:
      out
        .byte(Char.LowerU)
        .byte(Char.Zero)
        .byte(Char.Zero)
        .byte(<u8>HEX.charCodeAt(byte >> 4))
        .byte(<u8>HEX.charCodeAt(byte & 15));
  }
}

/**
 * Appends a JSON text that a `JsonDocument` has checked, without the white space between its
 * tokens.
 */
function writeCompact(out: ByteWriter, json: Bytes): ByteWriter {
  const base = json.pointer;
  let from = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = load<u8>(base + <usize>at);
    if (inString) {
      if (byte == Char.Backslash) at++;
      else if (byte == Char.Quote) inString = false;
    } else if (byte == Char.Quote) {
      inString = true;
    } else if (
      byte == Char.Space ||
      byte == Char.LineFeed ||
      byte == Char.CarriageReturn ||
      byte == Char.Tab
    ) {
      out.memory(base + <usize>from, at - from);
      from = at + 1;
    }
  }
  return out.memory(base + <usize>from, json.length - from);
}
