import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { isClaudes, isKeptForOthers } from "../../chat/signature";
import { JsonDocument, Kind } from "../../json/document";
import { ObjectEdit, tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";
import { Char } from "../../proxy-wasm/char";

const THINKING = Bytes.of("thinking");
const SIGNATURE = Bytes.of("signature");
const ENABLED = Bytes.of("enabled");
const TOOL_USE = Bytes.of("tool_use");
const UNSIGNED = Bytes.of('{"type":"thinking","thinking":');
const BLANK = Bytes.of('" "');
const NO_SIGNATURE = Bytes.of(',"signature":""}');
const NOTHING_LEFT = Bytes.of('{"type":"text","text":"..."}');

/**
 * Removes reasoning that another vendor has signed from a native Messages request and, where the model
 * `signs` its own, unsigned reasoning, which it rejects; where it does not, only the signature. Source: Anthropic's document on extended thinking,
 * which also says that a turn with calls must begin with its reasoning while a budget is set, so that such
 * a request is sent without one.
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
  for (
    let message = document.firstItem(messages);
    message >= 0;
    message = document.after(message)
  ) {
    if (document.text(document.member(message, names.ROLE)).equals(names.ASSISTANT)) {
      const content = document.member(message, names.CONTENT);
      lacks = dropFrom(document, content, changes, signs) && calls(document, content);
      if (lacks) losses.note("thinking");
    }
  }
  const thinking = document.member(0, THINKING);
  const isEnabled = document.text(document.member(thinking, names.TYPE)).equals(ENABLED);
  if (lacks && isEnabled) members.drop(THINKING);
}

/** Whether something has been removed and no reasoning is left. */
function dropFrom(document: JsonDocument, content: i32, changes: Splice, signs: bool): bool {
  let foreign = 0;
  let own = 0;
  for (let block = document.firstItem(content); block >= 0; block = document.after(block)) {
    if (isThought(document, block)) {
      if (isForeign(document, block, signs)) foreign++;
      else own++;
    }
  }
  if (foreign == 0) return false;
  const size = document.end(content) - document.start(content);
  const out = new ByteWriter(size).byte(Char.OpenBracket);
  for (let block = document.first(content); block >= 0; block = document.after(block)) {
    const isLeft = !isThought(document, block) || !isForeign(document, block, signs);
    if (!isLeft && signs) continue;
    if (out.length > 1) out.byte(Char.Comma);
    if (isLeft) out.bytes(document.raw(block));
    else writeUnsigned(document, block, out);
  }
  if (out.length == 1) out.bytes(NOTHING_LEFT);
  const whole = out.byte(Char.CloseBracket).toBytes();
  changes.replace(tokenStart(document, content), tokenEnd(document, content), whole);
  return signs && own == 0;
}

/** The text of a thought alone: some vendors insist on a thought in front of calls. */
function writeUnsigned(document: JsonDocument, thought: i32, out: ByteWriter): void {
  const text = document.member(thought, THINKING);
  const isText = document.kind(text) == Kind.String && document.end(text) > document.start(text);
  out
    .bytes(UNSIGNED)
    .bytes(isText ? document.raw(text) : BLANK)
    .bytes(NO_SIGNATURE);
}

function isThought(document: JsonDocument, block: i32): bool {
  return document.text(document.member(block, names.TYPE)).equals(THINKING);
}

function isForeign(document: JsonDocument, block: i32, signs: bool): bool {
  const kept = document.text(document.member(block, SIGNATURE));
  return signs ? !isClaudes(kept) : isKeptForOthers(kept);
}

function calls(document: JsonDocument, content: i32): bool {
  for (let block = document.first(content); block >= 0; block = document.after(block)) {
    if (document.text(document.member(block, names.TYPE)).equals(TOOL_USE)) return true;
  }
  return false;
}
