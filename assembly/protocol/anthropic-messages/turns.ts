import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonBuilder } from "../../json/builder";
import { JsonDocument, Kind } from "../../json/document";
import {
  ASSISTANT,
  IMAGE_NOTE,
  writeFilePart,
  writeTextPart,
  writeToolCall,
  writeToolMessage,
} from "../../chat/request-parts";
import { ChatConversion } from "../../chat/conversion";
import * as words from "./words";

const TOOL_USE_ID = Bytes.of("tool_use_id");
const TOOL_RESULT = Bytes.of("tool_result");
const IS_ERROR = Bytes.of("is_error");
const ERROR_PREFIX = Bytes.of("Error: ");
const EMPTY_OBJECT = Bytes.of("{}");
const IMAGE = Bytes.of("image");
const IMAGE_URL = Bytes.of("image_url");
const DOCUMENT = Bytes.of("document");
const SOURCE = Bytes.of("source");
const BASE64 = Bytes.of("base64");
const URL = Bytes.of("url");
const MEDIA_TYPE = Bytes.of("media_type");
const TITLE = Bytes.of("title");
const CACHE_CONTROL = Bytes.of("cache_control");
const DATA_SCHEME = Bytes.of("data:");
const BASE64_MARK = Bytes.of(";base64,");
const BLANK_LINE = Bytes.of("\n\n");
const LINE = Bytes.of("\n");
const BILLING = Bytes.of("x-anthropic-billing-header:");
const BILLING_CHANGES = Bytes.of("; cch=");
const SEMICOLON: u8 = 0x3b;

/** Writes `system` and `messages` as the messages of a chat request. */
export function writeChatMessages(
  document: JsonDocument,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  out.array();
  writeSystem(document, document.member(0, names.SYSTEM), out);
  const messages = document.member(0, names.MESSAGES);
  let message = messages + 1;
  for (let left = document.size(messages); left > 0; left--) {
    const role = document.text(document.member(message, names.ROLE));
    const content = document.member(message, names.CONTENT);
    if (role.equals(ASSISTANT)) writeAssistant(document, content, out, conversion);
    else if (role.equals(names.SYSTEM)) writeSystem(document, content, out);
    else writeUser(document, content, out, conversion);
    message = document.next(message);
  }
  out.endArray();
}

function writeSystem(document: JsonDocument, system: i32, out: JsonBuilder): void {
  if (document.isAbsent(system)) return;
  out.object().key(names.ROLE).string(names.SYSTEM).key(names.CONTENT);
  if (document.kind(system) != Kind.Array) {
    out.string(withoutBilling(document.text(system))).endObject();
    return;
  }
  out.array();
  let block = system + 1;
  for (let left = document.size(system); left > 0; left--) {
    out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT);
    out.string(withoutBilling(document.text(document.member(block, names.TEXT))));
    const cache = document.member(block, CACHE_CONTROL);
    if (document.kind(cache) == Kind.Object) out.key(CACHE_CONTROL).raw(document.raw(cache));
    out.endObject();
    block = document.next(block);
  }
  out.endArray().endObject();
}

/** A line of Claude Code's that changes with every request would spoil every cache of prompts. */
function withoutBilling(text: Bytes): Bytes {
  if (!text.startsWith(BILLING)) return text;
  const from = text.find(BILLING_CHANGES);
  if (from < 0) return text;
  const end = text.indexOf(SEMICOLON, from + 1);
  const out = new ByteWriter(text.length).bytes(text.slice(0, from));
  return end < 0 ? out.toBytes() : out.bytes(text.slice(end)).toBytes();
}

function writeAssistant(
  document: JsonDocument,
  content: i32,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  out.object().key(names.ROLE).string(ASSISTANT).key(names.CONTENT);
  if (document.kind(content) != Kind.Array) {
    out.string(document.text(content)).endObject();
    return;
  }
  const text = new ByteWriter(64);
  const thoughts = new ByteWriter(16);
  let calls = 0;
  let block = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    const type = document.text(document.member(block, names.TYPE));
    if (type.equals(names.TEXT)) append(text, document.text(document.member(block, names.TEXT)));
    else if (type.equals(words.THINKING)) {
      append(thoughts, document.text(document.member(block, words.THINKING)));
    } else if (type.equals(words.TOOL_USE)) calls++;
    block = document.next(block);
  }
  if (text.length == 0 && calls > 0) out.raw(words.NULL);
  else out.string(text.toBytes());
  if (conversion.takesReasoning && thoughts.length > 0) {
    out.key(names.REASONING_CONTENT).string(thoughts.toBytes());
  }
  if (calls > 0) writeCalls(document, content, out);
  out.endObject();
}

function append(out: ByteWriter, text: Bytes): void {
  if (out.length > 0 && text.length > 0) out.bytes(BLANK_LINE);
  out.bytes(text);
}

