import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonWriter } from "../../json/writer";
import { JsonDocument, Kind } from "../../json/document";
import { ChatConversion } from "../../chat/conversion";
import { ResponsesInput } from "./input";
import { ResponseTools } from "./tools";

const MAX_OUTPUT_TOKENS = Bytes.of("max_output_tokens");
const MAX_TOKENS = Bytes.of("max_tokens");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const EFFORT = Bytes.of("effort");
const FORMAT = Bytes.of("format");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");

const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const PARALLEL = Bytes.of("parallel_tool_calls");
const DESCRIPTION = Bytes.of("description");
const SCHEMA = Bytes.of("schema");
const STRICT = Bytes.of("strict");
const VERBOSITY = Bytes.of("verbosity");
const TOP_LOGPROBS = Bytes.of("top_logprobs");
const TRUNCATION = Bytes.of("truncation");
const AUTO = Bytes.of("auto");
const CACHE_KEY = Bytes.of("prompt_cache_key");
const BACKGROUND = Bytes.of("background");

/** Microsoft's and Vercel's libraries refer to what is stored unless they are told not to. */
const WHOLE = ": with store: false clients send the conversation whole";

/** Largest member in bytes that an answer repeats: it is kept while the request runs. */
const MAX_ECHO: i32 = 16_384;

/**
 * Converts a request of OpenAI's Responses API into a chat request. What needs server-side state is
 * rejected.
 */
export function chatOfResponses(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  refuseState(document, conversion);
  conversion.terms.echo = echoOf(document);
  const out = new JsonWriter(body.length + 512).object();
  keep(document, out, 0, names.MODEL);
  keep(document, out, 0, TEMPERATURE);
  keep(document, out, 0, TOP_P);
  keep(document, out, 0, names.STREAM);
  keep(document, out, 0, names.USER);
  keep(document, out, 0, PARALLEL);
  if (conversion.takesCacheKey) keep(document, out, 0, CACHE_KEY);
  copy(document, out, 0, MAX_OUTPUT_TOKENS, MAX_TOKENS);
  copy(document, out, document.member(0, names.REASONING), EFFORT, REASONING_EFFORT);
  const text = document.member(0, names.TEXT);
  writeFormat(document, document.member(text, FORMAT), out);
  noteLost(document, conversion, document.member(text, VERBOSITY), "verbosity");
  noteLost(document, conversion, document.member(0, TOP_LOGPROBS), "top_logprobs");
  const truncation = document.member(0, TRUNCATION);
  if (document.textIs(truncation, AUTO)) conversion.losses.note("truncation");
  const tools = new ResponseTools(document, out, conversion);
  tools.note();
  out.key(names.MESSAGES).array();
  const input = new ResponsesInput(document, out, conversion);
  input.compacts = conversion.terms.isCompaction;
  input.write();
  conversion.terms.compacts = input.compacts;
  out.endArray();
  tools.write(input.compacts);
  return out.endObject().toBytes();
}

/** Members that need answers or settings stored by the vendor. */
function refuseState(document: JsonDocument, conversion: ChatConversion): void {
  refuseMember(document, conversion, "previous_response_id", WHOLE);
  refuseMember(document, conversion, "conversation", WHOLE);
  refuseMember(document, conversion, "prompt", "");
  if (document.isTrue(document.member(0, BACKGROUND))) {
    conversion.refuse("background is not available with this provider, which keeps no state");
  }
}

/** `advice`: what the client is told to do instead; empty for nothing. */
function refuseMember(
  document: JsonDocument,
  conversion: ChatConversion,
  name: string,
  advice: string,
): void {
  if (document.isAbsent(document.member(0, Bytes.of(name)))) return;
  conversion.refuse(name + " is not available with this provider, which keeps no state" + advice);
}

/** Members that an answer repeats, and their defaults. */
function echoOf(document: JsonDocument): Bytes {
  const out = new JsonWriter(512);
  repeat(document, out, "instructions", "null");
  repeat(document, out, "max_output_tokens", "null");
  repeat(document, out, "max_tool_calls", "null");
  repeat(document, out, "parallel_tool_calls", "true");
  repeat(document, out, "reasoning", '{"effort":null,"summary":null}');
  repeat(document, out, "temperature", "null");
  repeat(document, out, "text", '{"format":{"type":"text"}}');
  repeat(document, out, "tool_choice", '"auto"');
  repeat(document, out, "tools", "[]");
  repeat(document, out, "top_p", "null");
  repeat(document, out, "truncation", '"disabled"');
  repeat(document, out, "user", "null");
  repeat(document, out, "metadata", "{}");
  return out.toBytes();
}

function repeat(document: JsonDocument, out: JsonWriter, member: string, usual: string): void {
  const name = Bytes.of(member);
  const node = document.member(0, name);
  const raw = document.raw(node);
  const isRepeated = !document.isAbsent(node) && raw.length <= MAX_ECHO;
  out.key(name).bytes(isRepeated ? raw : Bytes.of(usual));
}

/** Records a setting that a chat does not have. */
function noteLost(
  document: JsonDocument,
  conversion: ChatConversion,
  node: i32,
  field: string,
): void {
  if (!document.isAbsent(node)) conversion.losses.note(field);
}

/** Copies a member that is not null under another name. */
function copy(document: JsonDocument, out: JsonWriter, from: i32, name: Bytes, to: Bytes): void {
  const node = document.member(from, name);
  if (!document.isAbsent(node)) out.key(to).raw(document.raw(node));
}

/** Copies a member that is not null. */
function keep(document: JsonDocument, out: JsonWriter, from: i32, name: Bytes): void {
  copy(document, out, from, name, name);
}

function writeFormat(document: JsonDocument, format: i32, out: JsonWriter): void {
  const type = document.text(document.member(format, names.TYPE));
  const isSchema = type.equals(JSON_SCHEMA);
  if (!isSchema && !type.equals(JSON_OBJECT)) return;
  out.key(RESPONSE_FORMAT).object().key(names.TYPE).string(type);
  if (isSchema) {
    out.key(JSON_SCHEMA).object();
    keep(document, out, format, names.NAME);
    keep(document, out, format, DESCRIPTION);
    keep(document, out, format, SCHEMA);
    keep(document, out, format, STRICT);
    out.endObject();
  }
  out.endObject();
}
