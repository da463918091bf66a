import { Effort } from "../../features/effort";
import { ModelFeatures, Refusal } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** xAI's documentation on reasoning. */
export function grokModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const grok = modelRow("grok-4.3*");
  grok.efforts = Effort.None | Effort.LowToHigh;
  grok.refuses = Refusal.Stop | Refusal.Penalties | Refusal.Strict;
  addRow(rows, grok);
  const mini = addRow(rows, grok.copy("grok-3-mini*"));
  mini.efforts = Effort.Low | Effort.High;
  const multi = addRow(rows, grok.copy("*multi-agent*"));
  multi.efforts = Effort.LowToHigh | Effort.XHigh;
  const other = addRow(rows, grok.copy("grok-3*"));
  other.refuses = Refusal.Strict;
  other.efforts = 0;
  addRow(rows, grok.copy("*")).efforts = 0;
  return rows;
}
