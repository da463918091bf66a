import { readBuffer, readBufferEnd } from "../../proxy-wasm/buffer";
import { Bytes } from "../../proxy-wasm/bytes";
import { compareMemory } from "../../proxy-wasm/compare";
import { newBlock } from "../../proxy-wasm/memory";
import { JsonDocument, Kind } from "../../json/document";
import { nodeAt, placeOf } from "../../json/place";
import { parseDecimal } from "../../text/decimal";
import { Char } from "../../proxy-wasm/char";

/** Bytes at the end of an answer that are searched for its usage. */
const TAIL: i32 = 2048;
const KEYS: Bytes[] = [Bytes.of('usage"'), Bytes.of('usageMetadata"')];
const PROMPT = [
  placeOf(["prompt_tokens"]),
  placeOf(["input_tokens"]),
  placeOf(["promptTokenCount"]),
  placeOf(["inputTokens"]),
];
const COMPLETION = [
  placeOf(["completion_tokens"]),
  placeOf(["output_tokens"]),
  placeOf(["candidatesTokenCount"]),
  placeOf(["outputTokens"]),
];
/** Google counts them separately from the rest of the answer. */
const THOUGHTS = [placeOf(["thoughtsTokenCount"])];
const CACHED = [
  placeOf(["prompt_tokens_details", "cached_tokens"]),
  placeOf(["input_tokens_details", "cached_tokens"]),
  placeOf(["prompt_cache_hit_tokens"]),
  placeOf(["cached_tokens"]),
  placeOf(["cachedContentTokenCount"]),
];
/** Anthropic and Bedrock count cache reads and writes separately from the rest of the prompt. */
const CACHED_EXTRA = [placeOf(["cache_read_input_tokens"]), placeOf(["cacheReadInputTokens"])];
const WRITTEN_EXTRA = [
  placeOf(["cache_creation_input_tokens"]),
  placeOf(["cacheWriteInputTokens"]),
];
/** The name used by OpenRouter and Model Studio, and by this gateway in translated answers. */
const WRITTEN = [
  placeOf(["cache_creation_tokens"]),
  placeOf(["prompt_tokens_details", "cache_write_tokens"]),
  placeOf(["prompt_tokens_details", "cache_creation_input_tokens"]),
  placeOf(["prompt_tokens_details", "cache_creation_tokens"]),
];
const REASONING = [
  placeOf(["completion_tokens_details", "reasoning_tokens"]),
  placeOf(["output_tokens_details", "reasoning_tokens"]),
  placeOf(["output_tokens_details", "thinking_tokens"]),
  placeOf(["thoughtsTokenCount"]),
];
/** Bytes that are searched for the first event of a stream. */
const BEGINNING: i32 = 1024;

/** Tokens of one exchange as the vendor counted them. */
export class Usage {
  constructor(
    /** All that was read, cached or not. */
    readonly prompt: i64,
    readonly completion: i64,
    /** Of `prompt`: read from the vendor's cache. */
    readonly cached: i64,
    /** Of `prompt`: written to the vendor's cache. */
    readonly written: i64,
    /** Of `completion`. */
    readonly reasoning: i64,
  ) {}
}

/**
 * Keeps the first and last bytes of a passing answer, and finds the usage in them: vendors send it at the
 * end, also in streams. Anthropic's streams may report the input only in the first event.
 */
export class UsageTail {
  private readonly buffer: ArrayBuffer = newBlock(2 * TAIL);
  private length: i32 = 0;
  /** The first bytes, once they have left the buffer. */
  private beginning: Bytes = Bytes.empty();

  /** Takes the next piece: `size` bytes in a buffer of the host. */
  takeFrom(type: i32, size: i32): void {
    if (this.length == 0 && size > TAIL) this.beginning = readBuffer(type, BEGINNING);
    const at = this.makeRoom(min(size, TAIL));
    this.length += readBufferEnd(type, size, at, TAIL);
  }

  /** Takes the next piece. */
  push(piece: Bytes): void {
    if (this.length == 0 && piece.length > TAIL) this.beginning = piece.slice(0, BEGINNING).copy();
    const size = min(piece.length, TAIL);
    const end = piece.pointer + <usize>(piece.length - size);
    memory.copy(this.makeRoom(size), end, <usize>size);
    this.length += size;
  }

