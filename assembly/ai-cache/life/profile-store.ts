import { Bytes } from "../../proxy-wasm/bytes";
import { getShared, setShared } from "../../proxy-wasm/shared-data";
import { NumberedKey } from "../policy/numbered-key";
import { CELLS } from "./change-model";

/** fingerprint u64 · last seen u32 · observations u8 · 48 log-likelihoods u8, in eighths of a nat below 0 */
const SEEN_AT: usize = 13;
const BYTES: i32 = <i32>SEEN_AT + CELLS;
const PROFILE: i32 = 1 + CELLS;
const PARTS: f64 = 8;
const MOST_PARTS: f64 = 128;
/** After so many seconds a question's place may be taken by any other. */
const WEEK: u32 = 7 * 86_400;
const MOST_PROFILES: u32 = 16_384;

/** Says how often a key was asked for lately. */
export abstract class Popularity {
  abstract countOf(fingerprint: u64): i32;
}

/** What was seen of single questions, in shared data: a table with one place for each, by fingerprint. */
export class ProfileStore {
  private readonly key: NumberedKey;
  private readonly places: u32;
  readonly seen: StaticArray<f64> = new StaticArray<f64>(CELLS);
  private observations: u8 = 0;

  /** `prefix`: of their keys. `entries`: of the store. */
  constructor(
    prefix: string,
    entries: u32,
    private readonly popularity: Popularity,
  ) {
    this.key = new NumberedKey(prefix + "p");
    let places: u32 = 16;
    while (places < MOST_PROFILES && places < entries) places <<= 1;
    this.places = places;
  }

  /** Reads what was seen of a question into `seen`; false when nothing was. */
  read(fingerprint: u64): bool {
    this.seen.fill(0);
    this.observations = 0;
    const value = getShared(this.placeOf(fingerprint));
    if (value === null || value.data.length != BYTES) return false;
    const p = value.data.pointer;
    if (load<u64>(p) != fingerprint) return false;
    this.observations = load<u8>(p, 12);
    for (let i = 0; i < CELLS; i++) {
      const parts = <f64>load<u8>(p + SEEN_AT + <usize>i);
      unchecked((this.seen[i] = -min(parts, MOST_PARTS) / PARTS));
    }
    return true;
  }

  /** What was read, as `decode` takes it: observations u8 · 48 log-likelihoods u8. */
  encode(): Bytes {
    const data = Bytes.wrap(new ArrayBuffer(PROFILE));
    store<u8>(data.pointer, this.observations);
    for (let i = 0; i < CELLS; i++) store<u8>(data.pointer + 1 + <usize>i, this.partsOf(i));
    return data;
  }

  /** Takes what another has encoded, for `write`; false when it is none. */
  decode(data: Bytes): bool {
    if (data.length != PROFILE) return false;
    this.observations = data.at(0);
    for (let i = 0; i < CELLS; i++) {
      unchecked((this.seen[i] = -min(<f64>data.at(i + 1), MOST_PARTS) / PARTS));
    }
    return true;
  }

  private partsOf(cell: i32): u8 {
    const parts = Math.round(-unchecked(this.seen[cell]) * PARTS);
    return <u8>max<f64>(0, min(MOST_PARTS, parts));
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
    const data = Bytes.wrap(new ArrayBuffer(BYTES));
    const p = data.pointer;
    store<u64>(p, fingerprint);
    store<u32>(p, now, 8);
    store<u8>(p, <u8>min<i32>(255, <i32>this.observations + 1), 12);
    for (let i = 0; i < CELLS; i++) {
      store<u8>(p + SEEN_AT + <usize>i, this.partsOf(i));
    }
    setShared(this.placeOf(fingerprint), data);
  }

  private placeOf(fingerprint: u64): Bytes {
    return this.key.at((<u32>(fingerprint >> 32)) & (this.places - 1));
  }
}
