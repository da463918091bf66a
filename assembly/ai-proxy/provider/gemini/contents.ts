import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstructionAt } from "../../../chat/role";
import { splitDataUrl } from "../../../http/data-url";
import { signatureInId } from "../../../chat/signed-call-id";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { TextMap } from "../../../text/text-map";
import { DialectRequest } from "../base/dialect";
import {
  argumentsOf,
  imageUrlOf,
  objectIn,
  textOf,
  TOOL,
  TOOL_CALL_ID,
} from "../shared/openai-message";
import { TurnWriter } from "../shared/turn-writer";
import { Char } from "../../../proxy-wasm/char";

const MODEL = Bytes.of("model");
const PARTS = Bytes.of("parts");
const INLINE_DATA = Bytes.of("inlineData");
const FILE_DATA = Bytes.of("fileData");
const MIME_TYPE = Bytes.of("mimeType");
const DATA = Bytes.of("data");
const FILE_URI = Bytes.of("fileUri");
const FUNCTION_CALL = Bytes.of("functionCall");
const ARGS = Bytes.of("args");
const REFERENCE = Bytes.of('"$ref"');
const FUNCTION_RESPONSE = Bytes.of("functionResponse");
const RESPONSE = Bytes.of("response");
const OUTPUT = Bytes.of("output");
const SIGNATURE = Bytes.of("thoughtSignature");
/** What Gemini 3 accepts in place of a signature that the client did not keep. */
const NO_SIGNATURE = Bytes.of("skip_thought_signature_validator");
const GO_ON = Bytes.of('{"text":"continue"}');
const IMAGE_URL = Bytes.of("image_url");
const INPUT_AUDIO = Bytes.of("input_audio");
const FORMAT = Bytes.of("format");
const AUDIO = Bytes.of("audio/");
const FILE = Bytes.of("file");
const FILE_ID = Bytes.of("file_id");
const FILE_BYTES = Bytes.of("file_data");
const PDF = Bytes.of("application/pdf");
const JPEG = Bytes.of("image/jpeg");

/** File extensions and their media types. */
const MEDIA: string[][] = [
  ["png", "image/png"],
  ["webp", "image/webp"],
  ["gif", "image/gif"],
  ["heic", "image/heic"],
  ["pdf", "application/pdf"],
  ["mp4", "video/mp4"],
  ["mp3", "audio/mp3"],
  ["wav", "audio/wav"],
];

/** Writes `messages` without the instructions, which have a member of their own. */
export function writeContents(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  const turns = new TurnWriter(out, PARTS, GO_ON);
  const tools = new TextMap<Bytes>();
  /** Contents of tool results with images or files, which are written after the results of the turn. */
  const shown: i32[] = [];
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.member(message, names.ROLE);
    if (!document.textIs(role, TOOL)) writeShown(request, shown, turns);
    if (document.textIs(role, names.ASSISTANT)) writeAssistant(request, message, tools, turns);
    else if (document.textIs(role, TOOL)) {
      writeResult(document, message, tools, turns);
      const content = document.member(message, names.CONTENT);
      if (document.kind(content) == Kind.Array) shown.push(content);
    } else if (!isInstructionAt(document, role)) {
      writeUser(request, document.member(message, names.CONTENT), turns);
    }
  }
  writeShown(request, shown, turns);
  turns.end();
}

/** Writes the images and files of tool results, once all results of a turn are written. */
function writeShown(request: DialectRequest, contents: i32[], turns: TurnWriter): void {
  const document = request.document;
  for (let i = 0; i < contents.length; i++) {
    for (let part = document.first(contents[i]); part >= 0; part = document.after(part)) {
      const type = document.member(part, names.TYPE);
      const isShown = document.textIs(type, IMAGE_URL) || document.textIs(type, FILE);
      if (isShown) writePart(request, part, turns);
    }
  }
  contents.length = 0;
}

/** `tools`: gets the name of each call's tool, by the call's identifier. */
function writeAssistant(
  request: DialectRequest,
  message: i32,
  tools: TextMap<Bytes>,
  turns: TurnWriter,
): void {
  const document = request.document;
  const text = textOf(document, document.member(message, names.CONTENT));
  if (text.length > 0) turns.block(MODEL).key(names.TEXT).string(text).endObject();
  const calls = document.member(message, names.TOOL_CALLS);
  for (let call = document.first(calls), i = 0; call >= 0; call = document.after(call), i++) {
    const name = document.member(document.member(call, names.FUNCTION), names.NAME);
    if (document.kind(name) == Kind.String) {
      tools.set(document.text(document.member(call, names.ID)), document.text(name));
      const out = turns.block(MODEL).key(FUNCTION_CALL).object();
      out.key(names.NAME).raw(document.raw(name));
      out.key(ARGS).raw(argumentsOf(document, call)).endObject();
      const signature = signatureOf(document, call);
      if (signature.length > 0) out.key(SIGNATURE).string(signature);
      else if (i == 0 && request.features.thoughtSignatures) {
        out.key(SIGNATURE).string(NO_SIGNATURE);
      }
      out.endObject();
    }
  }
}

