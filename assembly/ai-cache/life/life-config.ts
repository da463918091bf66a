import { LifeLimits } from "./learner";
import { WordList } from "./question-kind";

/** `life.mode`. */
export enum LifeMode {
  /** Each answer lives for `cacheTTL`. */
  Fixed,
  /** Learns and tells, and lives for `cacheTTL`. */
  Observe,
  /** Each answer lives as long as its kind of question has earned. */
  Learn,
}

/** How long answers live, as an operator wants it. */
export class LifeConfig {
  mode: LifeMode = LifeMode.Fixed;
  readonly limits: LifeLimits = new LifeLimits();
  /** Share of hits for which the model is asked anew in the background. */
  refreshShare: f64 = 0;
  /** The cluster that leads back to the listener. */
  refreshCluster: string = "";
  /** Seconds for which an answer that has expired may be served in place of an error; 0 for never. */
  staleIfError: u64 = 0;
  /** Further words of questions for what is so now; null for none. */
  timely: WordList | null = null;
}
