import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { HASHED_END, isPlainByte, writeHashedName } from "../text/plain-name";

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
  const room = (most < 0 ? 64 : most) - HASHED_END;
  const kept = min(id.length, max(room, 0));
  return writeHashedName(new ByteWriter(kept + HASHED_END), id, kept, 0).toBytes();
}
