import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { HASHED_END, isPlainByte, writeHashedName } from "../text/plain-name";
import { xxhash64 } from "../text/xxhash64";
import { Char } from "../proxy-wasm/char";
import { newAnswerId } from "./answer-id";

const NEW_CALL = Bytes.of("call_");

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Whether a call's id is acceptable. `most`: longest length, −1 for any; `isPlain`: whether only letters,
 * digits, `_` and `-` are allowed, of which there must be at least one.
 */
export function isFittingCallId(id: Bytes, most: i32, isPlain: bool): bool {
  if (most >= 0 && id.length > most) return false;
  if (!isPlain) return true;
  if (id.length == 0) return false;
  for (let i = 0; i < id.length; i++) {
    if (!isPlainByte(id.at(i))) return false;
  }
  return true;
}

/**
 * Replaces an unacceptable id with one of plain characters; equal ids have equal replacements. `most`: at
 * least 17 unless it is negative.
 */
export function fitCallId(id: Bytes, most: i32): Bytes {
  const room = (most < 0 ? 64 : most) - HASHED_END;
  const kept = min(id.length, max(room, 0));
  return writeHashedName(new ByteWriter(kept + HASHED_END), id, kept, 0).toBytes();
}

/** Whether an id has exactly `length` letters and digits. */
export function isExactCallId(id: Bytes, length: i32): bool {
  if (id.length != length) return false;
  for (let i = 0; i < length; i++) {
    const byte = id.at(i);
    const letter = byte | 0x20;
    if (
      !(byte >= Char.Zero && byte <= Char.Nine) &&
      !(letter >= Char.LowerA && letter <= Char.LowerZ)
    )
      return false;
  }
  return true;
}

/**
 * Replaces an unacceptable id with exactly `length` letters and digits; equal ids have equal replacements.
 */
export function exactCallId(id: Bytes, length: i32): Bytes {
  let hash = xxhash64(id);
  const out = new ByteWriter(length);
  for (let i = 0; i < length; i++) {
    out.byte(<u8>DIGITS.charCodeAt(<i32>(hash % 62)));
    hash /= 62;
  }
  return out.toBytes();
}

/** The vendor's identifier of a call, or a unique one where it has none: clients return results by it. */
export function callIdOf(id: Bytes): Bytes {
  return id.length > 0 ? id : newCallId();
}

/** A unique identifier for a call without one. */
export function newCallId(): Bytes {
  return new ByteWriter(40).bytes(NEW_CALL).bytes(newAnswerId()).toBytes();
}
