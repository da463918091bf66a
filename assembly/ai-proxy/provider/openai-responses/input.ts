import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { Signer, valueOf } from "../../../chat/signature";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { AssistantTurn, visitAssistant } from "../shared/assistant-turn";
import { imageUrlOf, textOf, TOOL, TOOL_CALL_ID, writeContent } from "../shared/openai-message";

const OUTPUT_TEXT = Bytes.of("output_text");
const INPUT_TEXT = Bytes.of("input_text");
const INPUT_IMAGE = Bytes.of("input_image");
const INPUT_FILE = Bytes.of("input_file");
const IMAGE_URL = Bytes.of("image_url");
const DETAIL = Bytes.of("detail");
const FILE = Bytes.of("file");
const FILE_MEMBERS: Bytes[] = [Bytes.of("file_id"), Bytes.of("filename"), Bytes.of("file_data")];
const SUMMARY = Bytes.of("summary");
const SUMMARY_TEXT = Bytes.of("summary_text");
const ENCRYPTED_CONTENT = Bytes.of("encrypted_content");
const CALL_ID = Bytes.of("call_id");
const FUNCTION_OUTPUT = Bytes.of("function_call_output");
const OUTPUT = Bytes.of("output");

/** Writes the messages of a chat as the items of a Responses request. */
export function writeInput(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  out.array();
  for (
    let message = document.firstItem(messages);
    message >= 0;
    message = document.after(message)
  ) {
    const role = document.text(document.member(message, names.ROLE));
    const content = document.member(message, names.CONTENT);
    if (role.equals(names.ASSISTANT)) visitAssistant(document, message, new Items(document, out));
    else if (role.equals(TOOL)) {
      out.object().key(names.TYPE).string(FUNCTION_OUTPUT);
      out.key(CALL_ID).string(document.text(document.member(message, TOOL_CALL_ID)));
      writeContent(request, content, out.key(OUTPUT), writePart);
      out.endObject();
    } else {
      out.object().key(names.TYPE).string(names.MESSAGE).key(names.ROLE).string(role);
      writeContent(request, content, out.key(names.CONTENT), writePart);
      out.endObject();
    }
  }
  out.endArray();
}

/** Writes an assistant's turn as items. */
class Items extends AssistantTurn {
  constructor(
    private readonly document: JsonDocument,
    private readonly out: JsonWriter,
  ) {
    super();
  }

  thought(text: Bytes, kept: Bytes): void {
    const encrypted = valueOf(Signer.OpenAi, kept);
    if (encrypted.length == 0) return;
    const out = this.out.object().key(names.TYPE).string(names.REASONING).key(SUMMARY).array();
    if (text.length > 0) {
      out.object().key(names.TYPE).string(SUMMARY_TEXT).key(names.TEXT).string(text).endObject();
    }
    out.endArray().key(ENCRYPTED_CONTENT).string(encrypted).endObject();
  }

  redacted(_data: Bytes): void {}

  text(text: Bytes): void {
    if (text.trim().length == 0) return;
    const out = this.out.object().key(names.TYPE).string(names.MESSAGE);
    out.key(names.ROLE).string(names.ASSISTANT).key(names.CONTENT).array().object();
    out.key(names.TYPE).string(OUTPUT_TEXT).key(names.TEXT).string(text);
    out.endObject().endArray().endObject();
  }

  content(content: i32): void {
    this.text(textOf(this.document, content));
  }

  call(call: i32): void {
    const document = this.document;
    const definition = document.member(call, names.FUNCTION);
    const out = this.out.object().key(names.TYPE).string(names.FUNCTION_CALL);
    out.key(CALL_ID).string(document.text(document.member(call, names.ID)));
    out.key(names.NAME).string(document.text(document.member(definition, names.NAME)));
    const json = document.text(document.member(definition, names.ARGUMENTS));
    out.key(names.ARGUMENTS).string(json).endObject();
  }
}

function writePart(request: DialectRequest, part: i32, type: Bytes, out: JsonWriter): void {
  const document = request.document;
  if (type.equals(names.TEXT)) {
    out.object().key(names.TYPE).string(INPUT_TEXT);
    out
      .key(names.TEXT)
      .string(document.text(document.member(part, names.TEXT)))
      .endObject();
  } else if (type.equals(IMAGE_URL)) {
    out.object().key(names.TYPE).string(INPUT_IMAGE);
    out.key(IMAGE_URL).string(imageUrlOf(document, part));
    const detail = document.member(document.member(part, IMAGE_URL), DETAIL);
    if (document.kind(detail) == Kind.String) out.key(DETAIL).raw(document.raw(detail));
    out.endObject();
  } else if (type.equals(FILE)) {
    const file = document.member(part, FILE);
    out.object().key(names.TYPE).string(INPUT_FILE);
    for (let i = 0; i < FILE_MEMBERS.length; i++) {
      const value = document.member(file, FILE_MEMBERS[i]);
      if (!document.isAbsent(value)) out.key(FILE_MEMBERS[i]).raw(document.raw(value));
    }
    out.endObject();
  } else request.refusePart(type);
}
