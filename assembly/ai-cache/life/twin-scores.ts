/** Bins of scores of agreement. */
export const BINS: i32 = 16;
/** The highest score. */
const FULL: i32 = 1000;
/** Least number of twins. */
const ENOUGH: u32 = 50;
const MOST: u32 = 4000;
/** Quantile: answers that agree less than nine tenths of twins are different. */
const QUANTILE: u32 = 10;

/** How far simultaneous answers to one question agree: a lower score is a change. */
export class TwinScores {
  private readonly counts: StaticArray<u16> = new StaticArray<u16>(BINS);

  clear(): void {
    this.counts.fill(0);
  }

  at(bin: i32): u16 {
    return unchecked(this.counts[bin]);
  }

  set(bin: i32, count: u16): void {
    unchecked((this.counts[bin] = count));
  }

  /** Counts the score of a pair of twins. */
  add(score: i32): void {
    if (this.total >= MOST) {
      for (let i = 0; i < BINS; i++) unchecked((this.counts[i] >>= 1));
    }
    const bin = max(0, min(BINS - 1, (score * BINS) / (FULL + 1)));
    unchecked(this.counts[bin]++);
  }

  /** The least score at which answers agree. `usual`: as long as too few twins are known. */
  threshold(usual: i32): i32 {
    const total = this.total;
    if (total < ENOUGH) return usual;
    let below: u32 = 0;
    let bin = 0;
    for (; bin < BINS - 1; bin++) {
      below += <u32>unchecked(this.counts[bin]);
      if (below * QUANTILE >= total) break;
    }
    // Answers without common elements never agree, even if twins do not.
    return max(1, (bin * (FULL + 1)) / BINS);
  }

  private get total(): u32 {
    let sum: u32 = 0;
    for (let i = 0; i < BINS; i++) sum += <u32>unchecked(this.counts[i]);
    return sum;
  }
}
