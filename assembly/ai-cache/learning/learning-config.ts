import { JudgeConfig } from "./judge-config";

/** Configuration of learning. */
export class LearningConfig {
  /** Judges answers whose words do not show whether they are equivalent; null for none. */
  judge: JudgeConfig | null = null;
  /** Whether what was learned is exchanged with other Envoys over a Redis. */
  shares: bool = true;
  /** Changing it discards what was learned. */
  reset: string = "";
}
