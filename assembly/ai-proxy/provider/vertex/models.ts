import { claudeFamily } from "../../features/claude-family";
import { Effort } from "../../features/effort";
import { geminiFamily } from "../../features/gemini-family";
import { ModelFeatures } from "../../features/model-features";

/** Claude and Gemini on Vertex AI. */
export function vertexModels(): ModelFeatures[] {
  const highest = Effort.LowToHigh | Effort.XHigh | Effort.Max;
  return claudeFamily(highest, "*claude*").concat(geminiFamily());
}
