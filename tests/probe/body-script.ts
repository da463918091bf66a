/**
 * A body handled as a script says, to find out what the host makes of it. The script is
 * `HEADERS,PIECES,END`: what the headers callback returns (a digit), what each body callback returns
 * (one sign for each, the last one goes on), and what happens at the end of the body, be it a last
 * piece or trailers.
 */
import {
  appendBuffer,
  readBuffer,
  replaceBuffer,
  replaceStart,
} from "../../assembly/proxy-wasm/buffer";
import { Bytes } from "../../assembly/proxy-wasm/bytes";
import { DataStatus, HeadersStatus } from "../../assembly/proxy-wasm/types";

const EMPTY = Bytes.empty();

/** What is done at the end of the body. */
export enum BodyEnd {
  /** Nothing: what the host keeps goes on. */
  Nothing,
  /** `w`: the whole body in brackets takes its place. */
  Write,
  /** `a`: an exclamation mark is appended. */
  Append,
  /** `s`: a bracket takes the place of the first two bytes. */
  Start,
  /** `l`: a local reply with the body in brackets. */
  Reply,
  /** `c`: a call-out first, whose callback writes. */
  Call,
}

export class BodyScript {
  readonly headers: i32;
  readonly end: BodyEnd;
  private readonly pieces: string;
  private seen: i32 = 0;
  private text: string = "";

  constructor(
    private readonly type: i32,
    script: string,
  ) {
    const parts = script.split(",");
    this.headers = parts[0] == "1" ? HeadersStatus.StopIteration : HeadersStatus.Continue;
    this.pieces = parts.length > 1 ? parts[1] : "0";
    const end = parts.length > 2 ? parts[2] : "";
    this.end =
      end == "w"
        ? BodyEnd.Write
        : end == "a"
          ? BodyEnd.Append
          : end == "l"
            ? BodyEnd.Reply
            : end == "s"
              ? BodyEnd.Start
              : end == "c"
                ? BodyEnd.Call
                : BodyEnd.Nothing;
  }

  static of(direction: i32, script: Bytes | null): BodyScript | null {
    return script === null ? null : new BodyScript(direction, script.toString());
  }

  /** The body so far, in brackets. */
  get whole(): Bytes {
    return Bytes.of("[" + this.text + "]");
  }

  /**
   * A piece: `0`, `1`, `2`, `3` return that, `e` and `f` empty the host's buffer and return 1 and 2.
   */
  take(size: i32): i32 {
    const sign = this.pieces.charCodeAt(min(this.seen++, this.pieces.length - 1));
    const text = readBuffer(this.type, size).toString();
    // What return 1 keeps is shown again.
    this.text = sign == 0x31 ? text : this.text + text;
    if (sign == 0x30) return DataStatus.Continue;
    if (sign == 0x31) return DataStatus.StopIterationAndBuffer;
    if (sign == 0x32) return DataStatus.StopIterationAndWatermark;
    if (sign == 0x33) return DataStatus.StopIterationNoBuffer;
    replaceBuffer(this.type, EMPTY);
    return sign == 0x66 ? DataStatus.StopIterationAndWatermark : DataStatus.StopIterationAndBuffer;
  }

  /** Writes what stands at the end; whether the host took it. */
  write(): bool {
    if (this.end == BodyEnd.Append) return appendBuffer(this.type, Bytes.of("!"));
    if (this.end == BodyEnd.Start) return replaceStart(this.type, 2, Bytes.of("["));
    return replaceBuffer(this.type, this.whole);
  }
}
