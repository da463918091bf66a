import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonDocument, Kind } from "../../json/document";
import { ModelFeatures, OverResponses, ToolEffort } from "../features/model-features";
import { Char } from "../../proxy-wasm/char";

const TOOLS = Bytes.of("tools");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const NONE = Bytes.of("none");
/** Members of chats that the Responses API does not have. */
const CHATS_ALONE: Bytes[] = [
  Bytes.of("audio"),
  Bytes.of("functions"),
  Bytes.of("logprobs"),
  Bytes.of("top_logprobs"),
  Bytes.of("prediction"),
  Bytes.of("web_search_options"),
];

/**
 * Whether a chat is sent through the Responses API: always, if the model's row says so, else where chat
 * completions reject the request, which is reasoning with tools.
 */
export function needsResponses(document: JsonDocument, features: ModelFeatures): bool {
  if (features.responses == OverResponses.Never || !fits(document)) return false;
  if (features.responses == OverResponses.Always) return true;
  const effort = document.text(document.member(0, REASONING_EFFORT));
  const isFree = effort.equals(NONE) || features.toolEffort == ToolEffort.Any;
  if (isFree || document.size(document.member(0, TOOLS)) == 0) return false;
  // If a model reasons by default, no effort means reasoning.
  return effort.length > 0 || features.toolEffort == ToolEffort.None;
}

/** Whether the request uses nothing that only chat completions have. */
function fits(document: JsonDocument): bool {
  for (let i = 0; i < CHATS_ALONE.length; i++) {
    const node = document.member(0, CHATS_ALONE[i]);
    if (!document.isAbsent(node) && document.kind(node) != Kind.False) return false;
  }
  const count = document.raw(document.member(0, names.N));
  if (count.length > 0 && !(count.length == 1 && count.at(0) == Char.One)) return false;
  const tools = document.member(0, TOOLS);
  for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
    const type = document.member(tool, names.TYPE);
    if (type >= 0 && !document.text(type).equals(names.FUNCTION)) return false;
  }
  return true;
}
