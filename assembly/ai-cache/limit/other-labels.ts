import { NoiseCounts } from "./label-noise";
import { ScoreCounts } from "./score-counts";

/** Labels of other Envoys. */
export abstract class OtherLabels {
  /** Adds theirs of a stratum. */
  abstract addCounts(id: u64, out: ScoreCounts): void;

  /** Adds their counts of label noise. */
  abstract addNoise(id: u64, out: NoiseCounts): void;
}
