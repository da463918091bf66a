import { Bytes } from "../../../proxy-wasm/bytes";

/** The operator's options for requests to Gemini's models. */
export class GeminiOptions {
  /** `geminiSafetySetting`: categories and their thresholds. */
  readonly safetyCategories: Bytes[] = [];
  readonly safetyThresholds: Bytes[] = [];
  /** `geminiThinkingBudget` as JSON; empty when it is not configured. */
  thinkingBudget: Bytes = Bytes.empty();
}
