import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";
import { Char } from "../proxy-wasm/char";

const NO_CACHE = Bytes.of("no-cache");
const NO_STORE = Bytes.of("no-store");
const PRIVATE = Bytes.of("private");
/** Of the cache's own requests, whose answers replace stored ones. */
const REFRESH = Bytes.of("ai-cache-refresh");
const MAX_AGE = Bytes.of("max-age");
const ONLY_IF_CACHED = Bytes.of("only-if-cached");

/** The directives of a `Cache-Control` header (RFC 9111, section 5.2) that this cache knows. */
export class CacheControl {
  noCache: bool = false;
  noStore: bool = false;
  isPrivate: bool = false;
  onlyIfCached: bool = false;
  /** The cache itself asks anew. */
  isRefresh: bool = false;
  /** Seconds, −1 when absent or malformed. */
  maxAge: i64 = -1;

  /** Reads the lines of the header; unknown and malformed directives are ignored. */
  static of(lines: Bytes[]): CacheControl {
    const control = new CacheControl();
    for (let i = 0; i < lines.length; i++) control.read(lines[i]);
    return control;
  }

  /** Reads a single line of it. */
  static parse(line: Bytes): CacheControl {
    return CacheControl.of([line]);
  }

  private read(line: Bytes): void {
    let from = 0;
    while (from < line.length) {
      const comma = line.indexOf(Char.Comma, from);
      const to = comma < 0 ? line.length : comma;
      this.take(line.slice(from, to).trim());
      from = to + 1;
    }
  }

  private take(directive: Bytes): void {
    const equals = directive.indexOf(Char.Equals);
    const name = equals < 0 ? directive : directive.slice(0, equals);
    if (name.equalsIgnoreCase(NO_CACHE)) this.noCache = true;
    else if (name.equalsIgnoreCase(NO_STORE)) this.noStore = true;
    else if (name.equalsIgnoreCase(PRIVATE)) this.isPrivate = true;
    else if (name.equalsIgnoreCase(ONLY_IF_CACHED)) this.onlyIfCached = true;
    else if (name.equalsIgnoreCase(REFRESH)) this.isRefresh = true;
    else if (name.equalsIgnoreCase(MAX_AGE)) {
      this.maxAge = parseDecimal(unquote(directive.slice(equals + 1)), -1);
    }
  }
}

function unquote(value: Bytes): Bytes {
  const last = value.length - 1;
  const isQuoted = value.at(0) == Char.Quote && value.at(last) == Char.Quote;
  return isQuoted ? value.slice(1, last) : value;
}
