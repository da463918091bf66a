import { ModelFeatures, SystemMessages } from "./model-features";

/*
 * What models accept is a list of rows for each type of provider: the most particular row first, the default
 * last. A type's row names its function, which is called when a provider is configured, so that only the rows
 * of configured types exist. A family of models that several vendors host is a file of this folder, the
 * models of one vendor are `models.ts` in its own. Sources are cited at the rows; where nothing is known
 * for certain a row says so: `Unknown`.
 */

/** A row for models of chats. `models`: their names, in which `*` matches any text. */
export function modelRow(models: string = "*"): ModelFeatures {
  return new ModelFeatures(models);
}

/** Adds a row to a list and returns it. */
export function addRow(rows: ModelFeatures[], row: ModelFeatures): ModelFeatures {
  rows.push(row);
  return row;
}

/** Unknown models. */
export function unknownModels(): ModelFeatures[] {
  return [modelRow()];
}

/** vllm-project/vllm#41114, ollama/ollama#17774: templates with one system message, in front. */
export function localModels(): ModelFeatures[] {
  const local = modelRow();
  local.systemMessages = SystemMessages.User;
  local.oneSystemMessage = true;
  local.anyToolName = true;
  return [local];
}
