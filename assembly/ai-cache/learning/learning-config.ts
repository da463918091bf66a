import { JudgeConfig } from "./judge-config";

/** What learning may use, as an operator wants it. */
export class LearningConfig {
  /** Asked where the words of two answers do not tell whether they say the same; null for nobody. */
  judge: JudgeConfig | null = null;
  /** Whether what was learned is exchanged with other Envoys over a Redis. */
  shares: bool = true;
  /** Another text forgets what was learned. */
  reset: string = "";
}
