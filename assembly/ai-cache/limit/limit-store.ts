import { Bytes } from "../../proxy-wasm/bytes";
import { SharedTable } from "../policy/shared-table";
import { NoiseCounts } from "./label-noise";
import { BINS, NEVER, ScoreCounts } from "./score-counts";

export const STRATA: u32 = 64;
/** stratum u64 · labels u32 · bin logged u8 and minute u24 · 64 right f32 · 64 wrong f32 */
const RIGHT_AT: usize = 16;
const WRONG_AT: usize = RIGHT_AT + <usize>BINS * 4;
const COUNT_BYTES: i32 = <i32>WRONG_AT + BINS * 4;
/** rule u64 · twins u32 · differing u32 · refused u32 · agreeing u32 */
const NOISE_BYTES: i32 = 24;
const MAX_WEIGHT: f32 = 1e9;

/** The counts of limits, in shared data for all workers. */
export class LimitStore {
  private readonly strata: SharedTable;
  private readonly noises: SharedTable;

  /** `prefix`: of its keys. */
  constructor(prefix: string) {
    this.strata = new SharedTable(prefix + "s", STRATA, COUNT_BYTES);
    this.noises = new SharedTable(prefix + "n", STRATA, NOISE_BYTES);
  }

  /** Reads the counts of a stratum; zeros when there are none. */
  readCounts(id: u64, out: ScoreCounts): void {
    const record = this.strata.find(id);
    if (record === null || !decodeCounts(record, out)) out.clear();
  }

  /** Writes the counts that were read last. False when another worker has changed them since. */
  writeCounts(id: u64, counts: ScoreCounts): bool {
    return this.strata.write(encodeCounts(id, counts));
  }

  /** Reads the counts in a slot of the table, for iteration. Returns their stratum, 0 for none. */
  countsAt(place: u32, out: ScoreCounts): u64 {
    const record = this.strata.at(place);
    return record !== null && decodeCounts(record, out) ? load<u64>(record.pointer) : 0;
  }

  /** The rule whose noise is in a slot of the table; 0 for none. */
  noiseIdAt(place: u32): u64 {
    const record = this.noises.at(place);
    return record === null ? 0 : load<u64>(record.pointer);
  }

  /** Reads the counts of label noise. */
  readNoise(id: u64): NoiseCounts {
    const out = new NoiseCounts();
    const record = this.noises.find(id);
    if (record === null) return out;
    const p = record.pointer;
    out.twins = load<u32>(p, 8);
    out.differing = min(out.twins, load<u32>(p, 12));
    out.refused = load<u32>(p, 16);
    out.agreeing = min(out.refused, load<u32>(p, 20));
    return out;
  }

  /** Writes what was read last. False when another worker has changed it since. */
  writeNoise(id: u64, counts: NoiseCounts): bool {
    const data = Bytes.wrap(new ArrayBuffer(NOISE_BYTES));
    const p = data.pointer;
    store<u64>(p, id);
    store<u32>(p, counts.twins, 8);
    store<u32>(p, counts.differing, 12);
    store<u32>(p, counts.refused, 16);
    store<u32>(p, counts.agreeing, 20);
    return this.noises.write(data);
  }
}

function encodeCounts(id: u64, counts: ScoreCounts): Bytes {
  const data = Bytes.wrap(new ArrayBuffer(COUNT_BYTES));
  const p = data.pointer;
  store<u64>(p, id);
  store<u32>(p, counts.labels, 8);
  store<u32>(p, ((<u32>(counts.loggedBin ^ NEVER)) & 0xff) | (counts.loggedAt << 8), 12);
  for (let i = 0; i < BINS; i++) {
    const at = (<usize>i) << 2;
    store<f32>(p + RIGHT_AT + at, unchecked(counts.right[i]));
    store<f32>(p + WRONG_AT + at, unchecked(counts.wrong[i]));
  }
  return data;
}

/** False when they cannot be counts. */
function decodeCounts(data: Bytes, out: ScoreCounts): bool {
  const p = data.pointer;
  out.labels = load<u32>(p, 8);
  out.loggedBin = (<i32>load<u8>(p, 12)) ^ NEVER;
  out.loggedAt = load<u32>(p, 12) >> 8;
  for (let i = 0; i < BINS; i++) {
    const at = (<usize>i) << 2;
    const right = load<f32>(p + RIGHT_AT + at);
    const wrong = load<f32>(p + WRONG_AT + at);
    if (!(right >= 0 && right < MAX_WEIGHT && wrong >= 0 && wrong < MAX_WEIGHT)) return false;
    unchecked((out.right[i] = right));
    unchecked((out.wrong[i] = wrong));
  }
  return true;
}
