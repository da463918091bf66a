import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const SCHEME = Bytes.of("data:");
const BASE64 = Bytes.of(";base64");
const PLAIN = Bytes.of("text/plain");

/** A `data:` URL (RFC 2397) with base64 data. */
export class DataUrl {
  constructor(
    /** Without parameters. */
    readonly mediaType: Bytes,
    /** Base64, as written in the URL. */
    readonly data: Bytes,
  ) {}
}

/** Null when `url` is something else, or its data is not base64. */
export function splitDataUrl(url: Bytes): DataUrl | null {
  if (!url.slice(0, SCHEME.length).equalsIgnoreCase(SCHEME)) return null;
  const comma = url.indexOf(Char.Comma);
  if (comma < 0) return null;
  const head = url.slice(SCHEME.length, comma);
  if (!head.endsWith(BASE64)) return null;
  const end = head.indexOf(Char.Semicolon);
  const type = head.slice(0, end);
  return new DataUrl(type.length > 0 ? type : PLAIN, url.slice(comma + 1));
}

/** A URL that holds data. `data`: base64. */
export function dataUrl(mediaType: Bytes, data: Bytes): Bytes {
  const out = new ByteWriter(data.length + mediaType.length + 16).text("data:").bytes(mediaType);
  return out.text(";base64,").bytes(data).toBytes();
}
