import { FormerReasoning, ModelFeatures, Refusal } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/**
 * Cerebras' documentation on compatibility (cache keys) and on reasoning; Kilo-Org/kilocode#10375 (former
 * reasoning), mnfst/modelparams.dev#115 (`top_k`), pipecat-ai/pipecat#5450 (penalties and biases are accepted).
 */
export function cerebrasModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = modelRow();
  other.formerReasoning = FormerReasoning.Refused;
  other.refuses = Refusal.TopK | Refusal.Extras;
  const llama = addRow(rows, other.copy("*llama*"));
  llama.efforts = 0;
  addRow(rows, other);
  return rows;
}