  /** The usage; null when there is none. The last one counts. */
  find(): Usage | null {
    const found = new UsageSearch();
    found.lookIn(Bytes.wrapPrefix(this.buffer, this.length));
    found.lookIn(this.beginning);
    return found.usage;
  }

  /** Where the next `size` bytes, `TAIL` at most, are to be written. */
  private makeRoom(size: i32): usize {
    const start = changetype<usize>(this.buffer);
    if (this.length + size > 2 * TAIL) {
      if (this.beginning.length == 0) {
        this.beginning = Bytes.wrapPrefix(this.buffer, BEGINNING).copy();
      }
      memory.copy(start, start + <usize>(this.length - TAIL), <usize>TAIL);
      this.length = TAIL;
    }
    return start + <usize>this.length;
  }
}

/** Finds the last usage and, if it lacks the input, an earlier one that has it. */
class UsageSearch {
  usage: Usage | null = null;

  /** Searches a text from its end. Call it for later texts first. */
  lookIn(text: Bytes): void {
    for (let at = text.length - KEYS[0].length; at >= 1 && !this.isComplete; at--) {
      if (text.at(at) != Char.LowerU || text.at(at - 1) != Char.Quote) continue;
      if (at > 1 && text.at(at - 2) == Char.Backslash) continue;
      const key = keyAt(text, at);
      if (key == 0) continue;
      const object = objectFrom(text, at + key);
      if (object.length > 0) this.take(object);
    }
  }

  private get isComplete(): bool {
    const usage = this.usage;
    return usage !== null && usage.prompt > 0;
  }

  private take(object: Bytes): void {
    const found = usageIn(object);
    const last = this.usage;
    if (found === null || last === null) this.usage = last === null ? found : last;
    else if (found.prompt > 0) {
      this.usage = new Usage(
        found.prompt,
        last.completion,
        found.cached,
        found.written,
        last.reasoning,
      );
    }
  }
}

/** Length of the key at `at`, 0 for none. */
function keyAt(text: Bytes, at: i32): i32 {
  for (let i = 0; i < KEYS.length; i++) {
    const key = KEYS[i];
    if (at + key.length > text.length) continue;
    if (compareMemory(text.pointer + <usize>at, key.pointer, key.length) == 0) return key.length;
  }
  return 0;
}

/** The JSON object at `at`, after spaces and a colon; empty for none. */
function objectFrom(text: Bytes, at: i32): Bytes {
  while (at < text.length && (text.at(at) <= Char.Space || text.at(at) == Char.Colon)) at++;
  if (text.at(at) != Char.OpenBrace) return Bytes.empty();
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text.at(i) == Char.OpenBrace) depth++;
    else if (text.at(i) == Char.CloseBrace && --depth == 0) return text.slice(at, i + 1);
  }
  return Bytes.empty();
}

function usageIn(object: Bytes): Usage | null {
  const document = JsonDocument.parse(object);
  if (document === null) return null;
  const prompt = count(document, PROMPT);
  const completion = count(document, COMPLETION);
  const cached = count(document, CACHED_EXTRA);
  const written = count(document, WRITTEN_EXTRA);
  if (prompt < 0 && completion < 0) return null;
  const extra = atLeast0(cached) + atLeast0(written);
  return new Usage(
    atLeast0(prompt) + extra,
    atLeast0(completion) + atLeast0(count(document, THOUGHTS)),
    atLeast0(cached >= 0 ? cached : count(document, CACHED)),
    atLeast0(written >= 0 ? written : count(document, WRITTEN)),
    atLeast0(count(document, REASONING)),
  );
}

function atLeast0(value: i64): i64 {
  return max<i64>(value, 0);
}

/** The first number at one of the paths, −1 when there is none. */
function count(document: JsonDocument, paths: Bytes[][]): i64 {
  for (let i = 0; i < paths.length; i++) {
    const node = nodeAt(document, paths[i]);
    if (document.kind(node) == Kind.Number) return parseDecimal(document.raw(node), -1);
  }
  return -1;
}
