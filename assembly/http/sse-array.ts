import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { SseHandler, SseParser } from "./sse";
import { Char } from "../proxy-wasm/char";

const SEPARATOR = Bytes.of(",\r\n");

/** Converts a stream of events with JSON data into one JSON array, piece by piece. */
export class EventArray implements SseHandler {
  private readonly parser: SseParser;
  private out: ByteWriter = new ByteWriter(256);
  private isOpen: bool = false;

  /** `limit`: largest event in bytes. */
  constructor(limit: i32) {
    this.parser = new SseParser(limit);
  }

  onEvent(_type: Bytes, data: Bytes): void {
    if (this.isOpen) this.out.bytes(SEPARATOR).bytes(data);
    else this.out.byte(Char.OpenBracket).bytes(data);
    this.isOpen = true;
  }

  /** Takes a piece of the stream and returns the next piece of the array. */
  push(events: Bytes): Bytes {
    this.parser.push(events, this);
    return this.take();
  }

  /** The last bytes of the array. */
  end(): Bytes {
    this.parser.end(this);
    if (!this.isOpen) this.out.byte(Char.OpenBracket);
    this.out.byte(Char.CloseBracket);
    return this.take();
  }

  private take(): Bytes {
    const bytes = this.out.toBytes();
    this.out = new ByteWriter(256);
    return bytes;
  }
}

/** Converts a complete stream of events with JSON data into an array. */
export function eventsAsArray(stream: Bytes): Bytes {
  const array = new EventArray(stream.length);
  const out = new ByteWriter(stream.length + 16).bytes(array.push(stream));
  return out.bytes(array.end()).toBytes();
}
