/** Recognises errors about conversations that exceed the model's context window, on which agents act. */
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

const CODE = "context_length_exceeded";
/** Vendors' codes that mean the same, whatever the message says. */
const CODES: string[] = [CODE, "model_context_window_exceeded", "tokens_limit_reached"];
const TOO_MANY_REQUESTS: i32 = 429;
/** Longest message in bytes that is searched, from its beginning. */
const MAX_SEARCHED: i32 = 4096;
/** Shorter numbers are not token counts. */
const MIN_DIGITS: i32 = 4;
const MAX_DIGITS: i32 = 12;

/**
 * Parts of vendors' error messages, in lower case: from their documents, the lists in Claude Code, pi and
 * opencode, and public reports.
 */
const PHRASES: Bytes[] = [
  Bytes.of("prompt is too long"),
  Bytes.of("input is too long"),
  Bytes.of("maximum context length"),
  Bytes.of("context_length_exceeded"),
  Bytes.of("exceeds the context window"),
  Bytes.of("context window exceeds limit"),
  Bytes.of("exceeded model token limit"),
  Bytes.of("exceeds the maximum number of tokens"),
  Bytes.of("maximum prompt length"),
  Bytes.of("reduce the length of the messages"),
  Bytes.of("range of input length should be"),
  Bytes.of("longer than the model's context length"),
  Bytes.of("exceeds the available context size"),
  Bytes.of("prompt exceeds max length"),
  Bytes.of("exceed context limit"),
  // Cloudflare.
  Bytes.of("exceeded this model context window limit"),
  // Hugging Face's text generation, also at Together.
  Bytes.of("`max_new_tokens` must be <="),
  // SiliconFlow.
  Bytes.of("must be less than max_seq_len"),
  // Qianfan.
  Bytes.of("prompt tokens too long"),
  Bytes.of("the max input characters is"),
  // Zhipu's code 1261, Ollama.
  Bytes.of("prompt too long"),
  Bytes.of("prompt 超长"),
  // DeepInfra, Amazon's Nova.
  Bytes.of("exceeds maximum input length"),
  Bytes.of("input tokens exceeds maximum length"),
  // LM Studio, vLLM, Ollama's embeddings.
  Bytes.of("greater than the context length"),
  Bytes.of("context length of only"),
  Bytes.of("context length is only"),
  Bytes.of("exceeds the context length"),
  // Cohere.
  Bytes.of("too many tokens: "),
  // Volcengine.
  Bytes.of("exceed max message tokens"),
  // OpenAI's Responses API.
  Bytes.of("input tokens exceed the configured limit"),
];

/** Whether an error with status `status` says so. `code`: the vendor's. Limits on rates are none of it. */
export function isOverflow(status: i32, code: string, message: string): bool {
  if (status >= 500 || status == TOO_MANY_REQUESTS) return false;
  if (CODES.includes(code)) return true;
  const text = Bytes.of(message).slice(0, MAX_SEARCHED).toLowerCase();
  for (let i = 0; i < PHRASES.length; i++) {
    if (text.find(PHRASES[i]) >= 0) return true;
  }
  return false;
}

/** OpenAI's code for an error: its own, unless the message has a known meaning. */
export function overflowCode(status: i32, code: string, message: string): string {
  return isOverflow(status, code, message) ? CODE : code;
}

/** OpenAI's words for it; libraries look for one of them in the message, because theirs do not repeat the code. */
const OPENAI_PHRASES: Bytes[] = [
  Bytes.of("maximum context length"),
  Bytes.of("exceeds the context window"),
];
const OPENAI_WORDS = "This model's maximum context length is exceeded: ";

/** The message of an error in OpenAI's form: a full context is reported in OpenAI's words, with the vendor's. */
export function overflowMessage(status: i32, code: string, message: string): string {
  if (!isOverflow(status, code, message)) return message;
  const text = Bytes.of(message);
  for (let i = 0; i < OPENAI_PHRASES.length; i++) {
    if (text.find(OPENAI_PHRASES[i]) >= 0) return message;
  }
  return OPENAI_WORDS + message;
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
