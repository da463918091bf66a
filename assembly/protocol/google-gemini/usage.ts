import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { TokenCounts } from "../../chat/answer-sink";
import * as names from "../../chat/names";
import { Char } from "../../proxy-wasm/char";

const PROMPT = Bytes.of('{"promptTokenCount":');
const CANDIDATES = Bytes.of(',"candidatesTokenCount":');
const THOUGHTS = Bytes.of(',"thoughtsTokenCount":');
const CACHED = Bytes.of(',"cachedContentTokenCount":');
const TOTAL = Bytes.of(',"totalTokenCount":');
const LENGTH = Bytes.of("length");

/** Appends Google's `usageMetadata`, whose candidates do not include the thoughts. */
export function writeUsage(out: ByteWriter, tokens: TokenCounts): ByteWriter {
  const reasoning = max<i64>(0, min<i64>(tokens.reasoning, tokens.completion));
  out.bytes(PROMPT).decimal(<u64>tokens.prompt);
  out.bytes(CANDIDATES).decimal(<u64>(tokens.completion - reasoning));
  if (reasoning > 0) out.bytes(THOUGHTS).decimal(<u64>reasoning);
  if (tokens.cached > 0) out.bytes(CACHED).decimal(<u64>tokens.cached);
  return out
    .bytes(TOTAL)
    .decimal(<u64>(tokens.prompt + tokens.completion))
    .byte(Char.CloseBrace);
}

/** Google's finish reason for OpenAI's, which does not say that the model has refused. */
export function finishReasonOf(reason: Bytes, isRefused: bool): string {
  if (reason.equals(LENGTH)) return "MAX_TOKENS";
  if (isRefused || reason.equals(names.REFUSAL)) return "SAFETY";
  return reason.equals(names.CONTENT_FILTER) ? "SAFETY" : "STOP";
}
