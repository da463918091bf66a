import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { Losses } from "../../chat/losses";
import { KnownBlocks, RepairTerms } from "../../chat/repair-terms";
import { Char } from "../../proxy-wasm/char";
import { addDocument, addSearch, DOCUMENT, IMAGE, isTextDocument, SEARCH } from "./parts";

const SOURCE = Bytes.of("source");
const TOOL_RESULT = Bytes.of("tool_result");
const UPLOAD = Bytes.of("container_upload");
const NOTHING = Bytes.of("...");
const NO_IMAGE = Bytes.of("[left out: this model reads text alone]");
const NO_FILE = Bytes.of("[left out: this model reads no files]");

/**
 * Makes the user's turns of a native Messages request fit what is known of the model and its vendor's endpoint:
 * search results and documents of text become text, and what cannot be read becomes a note. Sources: DeepSeek's
 * and vLLM's documents on Anthropic's protocol; deepseek-ai/DeepSeek-V3#1026, aattaran/deepclaude#19.
 */
export function fitUser(
  document: JsonDocument,
  changes: Splice,
  losses: Losses,
  terms: RepairTerms,
): void {
  if (terms.blocks == KnownBlocks.All && !terms.textOnly) return;
  const messages = document.member(0, names.MESSAGES);
  let message = document.firstItem(messages);
  for (; message >= 0; message = document.after(message)) {
    if (!document.textIs(document.member(message, names.ROLE), names.USER)) continue;
    const content = document.member(message, names.CONTENT);
    for (let block = document.firstItem(content); block >= 0; block = document.after(block)) {
      if (document.textIs(document.member(block, names.TYPE), TOOL_RESULT)) {
        const parts = document.member(block, names.CONTENT);
        let part = document.firstItem(parts);
        for (; part >= 0; part = document.after(part)) {
          fitBlock(document, part, changes, losses, terms);
        }
      } else fitBlock(document, block, changes, losses, terms);
    }
  }
}

/** A text as a block, which must have one. */
export function textBlock(text: Bytes): Bytes {
  const out = new JsonWriter(text.length + 32);
  return out
    .object()
    .key(names.TYPE)
    .string(names.TEXT)
    .key(names.TEXT)
    .string(text.length > 0 ? text : NOTHING)
    .endObject()
    .toBytes();
}

function fitBlock(
  document: JsonDocument,
  block: i32,
  changes: Splice,
  losses: Losses,
  terms: RepairTerms,
): void {
  const type = document.text(document.member(block, names.TYPE));
  let fit: Bytes;
  if (type.equals(IMAGE)) {
    if (!terms.textOnly) return;
    fit = textBlock(NO_IMAGE);
    losses.noteContent("image");
  } else if (type.equals(SEARCH)) {
    const text = new ByteWriter(256);
    addSearch(document, block, text);
    fit = textBlock(text.toBytes());
  } else if (type.equals(DOCUMENT)) fit = documentBlocks(document, block, losses, terms);
  else if (type.equals(UPLOAD)) {
    fit = textBlock(NO_FILE);
    losses.noteContent("container_upload");
  } else return;
  changes.replace(tokenStart(document, block), tokenEnd(document, block), fit);
}

/** A document's text, and the images in it. */
function documentBlocks(
  document: JsonDocument,
  block: i32,
  losses: Losses,
  terms: RepairTerms,
): Bytes {
  if (!isTextDocument(document, block)) {
    losses.noteContent("document");
    return textBlock(NO_FILE);
  }
  const text = new ByteWriter(256);
  addDocument(document, block, text);
  const out = new ByteWriter(text.length + 64).bytes(textBlock(text.toBytes()));
  const parts = document.member(document.member(block, SOURCE), names.CONTENT);
  for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
    if (!document.textIs(document.member(part, names.TYPE), IMAGE)) continue;
    if (terms.textOnly) losses.noteContent("image");
    out.byte(Char.Comma).bytes(terms.textOnly ? textBlock(NO_IMAGE) : document.raw(part));
  }
  return out.toBytes();
}
