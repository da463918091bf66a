import { Bytes } from "../../../proxy-wasm/bytes";
import { Char } from "../../../proxy-wasm/char";
import * as names from "../../../chat/names";
import { isClaudes } from "../../../chat/signature";
import { isInstructionAt } from "../../../chat/role";
import { splitDataUrl } from "../../../http/data-url";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import {
  argumentsOf,
  imageUrlOf,
  objectIn,
  textOf,
  TOOL,
  TOOL_CALL_ID,
} from "../shared/openai-message";
import { CachePoints, Mark, markOf } from "./cache-points";
import { Documents } from "./documents";
import { AssistantTurn, visitAssistant } from "../shared/assistant-turn";
import { pictureType } from "../shared/picture-type";
import { TurnWriter } from "../shared/turn-writer";

const TOOL_USE = Bytes.of("toolUse");
const TOOL_USE_ID = Bytes.of("toolUseId");
const INPUT = Bytes.of("input");
const TOOL_RESULT = Bytes.of("toolResult");
const JSON = Bytes.of("json");
const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const FORMAT = Bytes.of("format");
const SOURCE = Bytes.of("source");
const BYTES = Bytes.of("bytes");
const FILE = Bytes.of("file");
const S3 = Bytes.of("s3://");
const S3_LOCATION = Bytes.of("s3Location");
const URI = Bytes.of("uri");
const REASONING = Bytes.of("reasoningContent");
const REASONING_TEXT = Bytes.of("reasoningText");
const SIGNATURE = Bytes.of("signature");
const REDACTED_CONTENT = Bytes.of("redactedContent");
/** Bedrock rejects blank texts, and documents without a text in the same message. */
const NO_OUTPUT = Bytes.of("(no output)");
const BESIDE_DOCUMENT = Bytes.of("document");
const GO_ON = Bytes.of('{"text":"continue"}');
const PNG = Bytes.of("png");
const JPG = Bytes.of("jpg");
const JPEG = Bytes.of("jpeg");
const IMAGE_TYPES: string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const IMAGE_FORMATS: string[] = ["png", "jpeg", "gif", "webp"];

/**
 * Writes `messages` without the instructions. Returns whether they contain tool calls. `instruction`: an
 * instruction for the user's last turn; empty for none. It never joins results, beside which some models reject
 * a text.
 */
export function writeConverseMessages(
  request: DialectRequest,
  points: CachePoints,
  readsThoughts: bool,
  instruction: Bytes,
  out: JsonWriter,
): bool {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  const turns = new TurnWriter(out, names.CONTENT, GO_ON);
  const documents = new Documents();
  let hasCalls: bool = false;
  const asked = instruction.length > 0 ? lastOfUser(document) : -1;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.member(message, names.ROLE);
    if (document.textIs(role, names.ASSISTANT)) {
      if (document.size(document.member(message, names.TOOL_CALLS)) > 0) hasCalls = true;
      const mark = heldMark(document, message);
      const turn = new ConverseTurn(document, turns, points, readsThoughts, mark);
      visitAssistant(document, message, turn);
    } else if (document.textIs(role, TOOL)) {
      writeResult(request, message, documents, turns);
      points.write(heldMark(document, message), out);
    } else if (!isInstructionAt(document, role)) {
      writeUser(request, message, documents, points, turns);
      if (message == asked) writeText(instruction, turns);
    }
    if (!turns.isEmpty) points.endMessage(message, out);
  }
  if (instruction.length > 0 && asked < 0) writeText(instruction, turns);
  if (!request.features.prefill) turns.endWithUser();
  turns.end();
  return hasCalls;
}

/** Node of the last message that is the user's own; −1 for none. */
function lastOfUser(document: JsonDocument): i32 {
  const messages = document.member(0, names.MESSAGES);
  let last = -1;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    if (document.textIs(document.member(message, names.ROLE), names.USER)) last = message;
  }
  return last;
}

function writeText(text: Bytes, turns: TurnWriter): void {
  turns.block(names.USER).key(names.TEXT).string(text).endObject();
}

/** The cache marker of a message that becomes one block, or of one of its parts. */
function heldMark(document: JsonDocument, message: i32): Mark {
  const own = markOf(document, message);
  if (own != Mark.None) return own;
  const content = document.member(message, names.CONTENT);
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    const mark = markOf(document, part);
    if (mark != Mark.None) return mark;
  }
  return Mark.None;
}

/** Writes an assistant's turn as Converse's blocks. */
class ConverseTurn extends AssistantTurn {
  constructor(
    private readonly document: JsonDocument,
    private readonly turns: TurnWriter,
    private readonly points: CachePoints,
    /** Whether Claude's thoughts are sent. */
    private readonly readsThoughts: bool,
    /** The cache marker of the text. */
    private readonly mark: Mark,
  ) {
    super();
  }

  thought(text: Bytes, kept: Bytes): void {
    if (!this.readsThoughts || !isClaudes(kept)) return;
    const out = this.turns
      .block(names.ASSISTANT)
      .key(REASONING)
      .object()
      .key(REASONING_TEXT)
      .object();
    out.key(names.TEXT).string(text).key(SIGNATURE).string(kept);
    out.endObject().endObject().endObject();
  }

