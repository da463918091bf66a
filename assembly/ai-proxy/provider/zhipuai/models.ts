import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Zhipu's API reference: `thinking`, `user_id` of 6 to 128 characters, only `tool_choice: auto`. */
export function zhipuModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const glm = modelRow("glm-5.2*");
  glm.efforts = Effort.None | Effort.LowToHigh;
  glm.thinking = ThinkingForm.SwitchAndEffort;
  glm.formerReasoning = FormerReasoning.Read;
  glm.cacheMarks = true;
  glm.userLength = 0;
  glm.systemParts = true;
  glm.refuses = Refusal.ToolChoice;
  addRow(rows, glm);
  const other = addRow(rows, glm.copy("*"));
  other.thinking = ThinkingForm.Switch;
  return rows;
}
