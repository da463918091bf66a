import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";
import { Char } from "../proxy-wasm/char";

const NO_CACHE = Bytes.of("no-cache");
const NO_STORE = Bytes.of("no-store");
const PRIVATE = Bytes.of("private");
/** Sent by the cache itself, with requests whose answers replace stored ones. */
const REFRESH = Bytes.of("ai-cache-refresh");
const MAX_AGE = Bytes.of("max-age");
const ONLY_IF_CACHED = Bytes.of("only-if-cached");
const MIN_FRESH = Bytes.of("min-fresh");
const MAX_STALE = Bytes.of("max-stale");
const STALE_IF_ERROR = Bytes.of("stale-if-error");
/** Of answers that must not be served stale (RFC 9111, 5.2.2); `s-maxage` says so, too. */
const REVALIDATED = [
  Bytes.of("must-revalidate"),
  Bytes.of("proxy-revalidate"),
  Bytes.of("s-maxage"),
];

/** The directives of a `Cache-Control` header (RFC 9111, section 5.2) that this cache knows. */
export class CacheControl {
  noCache: bool = false;
  noStore: bool = false;
  isPrivate: bool = false;
  onlyIfCached: bool = false;
  /** Whether this is the cache's own request for a fresh answer. */
  isRefresh: bool = false;
  /** Seconds, −1 when absent or malformed. */
  maxAge: i64 = -1;
  /** An answer that must be asked for anew once it is stale. */
  mustRevalidate: bool = false;
  private isMinFresh: bool = false;
  private maxStale: i64 = -1;
  private staleIfError: i64 = -1;

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

  /**
   * Seconds for which a client takes a stale answer where there is no fresh one, −1 when it does not say (RFC 9111,
   * 5.2.1, and RFC 5861, 4).
   */
  get staleTaken(): i64 {
    if (this.noCache || this.noStore || this.isMinFresh) return 0;
    if (this.staleIfError >= 0) return this.staleIfError;
    if (this.maxStale >= 0) return this.maxStale;
    return this.maxAge >= 0 ? 0 : -1;
  }

  /** Seconds for which an answer may be served stale in place of an error, −1 when it does not say. */
  get staleGranted(): i64 {
    return this.noCache || this.mustRevalidate ? 0 : this.staleIfError;
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
    else if (name.equalsIgnoreCase(MIN_FRESH)) this.isMinFresh = true;
    else if (name.isInIgnoringCase(REVALIDATED)) this.mustRevalidate = true;
    else if (name.equalsIgnoreCase(MAX_STALE) && equals < 0) this.maxStale = i64.MAX_VALUE;
    else if (equals >= 0) this.takeSeconds(name, directive.slice(equals + 1));
  }

  private takeSeconds(name: Bytes, value: Bytes): void {
    const seconds = parseDecimal(unquote(value), -1);
    if (name.equalsIgnoreCase(MAX_AGE)) this.maxAge = seconds;
    else if (name.equalsIgnoreCase(MAX_STALE)) this.maxStale = seconds;
    else if (name.equalsIgnoreCase(STALE_IF_ERROR)) this.staleIfError = seconds;
  }
}

function unquote(value: Bytes): Bytes {
  const last = value.length - 1;
  const isQuoted = value.at(0) == Char.Quote && value.at(last) == Char.Quote;
  return isQuoted ? value.slice(1, last) : value;
}
