import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";

const NO_CACHE = Bytes.of("no-cache");
const NO_STORE = Bytes.of("no-store");
const PRIVATE = Bytes.of("private");
const MAX_AGE = Bytes.of("max-age");
const ONLY_IF_CACHED = Bytes.of("only-if-cached");

/** The directives of a `Cache-Control` header (RFC 9111, section 5.2) that this cache knows. */
export class CacheControl {
  noCache: bool = false;
  noStore: bool = false;
  isPrivate: bool = false;
  onlyIfCached: bool = false;
  /** Seconds, −1 when absent or malformed. */
  maxAge: i64 = -1;

  /** Reads a header value; unknown and malformed directives are ignored. */
  static parse(value: Bytes): CacheControl {
    const control = new CacheControl();
    let from = 0;
    while (from < value.length) {
      const comma = value.indexOf(0x2c, from);
      const to = comma < 0 ? value.length : comma;
      control.take(value.slice(from, to).trim());
      from = to + 1;
    }
    return control;
  }

  private take(directive: Bytes): void {
    const equals = directive.indexOf(0x3d);
    const name = equals < 0 ? directive : directive.slice(0, equals);
    if (name.equalsIgnoreCase(NO_CACHE)) this.noCache = true;
    else if (name.equalsIgnoreCase(NO_STORE)) this.noStore = true;
    else if (name.equalsIgnoreCase(PRIVATE)) this.isPrivate = true;
    else if (name.equalsIgnoreCase(ONLY_IF_CACHED)) this.onlyIfCached = true;
    else if (name.equalsIgnoreCase(MAX_AGE) && equals >= 0) {
      this.maxAge = parseDecimal(unquote(directive.slice(equals + 1)), -1);
    }
  }
}

function unquote(value: Bytes): Bytes {
  if (value.length >= 2 && value.at(0) == 0x22 && value.at(value.length - 1) == 0x22) {
    return value.slice(1, value.length - 1);
  }
  return value;
}
