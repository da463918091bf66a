import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { encodeSegment } from "../../http/url";
import { ModelMapping } from "../config/model-mapping";

const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;

/** `tail` of a path that names a model (`ApiPath.namesModel`), with the vendor's name of it. */
export function mapModelIn(mapping: ModelMapping, tail: Bytes): Bytes {
  if (mapping.isEmpty) return tail;
  const from = tail.lastIndexOf(SLASH) + 1;
  const to = tail.lastIndexOf(COLON);
  const name = decodeOnce(tail.slice(from, to));
  if (to < from || name === null) return tail;
  const mapped = mapping.mapBytes(name);
  if (mapped === null) return tail;
  const out = new ByteWriter(tail.length + mapped.length).bytes(tail.slice(0, from));
  return out.bytes(encodeSegment(mapped)).bytes(tail.slice(to)).toBytes();
}
