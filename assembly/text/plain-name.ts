import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { xxhash64 } from "./xxhash64";
import { Char } from "../proxy-wasm/char";

const DIGITS = Bytes.of("0123456789abcdef");

/** Bytes that `writeHashedName` appends to a name: `_` and the digits of a hash. */
export const HASHED_END: i32 = 17;

/** Whether a byte is a letter, a digit, `_` or `-`: what vendors accept in names and identifiers. */
export function isPlainByte(byte: u8): bool {
  const letter = byte | 0x20;
  return (
    (letter >= Char.LowerA && letter <= Char.LowerZ) ||
    (byte >= Char.Zero && byte <= Char.Nine) ||
    byte == Char.Underscore ||
    byte == Char.Hyphen
  );
}

/**
 * Appends the first `kept` bytes of a name, with `_` for those that are not plain, and a hash of the whole
 * name (XXH64 with `seed`), which distinguishes names with equal beginnings.
 */
export function writeHashedName(out: ByteWriter, name: Bytes, kept: i32, seed: u64): ByteWriter {
  for (let i = 0; i < kept; i++) {
    const byte = name.at(i);
    out.byte(isPlainByte(byte) ? byte : Char.Underscore);
  }
  out.byte(Char.Underscore);
  const hash = xxhash64(name, seed);
  for (let shift = 60; shift >= 0; shift -= 4) {
    out.byte(DIGITS.at(<i32>((hash >> (<u64>shift)) & 15)));
  }
  return out;
}
