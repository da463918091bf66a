import { ModelFeatures, SystemMessages, ThinkingForm } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** Models of a native API whose own members control thinking. */
export function cohereModels(): ModelFeatures[] {
  const row = modelRow();
  row.thinking = ThinkingForm.Own;
  row.systemMessages = SystemMessages.User;
  row.noFiles = true;
  return [row];
}
