import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";
import { addOpenQwen3 } from "../../features/qwen-family";

/** Families that think only if they are asked to. */
const QUIET: string[] = [
  "qwen-max*",
  "qwen-plus*",
  "qwen-turbo*",
  "qwen-flash*",
  "qwen-long*",
  "qwen2*",
  "qwen3-max*",
  "qwen3-vl*",
  "*coder*",
  "*instruct*",
];

/**
 * Model Studio's documentation: `enable_thinking`, cache markers; QwenLM/qwen-code#7659 and cloudwego/eino#994 (a
 * forced tool is refused while the model thinks).
 */
export function qwenModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const row = addRow(rows, modelRow("qwen3.6-max-preview*"));
  row.efforts = Effort.All;
  row.thinking = ThinkingForm.EnableThinking;
  row.formerReasoning = FormerReasoning.Read;
  row.cacheMarks = true;
  row.systemParts = true;
  row.preservesThinking = true;
  row.refuses = Refusal.ForcedTool;
  addRow(rows, row.copy("qwen3.6-plus*"));
  addRow(rows, row.copy("kimi-k2.6*"));
  const other = row.copy("*");
  other.preservesThinking = false;
  for (let i = 0; i < QUIET.length; i++) {
    addRow(rows, other.copy(QUIET[i])).thinksByDefault = false;
  }
  addOpenQwen3(rows, other);
  addRow(rows, other);
  return rows;
}
