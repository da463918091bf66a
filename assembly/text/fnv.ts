import { Bytes } from "../proxy-wasm/bytes";

/** FNV-1a, 32 bits (draft-eastlake-fnv). */
export function fnv1a32(data: Bytes): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let i = 0; i < data.length; i++) hash = (hash ^ (<u32>data.at(i))) * 0x01000193;
  return hash;
}
