/** Helpers for reading OpenAI's requests, shared by translators. */
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";

export const TOOL = Bytes.of("tool");
const IMAGE_URL = Bytes.of("image_url");
const URL = Bytes.of("url");
const DESCRIPTION = Bytes.of("description");
const MAX_TOKENS = Bytes.of("max_tokens");
const MAX_COMPLETION_TOKENS = Bytes.of("max_completion_tokens");
export const TOOL_CALL_ID = Bytes.of("tool_call_id");
const EMPTY_OBJECT = Bytes.of("{}");
/** Texts up to this size, in bytes, are parsed in a shared document. */
const SMALL: i32 = 65_536;

/** The value of the first member that is present and not null; −1 for none. */
function firstOf(document: JsonDocument, object: i32, members: Bytes[]): i32 {
  for (let i = 0; i < members.length; i++) {
    const node = document.member(object, members[i]);
    if (!document.isAbsent(node)) return node;
  }
  return -1;
}

/** The node of the answer's token limit; −1 if unspecified. */
export function maxTokensOf(document: JsonDocument): i32 {
  const node = firstOf(document, 0, [MAX_COMPLETION_TOKENS, MAX_TOKENS]);
  return document.kind(node) == Kind.Number ? node : -1;
}

/** The URL of an `image_url` part, whose member is an object or the URL itself. */
export function imageUrlOf(document: JsonDocument, part: i32): Bytes {
  const image = document.member(part, IMAGE_URL);
  if (document.kind(image) == Kind.String) return document.text(image);
  return document.text(document.member(image, URL));
}

/** A call's arguments as a JSON object; an empty one if they are not an object. */
export function argumentsOf(document: JsonDocument, call: i32): Bytes {
  const node = document.member(document.member(call, names.FUNCTION), names.ARGUMENTS);
  if (document.kind(node) == Kind.Object) return document.raw(node);
  return objectIn(document.text(node), EMPTY_OBJECT);
}

/** Shared by small texts, of which a request may have many. */
const scratch = new JsonDocument();

/** The JSON object in a text, without surrounding white space; `other` if the text is not an object. */
export function objectIn(text: Bytes, other: Bytes): Bytes {
  const document = text.length <= SMALL ? scratch : new JsonDocument(text.length >> 4);
  const isObject = document.parse(text) && document.kind(0) == Kind.Object;
  const object = isObject ? document.raw(0) : other;
  // So that the shared document does not keep the text alive.
  document.parse(other);
  return object;
}

/** The text of a content: a string, or the text parts of an array, joined. */
export function textOf(document: JsonDocument, content: i32): Bytes {
  if (document.kind(content) != Kind.Array) return document.text(content);
  const text = new ByteWriter(64);
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    text.bytes(document.text(document.member(part, names.TEXT)));
  }
  return text.toBytes();
}

/** Copies members of the request that are present and not null. `members`: OpenAI's name, the vendor's. */
export function copyMembers(document: JsonDocument, members: Bytes[][], out: JsonWriter): void {
  for (let i = 0; i < members.length; i++) {
    const node = document.member(0, members[i][0]);
    if (!document.isAbsent(node)) out.key(members[i][1]).raw(document.raw(node));
  }
}

/** Copies members of the request that are numbers. `members`: OpenAI's name, the vendor's. */
export function copyNumbers(document: JsonDocument, members: Bytes[][], out: JsonWriter): void {
  for (let i = 0; i < members.length; i++) {
    const node = document.member(0, members[i][0]);
    if (document.kind(node) == Kind.Number) out.key(members[i][1]).raw(document.raw(node));
  }
}

/**
 * Writes the stop sequences as a list under `key`, if the client sends one or a list. Empty ones, which mean nothing
 * and are rejected, are left out; so are blank ones unless `takesBlank`.
 */
export function writeStops(
  document: JsonDocument,
  key: Bytes,
  takesBlank: bool,
  out: JsonWriter,
): void {
  const stop = document.member(0, names.STOP);
  const isList = document.kind(stop) == Kind.Array;
  if (!isList && !isStop(document, stop, takesBlank)) return;
  out.key(key).array();
  if (!isList) out.raw(document.raw(stop));
  for (let item = document.firstItem(stop); item >= 0; item = document.after(item)) {
    if (isStop(document, item, takesBlank)) out.raw(document.raw(item));
  }
  out.endArray();
}

function isStop(document: JsonDocument, node: i32, takesBlank: bool): bool {
  const text = document.text(node);
  return takesBlank ? text.length > 0 : text.trim().length > 0;
}

/** Opens a function's object with its name and, if it has one, its description. */
export function openFunction(document: JsonDocument, definition: i32, out: JsonWriter): void {
  out
    .object()
    .key(names.NAME)
    .string(document.text(document.member(definition, names.NAME)));
  const description = document.member(definition, DESCRIPTION);
  if (document.kind(description) == Kind.String) {
    out.key(DESCRIPTION).raw(document.raw(description));
  }
}

/** Writes a content: a text verbatim, or a list of parts, each written by `writePart`. */
export function writeContent(
  request: DialectRequest,
  content: i32,
  out: JsonWriter,
  writePart: (request: DialectRequest, part: i32, type: Bytes, out: JsonWriter) => void,
): void {
  const document = request.document;
  if (document.kind(content) != Kind.Array) {
    out.string(document.text(content));
    return;
  }
  out.array();
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    writePart(request, part, document.text(document.member(part, names.TYPE)), out);
  }
  out.endArray();
}
