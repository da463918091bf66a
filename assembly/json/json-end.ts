import { Bytes } from "../proxy-wasm/bytes";

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;
const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;

/** Tells when a JSON object that comes in pieces has ended. */
export class JsonEnd {
  private depth: i32 = 0;
  private inString: bool = false;
  private isEscaped: bool = false;
  /** Whether an object or array has begun and ended. */
  isReached: bool = false;

  /** Reads the next piece. */
  push(piece: Bytes): void {
    for (let i = 0; i < piece.length && !this.isReached; i++) this.read(piece.at(i));
  }

  private read(byte: u8): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (this.inString) {
      if (byte == BACKSLASH) this.isEscaped = true;
      else if (byte == QUOTE) this.inString = false;
    } else if (byte == QUOTE) this.inString = true;
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) this.depth++;
    else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) {
      this.depth--;
      this.isReached = this.depth <= 0;
    }
  }
}
