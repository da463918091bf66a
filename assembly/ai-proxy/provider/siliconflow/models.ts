import { Effort } from "../../features/effort";
import { ClaudeThinking, ModelFeatures, ThinkingForm } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Families that refuse `enable_thinking`: they always think, or never. */
const FIXED: string[] = [
  "*DeepSeek-R1*",
  "*Qwen2*",
  "*Coder*",
  "*Instruct*",
  "*Kimi-K2*",
  "*Ling-*",
  "*Hunyuan-MT*",
];

/**
 * SiliconFlow's API reference: `enable_thinking`, and the models that have `reasoning_effort`;
 * CherryHQ/cherry-studio#6642, JohnnyZ93/oai-compatible-copilot#12, immersive-translate/immersive-translate#3806
 * (models that refuse it), farion1231/cc-switch#1489 (Anthropic's API without adaptive thinking).
 */
export function siliconFlowModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = modelRow();
  other.efforts = Effort.All;
  other.thinking = ThinkingForm.EnableThinking;
  other.claude = ClaudeThinking.Enabled;
  for (let i = 0; i < FIXED.length; i++) addRow(rows, other.copy(FIXED[i])).efforts = 0;
  addRow(rows, other.copy("*DeepSeek-V4*")).efforts = Effort.None | Effort.High | Effort.Max;
  addRow(rows, other.copy("*GLM-5.2*")).efforts = Effort.None | Effort.High | Effort.Max;
  addRow(rows, other);
  return rows;
}
