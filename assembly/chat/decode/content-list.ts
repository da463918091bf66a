/** A content of parts, of which some are thoughts (Mistral's documentation on reasoning). */
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import * as names from "../names";

/** Whether a part of a content is a thought. */
export function isThought(document: JsonDocument, part: i32): bool {
  return document.textIs(document.member(part, names.TYPE), names.THINKING);
}

/** The text of a part: of a thought, which is a string or a list of texts, or its own. */
export function partText(document: JsonDocument, part: i32): Bytes {
  if (!isThought(document, part)) return document.text(document.member(part, names.TEXT));
  const thinking = document.member(part, names.THINKING);
  if (document.kind(thinking) != Kind.Array) return document.text(thinking);
  const out = new ByteWriter(64);
  for (let item = document.firstItem(thinking); item >= 0; item = document.after(item)) {
    out.bytes(document.text(document.member(item, names.TEXT)));
  }
  return out.toBytes();
}

/** Whether a content is a list of nothing but texts and thoughts. */
export function isTextual(document: JsonDocument, content: i32): bool {
  if (document.kind(content) != Kind.Array) return false;
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    const isText = document.textIs(document.member(part, names.TYPE), names.TEXT);
    if (!isText && !isThought(document, part)) return false;
  }
  return true;
}

/** The texts of a content's parts, one after the other: those of its thoughts, or the others. */
export function joinedTexts(document: JsonDocument, content: i32, thoughts: bool): Bytes {
  const out = new ByteWriter(64);
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    if (isThought(document, part) == thoughts) out.bytes(partText(document, part));
  }
  return out.toBytes();
}
