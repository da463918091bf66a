import { BINS, ScoreCounts } from "./score-counts";
import { LabelNoise } from "./label-noise";
import { poissonUpper, wilsonUpper, Z95 } from "./share-bounds";

/** Wrong labels from which on Wilson's bound is taken, which is too bold for fewer. */
const FEW: f64 = 30;
/** The first test needs so many times the labels that would do without a wrong one: one may be wrong. */
const FIRST: f64 = 1.5;
/** How much larger the pool of each test is than the one before. */
const STEP: f64 = 1.25;
const KEEP: f64 = 60;
const KEEP_NOISY: f64 = 12;

/** Labels that the first test needs. `limit`: share of wrong answers that is allowed. */
export function leastLabels(limit: f64): f64 {
  return ceil((FIRST * poissonUpper(0, Z95)) / limit);
}

/** Labels that may weigh before old ones fade. */
export function labelsKept(limit: f64, noise: LabelNoise): f64 {
  const n0 = noise.rightCalledWrong;
  return nearest<f64>(KEEP / limit + (KEEP_NOISY * n0 * (1 - n0)) / (limit * limit));
}

/**
 * The least score from which on the share of wrong answers is surely within a limit, by counting alone. Pools of
 * labels are tested from the highest score downwards and never past the first that fails, so that many tests are
 * as sure as one: with 95 %. The noise of labels is taken out of the share.
 */
export class Threshold {
  /** The least bin that is served; `BINS` when none is. */
  bin: i32 = BINS;
  /** What the share of wrong answers surely is below, from `bin` on; of the pool that failed when none is served. */
  bound: f64 = 1;
  /** Labels that `bound` is of. */
  labels: f64 = 0;

  /** Finds the threshold for a limit. */
  fit(counts: ScoreCounts, limit: f64, noise: LabelNoise): void {
    this.bin = BINS;
    this.bound = 1;
    this.labels = 0;
    const least = leastLabels(limit);
    let count: f64 = 0;
    let wrong: f64 = 0;
    let tested: f64 = 0;
    for (let i = BINS - 1; i >= 0; i--) {
      count += <f64>unchecked(counts.right[i]) + <f64>unchecked(counts.wrong[i]);
      wrong += <f64>unchecked(counts.wrong[i]);
      if (count < least || count < STEP * tested) continue;
      tested = count;
      const bound = wrongAtMost(wrong, count, noise);
      const isProved = bound <= limit;
      if (isProved || this.bin == BINS) {
        this.bound = bound;
        this.labels = count;
      }
      if (!isProved) return;
      this.bin = i;
    }
    if (tested == 0) this.labels = count;
  }
}

/** What the share of answers that are really wrong is surely below, when so many of the labels say wrong. */
function wrongAtMost(wrong: f64, count: f64, noise: LabelNoise): f64 {
  const share =
    wrong < FEW ? min(poissonUpper(wrong, Z95) / count, 1) : wilsonUpper(wrong, count, Z95);
  const told = 1 - noise.rightCalledWrong - noise.wrongCalledRight;
  if (told <= 0) return 1;
  return min(1, max(0, share - noise.rightCalledWrong) / told);
}
