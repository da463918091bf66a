import { Bytes } from "../../proxy-wasm/bytes";

const SCOPE_AT: i32 = 64;
const DIGEST: i32 = 32;
const HEAD: i32 = SCOPE_AT + DIGEST;
/** "m" and the version of the layout. */
const MAGIC: u16 = 0x046d;

/** States of a slot. */
export namespace SlotState {
  /** It has an entry. */
  export const Live: u8 = 1;
  /** A worker is writing it. */
  export const Claimed: u8 = 2;
  export const Free: u8 = 3;
}

/**
 * The description of the entry in a slot of the memory store, little-endian:
 *
 *   entry u64 · fingerprint u64 · origin u64 · question u64 · size u32 · cost u32 · created u32 · expires u32 ·
 *   until u32 · tenant u32 · first u8 · state u8 · magic u16 · kept for u32 · scope, 32 bytes · note
 */
export class SlotMeta {
  /** `fingerprintOf` its digest. */
  fingerprint: u64 = 0;
  /** The same of the entry that it is a copy of, or its own. */
  origin: u64 = 0;
  /** `fingerprintOf` the hash of the stored question, 0 when there is none. */
  question: u64 = 0;
  /** Its size as counted. */
  size: u32 = 0;
  /** The cost of asking the model again. */
  cost: u32 = 0;
  /** Seconds since 1970. */
  created: u32 = 0;
  /** Seconds since 1970 when it becomes useless, 0 for never. */
  expires: u32 = 0;
  /** Seconds before `expires` in which it is only evidence, no longer served. */
  keptFor: u32 = 0;
  /** With `Claimed`: seconds since 1970 when the claim expires. */
  until: u32 = 0;
  /** The tenant. */
  tenant: u32 = 0;
  /** How often it had been requested when it was cached. */
  first: u8 = 0;
  /** The scope: 32 bytes. */
  scope: Bytes = NO_SCOPE;
  /** What an index needs to know of the entry; often empty. */
  note: Bytes = Bytes.empty();

  constructor(
    /** Number of the entry, or of the event that has freed the slot. */
    public entry: u64,
    /** `SlotState`. */
    public state: u8,
  ) {}

  encode(): Bytes {
    const out = Bytes.wrap(new ArrayBuffer(HEAD + this.note.length));
    const p = out.pointer;
    store<u64>(p, this.entry);
    store<u64>(p, this.fingerprint, 8);
    store<u64>(p, this.origin, 16);
    store<u64>(p, this.question, 24);
    store<u32>(p, this.size, 32);
    store<u32>(p, this.cost, 36);
    store<u32>(p, this.created, 40);
    store<u32>(p, this.expires, 44);
    store<u32>(p, this.until, 48);
    store<u32>(p, this.tenant, 52);
    store<u8>(p, this.first, 56);
    store<u8>(p, this.state, 57);
    store<u16>(p, MAGIC, 58);
    store<u32>(p, this.keptFor, 60);
    memory.copy(p + <usize>SCOPE_AT, this.scope.pointer, <usize>min(DIGEST, this.scope.length));
    memory.copy(p + <usize>HEAD, this.note.pointer, <usize>this.note.length);
    return out;
  }

  /** Null when the bytes are too short or foreign. */
  static decode(data: Bytes): SlotMeta | null {
    if (data.length < HEAD) return null;
    const p = data.pointer;
    const state = load<u8>(p, 57);
    if (load<u16>(p, 58) != MAGIC || state < SlotState.Live || state > SlotState.Free) return null;
    const meta = new SlotMeta(load<u64>(p), state);
    meta.fingerprint = load<u64>(p, 8);
    meta.origin = load<u64>(p, 16);
    meta.question = load<u64>(p, 24);
    meta.size = load<u32>(p, 32);
    meta.cost = load<u32>(p, 36);
    meta.created = load<u32>(p, 40);
    meta.expires = load<u32>(p, 44);
    meta.until = load<u32>(p, 48);
    meta.tenant = load<u32>(p, 52);
    meta.first = load<u8>(p, 56);
    meta.keptFor = load<u32>(p, 60);
    meta.scope = data.slice(SCOPE_AT, HEAD);
    meta.note = data.slice(HEAD);
    return meta;
  }

  /** Whether an entry in this slot counts: it is valid, or about to be replaced. */
  get isCounted(): bool {
    return this.entry != 0 && this.state != SlotState.Free;
  }

  /** Whether a worker may take the slot at `now` (seconds). The claim of a dead writer expires. */
  isClaimable(now: u32): bool {
    // A clock that is set back must not block a slot forever.
    return this.state != SlotState.Claimed || now >= this.until || this.until > now + CLAIM_SECONDS;
  }

  /** The same entry, claimed for some seconds. */
  claimed(now: u32): SlotMeta {
    const meta = new SlotMeta(this.entry, SlotState.Claimed);
    meta.fingerprint = this.fingerprint;
    meta.origin = this.origin;
    meta.question = this.question;
    meta.size = this.size;
    meta.cost = this.cost;
    meta.tenant = this.tenant;
    meta.scope = this.scope;
    meta.until = now + CLAIM_SECONDS;
    return meta;
  }
}

/** How long a writer may take. */
const CLAIM_SECONDS: u32 = 5;
const NO_SCOPE = Bytes.wrap(new ArrayBuffer(DIGEST));

/** The first eight bytes of a digest, enough to find an entry; the record's full digest decides. */
export function fingerprintOf(digest: Bytes): u64 {
  return digest.length >= 8 ? load<u64>(digest.pointer) : 0;
}
