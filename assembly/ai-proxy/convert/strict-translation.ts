import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { keyIsOneOf } from "../../json/keys";
import { Char } from "../../proxy-wasm/char";

/** Members of a chat request that every vendor supports, or that matter only to its sender. */
const ALWAYS: Bytes[] = [
  names.MODEL,
  names.MESSAGES,
  names.STREAM,
  names.STREAM_OPTIONS,
  names.USER,
  names.SERVICE_TIER,
  Bytes.of("metadata"),
  Bytes.of("store"),
  Bytes.of("safety_identifier"),
  Bytes.of("prompt_cache_key"),
  Bytes.of("prompt_cache_retention"),
];
const PARALLEL = Bytes.of("parallel_tool_calls");
const RESPONSE_FORMAT = Bytes.of("response_format");

/**
 * The first member of a chat request that its translation would lose; empty for none. `members`: those that
 * the vendor's protocol supports.
 */
export function firstLost(document: JsonDocument, members: string[]): Bytes {
  for (let key = document.first(0); key >= 0; key = document.after(key + 1)) {
    const value = key + 1;
    const name = document.text(key);
    const isKept = keyIsOneOf(document, key, ALWAYS) || members.includes(name.toString());
    if (!isKept && !isUsual(document, name, value)) return name;
  }
  return Bytes.empty();
}

/** Whether a value is the default of its member. */
function isUsual(document: JsonDocument, name: Bytes, value: i32): bool {
  const kind = document.kind(value);
  if (kind == Kind.Null) return true;
  if (kind == Kind.False) return !name.equals(PARALLEL);
  if (kind == Kind.True) return name.equals(PARALLEL);
  if (kind == Kind.Object || kind == Kind.Array) {
    if (document.size(value) == 0) return true;
    const type = document.text(document.member(value, names.TYPE));
    return name.equals(RESPONSE_FORMAT) && type.equals(names.TEXT);
  }
  const raw = document.raw(value);
  if (kind != Kind.Number || raw.length != 1) return false;
  return raw.at(0) == Char.Zero || (raw.at(0) == Char.One && name.equals(names.N));
}
