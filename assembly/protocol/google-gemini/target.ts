/** What a request's path and query say: which model is to do what, and how a stream is written. */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { pathOf, queryOf } from "../../http/url";

const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const QUESTION_MARK: u8 = 0x3f;
const AMPERSAND: u8 = 0x26;
const EQUALS: u8 = 0x3d;
const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent");
const ALT: Bytes[] = [Bytes.of("alt"), Bytes.of("$alt"), Bytes.of("%24alt")];
const SSE = Bytes.of("sse");

/** The model that a path names (`…/models/{model}:{action}`); empty when it names none. */
export function modelOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const from = path.lastIndexOf(SLASH) + 1;
  const colon = path.lastIndexOf(COLON);
  const name = decodeOnce(path.slice(from, colon < from ? path.length : colon));
  return name === null ? Bytes.empty() : name;
}

/** Whether a stream is asked for. */
export function isStream(target: Bytes): bool {
  return pathOf(target).endsWith(STREAM);
}

/** Whether the stream is one JSON array, which it is unless the client wants events. */
export function isArray(target: Bytes): bool {
  if (!isStream(target)) return false;
  const query = queryOf(target);
  let from = 1;
  while (from < query.length) {
    const to = partEnd(query, from);
    if (isAlt(query.slice(from, to)) && query.slice(0, to).endsWith(SSE)) return false;
    from = to + 1;
  }
  return true;
}

/**
 * What of a target decides about the answer: not whether and how it is streamed. A key in the query
 * stays, because it tells who asks.
 */
export function scopeOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const query = queryOf(target);
  const out = new ByteWriter(target.length);
  if (path.endsWith(STREAM)) {
    out.bytes(path.slice(0, path.length - STREAM.length)).bytes(GENERATE);
  } else out.bytes(path);
  let mark = QUESTION_MARK;
  let from = 1;
  while (from < query.length) {
    const to = partEnd(query, from);
    const part = query.slice(from, to);
    if (part.length > 0 && !isAlt(part)) {
      out.byte(mark).bytes(part);
      mark = AMPERSAND;
    }
    from = to + 1;
  }
  return out.toBytes();
}

function partEnd(query: Bytes, from: i32): i32 {
  const end = query.indexOf(AMPERSAND, from);
  return end < 0 ? query.length : end;
}

function isAlt(part: Bytes): bool {
  const equals = part.indexOf(EQUALS);
  return part.slice(0, equals < 0 ? part.length : equals).isIn(ALT);
}
