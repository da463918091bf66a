import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { nodeAt } from "./answer-rules";

/** Bytes at the end of an answer in which its usage is looked for. */
const TAIL: i32 = 4096;
const BACKSLASH: u8 = 0x5c;
const KEY = Bytes.of('"usage"');
const PROMPT: Bytes[][] = [[Bytes.of("prompt_tokens")], [Bytes.of("input_tokens")]];
const COMPLETION: Bytes[][] = [[Bytes.of("completion_tokens")], [Bytes.of("output_tokens")]];
const CACHED: Bytes[][] = [
  [Bytes.of("prompt_tokens_details"), Bytes.of("cached_tokens")],
  [Bytes.of("input_tokens_details"), Bytes.of("cached_tokens")],
  [Bytes.of("cache_read_input_tokens")],
];

/** Tokens of one exchange as the vendor counted them. */
export class Usage {
  constructor(
    readonly prompt: i64,
    readonly completion: i64,
    readonly cached: i64,
  ) {}
}

/**
 * Notes the last bytes of an answer as it passes, and finds the usage in them: vendors send it at
 * the end, in the last events of a stream too.
 */
export class UsageTail {
  private before: Bytes = Bytes.empty();
  private tail: ByteWriter = new ByteWriter(256);

  /** Takes the next piece. */
  push(piece: Bytes): void {
    this.tail.bytes(piece.slice(max(0, piece.length - TAIL)));
    if (this.tail.length < TAIL) return;
    this.before = this.tail.toBytes();
    this.tail = new ByteWriter(TAIL);
  }

  /** The usage; null when there is none. */
  find(): Usage | null {
    const text = new ByteWriter(this.before.length + this.tail.length);
    const end = text.bytes(this.before).bytes(this.tail.toBytes()).toBytes();
    let object = Bytes.empty();
    for (let at = end.find(KEY); at >= 0; at = end.find(KEY, at + 1)) {
      if (at > 0 && end.at(at - 1) == BACKSLASH) continue;
      const found = objectFrom(end, at + KEY.length);
      if (found.length > 0) object = found;
    }
    return usageIn(object);
  }
}

/** The JSON object that begins at or behind `at`, blanks and a colon before it; empty for none. */
function objectFrom(text: Bytes, at: i32): Bytes {
  while (at < text.length && (text.at(at) <= 0x20 || text.at(at) == 0x3a)) at++;
  if (text.at(at) != 0x7b) return Bytes.empty();
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text.at(i) == 0x7b) depth++;
    else if (text.at(i) == 0x7d && --depth == 0) return text.slice(at, i + 1);
  }
  return Bytes.empty();
}

function usageIn(object: Bytes): Usage | null {
  const document = JsonDocument.parse(object);
  if (document === null) return null;
  const prompt = count(document, PROMPT);
  const completion = count(document, COMPLETION);
  if (prompt < 0 && completion < 0) return null;
  return new Usage(
    max<i64>(prompt, 0),
    max<i64>(completion, 0),
    max<i64>(count(document, CACHED), 0),
  );
}

/** The first number at one of the places, −1 when there is none. */
function count(document: JsonDocument, places: Bytes[][]): i64 {
  for (let i = 0; i < places.length; i++) {
    const node = nodeAt(document, places[i]);
    if (document.kind(node) == Kind.Number) return parseDecimal(document.raw(node), -1);
  }
  return -1;
}
