import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isInstruction } from "../../chat/role";
import { JsonDocument, Kind } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { JsonWriter } from "../../json/writer";
import { Char } from "../../proxy-wasm/char";

const SYSTEM_OPEN = Bytes.of('{"role":"system","content":');

/** The text of a message: its string, or the text parts of an array joined by LF. */
function messageText(document: JsonDocument, message: i32): Bytes {
  const content = document.member(message, names.CONTENT);
  if (document.kind(content) != Kind.Array) return document.text(content);
  const text = new ByteWriter(64);
  for (let part = document.first(content); part >= 0; part = document.after(part)) {
    const textNode = document.member(part, names.TEXT);
    if (textNode >= 0) {
      if (text.length > 0) text.byte(Char.LineFeed);
      text.bytes(document.text(textNode));
    }
  }
  return text.toBytes();
}

/**
 * `contextCleanupCommands`: when the text of a user message is one of `commands`, the last such message and
 * everything before it is removed, except system messages. `body` itself when there is none.
 */
export function cleanUp(body: Bytes, commands: Bytes[]): Bytes {
  const document = new JsonDocument();
  if (!document.parse(body)) return body;
  const messages = document.member(0, names.MESSAGES);
  if (document.kind(messages) != Kind.Array) return body;
  let last = -1;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.text(document.member(message, names.ROLE));
    if (role.equals(names.USER) && messageText(document, message).isIn(commands)) {
      last = message;
    }
  }
  if (last < 0) return body;
  const out = new JsonWriter(body.length).piece(body.slice(0, document.start(messages) + 1));
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.text(document.member(message, names.ROLE));
    if (message > last || isInstruction(role)) {
      out.raw(body.slice(tokenStart(document, message), tokenEnd(document, message)));
    }
  }
  return out.piece(body.slice(document.end(messages) - 1)).toBytes();
}

/** Adds a system message with `text` after the leading system messages; at the start if all are. */
export function addContext(body: Bytes, text: Bytes): Bytes {
  const document = new JsonDocument();
  if (!document.parse(body)) return body;
  const messages = document.member(0, names.MESSAGES);
  const size = document.size(messages);
  if (document.kind(messages) != Kind.Array) return body;
  let message = messages + 1;
  let leading = 0;
  while (leading < size && isInstruction(document.text(document.member(message, names.ROLE)))) {
    leading++;
    message = document.next(message);
  }
  const atStart = leading == 0 || leading == size;
  const at = atStart ? document.start(messages) + 1 : tokenStart(document, message);
  const out = new JsonWriter(body.length + text.length + 48).piece(body.slice(0, at));
  out.piece(SYSTEM_OPEN).string(text).endObject();
  if (size > 0) out.byte(Char.Comma);
  return out.piece(body.slice(at)).toBytes();
}
