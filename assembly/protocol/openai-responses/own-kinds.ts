import { Bytes } from "../../proxy-wasm/bytes";
import { FUNCTION_CALL, TYPE } from "../../chat/names";
import { JsonDocument } from "../../json/document";
import * as api from "./literals";

const TOOLS = Bytes.of("tools");
/** Types of client tools that only OpenAI's own service supports. */
const OWN_TOOLS: Bytes[] = [
  api.NAMESPACE,
  api.CUSTOM,
  api.TOOL_SEARCH,
  Bytes.of("local_shell"),
  Bytes.of("shell"),
  Bytes.of("apply_patch"),
];
/** Items about such tools, or that only Codex writes. */
const OWN_ITEMS: Bytes[] = [
  api.ADDITIONAL_TOOLS,
  api.CUSTOM_TOOL_CALL,
  Bytes.of("custom_tool_call_output"),
  api.TOOL_SEARCH_CALL,
  api.TOOL_SEARCH_OUTPUT,
  Bytes.of("local_shell_call"),
  Bytes.of("local_shell_call_output"),
  Bytes.of("shell_call"),
  Bytes.of("shell_call_output"),
  Bytes.of("apply_patch_call"),
  Bytes.of("apply_patch_call_output"),
  api.AGENT_MESSAGE,
  api.COMPACTION,
  api.CONTEXT_COMPACTION,
  api.COMPACTION_TRIGGER,
  Bytes.of("configuration_update"),
];

/**
 * Whether a Responses request has tools or items that other services with this API reject. Sources:
 * openai/codex#18307 and awsl-project/maxx#537 (OpenRouter), makecindy/cindy#2927 (xAI).
 */
export function needsOpenAi(document: JsonDocument): bool {
  const tools = document.member(0, TOOLS);
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    if (document.text(document.member(tool, TYPE)).isIn(OWN_TOOLS)) return true;
  }
  const input = document.member(0, api.INPUT);
  for (let item = document.firstItem(input); item >= 0; item = document.after(item)) {
    const type = document.text(document.member(item, TYPE));
    if (type.isIn(OWN_ITEMS)) return true;
    const isSpaced = document.member(item, api.NAMESPACE) >= 0;
    if (isSpaced && type.equals(FUNCTION_CALL)) return true;
  }
  return false;
}
