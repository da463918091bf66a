/** Chats for vendors that accept only a single text. */
import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { textOf } from "./openai-message";
import { Char } from "../../../proxy-wasm/char";

const COLON = Bytes.of(": ");

/** All messages as `role: text` lines; only the text if there is a single message. */
export function transcriptOf(document: JsonDocument): Bytes {
  const messages = document.member(0, names.MESSAGES);
  const count = document.size(messages);
  if (count == 1) return textOf(document, document.member(messages + 1, names.CONTENT));
  const out = new ByteWriter(256);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    out.bytes(document.text(document.member(message, names.ROLE))).bytes(COLON);
    out.bytes(textOf(document, document.member(message, names.CONTENT))).byte(Char.LineFeed);
  }
  return out.toBytes();
}

/** The text of the last message that a user wrote; empty when there is none. */
export function lastUserText(document: JsonDocument): Bytes {
  const messages = document.member(0, names.MESSAGES);
  let last = -1;
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    if (document.text(document.member(message, names.ROLE)).equals(names.USER)) last = message;
  }
  return textOf(document, document.member(last, names.CONTENT));
}

/** Refuses a request with a part that is neither text nor of the type `other`. */
export function refuseOtherParts(request: DialectRequest, other: Bytes): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const content = document.member(message, names.CONTENT);
    if (document.kind(content) == Kind.Array) {
      for (let part = document.first(content); part >= 0; part = document.after(part)) {
        const type = document.text(document.member(part, names.TYPE));
        if (!type.equals(names.TEXT) && !type.equals(other)) {
          request.refusePart(type);
        }
      }
    }
  }
}
