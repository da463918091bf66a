import { Effort } from "../../features/effort";
import {
  FormerReasoning,
  ModelFeatures,
  Refusal,
  ThinkingForm,
} from "../../features/model-features";
import { addRow, modelRow } from "../../features/model-rows";

/** Models that keep former reasoning, and stream calls in pieces, if they are told to. */
const RECENT: string[] = ["glm-5*", "glm-4.7*"];

/**
 * Zhipu's API reference: `thinking`, `user_id` of 6 to 128 characters, only `tool_choice: auto`; its guides on
 * thinking and on streams of calls (adolfousier/opencrabs#1347 and #1348). NousResearch/hermes-agent#97286 and
 * charmbracelet/catwalk#603 (levels of GLM-5.3, which always thinks).
 */
export function zhipuModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const glm = modelRow("glm-5.2*");
  glm.efforts = Effort.All & ~Effort.Minimal;
  glm.thinking = ThinkingForm.SwitchAndEffort;
  glm.formerReasoning = FormerReasoning.Read;
  glm.cacheMarks = true;
  glm.userLength = 0;
  glm.systemParts = true;
  glm.refuses = Refusal.ToolChoice;
  glm.clearsThinking = true;
  glm.buffersCalls = true;
  const latest = addRow(rows, glm.copy("glm-5.3*"));
  latest.efforts = Effort.Low | Effort.High | Effort.Max;
  addRow(rows, glm);
  const other = glm.copy("*");
  other.thinking = ThinkingForm.Switch;
  for (let i = 0; i < RECENT.length; i++) addRow(rows, other.copy(RECENT[i]));
  other.clearsThinking = false;
  addRow(rows, other.copy("glm-4.6*"));
  other.buffersCalls = false;
  addRow(rows, other);
  return rows;
}
