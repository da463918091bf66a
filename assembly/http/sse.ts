import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const DATA = Bytes.of("data");
const EVENT = Bytes.of("event");
const BOM = Bytes.of("\ufeff");

/** Receives the events of a stream. */
export abstract class SseHandler {
  /**
   * One event: its type (empty for the default `message`) and its data, lines joined by LF. Valid
   * during the call.
   */
  abstract onEvent(type: Bytes, data: Bytes): void;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2) from bytes in any pieces: line ends LF, CR and
 * CRLF, comments, several data lines, a byte order mark. Unlike a browser it takes a last event
 * without a blank line behind it, because providers end so.
 */
export class SseParser {
  private line: ByteWriter = new ByteWriter(256);
  private data: ByteWriter = new ByteWriter(256);
  /** The data of an event that has one line so far, not copied. */
  private single: Bytes = Bytes.empty();
  private dataLines: i32 = 0;
  private type: Bytes = Bytes.empty();
  private afterCr: bool = false;
  private atStart: bool = true;
  /** Set when an event exceeded the limit; nothing is read after that. */
  overflow: bool = false;

  /** `limit`: bytes that one event may have. */
  constructor(private readonly limit: i32) {}

  /** Reads a piece and hands the events that it completes to `handler`. */
  push(chunk: Bytes, handler: SseHandler): void {
    let from = 0;
    const length = chunk.length;
    const base = chunk.pointer;
    for (let at = 0; at < length && !this.overflow; at++) {
      const byte = load<u8>(base + <usize>at);
      if (byte != LF && byte != CR) {
        this.afterCr = false;
        continue;
      }
      if (byte == LF && this.afterCr) {
        this.afterCr = false;
        from = at + 1;
        continue;
      }
      this.afterCr = byte == CR;
      this.endLine(chunk.slice(from, at), handler);
      from = at + 1;
    }
    if (!this.overflow && from < length) this.keep(chunk.slice(from));
    this.detach();
  }

  /** Ends the stream: a line and an event that are still open count as complete. */
  end(handler: SseHandler): void {
    if (this.overflow) return;
    if (this.line.length > 0) this.endLine(Bytes.empty(), handler);
    this.dispatch(handler);
  }

  private keep(part: Bytes): void {
    if (this.line.length + part.length > this.limit) this.overflow = true;
    else this.line.bytes(part);
  }

  private endLine(part: Bytes, handler: SseHandler): void {
    let line = part;
    if (this.line.length > 0) {
      this.keep(part);
      line = this.line.toBytes();
      this.line = new ByteWriter(256);
    }
    if (this.atStart) {
      this.atStart = false;
      if (line.startsWith(BOM)) line = line.slice(BOM.length);
    }
    if (line.length == 0) {
      this.dispatch(handler);
      return;
    }
    const colon = line.indexOf(0x3a);
    if (colon == 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? Bytes.empty() : line.slice(colon + 1);
    if (value.at(0) == 0x20) value = value.slice(1);
    if (name.equals(DATA)) this.addData(value);
    else if (name.equals(EVENT)) this.type = value;
  }

  private addData(value: Bytes): void {
    if (this.data.length + this.single.length + value.length > this.limit) {
      this.overflow = true;
      return;
    }
    this.dataLines++;
    if (this.dataLines == 1) {
      this.single = value;
      return;
    }
    if (this.dataLines == 2) {
      this.data = new ByteWriter(this.single.length + value.length + 1);
      this.data.bytes(this.single);
      this.single = Bytes.empty();
    }
    this.data.byte(LF).bytes(value);
  }

  private dispatch(handler: SseHandler): void {
    if (this.dataLines == 1) handler.onEvent(this.type, this.single);
    else if (this.dataLines > 1) handler.onEvent(this.type, this.data.toBytes());
    if (this.dataLines > 1) this.data = new ByteWriter(256);
    this.dataLines = 0;
    this.single = Bytes.empty();
    this.type = Bytes.empty();
  }

  /** Copies what is kept beyond this piece, so that a small rest does not hold a large buffer. */
  private detach(): void {
    if (this.single.length > 0) this.single = this.single.copy();
    if (this.type.length > 0) this.type = this.type.copy();
  }
}
