import { ModelFeatures, OverResponses } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** Perplexity's guide for those who leave Sonar: chats are gone, the Responses API is what it has. */
export function perplexityModels(): ModelFeatures[] {
  const row = modelRow();
  row.responses = OverResponses.Always;
  return [row];
}
