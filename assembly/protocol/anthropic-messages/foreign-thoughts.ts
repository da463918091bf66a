import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isClaudes, isKeptForOthers } from "../../chat/signature";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";

const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const ENABLED = Bytes.of("enabled");
const ASSISTANT = Bytes.of("assistant");
const TOOL_USE = Bytes.of("tool_use");
const NOTHING_LEFT = Bytes.of('{"type":"text","text":"..."}');
const OPEN: u8 = 0x5b;
const CLOSE: u8 = 0x5d;
const COMMA: u8 = 0x2c;

/**
 * Takes thoughts out of a request in Anthropic's own words that another vendor has signed, and, where the
 * model `signs` its own, those without a signature, which it refuses. Source: Anthropic's document on extended
 * thinking, which also says that a turn with calls must begin with its thoughts while a budget is set,
 * so that such a request goes without one.
 */
export function dropForeignThoughts(
  document: JsonDocument,
  members: ObjectEdit,
  changes: Splice,
  losses: Losses,
  signs: bool,
): void {
  const messages = document.member(0, names.MESSAGES);
  let lacks: bool = false;
  let message = messages + 1;
  const count = document.kind(messages) == Kind.Array ? document.size(messages) : 0;
  for (let left = count; left > 0; left--) {
    if (document.text(document.member(message, names.ROLE)).equals(ASSISTANT)) {
      const content = document.member(message, names.CONTENT);
      lacks = dropFrom(document, content, changes, signs) && calls(document, content);
      if (lacks) losses.note("thinking");
    }
    message = document.next(message);
  }
  const thinking = document.member(0, THINKING);
  const isEnabled = document.text(document.member(thinking, names.TYPE)).equals(ENABLED);
  if (lacks && isEnabled) members.drop(THINKING);
}

/** Whether anything has been taken out, and no thought is left. */
function dropFrom(document: JsonDocument, content: i32, changes: Splice, signs: bool): bool {
  const count = document.kind(content) == Kind.Array ? document.size(content) : 0;
  let foreign = 0;
  let own = 0;
  let block = content + 1;
  for (let left = count; left > 0; left--) {
    if (isThought(document, block)) {
      if (isForeign(document, block, signs)) foreign++;
      else own++;
    }
    block = document.next(block);
  }
  if (foreign == 0) return false;
  const size = document.end(content) - document.start(content);
  const out = new ByteWriter(size).byte(OPEN);
  block = content + 1;
  for (let left = count; left > 0; left--) {
    if (!isThought(document, block) || !isForeign(document, block, signs)) {
      if (out.length > 1) out.byte(COMMA);
      out.bytes(document.raw(block));
    }
    block = document.next(block);
  }
  if (out.length == 1) out.bytes(NOTHING_LEFT);
  const whole = out.byte(CLOSE).toBytes();
  changes.replace(tokenStart(document, content), tokenEnd(document, content), whole);
  return own == 0;
}

function isThought(document: JsonDocument, block: i32): bool {
  return document.text(document.member(block, names.TYPE)).equals(THINKING);
}

function isForeign(document: JsonDocument, block: i32, signs: bool): bool {
  const kept = document.text(document.member(block, SIGNATURE));
  return signs ? !isClaudes(kept) : isKeptForOthers(kept);
}

function calls(document: JsonDocument, content: i32): bool {
  let block = content + 1;
  for (let left = document.size(content); left > 0; left--) {
    if (document.text(document.member(block, names.TYPE)).equals(TOOL_USE)) return true;
    block = document.next(block);
  }
  return false;
}
