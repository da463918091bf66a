import { Bytes } from "../proxy-wasm/bytes";

const HIGH_BITS: u64 = 0x8080808080808080;

/**
 * Length of the well-formed UTF-8 sequence at `p` (Unicode table 3-7: no overlong forms, no
 * surrogates, nothing above U+10FFFF), or 0 when there is none within `left` bytes.
 */
export function sequenceLength(p: usize, left: i32): i32 {
  if (left <= 0) return 0;
  const first = <u32>load<u8>(p);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || left < 2) return 0;
  const second = <u32>load<u8>(p, 1);
  if (first < 0xe0) return isContinuation(second) ? 2 : 0;
  if (first < 0xf0) {
    if (left < 3 || !isContinuation(second) || !isContinuation(<u32>load<u8>(p, 2))) return 0;
    if (first == 0xe0 && second < 0xa0) return 0;
    return first == 0xed && second > 0x9f ? 0 : 3;
  }
  if (left < 4 || !isContinuation(second)) return 0;
  if (!isContinuation(<u32>load<u8>(p, 2)) || !isContinuation(<u32>load<u8>(p, 3))) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  return first == 0xf4 && second > 0x8f ? 0 : 4;
}

/** Whether `data` is well-formed UTF-8 from end to end. */
export function isUtf8(data: Bytes): bool {
  let p = data.pointer;
  let left = data.length;
  while (left > 0) {
    if (left >= 8 && (load<u64>(p) & HIGH_BITS) == 0) {
      p += 8;
      left -= 8;
      continue;
    }
    const length = sequenceLength(p, left);
    if (length == 0) return false;
    p += <usize>length;
    left -= length;
  }
  return true;
}

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}
