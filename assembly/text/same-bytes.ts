import { Bytes } from "../proxy-wasm/bytes";

/** Whether two secrets are equal, compared in constant time. */
export function sameBytes(one: Bytes, other: Bytes): bool {
  if (one.length != other.length) return false;
  let difference: u8 = 0;
  for (let i = 0; i < one.length; i++) difference |= one.at(i) ^ other.at(i);
  return difference == 0;
}
