import { Bytes } from "../../../proxy-wasm/bytes";
import { cacheMarkOf, writeCacheMark } from "../../../chat/cache-mark";
import * as names from "../../../chat/names";
import { isClaudes } from "../../../chat/signature";
import { isInstructionAt } from "../../../chat/role";
import { splitDataUrl } from "../../../http/data-url";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { argumentsOf, imageUrlOf, TOOL, TOOL_CALL_ID } from "../shared/openai-message";
import { AssistantTurn, visitAssistant } from "../shared/assistant-turn";
import { pictureType } from "../shared/picture-type";
import { TurnWriter } from "../shared/turn-writer";
import { Char } from "../../../proxy-wasm/char";

const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const IMAGE_PREFIX = Bytes.of("image/");
const DOCUMENT = Bytes.of("document");
const FILE = Bytes.of("file");
const HTTPS = Bytes.of("https://");
const FILE_DATA = Bytes.of("file_data");
const FILE_ID = Bytes.of("file_id");
const FILENAME = Bytes.of("filename");
const TITLE = Bytes.of("title");
const SOURCE = Bytes.of("source");
const BASE64 = Bytes.of("base64");
const MEDIA_TYPE = Bytes.of("media_type");
const DATA = Bytes.of("data");
const URL = Bytes.of("url");
const PDF = Bytes.of("application/pdf");
const TOOL_RESULT = Bytes.of("tool_result");
const TOOL_USE_ID = Bytes.of("tool_use_id");
const TOOL_USE = Bytes.of("tool_use");
const INPUT = Bytes.of("input");
const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const REDACTED = Bytes.of("redacted_thinking");
/** Opens a conversation without an initial user turn, and closes one that may not end with an assistant turn. */
const GO_ON = Bytes.of('{"type":"text","text":"continue"}');

/** Writes `messages` without the instructions, which have a member of their own. */
export function writeMessages(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  const turns = new TurnWriter(out, names.CONTENT, GO_ON);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.member(message, names.ROLE);
    if (document.textIs(role, names.ASSISTANT)) {
      const hasCalls = document.size(document.member(message, names.TOOL_CALLS)) > 0;
      const isPrefill = document.after(message) < 0 && !hasCalls;
      visitAssistant(document, message, new ClaudeTurn(document, message, turns, isPrefill));
    } else if (document.textIs(role, TOOL)) writeToolResult(request, message, turns);
    else if (!isInstructionAt(document, role)) {
      writeParts(request, message, turns);
    }
  }
  if (!request.features.prefill) turns.endWithUser();
  turns.end();
}

/** Writes an assistant's turn as Claude's blocks. */
class ClaudeTurn extends AssistantTurn {
  constructor(
    private readonly document: JsonDocument,
    private readonly message: i32,
    private readonly turns: TurnWriter,
    /** Whether the answer continues this turn, at whose end Anthropic rejects white space. */
    private readonly isPrefill: bool,
  ) {
    super();
  }

  thought(text: Bytes, kept: Bytes): void {
    if (!isClaudes(kept)) return;
    const out = beginBlock(this.turns, names.ASSISTANT, THINKING).key(THINKING).string(text);
    out.key(SIGNATURE).string(kept).endObject();
  }

  redacted(data: Bytes): void {
    beginBlock(this.turns, names.ASSISTANT, REDACTED).key(DATA).string(data).endObject();
  }

  text(text: Bytes): void {
    this.write(text, false);
  }

  content(content: i32): void {
    const document = this.document;
    if (document.kind(content) != Kind.Array) {
      this.write(document.text(content), this.isPrefill, this.message);
      return;
    }
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const text = document.text(document.member(part, names.TEXT));
      this.write(text, this.isPrefill && document.after(part) < 0, part);
    }
  }

  call(call: i32): void {
    const document = this.document;
    const name = document.member(document.member(call, names.FUNCTION), names.NAME);
    const out = beginBlock(this.turns, names.ASSISTANT, TOOL_USE);
    out.key(names.ID).string(document.text(document.member(call, names.ID)));
    out.key(names.NAME).raw(document.raw(name));
    out.key(INPUT).raw(argumentsOf(document, call)).endObject();
  }

  /** `holder`: the part or message that contains the text and may have a cache marker; −1 for none. */
  private write(text: Bytes, isEnd: bool, holder: i32 = -1): void {
    let end = text.length;
    while (isEnd && end > 0 && text.at(end - 1) <= Char.Space) end--;
    if (text.trim().length == 0) return;
    const out = beginBlock(this.turns, names.ASSISTANT, names.TEXT);
    out.key(names.TEXT).string(text.slice(0, end));
    writeCacheMark(this.document, cacheMarkOf(this.document, holder), out);
    out.endObject();
  }
}

