import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const APPLICATION = Bytes.of("application/");
const JSON_TYPE = Bytes.of("application/json");
const JSON_SUFFIX = Bytes.of("+json");
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

/** Whether a `content-type` value means server-sent events. */
export function isEventStreamType(value: Bytes): bool {
  return mediaType(value).equalsIgnoreCase(EVENT_STREAM);
}
