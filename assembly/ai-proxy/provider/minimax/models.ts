import { Effort } from "../../features/effort";
import { ModelFeatures, SystemMessages, ThinkingForm } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/**
 * MiniMax's documentation: cache markers. MiniMax-AI/MiniMax-M2#51 (one system message), BigPizzaV3/CodexPlusPlus#267
 * (only in front), QwenLM/qwen-code#11834 (tools), CherryHQ/cherry-studio#16431 (M3's switch).
 */
export function minimaxModels(): ModelFeatures[] {
  const row = modelRow();
  row.cacheMarks = true;
  row.systemParts = true;
  row.efforts = 0;
  row.oneSystemMessage = true;
  row.systemMessages = SystemMessages.User;
  row.needsParameters = true;
  const latest = row.copy("*-M3*");
  latest.efforts = Effort.None | Effort.High;
  latest.thinking = ThinkingForm.OffSwitch;
  return [latest, row];
}
