import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { parseDecimal } from "../../../text/decimal";
import { DialectRequest } from "../base/dialect";
import { BedrockFields, ConverseOptions } from "./options";
import { InstructionReader } from "../shared/instructions";
import { Calling, ToolChoice } from "../../../chat/tool-choice";
import { maxTokensOf, writeStops } from "../shared/openai-message";
import { levelOf } from "../../features/effort";
import { ClaudeThinking, Refusal } from "../../features/model-features";
import { parseFloatAt } from "../../../text/float";
import { TextMap } from "../../../text/text-map";
import { AnswerFormat } from "../shared/answer-format";
import { ClaudeThoughts } from "../shared/claude-thinking";
import { StrictTools } from "../shared/strict-tools";
import { CachePoints, markOf, NOVA } from "./cache-points";
import { writeConverseMessages } from "./messages";

const INFERENCE_CONFIG = Bytes.of("inferenceConfig");
const MAX_TOKENS = Bytes.of("maxTokens");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stopSequences");
const TOOL_CONFIG = Bytes.of("toolConfig");
const TOOLS = Bytes.of("tools");
const TOOL_SPEC = Bytes.of("toolSpec");
const DESCRIPTION = Bytes.of("description");
const INPUT_SCHEMA = Bytes.of("inputSchema");
const JSON = Bytes.of("json");
const OWN_TOOL_CHOICE = Bytes.of("toolChoice");
const AUTO = Bytes.of('{"auto":{}}');
const ANY = Bytes.of('{"any":{}}');
const TOOL = Bytes.of("tool");
const MORE_FIELDS = Bytes.of("additionalModelRequestFields");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const OUTPUT_CONFIG = Bytes.of("output_config");
const OWN_OUTPUT_CONFIG = Bytes.of("outputConfig");
const TEXT_FORMAT = Bytes.of("textFormat");
const STRUCTURE = Bytes.of("structure");
const JSON_SCHEMA = Bytes.of("json_schema");
const OWN_JSON_SCHEMA = Bytes.of("jsonSchema");
const SCHEMA = Bytes.of("schema");
const STRICT = Bytes.of("strict");
const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const ONE = Bytes.of("1");
const OWN_TOP_P = Bytes.of("topP");
const REASONING_CONFIG = Bytes.of("reasoning_config");
/** Of profiles, which do not say what model they stand for. */
const ARN = Bytes.of("arn:");
const CLAUDE = Bytes.of("anthropic.claude");
/** A token limit that every Claude model likely to be requested supports. */
const LIMIT_OF_UNKNOWN: i64 = 32000;

/** A Converse request for a chat request. */
export function writeConverseRequest(request: DialectRequest, options: ConverseOptions): Bytes {
  const document = request.document;
  const isClaude = isClaudeModel(request);
  const limit = maxTokensOf(document);
  let most = limit < 0 ? i64.MAX_VALUE : parseDecimal(document.raw(limit), 0);
  // Bedrock's default limit is too low for an agent.
  if (limit < 0 && isClaude) most = max(request.features.maxOutputTokens, LIMIT_OF_UNKNOWN);
  const thoughts = isClaude ? new ClaudeThoughts(request, most) : null;
  const points = new CachePoints(request, options.points, isClaude);
  const out = new JsonWriter(document.source.length + 512).object();
  const format = new AnswerFormat(document, request.features);
  // Some models reject a system prompt, and only the client knows of others that it is taken.
  const takesSystem = isClaude || request.model.find(NOVA) >= 0;
  const isInTurn = !takesSystem && !new InstructionReader(document).next();
  const nothing = Bytes.empty();
  writeSystem(document, isInTurn ? nothing : format.instruction, points, out);
  out.key(names.MESSAGES);
  const inTurn = isInTurn ? format.instruction : nothing;
  const hasCalls = writeConverseMessages(request, points, readsThoughts(request), inTurn, out);
  writeInference(request, thoughts, most, out);
  writeMoreFields(request, thoughts, options.fields, out);
  const mayForce = thoughts === null || thoughts.allowsForce(request.features);
  writeTools(request, points, out, mayForce, hasCalls);
  if (format.schema.length > 0) writeFormat(document, format, out);
  return out.endObject().toBytes();
}

