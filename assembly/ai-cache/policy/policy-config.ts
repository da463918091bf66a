import { Value } from "./strategy";

/** What an output token counts where it is not configured; an input token counts 1. */
export const USUAL_OUTPUT_WEIGHT: i64 = 4;

/** How a store makes room, as an operator wants it. */
export class PolicyConfig {
  /** Number in `STRATEGIES`, −1 for whichever does best. */
  strategy: i32 = -1;
  value: Value = Value.Balanced;
  /** What an output token counts; an input token counts 1. */
  outputWeight: i32 = <i32>USUAL_OUTPUT_WEIGHT;
  /** Part of the store that one tenant may have while there are others. */
  tenantShare: f64 = 0.5;

  /** Whether both ask the same of the store, which is one for all rules. */
  equals(other: PolicyConfig): bool {
    return (
      this.strategy == other.strategy &&
      this.value == other.value &&
      this.tenantShare == other.tenantShare
    );
  }
}
