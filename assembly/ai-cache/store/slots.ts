import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "../policy/numbered-key";
import { SlotMeta, SlotState } from "./slot-meta";

/** The slots in shared data: the description and the bytes of each entry. */
export class Slots {
  private readonly metaKey: NumberedKey;
  private readonly bodyKey: NumberedKey;

  /** `prefix`: of their keys. */
  constructor(prefix: string) {
    this.metaKey = new NumberedKey(prefix + "m");
    this.bodyKey = new NumberedKey(prefix + "b");
  }

  /** The description in a slot; null when there is none that can be read. */
  meta(slot: u32): SlotMeta | null {
    const value = getShared(this.metaKey.at(slot));
    return value === null ? null : SlotMeta.decode(value.data);
  }

  /** The bytes in a slot, which may belong to another entry by now. */
  body(slot: u32): Bytes {
    const value = getShared(this.bodyKey.at(slot));
    return value === null ? Bytes.empty() : value.data;
  }

  /**
   * Claims the slot of an entry, for some seconds from `now` on. `entry`: the expected entry, 0 for none.
   * False when it has another one or another worker has claimed it.
   */
  claim(slot: u32, entry: u64, now: u32): bool {
    const value = getShared(this.metaKey.at(slot));
    if (value === null) return false;
    const meta = SlotMeta.decode(value.data);
    if (meta === null || !meta.isClaimable(now)) return false;
    if (meta.isCounted ? meta.entry != entry : entry != 0) return false;
    const held = meta.isCounted ? meta : new SlotMeta(0, SlotState.Free);
    return setSharedIf(this.metaKey.at(slot), held.claimed(now).encode(), value.cas);
  }

  /** Clears the bytes in a slot. */
  empty(slot: u32): void {
    setShared(this.bodyKey.at(slot), Bytes.empty());
  }

  /** Writes an entry into a slot that this worker has claimed. */
  write(slot: u32, meta: SlotMeta, body: Bytes): void {
    setShared(this.bodyKey.at(slot), body);
    setShared(this.metaKey.at(slot), meta.encode());
  }

  /** Frees a slot that this worker has claimed. `event`: the number of this event. */
  free(slot: u32, event: u64): SlotMeta {
    const meta = new SlotMeta(event, SlotState.Free);
    this.empty(slot);
    setShared(this.metaKey.at(slot), meta.encode());
    return meta;
  }
}
