import { Bytes } from "../../proxy-wasm/bytes";
import { nowNanoseconds } from "../../proxy-wasm/clock";
import { fnv1a32 } from "../../text/fnv";

/** State of the generator below; spreads load, guards nothing. */
let state: u64 = 0;

/** Keys of a provider, one of which serves a request. */
export class TokenPool {
  private readonly tokens: Bytes[] = [];

  constructor(tokens: string[]) {
    for (let i = 0; i < tokens.length; i++) this.tokens.push(Bytes.of(tokens[i]));
  }

  /** Number of keys. */
  get size(): i32 {
    return this.tokens.length;
  }

  /**
   * A key at random; for a consumer that is not empty always the same (FNV-1a of its name modulo
   * the number of keys, as in the Go plugin). Null when there are no keys.
   */
  choose(consumer: Bytes): Bytes | null {
    const count = <u32>this.tokens.length;
    if (count == 0) return null;
    const draw = consumer.length > 0 ? fnv1a32(consumer) : <u32>(random() >> 32);
    return this.tokens[<i32>(draw % count)];
  }
}

/**
 * xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators"), seeded
 * from the clock.
 */
function random(): u64 {
  if (state == 0) state = nowNanoseconds() | 1;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}
