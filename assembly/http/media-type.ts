import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const APPLICATION = Bytes.of("application/");
const JSON_TYPE = Bytes.of("application/json");
const JSON_SUFFIX = Bytes.of("+json");
const CHARSET = Bytes.of("charset");
const UTF8: Bytes[] = [
  Bytes.of("utf-8"),
  Bytes.of('"utf-8"'),
  Bytes.of("utf8"),
  Bytes.of("us-ascii"),
  Bytes.of("ascii"),
];
const EVENT_STREAM = Bytes.of("text/event-stream");

/** The type and subtype of a `content-type` value, without parameters. */
function mediaType(value: Bytes): Bytes {
  const semicolon = value.indexOf(Char.Semicolon);
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
}

/** Whether a `content-type` value means JSON: `application/json` or `application/…+json`. */
export function isJsonType(value: Bytes): bool {
  const type = mediaType(value);
  if (type.equalsIgnoreCase(JSON_TYPE)) return true;
  return (
    type.slice(0, APPLICATION.length).equalsIgnoreCase(APPLICATION) &&
    type.slice(max(0, type.length - JSON_SUFFIX.length)).equalsIgnoreCase(JSON_SUFFIX)
  );
}

/**
 * Whether text of a `content-type` is UTF-8: its charset is that, ASCII or not named. False where `lines`
 * differ or one has another.
 */
export function isUtf8(lines: Bytes[]): bool {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (!line.equals(lines[0])) return false;
    let from = line.indexOf(Char.Semicolon);
    while (from >= 0) {
      const end = line.indexOf(Char.Semicolon, from + 1);
      const part = line.slice(from + 1, end < 0 ? line.length : end).trim();
      from = end;
      const equals = part.indexOf(Char.Equals);
      if (equals < 0 || !part.slice(0, equals).trim().equalsIgnoreCase(CHARSET)) continue;
      const name = part.slice(equals + 1).trim();
      if (!name.isInIgnoringCase(UTF8)) return false;
    }
  }
  return true;
}

/** Whether a `content-type` value means server-sent events. */
export function isEventStreamType(value: Bytes): bool {
  return mediaType(value).equalsIgnoreCase(EVENT_STREAM);
}
