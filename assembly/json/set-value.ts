import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { parseDecimal } from "../text/decimal";
import { JsonDocument, Kind } from "./document";
import { JsonWriter } from "./writer";
import { Char } from "../proxy-wasm/char";

/**
 * Sets `value` (JSON) in `text` at the path `steps`: member names or array indexes. Missing objects are
 * created; an index may be one past the end. `overwrite`: whether an existing value is replaced. Every
 * other byte stays. `text` itself when it is not JSON, when the path leads through something that is
 * neither object nor array, or when nothing changes.
 */
export function setValue(text: Bytes, steps: Bytes[], value: Bytes, overwrite: bool): Bytes {
  const document = JsonDocument.parse(text);
  if (document === null || steps.length == 0) return text;
  let node = 0;
  for (let i = 0; i < steps.length; i++) {
    const isObject = document.kind(node) == Kind.Object;
    if (!isObject && document.kind(node) != Kind.Array) return text;
    const index = isObject ? 0 : <i32>parseDecimal(steps[i], -1);
    const child = isObject ? document.member(node, steps[i]) : document.element(node, index);
    if (child < 0) {
      if (!isObject && index != document.size(node)) return text;
      return insert(document, node, steps, i, value);
    }
    node = child;
  }
  if (!overwrite) return text;
  const isString = document.kind(node) == Kind.String ? 1 : 0;
  const out = new ByteWriter(text.length + value.length);
  out.bytes(text.slice(0, document.start(node) - isString)).bytes(value);
  return out.bytes(text.slice(document.end(node) + isString)).toBytes();
}

/** Adds the rest of the path, with the value at its end, as the last child of `container`. */
function insert(
  document: JsonDocument,
  container: i32,
  steps: Bytes[],
  from: i32,
  value: Bytes,
): Bytes {
  const text = document.source;
  const end = document.end(container) - 1;
  const added = new JsonWriter(value.length + 64);
  if (document.kind(container) == Kind.Object) added.escapedKey(steps[from]);
  for (let i = from + 1; i < steps.length; i++) added.object().escapedKey(steps[i]);
  added.piece(value);
  for (let i = from + 1; i < steps.length; i++) added.endObject();
  const out = new ByteWriter(text.length + added.length + 1).bytes(text.slice(0, end));
  if (document.size(container) > 0) out.byte(Char.Comma);
  out.bytes(added.toBytes());
  return out.bytes(text.slice(end)).toBytes();
}