/** Whether a model may read Claude's thoughts: all that are not known to be others. */
function readsThoughts(request: DialectRequest): bool {
  return isClaudeModel(request) || request.model.startsWith(ARN);
}

function isClaudeModel(request: DialectRequest): bool {
  return request.features.claude != ClaudeThinking.None || request.model.find(CLAUDE) >= 0;
}

/** Writes the instructions of the whole conversation, in order. `last`: one more. */
function writeSystem(
  document: JsonDocument,
  last: Bytes,
  points: CachePoints,
  out: JsonWriter,
): void {
  const instructions = new InstructionReader(document);
  let isThere = instructions.next();
  if (!isThere && last.length == 0) return;
  out.key(names.SYSTEM).array();
  for (; isThere; isThere = instructions.next()) {
    out.object().key(names.TEXT).raw(document.raw(instructions.text)).endObject();
    points.write(markOf(document, instructions.holder), out);
  }
  if (last.length > 0) out.object().key(names.TEXT).string(last).endObject();
  points.endSystem(out);
  out.endArray();
}

/** `most`: the token limit; `i64.MAX_VALUE` if there is none. */
function writeInference(
  request: DialectRequest,
  thoughts: ClaudeThoughts | null,
  most: i64,
  out: JsonWriter,
): void {
  const document = request.document;
  out.key(INFERENCE_CONFIG).object();
  const limit = maxTokensOf(document);
  if (limit >= 0) out.key(MAX_TOKENS).raw(document.raw(limit));
  else if (most < i64.MAX_VALUE) out.key(MAX_TOKENS).number(most);
  writeNumber(request, thoughts, TEMPERATURE, TEMPERATURE, Refusal.Temperature, 1, out);
  writeNumber(request, thoughts, TOP_P, OWN_TOP_P, Refusal.TopP, 0.95, out);
  // Claude's models reject blank stop sequences.
  writeStops(document, STOP_SEQUENCES, thoughts === null, out);
  out.endObject();
}

/** Writes a sampling parameter if the model and thinking allow it. `neutral`: the least value that thinking allows. */
function writeNumber(
  request: DialectRequest,
  thoughts: ClaudeThoughts | null,
  name: Bytes,
  own: Bytes,
  bit: i32,
  neutral: f64,
  out: JsonWriter,
): void {
  const document = request.document;
  const node = document.member(0, name);
  if (document.kind(node) != Kind.Number) return;
  const start = document.start(node);
  const size = document.end(node) - start;
  const value = parseFloatAt(document.source.pointer + <usize>start, size);
  if (thoughts === null || thoughts.allows(request.features, bit, value >= neutral)) {
    // OpenAI's temperature goes up to 2.
    out.key(own).raw(value > 1 ? ONE : document.raw(node));
  } else if (value != 1) request.losses.note(name.toString());
}

/** Writes the fields that only some models support. */
function writeMoreFields(
  request: DialectRequest,
  thoughts: ClaudeThoughts | null,
  more: BedrockFields,
  out: JsonWriter,
): void {
  const document = request.document;
  const fields = new JsonWriter(128).object();
  const empty = fields.length;
  const topK = document.member(0, TOP_K);
  const isNumber = document.kind(topK) == Kind.Number;
  if (isNumber && (thoughts === null || thoughts.allows(request.features, Refusal.TopK, false))) {
    fields.key(TOP_K).raw(document.raw(topK));
  }
  const effort = document.text(document.member(0, REASONING_EFFORT));
  if (thoughts !== null) {
    thoughts.write(fields);
    if (thoughts.hasEffort) {
      thoughts.writeEffort(fields.key(OUTPUT_CONFIG).object());
      fields.endObject();
    }
  } else if (levelOf(effort) > 0) fields.key(REASONING_CONFIG).string(effort);
  for (let i = 0; i < more.names.length; i++) fields.key(more.names[i]).raw(more.values[i]);
  if (fields.length > empty) out.key(MORE_FIELDS).raw(fields.endObject().toBytes());
}

