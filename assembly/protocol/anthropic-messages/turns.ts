import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CACHE_CONTROL, cacheMarkOf, writeCacheMark } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import {
  IMAGE_NOTE,
  beginToolMessage,
  DOCUMENT_NOTE,
  writeTextPart,
} from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";
import { writeAssistant } from "./assistant";
import { compactionIn, lastCompaction, summaryOf } from "./compaction";
import {
  addDocument,
  addLine,
  addSearch,
  DOCUMENT,
  IMAGE,
  imagesIn,
  isTextDocument,
  SEARCH,
  writeImages,
  writePart,
} from "./parts";
import { Char } from "../../proxy-wasm/char";

const TOOL_USE_ID = Bytes.of("tool_use_id");
const TOOL_RESULT = Bytes.of("tool_result");
const IS_ERROR = Bytes.of("is_error");
const ERROR_PREFIX = Bytes.of("Error: ");
const TOOL_REFERENCE = Bytes.of("tool_reference");
const TOOL_NAME = Bytes.of("tool_name");
const LOADED = Bytes.of("Tools loaded: ");
const COMMA = Bytes.of(", ");
const BILLING = Bytes.of("x-anthropic-billing-header:");
const BILLING_CHANGES = Bytes.of("; cch=");
/** The text of a turn of which nothing can be sent, because vendors reject empty ones. */
const NOTHING_LEFT = Bytes.of("...");

/** Writes `system` and `messages` as the messages of a chat request. */
export function writeChatMessages(
  document: JsonDocument,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  out.array();
  writeSystem(document, document.member(0, names.SYSTEM), out);
  const messages = document.member(0, names.MESSAGES);
  const compacted = lastCompaction(document, messages);
  // What stands in front of a summary is in it.
  let message = compacted < 0 ? document.first(messages) : compacted;
  for (; message >= 0; message = document.after(message)) {
    const role = document.text(document.member(message, names.ROLE));
    const content = document.member(message, names.CONTENT);
    let from = document.first(content);
    if (message == compacted) {
      const block = compactionIn(document, message);
      writeSummary(document, block, out);
      from = document.after(block);
      if (from < 0) continue;
    }
    const mark = document.after(message) < 0 ? document.member(0, CACHE_CONTROL) : -1;
    if (role.equals(names.ASSISTANT)) writeAssistant(document, content, from, out, conversion);
    else if (role.equals(names.SYSTEM)) writeSystem(document, content, out);
    else writeUser(document, content, from, mark, out, conversion);
  }
  out.endArray();
}

function writeSummary(document: JsonDocument, block: i32, out: JsonWriter): void {
  out.object().key(names.ROLE).string(names.USER).key(names.CONTENT);
  out.string(summaryOf(document, block)).endObject();
}

function writeSystem(document: JsonDocument, system: i32, out: JsonWriter): void {
  if (document.kind(system) != Kind.Array) {
    if (document.text(system).length == 0) return;
    out.object().key(names.ROLE).string(names.SYSTEM).key(names.CONTENT);
    out.string(withoutBilling(document.text(system))).endObject();
    return;
  }
  let written = 0;
  for (let block = document.first(system); block >= 0; block = document.after(block)) {
    const text = document.text(document.member(block, names.TEXT));
    if (text.length > 0) {
      if (written++ == 0) {
        out.object().key(names.ROLE).string(names.SYSTEM).key(names.CONTENT).array();
      }
      out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT);
      writeCacheMark(document, cacheMarkOf(document, block), out.string(withoutBilling(text)));
      out.endObject();
    }
  }
  if (written > 0) out.endArray().endObject();
}

/** A line of Claude Code that changes with every request would defeat prompt caching. */
function withoutBilling(text: Bytes): Bytes {
  if (!text.startsWith(BILLING)) return text;
  const from = text.find(BILLING_CHANGES);
  if (from < 0) return text;
  const end = text.indexOf(Char.Semicolon, from + 1);
  const out = new ByteWriter(text.length).bytes(text.slice(0, from));
  return end < 0 ? out.toBytes() : out.bytes(text.slice(end)).toBytes();
}

