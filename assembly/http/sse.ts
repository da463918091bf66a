import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { compareMemory } from "../proxy-wasm/compare";
import { Char } from "../proxy-wasm/char";
import { lineEnd } from "./line-scan";

const DATA = Bytes.of("data");
const EVENT = Bytes.of("event");
/** Bytes of a type that is remembered. */
const MAX_TYPE: i32 = 64;
const BOM = Bytes.of("\ufeff");

/** Receives the events of a stream. */
export interface SseHandler {
  /**
   * One event: its type (empty for the default `message`) and its data, lines joined by LF. Valid
   * during the call.
   */
  onEvent(type: Bytes, data: Bytes): void;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2) from bytes in any pieces: line ends LF, CR and CRLF,
 * comments, several data lines, a byte order mark. Unlike a browser it accepts a last event without a final
 * blank line, because some providers end their streams so.
 */
export class SseParser {
  private line: ByteWriter = new ByteWriter(256);
  private data: ByteWriter = new ByteWriter(256);
  /** The data of an event that has one line so far; not copied while its piece is being read. */
  private single: Bytes = Bytes.empty();
  /** Whether `single` or `type` point into the piece that is being read. */
  private isBorrowed: bool = false;
  private dataLines: i32 = 0;
  private type: Bytes = Bytes.empty();
  /** The last type that was short, a copy. */
  private lastType: Bytes = Bytes.empty();
  private afterCr: bool = false;
  private atStart: bool = true;
  /** Set when an event exceeded the limit; nothing is read after that. */
  overflow: bool = false;

  /** `limit`: largest event in bytes. */
  constructor(private readonly limit: i32) {}

  /** Bytes held of an incomplete event. */
  get held(): i32 {
    return this.line.length + this.data.length + this.single.length + this.type.length;
  }

  /** Reads a piece and passes the events that it completes to `handler`. */
  push(chunk: Bytes, handler: SseHandler): void {
    const length = chunk.length;
    const base = chunk.pointer;
    for (let from = 0; from < length && !this.overflow;) {
      const end = lineEnd(base, from, length);
      const isSecond = this.afterCr && end == from && load<u8>(base + <usize>end) == Char.LineFeed;
      this.afterCr = end < length && load<u8>(base + <usize>end) == Char.CarriageReturn;
      if (end == length) this.keep(base + <usize>from, end - from);
      else if (!isSecond) this.endPart(chunk, from, end, handler);
      from = end + 1;
    }
    this.detach();
  }

  /** Ends the stream; an unfinished line or event counts as complete. */
  end(handler: SseHandler): void {
    if (this.overflow) return;
    if (this.line.length > 0) this.endPart(Bytes.empty(), 0, 0, handler);
    this.dispatch(handler);
  }

  private keep(part: usize, length: i32): void {
    if (this.line.length + length > this.limit) this.overflow = true;
    else this.line.memory(part, length);
  }

  /** A line ends with the bytes of `chunk` from `from` to `to`. */
  private endPart(chunk: Bytes, from: i32, to: i32, handler: SseHandler): void {
    if (this.line.length == 0) return this.endLine(chunk, from, to, handler);
    this.keep(chunk.pointer + <usize>from, to - from);
    const line = this.line.toBytes();
    this.line = new ByteWriter(256);
    this.endLine(line, 0, line.length, handler);
  }

  /** Reads the line `[from, to)` of `text`. Unknown fields cost no memory. */
  private endLine(text: Bytes, from: i32, to: i32, handler: SseHandler): void {
    if (this.atStart && hasAt(text, from, to, BOM)) from += BOM.length;
    this.atStart = false;
    if (from == to) this.dispatch(handler);
    else if (isField(text, from, to, DATA)) this.addData(valueOf(text, from, to, DATA));
    else if (isField(text, from, to, EVENT)) this.setType(text, from, to);
  }

  /** Most events of a stream are of the type of the one before. */
  private setType(text: Bytes, from: i32, to: i32): void {
    const last = this.lastType;
    const start = valueStart(text, from, to, EVENT);
    if (last.length > 0 && to - start == last.length && hasAt(text, start, to, last)) {
      this.type = last;
      return;
    }
    const value = valueOf(text, from, to, EVENT);
    if (value.length > this.limit) this.overflow = true;
    else if (value.length <= MAX_TYPE) this.type = this.lastType = value.copy();
    else {
      this.type = value;
      this.isBorrowed = true;
    }
  }

  private addData(value: Bytes): void {
    if (this.data.length + this.single.length + value.length > this.limit) {
      this.overflow = true;
      return;
    }
    this.dataLines++;
    if (this.dataLines == 1) {
      this.single = value;
      this.isBorrowed = true;
      return;
    }
    if (this.dataLines == 2) {
      this.data = new ByteWriter(this.single.length + value.length + 1);
      this.data.bytes(this.single);
      this.single = Bytes.empty();
    }
    this.data.byte(Char.LineFeed).bytes(value);
  }

  private dispatch(handler: SseHandler): void {
    if (this.dataLines == 1) handler.onEvent(this.type, this.single);
    else if (this.dataLines > 1) handler.onEvent(this.type, this.data.toBytes());
    if (this.dataLines > 1) this.data = new ByteWriter(256);
    this.dataLines = 0;
    this.single = Bytes.empty();
    this.type = Bytes.empty();
  }

  /** Copies what outlives this piece, so that a small remainder does not keep a large buffer alive. */
  private detach(): void {
    if (!this.isBorrowed) return;
    this.isBorrowed = false;
    if (this.single.length > 0) this.single = this.single.copy();
    if (this.type.length > 0) this.type = this.type.copy();
  }
}

/** Whether `word` is at `from`. */
function hasAt(text: Bytes, from: i32, to: i32, word: Bytes): bool {
  if (to - from < word.length) return false;
  return compareMemory(text.pointer + <usize>from, word.pointer, word.length) == 0;
}

/** Whether a line is the field `name`. */
function isField(text: Bytes, from: i32, to: i32, name: Bytes): bool {
  if (!hasAt(text, from, to, name)) return false;
  return to - from == name.length || text.at(from + name.length) == Char.Colon;
}

/** The value of a line that is the field `name`. */
function valueOf(text: Bytes, from: i32, to: i32, name: Bytes): Bytes {
  const start = valueStart(text, from, to, name);
  return start < to ? text.slice(start, to) : Bytes.empty();
}

/** Where the value begins of a line that is the field `name`; `to` or more for an empty one. */
function valueStart(text: Bytes, from: i32, to: i32, name: Bytes): i32 {
  const start = from + name.length + 1;
  return start < to && text.at(start) == Char.Space ? start + 1 : start;
}
