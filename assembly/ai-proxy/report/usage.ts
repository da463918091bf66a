import { readBufferEnd } from "../../proxy-wasm/buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";

/** Bytes at the end of an answer in which its usage is looked for. */
const TAIL: i32 = 2048;
const BACKSLASH: u8 = 0x5c;
const QUOTE: u8 = 0x22;
const LETTER_U: u8 = 0x75;
const KEYS: Bytes[] = [Bytes.of('usage"'), Bytes.of('usageMetadata"')];
const PROMPT = [
  placeOf(["prompt_tokens"]),
  placeOf(["input_tokens"]),
  placeOf(["promptTokenCount"]),
];
const COMPLETION = [
  placeOf(["completion_tokens"]),
  placeOf(["output_tokens"]),
  placeOf(["candidatesTokenCount"]),
];
/** Google counts them beside the rest of the answer. */
const THOUGHTS = [placeOf(["thoughtsTokenCount"])];
const CACHED = [
  placeOf(["prompt_tokens_details", "cached_tokens"]),
  placeOf(["input_tokens_details", "cached_tokens"]),
  placeOf(["cache_read_input_tokens"]),
  placeOf(["cachedContentTokenCount"]),
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
  private readonly buffer: ArrayBuffer = new ArrayBuffer(2 * TAIL);
  private length: i32 = 0;

  /** Takes the next piece: `size` bytes in a buffer of the host. */
  takeFrom(type: i32, size: i32): void {
    const at = this.makeRoom(min(size, TAIL));
    this.length += readBufferEnd(type, size, at, TAIL);
  }

  /** Takes the next piece. */
  push(piece: Bytes): void {
    const end = piece.slice(max(0, piece.length - TAIL));
    memory.copy(this.makeRoom(end.length), end.pointer, <usize>end.length);
    this.length += end.length;
  }

  /** The usage; null when there is none. The last one counts. */
  find(): Usage | null {
    const text = Bytes.wrapPrefix(this.buffer, this.length);
    for (let at = text.length - KEYS[0].length; at >= 1; at--) {
      if (text.at(at) != LETTER_U || text.at(at - 1) != QUOTE) continue;
      if (at > 1 && text.at(at - 2) == BACKSLASH) continue;
      const key = keyAt(text, at);
      if (key == 0) continue;
      const object = objectFrom(text, at + key);
      if (object.length > 0) return usageIn(object);
    }
    return null;
  }

  /** Where the next `size` bytes, `TAIL` at most, are to be written. */
  private makeRoom(size: i32): usize {
    const start = changetype<usize>(this.buffer);
    if (this.length + size > 2 * TAIL) {
      memory.copy(start, start + <usize>(this.length - TAIL), <usize>TAIL);
      this.length = TAIL;
    }
    return start + <usize>this.length;
  }
}

/** Length of the key that stands at `at`, 0 for none of them. */
function keyAt(text: Bytes, at: i32): i32 {
  for (let i = 0; i < KEYS.length; i++) {
    if (text.slice(at, at + KEYS[i].length).equals(KEYS[i])) return KEYS[i].length;
  }
  return 0;
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
    max<i64>(completion, 0) + max<i64>(count(document, THOUGHTS), 0),
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
