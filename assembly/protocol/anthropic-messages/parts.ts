import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { CACHE_CONTROL, writeCacheMark } from "../../chat/cache-mark";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { beginFilePart } from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";

export const IMAGE = Bytes.of("image");
export const DOCUMENT = Bytes.of("document");
export const SEARCH = Bytes.of("search_result");
const IMAGE_URL = Bytes.of("image_url");
const SOURCE = Bytes.of("source");
const BASE64 = Bytes.of("base64");
const URL = Bytes.of("url");
const MEDIA_TYPE = Bytes.of("media_type");
const DATA = Bytes.of("data");
const TITLE = Bytes.of("title");
const CONTEXT = Bytes.of("context");
const DATA_SCHEME = Bytes.of("data:");
const BASE64_MARK = Bytes.of(";base64,");
const LINE = Bytes.of("\n");
/** Tools that join or leave the conversation, which are read elsewhere. */
const TOOL = Bytes.of("tool_");

/** Adds a line to a text; nothing where it is empty. */
export function addLine(text: ByteWriter, line: Bytes): void {
  if (line.length == 0) return;
  if (text.length > 0) text.bytes(LINE);
  text.bytes(line);
}

/** Adds what a search result says: title, source and texts. */
export function addSearch(document: JsonDocument, block: i32, text: ByteWriter): void {
  addLine(text, document.text(document.member(block, TITLE)));
  addLine(text, document.text(document.member(block, SOURCE)));
  addTexts(document, document.member(block, names.CONTENT), text);
}

function addTexts(document: JsonDocument, parts: i32, text: ByteWriter): void {
  if (document.kind(parts) == Kind.String) addLine(text, document.text(parts));
  for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
    addLine(text, document.text(document.member(part, names.TEXT)));
  }
}

/** Whether a document consists of text: in one piece, or in blocks that may be images. */
export function isTextDocument(document: JsonDocument, block: i32): bool {
  const type = document.member(document.member(block, SOURCE), names.TYPE);
  return document.textIs(type, names.TEXT) || document.textIs(type, names.CONTENT);
}

/** Adds what a document of text says: title, context and texts. */
export function addDocument(document: JsonDocument, block: i32, text: ByteWriter): void {
  const source = document.member(block, SOURCE);
  addLine(text, document.text(document.member(block, TITLE)));
  addLine(text, document.text(document.member(block, CONTEXT)));
  addLine(text, document.text(document.member(source, DATA)));
  addTexts(document, document.member(source, names.CONTENT), text);
}

/**
 * Writes a block of a user's turn as parts of a chat's message; false where nothing is written. `mark`: the
 * cache mark of a block without its own; −1 for none.
 */
export function writePart(
  document: JsonDocument,
  block: i32,
  mark: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): bool {
  const type = document.text(document.member(block, names.TYPE));
  const own = document.member(block, CACHE_CONTROL);
  const cache = own < 0 ? mark : own;
  if (type.equals(names.TEXT)) {
    writeText(document, document.text(document.member(block, names.TEXT)), cache, out);
  } else if (type.equals(IMAGE)) writeImage(document, block, cache, out, conversion);
  else if (type.equals(SEARCH)) {
    const text = new ByteWriter(256);
    addSearch(document, block, text);
    writeText(document, text.toBytes(), cache, out);
  } else if (type.equals(DOCUMENT)) writeDocument(document, block, cache, out, conversion);
  else {
    if (!type.startsWith(TOOL)) conversion.losses.noteContent("content");
    return false;
  }
  return true;
}

function writeText(document: JsonDocument, text: Bytes, cache: i32, out: JsonWriter): void {
  out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).string(text);
  endPart(document, cache, out);
}

/** `cache`: the part's mark; −1 for none. */
function endPart(document: JsonDocument, cache: i32, out: JsonWriter): void {
  writeCacheMark(document, cache, out);
  out.endObject();
}

function writeImage(
  document: JsonDocument,
  block: i32,
  cache: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const url = sourceUrl(document, document.member(block, SOURCE));
  if (url.length == 0) conversion.refuse("an image that is neither data nor a URL cannot be sent");
  out.object().key(names.TYPE).string(IMAGE_URL);
  out.key(IMAGE_URL).object().key(URL).string(url).endObject();
  endPart(document, cache, out);
}

function writeDocument(
  document: JsonDocument,
  block: i32,
  cache: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const source = document.member(block, SOURCE);
  if (isTextDocument(document, block)) {
    const text = new ByteWriter(256);
    addDocument(document, block, text);
    writeText(document, text.toBytes(), cache, out);
    writeImages(document, block, out, conversion);
    return;
  }
  const kind = document.member(source, names.TYPE);
  if (!document.textIs(kind, BASE64)) conversion.refuse("a document by reference cannot be sent");
  const title = document.text(document.member(block, TITLE));
  beginFilePart(out, title, sourceUrl(document, source));
  endPart(document, cache, out);
}

/** The number of images among the blocks of a document. */
export function imagesIn(document: JsonDocument, block: i32): i32 {
  const content = document.member(document.member(block, SOURCE), names.CONTENT);
  let count = 0;
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    if (document.textIs(document.member(part, names.TYPE), IMAGE)) count++;
  }
  return count;
}

/** Writes the images among the blocks of a document. */
export function writeImages(
  document: JsonDocument,
  block: i32,
  out: JsonWriter,
  conversion: ChatConversion,
): void {
  const content = document.member(document.member(block, SOURCE), names.CONTENT);
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    const isImage = document.textIs(document.member(part, names.TYPE), IMAGE);
    if (isImage) writeImage(document, part, -1, out, conversion);
  }
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
