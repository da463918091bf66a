import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { JsonDocument, Kind } from "./document";
import { writeCompact } from "./writer";
import { Char } from "../text/char";

/** Whether the key at `node` is one of `list`. */
export function keyIsOneOf(document: JsonDocument, node: i32, list: Bytes[]): bool {
  for (let i = 0; i < list.length; i++) {
    if (document.keyEquals(node, list[i])) return true;
  }
  return false;
}

/** Appends the members of `object` but those in `leaveOut`, without white space, each with a comma behind. */
export function writeOthers(
  document: JsonDocument,
  object: i32,
  leaveOut: Bytes[],
  out: ByteWriter,
): void {
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    const value = key + 1;
    if (!keyIsOneOf(document, key, leaveOut)) {
      out.bytes(document.raw(key)).byte(Char.Colon);
      writeCompact(out, document.raw(value)).byte(Char.Comma);
    }
  }
}

/** Whether `object` is one and has no other members than these, but for null ones. */
export function onlyHas(document: JsonDocument, object: i32, members: Bytes[]): bool {
  if (document.kind(object) != Kind.Object) return false;
  for (let key = document.first(object); key >= 0; key = document.after(key + 1)) {
    if (!keyIsOneOf(document, key, members) && !document.isAbsent(key + 1)) return false;
  }
  return true;
}
