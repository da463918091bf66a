import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";

const SCOPE_AT: i32 = 40;
const DIGEST: i32 = 32;
const HEAD: i32 = SCOPE_AT + DIGEST;

/**
 * What a slot of the memory store says about its entry, little-endian:
 *
 *   entry u64 · fingerprint u64 · origin u64 · question u64 · size u64 · scope, 32 bytes · note
 */
export class SlotMeta {
  constructor(
    /** Number of the entry. */
    readonly entry: u64,
    /** `fingerprintOf` its digest; 0 when the entry has been deleted. */
    readonly fingerprint: u64,
    /** The same of the entry that it is a copy of, or its own. */
    readonly origin: u64,
    /** `fingerprintOf` the hash of the stored question, 0 when there is none. */
    readonly question: u64,
    /** Bytes of record and note. */
    readonly size: u64,
    /** What askers must share: 32 bytes. */
    readonly scope: Bytes,
    /** What an index needs to know of the entry; often empty. */
    readonly note: Bytes,
  ) {}

  encode(): Bytes {
    const out = new ByteWriter(HEAD + this.note.length);
    out.uint(this.entry, 8).uint(this.fingerprint, 8).uint(this.origin, 8);
    out.uint(this.question, 8).uint(this.size, 8);
    return out.bytes(this.scope).bytes(this.note).toBytes();
  }

  /** Null when the bytes are too few. */
  static decode(data: Bytes): SlotMeta | null {
    if (data.length < HEAD) return null;
    const p = data.pointer;
    return new SlotMeta(
      load<u64>(p),
      load<u64>(p, 8),
      load<u64>(p, 16),
      load<u64>(p, 24),
      load<u64>(p, 32),
      data.slice(SCOPE_AT, HEAD),
      data.slice(HEAD),
    );
  }

  /** What is left of a deleted entry: its bytes count until its turn to be given up comes. */
  tombstone(): SlotMeta {
    return new SlotMeta(this.entry, 0, 0, 0, this.size, NO_SCOPE, Bytes.empty());
  }
}

const NO_SCOPE = new ByteWriter(DIGEST).uint(0, 8).uint(0, 8).uint(0, 8).uint(0, 8).toBytes();

/** The first eight bytes of a digest, enough to find an entry; the record's full digest decides. */
export function fingerprintOf(digest: Bytes): u64 {
  return digest.length >= 8 ? load<u64>(digest.pointer) : 0;
}
