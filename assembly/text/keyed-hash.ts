import { Bytes } from "../proxy-wasm/bytes";
import { nowNanoseconds } from "../proxy-wasm/clock";

/** The key of this VM; zero until it is generated. */
let key0: u64 = 0;
let key1: u64 = 0;

/**
 * SipHash-1-3 of `data` with a key that each VM generates for itself: for tables with untrusted keys, so
 * that clients cannot provoke collisions. Not for values that leave the VM.
 */
export function keyedHash(data: Bytes): u64 {
  if ((key0 | key1) == 0) drawKey();
  return sipHash13(data, key0, key1);
}

/** An odd number that each VM generates for itself, for tables whose keys are already hashes. */
export function tableKey(): u64 {
  if ((key0 | key1) == 0) drawKey();
  return key1;
}

/** The host offers no random numbers: this uses the time in nanoseconds and an address of this VM. */
function drawKey(): void {
  const now = nowNanoseconds();
  const address = <u64>changetype<usize>(new ArrayBuffer(1));
  const seed = new ArrayBuffer(16);
  store<u64>(changetype<usize>(seed), now, 0);
  store<u64>(changetype<usize>(seed), rotl<u64>(address, 32) ^ now, 8);
  key0 = sipHash13(Bytes.wrap(seed), now, 1);
  key1 = sipHash13(Bytes.wrap(seed), now, 2) | 1;
}

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/** SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF") under the key `a`, `b`. */
export function sipHash13(data: Bytes, a: u64, b: u64): u64 {
  v0 = a ^ 0x736f6d6570736575;
  v1 = b ^ 0x646f72616e646f6d;
  v2 = a ^ 0x6c7967656e657261;
  v3 = b ^ 0x7465646279746573;
  let p = data.pointer;
  let left = data.length;
  for (; left >= 8; left -= 8, p += 8) absorb(load<u64>(p));
  let last = (<u64>data.length) << 56;
  for (let i = 0; i < left; i++) last |= (<u64>load<u8>(p + <usize>i)) << ((<u64>i) << 3);
  absorb(last);
  v2 ^= 0xff;
  for (let i = 0; i < 3; i++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

function absorb(word: u64): void {
  v3 ^= word;
  round();
  v0 ^= word;
}

function round(): void {
  v0 += v1;
  v1 = rotl<u64>(v1, 13) ^ v0;
  v0 = rotl<u64>(v0, 32);
  v2 += v3;
  v3 = rotl<u64>(v3, 16) ^ v2;
  v0 += v3;
  v3 = rotl<u64>(v3, 21) ^ v0;
  v2 += v1;
  v1 = rotl<u64>(v1, 17) ^ v2;
  v2 = rotl<u64>(v2, 32);
}
