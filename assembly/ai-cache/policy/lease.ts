import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setSharedIf } from "../../proxy-wasm/shared-data";

/** How long it lasts unless it is renewed, in seconds. */
const SECONDS: u32 = 3;
const TRIES: i32 = 16;
/** owner u64 · until u32 · nothing u32 */
const BYTES: i32 = 16;

/** A task for one worker at a time. */
export class Lease {
  private readonly key: Bytes;
  private readonly counterKey: Bytes;
  /** Identifies this worker; 0 before the first attempt. */
  private own: u64 = 0;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    this.key = Bytes.of(prefix + "lease");
    this.counterKey = Bytes.of(prefix + "id");
  }

  /** Acquires or renews it; false when another worker has it. `now`: seconds. */
  hold(now: u32): bool {
    if (this.own == 0) this.own = this.draw();
    if (this.own == 0) return false;
    const value = getShared(this.key);
    if (value !== null && value.data.length == BYTES) {
      const p = value.data.pointer;
      const until = load<u32>(p, 8);
      const isOver = now >= until || until > now + SECONDS;
      if (load<u64>(p) != this.own && !isOver) return false;
    }
    const data = Bytes.wrap(new ArrayBuffer(BYTES));
    store<u64>(data.pointer, this.own);
    store<u32>(data.pointer, now + SECONDS, 8);
    if (value === null) {
      setSharedIf(this.key, data, 0);
      // Two may have written at once: the next attempt decides.
      return false;
    }
    return setSharedIf(this.key, data, value.cas);
  }

  /** A number that no other worker has. */
  private draw(): u64 {
    for (let i = 0; i < TRIES; i++) {
      const value = getShared(this.counterKey);
      const isThere = value !== null && value.data.length == 8;
      const last = value !== null && isThere ? load<u64>(value.data.pointer) : 0;
      const data = Bytes.wrap(new ArrayBuffer(8));
      store<u64>(data.pointer, last + 1);
      if (value === null) setSharedIf(this.counterKey, data, 0);
      else if (setSharedIf(this.counterKey, data, value.cas)) return last + 1;
    }
    return 0;
  }
}
