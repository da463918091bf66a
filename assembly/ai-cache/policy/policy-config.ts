import { Value } from "./strategy";

/** Default weight of an output token; an input token has weight 1. */
export const DEFAULT_OUTPUT_WEIGHT: i64 = 4;

/** Configuration of eviction. */
export class PolicyConfig {
  /** Number in `STRATEGIES`, −1 for whichever does best. */
  strategy: i32 = -1;
  value: Value = Value.Balanced;
  /** Weight of an output token; an input token has weight 1. */
  outputWeight: i32 = <i32>DEFAULT_OUTPUT_WEIGHT;
  /** Largest share of the store for one tenant while there are others. */
  tenantShare: f64 = 0.5;

  /** Whether both are equal for the store, which all rules share. */
  equals(other: PolicyConfig): bool {
    return (
      this.strategy == other.strategy &&
      this.value == other.value &&
      this.tenantShare == other.tenantShare
    );
  }
}
