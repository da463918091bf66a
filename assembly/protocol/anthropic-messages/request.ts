import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { parseDecimal } from "../../text/decimal";
import { ChatConversion } from "../../chat/conversion";
import { estimateOf } from "../../chat/token-estimate";
import { MessageTools } from "./tools";
import { writeChatMessages } from "./turns";
import * as literals from "./literals";

const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stop_sequences");
const METADATA = Bytes.of("metadata");
const USER_ID = Bytes.of("user_id");
const BUDGET = Bytes.of("budget_tokens");
const ENABLED = Bytes.of("enabled");
const DISABLED = Bytes.of("disabled");
const EFFORT = Bytes.of("effort");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
const OUTPUT_FORMAT = Bytes.of("output_format");
const SCHEMA = Bytes.of("schema");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_SCHEMA = Bytes.of("json_schema");
const OUTPUT = Bytes.of("output");
const STRICT = Bytes.of("strict");
const NONE = Bytes.of("none");
const XHIGH = Bytes.of("xhigh");
const LOW = Bytes.of("low");
const MEDIUM = Bytes.of("medium");
const HIGH = Bytes.of("high");
/** Largest budgets of low, medium and high effort. */
const LOW_TO: i64 = 2048;
const MEDIUM_TO: i64 = 8192;
const HIGH_TO: i64 = 24576;
const NO_TOKENS = Bytes.of("0");
const CONTAINER = Bytes.of("container");

/** Converts an Anthropic Messages request into a chat request. */
export function chatOfMessages(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  const out = new JsonWriter(body.length + 512).object();
  copy(document, out, names.MODEL, names.MODEL);
  const limit = document.member(0, literals.MAX_TOKENS);
  // Nothing but a filled cache is asked for; elsewhere one token is the least.
  if (document.raw(limit).equals(NO_TOKENS)) out.key(literals.MAX_TOKENS).number(1);
  else copy(document, out, literals.MAX_TOKENS, literals.MAX_TOKENS);
  copy(document, out, TEMPERATURE, TEMPERATURE);
  copy(document, out, TOP_P, TOP_P);
  copy(document, out, names.STREAM, names.STREAM);
  // Some vendors reject an empty list.
  const stops = document.member(0, STOP_SEQUENCES);
  if (document.size(stops) > 0) out.key(names.STOP).raw(document.raw(stops));
  if (conversion.takesTopK) copy(document, out, TOP_K, TOP_K);
  const user = document.member(document.member(0, METADATA), USER_ID);
  if (document.kind(user) == Kind.String) out.key(names.USER).raw(document.raw(user));
  writeEffort(document, out, conversion);
  writeFormat(document, out);
  out.key(names.MESSAGES);
  writeChatMessages(document, out, conversion);
  new MessageTools(document, out, conversion).write();
  conversion.terms.promptTokens = estimateOf(document);
  const container = document.member(0, CONTAINER);
  if (!document.isAbsent(container)) conversion.losses.noteContent("container");
  return out.endObject().toBytes();
}

/** Copies a member that is not null under another name. */
function copy(document: JsonDocument, out: JsonWriter, from: Bytes, to: Bytes): void {
  const node = document.member(0, from);
  if (!document.isAbsent(node)) out.key(to).raw(document.raw(node));
}

/**
 * The reasoning effort: the client's, else the one that its budget corresponds to; nothing if the client
 * leaves it to the model.
 */
function writeEffort(document: JsonDocument, out: JsonWriter, conversion: ChatConversion): void {
  const thinking = document.member(0, literals.THINKING);
  const type = document.text(document.member(thinking, names.TYPE));
  const effort = document.text(document.member(document.member(0, OUTPUT_CONFIG), EFFORT));
  const budget = parseDecimal(document.raw(document.member(thinking, BUDGET)), 0);
  const isOn = type.equals(ENABLED);
  if (type.equals(DISABLED)) out.key(REASONING_EFFORT).string(NONE);
  else if (effort.length > 0) out.key(REASONING_EFFORT).string(effort);
  else if (isOn) out.key(REASONING_EFFORT).string(effortOf(budget));
  if (isOn && conversion.takesBudget && budget > 0) out.key(REASONING_MAX_TOKENS).number(budget);
}

function effortOf(budget: i64): Bytes {
  if (budget <= LOW_TO) return LOW;
  if (budget <= MEDIUM_TO) return MEDIUM;
  return budget <= HIGH_TO ? HIGH : XHIGH;
}

/** `output_format` is the former name of `output_config.format`, which wins. */
function writeFormat(document: JsonDocument, out: JsonWriter): void {
  let format = document.member(document.member(0, OUTPUT_CONFIG), FORMAT);
  if (document.isAbsent(format)) format = document.member(0, OUTPUT_FORMAT);
  const schema = document.member(format, SCHEMA);
  if (document.kind(schema) != Kind.Object) return;
  out.key(RESPONSE_FORMAT).object().key(names.TYPE).string(JSON_SCHEMA);
  out.key(JSON_SCHEMA).object().key(names.NAME).string(OUTPUT);
  out.key(SCHEMA).raw(document.raw(schema)).key(STRICT).bool(true).endObject().endObject();
}