function writeToolResult(request: DialectRequest, message: i32, turns: TurnWriter): void {
  const document = request.document;
  const out = beginBlock(turns, names.USER, TOOL_RESULT);
  out.key(TOOL_USE_ID).string(document.text(document.member(message, TOOL_CALL_ID)));
  const content = document.member(message, names.CONTENT);
  out.key(names.CONTENT);
  if (document.kind(content) == Kind.Array) {
    out.array();
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      writePart(request, part, out, null);
    }
    out.endArray();
  } else out.string(document.text(content));
  writeCacheMark(document, markIn(document, message), out);
  out.endObject();
}

/** What marks the result of a tool for caching: its message or one of its parts, which have no mark of their own. */
function markIn(document: JsonDocument, message: i32): i32 {
  const content = document.member(message, names.CONTENT);
  let mark = -1;
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    mark = max(mark, cacheMarkOf(document, part));
  }
  const own = cacheMarkOf(document, message);
  return own >= 0 ? own : mark;
}

function writeParts(request: DialectRequest, message: i32, turns: TurnWriter): void {
  const document = request.document;
  const content = document.member(message, names.CONTENT);
  if (document.kind(content) == Kind.String) {
    if (document.text(content).trim().length == 0) return;
    const out = beginBlock(turns, names.USER, names.TEXT);
    out.key(names.TEXT).raw(document.raw(content));
    writeCacheMark(document, cacheMarkOf(document, message), out);
    out.endObject();
    return;
  }
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    writePart(request, part, turns.out, turns);
  }
}

/** Writes one part of a user's message or, without `turns`, of a tool's result. */
function writePart(
  request: DialectRequest,
  part: i32,
  out: JsonWriter,
  turns: TurnWriter | null,
): void {
  const document = request.document;
  const type = document.text(document.member(part, names.TYPE));
  const text = document.member(part, names.TEXT);
  if (type.equals(names.TEXT)) {
    if (document.text(text).trim().length == 0) return;
    begin(out, turns, names.TEXT).key(names.TEXT).raw(document.raw(text));
  } else if (type.equals(IMAGE_URL)) {
    begin(out, turns, IMAGE);
    writeImage(request, imageUrlOf(document, part), out);
  } else if (type.equals(FILE)) {
    writeFile(request, document.member(part, FILE), out, turns);
    if (request.fault.length > 0) return;
  } else {
    request.refusePart(type);
    return;
  }
  if (turns !== null) writeCacheMark(document, cacheMarkOf(document, part), out);
  out.endObject();
}

/** Begins a block of a turn of `role`. */
function beginBlock(turns: TurnWriter, role: Bytes, type: Bytes): JsonWriter {
  return turns.block(role).key(names.TYPE).string(type);
}

function begin(out: JsonWriter, turns: TurnWriter | null, type: Bytes): JsonWriter {
  if (turns !== null) return beginBlock(turns, names.USER, type);
  return out.object().key(names.TYPE).string(type);
}

function writeImage(request: DialectRequest, url: Bytes, out: JsonWriter): void {
  const data = splitDataUrl(url);
  if (data === null) {
    if (url.length == 0) request.refuse("an image has no address");
    writeAddress(url, out);
    return;
  }
  if (!data.mediaType.startsWith(IMAGE_PREFIX)) request.refuse("an image is of another type");
  writeBase64(pictureType(data), data.data, out);
}

function writeAddress(url: Bytes, out: JsonWriter): void {
  out.key(SOURCE).object().key(names.TYPE).string(URL).key(URL).string(url).endObject();
}

function writeBase64(mediaType: Bytes, data: Bytes, out: JsonWriter): void {
  out.key(SOURCE).object().key(names.TYPE).string(BASE64);
  out.key(MEDIA_TYPE).string(mediaType).key(DATA).string(data).endObject();
}

function writeFile(
  request: DialectRequest,
  file: i32,
  out: JsonWriter,
  turns: TurnWriter | null,
): void {
  const document = request.document;
  const id = document.member(file, FILE_ID);
  const given = document.text(document.member(file, FILE_DATA));
  const data = splitDataUrl(given);
  const isAddress = given.startsWith(HTTPS);
  if (data === null && !isAddress && document.kind(id) != Kind.String) {
    request.refuse("a file has neither data nor an identifier");
    return;
  }
  if (data !== null && !data.mediaType.equals(PDF)) {
    request.refuse("a file of type " + data.mediaType.toString() + " cannot be sent");
    return;
  }
  begin(out, turns, DOCUMENT);
  if (data !== null) writeBase64(data.mediaType, data.data, out);
  else if (isAddress) writeAddress(given, out);
  else {
    out.key(SOURCE).object().key(names.TYPE).string(FILE);
    out.key(FILE_ID).raw(document.raw(id)).endObject();
  }
  const name = document.member(file, FILENAME);
  if (document.kind(name) == Kind.String) out.key(TITLE).raw(document.raw(name));
}
