import { ModelFeatures } from "../../features/model-features";
import { addRow, unknownModels } from "../../features/model-rows";
import { addOpenQwen3 } from "../../features/qwen-family";

/** datawhalechina/hello-agents#230: it hosts Qwen3 as Model Studio does. */
export function modelScopeModels(): ModelFeatures[] {
  const rows: ModelFeatures[] = [];
  const other = unknownModels()[0];
  addOpenQwen3(rows, other);
  addRow(rows, other);
  return rows;
}
