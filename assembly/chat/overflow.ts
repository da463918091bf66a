/** Recognises errors about conversations that exceed the model's context window, on which agents act. */
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const CODE = "context_length_exceeded";
/** Shorter numbers are not token counts. */
const MIN_DIGITS: i32 = 4;
const MAX_DIGITS: i32 = 12;

/**
 * Parts of vendors' error messages, from their documents and from the list in Claude Code; the case of
 * first letters varies.
 */
const PHRASES: Bytes[] = [
  Bytes.of("rompt is too long"),
  Bytes.of("nput is too long"),
  Bytes.of("maximum context length"),
  Bytes.of("context_length_exceeded"),
  Bytes.of("exceeds the context window"),
  Bytes.of("ontext window exceeds limit"),
  Bytes.of("exceeded model token limit"),
  Bytes.of("exceeds the maximum number of tokens"),
  Bytes.of("aximum prompt length"),
  Bytes.of("educe the length of the messages"),
  Bytes.of("ange of input length should be"),
  Bytes.of("longer than the model's context length"),
  Bytes.of("exceeds the available context size"),
  Bytes.of("rompt exceeds max length"),
  Bytes.of("exceed context limit"),
];

/** Whether an error says so. `code`: the vendor's. */
export function isOverflow(code: string, message: string): bool {
  if (code == CODE) return true;
  const text = Bytes.of(message);
  for (let i = 0; i < PHRASES.length; i++) {
    if (text.find(PHRASES[i]) >= 0) return true;
  }
  return false;
}

/** OpenAI's code for an error: its own, unless the message has a known meaning. */
export function overflowCode(status: i32, code: string, message: string): string {
  return status < 500 && isOverflow(code, message) ? CODE : code;
}

/** The first two token counts in a text, the larger one first; empty when there are fewer. */
export function tokensIn(message: string): i64[] {
  const text = Bytes.of(message);
  const found: i64[] = [];
  let at = 0;
  while (at < text.length && found.length < 2) {
    let number: i64 = 0;
    let digits = 0;
    while (at < text.length && isDigit(text.at(at))) {
      if (digits < MAX_DIGITS) number = number * 10 + <i64>(text.at(at) - Char.Zero);
      digits++;
      at++;
    }
    const isCount = digits >= MIN_DIGITS && digits <= MAX_DIGITS;
    if (isCount && (found.length == 0 || found[0] != number)) found.push(number);
    at++;
  }
  if (found.length < 2) return [];
  return found[0] > found[1] ? found : [found[1], found[0]];
}

function isDigit(byte: u8): bool {
  return byte >= Char.Zero && byte <= Char.Nine;
}
