import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { writeFilePart, writeTextPart } from "../../chat/request-parts";
import { JsonWriter } from "../../json/writer";
import { JsonDocument } from "../../json/document";
import { decodeBase64 } from "../../text/base64";
import * as literals from "./literals";

const INLINE: Bytes[] = [Bytes.of("inlineData"), Bytes.of("inline_data")];
const FILE: Bytes[] = [Bytes.of("fileData"), Bytes.of("file_data")];
const MIME_TYPE: Bytes[] = [Bytes.of("mimeType"), Bytes.of("mime_type")];
const FILE_URI: Bytes[] = [Bytes.of("fileUri"), Bytes.of("file_uri")];
const DISPLAY_NAME: Bytes[] = [Bytes.of("displayName"), Bytes.of("display_name")];
const DATA = Bytes.of("data");
const IMAGE = Bytes.of("image/");
const AUDIO = Bytes.of("audio/");
const TEXT = Bytes.of("text/");
const MPEG = Bytes.of("mpeg");
const X_WAV = Bytes.of("x-wav");
const MP3 = Bytes.of("mp3");
const WAV = Bytes.of("wav");
const HTTP = Bytes.of("http");
const URL = Bytes.of("url");
const IMAGE_URL = Bytes.of("image_url");
const INPUT_AUDIO = Bytes.of("input_audio");
const FORMAT = Bytes.of("format");
const DATA_SCHEME = Bytes.of("data:");
const BASE64_MARK = Bytes.of(";base64,");

/** Whether a part contains data or references a file. */
export function isMedia(document: JsonDocument, part: i32): bool {
  return literals.find(document, part, INLINE) >= 0 || literals.find(document, part, FILE) >= 0;
}

/** Data, or an image by its URL, as a part of a chat message; false for an empty text. */
export function writeMedia(
  document: JsonDocument,
  part: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): bool {
  const inline = literals.find(document, part, INLINE);
  if (inline >= 0) return writeInline(document, inline, out, conversion);
  const file = literals.find(document, part, FILE);
  const type = document.text(literals.find(document, file, MIME_TYPE));
  const uri = document.text(literals.find(document, file, FILE_URI));
  if (!type.startsWith(IMAGE) || !uri.startsWith(HTTP)) {
    conversion.refuse("a file by reference cannot be sent");
  }
  writeImage(out, uri);
  return true;
}

function writeInline(
  document: JsonDocument,
  inline: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): bool {
  const type = document.text(literals.find(document, inline, MIME_TYPE));
  const data = document.text(document.member(inline, DATA));
  if (type.startsWith(IMAGE)) writeImage(out, dataUrl(type, data));
  else if (type.startsWith(AUDIO)) {
    out.object().key(names.TYPE).string(INPUT_AUDIO).key(INPUT_AUDIO).object();
    out.key(DATA).string(data).key(FORMAT).string(formatOf(type)).endObject().endObject();
  } else if (type.startsWith(TEXT)) {
    const text = decodeBase64(data);
    if (text === null) conversion.refuse("the data of a part is not base64");
    if (text === null || text.length == 0) return false;
    writeTextPart(out, text);
  } else {
    const name = document.text(literals.find(document, inline, DISPLAY_NAME));
    writeFilePart(out, name, dataUrl(type, data));
  }
  return true;
}

function writeImage(out: JsonWriter, url: Bytes): void {
  out.object().key(names.TYPE).string(IMAGE_URL);
  out.key(IMAGE_URL).object().key(URL).string(url).endObject().endObject();
}

/** OpenAI's name of an audio format. */
function formatOf(type: Bytes): Bytes {
  const format = type.slice(AUDIO.length);
  if (format.equals(MPEG)) return MP3;
  return format.equals(X_WAV) ? WAV : format;
}

function dataUrl(type: Bytes, data: Bytes): Bytes {
  const out = new ByteWriter(data.length + type.length + 16).bytes(DATA_SCHEME).bytes(type);
  return out.bytes(BASE64_MARK).bytes(data).toBytes();
}
