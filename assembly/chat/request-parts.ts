/** What all conversions into OpenAI's form write. */
import { Bytes } from "../proxy-wasm/bytes";
import * as names from "./names";
import { JsonWriter } from "../json/writer";

const TOOL = Bytes.of("tool");
const TOOL_CALL_ID = Bytes.of("tool_call_id");
const FILE = Bytes.of("file");
export const FILE_DATA = Bytes.of("file_data");
export const FILENAME = Bytes.of("filename");
const UNNAMED = Bytes.of("document.pdf");

/** The text of an empty result, because some vendors reject empty ones. */
const NO_OUTPUT = Bytes.of("(no output)");
/** Introduces a document that follows its tool's message. */
export const DOCUMENT_NOTE = Bytes.of("document from tool ");
/** Introduces an image that follows its tool's message. */
export const IMAGE_NOTE = Bytes.of("image from tool ");

/** A part of text. */
export function writeTextPart(out: JsonWriter, text: Bytes): void {
  out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).string(text).endObject();
}

/** A file with its data; one without a name gets a default name. */
export function writeFilePart(out: JsonWriter, name: Bytes, data: Bytes): void {
  beginFilePart(out, name, data).endObject();
}

/** The same, open for further members. */
export function beginFilePart(out: JsonWriter, name: Bytes, data: Bytes): JsonWriter {
  out.object().key(names.TYPE).string(FILE).key(FILE).object();
  out.key(FILENAME).string(name.length > 0 ? name : UNNAMED);
  return out.key(FILE_DATA).string(data).endObject();
}

/** A call of a tool. `json`: its arguments. `signature`: Google's, empty for none. */
export function writeToolCall(
  out: JsonWriter,
  id: Bytes,
  name: Bytes,
  json: Bytes,
  signature: Bytes,
): void {
  out.object().key(names.ID).string(id).key(names.TYPE).string(names.FUNCTION);
  out.key(names.FUNCTION).object().key(names.NAME).string(name);
  out.key(names.ARGUMENTS).string(json).endObject();
  if (signature.length > 0) {
    out.key(names.EXTRA_CONTENT).object().key(names.GOOGLE).object();
    out.key(names.THOUGHT_SIGNATURE).string(signature).endObject().endObject();
  }
  out.endObject();
}

/** The message with a tool's result. */
export function writeToolMessage(out: JsonWriter, id: Bytes, text: Bytes): void {
  beginToolMessage(out, id, text).endObject();
}

/** The same, open for further members. */
export function beginToolMessage(out: JsonWriter, id: Bytes, text: Bytes): JsonWriter {
  out.object().key(names.ROLE).string(TOOL).key(TOOL_CALL_ID).string(id);
  return out.key(names.CONTENT).string(text.length > 0 ? text : NO_OUTPUT);
}
