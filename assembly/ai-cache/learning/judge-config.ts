/** Configuration of a model that judges whether two answers are equivalent. */
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
  /** Maximum number of calls of all workers per day (UTC). */
  dailyCalls: u32 = 0;
}
