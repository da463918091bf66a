import { Bytes } from "../../../proxy-wasm/bytes";
import { cacheMarkOf, writeCacheMark } from "../../../chat/cache-mark";
import * as names from "../../../chat/names";
import { JsonWriter } from "../../../json/writer";
import { JsonDocument, Kind } from "../../../json/document";
import { parseFloatAt } from "../../../text/float";
import { parseDecimal } from "../../../text/decimal";
import { DialectRequest } from "../base/dialect";
import { AnswerFormat } from "../shared/answer-format";
import { ClaudeThoughts } from "../shared/claude-thinking";
import { StrictTools } from "../shared/strict-tools";
import { InstructionReader } from "../shared/instructions";
import { maxTokensOf, writeStops } from "../shared/openai-message";
import { Refusal } from "../../features/model-features";
import { writeMessages } from "./messages";
import { writeToolChoice, writeTools } from "./tools";

const MAX_TOKENS = Bytes.of("max_tokens");
const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stop_sequences");
const METADATA = Bytes.of("metadata");
const USER_ID = Bytes.of("user_id");
const AUTO = Bytes.of("auto");
const STANDARD_ONLY = Bytes.of("standard_only");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
const ONE = Bytes.of("1");

/** A token limit that every model likely to be requested supports. */
const LIMIT_OF_UNKNOWN: i64 = 32000;

/** The default of the configured token limit: 0, for the model's own maximum. */
export const DEFAULT_MAX_TOKENS: i64 = 0;

/**
 * An Anthropic Messages request for a chat request. `maxTokens`: the limit if the request sets none.
 * `hasModel`: whether the body names the model.
 */
export function writeClaudeRequest(
  request: DialectRequest,
  maxTokens: i64,
  hasModel: bool,
): JsonWriter {
  const document = request.document;
  const out = new JsonWriter(document.source.length + 512).object();
  if (hasModel) out.key(names.MODEL).string(request.model);
  const limit = maxTokensOf(document);
  const most = limit < 0 ? usualLimit(request, maxTokens) : parseDecimal(document.raw(limit), 0);
  out.key(MAX_TOKENS);
  if (limit < 0) out.number(most);
  else out.raw(document.raw(limit));
  if (request.stream) out.key(names.STREAM).bool(true);
  const thoughts = new ClaudeThoughts(request, most);
  thoughts.write(out);
  writeSampling(request, out, thoughts);
  // Anthropic rejects blank stop sequences.
  writeStops(document, STOP_SEQUENCES, false, out);
  writeCaller(document, out);
  const format = new AnswerFormat(document, request.features);
  writeSystem(document, format.instruction, out);
  out.key(names.MESSAGES);
  writeMessages(request, out);
  if (writeTools(document, new StrictTools(request.features), out)) {
    writeToolChoice(document, out, !thoughts.allowsForce(request.features));
  }
  writeOutput(thoughts, format.schema, out);
  return out;
}

/** Anthropic requires a limit: the configured one, otherwise the model's maximum. */
function usualLimit(request: DialectRequest, configured: i64): i64 {
  if (configured > 0) return configured;
  const most = request.features.maxOutputTokens;
  return most > 0 ? most : LIMIT_OF_UNKNOWN;
}

/** Writes the sampling parameters, most of which thinking and some models exclude. */
function writeSampling(request: DialectRequest, out: JsonWriter, thoughts: ClaudeThoughts): void {
  const document = request.document;
  const features = request.features;
  const temperature = document.member(0, TEMPERATURE);
  if (document.kind(temperature) == Kind.Number) {
    const isHigh = numberAt(document, temperature) >= 1;
    if (!thoughts.allows(features, Refusal.Temperature, isHigh)) {
      if (!isHigh) request.losses.note("temperature");
    } else out.key(TEMPERATURE).raw(isHigh ? ONE : document.raw(temperature));
  }
  const topP = document.member(0, TOP_P);
  if (document.kind(topP) == Kind.Number) {
    const isHigh = numberAt(document, topP) >= 0.95;
    if (thoughts.allows(features, Refusal.TopP, isHigh)) out.key(TOP_P).raw(document.raw(topP));
    else if (!isHigh) request.losses.note("top_p");
  }
  const topK = document.member(0, TOP_K);
  if (document.kind(topK) != Kind.Number) return;
  if (thoughts.allows(features, Refusal.TopK, false)) out.key(TOP_K).raw(document.raw(topK));
  else request.losses.note("top_k");
}

function numberAt(document: JsonDocument, node: i32): f64 {
  const start = document.start(node);
  return parseFloatAt(document.source.pointer + <usize>start, document.end(node) - start);
}

function writeCaller(document: JsonDocument, out: JsonWriter): void {
  const user = document.member(0, names.USER);
  if (document.text(user).length > 0) {
    out.key(METADATA).object().key(USER_ID).raw(document.raw(user)).endObject();
  }
  const tier = document.text(document.member(0, names.SERVICE_TIER));
  if (tier.length > 0) {
    out.key(names.SERVICE_TIER).string(tier.equals(AUTO) ? AUTO : STANDARD_ONLY);
  }
}

/** Writes the instructions of the whole conversation, in order. `last`: one more. */
function writeSystem(document: JsonDocument, last: Bytes, out: JsonWriter): void {
  const instructions = new InstructionReader(document);
  let isThere = instructions.next();
  if (!isThere && last.length == 0) return;
  out.key(names.SYSTEM).array();
  for (; isThere; isThere = instructions.next()) {
    out.object().key(names.TYPE).string(names.TEXT);
    out.key(names.TEXT).raw(document.raw(instructions.text));
    writeCacheMark(document, cacheMarkOf(document, instructions.holder), out);
    out.endObject();
  }
  if (last.length > 0) {
    out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).string(last).endObject();
  }
  out.endArray();
}

/** Writes the effort and the format of the answer. `schema`: its schema, empty for none. */
function writeOutput(thoughts: ClaudeThoughts, schema: Bytes, out: JsonWriter): void {
  if (schema.length == 0 && !thoughts.hasEffort) return;
  out.key(OUTPUT_CONFIG).object();
  thoughts.writeEffort(out);
  if (schema.length > 0) {
    out.key(FORMAT).object().key(names.TYPE).string(JSON_SCHEMA).key(SCHEMA);
    out.raw(schema).endObject();
  }
  out.endObject();
}
