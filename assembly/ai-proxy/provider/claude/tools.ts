import { Bytes } from "../../../proxy-wasm/bytes";
import { cacheMarkOf, writeCacheMark } from "../../../chat/cache-mark";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { Calling, ToolChoice } from "../../../chat/tool-choice";
import { openFunction } from "../shared/openai-message";
import { StrictTools } from "../shared/strict-tools";

const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const PARALLEL = Bytes.of("parallel_tool_calls");
const NO_PARALLEL = Bytes.of("disable_parallel_tool_use");
const INPUT_SCHEMA = Bytes.of("input_schema");
const STRICT = Bytes.of("strict");
const NONE = Bytes.of("none");
const AUTO = Bytes.of("auto");
const ANY = Bytes.of("any");
const TOOL = Bytes.of("tool");

/** OpenAI's `tools` as Anthropic's; false where there are none. Tools in Anthropic's form pass. */
export function writeTools(document: JsonDocument, strict: StrictTools, out: JsonWriter): bool {
  const tools = document.member(0, TOOLS);
  let written = 0;
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    const isFunction = document.kind(definition) == Kind.Object;
    const isOwn = document.kind(document.member(tool, names.NAME)) == Kind.String;
    if (!isFunction && !isOwn) continue;
    if (written++ == 0) out.key(TOOLS).array();
    if (isFunction) writeTool(document, tool, definition, strict, out);
    else out.raw(document.raw(tool));
  }
  if (written > 0) out.endArray();
  return written > 0;
}

function writeTool(
  document: JsonDocument,
  tool: i32,
  definition: i32,
  strict: StrictTools,
  out: JsonWriter,
): void {
  openFunction(document, definition, out);
  if (strict.writeSchema(document, definition, out.key(INPUT_SCHEMA))) out.key(STRICT).bool(true);
  writeCacheMark(document, cacheMarkOf(document, tool), out);
  out.endObject();
}

/** Writes `tool_choice` and `parallel_tool_calls`. A model that thinks cannot be forced to call a tool. */
export function writeToolChoice(document: JsonDocument, out: JsonWriter, thinks: bool): void {
  const choice = ToolChoice.of(document);
  const isSingle = document.kind(document.member(0, PARALLEL)) == Kind.False;
  const isSet = choice.calling != Calling.Unset && choice.calling != Calling.Other;
  if (!isSet && !isSingle) return;
  let type = AUTO;
  if (choice.isNone) type = NONE;
  else if (!thinks && choice.isForced) type = choice.name.length > 0 ? TOOL : ANY;
  out.key(TOOL_CHOICE).object().key(names.TYPE).string(type);
  if (type === TOOL) out.key(names.NAME).string(choice.name);
  if (isSingle && type !== NONE) out.key(NO_PARALLEL).bool(true);
  out.endObject();
}
