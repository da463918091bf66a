import { Bytes } from "../../proxy-wasm/bytes";
import { parseDecimal } from "../../text/decimal";

/**
 * Milliseconds of a `retry-after` header (RFC 9110, 10.2.3) in seconds; 0 when it is absent, a date
 * or not valid.
 */
export function retryAfterMs(value: Bytes | null): u64 {
  return value === null ? 0 : <u64>max<i64>(parseDecimal(value, 0), 0) * 1000;
}
