import { Bytes } from "../proxy-wasm/bytes";

const PRIME1: u64 = 0x9e3779b185ebca87;
const PRIME2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME3: u64 = 0x165667b19e3779f9;
const PRIME4: u64 = 0x85ebca77c2b2ae63;
const PRIME5: u64 = 0x27d4eb2f165667c5;

/**
 * XXH64 of `data` (xxHash specification 0.1.1): a fast checksum against torn and foreign values, not meant
 * to withstand attackers.
 */
export function xxhash64(data: Bytes, seed: u64 = 0): u64 {
  return xxhash64At(data.pointer, data.length, seed);
}

/** XXH64 of the `length` bytes at `p`. */
export function xxhash64At(p: usize, length: i32, seed: u64 = 0): u64 {
  let left = length;
  let hash: u64;
  if (left >= 32) {
    let a = seed + PRIME1 + PRIME2;
    let b = seed + PRIME2;
    let c = seed;
    let d = seed - PRIME1;
    for (; left >= 32; left -= 32, p += 32) {
      a = round(a, load<u64>(p, 0));
      b = round(b, load<u64>(p, 8));
      c = round(c, load<u64>(p, 16));
      d = round(d, load<u64>(p, 24));
    }
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  } else {
    hash = seed + PRIME5;
  }
  hash += <u64>length;
  for (; left >= 8; left -= 8, p += 8) {
    hash = rotl<u64>(hash ^ round(0, load<u64>(p)), 27) * PRIME1 + PRIME4;
  }
  if (left >= 4) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(p) * PRIME1), 23) * PRIME2 + PRIME3;
    left -= 4;
    p += 4;
  }
  for (; left > 0; left--, p++) {
    hash = rotl<u64>(hash ^ (<u64>load<u8>(p) * PRIME5), 11) * PRIME1;
  }
  hash = (hash ^ (hash >> 33)) * PRIME2;
  hash = (hash ^ (hash >> 29)) * PRIME3;
  return hash ^ (hash >> 32);
}

function round(accumulator: u64, lane: u64): u64 {
  return rotl<u64>(accumulator + lane * PRIME2, 31) * PRIME1;
}

function merge(hash: u64, accumulator: u64): u64 {
  return (hash ^ round(0, accumulator)) * PRIME1 + PRIME4;
}
