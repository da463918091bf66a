import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared, setSharedIf, SharedValue } from "../../proxy-wasm/shared-data";
import { xxhash64 } from "../../text/xxhash64";
import { FailoverConfig } from "./failover-config";

/** A key that only a probe re-enables. */
export const UNTIL_PROBED: u64 = u64.MAX_VALUE;
/** Attempts to write in competition with other workers. */
const MAX_TRIES: i32 = 10;
/** Slots for the states of single models; keys of shared data cannot be deleted. */
const MODEL_SLOTS: u64 = 256;
/** Longest cool-down by `retry-after`, in ms. */
const MAX_RETRY_AFTER_MS: u64 = 3_600_000;

/** Bytes before the states in a record: a hash of the model. */
const HEADER: i32 = 8;
/** Bytes of one state: failures, successes (u32 each) and the end of its absence (u64). */
const STATE: i32 = 16;

/** The shared state of a provider's keys, for one model or for all. */
export class KeyRecord {
  constructor(
    readonly failures: StaticArray<u32>,
    readonly successes: StaticArray<u32>,
    /** Milliseconds since 1970 until which a key is disabled; 0 when it is enabled. */
    readonly until: StaticArray<u64>,
    readonly model: u64,
  ) {}

  /** All keys enabled, nothing counted. */
  static fresh(size: i32, model: u64): KeyRecord {
    return new KeyRecord(
      new StaticArray<u32>(size),
      new StaticArray<u32>(size),
      new StaticArray<u64>(size),
      model,
    );
  }

  /** Whether key `index` may be used at `now` (ms). */
  isIn(index: i32, now: u64): bool {
    return this.until[index] <= now;
  }

  /** Reads a record; null when it is for another number of keys. */
  static decode(data: Bytes, size: i32): KeyRecord | null {
    if (data.length != HEADER + size * STATE) return null;
    const record = KeyRecord.fresh(size, load<u64>(data.pointer));
    for (let i = 0; i < size; i++) {
      const at = data.pointer + <usize>(HEADER + i * STATE);
      record.failures[i] = load<u32>(at);
      record.successes[i] = load<u32>(at, 4);
      record.until[i] = load<u64>(at, 8);
    }
    return record;
  }

  encode(): Bytes {
    const out = new ByteWriter(HEADER + this.until.length * STATE).uint(this.model, 8);
    for (let i = 0; i < this.until.length; i++) {
      out.uint(this.failures[i], 4).uint(this.successes[i], 4).uint(this.until[i], 8);
    }
    return out.toBytes();
  }
}

/** Events of a key. */
export enum KeyEvent {
  Failure = 0,
  Success = 1,
  ProbeFailure = 2,
  ProbeSuccess = 3,
}

/**
 * The states of a provider's keys in shared data, so that all workers share them and a push of the
 * configuration keeps them. The name of a record holds a hash of keys and settings, never a key.
 */
export class KeyStates {
  private readonly name: string;

  /** `identity`: identifies providers with the same keys. `size`: number of keys. */
  constructor(
    identity: Bytes,
    private readonly size: i32,
    private readonly config: FailoverConfig,
  ) {
    this.name = "ai-proxy.keys." + xxhash64(identity).toString(16);
  }

  /** The shared-data key of the probing lease. */
  get leaseName(): string {
    return this.name + ".lease";
  }

  /** The shared-data key of the cluster to probe. */
  get clusterName(): string {
    return this.name + ".cluster";
  }

  /** The current record for a model. */
  read(model: Bytes): KeyRecord {
    const found = getShared(this.nameFor(model));
    return this.recordIn(found, this.hashOf(model));
  }

  /**
   * Records an event of key `index`. `retryAfterMs`: the delay that the service asks for. Returns whether
   * the key was disabled or re-enabled.
   */
  note(index: i32, model: Bytes, event: i32, now: u64, retryAfterMs: u64): bool {
    const name = this.nameFor(model);
    const hash = this.hashOf(model);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const found = getShared(name);
      const record = this.recordIn(found, hash);
      const wasIn = record.isIn(index, now);
      if (!this.apply(record, index, event, now, retryAfterMs)) return false;
      const data = record.encode();
      const written = found === null ? setShared(name, data) : setSharedIf(name, data, found.cas);
      if (written) return wasIn != record.isIn(index, now);
    }
    return false;
  }

  /** Changes the record; false when there is nothing to change. */
  private apply(record: KeyRecord, index: i32, event: i32, now: u64, retryAfterMs: u64): bool {
    if (record.until[index] != 0 && record.isIn(index, now)) this.restore(record, index);
    switch (event) {
      case KeyEvent.Success:
        if (record.failures[index] == 0) return false;
        record.failures[index] = 0;
        return true;
      case KeyEvent.ProbeFailure:
        if (record.successes[index] == 0) return false;
        record.successes[index] = 0;
        return true;
      case KeyEvent.ProbeSuccess:
        record.successes[index]++;
        if (record.successes[index] >= this.config.successThreshold) {
          this.restore(record, index);
        }
        return true;
      default:
        if (!record.isIn(index, now)) return false;
        record.failures[index]++;
        if (record.failures[index] >= this.config.failureThreshold) {
          this.takeOut(record, index, now, retryAfterMs);
        }
        return true;
    }
  }

  private restore(record: KeyRecord, index: i32): void {
    record.failures[index] = 0;
    record.successes[index] = 0;
    record.until[index] = 0;
  }

  private takeOut(record: KeyRecord, index: i32, now: u64, retryAfterMs: u64): void {
    record.failures[index] = 0;
    record.successes[index] = 0;
    const pause = max(this.config.cooldownMs, min(retryAfterMs, MAX_RETRY_AFTER_MS));
    record.until[index] = this.config.cooldownMs == 0 ? UNTIL_PROBED : now + pause;
  }

  /** The record that was found; a new one when there is none, or when it is of another model. */
  private recordIn(found: SharedValue | null, model: u64): KeyRecord {
    if (found !== null) {
      const record = KeyRecord.decode(found.data, this.size);
      if (record !== null && record.model == model) return record;
    }
    return KeyRecord.fresh(this.size, model);
  }

  private hashOf(model: Bytes): u64 {
    return this.config.perModel ? xxhash64(model) : 0;
  }

  private nameFor(model: Bytes): Bytes {
    if (!this.config.perModel) return Bytes.of(this.name);
    return Bytes.of(this.name + "." + (xxhash64(model) % MODEL_SLOTS).toString());
  }
}
