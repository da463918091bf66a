import { Bytes } from "../../../proxy-wasm/bytes";
import * as names from "../../../chat/names";
import { JsonBuilder } from "../../../json/builder";
import { JsonDocument, Kind } from "../../../json/document";
import { parseFloatAt } from "../../../text/float";
import { parseDecimal } from "../../../text/decimal";
import { DialectRequest } from "../dialect";
import { firstOf, isInstruction, maxTokensOf } from "../shared/openai-message";
import { writeMessages } from "./messages";
import { writeToolChoice, writeTools } from "./tools";

const MAX_TOKENS = Bytes.of("max_tokens");
const TEMPERATURE = Bytes.of("temperature");
const TOP_P = Bytes.of("top_p");
const TOP_K = Bytes.of("top_k");
const STOP_SEQUENCES = Bytes.of("stop_sequences");
const THINKING = Bytes.of("thinking");
const REASONING_EFFORT = Bytes.of("reasoning_effort");
const REASONING_MAX_TOKENS = Bytes.of("reasoning_max_tokens");
const BUDGET = Bytes.of("budget_tokens");
const ENABLED = Bytes.of("enabled");
const METADATA = Bytes.of("metadata");
const USER_ID = Bytes.of("user_id");
const AUTO = Bytes.of("auto");
const STANDARD_ONLY = Bytes.of("standard_only");
const RESPONSE_FORMAT = Bytes.of("response_format");
const JSON_OBJECT = Bytes.of("json_object");
const JSON_SCHEMA = Bytes.of("json_schema");
const SCHEMA = Bytes.of("schema");
const OUTPUT_CONFIG = Bytes.of("output_config");
const FORMAT = Bytes.of("format");
const CACHE_CONTROL = Bytes.of("cache_control");
const ONLY_JSON = Bytes.of("Answer with a single valid JSON object and nothing else.");
const ONE = Bytes.of("1");

/** `reasoning_effort` in tokens. */
const EFFORTS: string[] = ["minimal", "low", "medium", "high", "xhigh", "max"];
const BUDGETS: i64[] = [1024, 1024, 8192, 16384, 32768, 32768];
const LEAST_BUDGET: i64 = 1024;

/** The limit of answers whose requests name none, unless another is configured. */
export const DEFAULT_MAX_TOKENS: i64 = 4096;

/**
 * An Anthropic Messages request for a chat request. `maxTokens`: the limit where the request names none.
 * `hasModel`: whether the body names the model.
 */
export function writeClaudeRequest(
  request: DialectRequest,
  maxTokens: i64,
  hasModel: bool,
): JsonBuilder {
  const document = request.document;
  const out = new JsonBuilder(document.source.length + 512).object();
  if (hasModel) out.key(names.MODEL).string(request.model);
  const limit = maxTokensOf(document);
  const most = limit < 0 ? maxTokens : parseDecimal(document.raw(limit), 0);
  out.key(MAX_TOKENS);
  if (limit < 0) out.number(most);
  else out.raw(document.raw(limit));
  if (request.stream) out.key(names.STREAM).bool(true);
  const thinks = writeThinking(document, out, most);
  writeSampling(document, out, thinks);
  writeStops(document, out);
  writeCaller(document, out);
  writeSystem(document, out);
  out.key(names.MESSAGES);
  writeMessages(request, out);
  writeTools(document, out);
  writeToolChoice(document, out, thinks);
  writeFormat(document, out);
  return out;
}

/** Whether the model is to think aloud first. */
function writeThinking(document: JsonDocument, out: JsonBuilder, most: i64): bool {
  const own = document.member(0, THINKING);
  if (document.kind(own) == Kind.Object) {
    out.key(THINKING).raw(document.raw(own));
    return document.text(document.member(own, names.TYPE)).equals(ENABLED);
  }
  let budget: i64 = 0;
  const tokens = document.member(0, REASONING_MAX_TOKENS);
  if (document.kind(tokens) == Kind.Number) budget = parseDecimal(document.raw(tokens), 0);
  else {
    const effort = EFFORTS.indexOf(document.text(document.member(0, REASONING_EFFORT)).toString());
    if (effort >= 0) budget = BUDGETS[effort];
  }
  if (budget <= 0) return false;
  budget = max(budget, LEAST_BUDGET);
  // The budget is a part of what the answer may have.
  if (budget >= most) budget = most - 1;
  if (budget < LEAST_BUDGET) return false;
  out.key(THINKING).object().key(names.TYPE).string(ENABLED);
  out.key(BUDGET).number(budget).endObject();
  return true;
}

