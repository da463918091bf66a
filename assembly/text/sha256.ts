import { Bytes } from "../proxy-wasm/bytes";

/** Round constants, FIPS 180-4 section 4.2.2. */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

const BLOCK = 64;
/** Message schedule; scratch space that carries nothing between calls. */
const W: usize = memory.data(256, 16);

/** SHA-256 of FIPS 180-4, incrementally. */
export class Sha256 {
  private h0: u32 = 0x6a09e667;
  private h1: u32 = 0xbb67ae85;
  private h2: u32 = 0x3c6ef372;
  private h3: u32 = 0xa54ff53a;
  private h4: u32 = 0x510e527f;
  private h5: u32 = 0x9b05688c;
  private h6: u32 = 0x1f83d9ab;
  private h7: u32 = 0x5be0cd19;
  private readonly tail: ArrayBuffer = new ArrayBuffer(BLOCK);
  private tailLength: i32 = 0;
  private total: u64 = 0;

  /** Digest of one range: 32 bytes. */
  static digest(data: Bytes): Bytes {
    return new Sha256().update(data).digest();
  }

  /** Appends `data` to the message. */
  update(data: Bytes): Sha256 {
    const tail = changetype<usize>(this.tail);
    let p = data.pointer;
    let left = data.length;
    this.total += <u64>left;
    if (this.tailLength > 0) {
      const take = min(left, BLOCK - this.tailLength);
      memory.copy(tail + <usize>this.tailLength, p, <usize>take);
      this.tailLength += take;
      p += <usize>take;
      left -= take;
      if (this.tailLength < BLOCK) return this;
      this.compress(tail);
      this.tailLength = 0;
    }
    for (; left >= BLOCK; left -= BLOCK, p += BLOCK) this.compress(p);
    memory.copy(tail, p, <usize>left);
    this.tailLength = left;
    return this;
  }

  /** The 32-byte digest. Ends the message: do not update afterwards. */
  digest(): Bytes {
    const tail = changetype<usize>(this.tail);
    store<u8>(tail + <usize>this.tailLength, 0x80);
    memory.fill(tail + <usize>this.tailLength + 1, 0, <usize>(BLOCK - 1 - this.tailLength));
    if (this.tailLength >= BLOCK - 8) {
      this.compress(tail);
      memory.fill(tail, 0, BLOCK);
    }
    store<u64>(tail + 56, bswap<u64>(this.total << 3));
    this.compress(tail);
    const out = new ArrayBuffer(32);
    const p = changetype<usize>(out);
    store<u32>(p, bswap<u32>(this.h0), 0);
    store<u32>(p, bswap<u32>(this.h1), 4);
    store<u32>(p, bswap<u32>(this.h2), 8);
    store<u32>(p, bswap<u32>(this.h3), 12);
    store<u32>(p, bswap<u32>(this.h4), 16);
    store<u32>(p, bswap<u32>(this.h5), 20);
    store<u32>(p, bswap<u32>(this.h6), 24);
    store<u32>(p, bswap<u32>(this.h7), 28);
    return Bytes.wrap(out);
  }

  private compress(block: usize): void {
    for (let i: usize = 0; i < 64; i += 4) store<u32>(W + i, bswap<u32>(load<u32>(block + i)));
    for (let i: usize = 64; i < 256; i += 4) {
      const w15 = load<u32>(W + i - 60);
      const w2 = load<u32>(W + i - 8);
      const s0 = rotr<u32>(w15, 7) ^ rotr<u32>(w15, 18) ^ (w15 >> 3);
      const s1 = rotr<u32>(w2, 17) ^ rotr<u32>(w2, 19) ^ (w2 >> 10);
      store<u32>(W + i, load<u32>(W + i - 64) + s0 + load<u32>(W + i - 28) + s1);
    }
    let a = this.h0;
    let b = this.h1;
    let c = this.h2;
    let d = this.h3;
    let e = this.h4;
    let f = this.h5;
    let g = this.h6;
    let h = this.h7;
    for (let i: usize = 0; i < 256; i += 4) {
      const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const t1 = h + s1 + ((e & f) ^ (~e & g)) + load<u32>(K + i) + load<u32>(W + i);
      const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    this.h0 += a;
    this.h1 += b;
    this.h2 += c;
    this.h3 += d;
    this.h4 += e;
    this.h5 += f;
    this.h6 += g;
    this.h7 += h;
  }
}
