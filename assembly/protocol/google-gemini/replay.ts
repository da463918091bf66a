import { Bytes } from "../../proxy-wasm/bytes";
import { pieceEnd } from "../../chat/pieces";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { onlyHas, writeOthers } from "../../json/keys";
import { JsonWriter } from "../../json/writer";
import { GeminiAnswer } from "./answer";
import * as literals from "./literals";

const OPEN = Bytes.of('data: {"candidates":[{"content":{"parts":[');
const CLOSE_PARTS = Bytes.of('],"role":"model"}');
const INDEX = Bytes.of(',"index":0}]');
const END = Bytes.of("}\r\n\r\n");
const TEXT_OPEN = Bytes.of('{"text":"');
const TEXT_END = Bytes.of('"}');
const THOUGHT_END = Bytes.of('","thought":true}');
const EMPTY_TEXT = Bytes.of('{"text":""}');
const TEXT_MEMBERS: Bytes[] = [literals.TEXT, literals.THOUGHT];
const TOP: Bytes[] = [literals.CANDIDATES];
const INNER: Bytes[] = [names.CONTENT];
/** Members of every response of a stream. */
const NAMES: Bytes[] = [literals.MODEL_VERSION, literals.RESPONSE_ID];
/** Most bytes of such members that are repeated with each piece. */
const MAX_NAMES: i32 = 512;

/**
 * Replays a complete response as a stream: texts in pieces, other parts whole, the other members at the
 * end. Values are copied verbatim. `answer` must have no fault.
 */
export function replayGemini(answer: GeminiAnswer): Bytes {
  const document = answer.document;
  const out = new JsonWriter(document.source.length * 3 + 512);
  const tail = tailOf(document);
  for (let part = document.first(answer.parts); part >= 0; part = document.after(part)) {
    const text = document.member(part, literals.TEXT);
    if (document.kind(text) == Kind.String && onlyHas(document, part, TEXT_MEMBERS)) {
      const isThought = document.isTrue(document.member(part, literals.THOUGHT));
      writeText(out, document.content(text), isThought, tail);
    } else {
      out.piece(OPEN).compact(document.raw(part)).piece(CLOSE_PARTS).piece(INDEX);
      writeTail(out, tail);
    }
  }
  out.bytes(OPEN).bytes(EMPTY_TEXT).bytes(CLOSE_PARTS);
  writeOthers(document, answer.candidate, INNER, out);
  writeOthers(document, 0, TOP, out.endObject().endArray());
  return out.bytes(END).toBytes();
}

/** A text in pieces, still escaped. */
function writeText(out: JsonWriter, text: Bytes, isThought: bool, tail: Bytes): void {
  let from = 0;
  while (from < text.length) {
    const to = pieceEnd(text, from);
    out.bytes(OPEN).bytes(TEXT_OPEN).bytes(text.slice(from, to));
    out.bytes(isThought ? THOUGHT_END : TEXT_END).bytes(CLOSE_PARTS);
    out.bytes(INDEX);
    writeTail(out, tail);
    from = to;
  }
}

/** Ends a response with the members that each one has. */
function writeTail(out: JsonWriter, tail: Bytes): void {
  out.raw(tail).bytes(END);
}

/** The members that each response has. */
function tailOf(document: JsonDocument): Bytes {
  const out = new JsonWriter(64);
  for (let i = 0; i < NAMES.length; i++) {
    const node = document.member(0, NAMES[i]);
    if (document.kind(node) != Kind.String) continue;
    out.member(document.raw(node - 1), document.raw(node));
  }
  return out.length <= MAX_NAMES ? out.toBytes() : Bytes.empty();
}
