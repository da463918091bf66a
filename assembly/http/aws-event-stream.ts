import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { compareMemory } from "../proxy-wasm/compare";
import { crc32 } from "../text/crc32";

/**
 * Bytes of a message besides headers and payload: two lengths with their checksum, and the checksum of the
 * message.
 */
const PRELUDE: i32 = 12;
const TRAILER: i32 = 4;
/** Largest message in bytes; AWS sends none that are larger. */
const MAX_MESSAGE: i32 = 16 << 20;
const MESSAGE_TYPE = Bytes.of(":message-type");
const EVENT_TYPE = Bytes.of(":event-type");
const EXCEPTION_TYPE = Bytes.of(":exception-type");
const ERROR_CODE = Bytes.of(":error-code");
const STRING: u8 = 7;
const BYTES: u8 = 6;
/** Bytes of the values of header types 0 to 9; −1: a length of two bytes precedes them. */
const SIZES: StaticArray<i32> = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

/** Receives the messages of a stream. */
export interface EventStreamHandler {
  /** One message. `type`: `event`, `exception` or `error`; `name`: which one. Valid during the call. */
  onMessage(type: Bytes, name: Bytes, payload: Bytes): void;
}

/** AWS' event stream (`application/vnd.amazon.eventstream`) from bytes in any pieces. */
export class EventStreamFrames {
  /** The received part of an incomplete message, and how many bytes are needed to continue. */
  private pending: ByteWriter = new ByteWriter(0);
  private needed: i32 = 0;
  /** Set when a message is damaged or too long; nothing is read after that. */
  isBroken: bool = false;

  /** Reads a piece and passes the messages that it completes to `handler`. */
  push(chunk: Bytes, handler: EventStreamHandler): void {
    if (this.isBroken) return;
    let text = chunk;
    if (this.pending.length > 0) {
      this.pending.bytes(chunk);
      if (this.pending.length < this.needed) return;
      text = this.pending.toBytes();
    }
    this.needed = PRELUDE;
    let from = 0;
    while (!this.isBroken && text.length - from >= PRELUDE) {
      const size = uint32(text, from);
      if (!isPrelude(text, from, size)) {
        this.isBroken = true;
        return;
      }
      if (<u32>(text.length - from) < size) {
        this.needed = <i32>size;
        break;
      }
      const message = text.slice(from, from + <i32>size);
      if (
        crc32(message.slice(0, message.length - TRAILER)) != uint32(message, message.length - 4)
      ) {
        this.isBroken = true;
        return;
      }
      this.read(message, handler);
      from += <i32>size;
    }
    this.pending = new ByteWriter(text.length - from).bytes(text.slice(from));
  }

  /** Bytes held of an incomplete message. */
  get held(): i32 {
    return this.pending.length;
  }

  /** Whether the stream ends between two messages. */
  get isComplete(): bool {
    return !this.isBroken && this.pending.length == 0;
  }

  private read(message: Bytes, handler: EventStreamHandler): void {
    const end = PRELUDE + <i32>uint32(message, 4);
    let type = Bytes.empty();
    let name = Bytes.empty();
    let at = PRELUDE;
    while (at < end) {
      const nameEnd = at + 1 + <i32>message.at(at);
      const nameAt = at + 1;
      const kind = message.at(nameEnd);
      if (nameEnd >= end || kind >= <u8>SIZES.length) {
        this.isBroken = true;
        return;
      }
      let from = nameEnd + 1;
      let size = SIZES[<i32>kind];
      if (kind == STRING || kind == BYTES) {
        size = ((<i32>message.at(from)) << 8) | (<i32>message.at(from + 1));
        from += 2;
      }
      at = from + size;
      if (at > end) {
        this.isBroken = true;
        return;
      }
      // Headers that nobody reads cost no memory, because a message may consist of them.
      if (isAt(message, nameAt, nameEnd, MESSAGE_TYPE)) type = message.slice(from, at);
      else if (isName(message, nameAt, nameEnd)) name = message.slice(from, at);
    }
    handler.onMessage(type, name, message.slice(end, message.length - TRAILER));
  }
}

/** Whether `[from, to)` is `word`. */
function isAt(message: Bytes, from: i32, to: i32, word: Bytes): bool {
  if (to - from != word.length) return false;
  return compareMemory(message.pointer + <usize>from, word.pointer, word.length) == 0;
}

/** Whether the header `[from, to)` says which event, exception or error a message is. */
function isName(message: Bytes, from: i32, to: i32): bool {
  return (
    isAt(message, from, to, EVENT_TYPE) ||
    isAt(message, from, to, EXCEPTION_TYPE) ||
    isAt(message, from, to, ERROR_CODE)
  );
}

/** Whether the lengths at `from` are whole and possible. */
function isPrelude(text: Bytes, from: i32, size: u32): bool {
  if (crc32(text.slice(from, from + 8)) != uint32(text, from + 8)) return false;
  if (size < <u32>(PRELUDE + TRAILER) || size > <u32>MAX_MESSAGE) return false;
  return uint32(text, from + 4) <= size - <u32>(PRELUDE + TRAILER);
}

/** Four bytes, the highest first. */
function uint32(text: Bytes, at: i32): u32 {
  return (
    ((<u32>text.at(at)) << 24) |
    ((<u32>text.at(at + 1)) << 16) |
    ((<u32>text.at(at + 2)) << 8) |
    (<u32>text.at(at + 3))
  );
}
