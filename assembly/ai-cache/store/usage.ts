import { Bytes } from "../../proxy-wasm/bytes";
import { USAGE } from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";

const PROMPT = Bytes.of("prompt_tokens");
const COMPLETION = Bytes.of("completion_tokens");
const INPUT = Bytes.of("input_tokens");
const OUTPUT = Bytes.of("output_tokens");
const CACHE_READ = Bytes.of("cache_read_input_tokens");
const CACHE_WRITE = Bytes.of("cache_creation_input_tokens");
const TOTAL = Bytes.of("total_tokens");
const PROMPT_DETAILS = Bytes.of("prompt_tokens_details");
const INPUT_DETAILS = Bytes.of("input_tokens_details");
const CACHED = Bytes.of("cached_tokens");
const GOOGLE_USAGE = Bytes.of("usageMetadata");
const GOOGLE_PROMPT = Bytes.of("promptTokenCount");
const GOOGLE_OUTPUT = Bytes.of("candidatesTokenCount");
const GOOGLE_THOUGHTS = Bytes.of("thoughtsTokenCount");
const GOOGLE_CACHED = Bytes.of("cachedContentTokenCount");
/** More than any real count. */
const MOST: i64 = 1 << 28;

/** The token counts in an answer's usage. */
export class TokenUsage {
  constructor(
    /** All input tokens, cached or not. */
    readonly input: u32,
    /** Part of it that the vendor read from its cache. */
    readonly cached: u32,
    readonly output: u32,
  ) {}

  /** Whether there are any counts. */
  get isKnown(): bool {
    return this.input > 0 || this.output > 0;
  }

  /** The cost of the answer in input tokens. `outputWeight`: weight of an output token. */
  cost(outputWeight: i32): u32 {
    return this.input + <u32>outputWeight * this.output;
  }
}

/**
 * Reads the usage of a chat completion (`prompt_tokens`), of Anthropic's messages or of the Responses API
 * (`input_tokens`), of Google's responses (`promptTokenCount`); zeros without usage.
 */
export function usageOf(answer: JsonDocument): TokenUsage {
  const usage = answer.member(0, USAGE);
  if (answer.kind(usage) != Kind.Object) return googleUsageOf(answer);
  const details = answer.member(usage, PROMPT_DETAILS);
  if (answer.kind(answer.member(usage, PROMPT)) == Kind.Number) {
    return new TokenUsage(
      tokens(answer, usage, PROMPT),
      tokens(answer, details, CACHED),
      tokens(answer, usage, COMPLETION),
    );
  }
  // An embedding service may report only a total.
  const hasInput = answer.kind(answer.member(usage, INPUT)) == Kind.Number;
  if (!hasInput && answer.kind(answer.member(usage, OUTPUT)) != Kind.Number) {
    return new TokenUsage(tokens(answer, usage, TOTAL), 0, 0);
  }
  const input = tokens(answer, usage, INPUT);
  const output = tokens(answer, usage, OUTPUT);
  const inputDetails = answer.member(usage, INPUT_DETAILS);
  if (answer.kind(inputDetails) == Kind.Object) {
    return new TokenUsage(input, tokens(answer, inputDetails, CACHED), output);
  }
  // Anthropic does not count in `input_tokens` what its cache gave or took.
  const read = tokens(answer, usage, CACHE_READ);
  return new TokenUsage(input + read + tokens(answer, usage, CACHE_WRITE), read, output);
}

/** Google counts thoughts apart from the rest of the answer. */
function googleUsageOf(answer: JsonDocument): TokenUsage {
  const usage = answer.member(0, GOOGLE_USAGE);
  return new TokenUsage(
    tokens(answer, usage, GOOGLE_PROMPT),
    tokens(answer, usage, GOOGLE_CACHED),
    tokens(answer, usage, GOOGLE_OUTPUT) + tokens(answer, usage, GOOGLE_THOUGHTS),
  );
}

function tokens(answer: JsonDocument, object: i32, key: Bytes): u32 {
  if (answer.kind(object) != Kind.Object) return 0;
  const node = answer.member(object, key);
  if (answer.kind(node) != Kind.Number) return 0;
  return <u32>max<i64>(0, min<i64>(MOST, parseDecimal(answer.raw(node), 0)));
}
