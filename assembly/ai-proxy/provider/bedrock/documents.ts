import { Bytes } from "../../../proxy-wasm/bytes";
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Char } from "../../../proxy-wasm/char";
import * as names from "../../../chat/names";
import { splitDataUrl } from "../../../http/data-url";
import { JsonWriter } from "../../../json/writer";
import { TextMap } from "../../../text/text-map";
import { DialectRequest } from "../base/dialect";

const DOCUMENT = Bytes.of("document");
const FORMAT = Bytes.of("format");
const SOURCE = Bytes.of("source");
const BYTES = Bytes.of("bytes");
const FILE_DATA = Bytes.of("file_data");
const FILENAME = Bytes.of("filename");
const OFFICE = "application/vnd.openxmlformats-officedocument.";
const TYPES: string[] = [
  "application/pdf",
  "text/plain",
  "text/markdown",
  "text/csv",
  "text/html",
  "application/msword",
  OFFICE + "wordprocessingml.document",
  "application/vnd.ms-excel",
  OFFICE + "spreadsheetml.sheet",
];
const FORMATS: string[] = ["pdf", "txt", "md", "csv", "html", "doc", "docx", "xls", "xlsx"];
/** Bytes of a name, with room for the number that makes it unique. */
const LONGEST: i32 = 190;

/**
 * The documents of a conversation, whose names have few characters and differ. Source: AWS' model of the Converse
 * API (`DocumentBlock`, `DocumentFormat`).
 */
export class Documents {
  private readonly taken: TextMap<bool> = new TextMap<bool>();
  /** The last number that made a name unique. It only grows, so that each taken name costs one try at most. */
  private count: i32 = 1;

  /** Writes the member of an open block for a file. */
  write(request: DialectRequest, file: i32, out: JsonWriter): void {
    const document = request.document;
    const data = splitDataUrl(document.text(document.member(file, FILE_DATA)));
    if (data === null) {
      request.refuse("a file must be a data URL");
      return;
    }
    const format = TYPES.indexOf(data.mediaType.toString());
    if (format < 0) {
      request.refuse("a file of type " + data.mediaType.toString() + " cannot be sent");
      return;
    }
    out.key(DOCUMENT).object().key(FORMAT).string(Bytes.of(FORMATS[format]));
    out.key(names.NAME).string(this.nameOf(document.text(document.member(file, FILENAME))));
    out.key(SOURCE).object().key(BYTES).string(data.data).endObject().endObject();
  }

  private nameOf(wanted: Bytes): Bytes {
    const plain = plainName(wanted);
    let name = plain;
    while (this.taken.has(name)) {
      const out = new ByteWriter(plain.length + 8).bytes(plain);
      name = out
        .byte(Char.Hyphen)
        .decimal(<u64>++this.count)
        .toBytes();
    }
    this.taken.set(name, true);
    return name;
  }
}

/** A file's name in the characters that Bedrock accepts; runs of others become a hyphen. */
function plainName(name: Bytes): Bytes {
  const out = new ByteWriter(64);
  for (let i = 0; i < name.length && out.length < LONGEST; i++) {
    const byte = name.at(i);
    const letter = byte | 0x20;
    const isPlain =
      (letter >= Char.LowerA && letter <= Char.LowerZ) ||
      (byte >= Char.Zero && byte <= Char.Nine) ||
      byte == Char.OpenParenthesis ||
      byte == Char.CloseParenthesis;
    if (isPlain) out.byte(byte);
    else if (byte == Char.Space && out.last != Char.Space) out.byte(byte);
    else if (byte != Char.Space && out.last != Char.Hyphen) out.byte(Char.Hyphen);
  }
  return out.length > 0 ? out.toBytes() : DOCUMENT;
}
