import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const DATA = Bytes.of("data");

/** Receives the frames of a stream. */
export interface SseFrameHandler {
  /** One event, byte for byte, including the blank line that ends it. Valid during the call. */
  onFrame(frame: Bytes): void;
}

/**
 * Divides a stream of server-sent events (WHATWG HTML, section 9.2) into its events without changing a
 * byte, so that events can be passed on as they came. Line ends LF, CR and CRLF.
 */
export class SseFrames {
  /** The received part of an incomplete event. */
  private rest: ByteWriter = new ByteWriter(256);
  /** Whether the current line is empty so far. */
  private atLine: bool = true;
  /** Whether the last byte was a CR: the next one may be the LF that belongs to it. */
  private afterCr: bool = false;
  /** Whether that CR ended an event. */
  private isComplete: bool = false;
  /** Set when an event exceeded the limit; from then on the stream is not divided. */
  overflow: bool = false;

  /** `limit`: largest event in bytes. */
  constructor(private readonly limit: i32) {}

  /** Bytes held of an incomplete event. */
  get held(): i32 {
    return this.rest.length;
  }

  /**
   * Reads a piece and passes the events that it completes to `handler`. After an overflow, pieces are
   * passed on undivided.
   */
  push(chunk: Bytes, handler: SseFrameHandler): void {
    if (this.overflow) return handler.onFrame(chunk);
    const length = chunk.length;
    const base = chunk.pointer;
    let from = 0;
    for (let at = 0; at < length; at++) {
      const byte = load<u8>(base + <usize>at);
      if (this.afterCr) {
        this.afterCr = false;
        const end = byte == Char.LineFeed ? at + 1 : at;
        if (this.isComplete) from = this.emit(chunk, from, end, handler);
        this.isComplete = false;
        if (byte == Char.LineFeed) continue;
      }
      if (byte != Char.LineFeed && byte != Char.CarriageReturn) {
        this.atLine = false;
        continue;
      }
      if (byte == Char.CarriageReturn) {
        this.afterCr = true;
        this.isComplete = this.atLine;
      } else if (this.atLine) from = this.emit(chunk, from, at + 1, handler);
      this.atLine = true;
    }
    if (from < length) this.rest.memory(base + <usize>from, length - from);
    if (this.rest.length > this.limit) this.flush(handler);
  }

  /** Whether part of an event is held. */
  get holdsRest(): bool {
    return this.rest.length > 0;
  }

  /** Ends the stream; what is left counts as an event. */
  end(handler: SseFrameHandler): void {
    const rest = this.rest;
    this.rest = new ByteWriter(256);
    if (rest.length > 0) handler.onFrame(rest.toBytes());
  }

  /** Passes on what is held and `[from, to)` of the piece; returns where the next event begins. */
  private emit(chunk: Bytes, from: i32, to: i32, handler: SseFrameHandler): i32 {
    const part = chunk.slice(from, to);
    if (this.rest.length == 0) handler.onFrame(part);
    else {
      this.rest.bytes(part);
      this.end(handler);
    }
    return to;
  }

  private flush(handler: SseFrameHandler): void {
    this.overflow = true;
    this.end(handler);
  }
}

/** The data of an event: its `data` lines joined by LF; empty when it has none. */
export function frameData(frame: Bytes): Bytes {
  let first = Bytes.empty();
  let more: ByteWriter | null = null;
  let found = false;
  let from = 0;
  while (from < frame.length) {
    let to = from;
    while (
      to < frame.length &&
      frame.at(to) != Char.LineFeed &&
      frame.at(to) != Char.CarriageReturn
    )
      to++;
    if (isData(frame, from, to)) {
      const start = min(to, from + DATA.length + 1);
      const value = start < to && frame.at(start) == Char.Space ? start + 1 : start;
      const all = more;
      if (all !== null) all.byte(Char.LineFeed).memory(frame.pointer + <usize>value, to - value);
      else if (found) {
        more = new ByteWriter(frame.length).bytes(first).byte(Char.LineFeed);
        more.memory(frame.pointer + <usize>value, to - value);
      } else first = frame.slice(value, to);
      found = true;
    }
    from = to + 1;
  }
  const all = more;
  return all === null ? first : all.toBytes();
}

/** Whether the line `[from, to)` is a `data` field. */
function isData(frame: Bytes, from: i32, to: i32): bool {
  const size = DATA.length;
  if (to - from < size) return false;
  if (memory.compare(frame.pointer + <usize>from, DATA.pointer, <usize>size) != 0) return false;
  return to - from == size || frame.at(from + size) == Char.Colon;
}
