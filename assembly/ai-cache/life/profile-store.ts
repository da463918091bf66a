import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "../policy/numbered-key";
import { CELLS } from "./change-model";

/**
 * fingerprint u64 · last seen u32 · observations u8 · 48 log-likelihoods u8, in eighths of a nat below 0 · waits f32 ·
 * their hours f32
 */
const SEEN_AT: usize = 13;
const WAITS_AT: usize = SEEN_AT + <usize>CELLS;
const BYTES: i32 = <i32>WAITS_AT + 8;
/** Offset of what `encode` writes, which begins with the observations. */
const HEAD: usize = 12;
const PARTS: f64 = 8;
const MAX_PARTS: f64 = 128;
/** After this many seconds a question's slot may be reused. */
const WEEK: u32 = 7 * 86_400;
const MAX_PROFILES: u32 = 16_384;

/** Discount of earlier waits, at each further one. */
const MEMORY: f64 = 0.9;
/** Prior of waits and their hours: one request every ten hours. */
const DEFAULT_WAITS: f64 = 0.3;
const DEFAULT_HOURS: f64 = 3;
const SHORTEST: f64 = 1 / 60;
const LONGEST: f64 = 1e5;

/** Tells how often a key was requested recently. */
export abstract class Popularity {
  abstract countOf(fingerprint: u64): i32;
}

/** Observations of single questions, in shared data: a table with one slot for each, by fingerprint. */
export class ProfileStore {
  private readonly key: NumberedKey;
  private readonly places: u32;
  readonly seen: StaticArray<f64> = new StaticArray<f64>(CELLS);
  private observations: u8 = 0;
  private waits: f64 = 0;
  private hours: f64 = 0;

  /** `prefix`: of their keys. `entries`: of the store. */
  constructor(
    prefix: string,
    entries: u32,
    private readonly popularity: Popularity,
  ) {
    this.key = new NumberedKey(prefix + "p");
    let places: u32 = 16;
    while (places < MAX_PROFILES && places < entries) places <<= 1;
    this.places = places;
  }

  /** Reads the observations of a question into `seen`; false for none. */
  read(fingerprint: u64): bool {
    this.seen.fill(0);
    this.observations = 0;
    this.waits = 0;
    this.hours = 0;
    const value = getShared(this.placeOf(fingerprint));
    if (value === null || value.data.length != BYTES) return false;
    if (load<u64>(value.data.pointer) != fingerprint) return false;
    return this.decode(value.data.slice(<i32>HEAD));
  }

  /** What was read, in the format of `decode`. */
  encode(): Bytes {
    const data = Bytes.wrap(new ArrayBuffer(BYTES));
    const p = data.pointer;
    store<u8>(p, this.observations, HEAD);
    for (let i = 0; i < CELLS; i++) {
      const parts = Math.round(-unchecked(this.seen[i]) * PARTS);
      store<u8>(p + SEEN_AT + <usize>i, <u8>max<f64>(0, min(MAX_PARTS, parts)));
    }
    store<f32>(p + WAITS_AT, <f32>this.waits);
    store<f32>(p + WAITS_AT + 4, <f32>this.hours);
    return data.slice(<i32>HEAD);
  }

  /** Decodes another Envoy's observations, for `write`; false when they are invalid. */
  decode(data: Bytes): bool {
    if (data.length != BYTES - <i32>HEAD) return false;
    // Offsets are those of the whole.
    const p = data.pointer - HEAD;
    this.observations = load<u8>(p, HEAD);
    for (let i = 0; i < CELLS; i++) {
      const parts = <f64>load<u8>(p + SEEN_AT + <usize>i);
      unchecked((this.seen[i] = -min(parts, MAX_PARTS) / PARTS));
    }
    const waits = <f64>load<f32>(p + WAITS_AT);
    const hours = <f64>load<f32>(p + WAITS_AT + 4);
    const isSound = waits >= 0 && hours >= 0 && hours <= waits * LONGEST;
    this.waits = isSound ? min(waits, 1 / (1 - MEMORY)) : 0;
    this.hours = isSound ? hours : 0;
    return true;
  }

  /** Takes note that the question was asked so many hours after its answer had expired. */
  wait(hours: f64): void {
    this.waits = this.waits * MEMORY + 1;
    this.hours = this.hours * MEMORY + max(SHORTEST, min(LONGEST, hours));
  }

  /** How often the question is asked, in times an hour; 0 where that is not known. */
  get rate(): f64 {
    return this.waits == 0 ? 0 : (this.waits + DEFAULT_WAITS) / (this.hours + DEFAULT_HOURS);
  }

  /** Writes `seen`, unless the place is another question's that is asked more often. `now`: seconds. */
  write(fingerprint: u64, now: u32): void {
    const value = getShared(this.placeOf(fingerprint));
    if (value !== null && value.data.length == BYTES) {
      const owner = load<u64>(value.data.pointer);
      const last = load<u32>(value.data.pointer, 8);
      const isFresh = last <= now && now - last < WEEK;
      const isOther = owner != fingerprint && isFresh;
      if (isOther && this.popularity.countOf(owner) > this.popularity.countOf(fingerprint)) return;
    }
    this.observations = <u8>min<i32>(255, <i32>this.observations + 1);
    const data = new ByteWriter(BYTES)
      .uint(fingerprint, 8)
      .uint(<u64>now, 4)
      .bytes(this.encode());
    setShared(this.placeOf(fingerprint), data.toBytes());
  }

  private placeOf(fingerprint: u64): Bytes {
    return this.key.at((<u32>(fingerprint >> 32)) & (this.places - 1));
  }
}
