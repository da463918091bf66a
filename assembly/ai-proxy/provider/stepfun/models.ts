import { Effort } from "../../features/effort";
import { ModelFeatures } from "../../features/model-features";
import { unknownModels } from "../../features/model-rows";

/** Models that cannot be told how much to think. */
const PLAIN: string[] = ["step-1*", "step-2*", "step-3", "step-r1*"];

/** StepFun's reference of chats; anomalyco/models.dev#1903 and #2854, NousResearch/hermes-agent#36942 (levels). */
export function stepFunModels(): ModelFeatures[] {
  const other = unknownModels()[0];
  other.efforts = Effort.LowToHigh;
  const rows: ModelFeatures[] = [];
  const two = other.copy("step-3.5*");
  two.efforts = Effort.Low | Effort.High;
  rows.push(two);
  for (let i = 0; i < PLAIN.length; i++) {
    const plain = other.copy(PLAIN[i]);
    plain.efforts = 0;
    rows.push(plain);
  }
  rows.push(other);
  return rows;
}
