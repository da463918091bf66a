import { LifeLimits } from "./learner";
import { WordList } from "./question-kind";

/** `life.mode`. */
export enum LifeMode {
  /** Each answer lives for `cacheTTL`. */
  Fixed,
  /** Learns and reports, but answers live for `cacheTTL`. */
  Observe,
  /** Each answer has a learned lifetime. */
  Learn,
}

/** Configuration of lifetimes. */
export class LifeConfig {
  mode: LifeMode = LifeMode.Fixed;
  readonly limits: LifeLimits = new LifeLimits();
  /** Share of hits that are refreshed in the background. */
  refreshShare: f64 = 0;
  /** The cluster that leads back to the listener. */
  refreshCluster: string = "";
  /** Seconds for which an expired answer may be served instead of an error; 0 for never. */
  staleIfError: u64 = 0;
  /** Additional words of questions about the present; null for none. */
  timely: WordList | null = null;
}
