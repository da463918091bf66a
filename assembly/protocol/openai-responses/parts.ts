import { Bytes } from "../../proxy-wasm/bytes";
import { ChatConversion } from "../../chat/conversion";
import * as names from "../../chat/names";
import { FILE_DATA, FILENAME, writeFilePart, writeTextPart } from "../../chat/request-parts";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";

const INPUT_TEXT = Bytes.of("input_text");
const OUTPUT_TEXT = Bytes.of("output_text");
const INPUT_IMAGE = Bytes.of("input_image");
const INPUT_FILE = Bytes.of("input_file");
const INPUT_AUDIO = Bytes.of("input_audio");
const IMAGE_URL = Bytes.of("image_url");
const URL = Bytes.of("url");
const FILE_URL = Bytes.of("file_url");
const DETAIL = Bytes.of("detail");

/** Converts messages of a Responses request, and their parts, into chat messages. */
export class InputParts {
  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
    private readonly conversion: ChatConversion,
  ) {}

  /** A message of any role but the assistant. A single text part becomes a string. */
  writeMessage(role: Bytes, content: i32): void {
    const document = this.document;
    const out = this.out.object().key(names.ROLE).string(role).key(names.CONTENT);
    const isOne = document.kind(content) == Kind.Array && document.size(content) == 1;
    if (document.kind(content) != Kind.Array) out.string(document.text(content));
    else if (isOne && this.isText(content + 1)) {
      out.string(document.text(document.member(content + 1, names.TEXT)));
    } else {
      out.array();
      for (let part = document.first(content); part >= 0; part = document.after(part)) {
        this.write(part);
      }
      out.endArray();
    }
    out.endObject();
  }

  private isText(part: i32): bool {
    const type = this.document.text(this.document.member(part, names.TYPE));
    return type.equals(INPUT_TEXT) || type.equals(OUTPUT_TEXT) || type.equals(names.TEXT);
  }

  /** A part of a message, or of a result that a tool message cannot hold. */
  write(part: i32): void {
    const document = this.document;
    const type = document.text(document.member(part, names.TYPE));
    if (this.isText(part))
      writeTextPart(this.out, document.text(document.member(part, names.TEXT)));
    else if (type.equals(INPUT_IMAGE)) this.writeImage(part);
    else if (type.equals(INPUT_FILE)) this.writeFile(part);
    else if (type.equals(INPUT_AUDIO)) {
      const audio = document.member(part, INPUT_AUDIO);
      if (document.kind(audio) != Kind.Object)
        this.conversion.refuse("input_audio is not an object");
      const out = this.out.object().key(names.TYPE).string(INPUT_AUDIO);
      out.key(INPUT_AUDIO).raw(document.raw(audio)).endObject();
    } else {
      const message = "a part of type " + type.toString();
      this.conversion.refuse(message + " cannot be sent to this provider");
    }
  }

  private writeImage(part: i32): void {
    const document = this.document;
    const url = document.text(document.member(part, IMAGE_URL));
    if (url.length == 0) this.conversion.refuse("an image by reference cannot be sent");
    const out = this.out.object().key(names.TYPE).string(IMAGE_URL).key(IMAGE_URL).object();
    out.key(URL).string(url);
    const detail = document.member(part, DETAIL);
    if (document.kind(detail) == Kind.String) out.key(DETAIL).raw(document.raw(detail));
    out.endObject().endObject();
  }

  private writeFile(part: i32): void {
    const document = this.document;
    let data = document.text(document.member(part, FILE_DATA));
    if (data.length == 0 && this.conversion.takesAddresses) {
      data = document.text(document.member(part, FILE_URL));
    }
    if (data.length == 0) this.conversion.refuse("a file by reference cannot be sent");
    const name = document.text(document.member(part, FILENAME));
    writeFilePart(this.out, name, data);
  }
}
