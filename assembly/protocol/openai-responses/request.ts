import { ByteWriter } from "../../proxy-wasm/byte-writer";
import { Bytes } from "../../proxy-wasm/bytes";
import * as names from "../../chat/names";
import { JsonBuilder } from "../../json/builder";
import { JsonDocument, Kind } from "../../json/document";
import { writeKey } from "../../json/writer";
import { ChatConversion } from "../../chat/conversion";
import { ResponsesInput } from "./input";

const MAX_OUTPUT_TOKENS = Bytes.of("max_output_tokens");
const MAX_TOKENS = Bytes.of("max_tokens");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const EFFORT = Bytes.of("effort");
const FORMAT = Bytes.of("format");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const ALLOWED_TOOLS = Bytes.of("allowed_tools");
const MODE = Bytes.of("mode");
const PARAMETERS = Bytes.of("parameters");
const NO_PARAMETERS = Bytes.of('{"type":"object","properties":{}}');
const COMMA: u8 = 0x2c;

/** Members that mean the same in both APIs. */
const SAME: Bytes[] = [
  names.MODEL,
  Bytes.of("temperature"),
  Bytes.of("top_p"),
  names.STREAM,
  names.USER,
  Bytes.of("parallel_tool_calls"),
];

/** Members of `text.format` and of a function that go into an object of their own in a chat. */
const SCHEMA_MEMBERS: Bytes[] = [
  names.NAME,
  Bytes.of("description"),
  Bytes.of("schema"),
  Bytes.of("strict"),
];
const FUNCTION_MEMBERS: Bytes[] = [names.NAME, Bytes.of("description"), Bytes.of("strict")];

/** What needs answers that a vendor keeps, or settings that it keeps. */
const STATEFUL: string[] = ["previous_response_id", "conversation", "prompt"];
const BACKGROUND = Bytes.of("background");

/** Members that an answer repeats, and what it says when the request does not have them. */
const ECHO: string[] = [
  "instructions",
  "null",
  "max_output_tokens",
  "null",
  "max_tool_calls",
  "null",
  "parallel_tool_calls",
  "true",
  "reasoning",
  '{"effort":null,"summary":null}',
  "temperature",
  "null",
  "text",
  '{"format":{"type":"text"}}',
  "tool_choice",
  '"auto"',
  "tools",
  "[]",
  "top_p",
  "null",
  "truncation",
  '"disabled"',
  "user",
  "null",
  "metadata",
  "{}",
];
/** Bytes of a member up to which an answer repeats it: it is kept as long as the request runs. */
const MAX_ECHO: i32 = 16_384;

/**
 * The chat request that a request of OpenAI's Responses API means. What needs a state that the
 * vendor does not keep is refused.
 */
export function chatOfResponses(body: Bytes, conversion: ChatConversion): Bytes {
  const document = new JsonDocument(min(body.length >> 4, 4096));
  if (!document.parse(body) || document.kind(0) != Kind.Object) {
    conversion.refuse("the request body is not a JSON object");
    return body;
  }
  refuseState(document, conversion);
  conversion.echo = echoOf(document);
  const out = new JsonBuilder(body.length + 512).object();
  for (let i = 0; i < SAME.length; i++) copy(document, out, 0, SAME[i], SAME[i]);
  copy(document, out, 0, MAX_OUTPUT_TOKENS, MAX_TOKENS);
  copy(document, out, document.member(0, names.REASONING), EFFORT, REASONING_EFFORT);
  writeFormat(document, document.member(document.member(0, names.TEXT), FORMAT), out);
  out.key(names.MESSAGES).array();
  new ResponsesInput(document, out, conversion).write();
  out.endArray();
  if (writeTools(document, out)) writeChoice(document, out);
  return out.endObject().toBytes();
}

function refuseState(document: JsonDocument, conversion: ChatConversion): void {
  for (let i = 0; i < STATEFUL.length; i++) {
    if (document.isAbsent(document.member(0, Bytes.of(STATEFUL[i])))) continue;
    conversion.refuse(STATEFUL[i] + " is not available with this provider, which keeps no state");
  }
  if (document.isTrue(document.member(0, BACKGROUND))) {
    conversion.refuse("background is not available with this provider, which keeps no state");
  }
}

function echoOf(document: JsonDocument): Bytes {
  const out = new ByteWriter(512);
  for (let i = 0; i + 1 < ECHO.length; i += 2) {
    const name = Bytes.of(ECHO[i]);
    const node = document.member(0, name);
    const raw = document.raw(node);
    const isRepeated = !document.isAbsent(node) && raw.length <= MAX_ECHO;
    out.byte(COMMA);
    writeKey(out, name).bytes(isRepeated ? raw : Bytes.of(ECHO[i + 1]));
  }
  return out.toBytes();
}

/** A member that is not null, under another name. */
function copy(document: JsonDocument, out: JsonBuilder, from: i32, name: Bytes, to: Bytes): void {
  const node = document.member(from, name);
  if (!document.isAbsent(node)) out.key(to).raw(document.raw(node));
}

function copyAll(document: JsonDocument, out: JsonBuilder, from: i32, members: Bytes[]): void {
  for (let i = 0; i < members.length; i++) copy(document, out, from, members[i], members[i]);
}

function writeFormat(document: JsonDocument, format: i32, out: JsonBuilder): void {
  const type = document.text(document.member(format, names.TYPE));
  const isSchema = type.equals(JSON_SCHEMA);
  if (!isSchema && !type.equals(JSON_OBJECT)) return;
  out.key(RESPONSE_FORMAT).object().key(names.TYPE).string(type);
  if (isSchema) {
    out.key(JSON_SCHEMA).object();
    copyAll(document, out, format, SCHEMA_MEMBERS);
    out.endObject();
  }
  out.endObject();
}

/** Functions of the client's own, whether there are any; tools that OpenAI runs exist nowhere else. */
function writeTools(document: JsonDocument, out: JsonBuilder): bool {
  const tools = document.member(0, TOOLS);
  let written = 0;
  let tool = tools + 1;
  for (let left = document.kind(tools) == Kind.Array ? document.size(tools) : 0; left > 0; left--) {
    if (document.text(document.member(tool, names.TYPE)).equals(names.FUNCTION)) {
      if (written++ == 0) out.key(TOOLS).array();
      out.object().key(names.TYPE).string(names.FUNCTION).key(names.FUNCTION).object();
      copyAll(document, out, tool, FUNCTION_MEMBERS);
      const parameters = document.member(tool, PARAMETERS);
      const isThere = document.kind(parameters) == Kind.Object;
      out.key(PARAMETERS).raw(isThere ? document.raw(parameters) : NO_PARAMETERS);
      out.endObject().endObject();
    }
    tool = document.next(tool);
  }
  if (written > 0) out.endArray();
  return written > 0;
}

/** A word, one function, or the mode of some allowed tools; other tools cannot be asked for. */
function writeChoice(document: JsonDocument, out: JsonBuilder): void {
  const choice = document.member(0, TOOL_CHOICE);
  if (document.kind(choice) == Kind.String) {
    out.key(TOOL_CHOICE).raw(document.raw(choice));
    return;
  }
  const type = document.text(document.member(choice, names.TYPE));
  if (type.equals(names.FUNCTION)) {
    out.key(TOOL_CHOICE).object().key(names.TYPE).string(names.FUNCTION);
    out.key(names.FUNCTION).object();
    copy(document, out, choice, names.NAME, names.NAME);
    out.endObject().endObject();
  } else if (type.equals(ALLOWED_TOOLS)) copy(document, out, choice, MODE, TOOL_CHOICE);
}
