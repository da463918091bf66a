import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Groq's documentation on reasoning and on compatibility; janhq/jan#8136 (former reasoning). */
export function groqModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = modelRow();
  other.efforts = 0;
  other.formerReasoning = FormerReasoning.Refused;
  other.refuses = Refusal.LogProbs | Refusal.LogitBias | Refusal.TopK | Refusal.Extras;
  const oss = addRow(rows, other.copy("*gpt-oss*"));
  oss.efforts = Effort.LowToHigh;
  const qwen = addRow(rows, other.copy("*qwen3*"));
  qwen.efforts = Effort.All;
  qwen.thinking = ThinkingForm.NoneOrDefault;
  addRow(rows, other);
  return rows;
}
