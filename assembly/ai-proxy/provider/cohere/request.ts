import { ByteWriter } from "../../../proxy-wasm/byte-writer";
import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { isInstructionAt } from "../../../chat/role";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { ToolChoice } from "../../../chat/tool-choice";
import { DialectRequest } from "../base/dialect";
import {
  copyMembers,
  maxTokensOf,
  textOf,
  TOOL,
  TOOL_CALL_ID,
  writeContent,
  writeStops,
} from "../shared/openai-message";

const MAX_TOKENS = Bytes.of("max_tokens");
const STOP_SEQUENCES = Bytes.of("stop_sequences");
const TOOLS = Bytes.of("tools");
const TOOL_CHOICE = Bytes.of("tool_choice");
const TOOL_PLAN = Bytes.of("tool_plan");
const OMITTED = Bytes.of("[left out: a result is text alone]");
const NONE_WORD = Bytes.of("none");
const REQUIRED = Bytes.of("REQUIRED");
const NONE = Bytes.of("NONE");
const IMAGE_URL = Bytes.of("image_url");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const THINKING = Bytes.of("thinking");
const ENABLED = Bytes.of("enabled");
const DISABLED = Bytes.of("disabled");
const TOKEN_BUDGET = Bytes.of("token_budget");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");

/** Members that are copied: OpenAI's name, Cohere's. */
const SAME: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("temperature")],
  [Bytes.of("seed"), Bytes.of("seed")],
  [Bytes.of("frequency_penalty"), Bytes.of("frequency_penalty")],
  [Bytes.of("presence_penalty"), Bytes.of("presence_penalty")],
  [Bytes.of("logprobs"), Bytes.of("logprobs")],
  [Bytes.of("top_p"), Bytes.of("p")],
  [Bytes.of("top_k"), Bytes.of("k")],
];

/** A request to Cohere's Chat API, version 2, for one of OpenAI's. */
export function writeCohereRequest(request: DialectRequest): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 256).object();
  out.key(names.MODEL).string(request.model);
  if (request.stream) out.key(names.STREAM).bool(true);
  const most = maxTokensOf(document);
  if (most >= 0) out.key(MAX_TOKENS).raw(document.raw(most));
  copyMembers(document, SAME, out);
  writeStops(document, STOP_SEQUENCES, true, out);
  writeThinking(document, out);
  writeFormat(request, out);
  writeMessages(request, out);
  writeTools(document, out);
  return out.endObject().toBytes();
}

function writeThinking(document: JsonDocument, out: JsonWriter): void {
  const effort = document.text(document.member(0, REASONING_EFFORT));
  const budget = document.member(0, REASONING_MAX_TOKENS);
  if (effort.length == 0 && document.kind(budget) != Kind.Number) return;
  const isOff = effort.equals(NONE_WORD);
  out
    .key(THINKING)
    .object()
    .key(names.TYPE)
    .string(isOff ? DISABLED : ENABLED);
  if (!isOff && document.kind(budget) == Kind.Number) {
    out.key(TOKEN_BUDGET).raw(document.raw(budget));
  }
  out.endObject();
}

/** Writes the response format, which Cohere rejects together with tools. */
function writeFormat(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const format = document.member(0, RESPONSE_FORMAT);
  const type = document.text(document.member(format, names.TYPE));
  if (!type.equals(JSON_OBJECT) && !type.equals(JSON_SCHEMA)) return;
  if (document.size(document.member(0, TOOLS)) > 0) {
    request.lose(RESPONSE_FORMAT);
    return;
  }
  out.key(RESPONSE_FORMAT).object().key(names.TYPE).string(JSON_OBJECT);
  const schema = document.member(document.member(format, JSON_SCHEMA), SCHEMA);
  if (document.kind(schema) == Kind.Object) out.key(JSON_SCHEMA).raw(document.raw(schema));
  out.endObject();
}

function writeMessages(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const messages = document.member(0, names.MESSAGES);
  out.key(names.MESSAGES).array();
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const role = document.member(message, names.ROLE);
    const content = document.member(message, names.CONTENT);
    if (document.textIs(role, names.ASSISTANT)) writeAssistant(document, message, content, out);
    else if (document.textIs(role, TOOL)) {
      out.object().key(names.ROLE).string(TOOL);
      out.key(TOOL_CALL_ID).string(document.text(document.member(message, TOOL_CALL_ID)));
      out.key(names.CONTENT).string(resultOf(request, content)).endObject();
    } else {
      out
        .object()
        .key(names.ROLE)
        .string(isInstructionAt(document, role) ? names.SYSTEM : names.USER);
      out.key(names.CONTENT);
      writeContent(request, content, out, writePart);
      out.endObject();
    }
  }
  out.endArray();
}

/** The texts of a tool's result, with a note if other parts were left out. */
function resultOf(request: DialectRequest, content: i32): Bytes {
  const document = request.document;
  const text = textOf(document, content);
  for (let part = document.firstItem(content); part >= 0; part = document.after(part)) {
    const type = document.text(document.member(part, names.TYPE));
    if (!type.equals(names.TEXT)) {
      request.lose(type);
      return new ByteWriter(text.length + OMITTED.length).bytes(text).bytes(OMITTED).toBytes();
    }
  }
  return text;
}

/** Writes an assistant's message: text next to tool calls becomes the plan for them. */
function writeAssistant(document: JsonDocument, message: i32, content: i32, out: JsonWriter): void {
  const text = textOf(document, content);
  const calls = document.member(message, names.TOOL_CALLS);
  const hasCalls = document.kind(calls) == Kind.Array && document.size(calls) > 0;
  out.object().key(names.ROLE).string(names.ASSISTANT);
  if (text.length > 0 || !hasCalls) out.key(hasCalls ? TOOL_PLAN : names.CONTENT).string(text);
  if (hasCalls) writeCalls(document, calls, out.key(names.TOOL_CALLS));
  out.endObject();
}

/** The calls of a turn, without what another vendor has signed. */
function writeCalls(document: JsonDocument, calls: i32, out: JsonWriter): void {
  out.array();
  for (let call = document.firstItem(calls); call >= 0; call = document.after(call)) {
    const called = document.member(call, names.FUNCTION);
    if (document.kind(called) != Kind.Object) continue;
    out
      .object()
      .key(names.ID)
      .string(document.text(document.member(call, names.ID)));
    out.key(names.TYPE).string(names.FUNCTION);
    out.key(names.FUNCTION).raw(document.raw(called)).endObject();
  }
  out.endArray();
}

function writePart(request: DialectRequest, part: i32, type: Bytes, out: JsonWriter): void {
  const document = request.document;
  if (type.equals(names.TEXT) || type.equals(IMAGE_URL)) out.raw(document.raw(part));
  else request.refusePart(type);
}

/** Cohere cannot be forced to call a tool by name, so a forced tool is the only one sent. */
function writeTools(document: JsonDocument, out: JsonWriter): void {
  const tools = document.member(0, TOOLS);
  const choice = ToolChoice.of(document);
  const name = choice.name;
  let written = 0;
  for (let tool = document.firstItem(tools); tool >= 0; tool = document.after(tool)) {
    const own = document.text(document.member(document.member(tool, names.FUNCTION), names.NAME));
    if (own.length == 0 || (name.length > 0 && !own.equals(name))) continue;
    if (written++ == 0) out.key(TOOLS).array();
    out.raw(document.raw(tool));
  }
  if (written == 0) return;
  out.endArray();
  if (choice.isForced) out.key(TOOL_CHOICE).string(REQUIRED);
  else if (choice.isNone) out.key(TOOL_CHOICE).string(NONE);
}
