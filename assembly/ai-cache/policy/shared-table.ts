import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "./numbered-key";

/** Slots that a record may be in. */
const CHOICES: u32 = 4;

/** Records of one length in shared data, each beginning with its number. None is ever removed. */
export class SharedTable {
  private readonly key: NumberedKey;
  /** The slot of the record that was read last, −1 for none. */
  private place: i32 = -1;
  /** For the conditional write; 0 for a slot that was never written. */
  private cas: u32 = 0;

  /** `prefix`: of its keys. `length`: bytes of a record. */
  constructor(
    prefix: string,
    private readonly places: u32,
    private readonly length: i32,
  ) {
    this.key = new NumberedKey(prefix);
  }

  /** The record with this number; null when there is none. `write` then writes it. */
  find(id: u64): Bytes | null {
    this.place = -1;
    for (let i: u32 = 0; i < CHOICES; i++) {
      const place = (<u32>id + i) % this.places;
      const value = getShared(this.key.at(place));
      const isWritten = value !== null && value.data.length == this.length;
      if (value !== null && isWritten && load<u64>(value.data.pointer) == id) {
        this.place = place;
        this.cas = value.cas;
        return value.data;
      }
      if (isWritten || this.place >= 0) continue;
      this.place = place;
      this.cas = value === null ? 0 : value.cas;
    }
    return null;
  }

  /** Whether the record that was read last has a slot, or may take one. */
  get hasPlace(): bool {
    return this.place >= 0;
  }

  /** Writes the record that was read last. False when another worker has changed it since. */
  write(record: Bytes): bool {
    if (this.place < 0) return true;
    const key = this.key.at(this.place);
    return this.cas == 0 ? setShared(key, record) : setSharedIf(key, record, this.cas);
  }

  /** The record in a slot, for iteration; null when it is empty. */
  at(place: u32): Bytes | null {
    const value = getShared(this.key.at(place));
    return value !== null && value.data.length == this.length ? value.data : null;
  }
}
