import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstruction } from "../../../chat/role";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { parseFloatAt } from "../../../text/float";
import { DialectRequest } from "../base/dialect";
import { QwenOptions } from "./options";
import { imageUrlOf, maxTokensOf, TOOL_CALL_ID } from "../shared/openai-message";
import { Char } from "../../../proxy-wasm/char";

const INPUT = Bytes.of("input");
const PARAMETERS = Bytes.of("parameters");
const RESULT_FORMAT = Bytes.of("result_format");
const INCREMENTAL = Bytes.of("incremental_output");
const MAX_TOKENS = Bytes.of("max_tokens");
const TOP_P = Bytes.of("top_p");
const ENABLE_SEARCH = Bytes.of("enable_search");
const ENABLE_THINKING = Bytes.of("enable_thinking");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const NONE = Bytes.of("none");
const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const AUDIO = Bytes.of("audio");
const INPUT_AUDIO = Bytes.of("input_audio");
const VIDEO = Bytes.of("video");
const VIDEO_URL = Bytes.of("video_url");
const URL = Bytes.of("url");
const DATA_AUDIO = Bytes.of("data:audio/");
const BASE64 = Bytes.of(";base64,");
const FORMAT = Bytes.of("format");
const DATA = Bytes.of("data");
/** How addresses begin. */
const SCHEMES: Bytes[] = ["data:", "http:", "https:", "oss:"].map<Bytes>((name) => Bytes.of(name));
const QWEN_LONG = Bytes.of("qwen-long");
const FILE_ID = Bytes.of("fileid://");
const HELPFUL = Bytes.of("You are a helpful assistant.");
const LEAST_TOP_P = Bytes.of("0.000001");
const MOST_TOP_P = Bytes.of("0.999999");

/** Members that go into `parameters` under the same name. */
const SAME: Bytes[] = [
  Bytes.of("temperature"),
  Bytes.of("top_k"),
  Bytes.of("repetition_penalty"),
  Bytes.of("presence_penalty"),
  Bytes.of("seed"),
  Bytes.of("stop"),
  Bytes.of("logprobs"),
  Bytes.of("top_logprobs"),
  Bytes.of("parallel_tool_calls"),
  Bytes.of("response_format"),
  Bytes.of("tools"),
  Bytes.of("tool_choice"),
  Bytes.of("enable_thinking"),
  Bytes.of("thinking_budget"),
  Bytes.of("enable_search"),
];

const NO_FILES: string[] = [];

/** A request to DashScope's generation API for a chat request. `hasParts`: whether the model accepts images. */
export function writeQwenRequest(
  request: DialectRequest,
  options: QwenOptions,
  hasParts: bool,
): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 256).object();
  out.key(names.MODEL).string(request.model).key(INPUT).object().key(names.MESSAGES);
  const isLong = request.model.startsWith(QWEN_LONG);
  writeMessages(request, isLong ? options.fileIds : NO_FILES, out, hasParts);
  out.endObject().key(PARAMETERS).object().key(RESULT_FORMAT).string(names.MESSAGE);
  if (request.stream) out.key(INCREMENTAL).bool(true);
  const most = maxTokensOf(document);
  if (most >= 0) out.key(MAX_TOKENS).raw(document.raw(most));
  writeTopP(document, out);
  for (let i = 0; i < SAME.length; i++) {
    const node = document.member(0, SAME[i]);
    if (!document.isAbsent(node)) out.key(SAME[i]).raw(document.raw(node));
  }
  const isQuiet = document.text(document.member(0, REASONING_EFFORT)).equals(NONE);
  if (isQuiet && document.member(0, ENABLE_THINKING) < 0) out.key(ENABLE_THINKING).bool(false);
  if (options.search && document.member(0, ENABLE_SEARCH) < 0) {
    out.key(ENABLE_SEARCH).bool(true);
  }
  return out.endObject().endObject().toBytes();
}

/** Writes `top_p`, for which DashScope rejects 0 and 1. */
function writeTopP(document: JsonDocument, out: JsonWriter): void {
  const node = document.member(0, TOP_P);
  if (document.kind(node) != Kind.Number) return;
  const start = document.start(node);
  const value = parseFloatAt(document.source.pointer + <usize>start, document.end(node) - start);
  out.key(TOP_P);
  if (value <= 0) out.raw(LEAST_TOP_P);
  else if (value >= 1) out.raw(MOST_TOP_P);
  else out.raw(document.raw(node));
}

