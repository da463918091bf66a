import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { decodeBase64 } from "../base64";
import { Sha256 } from "../sha256";
import { Big } from "./big";
import { Montgomery } from "./montgomery";
import { Char } from "../../proxy-wasm/char";

const SEQUENCE: u8 = 0x20 | 0x10;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
/** Limbs of a modulus of 4096 bits. */
const MAX_WIDTH: i32 = 128;
const BEGIN = Bytes.of("-----BEGIN PRIVATE KEY-----");
const END = Bytes.of("-----END PRIVATE KEY-----");
/** DigestInfo of SHA-256 before the digest (RFC 8017, 9.2). */
const SHA256_INFO: StaticArray<u8> = [
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
  0x00, 0x04, 0x20,
];

/** Reads DER (X.690): the next element of one kind. */
class DerReader {
  private at: i32 = 0;

  constructor(private readonly data: Bytes) {}

  /** The content of the next element; null when it is of another kind, or cut. */
  next(tag: u8): Bytes | null {
    if (this.data.at(this.at) != tag || this.at + 2 > this.data.length) return null;
    let length = <i32>this.data.at(this.at + 1);
    let from = this.at + 2;
    if (length >= 0x80) {
      const bytes = length & 0x7f;
      if (bytes == 0 || bytes > 3) return null;
      length = 0;
      for (let i = 0; i < bytes; i++) length = (length << 8) | (<i32>this.data.at(from++));
    }
    if (length > this.data.length - from) return null;
    this.at = from + length;
    return this.data.slice(from, this.at);
  }

  /** Steps over one element of any kind. */
  skip(): bool {
    return this.next(this.data.at(this.at)) !== null;
  }
}

/** An RSA key that signs (RFC 8017). */
export class RsaPrivateKey {
  private constructor(
    private readonly n: Big,
    private readonly e: Big,
    private readonly p: Big,
    private readonly q: Big,
    private readonly dp: Big,
    private readonly dq: Big,
    private readonly qInverse: Big,
  ) {}

  /** Reads PKCS #8 in PEM form; null for anything else, and for keys of more than 4096 bits. */
  static ofPem(pem: Bytes): RsaPrivateKey | null {
    const from = pem.find(BEGIN);
    const to = pem.find(END);
    if (from < 0 || to < from) return null;
    const text = new ByteWriter(to - from);
    for (let i = from + BEGIN.length; i < to; i++) {
      if (pem.at(i) > Char.Space) text.byte(pem.at(i));
    }
    const der = decodeBase64(text.toBytes());
    return der === null ? null : RsaPrivateKey.ofPkcs8(der);
  }

  private static ofPkcs8(der: Bytes): RsaPrivateKey | null {
    const outer = new DerReader(der).next(SEQUENCE);
    if (outer === null) return null;
    const info = new DerReader(outer);
    // Version and algorithm.
    if (!info.skip() || !info.skip()) return null;
    const octets = info.next(OCTETS);
    if (octets === null) return null;
    const inner = new DerReader(octets).next(SEQUENCE);
    if (inner === null) return null;
    const fields = new DerReader(inner);
    const numbers: Big[] = [];
    for (let i = 0; i < 9; i++) {
      const value = fields.next(INTEGER);
      if (value === null) return null;
      numbers.push(Big.of(value));
    }
    const n = numbers[1];
    const width = max(numbers[4].width, numbers[5].width);
    const isSound = numbers[4].isOdd && numbers[5].isOdd && n.isOdd && numbers[4].bits > 1;
    if (!isSound || n.width > MAX_WIDTH || n.width > 2 * width || numbers[5].bits < 2) return null;
    return new RsaPrivateKey(
      n,
      numbers[2],
      numbers[4],
      numbers[5],
      numbers[6],
      numbers[7],
      numbers[8],
    );
  }

  /**
   * The signature of `message` by RSASSA-PKCS1-v1_5 with SHA-256; null when the key's numbers do not
   * belong together, which the signature itself shows.
   */
  sign(message: Bytes): Bytes | null {
    const size = (this.n.bits + 7) >> 3;
    const encoded = Big.of(encode(message, size));
    const modP = new Montgomery(this.p);
    const modQ = new Montgomery(this.q);
    const byP = modP.power(modP.reduce(encoded), this.dp);
    const byQ = modQ.power(modQ.reduce(encoded), this.dq);
    // Garner: byQ + q·(qInverse·(byP − byQ) mod p).
    const difference = byP.limbs;
    const other = modP.reduce(byQ);
    if (Big.subtract(difference, other.limbs) != 0) addTo(difference, this.p.limbs);
    const factor = modP.multiply(modP.reduce(this.qInverse), new Big(difference));
    const signature = Big.of(Bytes.empty(), this.n.width);
    multiplyInto(signature.limbs, factor.limbs, this.q.limbs);
    addTo(signature.limbs, byQ.limbs);
    const modN = new Montgomery(this.n);
    const proof = modN.power(modN.reduce(signature), this.e);
    const wanted = modN.reduce(encoded);
    return Big.compare(proof.limbs, wanted.limbs) == 0 ? signature.toBytes(size) : null;
  }
}

/** EMSA-PKCS1-v1_5 in `size` bytes. */
function encode(message: Bytes, size: i32): Bytes {
  const out = new ByteWriter(size).byte(0).byte(1);
  const padding = size - 3 - SHA256_INFO.length - 32;
  for (let i = 0; i < padding; i++) out.byte(0xff);
  out.byte(0);
  for (let i = 0; i < SHA256_INFO.length; i++) out.byte(SHA256_INFO[i]);
  return out.bytes(new Sha256().update(message).digest()).toBytes();
}

/** a += b, as far as a is wide. */
function addTo(a: StaticArray<u32>, b: StaticArray<u32>): void {
  let carry: u64 = 0;
  for (let i = 0; i < a.length; i++) {
    const sum = <u64>a[i] + (i < b.length ? <u64>b[i] : 0) + carry;
    a[i] = <u32>sum;
    carry = sum >>> 32;
  }
}

/** out += a·b, as far as out is wide. */
function multiplyInto(out: StaticArray<u32>, a: StaticArray<u32>, b: StaticArray<u32>): void {
  for (let i = 0; i < a.length; i++) {
    let carry: u64 = 0;
    for (let j = 0; j < b.length && i + j < out.length; j++) {
      const sum = <u64>out[i + j] + <u64>a[i] * <u64>b[j] + carry;
      out[i + j] = <u32>sum;
      carry = sum >>> 32;
    }
    for (let at = i + b.length; carry != 0 && at < out.length; at++) {
      const sum = <u64>out[at] + carry;
      out[at] = <u32>sum;
      carry = sum >>> 32;
    }
  }
}
