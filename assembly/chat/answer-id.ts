import { ByteWriter } from "../proxy-wasm/byte-writer";
import { Bytes } from "../proxy-wasm/bytes";
import { nowNanoseconds } from "../proxy-wasm/clock";
import { toHex } from "../text/hex";
import { xxhash64 } from "../text/xxhash64";

let count: u64 = 0;

/** An identifier for an answer to which the vendor has given none: 32 hexadecimal digits. */
export function newAnswerId(): Bytes {
  const seed = new ByteWriter(16).uint(nowNanoseconds(), 8).uint(++count, 8).toBytes();
  const id = new ByteWriter(16).uint(xxhash64(seed), 8).uint(xxhash64(seed, 1), 8);
  return Bytes.of(toHex(id.toBytes()));
}
