import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonBuilder } from "../../../json/builder";
import { JsonDocument, Kind } from "../../../json/document";
import { parseDecimal } from "../../../text/decimal";
import { DialectRequest } from "../dialect";
import { BedrockFields } from "./options";
import {
  copyNumbers,
  forcedTool,
  isInstruction,
  maxTokensOf,
  writeStops,
} from "../shared/openai-message";
import { writeConverseMessages } from "./messages";

const INFERENCE_CONFIG = Bytes.of("inferenceConfig");
const MAX_TOKENS = Bytes.of("maxTokens");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stopSequences");
const TOOL_CONFIG = Bytes.of("toolConfig");
const TOOLS = Bytes.of("tools");
const TOOL_SPEC = Bytes.of("toolSpec");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const INPUT_SCHEMA = Bytes.of("inputSchema");
const JSON = Bytes.of("json");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const TOOL_CHOICE = Bytes.of("tool_choice");
const OWN_TOOL_CHOICE = Bytes.of("toolChoice");
const NONE = Bytes.of("none");
const REQUIRED = Bytes.of("required");
const AUTO_WORD = Bytes.of("auto");
const AUTO = Bytes.of('{"auto":{}}');
const ANY = Bytes.of('{"any":{}}');
const TOOL = Bytes.of("tool");
const MORE_FIELDS = Bytes.of("additionalModelRequestFields");
const THINKING = Bytes.of("thinking");
const ENABLED = Bytes.of("enabled");
const BUDGET = Bytes.of("budget_tokens");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const REASONING_CONFIG = Bytes.of("reasoning_config");
const CLAUDE = Bytes.of("anthropic.claude");
/** Numbers that pass: OpenAI's name, Bedrock's. */
const NUMBERS: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("temperature")],
  [Bytes.of("top_p"), Bytes.of("topP")],
];
/** `reasoning_effort` in tokens. */
const EFFORTS: string[] = ["minimal", "low", "medium", "high", "xhigh"];
const BUDGETS: i64[] = [1024, 1024, 4096, 16384, 16384];
const LEAST_BUDGET: i64 = 1024;

/** A Converse request for a chat request. */
export function writeConverseRequest(request: DialectRequest, more: BedrockFields): Bytes {
  const document = request.document;
  const out = new JsonBuilder(document.source.length + 512).object();
  writeSystem(document, out);
  out.key(names.MESSAGES);
  const hasCalls = writeConverseMessages(request, out);
  writeInference(document, out);
  const thinks = writeMoreFields(request, more, out);
  writeTools(document, out, thinks, hasCalls);
  return out.endObject().toBytes();
}

function writeSystem(document: JsonDocument, out: JsonBuilder): void {
  const messages = document.member(0, names.MESSAGES);
  let written = 0;
  let message = messages + 1;
  for (let left = document.size(messages); left > 0; left--) {
    if (isInstruction(document.text(document.member(message, names.ROLE)))) {
      const content = document.member(message, names.CONTENT);
      const isList = document.kind(content) == Kind.Array;
      let part = isList ? content + 1 : content;
      for (let parts = isList ? document.size(content) : 1; parts > 0; parts--) {
        const text = isList ? document.member(part, names.TEXT) : part;
        if (document.text(text).length > 0) {
          if (written++ == 0) out.key(names.SYSTEM).array();
          out.object().key(names.TEXT).raw(document.raw(text)).endObject();
        }
        if (isList) part = document.next(part);
      }
    }
    message = document.next(message);
  }
  if (written > 0) out.endArray();
}

function writeInference(document: JsonDocument, out: JsonBuilder): void {
  out.key(INFERENCE_CONFIG).object();
  const most = maxTokensOf(document);
  if (most >= 0) out.key(MAX_TOKENS).raw(document.raw(most));
  copyNumbers(document, NUMBERS, out);
  writeStops(document, STOP_SEQUENCES, out);
  out.endObject();
}