/**
 * A user's turn: tool results first, each as its own message, then the user's content. `from`: its first
 * block. `mark`: the mark of the whole request if the turn is its last, which is one of the turn's end.
 */
function writeUser(
  document: JsonDocument,
  content: i32,
  from: i32,
  mark: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  if (document.kind(content) != Kind.Array) {
    out.object().key(names.ROLE).string(names.USER);
    out.key(names.CONTENT).string(document.text(content));
    writeCacheMark(document, mark, out);
    out.endObject();
    return;
  }
  let others = 0;
  let images = 0;
  let last = -1;
  for (let block = from; block >= 0; block = document.after(block)) last = block;
  const endMark = document.member(last, CACHE_CONTROL) < 0 ? mark : -1;
  for (let block = from; block >= 0; block = document.after(block)) {
    const isResult = document.textIs(document.member(block, names.TYPE), TOOL_RESULT);
    if (isResult) {
      images += writeResult(document, block, block == last ? endMark : -1, out, conversion);
    } else others++;
  }
  if (others + images == 0) return;
  out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
  let isWritten: bool = images > 0;
  for (let block = from; block >= 0; block = document.after(block)) {
    const isResult = document.textIs(document.member(block, names.TYPE), TOOL_RESULT);
    if (isResult) writeMovedParts(document, block, out, conversion);
    else if (writePart(document, block, block == last ? endMark : -1, out, conversion)) {
      isWritten = true;
    }
  }
  if (!isWritten) writeTextPart(out, NOTHING_LEFT);
  out.endArray().endObject();
}

/**
 * Writes the text of a tool's result; returns the number of parts that a tool message cannot hold. `mark`: a
 * cache mark besides its own.
 */
function writeResult(
  document: JsonDocument,
  block: i32,
  mark: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): i32 {
  const content = document.member(block, names.CONTENT);
  const text = new ByteWriter(64);
  let others = 0;
  if (document.kind(content) == Kind.Array) {
    let references = 0;
    for (let part = document.first(content); part >= 0; part = document.after(part)) {
      const type = document.text(document.member(part, names.TYPE));
      if (isMoved(document, part, type)) others++;
      else if (type.equals(TOOL_REFERENCE)) {
        if (references++ == 0) addLine(text, LOADED);
        else text.bytes(COMMA);
        const name = document.text(document.member(part, TOOL_NAME));
        text.bytes(conversion.tools.ofFunction(name));
      } else if (type.equals(SEARCH)) addSearch(document, part, text);
      else if (type.equals(DOCUMENT)) {
        addDocument(document, part, text);
        others += imagesIn(document, part);
      } else addLine(text, document.text(document.member(part, names.TEXT)));
    }
  } else text.bytes(document.text(content));
  const result = new ByteWriter(text.length + 8);
  if (document.isTrue(document.member(block, IS_ERROR))) result.bytes(ERROR_PREFIX);
  const id = document.text(document.member(block, TOOL_USE_ID));
  beginToolMessage(out, id, result.bytes(text.toBytes()).toBytes());
  if (!writeCacheMark(document, cacheMarkOf(document, block), out))
    writeCacheMark(document, mark, out);
  out.endObject();
  return others;
}

/** Whether a part of a result is moved to a user message: an image, or a document that is not text. */
function isMoved(document: JsonDocument, part: i32, type: Bytes): bool {
  return type.equals(IMAGE) || (type.equals(DOCUMENT) && !isTextDocument(document, part));
}

function writeMovedParts(
  document: JsonDocument,
  block: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const content = document.member(block, names.CONTENT);
  if (document.kind(content) != Kind.Array) return;
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    if (isMoved(document, part, type)) {
      const note = new ByteWriter(48).bytes(type.equals(IMAGE) ? IMAGE_NOTE : DOCUMENT_NOTE);
      note.bytes(document.text(document.member(block, TOOL_USE_ID)));
      writeTextPart(out, note.toBytes());
      writePart(document, part, -1, out, conversion);
    } else if (type.equals(DOCUMENT)) writeImages(document, part, out, conversion);
  }
}
