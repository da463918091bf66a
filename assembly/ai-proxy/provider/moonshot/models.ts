import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Models that do not think, and take any value of sampling. */
const OLD: string[] = ["moonshot-v1*", "kimi-latest*", "kimi-k2-*"];

/**
 * QuantumNous/new-api#3121 (former reasoning), NousResearch/hermes-agent#12566 (temperature),
 * MoonshotAI/Kimi-K2#141 and can1357/oh-my-pi#3853 (thinking that cannot be switched off);
 * Moonshot's documentation on thinking, on parameters (values of sampling are fixed) and on `partial`.
 */
export function moonshotModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const k2 = modelRow("kimi-k2.*");
  k2.efforts = Effort.None | Effort.High;
  k2.thinking = ThinkingForm.Switch;
  k2.formerReasoning = FormerReasoning.Required;
  k2.refuses = Refusal.Temperature | Refusal.TopP | Refusal.Penalties;
  k2.refuses |= Refusal.ForcedTool | Refusal.Strict;
  k2.prefillMember = "partial";
  addRow(rows, k2.copy("kimi-k2.7-code*")).efforts = Effort.High;
  addRow(rows, k2);
  const thinking = addRow(rows, k2.copy("kimi-k2-thinking*"));
  thinking.efforts = 0;
  thinking.thinking = ThinkingForm.Effort;
  const k3 = addRow(rows, k2.copy("kimi-k3*"));
  k3.efforts = Effort.Low | Effort.High | Effort.Max;
  k3.thinking = ThinkingForm.Effort;
  for (let i = 0; i < OLD.length; i++) {
    const old = addRow(rows, modelRow(OLD[i]));
    old.efforts = 0;
    old.prefillMember = "partial";
  }
  // What comes next is likely to be as what came last.
  addRow(rows, k3.copy("*")).efforts = Effort.Unknown;
  return rows;
}