/** What only some models know. Whether the model is to think aloud. */
function writeMoreFields(request: DialectRequest, more: BedrockFields, out: JsonBuilder): bool {
  const document = request.document;
  const isClaude = request.model.find(CLAUDE) >= 0;
  const fields = new JsonBuilder(128).object();
  const empty = fields.out.length;
  const topK = document.member(0, TOP_K);
  if (document.kind(topK) == Kind.Number) fields.key(TOP_K).raw(document.raw(topK));
  const effort = document.text(document.member(0, REASONING_EFFORT));
  let thinks: bool = false;
  if (isClaude) thinks = writeBudget(document, effort, fields);
  else if (EFFORTS.includes(effort.toString())) fields.key(REASONING_CONFIG).string(effort);
  for (let i = 0; i < more.names.length; i++) fields.key(more.names[i]).raw(more.values[i]);
  if (fields.out.length > empty) out.key(MORE_FIELDS).raw(fields.endObject().toBytes());
  return thinks;
}

/** Claude's thinking, within what the answer may have. */
function writeBudget(document: JsonDocument, effort: Bytes, fields: JsonBuilder): bool {
  const own = document.member(0, THINKING);
  if (document.kind(own) == Kind.Object) {
    fields.key(THINKING).raw(document.raw(own));
    return document.text(document.member(own, names.TYPE)).equals(ENABLED);
  }
  const tokens = document.member(0, REASONING_MAX_TOKENS);
  const level = EFFORTS.indexOf(effort.toString());
  let budget: i64 = 0;
  if (document.kind(tokens) == Kind.Number) budget = parseDecimal(document.raw(tokens), 0);
  else if (level >= 0) budget = BUDGETS[level];
  if (budget <= 0) return false;
  const limit = maxTokensOf(document);
  const most = limit < 0 ? i64.MAX_VALUE : parseDecimal(document.raw(limit), 0);
  budget = min(max(budget, LEAST_BUDGET), most - 1);
  if (budget < LEAST_BUDGET) return false;
  fields.key(THINKING).object().key(names.TYPE).string(ENABLED);
  fields.key(BUDGET).number(budget).endObject();
  return true;
}

/** A history with calls needs its tools even when none may be called. */
function writeTools(document: JsonDocument, out: JsonBuilder, thinks: bool, hasCalls: bool): void {
  const tools = document.member(0, TOOLS);
  const choice = document.member(0, TOOL_CHOICE);
  const word = document.text(choice);
  if (document.kind(tools) != Kind.Array || (word.equals(NONE) && !hasCalls)) return;
  let written = 0;
  let tool = tools + 1;
  for (let left = document.size(tools); left > 0; left--) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.kind(definition) == Kind.Object) {
      if (written++ == 0) out.key(TOOL_CONFIG).object().key(TOOLS).array();
      writeTool(document, definition, out);
    }
    tool = document.next(tool);
  }
  if (written == 0) return;
  out.endArray();
  const name = forcedTool(document, choice);
  const isForced = word.equals(REQUIRED) || name.length > 0;
  if (isForced && !thinks) {
    out.key(OWN_TOOL_CHOICE);
    if (name.length == 0) out.raw(ANY);
    else out.object().key(TOOL).object().key(names.NAME).string(name).endObject().endObject();
  } else if (isForced || word.equals(AUTO_WORD)) out.key(OWN_TOOL_CHOICE).raw(AUTO);
  out.endObject();
}

function writeTool(document: JsonDocument, definition: i32, out: JsonBuilder): void {
  const name = document.text(document.member(definition, names.NAME));
  const description = document.text(document.member(definition, DESCRIPTION));
  out.object().key(TOOL_SPEC).object().key(names.NAME).string(name);
  out.key(DESCRIPTION).string(description.length > 0 ? description : name);
  const parameters = document.member(definition, PARAMETERS);
  const hasSchema = document.kind(parameters) == Kind.Object && document.size(parameters) > 0;
  out.key(INPUT_SCHEMA).object().key(JSON);
  out.raw(hasSchema ? document.raw(parameters) : NO_PARAMETERS).endObject();
  out.endObject().endObject();
}