function writeCalls(document: JsonDocument, content: i32, out: JsonBuilder): void {
  out.key(names.TOOL_CALLS).array();
  let block = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    if (document.text(document.member(block, names.TYPE)).equals(words.TOOL_USE)) {
      const input = document.member(block, words.INPUT);
      const json = document.kind(input) == Kind.Object ? document.raw(input) : EMPTY_OBJECT;
      const name = document.text(document.member(block, names.NAME));
      writeToolCall(out, document.text(document.member(block, names.ID)), name, json);
    }
    block = document.next(block);
  }
  out.endArray();
}

/** A user's turn: results of tools first, each a message of its own, then what the user says. */
function writeUser(
  document: JsonDocument,
  content: i32,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  if (document.kind(content) != Kind.Array) {
    out.object().key(names.ROLE).string(names.USER);
    out.key(names.CONTENT).string(document.text(content)).endObject();
    return;
  }
  let others = 0;
  let images = 0;
  let block = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    const isResult = document.text(document.member(block, names.TYPE)).equals(TOOL_RESULT);
    if (isResult) images += writeResult(document, block, out);
    else others++;
    block = document.next(block);
  }
  if (others + images == 0) return;
  out.object().key(names.ROLE).string(names.USER).key(names.CONTENT).array();
  block = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    const isResult = document.text(document.member(block, names.TYPE)).equals(TOOL_RESULT);
    if (isResult) writeResultImages(document, block, out, conversion);
    else writePart(document, block, out, conversion);
    block = document.next(block);
  }
  out.endArray().endObject();
}

/** The text of a tool's result; gives the number of images in it, which no tool message can hold. */
function writeResult(document: JsonDocument, block: i32, out: JsonBuilder): i32 {
  const content = document.member(block, names.CONTENT);
  const text = new ByteWriter(64);
  if (document.isTrue(document.member(block, IS_ERROR))) text.bytes(ERROR_PREFIX);
  let images = 0;
  let isFirst = true;
  if (document.kind(content) == Kind.Array) {
    let part = content + 1;
    for (let left = document.size(content); left > 0; left--) {
      const type = document.text(document.member(part, names.TYPE));
      if (type.equals(IMAGE)) images++;
      else if (type.equals(names.TEXT)) {
        if (!isFirst) text.bytes(LINE);
        text.bytes(document.text(document.member(part, names.TEXT)));
        isFirst = false;
      }
      part = document.next(part);
    }
  } else text.bytes(document.text(content));
  writeToolMessage(out, document.text(document.member(block, TOOL_USE_ID)), text.toBytes());
  return images;
}

function writeResultImages(
  document: JsonDocument,
  block: i32,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  const content = document.member(block, names.CONTENT);
  if (document.kind(content) != Kind.Array) return;
  let part = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    if (document.text(document.member(part, names.TYPE)).equals(IMAGE)) {
      const note = new ByteWriter(48).bytes(IMAGE_NOTE);
      note.bytes(document.text(document.member(block, TOOL_USE_ID)));
      writeTextPart(out, note.toBytes());
      writePart(document, part, out, conversion);
    }
    part = document.next(part);
  }
}

/** One part of what the user says. What only Anthropic understands is left out. */
function writePart(
  document: JsonDocument,
  block: i32,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  const type = document.text(document.member(block, names.TYPE));
  const source = document.member(block, SOURCE);
  if (type.equals(names.TEXT)) {
    out.object().key(names.TYPE).string(names.TEXT);
    out.key(names.TEXT).string(document.text(document.member(block, names.TEXT)));
    const cache = document.member(block, CACHE_CONTROL);
    if (document.kind(cache) == Kind.Object) out.key(CACHE_CONTROL).raw(document.raw(cache));
    out.endObject();
  } else if (type.equals(IMAGE)) {
    const url = sourceUrl(document, source);
    if (url.length == 0) conversion.refuse("an image that is no data and no URL cannot be sent");
    out.object().key(names.TYPE).string(IMAGE_URL);
    out.key(IMAGE_URL).object().key(URL).string(url).endObject().endObject();
  } else if (type.equals(DOCUMENT)) writeDocument(document, block, source, out, conversion);
}

function writeDocument(
  document: JsonDocument,
  block: i32,
  source: i32,
  out: JsonBuilder,
  conversion: ChatConversion,
): void {
  const kind = document.text(document.member(source, names.TYPE));
  if (kind.equals(names.TEXT)) {
    writeTextPart(out, document.text(document.member(source, words.DATA)));
    return;
  }
  if (!kind.equals(BASE64)) conversion.refuse("a document by reference cannot be sent");
  const title = document.text(document.member(block, TITLE));
  writeFilePart(out, title, sourceUrl(document, source));
}

/** A source as a URL: its own, or its data; empty when it is neither. */
function sourceUrl(document: JsonDocument, source: i32): Bytes {
  const kind = document.text(document.member(source, names.TYPE));
  if (kind.equals(URL)) return document.text(document.member(source, URL));
  if (!kind.equals(BASE64)) return Bytes.empty();
  const data = document.text(document.member(source, words.DATA));
  const out = new ByteWriter(data.length + 64).bytes(DATA_SCHEME);
  out.bytes(document.text(document.member(source, MEDIA_TYPE))).bytes(BASE64_MARK);
  return out.bytes(data).toBytes();
}
