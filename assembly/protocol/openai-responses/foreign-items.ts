import { Bytes } from "../../proxy-wasm/bytes";
import { Losses } from "../../chat/losses";
import * as names from "../../chat/names";
import { isClaudes, isKeptForOthers } from "../../chat/signature";
import { JsonDocument } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { readSummary } from "./summary";
import * as api from "./literals";

const INPUT = Bytes.of("input");
const ENCRYPTED_CONTENT = Bytes.of("encrypted_content");
const USER_OPEN = Bytes.of('{"role":"user","content":');

/**
 * Removes from a native Responses request what only another service can read: reasoning (for OpenAI, all
 * that it has not encrypted); a summary of this gateway becomes a user message.
 */
export function dropForeignItems(
  document: JsonDocument,
  changes: Splice,
  losses: Losses,
  isOpenAi: bool,
): void {
  const input = document.member(0, INPUT);
  let foreign = 0;
  for (let item = document.firstItem(input); item >= 0; item = document.after(item)) {
    if (isForeign(keptIn(document, item), isOpenAi)) foreign++;
  }
  if (foreign == 0) return;
  const out = new JsonWriter(document.end(input) - document.start(input)).array();
  for (let item = document.first(input); item >= 0; item = document.after(item)) {
    writeItem(document, item, isOpenAi, out);
  }
  const whole = out.endArray().toBytes();
  changes.replace(tokenStart(document, input), tokenEnd(document, input), whole);
  losses.note("reasoning");
}

function keptIn(document: JsonDocument, item: i32): Bytes {
  return document.text(document.member(item, ENCRYPTED_CONTENT));
}

/**
 * Whether a value is another service's; everything that OpenAI encrypts has the same prefix (a Fernet
 * token).
 */
function isForeign(kept: Bytes, isOpenAi: bool): bool {
  return isKeptForOthers(kept) || (isOpenAi && isClaudes(kept));
}

function writeItem(document: JsonDocument, item: i32, isOpenAi: bool, out: JsonWriter): void {
  const kept = keptIn(document, item);
  const isOthers = isForeign(kept, isOpenAi);
  const type = document.text(document.member(item, names.TYPE));
  if (isOthers && type.equals(names.REASONING)) return;
  const isSummary = type.equals(api.COMPACTION) || type.equals(api.CONTEXT_COMPACTION);
  const summary = isOthers && isSummary ? readSummary(kept) : null;
  if (summary === null) out.raw(document.raw(item));
  else out.raw(USER_OPEN).string(summary).endObject();
}