/** Thinking excludes most sampling parameters. */
function writeSampling(document: JsonDocument, out: JsonBuilder, thinks: bool): void {
  const temperature = document.member(0, TEMPERATURE);
  if (document.kind(temperature) == Kind.Number) {
    const value = numberAt(document, temperature);
    if (value >= 1) out.key(TEMPERATURE).raw(ONE);
    else if (!thinks) out.key(TEMPERATURE).raw(document.raw(temperature));
  }
  const topP = document.member(0, TOP_P);
  if (document.kind(topP) == Kind.Number && (!thinks || numberAt(document, topP) >= 0.95)) {
    out.key(TOP_P).raw(document.raw(topP));
  }
  const topK = document.member(0, TOP_K);
  if (document.kind(topK) == Kind.Number && !thinks) out.key(TOP_K).raw(document.raw(topK));
}

function numberAt(document: JsonDocument, node: i32): f64 {
  const start = document.start(node);
  return parseFloatAt(document.source.pointer + <usize>start, document.end(node) - start);
}

/** Stop sequences that are not blank, which Anthropic refuses. */
function writeStops(document: JsonDocument, out: JsonBuilder): void {
  const stop = document.member(0, names.STOP);
  const isList = document.kind(stop) == Kind.Array;
  if (!isList && document.text(stop).trim().length == 0) return;
  out.key(STOP_SEQUENCES).array();
  if (!isList) out.raw(document.raw(stop));
  let item = stop + 1;
  for (let left = isList ? document.size(stop) : 0; left > 0; left--) {
    if (document.text(item).trim().length > 0) out.raw(document.raw(item));
    item = document.next(item);
  }
  out.endArray();
}

function writeCaller(document: JsonDocument, out: JsonBuilder): void {
  const user = document.member(0, names.USER);
  if (document.text(user).length > 0) {
    out.key(METADATA).object().key(USER_ID).raw(document.raw(user)).endObject();
  }
  const tier = document.text(document.member(0, names.SERVICE_TIER));
  if (tier.length > 0) {
    out.key(names.SERVICE_TIER).string(tier.equals(AUTO) ? AUTO : STANDARD_ONLY);
  }
}

/** The instructions of the whole conversation, in order. */
function writeSystem(document: JsonDocument, out: JsonBuilder): void {
  const messages = document.member(0, names.MESSAGES);
  const format = document.member(document.member(0, RESPONSE_FORMAT), names.TYPE);
  const wantsJson = document.text(format).equals(JSON_OBJECT);
  let isOpen: bool = false;
  let message = messages + 1;
  for (let left = document.size(messages); left > 0; left--) {
    if (isInstruction(document.text(document.member(message, names.ROLE)))) {
      const content = document.member(message, names.CONTENT);
      if (document.kind(content) == Kind.Array) {
        let part = content + 1;
        for (let parts = document.size(content); parts > 0; parts--) {
          isOpen = writeInstruction(document, out, document.member(part, names.TEXT), part, isOpen);
          part = document.next(part);
        }
      } else isOpen = writeInstruction(document, out, content, message, isOpen);
    }
    message = document.next(message);
  }
  if (wantsJson) {
    if (!isOpen) out.key(names.SYSTEM).array();
    out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).string(ONLY_JSON).endObject();
    isOpen = true;
  }
  if (isOpen) out.endArray();
}

/** One block of the instructions. Whether the list of them has begun. */
function writeInstruction(
  document: JsonDocument,
  out: JsonBuilder,
  text: i32,
  holder: i32,
  isOpen: bool,
): bool {
  if (document.kind(text) != Kind.String || document.end(text) == document.start(text)) {
    return isOpen;
  }
  if (!isOpen) out.key(names.SYSTEM).array();
  out.object().key(names.TYPE).string(names.TEXT).key(names.TEXT).raw(document.raw(text));
  const cache = document.member(holder, CACHE_CONTROL);
  if (document.kind(cache) == Kind.Object) out.key(CACHE_CONTROL).raw(document.raw(cache));
  out.endObject();
  return true;
}

function writeFormat(document: JsonDocument, out: JsonBuilder): void {
  const schema = document.member(
    document.member(document.member(0, RESPONSE_FORMAT), JSON_SCHEMA),
    SCHEMA,
  );
  if (firstOf(document, 0, [RESPONSE_FORMAT]) < 0 || document.kind(schema) != Kind.Object) return;
  out.key(OUTPUT_CONFIG).object().key(FORMAT).object();
  out.key(names.TYPE).string(JSON_SCHEMA).key(SCHEMA).raw(document.raw(schema));
  out.endObject().endObject();
}
