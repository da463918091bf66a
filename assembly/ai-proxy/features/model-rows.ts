import { KnownBlocks } from "../../chat/repair-terms";
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

/**
 * Models of which nothing is known. Many types host open models, whose templates take one system message, in
 * front: looplj/axonhub#1664 at NVIDIA, vllm-project/vllm#41114, ollama/ollama#17774.
 */
export function unknownModels(): ModelFeatures[] {
  const row = modelRow();
  row.systemMessages = SystemMessages.User;
  row.oneSystemMessage = true;
  return [row];
}

/** Open models on the user's own server. */
export function localModels(): ModelFeatures[] {
  const local = unknownModels();
  local[0].anyToolName = true;
  local[0].blocks = KnownBlocks.Plain;
  return local;
}
