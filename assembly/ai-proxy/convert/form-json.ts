import { Bytes } from "../../proxy-wasm/bytes";
import { dataUrl } from "../../http/data-url";
import { JsonWriter } from "../../json/writer";
import { encodeBase64 } from "../../text/base64";
import { parseDecimal } from "../../text/decimal";
import { FormParts } from "./multipart";
import { Char } from "../../proxy-wasm/char";

const IMAGE = Bytes.of("image");
const IMAGES = Bytes.of("images");
const MASK = Bytes.of("mask");
const N = Bytes.of("n");
/** Fields with the same name in JSON and forms. */
const FIELDS: Bytes[] = [
  Bytes.of("model"),
  Bytes.of("prompt"),
  Bytes.of("size"),
  Bytes.of("output_format"),
  N,
];
/** Prefix of URLs that clients send instead of a file. */
const ADDRESSES: Bytes[] = [
  Bytes.of("data:"),
  Bytes.of("http://"),
  Bytes.of("https://"),
  Bytes.of("gs://"),
];
const ANY_BYTES = Bytes.of("application/octet-stream");
const RIFF = Bytes.of("RIFF");
const GIF = Bytes.of("GIF8");
const PNG = Bytes.of("PNG");

/**
 * Converts OpenAI's image form into JSON: images (`image`, `image[]`, `image[0]`) become the list `images`
 * of data URLs. An unreadable form counts as one without fields.
 */
export function formToJson(body: Bytes, boundary: Bytes): Bytes {
  const parts = new FormParts(body, boundary);
  const out = new JsonWriter(body.length + (body.length >> 1)).object();
  const written: Bytes[] = [];
  const pictures: Bytes[] = [];
  while (parts.next()) {
    const bracket = parts.name.indexOf(Char.OpenBracket);
    const name = bracket < 0 ? parts.name : parts.name.slice(0, bracket);
    const value = parts.value;
    if (value.length == 0) continue;
    if (name.equals(IMAGE)) pictures.push(addressOf(parts.type, value));
    else if ((!name.isIn(FIELDS) && !name.equals(MASK)) || name.isIn(written)) continue;
    else {
      written.push(name);
      out.key(name);
      if (name.equals(MASK)) out.bool(true);
      else if (name.equals(N) && parseDecimal(value, -1) >= 0) out.raw(value);
      else out.string(value);
    }
  }
  out.key(IMAGES).array();
  for (let i = 0; i < pictures.length; i++) out.string(pictures[i]);
  return out.endArray().endObject().toBytes();
}

function addressOf(declared: Bytes, value: Bytes): Bytes {
  for (let i = 0; i < ADDRESSES.length; i++) {
    if (value.startsWith(ADDRESSES[i])) return value.trim();
  }
  const isDeclared = declared.length > 0 && !declared.equals(ANY_BYTES);
  return dataUrl(isDeclared ? declared : typeOf(value), encodeBase64(value));
}

/** The image type by a file's first bytes. */
function typeOf(file: Bytes): Bytes {
  if (file.slice(1).startsWith(PNG)) return Bytes.of("image/png");
  if (file.at(0) == 0xff && file.at(1) == 0xd8) return Bytes.of("image/jpeg");
  if (file.startsWith(GIF)) return Bytes.of("image/gif");
  return file.startsWith(RIFF) ? Bytes.of("image/webp") : ANY_BYTES;
}
