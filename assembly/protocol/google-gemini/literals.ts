/**
 * Member names of Google's `generateContent` protocol. Servers accept camel case and snake case, and
 * documents and libraries use both: such a name is a list of its forms.
 */
import { Bytes } from "../../proxy-wasm/bytes";
import { JsonDocument } from "../../json/document";

export const CONTENTS = Bytes.of("contents");
export const PARTS = Bytes.of("parts");
export const TEXT = Bytes.of("text");
export const MODEL_ROLE = Bytes.of("model");
export const CANDIDATES = Bytes.of("candidates");
export const FINISH_REASON = Bytes.of("finishReason");
export const USAGE = Bytes.of("usageMetadata");
export const MODEL_VERSION = Bytes.of("modelVersion");
export const RESPONSE_ID = Bytes.of("responseId");
export const PROMPT_FEEDBACK = Bytes.of("promptFeedback");
export const BLOCK_REASON = Bytes.of("blockReason");
export const THOUGHT = Bytes.of("thought");
export const FUNCTION_CALL = Bytes.of("functionCall");
const FUNCTION_RESPONSE = Bytes.of("functionResponse");
export const THOUGHT_SIGNATURE = Bytes.of("thoughtSignature");
export const ARGS = Bytes.of("args");
export const TOOLS = Bytes.of("tools");
export const STATUS = Bytes.of("status");
export const ROLE_MODEL = Bytes.of('"role":"model"');
export const EMPTY_OBJECT = Bytes.of("{}");

export const GENERATION_CONFIG: Bytes[] = [
  Bytes.of("generationConfig"),
  Bytes.of("generation_config"),
];
export const SYSTEM_INSTRUCTION: Bytes[] = [
  Bytes.of("systemInstruction"),
  Bytes.of("system_instruction"),
];
export const CACHED_CONTENT: Bytes[] = [Bytes.of("cachedContent"), Bytes.of("cached_content")];
export const CANDIDATE_COUNT: Bytes[] = [Bytes.of("candidateCount"), Bytes.of("candidate_count")];
export const DECLARATIONS: Bytes[] = [
  Bytes.of("functionDeclarations"),
  Bytes.of("function_declarations"),
];
export const CALLS: Bytes[] = [FUNCTION_CALL, Bytes.of("function_call")];
export const RESPONSES: Bytes[] = [FUNCTION_RESPONSE, Bytes.of("function_response")];
export const SIGNATURES: Bytes[] = [THOUGHT_SIGNATURE, Bytes.of("thought_signature")];

/** The value of a member in one of its forms, or −1; null is none. */
export function find(document: JsonDocument, object: i32, forms: Bytes[]): i32 {
  for (let i = 0; i < forms.length; i++) {
    const node = document.member(object, forms[i]);
    if (!document.isAbsent(node)) return node;
  }
  return -1;
}
