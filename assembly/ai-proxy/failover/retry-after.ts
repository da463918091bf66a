import { Bytes } from "../../proxy-wasm/bytes";
import { parseDecimal } from "../../text/decimal";

/**
 * Milliseconds until another attempt makes sense: OpenAI's and Azure's `retry-after-ms`, else `retry-after` (RFC
 * 9110, 10.2.3) in seconds. 0 when they are absent, a date or not valid.
 */
export function retryAfterMs(value: Bytes | null, exact: Bytes | null): u64 {
  const ms = exact === null ? 0 : max<i64>(parseDecimal(exact, 0), 0);
  if (ms > 0) return <u64>ms;
  return value === null ? 0 : <u64>max<i64>(parseDecimal(value, 0), 0) * 1000;
}
