import { Effort } from "../../features/effort";
import { FormerReasoning, ModelFeatures } from "../../features/model-features";
import { unknownModels } from "../../features/model-rows";

/**
 * NVIDIA's reference of each model, anomalyco/models.dev#5624 (levels of DeepSeek V4), NousResearch/hermes-agent#92375
 * (its former reasoning) and #28184 (gpt-oss).
 */
export function nvidiaModels(): ModelFeatures[] {
  const other = unknownModels()[0];
  const deepSeek = other.copy("*deepseek-v4*");
  deepSeek.efforts = Effort.None | Effort.High | Effort.Max;
  deepSeek.formerReasoning = FormerReasoning.Read;
  const oss = other.copy("*gpt-oss*");
  oss.efforts = Effort.LowToHigh;
  return [deepSeek, oss, other];
}