/** Writes the format of the answer, whose schema is a text. */
function writeFormat(document: JsonDocument, format: AnswerFormat, out: JsonWriter): void {
  out.key(OWN_OUTPUT_CONFIG).object().key(TEXT_FORMAT).object().key(names.TYPE).string(JSON_SCHEMA);
  out.key(STRUCTURE).object().key(OWN_JSON_SCHEMA).object().key(SCHEMA).string(format.schema);
  const name = document.member(format.holder, names.NAME);
  if (document.kind(name) == Kind.String) out.key(names.NAME).raw(document.raw(name));
  const description = document.member(format.holder, DESCRIPTION);
  if (document.kind(description) == Kind.String) {
    out.key(DESCRIPTION).raw(document.raw(description));
  }
  out.endObject().endObject().endObject().endObject();
}

/** Bedrock requires the tools of a history with calls, even if none may be called or the client sends none. */
function writeTools(
  request: DialectRequest,
  points: CachePoints,
  out: JsonWriter,
  mayForce: bool,
  hasCalls: bool,
): void {
  const document = request.document;
  const tools = document.member(0, TOOLS);
  const choice = ToolChoice.of(document);
  const strict = new StrictTools(request.features);
  if (choice.isNone && !hasCalls) return;
  points.beginTools();
  let written = 0;
  for (let tool = document.first(tools); tool >= 0; tool = document.after(tool)) {
    const definition = document.member(tool, names.FUNCTION);
    if (document.kind(definition) == Kind.Object) {
      if (written++ == 0) out.key(TOOL_CONFIG).object().key(TOOLS).array();
      writeTool(document, definition, strict, out);
      points.write(markOf(document, tool), out);
    }
  }
  if (written == 0) {
    if (hasCalls) writeCalledTools(request, out);
    return;
  }
  out.endArray();
  const name = choice.name;
  if (choice.isForced && mayForce) {
    out.key(OWN_TOOL_CHOICE);
    if (name.length == 0) out.raw(ANY);
    else out.object().key(TOOL).object().key(names.NAME).string(name).endObject().endObject();
  } else if (choice.isForced || choice.calling == Calling.Auto) out.key(OWN_TOOL_CHOICE).raw(AUTO);
  out.endObject();
}

/** Declares the tools called in the history, of which only the names are known. */
function writeCalledTools(request: DialectRequest, out: JsonWriter): void {
  const document = request.document;
  const called = new TextMap<bool>();
  const strict = new StrictTools(request.features);
  const messages = document.member(0, names.MESSAGES);
  for (let message = document.first(messages); message >= 0; message = document.after(message)) {
    const calls = document.member(message, names.TOOL_CALLS);
    for (let call = document.first(calls); call >= 0; call = document.after(call)) {
      const definition = document.member(call, names.FUNCTION);
      const name = document.text(document.member(definition, names.NAME));
      if (name.length > 0 && !called.has(name)) {
        if (called.size == 0) out.key(TOOL_CONFIG).object().key(TOOLS).array();
        called.set(name, true);
        writeTool(document, definition, strict, out);
      }
    }
  }
  if (called.size > 0) out.endArray().endObject();
}

function writeTool(
  document: JsonDocument,
  definition: i32,
  strict: StrictTools,
  out: JsonWriter,
): void {
  const name = document.text(document.member(definition, names.NAME));
  const description = document.text(document.member(definition, DESCRIPTION));
  out.object().key(TOOL_SPEC).object().key(names.NAME).string(name);
  out.key(DESCRIPTION).string(description.length > 0 ? description : name);
  out.key(INPUT_SCHEMA).object().key(JSON);
  const isStrict = strict.writeSchema(document, definition, out);
  out.endObject();
  if (isStrict) out.key(STRICT).bool(true);
  out.endObject().endObject();
}
