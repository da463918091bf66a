/**
 * Refusals after which Claude Code sends its request again without what was refused. It knows them by Anthropic's
 * words; vendors that a request was translated for have others.
 */
import { Bytes } from "../../proxy-wasm/bytes";

/** A refusal in Anthropic's words, and parts of vendors' messages that mean the same. */
class Refusal {
  constructor(
    /** What Claude Code looks for, as a sentence's beginning. */
    readonly words: string,
    /** Without the first letter where its case varies. */
    readonly phrases: Bytes[],
  ) {}
}

const REFUSALS: Refusal[] = [
  // System messages between the others; they come again as text of the user.
  new Refusal("role 'system' is not supported", [
    Bytes.of("ystem message must be at the beginning"),
    Bytes.of("ystem messages are not allowed"),
    Bytes.of("ystem role not supported"),
    Bytes.of("nexpected role 'system'"),
    Bytes.of("nvalid message role: system"),
    Bytes.of("does not support 'system'"),
  ]),
  // The request comes again without `output_config`.
  new Refusal("this model does not support the effort parameter", [
    Bytes.of("'reasoning_effort' is not supported"),
    Bytes.of("`reasoning_effort` is not supported"),
    Bytes.of("reasoning_effort is not supported"),
    Bytes.of("'reasoning_effort' does not support"),
    Bytes.of("`reasoning_effort` must be one of"),
    Bytes.of("does not support parameter reasoningEffort"),
    Bytes.of("argument supplied: reasoning_effort"),
  ]),
];

/** A vendor's message, behind Anthropic's words if it is such a refusal. */
export function recoverable(message: string): string {
  const text = Bytes.of(message);
  for (let i = 0; i < REFUSALS.length; i++) {
    const refusal = REFUSALS[i];
    for (let j = 0; j < refusal.phrases.length; j++) {
      if (text.find(refusal.phrases[j]) >= 0) return refusal.words + ": " + message;
    }
  }
  return message;
}
