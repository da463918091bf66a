import { Bytes } from "../../proxy-wasm/bytes";
import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { xxhash64 } from "../../text/xxhash64";

const SLOTS: i32 = 1024;

/**
 * The latest model named in answers, by scope and requested model, in a table of fixed size. It decides
 * only about answers after more than one attempt.
 */
export class LastModels {
  private readonly table: StaticArray<u64> = new StaticArray<u64>(2 * SLOTS);

  /** Whether the last answer to `asked` in `scope` named the model `answered`; false if unknown. */
  isUsual(scope: Bytes, asked: Bytes, answered: Bytes): bool {
    const key = keyOf(scope, asked);
    const at = slotOf(key);
    return this.table[at] == key && this.table[at + 1] == xxhash64(answered);
  }

  /** Records the model of an answer. */
  note(scope: Bytes, asked: Bytes, answered: Bytes): void {
    const key = keyOf(scope, asked);
    const at = slotOf(key);
    this.table[at] = key;
    this.table[at + 1] = xxhash64(answered);
  }
}

function keyOf(scope: Bytes, asked: Bytes): u64 {
  const out = new ByteWriter(scope.length + asked.length + 8).framed(scope).framed(asked);
  return xxhash64(out.toBytes()) | 1;
}

function slotOf(key: u64): i32 {
  return <i32>((key >> 1) % <u64>SLOTS) * 2;
}
