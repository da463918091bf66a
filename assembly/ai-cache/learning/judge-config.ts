/** A model that is asked whether two answers say the same, as configured. */
export class JudgeConfig {
  /** Names of its cluster, in the order to try. */
  clusters: string[] = [];
  /** `:authority`. */
  host: string = "";
  /** `:path`. */
  path: string = "";
  model: string = "";
  apiKey: string = "";
  timeoutMs: u32 = 0;
  /** Calls that all workers may make in a day (UTC). */
  dailyCalls: u32 = 0;
}
