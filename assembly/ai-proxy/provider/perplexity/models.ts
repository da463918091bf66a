import { ModelFeatures, OverResponses } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** Perplexity's guide to migrating from Sonar: its chat API has ended, the Responses API replaces it. */
export function perplexityModels(): ModelFeatures[] {
  const row = modelRow();
  row.responses = OverResponses.Always;
  return [row];
}
