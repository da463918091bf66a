import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

const DIGITS = Bytes.of("0123456789abcdef");
const UNDERSCORE: u8 = 0x5f;
/** `_` and the digits of a hash, by which names that were alike up to there are told apart. */
const END: i32 = 17;

/** Whether a call's id may stay. `most`: characters, −1 for any; `isPlain`: whether others than letters, digits, `_` and `-` are refused. */
export function isFittingCallId(id: Bytes, most: i32, isPlain: bool): bool {
  if (most >= 0 && id.length > most) return false;
  if (!isPlain) return true;
  for (let i = 0; i < id.length; i++) {
    if (!isPlainByte(id.at(i))) return false;
  }
  return true;
}

/** An id of plain characters for one that may not stay; equal ids become equal ones. `most`: at least 17 when it is not negative. */
export function fitCallId(id: Bytes, most: i32): Bytes {
  const room = (most < 0 ? 64 : most) - END;
  const kept = min(id.length, max(room, 0));
  const out = new ByteWriter(kept + END);
  for (let i = 0; i < kept; i++) {
    const byte = id.at(i);
    out.byte(isPlainByte(byte) ? byte : UNDERSCORE);
  }
  out.byte(UNDERSCORE);
  const hash = xxhash64(id);
  for (let shift = 60; shift >= 0; shift -= 4) {
    out.byte(DIGITS.at(<i32>((hash >> (<u64>shift)) & 15)));
  }
  return out.toBytes();
}

function isPlainByte(byte: u8): bool {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte == UNDERSCORE ||
    byte == 0x2d
  );
}
