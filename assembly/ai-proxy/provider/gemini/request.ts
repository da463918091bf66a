import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { DialectRequest } from "../base/dialect";
import { InstructionReader } from "../shared/instructions";
import { copyNumbers, maxTokensOf, writeStops } from "../shared/openai-message";
import { GeminiOptions } from "./options";
import { writeContents } from "./contents";
import { writeGeminiTools } from "./tools";

const SYSTEM_INSTRUCTION = Bytes.of("systemInstruction");
const PARTS = Bytes.of("parts");
const CONTENTS = Bytes.of("contents");
const GENERATION_CONFIG = Bytes.of("generationConfig");
const MAX_OUTPUT_TOKENS = Bytes.of("maxOutputTokens");
const STOP_SEQUENCES = Bytes.of("stopSequences");
const RESPONSE_FORMAT = Bytes.of("response_format");
const RESPONSE_MIME_TYPE = Bytes.of("responseMimeType");
const RESPONSE_JSON_SCHEMA = Bytes.of("responseJsonSchema");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const APPLICATION_JSON = Bytes.of("application/json");
const SCHEMA_TYPES: string[] = ["object", "array", "string", "number", "integer", "boolean"];
const THINKING_CONFIG = Bytes.of("thinkingConfig");
const THINKING_BUDGET = Bytes.of("thinkingBudget");
const THINKING_LEVEL = Bytes.of("thinkingLevel");
const INCLUDE_THOUGHTS = Bytes.of("includeThoughts");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const MODALITIES = Bytes.of("modalities");
const RESPONSE_MODALITIES = Bytes.of("responseModalities");
const SAFETY_SETTINGS = Bytes.of("safetySettings");
const CATEGORY = Bytes.of("category");
const THRESHOLD = Bytes.of("threshold");

/** Numbers that are copied: OpenAI's name, Gemini's. */
const NUMBERS: Bytes[][] = [
  [Bytes.of("temperature"), Bytes.of("temperature")],
  [Bytes.of("top_p"), Bytes.of("topP")],
  [Bytes.of("top_k"), Bytes.of("topK")],
  [Bytes.of("seed"), Bytes.of("seed")],
  [Bytes.of("presence_penalty"), Bytes.of("presencePenalty")],
  [Bytes.of("frequency_penalty"), Bytes.of("frequencyPenalty")],
  [Bytes.of("top_logprobs"), Bytes.of("logprobs")],
];
const LOGPROBS = Bytes.of("responseLogprobs");

/** Values of `reasoning_effort`, with the token budgets and levels that they become. */
const EFFORTS: string[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const BUDGETS: i64[] = [0, 1024, 1024, 8192, 24576, 24576, 24576];
const LEVELS: string[] = ["minimal", "minimal", "low", "medium", "high", "high", "high"];

/** A `generateContent` request for a chat request. */
export function writeGeminiRequest(request: DialectRequest, options: GeminiOptions): Bytes {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 512).object();
  writeInstructions(document, out);
  out.key(CONTENTS);
  writeContents(request, out);
  writeGeminiTools(document, out);
  writeSettings(request, options, out);
  writeSafety(options, out);
  return out.endObject().toBytes();
}

/** Writes the instructions of the whole conversation, in order. */
function writeInstructions(document: JsonDocument, out: JsonWriter): void {
  const instructions = new InstructionReader(document);
  if (!instructions.next()) return;
  out.key(SYSTEM_INSTRUCTION).object().key(PARTS).array();
  do out.object().key(names.TEXT).raw(document.raw(instructions.text)).endObject();
  while (instructions.next());
  out.endArray().endObject();
}

function writeSettings(request: DialectRequest, options: GeminiOptions, out: JsonWriter): void {
  const document = request.document;
  out.key(GENERATION_CONFIG).object();
  copyNumbers(document, NUMBERS, out);
  if (document.isTrue(document.member(0, names.LOGPROBS))) out.key(LOGPROBS).bool(true);
  const most = maxTokensOf(document);
  if (most >= 0) out.key(MAX_OUTPUT_TOKENS).raw(document.raw(most));
  writeStops(document, STOP_SEQUENCES, true, out);
  writeFormat(document, out);
  writeModalities(document, out);
  writeThinking(request, options, out);
  out.endObject();
}

function writeFormat(document: JsonDocument, out: JsonWriter): void {
  const format = document.member(0, RESPONSE_FORMAT);
  const type = document.text(document.member(format, names.TYPE));
  // Some clients send only the schema.
  const isSchema = SCHEMA_TYPES.includes(type.toString());
  if (!isSchema && !type.equals(JSON_OBJECT) && !type.equals(JSON_SCHEMA)) return;
  out.key(RESPONSE_MIME_TYPE).string(APPLICATION_JSON);
  const inner = document.member(document.member(format, JSON_SCHEMA), SCHEMA);
  const schema = isSchema ? format : inner;
  if (document.kind(schema) == Kind.Object) {
    out.key(RESPONSE_JSON_SCHEMA).raw(document.raw(schema));
  }
}

function writeModalities(document: JsonDocument, out: JsonWriter): void {
  const list = document.member(0, MODALITIES);
  if (document.kind(list) != Kind.Array) return;
  out.key(RESPONSE_MODALITIES).array();
  for (let item = document.first(list); item >= 0; item = document.after(item)) {
    out.string(Bytes.of(document.text(item).toString().toUpperCase()));
  }
  out.endArray();
}

/** Writes the thinking that the client asks for; otherwise the configured budget. */
function writeThinking(request: DialectRequest, options: GeminiOptions, out: JsonWriter): void {
  const document = request.document;
  const tokens = document.member(0, REASONING_MAX_TOKENS);
  const word = document.text(document.member(0, REASONING_EFFORT)).toString();
  const effort = EFFORTS.indexOf(word);
  const configured = options.thinkingBudget;
  if (effort < 0 && document.kind(tokens) != Kind.Number && configured.length == 0) return;
  out.key(THINKING_CONFIG).object();
  if (effort >= 0 && request.features.thoughtSignatures) {
    out.key(THINKING_LEVEL).string(Bytes.of(LEVELS[effort]));
  } else if (document.kind(tokens) == Kind.Number) {
    out.key(THINKING_BUDGET).raw(document.raw(tokens));
  } else if (effort >= 0) out.key(THINKING_BUDGET).number(BUDGETS[effort]);
  else out.key(THINKING_BUDGET).raw(configured);
  if (word != "none") out.key(INCLUDE_THOUGHTS).bool(true);
  out.endObject();
}

/** Writes the configured safety settings. */
export function writeSafety(options: GeminiOptions, out: JsonWriter): void {
  if (options.safetyCategories.length == 0) return;
  out.key(SAFETY_SETTINGS).array();
  for (let i = 0; i < options.safetyCategories.length; i++) {
    out.object().key(CATEGORY).string(options.safetyCategories[i]);
    out.key(THRESHOLD).string(options.safetyThresholds[i]).endObject();
  }
  out.endArray();
}
