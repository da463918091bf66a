import { Bytes } from "../../proxy-wasm/bytes";
import { AwsCredentials } from "./bedrock/sigv4";

/** What is configured for a vendor's own protocol. */
export class VendorOptions {
  /** `claudeVersion`. */
  anthropicVersion: string = "2023-06-01";
  /** `claudeDefaultMaxTokens`: for requests that do not say. */
  defaultMaxTokens: i64 = 4096;
  /** `apiVersion` of Gemini. */
  geminiVersion: string = "v1beta";
  /** `geminiSafetySetting`: categories and thresholds. */
  safetyCategories: Bytes[] = [];
  safetyThresholds: Bytes[] = [];
  /** `awsAccessKey` and what belongs to it; null when an API key is sent. */
  aws: AwsCredentials | null = null;
  /** `bedrockAdditionalFields`: names, and values as JSON. */
  additionalFields: Bytes[] = [];
  additionalValues: Bytes[] = [];
  /** What stands in front of a publisher's models of Vertex. */
  vertexBase: string = "/v1";
  /** `qwenEnableSearch`. */
  search: bool = false;
  /** `qwenFileIds`, for qwen-long. */
  fileIds: string[] = [];
  /** `geminiThinkingBudget` as JSON; empty when it is not configured. */
  thinkingBudget: Bytes = Bytes.empty();
}
