import { Effort } from "./effort";
import { ModelFeatures, ThinkingForm } from "./model-features";
import { addRow } from "./model-rows";

/**
 * Adds the open models of Qwen3, which cannot think outside streams, where they do so by default: Model Studio's
 * list of errors, QuantumNous/new-api#1109, musistudio/claude-code-router#948. `row`: what else is the same.
 */
export function addOpenQwen3(rows: ModelFeatures[], row: ModelFeatures): void {
  const open = addRow(rows, row.copy("qwen3-*b"));
  open.efforts = Effort.All;
  open.thinking = ThinkingForm.EnableThinking;
  open.thinksInStreamsOnly = true;
}
