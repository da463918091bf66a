import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { formatDecimal, parseDecimal } from "../text/decimal";
import { Char } from "../proxy-wasm/char";

/** Longest line of a reply other than a bulk string. */
const MAX_LINE: i32 = 4096;

/** Kinds of replies. */
export enum RespKind {
  Null = 0,
  /** A bulk string: `data`. */
  Bulk = 1,
  /** A simple string or another value of one line: `data`. */
  Text = 2,
  /** `integer`. */
  Integer = 3,
  /** An error: `data`, without the dash. */
  Error = 4,
}

/** One reply. */
export class RespValue {
  constructor(
    readonly kind: RespKind,
    readonly data: Bytes,
    readonly integer: i64,
  ) {}
}

const SET = Bytes.of("SET");
const EX = Bytes.of("EX");

/** Appends a command: an array of bulk strings (RESP2). */
export function writeCommand(out: ByteWriter, parts: Bytes[]): ByteWriter {
  out
    .byte(Char.Star)
    .decimal(<u64>parts.length)
    .byte(Char.CarriageReturn)
    .byte(Char.LineFeed);
  for (let i = 0; i < parts.length; i++) {
    out
      .byte(Char.Dollar)
      .decimal(<u64>parts[i].length)
      .byte(Char.CarriageReturn)
      .byte(Char.LineFeed);
    out.bytes(parts[i]).byte(Char.CarriageReturn).byte(Char.LineFeed);
  }
  return out;
}

/** The command that writes a key. `ttlSeconds`: 0 forever. */
export function setCommand(key: Bytes, value: Bytes, ttlSeconds: u64): Bytes[] {
  const command = [SET, key, value];
  if (ttlSeconds > 0) {
    command.push(EX);
    command.push(formatDecimal(ttlSeconds));
  }
  return command;
}

/**
 * Reads replies in RESP2 or RESP3. Strict: incomplete replies, and kinds that none of our commands has
 * (arrays, maps, sets), are rejected.
 */
export class RespReader {
  private at: i32 = 0;

  constructor(private readonly text: Bytes) {}

  /** Whether all bytes have been read. */
  get atEnd(): bool {
    return this.at == this.text.length;
  }

  /** The next reply; null when there is no complete one. Nothing can be read afterwards. */
  next(): RespValue | null {
    const line = this.line();
    if (line === null || line.length == 0) return null;
    const rest = line.slice(1);
    switch (line.at(0)) {
      case Char.Plus:
      case Char.Comma:
      case Char.Hash:
      case Char.OpenParenthesis:
        return new RespValue(RespKind.Text, rest, 0);
      case Char.Hyphen:
        return new RespValue(RespKind.Error, rest, 0);
      case Char.Colon:
        return integerReply(rest);
      case Char.Underscore:
        return rest.length == 0 ? new RespValue(RespKind.Null, rest, 0) : null;
      case Char.Dollar:
        return this.bulk(rest);
      default:
        return null;
    }
  }

  private bulk(length: Bytes): RespValue | null {
    if (length.equals(MINUS_ONE)) return new RespValue(RespKind.Null, Bytes.empty(), 0);
    const size = parseDecimal(length, -1);
    if (size < 0 || size > <i64>(this.text.length - this.at - 2)) return null;
    const data = this.text.slice(this.at, this.at + <i32>size);
    const end = this.at + <i32>size;
    if (this.text.at(end) != Char.CarriageReturn || this.text.at(end + 1) != Char.LineFeed)
      return null;
    this.at = end + 2;
    return new RespValue(RespKind.Bulk, data, 0);
  }

  /** The next line without its end; null when it is not complete. */
  private line(): Bytes | null {
    const from = this.at;
    const most = min(this.text.length - 1, from + MAX_LINE);
    for (let i = from; i < most; i++) {
      if (this.text.at(i) != Char.CarriageReturn) continue;
      if (this.text.at(i + 1) != Char.LineFeed) return null;
      this.at = i + 2;
      return this.text.slice(from, i);
    }
    return null;
  }
}

const MINUS_ONE = Bytes.of("-1");

function integerReply(text: Bytes): RespValue | null {
  const isNegative = text.at(0) == Char.Hyphen;
  const value = parseDecimal(isNegative ? text.slice(1) : text, -1);
  if (value < 0) return null;
  return new RespValue(RespKind.Integer, text, isNegative ? -value : value);
}
