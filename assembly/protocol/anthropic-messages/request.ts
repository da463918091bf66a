import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonBuilder } from "../../json/builder";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { ChatConversion } from "../../chat/conversion";
import { writeChatMessages } from "./turns";
import * as words from "./words";

const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stop_sequences");
const METADATA = Bytes.of("metadata");
const USER_ID = Bytes.of("user_id");
const BUDGET = Bytes.of("budget_tokens");
const ENABLED = Bytes.of("enabled");
const ADAPTIVE = Bytes.of("adaptive");
const EFFORT = Bytes.of("effort");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
const SCHEMA = Bytes.of("schema");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_SCHEMA = Bytes.of("json_schema");
const OUTPUT = Bytes.of("output");
const STRICT = Bytes.of("strict");
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const DESCRIPTION = Bytes.of("description");
const PARAMETERS = Bytes.of("parameters");
const INPUT_SCHEMA = Bytes.of("input_schema");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const CUSTOM = Bytes.of("custom");
const PARALLEL = Bytes.of("parallel_tool_calls");
const NO_PARALLEL = Bytes.of("disable_parallel_tool_use");
const AUTO = Bytes.of("auto");
const NONE = Bytes.of("none");
const ANY = Bytes.of("any");
const REQUIRED = Bytes.of("required");
const MAX = Bytes.of("max");
const XHIGH = Bytes.of("xhigh");
const LOW = Bytes.of("low");
const MEDIUM = Bytes.of("medium");
const HIGH = Bytes.of("high");
/** Budgets below these are low and medium efforts. */
const MEDIUM_FROM: i64 = 4096;
const HIGH_FROM: i64 = 16384;

/** The chat request that an Anthropic Messages request means. */
export function chatOfMessages(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  const out = new JsonBuilder(body.length + 512).object();
  copy(document, out, names.MODEL, names.MODEL);
  copy(document, out, words.MAX_TOKENS, words.MAX_TOKENS);
  copy(document, out, TEMPERATURE, TEMPERATURE);
  copy(document, out, TOP_P, TOP_P);
  copy(document, out, names.STREAM, names.STREAM);
  copy(document, out, STOP_SEQUENCES, names.STOP);
  if (conversion.takesTopK) copy(document, out, TOP_K, TOP_K);
  const user = document.member(document.member(0, METADATA), USER_ID);
  if (document.kind(user) == Kind.String) out.key(names.USER).raw(document.raw(user));
  writeEffort(document, out, conversion);
  writeFormat(document, out);
  out.key(names.MESSAGES);
  writeChatMessages(document, out, conversion);
  writeTools(document, out);
  return out.endObject().toBytes();
}

/** A member that is not null, under another name. */
function copy(document: JsonDocument, out: JsonBuilder, from: Bytes, to: Bytes): void {
  const node = document.member(0, from);
  if (!document.isAbsent(node)) out.key(to).raw(document.raw(node));
}

/** How much the model is to think. */
function writeEffort(document: JsonDocument, out: JsonBuilder, conversion: ChatConversion): void {
  const thinking = document.member(0, words.THINKING);
  const type = document.text(document.member(thinking, names.TYPE));
  if (type.equals(ADAPTIVE)) {
    const effort = document.text(document.member(document.member(0, OUTPUT_CONFIG), EFFORT));
    if (effort.length > 0) out.key(REASONING_EFFORT).string(effort.equals(MAX) ? XHIGH : effort);
    return;
  }
  if (!type.equals(ENABLED)) return;
  const budget = parseDecimal(document.raw(document.member(thinking, BUDGET)), 0);
  const effort = budget < MEDIUM_FROM ? LOW : budget < HIGH_FROM ? MEDIUM : HIGH;
  out.key(REASONING_EFFORT).string(effort);
  if (conversion.takesBudget && budget > 0) out.key(REASONING_MAX_TOKENS).number(budget);
}

function writeFormat(document: JsonDocument, out: JsonBuilder): void {
  const format = document.member(document.member(0, OUTPUT_CONFIG), FORMAT);
  const schema = document.member(format, SCHEMA);
  if (document.kind(schema) != Kind.Object) return;
  out.key(RESPONSE_FORMAT).object().key(names.TYPE).string(JSON_SCHEMA);
  out.key(JSON_SCHEMA).object().key(names.NAME).string(OUTPUT);
  out.key(SCHEMA).raw(document.raw(schema)).key(STRICT).bool(true).endObject().endObject();
}

/** Tools of the client's own; those that Anthropic runs itself exist nowhere else. */
function writeTools(document: JsonDocument, out: JsonBuilder): void {
  const tools = document.member(0, TOOLS);
  let written = 0;
  let tool = tools + 1;
  for (let left = document.kind(tools) == Kind.Array ? document.size(tools) : 0; left > 0; left--) {
    const type = document.text(document.member(tool, names.TYPE));
    const name = document.member(tool, names.NAME);
    if ((type.length == 0 || type.equals(CUSTOM)) && document.kind(name) == Kind.String) {
      if (written++ == 0) out.key(TOOLS).array();
      writeTool(document, tool, name, out);
    }
    tool = document.next(tool);
  }
  if (written == 0) return;
  out.endArray();
  writeChoice(document, out);
}

function writeTool(document: JsonDocument, tool: i32, name: i32, out: JsonBuilder): void {
  out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object();
  out.key(names.NAME).raw(document.raw(name));
  const description = document.member(tool, DESCRIPTION);
  if (document.kind(description) == Kind.String) {
    out.key(DESCRIPTION).raw(document.raw(description));
  }
  const schema = document.member(tool, INPUT_SCHEMA);
  const hasSchema = document.kind(schema) == Kind.Object;
  out.key(PARAMETERS).raw(hasSchema ? document.raw(schema) : NO_PARAMETERS);
  out.endObject().endObject();
}

function writeChoice(document: JsonDocument, out: JsonBuilder): void {
  const choice = document.member(0, TOOL_CHOICE);
  const type = document.text(document.member(choice, names.TYPE));
  if (type.equals(AUTO) || type.equals(NONE)) out.key(TOOL_CHOICE).string(type);
  else if (type.equals(ANY)) out.key(TOOL_CHOICE).string(REQUIRED);
  else if (type.length > 0) {
    out.key(TOOL_CHOICE).object().key(names.TYPE).string(names.FUNCTION);
    out.key(names.FUNCTION).object().key(names.NAME);
    out
      .string(document.text(document.member(choice, names.NAME)))
      .endObject()
      .endObject();
  }
  if (document.isTrue(document.member(choice, NO_PARALLEL))) out.key(PARALLEL).bool(false);
}
