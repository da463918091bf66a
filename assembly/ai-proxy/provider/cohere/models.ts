import { ModelFeatures, SystemMessages, ThinkingForm } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** Models after a protocol of the vendor's own, in whose words thinking is said. */
export function cohereModels(): ModelFeatures[] {
  const row = modelRow();
  row.thinking = ThinkingForm.Own;
  row.systemMessages = SystemMessages.User;
  row.noFiles = true;
  return [row];
}
