import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { writeKey, writeString } from "./writer";
import { Char } from "../text/char";

const TRUE = Bytes.of("true");
const FALSE = Bytes.of("false");

/** Writes a JSON text piece by piece, commas included. */
export class JsonBuilder {
  readonly out: ByteWriter;
  /** Whether the next piece is the first of its container, or the value of a key. */
  private isFirst: bool = true;

  /** `capacity`: bytes expected. */
  constructor(capacity: i32 = 256) {
    this.out = new ByteWriter(capacity);
  }

  /** Begins an object. */
  object(): JsonBuilder {
    return this.open(0x7b);
  }

  endObject(): JsonBuilder {
    return this.close(0x7d);
  }

  /** Begins an array. */
  array(): JsonBuilder {
    return this.open(0x5b);
  }

  endArray(): JsonBuilder {
    return this.close(0x5d);
  }

  /** The key of the value that follows; it needs no escaping. */
  key(name: Bytes): JsonBuilder {
    this.separate();
    writeKey(this.out, name);
    this.isFirst = true;
    return this;
  }

  /** A value that is JSON already. */
  raw(value: Bytes): JsonBuilder {
    this.separate();
    this.out.bytes(value);
    return this;
  }

  /** A text as a JSON string. */
  string(text: Bytes): JsonBuilder {
    this.separate();
    writeString(this.out, text);
    return this;
  }

  /** A whole number, 0 for one below. */
  number(value: i64): JsonBuilder {
    this.separate();
    this.out.decimal(<u64>max<i64>(value, 0));
    return this;
  }

  bool(value: bool): JsonBuilder {
    return this.raw(value ? TRUE : FALSE);
  }

  toBytes(): Bytes {
    return this.out.toBytes();
  }

  private open(byte: u8): JsonBuilder {
    this.separate();
    this.out.byte(byte);
    this.isFirst = true;
    return this;
  }

  private close(byte: u8): JsonBuilder {
    this.out.byte(byte);
    this.isFirst = false;
    return this;
  }

  private separate(): void {
    if (!this.isFirst) this.out.byte(Char.Comma);
    this.isFirst = false;
  }
}
