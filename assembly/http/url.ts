import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const HTTP = Bytes.of("http://");
const HTTPS = Bytes.of("https://");

/** The path of a request target, without its query. */
export function pathOf(target: Bytes): Bytes {
  const mark = target.indexOf(Char.Question);
  return mark < 0 ? target : target.slice(0, mark);
}

/** The query of a request target with its question mark; empty when there is none. */
export function queryOf(target: Bytes): Bytes {
  const mark = target.indexOf(Char.Question);
  return mark < 0 ? Bytes.empty() : target.slice(mark);
}

/** `target` with `query` (which begins with `?` or is empty) appended to its own query. */
export function withQuery(target: Bytes, query: Bytes): Bytes {
  if (query.length <= 1) return target;
  const out = new ByteWriter(target.length + query.length).bytes(target);
  out.byte(target.indexOf(Char.Question) < 0 ? Char.Question : Char.Ampersand);
  return out.bytes(query.slice(1)).toBytes();
}

/** `query` without its parameters (`name=value`) for which `goes`; itself where none does. */
export function withoutParameters(query: Bytes, goes: (parameter: Bytes) => bool): Bytes {
  const out = new ByteWriter(query.length);
  let from = 1;
  while (from < query.length) {
    const mark = query.indexOf(Char.Ampersand, from);
    const to = mark < 0 ? query.length : mark;
    const parameter = query.slice(from, to);
    from = to + 1;
    if (goes(parameter)) continue;
    out.byte(out.length == 0 ? Char.Question : Char.Ampersand).bytes(parameter);
  }
  return out.length == query.length ? query : out.toBytes();
}

/** The value of the last parameter `name=value` of a query, as it is written; null if there is none. */
export function parameterOf(query: Bytes, name: Bytes): Bytes | null {
  let found: Bytes | null = null;
  let from = 1;
  while (from < query.length) {
    const mark = query.indexOf(Char.Ampersand, from);
    const to = mark < 0 ? query.length : mark;
    const parameter = query.slice(from, to);
    const equals = parameter.indexOf(Char.Equals);
    if (equals >= 0 && parameter.slice(0, equals).equals(name)) found = parameter.slice(equals + 1);
    from = to + 1;
  }
  return found;
}

/** The host of an authority, without its port. IPv6 literals keep their brackets. */
export function hostOf(authority: Bytes): Bytes {
  const colon = authority.lastIndexOf(Char.Colon);
  return colon > authority.lastIndexOf(Char.CloseBracket) ? authority.slice(0, colon) : authority;
}

/** URL schemes. */
export enum Scheme {
  None,
  Http,
  Https,
}

/** A configured URL, split. The scheme is ignored: the cluster decides about TLS. */
export class UrlParts {
  constructor(
    readonly scheme: Scheme,
    /** Host, with the port if there is one. */
    readonly authority: Bytes,
    /** Path and query, empty or beginning with `/` or `?`. */
    readonly target: Bytes,
  ) {}
}

/** Splits `[http[s]://]authority[/path][?query]`. */
export function splitUrl(url: Bytes): UrlParts {
  let rest = url;
  let scheme = Scheme.None;
  if (rest.slice(0, HTTP.length).equalsIgnoreCase(HTTP)) {
    scheme = Scheme.Http;
    rest = rest.slice(HTTP.length);
  } else if (rest.slice(0, HTTPS.length).equalsIgnoreCase(HTTPS)) {
    scheme = Scheme.Https;
    rest = rest.slice(HTTPS.length);
  }
  let end = 0;
  while (end < rest.length && rest.at(end) != Char.Slash && rest.at(end) != Char.Question) end++;
  return new UrlParts(scheme, rest.slice(0, end), rest.slice(end));
}

/** Whether `path` is `prefix` or is below it: `/api` is a prefix of `/api/x` and not of `/apix`. */
export function hasPathPrefix(path: Bytes, prefix: Bytes): bool {
  if (!path.startsWith(prefix)) return false;
  if (path.length == prefix.length || prefix.at(prefix.length - 1) == Char.Slash) return true;
  const next = path.at(prefix.length);
  return next == Char.Slash || next == Char.Question;
}

const HEX = "0123456789ABCDEF";

/** `text` as a form value: percent-encoded, spaces as `+`. */
export function formEncode(text: string): string {
  const bytes = Bytes.of(text);
  let encoded = "";
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes.at(i);
    if (isUnreserved(c)) encoded += String.fromCharCode(<i32>c);
    else if (c == Char.Space) encoded += "+";
    else encoded += "%" + HEX.charAt(<i32>(c >> 4)) + HEX.charAt(<i32>(c & 15));
  }
  return encoded;
}

/** `text` percent-encoded, as a path segment or a query value; itself where nothing needs it. */
export function encodeSegment(text: Bytes): Bytes {
  let from = 0;
  while (from < text.length && isUnreserved(text.at(from))) from++;
  if (from == text.length) return text;
  const out = new ByteWriter(text.length + 16).bytes(text.slice(0, from));
  for (let i = from; i < text.length; i++) writeEscaped(out, text.at(i));
  return out.toBytes();
}

/** Appends one byte of a URL, percent-encoded unless it is unreserved (RFC 3986). */
export function writeEscaped(out: ByteWriter, byte: u8): void {
  if (isUnreserved(byte)) out.byte(byte);
  else {
    out.byte(Char.Percent).byte(<u8>HEX.charCodeAt(<i32>(byte >> 4)));
    out.byte(<u8>HEX.charCodeAt(<i32>(byte & 15)));
  }
}

function isUnreserved(c: u8): bool {
  const isAlphanumeric =
    (c >= Char.Zero && c <= Char.Nine) ||
    (c >= Char.UpperA && c <= Char.UpperZ) ||
    (c >= Char.LowerA && c <= Char.LowerZ);
  return (
    isAlphanumeric || c == Char.Hyphen || c == Char.Dot || c == Char.Underscore || c == Char.Tilde
  );
}