  redacted(data: Bytes): void {
    if (!this.readsThoughts) return;
    const out = this.turns.block(names.ASSISTANT).key(REASONING).object();
    out.key(REDACTED_CONTENT).string(data).endObject().endObject();
  }

  text(text: Bytes): void {
    if (text.trim().length == 0) return;
    this.turns.block(names.ASSISTANT).key(names.TEXT).string(text).endObject();
  }

  content(content: i32): void {
    const text = textOf(this.document, content);
    this.text(text);
    if (text.trim().length > 0) this.points.write(this.mark, this.turns.out);
  }

  call(call: i32): void {
    const document = this.document;
    const name = document.member(document.member(call, names.FUNCTION), names.NAME);
    const out = this.turns.block(names.ASSISTANT).key(TOOL_USE).object();
    out.key(TOOL_USE_ID).string(document.text(document.member(call, names.ID)));
    out.key(names.NAME).raw(document.raw(name));
    out.key(INPUT).raw(argumentsOf(document, call)).endObject().endObject();
  }
}

function writeResult(
  request: DialectRequest,
  message: i32,
  documents: Documents,
  turns: TurnWriter,
): void {
  const document = request.document;
  const out = turns.block(names.USER).key(TOOL_RESULT).object();
  out.key(TOOL_USE_ID).string(document.text(document.member(message, TOOL_CALL_ID)));
  out.key(names.CONTENT).array();
  const content = document.member(message, names.CONTENT);
  let isEmpty: bool = true;
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    if (!isBlank(document, part)) {
      writePart(request, part, documents, out.object());
      out.endObject();
      isEmpty = false;
    }
  }
  if (isEmpty) {
    const text = document.text(content);
    const object = objectIn(text, Bytes.empty());
    out.object();
    if (object.length > 0) out.key(JSON).raw(object);
    else out.key(names.TEXT).string(text.trim().length > 0 ? text : NO_OUTPUT);
    out.endObject();
  }
  out.endArray().endObject().endObject();
}

function writeUser(
  request: DialectRequest,
  message: i32,
  documents: Documents,
  points: CachePoints,
  turns: TurnWriter,
): void {
  const document = request.document;
  const content = document.member(message, names.CONTENT);
  if (document.kind(content) == Kind.String) {
    if (document.text(content).trim().length == 0) return;
    turns.block(names.USER).key(names.TEXT).raw(document.raw(content)).endObject();
    points.write(markOf(document, message), turns.out);
    return;
  }
  let hasFile: bool = false;
  let hasText: bool = false;
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    if (!isBlank(document, part)) {
      const type = document.member(part, names.TYPE);
      if (document.textIs(type, FILE)) hasFile = true;
      else if (document.textIs(type, names.TEXT)) hasText = true;
      writePart(request, part, documents, turns.block(names.USER));
      turns.out.endObject();
      points.write(markOf(document, part), turns.out);
    }
  }
  if (hasFile && !hasText) {
    writeText(BESIDE_DOCUMENT, turns);
  }
}

/** Whether a part is a text without anything in it. */
function isBlank(document: JsonDocument, part: i32): bool {
  if (!document.textIs(document.member(part, names.TYPE), names.TEXT)) return false;
  return document.text(document.member(part, names.TEXT)).trim().length == 0;
}

/** Writes the member of an open block for one part. */
function writePart(
  request: DialectRequest,
  part: i32,
  documents: Documents,
  out: JsonWriter,
): void {
  const document = request.document;
  const type = document.text(document.member(part, names.TYPE));
  if (type.equals(names.TEXT)) {
    out.key(names.TEXT).string(document.text(document.member(part, names.TEXT)));
  } else if (type.equals(IMAGE_URL)) writeImage(request, imageUrlOf(document, part), out);
  else if (type.equals(FILE)) documents.write(request, document.member(part, FILE), out);
  else request.refusePart(type);
}

function writeImage(request: DialectRequest, url: Bytes, out: JsonWriter): void {
  const data = splitDataUrl(url);
  if (data === null) {
    if (!url.startsWith(S3)) request.refuse("an image must be a data URL or lie in S3");
    out.key(IMAGE).object().key(FORMAT).string(formatOf(url)).key(SOURCE).object();
    out.key(S3_LOCATION).object().key(URI).string(url).endObject().endObject().endObject();
    return;
  }
  const format = IMAGE_TYPES.indexOf(pictureType(data).toString());
  if (format < 0) request.refuse("an image is of another type than PNG, JPEG, GIF and WebP");
  out.key(IMAGE).object();
  out.key(FORMAT).string(format < 0 ? PNG : Bytes.of(IMAGE_FORMATS[format]));
  out.key(SOURCE).object().key(BYTES).string(data.data).endObject().endObject();
}

/** The format that the end of an address names; PNG if none. */
function formatOf(url: Bytes): Bytes {
  const end = url.slice(url.lastIndexOf(Char.Dot) + 1);
  if (end.equalsIgnoreCase(JPG)) return JPEG;
  for (let i = 1; i < IMAGE_FORMATS.length; i++) {
    const format = Bytes.of(IMAGE_FORMATS[i]);
    if (end.equalsIgnoreCase(format)) return format;
  }
  return PNG;
}
