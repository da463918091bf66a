import { Effort } from "../../features/effort";
import { ModelFeatures, ThinkingForm } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Models with levels of thinking. */
const LEVELED: string[] = [
  "doubao-seed-1-8*",
  "doubao-seed-2*",
  "dola-seed-2*",
  "doubao-seed-*-251015",
];

/**
 * Volcengine's documentation: `thinking`, and for later models `reasoning_effort`, of which `minimal` does not
 * think. Other names, those of endpoints among them, are of unknown models.
 */
export function doubaoModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = modelRow();
  other.efforts = Effort.None | Effort.High;
  other.thinking = ThinkingForm.Switch;
  const leveled = other.copy("deepseek-v4*");
  leveled.thinking = ThinkingForm.Effort;
  leveled.efforts = Effort.Minimal | Effort.LowToHigh | Effort.Max;
  addRow(rows, leveled);
  for (let i = 0; i < LEVELED.length; i++) {
    addRow(rows, leveled.copy(LEVELED[i])).efforts = Effort.Minimal | Effort.LowToHigh;
  }
  // CherryHQ/cherry-studio#7593: "Unsupported thinking type for the current model: disabled".
  addRow(rows, other.copy("doubao-*-thinking-*")).efforts = Effort.High;
  addRow(rows, other);
  return rows;
}
