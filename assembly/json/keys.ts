import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";
import { JsonWriter } from "./writer";

/** Whether the key at `node` is one of `list`. */
export function keyIsOneOf(document: JsonDocument, node: i32, list: Bytes[]): bool {
  for (let i = 0; i < list.length; i++) {
    if (document.keyEquals(node, list[i])) return true;
  }
  return false;
}

/** Appends the members of `object` except those in `leaveOut`, without white space. */
export function writeOthers(
  document: JsonDocument,
  object: i32,
  leaveOut: Bytes[],
  out: JsonWriter,
): void {
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    const value = key + 1;
    if (!keyIsOneOf(document, key, leaveOut)) {
      out.key(document.content(key)).compact(document.raw(value));
    }
  }
}

/** Whether `object` is an object without other members than these, except null ones. */
export function onlyHas(document: JsonDocument, object: i32, members: Bytes[]): bool {
  if (document.kind(object) != Kind.Object) return false;
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    if (!keyIsOneOf(document, key, members) && !document.isAbsent(key + 1)) return false;
  }
  return true;
}

/** Whether an object has one of `members`; null is none. */
export function hasOneOf(document: JsonDocument, object: i32, members: Bytes[]): bool {
  for (let i = 0; i < members.length; i++) {
    if (!document.isAbsent(document.member(object, members[i]))) return true;
  }
  return false;
}
