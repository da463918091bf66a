import { BINS, ScoreCounts } from "./score-counts";
import { LabelNoise } from "./label-noise";
import { poissonUpper, wilsonUpper, Z95 } from "./share-bounds";

/** Wrong labels from which Wilson's bound is used, which is too optimistic for fewer. */
const FEW: f64 = 30;
/**
 * The first test needs this multiple of the labels that would do without a wrong one, so that one may be
 * wrong.
 */
const FIRST: f64 = 1.5;
/** How much larger the pool of each test is than the one before. */
const STEP: f64 = 1.25;
const KEEP: f64 = 60;
const KEEP_NOISY: f64 = 12;

/** Labels that the first test needs. `limit`: allowed share of false hits. */
export function leastLabels(limit: f64): f64 {
  return ceil((FIRST * poissonUpper(0, Z95)) / limit);
}

/** Weight of labels above which old ones decay. */
export function labelsKept(limit: f64, noise: LabelNoise): f64 {
  const n0 = noise.rightCalledWrong;
  return nearest<f64>(KEEP / limit + (KEEP_NOISY * n0 * (1 - n0)) / (limit * limit));
}

/**
 * Finds the least score above which the share of false hits is provably within a limit, by counting. Pools
 * of labels are tested from the highest score downwards and never past the first that fails, so that many
 * tests have the confidence of one: 95 %. Label noise is subtracted from the share.
 */
export class Threshold {
  /** The least bin that is served; `BINS` for none. */
  bin: i32 = BINS;
  /** Upper bound of the share of false hits from `bin` on; of the failed pool when none is served. */
  bound: f64 = 1;
  /** Number of labels after `bound`. */
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

/** Upper bound of the true share of false hits, given the number of wrong labels. */
function wrongAtMost(wrong: f64, count: f64, noise: LabelNoise): f64 {
  const share =
    wrong < FEW ? min(poissonUpper(wrong, Z95) / count, 1) : wilsonUpper(wrong, count, Z95);
  const reliability = 1 - noise.rightCalledWrong - noise.wrongCalledRight;
  if (reliability <= 0) return 1;
  return min(1, max(0, share - noise.rightCalledWrong) / reliability);
}
