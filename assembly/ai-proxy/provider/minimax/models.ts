import { ModelFeatures } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** MiniMax's documentation: cache markers. */
export function minimaxModels(): ModelFeatures[] {
  const row = modelRow();
  row.cacheMarks = true;
  row.systemParts = true;
  row.efforts = 0;
  return [row];
}
