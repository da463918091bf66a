import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";

const COMPACTION = Bytes.of("compaction");
const SUMMARY = Bytes.of("Summary of the conversation so far:\n");

/**
 * The last message with a summary that can be read; −1 for none. Everything in front of it is ignored
 * (Anthropic's document on compaction).
 */
export function lastCompaction(document: JsonDocument, messages: i32): i32 {
  let last = -1;
  if (document.source.find(COMPACTION) < 0) return last;
  let message = document.firstItem(messages);
  for (; message >= 0; message = document.after(message)) {
    if (compactionIn(document, message) >= 0) last = message;
  }
  return last;
}

/** The last summary in a message that can be read: it failed if it has no text. −1 for none. */
export function compactionIn(document: JsonDocument, message: i32): i32 {
  let last = -1;
  const content = document.member(message, names.CONTENT);
  for (let block = document.firstItem(content); block >= 0; block = document.after(block)) {
    const type = document.text(document.member(block, names.TYPE));
    const text = document.member(block, names.CONTENT);
    if (isSummary(type) && document.kind(text) == Kind.String) last = block;
  }
  return last;
}

export function isSummary(type: Bytes): bool {
  return type.equals(COMPACTION);
}

/** What a summary says, as the user's text. */
export function summaryOf(document: JsonDocument, block: i32): Bytes {
  const text = document.text(document.member(block, names.CONTENT));
  return new ByteWriter(text.length + SUMMARY.length).bytes(SUMMARY).bytes(text).toBytes();
}
