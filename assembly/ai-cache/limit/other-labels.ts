import { NoiseCounts } from "./label-noise";
import { ScoreCounts } from "./score-counts";

/** Labels that others have counted. */
export abstract class OtherLabels {
  /** Adds theirs of a stratum. */
  abstract addCounts(id: u64, out: ScoreCounts): void;

  /** Adds what tells them how often labels are wrong. */
  abstract addNoise(id: u64, out: NoiseCounts): void;
}
