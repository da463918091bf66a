import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import { xxhash64 } from "../../text/xxhash64";
import { CELLS, startWeights } from "../life/change-model";
import { CLASSES, ClassStore, QuestionClass } from "../life/class-store";
import { NoiseCounts } from "../limit/label-noise";
import { LimitStore, STRATA } from "../limit/limit-store";
import { BINS, ScoreCounts } from "../limit/score-counts";

/** "AIL" and the version of the layout. */
const MAGIC: u32 = 0x314c4941;
const HEAD: i32 = 24;
/** Limits on what one Envoy publishes, to stay below 16 KiB. */
const MAX_CLASSES: i32 = 40;
const MAX_STRATA: i32 = 12;
const CLASS_BYTES: i32 = 8 + 4 * CELLS;
const STRATUM_BYTES: i32 = 16 + 8 * BINS;
const NOISE_BYTES: i32 = 24;
/** Limits on what is kept of all others. */
const MAX_KNOWN: i32 = 256;
const MAX_WEIGHT: f32 = 1e6;

/*
 * What one Envoy has learned, little-endian:
 *
 *   AIL1 · nothing u32 · checksum u64 · classes u16 · strata u16 · noises u16 · nothing u16 ·
 *   classes: id u64, 48 f32 that were added · strata: id u64, labels u64, 64 right f32, 64 wrong f32 ·
 *   noises: id u64, twins u32, differing u32, refused u32, agreeing u32
 *
 * checksum: XXH64 of everything after it.
 */

/** What several Envoys have learned, added up. */
export class LearnedSums {
  /** The contributions of observations to the weights of classes. */
  readonly classes: Map<u64, StaticArray<f64>> = new Map();
  readonly strata: Map<u64, ScoreCounts> = new Map();
  readonly noises: Map<u64, NoiseCounts> = new Map();

  clear(): void {
    this.classes.clear();
    this.strata.clear();
    this.noises.clear();
  }

  /**
   * Adds one Envoy's sums; false, with nothing added, when they are foreign, of another version or damaged.
   */
  take(data: Bytes): bool {
    if (data.length < HEAD || load<u32>(data.pointer) != MAGIC) return false;
    const p = data.pointer;
    if (load<u64>(p, 8) != xxhash64(data.slice(16))) return false;
    const classes = <i32>load<u16>(p, 16);
    const strata = <i32>load<u16>(p, 18);
    const noises = <i32>load<u16>(p, 20);
    const strataAt = HEAD + classes * CLASS_BYTES;
    const noisesAt = strataAt + strata * STRATUM_BYTES;
    if (data.length != noisesAt + noises * NOISE_BYTES) return false;
    for (let i = 0; i < classes; i++) this.takeClass(p + <usize>(HEAD + i * CLASS_BYTES));
    for (let i = 0; i < strata; i++) this.takeStratum(p + <usize>(strataAt + i * STRATUM_BYTES));
    for (let i = 0; i < noises; i++) this.takeNoise(p + <usize>(noisesAt + i * NOISE_BYTES));
    return true;
  }

  private takeClass(p: usize): void {
    const id = load<u64>(p);
    if (!this.classes.has(id)) {
      if (this.classes.size >= MAX_KNOWN) return;
      this.classes.set(id, new StaticArray<f64>(CELLS));
    }
    const sums = this.classes.get(id);
    for (let i = 0; i < CELLS; i++) {
      unchecked((sums[i] += <f64>numberAt(p + 8 + ((<usize>i) << 2))));
    }
  }

  private takeStratum(p: usize): void {
    const id = load<u64>(p);
    if (!this.strata.has(id)) {
      if (this.strata.size >= MAX_KNOWN) return;
      this.strata.set(id, new ScoreCounts());
    }
    const counts = this.strata.get(id);
    counts.labels += load<u32>(p, 8);
    for (let i = 0; i < BINS; i++) {
      const at = p + 16 + ((<usize>i) << 2);
      unchecked((counts.right[i] += max<f32>(0, numberAt(at))));
      unchecked((counts.wrong[i] += max<f32>(0, numberAt(at + 4 * BINS))));
    }
  }

  private takeNoise(p: usize): void {
    const id = load<u64>(p);
    if (!this.noises.has(id)) {
      if (this.noises.size >= MAX_KNOWN) return;
      this.noises.set(id, new NoiseCounts());
    }
    const noise = new NoiseCounts();
    noise.twins = load<u32>(p, 8);
    noise.differing = load<u32>(p, 12);
    noise.refused = load<u32>(p, 16);
    noise.agreeing = load<u32>(p, 20);
    this.noises.get(id).addAll(noise);
  }
}

/** A valid weight or count; 0 for any other bits. */
function numberAt(p: usize): f32 {
  const value = load<f32>(p);
  return abs<f32>(value) < MAX_WEIGHT ? value : 0;
}

/** What this Envoy has learned. */
export function encodeLearned(classes: ClassStore, limits: LimitStore): Bytes {
  const out = new ByteWriter(16_384)
    .uint(<u64>MAGIC, 8)
    .uint(0, 8)
    .uint(0, 8);
  const classCount = writeClasses(classes, out);
  let strata = 0;
  const counts = new ScoreCounts();
  for (let i: u32 = 0; i < STRATA && strata < MAX_STRATA; i++) {
    const id = limits.countsAt(i, counts);
    if (id == 0 || counts.labels == 0) continue;
    strata++;
    out.uint(id, 8).uint(<u64>counts.labels, 8);
    for (let k = 0; k < BINS; k++) out.uint(bitsOf(unchecked(counts.right[k])), 4);
    for (let k = 0; k < BINS; k++) out.uint(bitsOf(unchecked(counts.wrong[k])), 4);
  }
  let noises = 0;
  for (let i: u32 = 0; i < STRATA && noises < MAX_STRATA; i++) {
    const id = limits.noiseIdAt(i);
    if (id == 0) continue;
    noises++;
    const noise = limits.readNoise(id);
    out.uint(id, 8).uint(noise.twins, 4).uint(noise.differing, 4);
    out.uint(noise.refused, 4).uint(noise.agreeing, 4);
  }
  const data = out.toBytes();
  store<u16>(data.pointer, <u16>classCount, 16);
  store<u16>(data.pointer, <u16>strata, 18);
  store<u16>(data.pointer, <u16>noises, 20);
  store<u64>(data.pointer + 8, xxhash64(data.slice(16)));
  return data;
}

function writeClasses(classes: ClassStore, out: ByteWriter): i32 {
  const start = new StaticArray<f64>(CELLS);
  const own = new QuestionClass();
  let count = 0;
  for (let i: u32 = 0; i < CLASSES && count < MAX_CLASSES; i++) {
    if (!classes.at(i, own) || own.observations == 0) continue;
    count++;
    startWeights(own.kind, start);
    out.uint(own.id, 8);
    for (let k = 0; k < CELLS; k++) {
      out.uint(bitsOf(<f32>(unchecked(own.weights[k]) - unchecked(start[k]))), 4);
    }
  }
  return count;
}

function bitsOf(value: f32): u64 {
  return <u64>reinterpret<u32>(value);
}