function signatureOf(document: JsonDocument, call: i32): Bytes {
  const google = document.member(document.member(call, names.EXTRA_CONTENT), names.GOOGLE);
  const inner = document.text(document.member(google, names.THOUGHT_SIGNATURE));
  if (inner.length > 0) return inner;
  const outer = document.text(document.member(call, names.THOUGHT_SIGNATURE));
  return outer.length > 0 ? outer : signatureInId(document.text(document.member(call, names.ID)));
}

/** Writes a tool's result under the tool's name, which only the call has. */
function writeResult(
  document: JsonDocument,
  message: i32,
  tools: TextMap<Bytes>,
  turns: TurnWriter,
): void {
  const id = document.text(document.member(message, TOOL_CALL_ID));
  const named = document.text(document.member(message, names.NAME));
  const out = turns.block(names.USER).key(FUNCTION_RESPONSE).object();
  out.key(names.NAME).string(tools.get(id, named)).key(RESPONSE);
  const text = textOf(document, document.member(message, names.CONTENT));
  const object = objectIn(text, Bytes.empty());
  // In a structured result `$ref` refers to a file beside it, and what refers to none is refused.
  if (object.length > 0 && text.find(REFERENCE) < 0) out.raw(object);
  else out.object().key(OUTPUT).string(text).endObject();
  out.endObject().endObject();
}

function writeUser(request: DialectRequest, content: i32, turns: TurnWriter): void {
  const document = request.document;
  if (document.kind(content) == Kind.String) {
    if (document.text(content).length == 0) return;
    turns.block(names.USER).key(names.TEXT).raw(document.raw(content)).endObject();
    return;
  }
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    writePart(request, part, turns);
  }
}

function writePart(request: DialectRequest, part: i32, turns: TurnWriter): void {
  const document = request.document;
  const type = document.text(document.member(part, names.TYPE));
  if (type.equals(names.TEXT)) {
    const text = document.text(document.member(part, names.TEXT));
    if (text.length == 0) return;
    turns.block(names.USER).key(names.TEXT).string(text).endObject();
  } else if (type.equals(IMAGE_URL)) writeMedia(request, imageUrlOf(document, part), JPEG, turns);
  else if (type.equals(INPUT_AUDIO)) {
    const audio = document.member(part, INPUT_AUDIO);
    const mime = new ByteWriter(16).bytes(AUDIO);
    mime.bytes(document.text(document.member(audio, FORMAT)));
    writeInline(mime.toBytes(), document.text(document.member(audio, DATA)), turns);
  } else if (type.equals(FILE)) {
    const file = document.member(part, FILE);
    const id = document.text(document.member(file, FILE_ID));
    const data = document.text(document.member(file, FILE_BYTES));
    writeMedia(request, data.length > 0 ? data : id, PDF, turns);
  } else {
    request.refusePart(type);
  }
}

/** Writes inline data, or a URL with its likely media type: `usual` if its extension is unknown. */
function writeMedia(request: DialectRequest, url: Bytes, usual: Bytes, turns: TurnWriter): void {
  const data = splitDataUrl(url);
  if (data !== null) {
    writeInline(data.mediaType, data.data, turns);
    return;
  }
  if (url.length == 0) request.refuse("a part has neither data nor an address");
  const out = turns.block(names.USER).key(FILE_DATA).object();
  out.key(MIME_TYPE).string(mediaTypeOf(url, usual)).key(FILE_URI).string(url);
  out.endObject().endObject();
}

function writeInline(mediaType: Bytes, data: Bytes, turns: TurnWriter): void {
  const out = turns.block(names.USER).key(INLINE_DATA).object();
  out.key(MIME_TYPE).string(mediaType).key(DATA).string(data).endObject().endObject();
}

/** The media type that a URL's extension suggests; otherwise `usual`. */
export function mediaTypeOf(url: Bytes, usual: Bytes): Bytes {
  const query = url.indexOf(Char.Question);
  const path = query < 0 ? url : url.slice(0, query);
  const dot = path.lastIndexOf(Char.Dot);
  if (dot < 0) return usual;
  const end = path.slice(dot + 1);
  for (let i = 0; i < MEDIA.length; i++) {
    if (end.equalsIgnoreCase(Bytes.of(MEDIA[i][0]))) return Bytes.of(MEDIA[i][1]);
  }
  return usual;
}
