/** What a request's path and query contain: model, action, and the form of a stream. */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { pathOf, queryOf } from "../../http/url";
import { Char } from "../../proxy-wasm/char";

const GENERATE = Bytes.of(":generateContent");
const STREAM = Bytes.of(":streamGenerateContent");
const ALT: Bytes[] = [Bytes.of("alt"), Bytes.of("$alt"), Bytes.of("%24alt")];
const SSE = Bytes.of("sse");
const FORMS: Bytes[] = [SSE, Bytes.of("json")];
const FIRST_KEY = Bytes.of("?key=");
const LATER_KEY = Bytes.of("&key=");
/** In front of the scope of paths that OpenAI's API has, too. */
const GOOGLES = Bytes.of("google ");

/** Whether the query has a key. */
export function hasKey(target: Bytes): bool {
  const query = queryOf(target);
  return query.startsWith(FIRST_KEY) || query.find(LATER_KEY) >= 0;
}

/** The model that a path names (`…/models/{model}:{action}`); empty when it names none. */
export function modelOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const from = path.lastIndexOf(Char.Slash) + 1;
  const colon = path.lastIndexOf(Char.Colon);
  const name = decodeOnce(path.slice(from, colon < from ? path.length : colon));
  return name === null ? Bytes.empty() : name;
}

/** Whether a stream is requested. */
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
 * The part of a target that decides the answer, without whether and how it is streamed. A key in the query
 * stays, because it identifies the client.
 */
export function scopeOf(target: Bytes): Bytes {
  const path = pathOf(target);
  const query = queryOf(target);
  const out = new ByteWriter(target.length);
  if (path.indexOf(Char.Colon) < 0) out.bytes(GOOGLES);
  if (path.endsWith(STREAM)) {
    out.bytes(path.slice(0, path.length - STREAM.length)).bytes(GENERATE);
  } else out.bytes(path);
  let mark = Char.Question;
  let from = 1;
  while (from < query.length) {
    const to = partEnd(query, from);
    const part = query.slice(from, to);
    if (part.length > 0 && !isUsualForm(part)) {
      out.byte(mark).bytes(part);
      mark = Char.Ampersand;
    }
    from = to + 1;
  }
  return out.toBytes();
}

function partEnd(query: Bytes, from: i32): i32 {
  const end = query.indexOf(Char.Ampersand, from);
  return end < 0 ? query.length : end;
}

/** Whether a part says that the answer is JSON or events; other forms are other answers. */
function isUsualForm(part: Bytes): bool {
  return isAlt(part) && part.slice(part.indexOf(Char.Equals) + 1).isIn(FORMS);
}

function isAlt(part: Bytes): bool {
  const equals = part.indexOf(Char.Equals);
  return part.slice(0, equals < 0 ? part.length : equals).isIn(ALT);
}
