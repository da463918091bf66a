import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/** Detects the end of a JSON value that arrives in pieces. */
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
      if (byte == Char.Backslash) this.isEscaped = true;
      else if (byte == Char.Quote) this.inString = false;
    } else if (byte == Char.Quote) this.inString = true;
    else if (byte == Char.OpenBrace || byte == Char.OpenBracket) this.depth++;
    else if (byte == Char.CloseBrace || byte == Char.CloseBracket) {
      this.depth--;
      this.isReached = this.depth <= 0;
    }
  }
}
