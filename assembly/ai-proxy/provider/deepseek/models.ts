import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures, ThinkingForm } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** DeepSeek's documentation on thinking; rikkahub/rikkahub#1433 (images). */
export function deepSeekModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const chat = modelRow("deepseek-chat");
  chat.efforts = 0;
  chat.formerReasoning = FormerReasoning.Read;
  chat.textOnly = true;
  chat.maxOutputTokens = 8192;
  addRow(rows, chat);
  const today = chat.copy("*");
  today.efforts = Effort.None | Effort.LowToHigh | Effort.Max;
  today.thinking = ThinkingForm.SwitchAndEffort;
  today.formerReasoning = FormerReasoning.Required;
  today.maxOutputTokens = 0;
  const reasoner = addRow(rows, today.copy("deepseek-reasoner"));
  reasoner.efforts = 0;
  reasoner.thinking = ThinkingForm.Effort;
  addRow(rows, today);
  return rows;
}
