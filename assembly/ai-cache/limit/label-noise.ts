import { wilsonLower, wilsonUpper, Z95 } from "./share-bounds";

/** Least number of twins, and of rejected pairs. */
const ENOUGH_TWINS: u32 = 30;
const ENOUGH_REFUSED: u32 = 50;
const DEFAULT_MISSED: f64 = 0.1;
/** Above this count, all are halved. */
const MOST: u32 = 4000;
const ALL: u32 = 1 << 24;

/** Label noise: how often labels are wrong. */
export class LabelNoise {
  constructor(
    /** Share of right answers labelled wrong; underestimated if uncertain. */
    readonly rightCalledWrong: f64,
    /** Share of wrong answers labelled right; overestimated if uncertain. */
    readonly wrongCalledRight: f64,
  ) {}
}

/** The counts from which label noise is estimated. */
export class NoiseCounts {
  /** Pairs of simultaneous answers to one question, both right. */
  twins: u32 = 0;
  /** Of them, those labelled different. */
  differing: u32 = 0;
  /** Pairs of answers to questions that a guard separates, so that one is wrong for the other. */
  refused: u32 = 0;
  /** Of them, those labelled the same. */
  agreeing: u32 = 0;

  addTwin(agrees: bool): void {
    if (this.twins >= MOST) {
      this.twins >>= 1;
      this.differing >>= 1;
    }
    this.twins++;
    if (!agrees) this.differing++;
  }

  addRefused(agrees: bool): void {
    if (this.refused >= MOST) {
      this.refused >>= 1;
      this.agreeing >>= 1;
    }
    this.refused++;
    if (agrees) this.agreeing++;
  }

  /** Adds what others have counted. */
  addAll(others: NoiseCounts): void {
    this.twins = sumOf(this.twins, others.twins);
    this.differing = min(this.twins, sumOf(this.differing, others.differing));
    this.refused = sumOf(this.refused, others.refused);
    this.agreeing = min(this.refused, sumOf(this.agreeing, others.agreeing));
  }

  /** A conservative estimate of the noise: uncertainty never makes a limit easier to meet. */
  get noise(): LabelNoise {
    const called =
      this.twins < ENOUGH_TWINS ? 0 : wilsonLower(<f64>this.differing, <f64>this.twins, Z95);
    const missed =
      this.refused < ENOUGH_REFUSED
        ? DEFAULT_MISSED
        : wilsonUpper(<f64>this.agreeing, <f64>this.refused, Z95);
    return new LabelNoise(called, missed);
  }
}

/** Valid counts never come near the limits of the type; larger ones are cut. */
function sumOf(a: u32, b: u32): u32 {
  return min(a, ALL) + min(b, ALL);
}
