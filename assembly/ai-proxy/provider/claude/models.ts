import { claudeFamily } from "../../features/claude-family";
import { Effort } from "../../features/effort";
import { ModelFeatures } from "../../features/model-features";

/** Claude's models, with all efforts. */
export function claudeModels(): ModelFeatures[] {
  return claudeFamily(Effort.LowToHigh | Effort.XHigh | Effort.Max, "*", true);
}
