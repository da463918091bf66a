import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { pieceEnd } from "../../chat/pieces";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { onlyHas, writeOthers } from "../../json/keys";
import { writeCompact } from "../../json/writer";
import { GeminiAnswer } from "./answer";
import * as words from "./words";
import { Char } from "../../text/char";

const OPEN = Bytes.of('data: {"candidates":[{"content":{"parts":[');
const CLOSE_PARTS = Bytes.of('],"role":"model"}');
const INDEX = Bytes.of(',"index":0}]');
const END = Bytes.of("}\r\n\r\n");
const TEXT_OPEN = Bytes.of('{"text":"');
const TEXT_END = Bytes.of('"}');
const THOUGHT_END = Bytes.of('","thought":true}');
const EMPTY_TEXT = Bytes.of('{"text":""}');
const TEXT_MEMBERS: Bytes[] = [words.TEXT, words.THOUGHT];
const TOP: Bytes[] = [words.CANDIDATES];
const INNER: Bytes[] = [names.CONTENT];
/** What each response of a stream says. */
const NAMES: Bytes[] = [words.MODEL_VERSION, words.RESPONSE_ID];
/** Bytes of such names that are repeated with each piece. */
const MAX_NAMES: i32 = 512;

/**
 * A complete response as a stream of them: texts in pieces, other parts whole, and at the end what else the
 * response says. Values are copied as they are written. `answer` is one without fault.
 */
export function replayGemini(answer: GeminiAnswer): Bytes {
  const document = answer.document;
  const out = new ByteWriter(document.source.length * 3 + 512);
  const tail = tailOf(document);
  for (let part = document.first(answer.parts); part >= 0; part = document.after(part)) {
    const text = document.member(part, words.TEXT);
    if (document.kind(text) == Kind.String && onlyHas(document, part, TEXT_MEMBERS)) {
      const isThought = document.isTrue(document.member(part, words.THOUGHT));
      writeText(
        out,
        document.source.slice(document.start(text), document.end(text)),
        isThought,
        tail,
      );
    } else {
      writeCompact(out.bytes(OPEN), document.raw(part));
      out.bytes(CLOSE_PARTS).bytes(INDEX).bytes(tail).bytes(END);
    }
  }
  out.bytes(OPEN).bytes(EMPTY_TEXT).bytes(CLOSE_PARTS);
  writeRest(document, answer.candidate, INNER, out);
  writeRest(document, 0, TOP, out.byte(Char.CloseBrace).byte(Char.CloseBracket));
  return out.bytes(END).toBytes();
}

/** A text in pieces, in its escaped form. */
function writeText(out: ByteWriter, text: Bytes, isThought: bool, tail: Bytes): void {
  let from = 0;
  while (from < text.length) {
    const to = pieceEnd(text, from);
    out.bytes(OPEN).bytes(TEXT_OPEN).bytes(text.slice(from, to));
    out.bytes(isThought ? THOUGHT_END : TEXT_END).bytes(CLOSE_PARTS);
    out.bytes(INDEX).bytes(tail).bytes(END);
    from = to;
  }
}

/** The members that each response has, with commas in front. */
function tailOf(document: JsonDocument): Bytes {
  const out = new ByteWriter(64);
  for (let i = 0; i < NAMES.length; i++) {
    const node = document.member(0, NAMES[i]);
    if (document.kind(node) != Kind.String) continue;
    out
      .byte(Char.Comma)
      .bytes(document.raw(node - 1))
      .byte(Char.Colon)
      .bytes(document.raw(node));
  }
  return out.length <= MAX_NAMES ? out.toBytes() : Bytes.empty();
}

/** The members of an object but `others`, each with a comma in front. */
function writeRest(document: JsonDocument, object: i32, others: Bytes[], out: ByteWriter): void {
  const rest = new ByteWriter(256).byte(Char.Comma);
  writeOthers(document, object, others, rest);
  if (rest.length > 1) out.bytes(rest.toBytes().slice(0, rest.length - 1));
}
