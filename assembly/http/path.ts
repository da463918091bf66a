import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { writeEscaped } from "./url";
import { Char } from "../proxy-wasm/char";

const DOT = Bytes.of(".");
const DOTS = Bytes.of("..");
/** Characters that a segment may contain besides unreserved ones (RFC 3986, section 3.3). */
const MARKS = Bytes.of("!$&'()*+,;=:@");

/** Bytes of a path that is remembered. */
const MAX_REMEMBERED: i32 = 512;
/** The path that was read last, and its result: requests ask for the same few again and again. */
let lastPath: Bytes = Bytes.empty();
let lastRead: RequestPath | null = null;

/**
 * A request's path in normal form, so that a decision made about it also holds for the server that receives
 * it.
 */
export class RequestPath {
  private escapes: Bytes | null = null;

  private constructor(
    /**
     * For comparisons: escapes decoded once, no empty or dot segments, no trailing slash. An escaped slash
     * separates segments.
     */
    readonly plain: Bytes,
    /** What is sent: as the client wrote it, without empty and dot segments. */
    readonly sent: Bytes,
  ) {}

  /**
   * Reads a path without its query. Null for one that servers interpret differently: an invalid escape, a
   * control character, a dot segment after an escaped slash or before a semicolon.
   */
  static read(path: Bytes): RequestPath | null {
    const last = lastRead;
    if (last !== null && lastPath.equals(path)) return last;
    const read = RequestPath.parse(path);
    if (read === null || path.length > MAX_REMEMBERED) return read;
    lastPath = path.copy();
    lastRead = read;
    return read;
  }

  private static parse(path: Bytes): RequestPath | null {
    // The segments that remain, as written and decoded.
    const written: Bytes[] = [];
    const decoded: Bytes[] = [];
    let isOpen: bool = false;
    let from = 0;
    while (from <= path.length) {
      const slash = path.indexOf(Char.Slash, from);
      const to = slash < 0 ? path.length : slash;
      const raw = path.slice(from, to);
      from = to + 1;
      const segment = decodeOnce(raw);
      if (segment === null || isAmbiguous(segment)) return null;
      const isBack = segment.equals(DOTS);
      isOpen = raw.length == 0 || isBack || segment.equals(DOT);
      if (isBack && written.length > 0) {
        written.pop();
        decoded.pop();
      }
      if (isOpen) continue;
      written.push(raw);
      decoded.push(segment);
    }
    const plain = new ByteWriter(path.length + 1);
    const sent = new ByteWriter(path.length + 16);
    for (let i = 0; i < written.length; i++) {
      writeSegments(plain, decoded[i]);
      writeWritten(sent.byte(Char.Slash), written[i]);
    }
    if (plain.length == 0) plain.byte(Char.Slash);
    if (isOpen || sent.length == 0) sent.byte(Char.Slash);
    return new RequestPath(plain.toBytes(), sent.toBytes());
  }

  /** `plain` as it is sent. */
  get escaped(): Bytes {
    const known = this.escapes;
    if (known !== null) return known;
    const plain = this.plain;
    const out = new ByteWriter(plain.length + 16);
    for (let i = 0; i < plain.length; i++) {
      if (plain.at(i) == Char.Slash) out.byte(Char.Slash);
      else writeInSegment(out, plain.at(i));
    }
    const escaped = out.toBytes();
    this.escapes = escaped;
    return escaped;
  }
}

/** Whether `segment` would mean another place in a path: `.`, `..`, or one of them between slashes. */
export function holdsDots(segment: Bytes): bool {
  let from = 0;
  while (from <= segment.length) {
    let to = from;
    while (to < segment.length && !isSlash(segment.at(to))) to++;
    let piece = segment.slice(from, to);
    const mark = piece.indexOf(Char.Semicolon);
    if (mark >= 0) piece = piece.slice(0, mark);
    if (piece.equals(DOT) || piece.equals(DOTS)) return true;
    from = to + 1;
  }
  return false;
}

/** Whether `text` has a control character, which no segment of a path may encode. */
export function holdsControls(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    if (text.at(i) < Char.Space || text.at(i) == Char.Delete) return true;
  }
  return false;
}

/** `text` with its percent escapes decoded once; null when a percent sign begins none. */
export function decodeOnce(text: Bytes): Bytes | null {
  if (text.indexOf(Char.Percent) < 0) return text;
  const out = new ByteWriter(text.length);
  for (let i = 0; i < text.length; i++) {
    if (text.at(i) != Char.Percent) {
      out.byte(text.at(i));
      continue;
    }
    const high = hexValue(text.at(i + 1));
    const low = hexValue(text.at(i + 2));
    if (high < 0 || low < 0) return null;
    out.byte(<u8>((high << 4) | low));
    i += 2;
  }
  return out.toBytes();
}

/** Besides a whole dot segment, which is resolved. */
function isAmbiguous(segment: Bytes): bool {
  if (holdsControls(segment)) return true;
  return holdsDots(segment) && !segment.equals(DOT) && !segment.equals(DOTS);
}

/** Writes the segments that a decoded one contains. */
function writeSegments(out: ByteWriter, segment: Bytes): void {
  let from = 0;
  while (from <= segment.length) {
    const slash = segment.indexOf(Char.Slash, from);
    const to = slash < 0 ? segment.length : slash;
    if (to > from) out.byte(Char.Slash).bytes(segment.slice(from, to));
    from = to + 1;
  }
}

/** Writes a segment with the client's escapes. */
function writeWritten(out: ByteWriter, segment: Bytes): void {
  for (let i = 0; i < segment.length; i++) {
    if (segment.at(i) == Char.Percent) out.byte(Char.Percent);
    else writeInSegment(out, segment.at(i));
  }
}

function writeInSegment(out: ByteWriter, byte: u8): void {
  if (MARKS.indexOf(byte) >= 0) out.byte(byte);
  else writeEscaped(out, byte);
}

function isSlash(byte: u8): bool {
  return byte == Char.Slash || byte == Char.Backslash;
}

/** −1 when `byte` is no hexadecimal digit. */
function hexValue(byte: u8): i32 {
  if (byte >= Char.Zero && byte <= Char.Nine) return <i32>byte - Char.Zero;
  const letter = byte | 0x20;
  return letter >= Char.LowerA && letter <= Char.LowerF ? <i32>letter - Char.LowerA + 10 : -1;
}
