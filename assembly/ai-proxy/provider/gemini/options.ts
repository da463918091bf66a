import { Bytes } from "../../../proxy-wasm/bytes";

/** What is configured for the requests of Gemini's models. */
export class GeminiOptions {
  /** `geminiSafetySetting`: categories and their thresholds. */
  readonly safetyCategories: Bytes[] = [];
  readonly safetyThresholds: Bytes[] = [];
  /** `geminiThinkingBudget` as JSON; empty when it is not configured. */
  thinkingBudget: Bytes = Bytes.empty();
}
