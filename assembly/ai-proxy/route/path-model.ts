import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { encodeSegment } from "../../http/url";
import { ModelMapping } from "../config/model-mapping";
import { Char } from "../../proxy-wasm/char";

/** `tail` of a path that names a model (`ApiPath.namesModel`), with the vendor's name of it. */
export function mapModelIn(mapping: ModelMapping, tail: Bytes): Bytes {
  if (mapping.isEmpty) return tail;
  const from = tail.lastIndexOf(Char.Slash) + 1;
  const to = tail.lastIndexOf(Char.Colon);
  const name = decodeOnce(tail.slice(from, to));
  if (to < from || name === null) return tail;
  const mapped = mapping.mapBytes(name);
  if (mapped === null) return tail;
  const before = tail.slice(0, from);
  const out = new ByteWriter(tail.length + mapped.length).bytes(before);
  return out
    .bytes(encodeSegment(withoutCollection(mapped, before)))
    .bytes(tail.slice(to))
    .toBytes();
}

/** A name without its collection prefix (`models/…`), if the path before it ends with that. */
function withoutCollection(name: Bytes, before: Bytes): Bytes {
  const collection = name.slice(0, name.indexOf(Char.Slash) + 1);
  const isThere = collection.length > 0 && before.endsWith(collection);
  return isThere ? name.slice(collection.length) : name;
}
