import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeOnce } from "../../http/path";
import { encodeSegment } from "../../http/url";
import { ModelMapping } from "../config/model-mapping";
import { ApiName, GOOGLE_APIS } from "../api/api-name";

const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;

/** `tail` of a path with the vendor's name of its model, where the API is one of Google's. */
export function mapModelIn(mapping: ModelMapping, api: string, tail: Bytes): Bytes {
  if (mapping.isEmpty || (api != ApiName.VertexRaw && !GOOGLE_APIS.includes(api))) return tail;
  const from = tail.lastIndexOf(SLASH) + 1;
  const to = tail.lastIndexOf(COLON);
  const name = decodeOnce(tail.slice(from, to));
  if (to < from || name === null) return tail;
  const mapped = mapping.mapBytes(name);
  if (mapped === null) return tail;
  const out = new ByteWriter(tail.length + mapped.length).bytes(tail.slice(0, from));
  return out.bytes(encodeSegment(mapped)).bytes(tail.slice(to)).toBytes();
}
