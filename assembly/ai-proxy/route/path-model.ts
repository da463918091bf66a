import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { encodeSegment } from "../../http/url";
import { ModelMapping } from "../config/model-mapping";
import { Char } from "../../text/char";

/** `tail` of a path that names a model (`ApiPath.namesModel`), with the vendor's name of it. */
export function mapModelIn(mapping: ModelMapping, tail: Bytes): Bytes {
  if (mapping.isEmpty) return tail;
  const from = tail.lastIndexOf(Char.Slash) + 1;
  const to = tail.lastIndexOf(Char.Colon);
  const name = decodeOnce(tail.slice(from, to));
  if (to < from || name === null) return tail;
  const mapped = mapping.mapBytes(name);
  if (mapped === null) return tail;
  const out = new ByteWriter(tail.length + mapped.length).bytes(tail.slice(0, from));
  return out.bytes(encodeSegment(mapped)).bytes(tail.slice(to)).toBytes();
}
