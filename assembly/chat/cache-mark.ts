import { Bytes } from "../proxy-wasm/bytes";
import { JsonWriter } from "../json/writer";
import { JsonDocument, Kind } from "../json/document";

/** The member of a message, a part or a tool that marks the end of a prefix that the vendor keeps. */
export const CACHE_CONTROL = Bytes.of("cache_control");

/** Node of what marks `holder` for caching; −1 for none. */
export function cacheMarkOf(document: JsonDocument, holder: i32): i32 {
  const mark = document.member(holder, CACHE_CONTROL);
  return document.kind(mark) == Kind.Object ? mark : -1;
}

/** Writes a mark into the open object; returns whether there is one. `mark`: its node, −1 for none. */
export function writeCacheMark(document: JsonDocument, mark: i32, out: JsonWriter): bool {
  if (document.kind(mark) != Kind.Object) return false;
  out.key(CACHE_CONTROL).raw(document.raw(mark));
  return true;
}
