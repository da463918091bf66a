import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";

const LF: u8 = 0x0a;
const CR: u8 = 0x0d;
const COLON: u8 = 0x3a;
const SPACE: u8 = 0x20;
const DATA = Bytes.of("data");

/** Receives the frames of a stream. */
export abstract class SseFrameHandler {
  /** One event as it came, the blank line behind it included. Valid during the call. */
  abstract onFrame(frame: Bytes): void;
}

/**
 * Divides a stream of server-sent events (WHATWG HTML, section 9.2) into its events without changing
 * a byte, so that one that is not of interest can go on as it came. Line ends LF, CR and CRLF.
 */
export class SseFrames {
  private rest: Bytes = Bytes.empty();
  /** Where in `rest` to go on looking, and where its current line begins. */
  private scanned: i32 = 0;
  private line: i32 = 0;
  /** Set when an event exceeded the limit; nothing is divided after that. */
  overflow: bool = false;

  /** `limit`: bytes that one event may have. */
  constructor(private readonly limit: i32) {}

  /**
   * Reads a piece and hands the events that it completes to `handler`. What is not divided any more
   * after an overflow is handed over as it is.
   */
  push(chunk: Bytes, handler: SseFrameHandler): void {
    if (this.overflow) return handler.onFrame(chunk);
    const text = this.rest.length == 0 ? chunk : join(this.rest, chunk);
    let from = 0;
    let at = this.scanned;
    let line = this.line;
    while (at < text.length) {
      const byte = text.at(at);
      if (byte != LF && byte != CR) {
        at++;
        continue;
      }
      // A CR at the very end may be half of a CRLF.
      if (byte == CR && at + 1 == text.length) break;
      const next = byte == CR && text.at(at + 1) == LF ? at + 2 : at + 1;
      if (at == line) {
        handler.onFrame(text.slice(from, next));
        from = next;
      }
      line = at = next;
    }
    this.rest = from < text.length ? text.slice(from).copy() : Bytes.empty();
    this.scanned = at - from;
    this.line = line - from;
    if (this.rest.length > this.limit) this.flush(handler);
  }

  /** Ends the stream: what is left counts as an event. */
  end(handler: SseFrameHandler): void {
    if (this.rest.length > 0) handler.onFrame(this.rest);
    this.rest = Bytes.empty();
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
    while (to < frame.length && frame.at(to) != LF && frame.at(to) != CR) to++;
    const value = dataOf(frame.slice(from, to));
    if (value !== null) {
      const all = more;
      if (all !== null) all.byte(LF).bytes(value);
      else if (found) more = new ByteWriter(frame.length).bytes(first).byte(LF).bytes(value);
      else first = value;
      found = true;
    }
    from = to + 1;
  }
  const all = more;
  return all === null ? first : all.toBytes();
}

/** The value of a `data` line, null for another. */
function dataOf(line: Bytes): Bytes | null {
  const colon = line.indexOf(COLON);
  const name = colon < 0 ? line : line.slice(0, colon);
  if (!name.equals(DATA)) return null;
  if (colon < 0) return Bytes.empty();
  const value = line.slice(colon + 1);
  return value.at(0) == SPACE ? value.slice(1) : value;
}

function join(a: Bytes, b: Bytes): Bytes {
  return new ByteWriter(a.length + b.length).bytes(a).bytes(b).toBytes();
}
