import { Effort } from "../../features/effort";
import { ModelFeatures, ThinkingForm } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** SiliconFlow's API reference: `enable_thinking`. */
export function siliconFlowModels(): ModelFeatures[] {
  const row = modelRow();
  row.efforts = Effort.All;
  row.thinking = ThinkingForm.EnableThinking;
  return [row];
}
