import { Effort } from "../../features/effort";
import { ModelFeatures, ThinkingForm } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** Volcengine's documentation: `thinking`. */
export function doubaoModels(): ModelFeatures[] {
  const row = modelRow();
  row.efforts = Effort.None | Effort.High;
  row.thinking = ThinkingForm.Switch;
  return [row];
}
