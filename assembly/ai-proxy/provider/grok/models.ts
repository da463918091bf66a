import { Effort } from "../../features/effort";
import { ModelFeatures, Refusal } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Older models, whose thinking cannot be set. */
const FIXED: string[] = ["grok-4", "grok-4-*", "grok-4.1*", "grok-4.20*", "grok-code*"];

/**
 * xAI's documentation on reasoning; NousResearch/hermes-agent#23435 (models that reject an effort),
 * mnfst/modelparams.dev#330 and can1357/oh-my-pi#4888 (levels of 4.5 and 4.6, which always think).
 */
export function grokModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const grok = modelRow("grok-4.3*");
  grok.efforts = Effort.None | Effort.LowToHigh;
  grok.refuses = Refusal.Stop | Refusal.Penalties | Refusal.Strict;
  addRow(rows, grok);
  const latest = addRow(rows, grok.copy("grok-4.6*"));
  latest.efforts = Effort.LowToHigh | Effort.XHigh;
  addRow(rows, grok.copy("grok-4.5*")).efforts = Effort.LowToHigh;
  const mini = addRow(rows, grok.copy("grok-3-mini*"));
  mini.efforts = Effort.Low | Effort.High;
  const multi = addRow(rows, grok.copy("*multi-agent*"));
  multi.efforts = Effort.LowToHigh | Effort.XHigh;
  const other = addRow(rows, grok.copy("grok-3*"));
  other.refuses = Refusal.Strict;
  other.efforts = 0;
  for (let i = 0; i < FIXED.length; i++) addRow(rows, grok.copy(FIXED[i])).efforts = 0;
  addRow(rows, grok.copy("*")).efforts = Effort.Unknown;
  return rows;
}
