import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures } from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** OpenRouter's documentation: it translates efforts into each vendor's terms itself. */
export function openRouterModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const claude = modelRow("anthropic/*");
  claude.efforts = Effort.All;
  claude.formerReasoning = FormerReasoning.Read;
  claude.systemParts = true;
  claude.cacheMarks = true;
  claude.keepsHour = true;
  claude.detailFormat = "anthropic-claude-v1";
  addRow(rows, claude);
  const other = addRow(rows, claude.copy("*"));
  other.cacheMarks = false;
  other.keepsHour = false;
  other.detailFormat = "";
  return rows;
}
