import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import {
  IMAGE_NOTE,
  writeFilePart,
  beginToolMessage,
  DOCUMENT_NOTE,
  writeTextPart,
} from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";
import { writeAssistant, writeCache } from "./assistant";
import { Char } from "../../proxy-wasm/char";

const TOOL_USE_ID = Bytes.of("tool_use_id");
const TOOL_RESULT = Bytes.of("tool_result");
const IS_ERROR = Bytes.of("is_error");
const ERROR_PREFIX = Bytes.of("Error: ");
const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const DOCUMENT = Bytes.of("document");
const SOURCE = Bytes.of("source");
const BASE64 = Bytes.of("base64");
const URL = Bytes.of("url");
const MEDIA_TYPE = Bytes.of("media_type");
const DATA = Bytes.of("data");
const TITLE = Bytes.of("title");
const DATA_SCHEME = Bytes.of("data:");
const BASE64_MARK = Bytes.of(";base64,");
const LINE = Bytes.of("\n");
const SEARCH = Bytes.of("search_result");
const TOOL_REFERENCE = Bytes.of("tool_reference");
const TOOL_NAME = Bytes.of("tool_name");
const LOADED = Bytes.of("Tools loaded: ");
const COMMA = Bytes.of(", ");
const BILLING = Bytes.of("x-anthropic-billing-header:");
const BILLING_CHANGES = Bytes.of("; cch=");

/** Writes `system` and `messages` as the messages of a chat request. */
export function writeChatMessages(
  document: JsonDocument,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  out.array();
  writeSystem(document, document.member(0, names.SYSTEM), out);
  const messages = document.member(0, names.MESSAGES);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.text(document.member(message, names.ROLE));
    const content = document.member(message, names.CONTENT);
    if (role.equals(names.ASSISTANT)) writeAssistant(document, content, out, conversion);
    else if (role.equals(names.SYSTEM)) writeSystem(document, content, out);
    else writeUser(document, content, out, conversion);
  }
  out.endArray();
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
      writeCache(document, block, out.string(withoutBilling(text)));
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

/** A user's turn: tool results first, each as its own message, then the user's content. */
function writeUser(
  document: JsonDocument,
  content: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  if (document.kind(content) != Kind.Array) {
    out.object().key(names.ROLE).string(names.USER);
    out.key(names.CONTENT).string(document.text(content)).endObject();
    return;
  }
  let others = 0;
  let images = 0;
  for (let block = document.first(content); block >= 0; block = document.after(block)) {
    const isResult = document.text(document.member(block, names.TYPE)).equals(TOOL_RESULT);
    if (isResult) images += writeResult(document, block, out, conversion);
    else others++;
  }
  if (others + images == 0) return;
  out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
  for (let block = document.first(content); block >= 0; block = document.after(block)) {
    const isResult = document.text(document.member(block, names.TYPE)).equals(TOOL_RESULT);
    if (isResult) writeMovedParts(document, block, out, conversion);
    else writePart(document, block, out, conversion);
  }
  out.endArray().endObject();
}

/** Writes the text of a tool's result; returns the number of parts that a tool message cannot hold. */
function writeResult(
  document: JsonDocument,
  block: i32,
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
      } else if (type.equals(SEARCH)) {
        addLine(text, document.text(document.member(part, TITLE)));
        addLine(text, document.text(document.member(part, SOURCE)));
        addTexts(document, document.member(part, names.CONTENT), text);
      } else if (type.equals(DOCUMENT)) {
        addLine(text, document.text(document.member(document.member(part, SOURCE), DATA)));
      } else addLine(text, document.text(document.member(part, names.TEXT)));
    }
  } else text.bytes(document.text(content));
  const result = new ByteWriter(text.length + 8);
  if (document.isTrue(document.member(block, IS_ERROR))) result.bytes(ERROR_PREFIX);
  const id = document.text(document.member(block, TOOL_USE_ID));
  writeCache(document, block, beginToolMessage(out, id, result.bytes(text.toBytes()).toBytes()));
  out.endObject();
  return others;
}

function addTexts(document: JsonDocument, parts: i32, out: ByteWriter): void {
  for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
    addLine(out, document.text(document.member(part, names.TEXT)));
  }
}

function addLine(out: ByteWriter, text: Bytes): void {
  if (text.length == 0) return;
  if (out.length > 0) out.bytes(LINE);
  out.bytes(text);
}

/** Whether a part of a result is moved to a user message: an image, or a document that is not text. */
function isMoved(document: JsonDocument, part: i32, type: Bytes): bool {
  if (type.equals(IMAGE)) return true;
  const source = document.text(document.member(document.member(part, SOURCE), names.TYPE));
  return type.equals(DOCUMENT) && !source.equals(names.TEXT);
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
      writePart(document, part, out, conversion);
    }
  }
}

function writePart(
  document: JsonDocument,
  block: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const type = document.text(document.member(block, names.TYPE));
  const source = document.member(block, SOURCE);
  if (type.equals(names.TEXT)) {
    out.object().key(names.TYPE).string(names.TEXT);
    out.key(names.TEXT).string(document.text(document.member(block, names.TEXT)));
    writeCache(document, block, out);
    out.endObject();
  } else if (type.equals(IMAGE)) {
    const url = sourceUrl(document, source);
    if (url.length == 0)
      conversion.refuse("an image that is neither data nor a URL cannot be sent");
    out.object().key(names.TYPE).string(IMAGE_URL);
    out.key(IMAGE_URL).object().key(URL).string(url).endObject().endObject();
  } else if (type.equals(DOCUMENT)) writeDocument(document, block, source, out, conversion);
}

function writeDocument(
  document: JsonDocument,
  block: i32,
  source: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const kind = document.text(document.member(source, names.TYPE));
  if (kind.equals(names.TEXT)) {
    writeTextPart(out, document.text(document.member(source, DATA)));
    return;
  }
  if (!kind.equals(BASE64)) conversion.refuse("a document by reference cannot be sent");
  const title = document.text(document.member(block, TITLE));
  writeFilePart(out, title, sourceUrl(document, source));
}

/** A source as a URL, or a data URL; empty when it is neither. */
function sourceUrl(document: JsonDocument, source: i32): Bytes {
  const kind = document.text(document.member(source, names.TYPE));
  if (kind.equals(URL)) return document.text(document.member(source, URL));
  if (!kind.equals(BASE64)) return Bytes.empty();
  const data = document.text(document.member(source, DATA));
  const out = new ByteWriter(data.length + 64).bytes(DATA_SCHEME);
  out.bytes(document.text(document.member(source, MEDIA_TYPE))).bytes(BASE64_MARK);
  return out.bytes(data).toBytes();
}
