import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { tokenEnd, tokenStart } from "../../json/object-edit";
import { Splice } from "../../json/splice";
import { JsonWriter } from "../../json/writer";
import { TextMap } from "../../text/text-map";
import * as literals from "./literals";

/** What is known of an identifier in the model's last turn; the turn's number is above these bits. */
enum Call {
  Waits = 1,
  Answered = 2,
  /** Two calls share it, so two results are correct. */
  Shared = 3,
  Bits = 2,
}

/**
 * The parts with a repeated result. The Gemini CLI writes each result twice into a session that it resumes,
 * and Google refuses more results than calls. Only identifiers show which call a result belongs to; results
 * without one are left unchanged, and so is a call that is repeated with its result. Sources:
 * google-gemini/gemini-cli#29365 and #29366, Joouis/agent-maestro#251.
 */
export function repeatedResults(document: JsonDocument): Set<i32> {
  const repeated = new Set<i32>();
  const calls = new TextMap<i32>();
  const contents = document.member(0, literals.CONTENTS);
  let turn = 0;
  for (
    let content = document.firstItem(contents);
    content >= 0;
    content = document.after(content)
  ) {
    const parts = document.member(content, literals.PARTS);
    const isModel = document.text(document.member(content, names.ROLE)).equals(literals.MODEL_ROLE);
    const forms = isModel ? literals.CALLS : literals.RESPONSES;
    if (isModel) turn++;
    const waits = (turn << Call.Bits) | Call.Waits;
    const answered = (turn << Call.Bits) | Call.Answered;
    for (let part = document.firstItem(parts); part >= 0; part = document.after(part)) {
      const node = literals.find(document, part, forms);
      const id = node < 0 ? Bytes.empty() : document.text(document.member(node, names.ID));
      if (id.length == 0) continue;
      const state = calls.get(id, 0);
      if (isModel) {
        const isShared = state >> Call.Bits == turn;
        calls.set(id, isShared ? (turn << Call.Bits) | Call.Shared : waits);
      } else if (state == waits) calls.set(id, answered);
      else if (state == answered) repeated.add(part);
    }
  }
  return repeated;
}

/** Removes repeated results from a native Gemini request; every other byte stays. */
export function dropRepeatedResults(document: JsonDocument, changes: Splice): void {
  const repeated = repeatedResults(document);
  if (repeated.size == 0) return;
  const contents = document.member(0, literals.CONTENTS);
  let end = document.start(contents) + 1;
  for (let content = document.first(contents); content >= 0; content = document.after(content)) {
    const parts = document.member(content, literals.PARTS);
    const left = leftOf(document, parts, repeated);
    // A turn of which nothing is left is removed; a model's turn precedes it.
    if (left !== null && left.length == 0) {
      changes.replace(end, tokenEnd(document, content), Bytes.empty());
    } else if (left !== null) {
      changes.replace(tokenStart(document, parts), tokenEnd(document, parts), left);
    }
    end = tokenEnd(document, content);
  }
}

/** A list of parts without those that are repeated: null where none is, empty where all are. */
function leftOf(document: JsonDocument, parts: i32, repeated: Set<i32>): Bytes | null {
  if (document.kind(parts) != Kind.Array) return null;
  let dropped = 0;
  for (let part = document.first(parts); part >= 0; part = document.after(part)) {
    if (repeated.has(part)) dropped++;
  }
  if (dropped == 0) return null;
  if (dropped == document.size(parts)) return Bytes.empty();
  const size = document.end(parts) - document.start(parts);
  const out = new JsonWriter(size).array();
  for (let part = document.first(parts); part >= 0; part = document.after(part)) {
    if (!repeated.has(part)) out.raw(document.raw(part));
  }
  return out.endArray().toBytes();
}
