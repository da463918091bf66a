import { Bytes } from "../../proxy-wasm/bytes";
import { nowMilliseconds } from "../../proxy-wasm/clock";
import { logInfo, logWarn } from "../../proxy-wasm/log";
import { fnv1a32 } from "../../text/fnv";
import { xxhash64 } from "../../text/xxhash64";
import { KeyList } from "./key-list";
import { KeyEvent, KeyRecord, KeyStates } from "./key-states";
import { randomBelow } from "./random";

/** No key. */
export const NO_KEY: i32 = -1;

const NONE: i32[] = [];

/** The keys of a provider, one of which is chosen for each request, with their states. */
export class TokenPool {
  private readonly states: KeyStates | null;

  constructor(private readonly keys: KeyList) {
    const failover = keys.failover;
    this.states =
      failover === null || keys.size == 0
        ? null
        : new KeyStates(keys.identity, keys.size, failover);
  }

  /** For the prober; null when keys are not tracked. */
  get keyStates(): KeyStates | null {
    return this.states;
  }

  /**
   * The key for a request, `NO_KEY` when there are none: at random among those that are in; for a
   * consumer that is not empty always the same (FNV-1a of its name modulo the number of keys, as in
   * the Go plugin, and while that one is out the highest rendezvous hash of the others). When all
   * are out, one that comes back soonest. `model`: for pools that judge by model. `tried`: indexes
   * that have failed this request already; one of them is taken only when there is no other.
   */
  choose(consumer: Bytes, model: Bytes = Bytes.empty(), tried: i32[] = NONE): i32 {
    const count = this.keys.size;
    if (count == 0) return NO_KEY;
    const states = this.states;
    if (states === null && tried.length == 0) {
      if (consumer.length == 0) return randomBelow(count);
      return <i32>(fnv1a32(consumer) % <u32>count);
    }
    const record = states === null ? KeyRecord.fresh(count, 0) : states.read(model);
    return this.chooseIn(record, consumer, tried);
  }

  private chooseIn(record: KeyRecord, consumer: Bytes, tried: i32[]): i32 {
    const now = nowMilliseconds();
    const count = this.keys.size;
    const candidates: i32[] = [];
    for (let i = 0; i < count; i++) {
      if (record.isIn(i, now) && !tried.includes(i)) candidates.push(i);
    }
    if (candidates.length == 0) return this.leastBad(record, tried);
    if (consumer.length == 0) return candidates[randomBelow(candidates.length)];
    const usual = <i32>(fnv1a32(consumer) % <u32>count);
    if (candidates.includes(usual)) return usual;
    let best = candidates[0];
    let highest: u64 = 0;
    for (let i = 0; i < candidates.length; i++) {
      const weight = xxhash64(consumer, xxhash64(this.keys.token(candidates[i])));
      if (weight < highest) continue;
      highest = weight;
      best = candidates[i];
    }
    return best;
  }

  /** The key whose cool-down ends first, preferring those that this request has not tried. */
  private leastBad(record: KeyRecord, tried: i32[]): i32 {
    const start = randomBelow(this.keys.size);
    let best = NO_KEY;
    for (let i = 0; i < this.keys.size; i++) {
      const index = (start + i) % this.keys.size;
      if (best == NO_KEY) best = index;
      else if (tried.includes(index) != tried.includes(best)) {
        if (!tried.includes(index)) best = index;
      } else if (record.until[index] < record.until[best]) best = index;
    }
    return best;
  }

  /**
   * Records how the service answered a request with key `index`. `retryAfterMs`: of its header. Returns
   * whether the answer counts as the key's failure.
   */
  report(index: i32, model: Bytes, status: i32, retryAfterMs: u64): bool {
    const states = this.states;
    const config = this.keys.failover;
    if (states === null || config === null || index < 0) return false;
    const failed = config.onStatus.matches(status);
    if (!failed && (status < 200 || status >= 300)) return false;
    const event = failed ? KeyEvent.Failure : KeyEvent.Success;
    if (states.note(index, model, event, nowMilliseconds(), retryAfterMs) && failed) {
      logWarn(this.nameOf(index) + " is out after status " + status.toString());
    }
    return failed;
  }

  /** Records a probe of key `index`. */
  reportProbe(index: i32, succeeded: bool): void {
    const states = this.states;
    if (states === null) return;
    const event = succeeded ? KeyEvent.ProbeSuccess : KeyEvent.ProbeFailure;
    if (states.note(index, Bytes.empty(), event, nowMilliseconds(), 0)) {
      logInfo(this.nameOf(index) + " is back");
    }
  }

  /** Number of enabled keys at `now`, for the metric. */
  available(model: Bytes): i32 {
    const states = this.states;
    if (states === null) return this.keys.size;
    const record = states.read(model);
    const now = nowMilliseconds();
    let count = 0;
    for (let i = 0; i < this.keys.size; i++) {
      if (record.isIn(i, now)) count++;
    }
    return count;
  }

  private nameOf(index: i32): string {
    return "key " + index.toString() + " of provider " + this.keys.label;
  }
}
