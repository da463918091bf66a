import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf } from "../../proxy-wasm/shared-data";

const DAY: u64 = 86_400;
const TRIES: i32 = 3;
/** day u32 · calls u32 */
const BYTES: i32 = 8;

/** Maximum number of calls of all workers per day (UTC). */
export class DailyCalls {
  private readonly key: Bytes;

  constructor(
    key: string,
    private readonly most: u32,
  ) {
    this.key = Bytes.of(key);
  }

  /** Whether a call is left. `now`: seconds. */
  isLeft(now: u64): bool {
    const value = getShared(this.key);
    return value === null || callsOf(value.data, now) < this.most;
  }

  /** Takes one call; false when none is left, or other workers are competing. */
  take(now: u64): bool {
    for (let i = 0; i < TRIES; i++) {
      const value = getShared(this.key);
      const calls: u32 = value === null ? 0 : callsOf(value.data, now);
      if (calls >= this.most) return false;
      const data = Bytes.wrap(new ArrayBuffer(BYTES));
      store<u32>(data.pointer, <u32>(now / DAY));
      store<u32>(data.pointer, calls + 1, 4);
      const isWritten =
        value === null ? setShared(this.key, data) : setSharedIf(this.key, data, value.cas);
      if (isWritten) return true;
    }
    return false;
  }
}

function callsOf(data: Bytes, now: u64): u32 {
  const isToday = data.length == BYTES && load<u32>(data.pointer) == <u32>(now / DAY);
  return isToday ? load<u32>(data.pointer, 4) : 0;
}
