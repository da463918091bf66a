import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures, Refusal } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/**
 * Mistral's documentation on adjustable reasoning and on prefixes; charmbracelet/crush#1590 (former reasoning),
 * anomalyco/opencode#19115 ("Expected last role User or Tool (or Assistant with prefix True)").
 */
export function mistralModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const old = modelRow();
  old.efforts = 0;
  old.formerReasoning = FormerReasoning.Refused;
  old.userLength = 0;
  old.refuses = Refusal.Extras;
  old.callIdLength = 9;
  old.exactCallIds = true;
  old.prefillMember = "prefix";
  old.needsPrefillMember = true;
  const today = old.copy("mistral-large-4*");
  today.efforts = Effort.None | Effort.High;
  addRow(rows, today);
  addRow(rows, today.copy("mistral-medium-3-5*"));
  addRow(rows, today.copy("mistral-small-4*"));
  addRow(rows, today.copy("devstral*"));
  addRow(rows, old);
  return rows;
}
