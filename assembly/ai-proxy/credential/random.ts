import { nowNanoseconds } from "../../proxy-wasm/clock";

/** State of the generator below; for load balancing, not for security. */
let state: u64 = 0;

/**
 * xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators"), seeded
 * from the clock.
 */
export function random(): u64 {
  if (state == 0) state = nowNanoseconds() | 1;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}

/** A number from 0 up to `limit`, which is above 0. */
export function randomBelow(limit: i32): i32 {
  return <i32>((random() >> 32) % <u64>limit);
}
