import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { TokenCounts } from "../../chat/answer-sink";
import { JsonWriter } from "../../json/writer";
import * as names from "../../chat/names";
import * as literals from "./literals";
import { Char } from "../../proxy-wasm/char";

const INPUT = Bytes.of('{"input_tokens":');
const WRITES = Bytes.of(',"cache_creation_input_tokens":');
const READS = Bytes.of(',"cache_read_input_tokens":');
const OUTPUT = Bytes.of(',"output_tokens":');
const NEXT_SEQUENCE = Bytes.of(',"stop_sequence":');
const LENGTH = Bytes.of("length");

/** Appends Anthropic's `usage`. */
export function writeUsage(out: ByteWriter, tokens: TokenCounts): ByteWriter {
  const fresh = max<i64>(0, tokens.prompt - tokens.cached - tokens.cacheWrites);
  out.bytes(INPUT).decimal(<u64>fresh);
  out.bytes(WRITES).decimal(<u64>tokens.cacheWrites);
  out.bytes(READS).decimal(<u64>tokens.cached);
  return out
    .bytes(OUTPUT)
    .decimal(<u64>tokens.completion)
    .byte(Char.CloseBrace);
}

/**
 * Appends Anthropic's stop reason for OpenAI's finish reason, and the stop sequence. `calls`: whether the
 * answer calls a tool, which some vendors do not report. `sequence`: the one that was met; empty for none.
 */
export function writeStop(out: JsonWriter, finish: Bytes, calls: bool, sequence: Bytes): void {
  const isMet = sequence.length > 0 && !calls && finish.equals(names.STOP);
  out.string(isMet ? literals.STOP_SEQUENCE : stopReasonOf(finish, calls)).piece(NEXT_SEQUENCE);
  if (isMet) out.string(sequence);
  else out.piece(literals.NULL);
}

/** OpenAI's finish reason of an answer, which does not say that the model has refused. */
export function endOf(finish: Bytes, isRefused: bool): Bytes {
  return isRefused && finish.equals(names.STOP) ? names.CONTENT_FILTER : finish;
}

function stopReasonOf(finish: Bytes, calls: bool): Bytes {
  if (finish.equals(LENGTH)) return literals.MAX_TOKENS;
  if (calls && finish.equals(names.STOP)) return literals.TOOL_USE;
  if (finish.equals(names.TOOL_CALLS) || finish.equals(names.FUNCTION_CALL))
    return literals.TOOL_USE;
  return finish.equals(names.CONTENT_FILTER) ? names.REFUSAL : literals.END_TURN;
}
