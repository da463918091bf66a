import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { nowNanoseconds } from "../../proxy-wasm/clock";
import { Blake2b } from "../../text/blake2b";

const SLOTS: u32 = 4096;

/**
 * Recently cached requests of all tenants, so that an operator sees when the same question is cached under
 * many scopes. A table of fixed size with keyed hashes only; it never serves answers, and clients do not
 * see it.
 */
export class ScopeSketch {
  /** For each slot: the request, and its scope. */
  private readonly table: StaticArray<u32> = new StaticArray<u32>(2 * SLOTS);
  private readonly secret: Bytes = freshSecret();

  /** Whether `asked` has been cached under another scope than `scope`. */
  isElsewhere(asked: Bytes, scope: Bytes): bool {
    const hash = this.hash(asked);
    const at = slotOf(hash);
    return this.table[at] == tagOf(hash) && this.table[at + 1] != <u32>this.hash(scope);
  }

  /** Records that `asked` is cached under `scope`. */
  note(asked: Bytes, scope: Bytes): void {
    const hash = this.hash(asked);
    const at = slotOf(hash);
    this.table[at] = tagOf(hash);
    this.table[at + 1] = <u32>this.hash(scope);
  }

  private hash(value: Bytes): u64 {
    return load<u64>(Blake2b.begin().update(this.secret).update(value).digest().pointer);
  }
}

/** 0 marks an empty slot. */
function tagOf(hash: u64): u32 {
  return (<u32>(hash >> 32)) | 1;
}

function slotOf(hash: u64): i32 {
  return <i32>(<u32>hash % SLOTS) * 2;
}

/** The clock in nanoseconds is unpredictable from outside. */
function freshSecret(): Bytes {
  return Blake2b.digest(new ByteWriter(8).uint(nowNanoseconds(), 8).toBytes());
}