/** `files`: ids of files that the conversation is about. */
function writeMessages(
  request: DialectRequest,
  files: string[],
  out: JsonWriter,
  hasParts: bool,
): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  let hasFiles = files.length > 0;
  out.array();
  for (
    let message = document.first(messages), i = 0;
    message >= 0;
    message = document.after(message), i++
  ) {
    const isLeading = i == 0 && isInstruction(document.text(document.member(message, names.ROLE)));
    if (hasFiles && !isLeading) {
      writeFiles(files, out, i == 0);
      hasFiles = false;
    }
    if (document.kind(message) == Kind.Object) writeMessage(request, message, out, hasParts);
  }
  if (hasFiles) writeFiles(files, out, false);
  out.endArray();
}

/** Writes the files, which DashScope expects after a system message; one is added if there is none. */
function writeFiles(files: string[], out: JsonWriter, needsFirst: bool): void {
  if (needsFirst) {
    out.object().key(names.ROLE).string(names.SYSTEM).key(names.CONTENT).string(HELPFUL);
    out.endObject();
  }
  const list = new ByteWriter(64);
  for (let i = 0; i < files.length; i++) {
    if (i > 0) list.byte(Char.Comma);
    list.bytes(FILE_ID).text(files[i]);
  }
  out.object().key(names.ROLE).string(names.SYSTEM).key(names.CONTENT).string(list.toBytes());
  out.endObject();
}

function writeMessage(
  request: DialectRequest,
  message: i32,
  out: JsonWriter,
  hasParts: bool,
): void {
  const document = request.document;
  const role = document.text(document.member(message, names.ROLE));
  out
    .object()
    .key(names.ROLE)
    .string(isInstruction(role) ? names.SYSTEM : role);
  out.key(names.CONTENT);
  writeContent(request, document.member(message, names.CONTENT), out, hasParts);
  copy(document, message, names.TOOL_CALLS, out);
  copy(document, message, TOOL_CALL_ID, out);
  copy(document, message, names.NAME, out);
  copy(document, message, names.REASONING_CONTENT, out);
  out.endObject();
}

function copy(document: JsonDocument, message: i32, name: Bytes, out: JsonWriter): void {
  const node = document.member(message, name);
  if (!document.isAbsent(node)) out.key(name).raw(document.raw(node));
}

/** Writes a content: parts if the model accepts them, otherwise a text. */
function writeContent(
  request: DialectRequest,
  content: i32,
  out: JsonWriter,
  hasParts: bool,
): void {
  const document = request.document;
  if (!hasParts) {
    out.string(textOnly(request, content));
    return;
  }
  out.array();
  if (document.kind(content) != Kind.Array)
    out.object().key(names.TEXT).string(document.text(content)).endObject();
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    out.object();
    if (type.equals(IMAGE_URL)) out.key(IMAGE).string(imageUrlOf(document, part));
    else if (type.equals(names.TEXT)) {
      out.key(names.TEXT).string(document.text(document.member(part, names.TEXT)));
    } else if (type.equals(INPUT_AUDIO)) {
      out.key(AUDIO).string(audioOf(document, document.member(part, INPUT_AUDIO)));
    } else if (type.equals(VIDEO_URL)) {
      const video = document.member(part, VIDEO_URL);
      const isPlain = document.kind(video) == Kind.String;
      out.key(VIDEO).string(document.text(isPlain ? video : document.member(video, URL)));
    } else if (type.equals(VIDEO) && document.member(part, VIDEO) >= 0) {
      // The frames of a video.
      out.key(VIDEO).raw(document.raw(document.member(part, VIDEO)));
    } else request.refusePart(type);
    out.endObject();
  }
  out.endArray();
}

/** The address of a sound, whose data clients send as such or, as the vendor's documents do, as an address. */
function audioOf(document: JsonDocument, audio: i32): Bytes {
  const data = document.text(document.member(audio, DATA));
  for (let i = 0; i < SCHEMES.length; i++) if (data.startsWith(SCHEMES[i])) return data;
  const format = document.text(document.member(audio, FORMAT));
  const out = new ByteWriter(data.length + 32).bytes(DATA_AUDIO).bytes(format);
  return out.bytes(BASE64).bytes(data).toBytes();
}

function textOnly(request: DialectRequest, content: i32): Bytes {
  const document = request.document;
  if (document.kind(content) != Kind.Array) return document.text(content);
  const text = new ByteWriter(64);
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    if (type.equals(names.TEXT)) text.bytes(document.text(document.member(part, names.TEXT)));
    else request.refuse("this model takes no part of type " + type.toString());
  }
  return text.toBytes();
}
