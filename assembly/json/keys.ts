import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";

/** Whether the key at `node` is one of `list`. */
export function keyIsOneOf(document: JsonDocument, node: i32, list: Bytes[]): bool {
  for (let i = 0; i < list.length; i++) {
    if (document.keyEquals(node, list[i])) return true;
  }
  return false;
}

/** Whether `object` is one and has no other members than these, but for null ones. */
export function onlyHas(document: JsonDocument, object: i32, members: Bytes[]): bool {
  if (document.kind(object) != Kind.Object) return false;
  let key = object + 1;
  for (let left = document.size(object); left > 0; left--) {
    if (!keyIsOneOf(document, key, members) && !document.isAbsent(key + 1)) return false;
    key = document.next(key + 1);
  }
  return true;
}
