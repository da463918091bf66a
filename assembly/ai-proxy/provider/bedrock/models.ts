import { claudeFamily } from "../../features/claude-family";
import { Effort } from "../../features/effort";
import {
  ModelFeatures,
  Refusal,
  SystemMessages,
  ThinkingForm,
  UNLIMITED,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Claude on Bedrock, whose highest efforts are lower there, and other models. */
export function bedrockModels(): ModelFeatures[] {
  const rows = claudeFamily(Effort.LowToHigh | Effort.XHigh, "*claude*");
  const other = modelRow();
  other.thinking = ThinkingForm.Own;
  other.userLength = UNLIMITED;
  other.systemMessages = SystemMessages.User;
  other.callIdLength = 64;
  other.plainCallIds = true;
  other.refuses = Refusal.Schema | Refusal.Strict;
  addRow(rows, other);
  return rows;
}
