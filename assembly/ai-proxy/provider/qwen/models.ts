import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures, ThinkingForm } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Model Studio's documentation: `enable_thinking`, cache markers. */
export function qwenModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const row = addRow(rows, modelRow("qwen3.6-max-preview*"));
  row.efforts = Effort.All;
  row.thinking = ThinkingForm.EnableThinking;
  row.formerReasoning = FormerReasoning.Read;
  row.cacheMarks = true;
  row.systemParts = true;
  row.preservesThinking = true;
  addRow(rows, row.copy("qwen3.6-plus*"));
  addRow(rows, row.copy("kimi-k2.6*"));
  addRow(rows, row.copy("*")).preservesThinking = false;
  return rows;
}
