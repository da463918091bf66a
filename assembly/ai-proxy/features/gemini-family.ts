import { Effort } from "./effort";
import { ModelFeatures, SystemMessages, ThinkingForm, UNLIMITED } from "./model-features";
import { addRow, modelRow } from "./model-rows";

/** Google's documents on thinking and on thought signatures: 1 and 2 know no signatures. */
export function geminiFamily(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const old = modelRow("*gemini-2*");
  old.thinking = ThinkingForm.Own;
  old.userLength = UNLIMITED;
  old.systemMessages = SystemMessages.User;
  old.efforts = Effort.All;
  addRow(rows, old);
  addRow(rows, old.copy("*gemini-1*"));
  addRow(rows, old.copy("*gemma*"));
  const today = addRow(rows, old.copy("*"));
  today.thoughtSignatures = true;
  return rows;
}
