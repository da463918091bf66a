import { Bytes } from "../proxy-wasm/bytes";

/** Bytes of a digest. */
export const DIGEST_BYTES: i32 = 32;

const BLOCK: i32 = 128;
const ROUNDS: usize = 12;

/** Order in which each round takes the words of a block (RFC 7693, section 2.7). */
const SIGMA: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
]);

/** Initialisation vector (section 2.6). */
const IV: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

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
      this.compress(tail, false);
      this.tailLength = 0;
    }
    for (; left > BLOCK; left -= BLOCK, p += BLOCK) {
      this.total += <u64>BLOCK;
      this.compress(p, false);
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
    this.compress(tail, true);
    const digest = new ArrayBuffer(DIGEST_BYTES);
    memory.copy(changetype<usize>(digest), changetype<usize>(this.state), <usize>DIGEST_BYTES);
    return Bytes.wrap(digest);
  }

  private compress(block: usize, isLast: bool): void {
    const h = changetype<usize>(this.state);
    let v0 = load<u64>(h, 0);
    let v1 = load<u64>(h, 8);
    let v2 = load<u64>(h, 16);
    let v3 = load<u64>(h, 24);
    let v4 = load<u64>(h, 32);
    let v5 = load<u64>(h, 40);
    let v6 = load<u64>(h, 48);
    let v7 = load<u64>(h, 56);
    let v8 = load<u64>(IV, 0);
    let v9 = load<u64>(IV, 8);
    let v10 = load<u64>(IV, 16);
    let v11 = load<u64>(IV, 24);
    let v12 = load<u64>(IV, 32);
    let v13 = load<u64>(IV, 40);
    let v14 = load<u64>(IV, 48);
    let v15 = load<u64>(IV, 56);
    v12 ^= this.total;
    if (isLast) v14 = ~v14;
    for (let row = SIGMA, end = SIGMA + ROUNDS * 16; row < end; row += 16) {
      v0 += v4 + word(block, row, 0);
      v12 = rotr<u64>(v12 ^ v0, 32);
      v8 += v12;
      v4 = rotr<u64>(v4 ^ v8, 24);
      v0 += v4 + word(block, row, 1);
      v12 = rotr<u64>(v12 ^ v0, 16);
      v8 += v12;
      v4 = rotr<u64>(v4 ^ v8, 63);
      v1 += v5 + word(block, row, 2);
      v13 = rotr<u64>(v13 ^ v1, 32);
      v9 += v13;
      v5 = rotr<u64>(v5 ^ v9, 24);
      v1 += v5 + word(block, row, 3);
      v13 = rotr<u64>(v13 ^ v1, 16);
      v9 += v13;
      v5 = rotr<u64>(v5 ^ v9, 63);
      v2 += v6 + word(block, row, 4);
      v14 = rotr<u64>(v14 ^ v2, 32);
      v10 += v14;
      v6 = rotr<u64>(v6 ^ v10, 24);
      v2 += v6 + word(block, row, 5);
      v14 = rotr<u64>(v14 ^ v2, 16);
      v10 += v14;
      v6 = rotr<u64>(v6 ^ v10, 63);
      v3 += v7 + word(block, row, 6);
      v15 = rotr<u64>(v15 ^ v3, 32);
      v11 += v15;
      v7 = rotr<u64>(v7 ^ v11, 24);
      v3 += v7 + word(block, row, 7);
      v15 = rotr<u64>(v15 ^ v3, 16);
      v11 += v15;
      v7 = rotr<u64>(v7 ^ v11, 63);
      v0 += v5 + word(block, row, 8);
      v15 = rotr<u64>(v15 ^ v0, 32);
      v10 += v15;
      v5 = rotr<u64>(v5 ^ v10, 24);
      v0 += v5 + word(block, row, 9);
      v15 = rotr<u64>(v15 ^ v0, 16);
      v10 += v15;
      v5 = rotr<u64>(v5 ^ v10, 63);
      v1 += v6 + word(block, row, 10);
      v12 = rotr<u64>(v12 ^ v1, 32);
      v11 += v12;
      v6 = rotr<u64>(v6 ^ v11, 24);
      v1 += v6 + word(block, row, 11);
      v12 = rotr<u64>(v12 ^ v1, 16);
      v11 += v12;
      v6 = rotr<u64>(v6 ^ v11, 63);
      v2 += v7 + word(block, row, 12);
      v13 = rotr<u64>(v13 ^ v2, 32);
      v8 += v13;
      v7 = rotr<u64>(v7 ^ v8, 24);
      v2 += v7 + word(block, row, 13);
      v13 = rotr<u64>(v13 ^ v2, 16);
      v8 += v13;
      v7 = rotr<u64>(v7 ^ v8, 63);
      v3 += v4 + word(block, row, 14);
      v14 = rotr<u64>(v14 ^ v3, 32);
      v9 += v14;
      v4 = rotr<u64>(v4 ^ v9, 24);
      v3 += v4 + word(block, row, 15);
      v14 = rotr<u64>(v14 ^ v3, 16);
      v9 += v14;
      v4 = rotr<u64>(v4 ^ v9, 63);
    }
    store<u64>(h, load<u64>(h, 0) ^ v0 ^ v8, 0);
    store<u64>(h, load<u64>(h, 8) ^ v1 ^ v9, 8);
    store<u64>(h, load<u64>(h, 16) ^ v2 ^ v10, 16);
    store<u64>(h, load<u64>(h, 24) ^ v3 ^ v11, 24);
    store<u64>(h, load<u64>(h, 32) ^ v4 ^ v12, 32);
    store<u64>(h, load<u64>(h, 40) ^ v5 ^ v13, 40);
    store<u64>(h, load<u64>(h, 48) ^ v6 ^ v14, 48);
    store<u64>(h, load<u64>(h, 56) ^ v7 ^ v15, 56);
  }
}

/** Word `SIGMA[round][index]` of the block. */
function word(block: usize, row: usize, index: usize): u64 {
  return load<u64>(block + (<usize>load<u8>(row + index) << 3));
}
