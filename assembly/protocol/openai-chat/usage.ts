import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { TokenCounts } from "../../chat/answer-sink";
import { Char } from "../../proxy-wasm/char";

const PROMPT = Bytes.of('{"prompt_tokens":');
const COMPLETION = Bytes.of(',"completion_tokens":');
const TOTAL = Bytes.of(',"total_tokens":');
const CACHED = Bytes.of(',"prompt_tokens_details":{"cached_tokens":');
const REASONING = Bytes.of('},"completion_tokens_details":{"reasoning_tokens":');
const WRITES = Bytes.of(',"cache_creation_tokens":');

/** Appends OpenAI's `usage`. Tokens written to a vendor's cache are our extension. */
export function writeUsage(out: ByteWriter, tokens: TokenCounts): ByteWriter {
  out.bytes(PROMPT).decimal(<u64>tokens.prompt);
  out.bytes(COMPLETION).decimal(<u64>tokens.completion);
  out.bytes(TOTAL).decimal(<u64>(tokens.prompt + tokens.completion));
  out.bytes(CACHED).decimal(<u64>tokens.cached);
  out
    .bytes(REASONING)
    .decimal(<u64>tokens.reasoning)
    .byte(Char.CloseBrace);
  if (tokens.cacheWrites > 0) out.bytes(WRITES).decimal(<u64>tokens.cacheWrites);
  return out.byte(Char.CloseBrace);
}
