import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/**
 * QuantumNous/new-api#3121 (former reasoning), NousResearch/hermes-agent#12566 (temperature);
 * Moonshot's documentation on thinking.
 */
export function moonshotModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const k2 = modelRow("kimi-k2.*");
  k2.efforts = Effort.None | Effort.High;
  k2.thinking = ThinkingForm.Switch;
  k2.formerReasoning = FormerReasoning.Required;
  k2.refuses = Refusal.Temperature | Refusal.TopP | Refusal.ForcedTool | Refusal.Strict;
  addRow(rows, k2);
  const thinking = addRow(rows, k2.copy("kimi-k2-thinking*"));
  thinking.efforts = 0;
  thinking.thinking = ThinkingForm.Effort;
  const k3 = addRow(rows, k2.copy("kimi-k3*"));
  k3.efforts = Effort.Low | Effort.High | Effort.Max;
  k3.thinking = ThinkingForm.Effort;
  const old = modelRow();
  old.efforts = 0;
  addRow(rows, old);
  return rows;
}
