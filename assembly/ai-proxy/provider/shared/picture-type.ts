import { Bytes } from "../../../proxy-wasm/bytes";
import { DataUrl } from "../../../http/data-url";

const JPG = Bytes.of("image/jpg");
const JPEG = Bytes.of("image/jpeg");
const PNG = Bytes.of("image/png");
const GIF = Bytes.of("image/gif");
const WEBP = Bytes.of("image/webp");
/** The first bytes of each format in base64. */
const JPEG_BYTES = Bytes.of("/9j/");
const PNG_BYTES = Bytes.of("iVBORw0KGg");
const GIF_BYTES = Bytes.of("R0lGOD");
const RIFF_BYTES = Bytes.of("UklGR");
const WEBP_BYTES = Bytes.of("RUJQ");
const WEBP_AT: i32 = 12;

/**
 * The media type of a picture: what its first bytes say, since some vendors refuse one that is declared as another,
 * else what is declared. `image/jpg` is no registered type, though many clients write it.
 */
export function pictureType(picture: DataUrl): Bytes {
  const data = picture.data;
  if (data.startsWith(JPEG_BYTES)) return JPEG;
  if (data.startsWith(PNG_BYTES)) return PNG;
  if (data.startsWith(GIF_BYTES)) return GIF;
  if (data.startsWith(RIFF_BYTES) && data.slice(WEBP_AT).startsWith(WEBP_BYTES)) return WEBP;
  return picture.mediaType.equalsIgnoreCase(JPG) ? JPEG : picture.mediaType;
}
