import { FormerReasoning, ModelFeatures } from "../../features/model-features";
import { modelRow } from "../../features/model-rows";

/** LongCat's documentation: former reasoning is read. */
export function longcatModels(): ModelFeatures[] {
  const row = modelRow();
  row.formerReasoning = FormerReasoning.Read;
  return [row];
}
