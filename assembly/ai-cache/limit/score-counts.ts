/** Bins of scores from 0.5 to 1. */
export const BINS: i32 = 64;
/** No bin. */
export const NEVER: i32 = 255;
const MIN_SCORE: f64 = 0.5;
/** Labels after which the decay of old ones is checked. */
const FORGET_EVERY: u32 = 64;

/** The bin of a score. */
export function binOf(score: f64): i32 {
  const bin = <i32>floor<f64>((score - MIN_SCORE) * 2 * <f64>BINS);
  return max(0, min(BINS - 1, bin));
}

/** The score at which a bin begins. */
export function scoreOf(bin: i32): f64 {
  return MIN_SCORE + <f64>bin / (2 * <f64>BINS);
}

/** How often semantic candidates turned out right or wrong, by their score. Old labels decay. */
export class ScoreCounts {
  readonly right: StaticArray<f32> = new StaticArray<f32>(BINS);
  readonly wrong: StaticArray<f32> = new StaticArray<f32>(BINS);
  /** Number of labels ever counted. */
  labels: u32 = 0;
  /** The threshold bin that was logged last; `NEVER` if none was. */
  loggedBin: i32 = NEVER;
  /** When it was logged, in minutes. */
  loggedAt: u32 = 0;

  clear(): void {
    this.right.fill(0);
    this.wrong.fill(0);
    this.labels = 0;
    this.loggedBin = NEVER;
    this.loggedAt = 0;
  }

  /** Counts a label. `keep`: weight of labels above which old ones decay. */
  add(score: f64, isRight: bool, keep: f64): void {
    const bin = binOf(score);
    if (isRight) unchecked((this.right[bin] += 1));
    else unchecked((this.wrong[bin] += 1));
    this.labels++;
    if (this.labels % FORGET_EVERY != 0 || this.weight <= keep) return;
    this.fade(<f32>(1 - <f64>FORGET_EVERY / keep));
  }

  /** Adds what others have counted. */
  addAll(others: ScoreCounts): void {
    for (let i = 0; i < BINS; i++) {
      unchecked((this.right[i] += others.right[i]));
      unchecked((this.wrong[i] += others.wrong[i]));
    }
    this.labels += others.labels;
  }

  /** The weight of all labels. */
  get weight(): f64 {
    let sum: f64 = 0;
    for (let i = 0; i < BINS; i++) sum += <f64>unchecked(this.right[i] + this.wrong[i]);
    return sum;
  }

  private fade(part: f32): void {
    for (let i = 0; i < BINS; i++) {
      unchecked((this.right[i] *= part));
      unchecked((this.wrong[i] *= part));
    }
  }
}
