import { Bytes } from "../proxy-wasm/bytes";
import { isJson, JsonDocument, Kind } from "../json/document";

/**
 * Whether the arguments of all calls of a list are whole. `isWhole`: whether one item of the list is, which a
 * protocol says with the functions below.
 */
export function areCallsWhole(
  document: JsonDocument,
  list: i32,
  isWhole: (document: JsonDocument, item: i32) => bool,
): bool {
  for (let item = document.firstItem(list); item >= 0; item = document.after(item)) {
    if (!isWhole(document, item)) return false;
  }
  return true;
}

/** Whether arguments that a protocol writes as a text, unescaped, are whole: any JSON, or nothing at all. */
export function isWholeText(text: Bytes): bool {
  return text.length == 0 || isJson(text);
}

/** Whether arguments that a protocol writes as an object are whole: a cut one has become a text, or is missing. */
export function isWholeObject(document: JsonDocument, node: i32): bool {
  return document.kind(node) == Kind.Object;
}
