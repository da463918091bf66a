import { KnownBlocks } from "../../../chat/repair-terms";
import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** The models that read images. */
const SEEING: string[] = ["*flash*", "claude-haiku*", "claude-sonnet*"];

/**
 * DeepSeek's documents on thinking, on images, which its flash models read, and on Anthropic's protocol, where
 * they answer to other names, too; rikkahub/rikkahub#1433 and Stack-Cairn/LiveAgent#795 (images),
 * deepseek-ai/DeepSeek-V3#1376 (a forced tool is refused while the model thinks),
 * llm-exe/llm-exe#662 (schemas).
 */
export function deepSeekModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const chat = modelRow("deepseek-chat");
  chat.efforts = 0;
  chat.formerReasoning = FormerReasoning.Read;
  chat.textOnly = true;
  chat.blocks = KnownBlocks.Searches;
  chat.maxOutputTokens = 8192;
  chat.refuses = Refusal.Schema;
  addRow(rows, chat);
  const today = chat.copy("*");
  today.efforts = Effort.None | Effort.LowToHigh | Effort.Max;
  today.thinking = ThinkingForm.SwitchAndEffort;
  today.formerReasoning = FormerReasoning.Required;
  today.maxOutputTokens = 0;
  today.refuses = Refusal.Schema | Refusal.ForcedTool;
  const reasoner = addRow(rows, today.copy("deepseek-reasoner"));
  reasoner.efforts = 0;
  reasoner.thinking = ThinkingForm.Effort;
  for (let i = 0; i < SEEING.length; i++) {
    const flash = addRow(rows, today.copy(SEEING[i]));
    flash.textOnly = false;
    flash.noFiles = true;
  }
  addRow(rows, today);
  return rows;
}
