import { Bytes } from "../proxy-wasm/bytes";
import { compress, IV } from "./blake2b-rounds";

/** Bytes of a digest. */
const DIGEST_BYTES: i32 = 32;

const BLOCK: i32 = 128;

/** The first word of the state for a 32-byte digest without a key: IV[0] ^ 0x01010000 ^ 32. */
const PARAMETERS: u64 = 0x01010020;

const FOUR_BYTES = new ArrayBuffer(4);
const LENGTH = Bytes.wrap(FOUR_BYTES);

/**
 * BLAKE2b with a 256-bit digest (RFC 7693), incrementally. A cryptographic hash, like SHA-256 and
 * about three times as fast in WebAssembly, which has 64-bit integers and no instructions for SHA.
 */
export class Blake2b {
  private static readonly shared: Blake2b = new Blake2b();

  private readonly state: ArrayBuffer = new ArrayBuffer(64);
  private readonly tail: ArrayBuffer = new ArrayBuffer(BLOCK);
  private tailLength: i32 = 0;
  private total: u64 = 0;

  constructor() {
    this.reset();
  }

  /** Begins a message with an instance that all callers share: for one that ends before another begins. */
  static begin(): Blake2b {
    const shared = Blake2b.shared;
    shared.reset();
    return shared;
  }

  private reset(): void {
    const h = changetype<usize>(this.state);
    memory.copy(h, IV, 64);
    store<u64>(h, load<u64>(h) ^ PARAMETERS);
    this.tailLength = 0;
    this.total = 0;
  }

  /** Digest of one range: 32 bytes. */
  static digest(data: Bytes): Bytes {
    return Blake2b.begin().update(data).digest();
  }

  /** Appends `data` to the message. */
  update(data: Bytes): Blake2b {
    const tail = changetype<usize>(this.tail);
    let p = data.pointer;
    let left = data.length;
    // The last block is hashed by `digest`, so a full block stays until more is known to follow.
    if (this.tailLength + left > BLOCK && this.tailLength > 0) {
      const take = BLOCK - this.tailLength;
      memory.copy(tail + <usize>this.tailLength, p, <usize>take);
      p += <usize>take;
      left -= take;
      this.total += <u64>BLOCK;
      compress(changetype<usize>(this.state), tail, this.total, false);
      this.tailLength = 0;
    }
    for (; left > BLOCK; left -= BLOCK, p += BLOCK) {
      this.total += <u64>BLOCK;
      compress(changetype<usize>(this.state), p, this.total, false);
    }
    memory.copy(tail + <usize>this.tailLength, p, <usize>left);
    this.tailLength += left;
    return this;
  }

  /** Appends a length, in four bytes. */
  updateLength(length: i32): Blake2b {
    store<u32>(changetype<usize>(FOUR_BYTES), <u32>length);
    return this.update(LENGTH);
  }

  /** The 32-byte digest. Ends the message: do not update afterwards. */
  digest(): Bytes {
    const tail = changetype<usize>(this.tail);
    memory.fill(tail + <usize>this.tailLength, 0, <usize>(BLOCK - this.tailLength));
    this.total += <u64>this.tailLength;
    compress(changetype<usize>(this.state), tail, this.total, true);
    const digest = new ArrayBuffer(DIGEST_BYTES);
    memory.copy(changetype<usize>(digest), changetype<usize>(this.state), <usize>DIGEST_BYTES);
    return Bytes.wrap(digest);
  }
}
