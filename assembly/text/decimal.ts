import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { Char } from "../proxy-wasm/char";

/**
 * The value of a run of ASCII digits, or `fallback` when `text` is empty, contains anything else or exceeds
 * 2^53 − 1 (what JSON peers can represent).
 */
export function parseDecimal(text: Bytes, fallback: i64): i64 {
  if (text.length == 0 || text.length > 16) return fallback;
  let value: i64 = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = <i64>text.at(i) - Char.Zero;
    if (digit < 0 || digit > 9) return fallback;
    value = value * 10 + digit;
  }
  return value <= 9007199254740991 ? value : fallback;
}

/** `value` in ASCII digits. */
export function formatDecimal(value: u64): Bytes {
  return new ByteWriter(20).decimal(value).toBytes();
}
