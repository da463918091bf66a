import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";

/** "AIA" and the version of the layout. */
const MAGIC: u32 = 0x31414941;
const DIGEST: i32 = 32;
const LENGTH: i32 = 16 + 2 * DIGEST + 8;

/*
 * Layout, little-endian: AIA1 · nothing u32 · checksum u64 · digest · origin · created u64
 *
 * checksum: XXH64 of everything after it. created: of the origin, seconds since 1970.
 */

/** A reference stored under a key to an answer that is stored under another key. */
export class AliasRecord {
  constructor(
    /** Digest of the key: 32 bytes. */
    readonly digest: Bytes,
    /** Digest of the key that the answer is stored under. */
    readonly origin: Bytes,
    /** When that answer was cached. */
    readonly created: u64,
  ) {}

  /** The encoded record. */
  encode(): Bytes {
    const out = new ByteWriter(LENGTH).uint(<u64>MAGIC, 8).uint(0, 8);
    const data = out.bytes(this.digest).bytes(this.origin).uint(this.created, 8).toBytes();
    store<u64>(data.pointer + 8, xxhash64(data.slice(16)));
    return data;
  }

  /** Reads stored bytes; null when they are foreign or damaged. */
  static decode(data: Bytes): AliasRecord | null {
    if (data.length != LENGTH || load<u64>(data.pointer) != <u64>MAGIC) return null;
    if (load<u64>(data.pointer, 8) != xxhash64(data.slice(16))) return null;
    return new AliasRecord(
      data.slice(16, 16 + DIGEST),
      data.slice(16 + DIGEST, 16 + 2 * DIGEST),
      load<u64>(data.pointer + <usize>(16 + 2 * DIGEST)),
    );
  }
}
