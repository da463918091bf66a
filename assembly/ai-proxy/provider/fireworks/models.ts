import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures, Refusal } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Fireworks' documentation on reasoning; yetone/alma-releases#59 (cache markers). */
export function fireworksModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const plain = modelRow("*llama*");
  plain.efforts = 0;
  plain.refuses = Refusal.Strict;
  addRow(rows, plain);
  addRow(rows, plain.copy("*qwen2*"));
  const other = addRow(rows, plain.copy("*"));
  other.efforts = Effort.None | Effort.LowToHigh;
  other.formerReasoning = FormerReasoning.Read;
  return rows;
}
